"""JSON values in and out: exact amounts, hashes as people read them, typed arguments.

Numbers with a fraction arrive as `NumberText` (their text), so no amount ever passes through
binary floating point.
"""

from decimal import Decimal
from typing import Any

import msgspec

from btczs.l1.regtest.rpc.faults import RpcCode, RpcFault
from btczs.primitives import Hash32, Zat
from btczs.primitives.units import ZAT_PER_COIN

MONEY_ZAT_MAX = 21_000_000_000 * ZAT_PER_COIN


class NumberText(str):
    """A JSON number that is not an integer, as written."""

    __slots__ = ()


def render_amount(zat: int) -> msgspec.Raw:
    """Coins with exactly eight decimals, as a JSON number."""
    coins, rest = divmod(abs(zat), ZAT_PER_COIN)
    return msgspec.Raw(f"{'-' if zat < 0 else ''}{coins}.{rest:08d}".encode())


def render_double(value: float) -> msgspec.Raw:
    """A floating-point number with 16 digits, as the real node writes it."""
    return msgspec.Raw(format(value, ".16g").encode())


def type_name(value: object) -> str:
    """The name of a JSON type in the real node's error texts."""
    match value:
        case None:
            return "null"
        case bool():
            return "bool"
        case int() | NumberText():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"


def verify_types(args: list[Any], *expected: str, allow_null: bool = False) -> None:
    """The type check that some methods do before anything else, with an error code of its own."""
    for value, name in zip(args, expected, strict=False):
        if type_name(value) != name and not (allow_null and value is None):
            message = f"Expected type {name}, got {type_name(value)}"
            raise RpcFault(RpcCode.TYPE_ERROR, message)


def _expect(value: Any, expected: str) -> Any:
    if type_name(value) != expected:
        message = f"JSON value of type {type_name(value)} is not of expected type {expected}"
        raise RpcFault(RpcCode.MISC_ERROR, message)
    return value


def read_text(value: Any) -> str:
    return str(_expect(value, "string"))


def read_bool(value: Any) -> bool:
    return bool(_expect(value, "bool"))


def read_list(value: Any) -> list[Any]:
    found: list[Any] = _expect(value, "array")
    return found


def read_object(value: Any) -> dict[str, Any]:
    found: dict[str, Any] = _expect(value, "object")
    return found


def read_int(value: Any, *, bits: int = 31) -> int:
    """A signed integer of `bits` + 1 bits."""
    _expect(value, "number")
    if isinstance(value, NumberText) or not -(1 << bits) <= value < 1 << bits:
        raise RpcFault(RpcCode.MISC_ERROR, "JSON integer out of range")
    return int(value)


def read_hex(value: Any, name: str) -> bytes:
    """Hex text of any even length but zero."""
    text = value if isinstance(value, str) and not isinstance(value, NumberText) else ""
    try:
        raw = bytes.fromhex(text)
    except ValueError:
        raw = b""
    if not raw or len(text) != 2 * len(raw):
        shown = text if len(text) <= 100 else text[:100] + "…"
        message = f"{name} must be hexadecimal string (not '{shown}')"
        raise RpcFault(RpcCode.INVALID_PARAMETER, message)
    return raw


def read_hash(value: Any, name: str) -> Hash32:
    """A hash in display order. Shorter hex is padded with zeros on the left, as the node does."""
    raw = read_hex(value, name)
    return Hash32(raw[-32:].rjust(32, b"\0")[::-1])


def read_block_hash(text: str) -> Hash32 | None:
    """A block hash in display order; None for a text that can be none."""
    try:
        raw = bytes.fromhex(text)
    except ValueError:
        return None
    return Hash32(raw[::-1]) if len(raw) == 32 and len(text) == 64 else None


def read_amount(value: Any) -> Zat:
    """Coins as number or text with at most eight decimals."""
    if type_name(value) not in ("number", "string"):
        raise RpcFault(RpcCode.TYPE_ERROR, "Amount is not a number or string")
    zat = _parse_fixed_point(str(value))
    if zat is None:
        raise RpcFault(RpcCode.TYPE_ERROR, "Invalid amount")
    if not 0 <= zat <= MONEY_ZAT_MAX:
        raise RpcFault(RpcCode.TYPE_ERROR, "Amount out of range")
    return Zat(zat)


def _parse_fixed_point(text: str) -> int | None:
    if len(text) > 40 or not set(text) <= set("0123456789.eE+-"):
        return None
    try:
        sign, digits, exponent = Decimal(text).as_tuple()
    except ArithmeticError:
        return None
    if not isinstance(exponent, int) or exponent > 18:
        return None
    shift = exponent + 8
    number = int("".join(map(str, digits)))
    if shift < 0:
        number, rest = divmod(number, int(10**-shift)) if -shift <= len(digits) else (0, number)
        if rest:
            return None
        shift = 0
    number *= int(10**shift)
    return -number if sign else number
