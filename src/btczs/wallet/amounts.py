"""Amounts as people write them, and back. Integers only: a float never comes near money.

`1.5`, `1.5 BTCZS` and `1_000` are coins; `1500u` (or `1500 base`) are base units of 1e-8 coin.
"""

import re
from typing import Final

from btczs.primitives import U64, BaseUnits
from btczs.primitives.units import BASE_UNITS_PER_BTCZS
from btczs.wallet.errors import InvalidAmount

DECIMALS: Final = 8
SYMBOL: Final = "BTCZS"
TEXT_CHARS_MAX: Final = 60

_COINS = re.compile(r"(\d[\d_]*)(?:\.(\d+))?(?:\s*btczs)?", re.ASCII | re.IGNORECASE)
_UNITS = re.compile(r"(\d[\d_]*)\s*(?:u|units?|base)", re.ASCII | re.IGNORECASE)


def parse_amount(text: str) -> BaseUnits:
    """`"1.5"` is 150000000. Raises `InvalidAmount`, which says what is wrong."""
    trimmed = text.strip()
    if len(trimmed) > TEXT_CHARS_MAX:
        raise InvalidAmount(text, f"longer than {TEXT_CHARS_MAX} characters")
    units = _UNITS.fullmatch(trimmed)
    if units is not None:
        return _bounded(text, int(units[1]))
    match = _COINS.fullmatch(trimmed)
    if match is None:
        raise InvalidAmount(text, "write coins as 1.5, or base units as 150000000u")
    fraction = (match[2] or "").rstrip("0")
    if len(fraction) > DECIMALS:
        raise InvalidAmount(text, f"a coin has {DECIMALS} decimals, this has {len(fraction)}")
    whole = int(match[1]) * BASE_UNITS_PER_BTCZS
    return _bounded(text, whole + int(fraction.ljust(DECIMALS, "0") or "0"))


def _bounded(text: str, value: int) -> BaseUnits:
    if value not in U64:
        raise InvalidAmount(text, "there are not that many coins")
    return BaseUnits(value)


def format_amount(amount: int, *, symbol: bool = False, grouped: bool = False) -> str:
    """`150000000` is `"1.5"`; no trailing zeros. With `symbol`, `"1.5 BTCZS"`."""
    sign = "-" if amount < 0 else ""
    whole, part = divmod(abs(amount), BASE_UNITS_PER_BTCZS)
    head = f"{whole:,}" if grouped else str(whole)
    fraction = f"{part:0{DECIMALS}d}".rstrip("0")
    text = sign + head + ("." + fraction if fraction else "")
    return f"{text} {SYMBOL}" if symbol else text
