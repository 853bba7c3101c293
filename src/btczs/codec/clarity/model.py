"""The 15 kinds of Clarity value as immutable structs.

They hold what the bytes hold and check nothing by themselves: `encode_value` refuses what has no
encoding, `infer_type` refuses what has no type. Equality and hashes compare kind and content, so
`IntValue(1) != UIntValue(1)`.
"""

import msgspec

from btczs.primitives import Hash20


class IntValue(msgspec.Struct, frozen=True, gc=False):
    """A signed 128-bit integer."""

    value: int


class UIntValue(msgspec.Struct, frozen=True, gc=False):
    """An unsigned 128-bit integer."""

    value: int


class BufferValue(msgspec.Struct, frozen=True, gc=False):
    """Bytes."""

    data: bytes


class BoolValue(msgspec.Struct, frozen=True, gc=False):
    value: bool


class StandardPrincipal(msgspec.Struct, frozen=True, gc=False):
    """An account: address version (0..31) and hash of its keys."""

    version: int
    hash20: Hash20


class ContractPrincipal(msgspec.Struct, frozen=True, gc=False):
    """A contract: the account that published it, and its name."""

    version: int
    hash20: Hash20
    name: str

    @property
    def issuer(self) -> StandardPrincipal:
        return StandardPrincipal(self.version, self.hash20)


class OkValue(msgspec.Struct, frozen=True):
    """`(ok value)`, a response."""

    value: "Value"


class ErrValue(msgspec.Struct, frozen=True):
    """`(err value)`, a response."""

    value: "Value"


class NoneValue(msgspec.Struct, frozen=True, gc=False):
    """`none`, an optional. `NONE` is one."""


class SomeValue(msgspec.Struct, frozen=True):
    """`(some value)`, an optional."""

    value: "Value"


class ListValue(msgspec.Struct, frozen=True):
    """A list; all items have a common type."""

    items: "tuple[Value, ...]"


class TupleValue(msgspec.Struct, frozen=True):
    """A tuple: at least one field, names ascending by their bytes, none twice.

    `make_tuple` sorts.
    """

    fields: "tuple[tuple[str, Value], ...]"

    def get(self, name: str) -> "Value | None":
        """The value of a field, or None if there is no such field."""
        for key, value in self.fields:
            if key == name:
                return value
        return None


class AsciiValue(msgspec.Struct, frozen=True, gc=False):
    """A `string-ascii`: printable ASCII, tab, line feed, form feed and carriage return."""

    text: str


class Utf8Value(msgspec.Struct, frozen=True, gc=False):
    """A `string-utf8`: any Unicode text."""

    text: str


Principal = StandardPrincipal | ContractPrincipal
Value = (
    IntValue
    | UIntValue
    | BufferValue
    | BoolValue
    | StandardPrincipal
    | ContractPrincipal
    | OkValue
    | ErrValue
    | NoneValue
    | SomeValue
    | ListValue
    | TupleValue
    | AsciiValue
    | Utf8Value
)

TRUE = BoolValue(True)
FALSE = BoolValue(False)
NONE = NoneValue()


def make_tuple(**fields: Value) -> TupleValue:
    """A tuple of keyword arguments, sorted; `_` in a keyword stands for `-`.

    Names that hold a real `_` need `TupleValue(tuple(sorted(...)))`.
    """
    named = ((name.replace("_", "-"), value) for name, value in fields.items())
    return TupleValue(tuple(sorted(named, key=lambda field: field[0])))
