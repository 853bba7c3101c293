"""JSON as clients of the Stacks API expect it.

Hashes are 0x-prefixed, amounts are decimal strings, times come as seconds and as ISO text, and an
integer that JavaScript cannot hold exactly (over 2^53) becomes a string.
"""

from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from btczs.api.errors import BadBody

JS_SAFE_MAX: Final = 2**53 - 1
_ISO_SECONDS_MAX: Final = 253_402_300_799  # the last second of the year 9999

encode_json = msgspec.json.Encoder().encode


def decode_json(raw: bytes | str) -> Any:
    """Any JSON value. Raises `BadBody`."""
    try:
        return msgspec.json.decode(raw)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise BadBody(f"not JSON: {error}") from error


def to_int(value: int) -> int | str:
    """`value`, as a string if JavaScript would round it."""
    return value if -JS_SAFE_MAX <= value <= JS_SAFE_MAX else str(value)


def to_safe(value: Any) -> Any:
    """`value` with every integer inside it as `to_int` writes it."""
    if isinstance(value, dict):
        return {key: to_safe(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_safe(item) for item in value]
    if isinstance(value, int) and not isinstance(value, bool):
        return to_int(value)
    return value


def to_hex(raw: bytes) -> str:
    """0x and lower-case hexadecimal, in the order of the bytes."""
    return "0x" + raw.hex()


def to_0x(text: str) -> str:
    """Hexadecimal text with 0x in front."""
    return "0x" + text


def to_iso(timestamp: int) -> str:
    """`2026-01-31T12:00:00.000Z`."""
    moment = datetime.fromtimestamp(min(max(timestamp, 0), _ISO_SECONDS_MAX), UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def to_decimal(amount: int, decimals: int) -> str:
    """An amount of base units as a decimal number of coins: 150000000, 8 is `1.50000000`."""
    whole, part = divmod(amount, 10**decimals)
    return f"{whole}.{part:0{decimals}d}" if decimals else str(whole)
