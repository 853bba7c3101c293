"""Types as text, in the notation of the language: `(response (list 3 int) uint)`."""

from btczs.codec.clarity.principals import principal_text
from btczs.codec.clarity.types import TraitIdentifier, ValueType

UNKNOWN_TEXT = "UnknownType"
"""A type that nothing in the source determines, such as the err side of `(ok u1)`."""


def type_text(value_type: ValueType) -> str:
    """The type as one writes it.

    Three have no notation of their own: unknown types, contracts known by name (`(principal
    ADDRESS.name)`), and one of several contracts (`principal`).
    """
    kind = value_type.kind
    match kind:
        case "unknown":
            return UNKNOWN_TEXT
        case "buff" | "string-ascii" | "string-utf8":
            return f"({kind} {value_type.length})"
        case "list":
            return f"(list {value_type.length} {type_text(value_type.parts[0])})"
        case "tuple":
            fields = zip(value_type.names, value_type.parts)
            return f"(tuple {' '.join(f'({name} {type_text(part)})' for name, part in fields)})"
        case "optional" | "response":
            return f"({kind} {' '.join(type_text(part) for part in value_type.parts)})"
        case "callable":
            return _callable_text(value_type)
        case "union":
            return "principal"
        case _:
            return kind


def trait_text(trait: TraitIdentifier) -> str:
    """`ADDRESS.contract.trait`."""
    return f"{principal_text(trait.contract)}.{trait.name}"


def _callable_text(value_type: ValueType) -> str:
    if value_type.trait is not None:
        return f"<{trait_text(value_type.trait)}>"
    assert value_type.contract is not None, "a callable has a trait or a contract"
    return f"(principal {principal_text(value_type.contract)})"
