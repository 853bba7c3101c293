"""Numbers as text and back, and the texts of `to-ascii?`."""

import re

from btczs.codec.clarity.encode import ASCII_ALLOWED
from btczs.vm.clarity.runtime.integers import fits

_SIGNED = re.compile(r"([+-]?)0*([0-9]*)", re.ASCII)
_DIGITS_MAX = 39


def parse_integer(text: str, signed: bool) -> int | None:
    """The number that `text` is, all of it: digits after at most one sign, else None.

    `+` may stand before any number, `-` only where the type has negative ones (so "-0" is no
    uint). Leading zeros are fine; spaces, underscores and digits of other scripts are not.
    """
    match = _SIGNED.fullmatch(text)
    if match is None or not text[-1:].isdigit():
        return None
    sign, digits = match.groups()
    if len(digits) > _DIGITS_MAX or (sign == "-" and not signed):
        return None
    value = int(digits or "0")
    if sign == "-":
        value = -value
    return value if fits(value, signed) else None


def ascii_or_none(text: str) -> str | None:
    """`text` if a `string-ascii` can hold it."""
    if not text.isascii() or text.encode("ascii").translate(None, ASCII_ALLOWED):
        return None
    return text
