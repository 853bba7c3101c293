"""Types as the generator of programs handles them, with random values and their source text."""

from random import Random

import msgspec

from btczs.codec.clarity import parse_principal, principal_text
from btczs.codec.clarity.values import (
    AsciiValue,
    BoolValue,
    BufferValue,
    ErrValue,
    IntValue,
    ListValue,
    NoneValue,
    OkValue,
    SomeValue,
    TupleValue,
    UIntValue,
    Utf8Value,
    Value,
)


class Shape(msgspec.Struct, frozen=True):
    """A type: `kind`, the maximum length of a sequence, and the types inside."""

    kind: str
    length: int = 0
    parts: "tuple[Shape, ...]" = ()
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        match self.kind:
            case "buff" | "string-ascii" | "string-utf8":
                return f"({self.kind} {self.length})"
            case "list":
                return f"(list {self.length} {self.parts[0]})"
            case "optional" | "response":
                return f"({self.kind} {' '.join(map(str, self.parts))})"
            case "tuple":
                fields = ", ".join(f"{n}: {p}" for n, p in zip(self.names, self.parts))
                return "{" + fields + "}"
            case "contract":
                return f"<{self.names[0]}>"
        return self.kind


INT, UINT, BOOL, PRINCIPAL = map(Shape, ("int", "uint", "bool", "principal"))


def contract_with(trait: str) -> Shape:
    """A contract that has `trait`: the type of a parameter, never of a value here."""
    return Shape("contract", names=(trait,))


def buff(length: int) -> Shape:
    return Shape("buff", length)


def ascii_string(length: int) -> Shape:
    return Shape("string-ascii", length)


def utf8_string(length: int) -> Shape:
    return Shape("string-utf8", length)


def list_of(length: int, item: Shape) -> Shape:
    return Shape("list", length, (item,))


def optional(inner: Shape) -> Shape:
    return Shape("optional", 0, (inner,))


def response(ok: Shape, err: Shape) -> Shape:
    return Shape("response", 0, (ok, err))


def tuple_of(**fields: Shape) -> Shape:
    names = tuple(sorted(fields))
    return Shape("tuple", 0, tuple(fields[name] for name in names), names)


FIELD_NAMES = ("a", "b", "id", "amount", "owner-of")
PRINCIPALS = (
    "ST1PQHQKV0RJXZFY1DGX8MNSNYVE3VGZJSRTPGZGM",
    "ST2CY5V39NHDPWSXMW9QDT3HC3GD6Q6XX4CFRK9AG",
    "SP000000000000000000002Q6VF78",
    "S1G2081040G2081040G2081040G208105NK8PE5",
    "ST1PQHQKV0RJXZFY1DGX8MNSNYVE3VGZJSRTPGZGM.some-contract",
)
I128_MAX = 2**127 - 1
U128_MAX = 2**128 - 1
_ASCII = "abcXYZ019 _-.,+!?$%&*()[]{}<>=#@/\\\"'\n\t"
_UNICODE = 'aZ0 é€漢🦊\u00ff"\\'


def random_shape(rng: Random, depth: int = 2, *, responses: bool = True) -> Shape:
    """Any type. Small ones are the more frequent."""
    simple = [
        INT, INT, UINT, UINT, BOOL, PRINCIPAL,
        buff(rng.choice((1, 2, 20, 32, 33))),
        ascii_string(rng.choice((1, 5, 12, 40))),
        utf8_string(rng.choice((1, 4, 10))),
    ]  # fmt: skip
    if depth <= 0 or rng.random() < 0.55:
        return rng.choice(simple)
    kinds = ["list", "optional", "tuple", "list", "tuple"] + (["response"] if responses else [])
    match rng.choice(kinds):
        case "list":
            return list_of(
                rng.choice((1, 2, 3, 5, 8)), random_shape(rng, depth - 1, responses=False)
            )
        case "optional":
            return optional(random_shape(rng, depth - 1, responses=False))
        case "response":
            return response(
                random_shape(rng, depth - 1, responses=False),
                random_shape(rng, 0),
            )
    names = rng.sample(FIELD_NAMES, rng.choice((1, 2, 2, 3)))
    return tuple_of(**{name: random_shape(rng, depth - 1, responses=False) for name in names})


def random_number(rng: Random, *, signed: bool) -> int:
    """Mostly small, sometimes at a limit."""
    top = I128_MAX if signed else U128_MAX
    number = rng.choice(
        (0, 1, 2, 3, 5, 7, 10, rng.randrange(100), rng.randrange(10**6), 2**32, 2**64 - 1, 127, 128)
    )
    if rng.random() < 0.03:
        number = rng.choice((top, top - 1, top // 2, 2**126))
    return -number if signed and rng.random() < 0.3 else number


def random_value(rng: Random, shape: Shape) -> Value:
    """A value that `shape` admits."""
    match shape.kind:
        case "int":
            return IntValue(random_number(rng, signed=True))
        case "uint":
            return UIntValue(random_number(rng, signed=False))
        case "bool":
            return BoolValue(rng.random() < 0.5)
        case "principal":
            return parse_principal(rng.choice(PRINCIPALS))
        case "buff":
            return BufferValue(rng.randbytes(_length(rng, shape)))
        case "string-ascii":
            return AsciiValue("".join(rng.choice(_ASCII) for _ in range(_length(rng, shape))))
        case "string-utf8":
            return Utf8Value("".join(rng.choice(_UNICODE) for _ in range(_length(rng, shape))))
        case "list":
            count = _length(rng, shape)
            return ListValue(tuple(random_value(rng, shape.parts[0]) for _ in range(count)))
        case "optional":
            if rng.random() < 0.35:
                return NoneValue()
            return SomeValue(random_value(rng, shape.parts[0]))
        case "response":
            if rng.random() < 0.5:
                return OkValue(random_value(rng, shape.parts[0]))
            return ErrValue(random_value(rng, shape.parts[1]))
    return TupleValue(
        tuple((name, random_value(rng, part)) for name, part in zip(shape.names, shape.parts))
    )


def _length(rng: Random, shape: Shape) -> int:
    if shape.kind == "buff" and shape.length in (20, 32, 33) and rng.random() < 0.7:
        return shape.length
    return rng.choice((shape.length, rng.randint(0, shape.length), min(shape.length, 2)))


def source_of(value: Value) -> str:
    """The value as an expression of the language."""
    match value:
        case IntValue(number):
            return str(number)
        case UIntValue(number):
            return f"u{number}"
        case BoolValue(truth):
            return "true" if truth else "false"
        case BufferValue(data):
            return "0x" + data.hex()
        case AsciiValue(text):
            return '"' + "".join(map(_escape, text)) + '"'
        case Utf8Value(text):
            return 'u"' + "".join(map(_escape, text)) + '"'
        case OkValue(inner):
            return f"(ok {source_of(inner)})"
        case ErrValue(inner):
            return f"(err {source_of(inner)})"
        case NoneValue():
            return "none"
        case SomeValue(inner):
            return f"(some {source_of(inner)})"
        case ListValue(items):
            return "(list" + "".join(" " + source_of(item) for item in items) + ")"
        case TupleValue(fields):
            return "{" + ", ".join(f"{name}: {source_of(inner)}" for name, inner in fields) + "}"
    return "'" + principal_text(value)


def _escape(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character in "\n\t":
        return {"\n": "\\n", "\t": "\\t"}[character]
    return character if character.isascii() else f"\\u{{{ord(character):X}}}"
