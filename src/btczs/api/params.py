"""Parameters of paths and queries as data: how each is read, bounded and documented."""

from collections.abc import Callable, Iterable
from typing import Any, Final, Literal

import msgspec

from btczs.api.errors import BadParameter
from btczs.codec.clarity import parse_principal
from btczs.primitives import Hash32, InvalidInput

HEIGHT_MAX: Final = 2**63 - 1
"""SQLite's integers end here; no height or time comes near."""

OFFSET_MAX: Final = 10**12
TEXT_MAX: Final = 300
"""Longest parameter: an address, a dot and a contract name have 169 characters."""


class Param(msgspec.Struct, frozen=True):
    """One parameter. `read` turns text into a value or raises `ValueError` with the reason."""

    name: str
    read: Callable[[str], Any]
    description: str
    schema: dict[str, Any]
    where: Literal["path", "query"] = "query"
    default: Any = None
    required: bool = False
    repeated: bool = False
    """May come several times or with commas; the value is a tuple."""


def read_args(
    params: Iterable[Param], path: dict[str, Any], query: Iterable[tuple[str, str]]
) -> dict[str, Any]:
    """The values of all parameters, checked. Raises `BadParameter`. Unknown ones are ignored."""
    given: dict[str, list[str]] = {}
    for key, text in query:
        given.setdefault(key.removesuffix("[]"), []).append(text)
    return {param.name: _read_one(param, path, given) for param in params}


def _read_one(param: Param, path: dict[str, Any], given: dict[str, list[str]]) -> Any:
    if param.where == "path":
        return _read_text(param, str(path[param.name]))
    texts = given.get(param.name, [])
    if param.repeated:
        parts = [part for text in texts for part in text.split(",") if part]
        limit = param.schema.get("maxItems", 50)
        if len(parts) > limit:
            raise BadParameter(param.name, f"at most {limit} values")
        if param.required and not parts:
            raise BadParameter(param.name, "is required")
        return tuple(_read_text(param, part) for part in parts)
    if not texts or texts[-1] == "":
        if param.required:
            raise BadParameter(param.name, "is required")
        return param.default
    return _read_text(param, texts[-1])


def _read_text(param: Param, text: str) -> Any:
    if len(text) > TEXT_MAX:
        raise BadParameter(param.name, f"longer than {TEXT_MAX} characters")
    try:
        return param.read(text)
    except (ValueError, InvalidInput) as error:
        raise BadParameter(param.name, str(error)) from error


# ---------------------------------------------------------------------- readers


def read_int(minimum: int, maximum: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= 20):
            raise ValueError("must be a whole number")
        value = int(text)
        if not minimum <= value <= maximum:
            raise ValueError(f"must be from {minimum} to {maximum}")
        return value

    return read


def read_bool(text: str) -> bool:
    lower = text.lower()
    if lower in ("1", "true", "yes"):
        return True
    if lower in ("0", "false", "no"):
        return False
    raise ValueError("must be true or false")


def read_hash(text: str) -> Hash32:
    """64 hexadecimal digits, with or without 0x."""
    digits = text[2:] if text[:2] in ("0x", "0X") else text
    if len(digits) != 64 or not all(c in "0123456789abcdefABCDEF" for c in digits):
        raise ValueError("must have 64 hexadecimal digits, with or without 0x")
    return Hash32(bytes.fromhex(digits))


def read_hash_text(text: str) -> str:
    """The same, as lower-case text without 0x (layer-1 hashes)."""
    return read_hash(text).hex()


def read_block_ref(text: str) -> int | Hash32 | None:
    """A height, a hash, or None for `latest`."""
    if text == "latest":
        return None
    if text.isdigit() and len(text) < 20:
        return read_int(0, HEIGHT_MAX)(text)
    return read_hash(text)


def read_text(text: str) -> str:
    return text


def read_choice(*choices: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return text

    return read


# ---------------------------------------------------------------------- the usual parameters


def path_hash(name: str, description: str) -> Param:
    return Param(name, read_hash, description, {"type": "string"}, "path")


def path_principal(name: str = "principal") -> Param:
    text = "An address (SP…, ST…, SM…, SN…) or a contract (address.name)."
    return Param(name, parse_principal, text, {"type": "string"}, "path")


def path_int(name: str, description: str) -> Param:
    return Param(name, read_int(0, HEIGHT_MAX), description, {"type": "integer"}, "path")


def path_block(name: str = "height_or_hash") -> Param:
    text = "A height, a block hash, a block id, or `latest`."
    return Param(name, read_block_ref, text, {"type": "string"}, "path")


def limit_param(default: int, maximum: int) -> Param:
    return Param(
        "limit",
        read_int(0, maximum),
        "How many results to return.",
        {"type": "integer", "minimum": 0, "maximum": maximum, "default": default},
        default=default,
    )


def offset_param(maximum: int = OFFSET_MAX) -> Param:
    return Param(
        "offset",
        read_int(0, maximum),
        "How many of the newest results to leave out.",
        {"type": "integer", "minimum": 0, "maximum": maximum, "default": 0},
        default=0,
    )


def refused_param(name: str) -> Param:
    """A filter of the Stacks API that is not served. Ignoring it would answer another question."""

    def refuse(text: str) -> None:
        raise ValueError(f"this filter is not supported (given: {text[:40]!r})")

    return Param(name, refuse, "Not supported: refused if given.", {"type": "string"})


def bool_param(name: str, description: str, default: bool) -> Param:
    schema = {"type": "boolean", "default": default}
    return Param(name, read_bool, description, schema, default=default)
