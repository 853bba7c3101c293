"""Operands: pieces of Python text with the Clarity type of the value they give."""

from collections.abc import Callable

import msgspec

from btczs.codec.clarity.types import ValueType
from btczs.vm.clarity.compiler.shapes import is_rigid

TEXT_MAX = 100
"""Characters of an expression that is repeated or put into another one; longer ones get a name."""


PLAIN = 2
"""Of a value in which every type follows from the contents."""

PLAIN_ITEMS = 1
"""Of a list whose items are so."""


class Operand(msgspec.Struct, frozen=True):
    """`code` gives the value, has no effect and cannot fail, so it may be put anywhere later.

    `borrowed`: the value belongs to a variable, and taking it over costs its size. `atomic`: the
    text is a name or a literal, and may be repeated. `known_size`: of a constant.
    `plain`: what is known about loose lists and tuples in it, `PLAIN` or `PLAIN_ITEMS`.
    """

    code: str
    type: ValueType
    borrowed: bool = False
    atomic: bool = False
    known_size: int | None = None
    plain: int = 0


def is_none(operand: Operand) -> str:
    """The condition that an optional is `none`."""
    code = operand.code
    if code == "None":
        return "True"
    if code[0].isdigit() or code[0] == "-" or code in ("True", "False") or code[:2] == "b'":
        return "False"
    return f"({code} is None)"


def size_code(operand: Operand, sizer: str) -> str:
    """An expression for the size of the value; `sizer` names the function for hard cases."""
    type_, code = operand.type, operand.code
    if operand.known_size is not None:
        return str(operand.known_size)
    if is_rigid(type_) or type_.kind in ("callable", "unknown"):
        return str(type_.size)
    if type_.kind in ("buff", "string-ascii"):
        return f"len({code}) + 4"
    if type_.kind == "string-utf8":
        return f"4 * len({code}) + 4"
    if type_.kind == "optional" and is_rigid(type_.parts[0]):
        return f"(2 if {is_none(operand)} else {1 + type_.parts[0].size})"
    return f"{sizer}({code})"


def encoded_size_max(type_: ValueType) -> int:
    """The most bytes that a value of the type encodes to."""
    kind, parts = type_.kind, type_.parts
    if kind in ("int", "uint"):
        return 17
    if kind in ("bool", "unknown"):
        return 1
    if kind in ("principal", "callable", "union"):
        return 151
    if kind in ("buff", "string-ascii"):
        return 5 + type_.length
    if kind == "string-utf8":
        return 5 + 4 * type_.length
    if kind == "list":
        return 5 + type_.length * encoded_size_max(parts[0])
    if kind == "tuple":
        names = sum(1 + len(name) for name in type_.names)
        return 5 + names + sum(map(encoded_size_max, parts))
    return 1 + max(map(encoded_size_max, parts))


def encoded_size(operand: Operand, measurer: Callable[[ValueType], str]) -> tuple[int, list[str]]:
    """How many bytes the value encodes to: a constant and terms to add."""
    type_, code = operand.type, operand.code
    kind = type_.kind
    if kind in ("int", "uint"):
        return 17, []
    if kind == "bool":
        return 1, []
    if kind in ("principal", "callable"):
        return 0, [f"len({code})"]
    if kind in ("buff", "string-ascii"):
        return 5, [f"len({code})"]
    if kind == "optional":
        some = content_of(operand)
        fixed, terms = encoded_size(some, measurer)
        if not terms:
            return 0, [f"(1 if {is_none(operand)} else {1 + fixed})"]
    if kind == "tuple" and len(type_.names) <= TUPLE_FIELDS_MAX:
        total, all_terms = 5, []
        for index, (name, part) in enumerate(zip(type_.names, type_.parts)):
            fixed, terms = encoded_size(Operand(f"{code}[{index}]", part), measurer)
            total += 1 + len(name) + fixed
            all_terms += terms
        if len(all_terms) <= TUPLE_TERMS_MAX:
            return total, all_terms
    return 0, [f"{measurer(type_)}({code})"]


TUPLE_TERMS_MAX = 4

TUPLE_FIELDS_MAX = 32
"""Fields of a tuple that is measured in place."""


def content_of(operand: Operand) -> Operand:
    """What an optional holds."""
    inner = operand.type.parts[0]
    code = f"{operand.code}[0]" if inner.kind == "optional" else operand.code
    return Operand(code, inner)
