"""Values while a function is written: what text stands for them, and what is known about it.

Sizes, lengths and places of keys are computed once and known from there on, as long as every way
to a later point passes the place (`aside`).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from btczs.codec.clarity.types import UINT, ValueType
from btczs.vm.clarity.compiler.emitter import Emitter
from btczs.vm.clarity.compiler.encodings import encoder
from btczs.vm.clarity.compiler.operand import PLAIN, TEXT_MAX, Operand, size_code
from btczs.vm.clarity.compiler.shapes import (
    Raw,
    can_be_loose,
    is_rigid,
    optional_extras,
    plain_class,
    refresher,
    sizer,
)
from btczs.vm.clarity.compiler.tagging import tagger
from btczs.vm.clarity.compiler.unit import Unit

EXTRAS_MAX = 3
"""Optionals in a tuple whose size is computed in place."""


class Writer:
    """Texts for values, in the names of `unit`, written by `out`."""

    def __init__(self, unit: Unit, out: Emitter) -> None:
        self.unit = unit
        self.out = out
        self.known: dict[tuple[str, ...], Operand] = {}
        """What has been computed on every way to this point: sizes of variables, places of keys."""

    def atom(self, operand: Operand) -> Operand:
        """The same operand as a text that may be repeated."""
        if operand.atomic:
            return operand
        name = self.out.temp()
        self.out.emit(f"{name} = {operand.code}")
        return msgspec.structs.replace(operand, code=name, atomic=True)

    def short(self, operand: Operand) -> Operand:
        """The same operand with a text that does not grow without bound."""
        return operand if len(operand.code) <= TEXT_MAX else self.atom(operand)

    def bind(self, code: str, type_: ValueType, plain: int = 0) -> Operand:
        """Evaluates `code` here, once."""
        name = self.out.temp()
        self.out.emit(f"{name} = {code}")
        return Operand(name, type_, atomic=True, plain=plain)

    def constant(self, raw: Raw, type_: ValueType) -> Operand:
        """A value that is known now."""
        if raw is None or raw.__class__ in (bool, int):
            return Operand(repr(raw), type_, atomic=True)
        if raw.__class__ is bytes and len(raw) <= 4:
            # Every byte escaped: no character of a program gets into the text.
            code = "b'" + "".join([f"\\x{byte:02x}" for byte in raw]) + "'"
            return Operand(code, type_, atomic=True)
        return Operand(self.unit.name_of(raw, "k"), type_, atomic=True)

    def length(self, operand: Operand) -> str:
        """The length of an atomic operand, computed once."""
        return self._known(("len", operand.code), f"len({operand.code})")

    def remember(self, key: tuple[str, ...], code: str) -> Operand:
        """Computes `code` here, for this place and those after it."""
        self.known[key] = self.bind(code, UINT)
        return self.known[key]

    @contextmanager
    def aside(self) -> Iterator[None]:
        """A way that is not always taken: what it computes is not known after it."""
        before = dict(self.known)
        try:
            yield
        finally:
            self.known = before

    def size(self, operand: Operand) -> str:
        """An expression for the size of an atomic operand."""
        if operand.plain == PLAIN and operand.atomic and not is_rigid(operand.type):
            extras = optional_extras(operand.type)
            if extras is not None and len(extras[1]) <= EXTRAS_MAX:
                terms = [f"(0 if {operand.code}[{i}] is None else {n})" for i, n in extras[1]]
                code = " + ".join([str(extras[0]), *terms])
                return self._known(("size", code), code)
        code = size_code(operand, self.helper(sizer, operand.type))
        if code.isdigit() or not operand.atomic or not operand.code.isidentifier():
            return code
        # By its text, not by the operand's: `x` and `(some x)` can have the same text.
        return self._known(("size", code), code)

    def _known(self, key: tuple[str, ...], code: str) -> str:
        known = self.known.get(key)
        return (known or self.remember(key, code)).code

    def helper(self, make: Callable[[ValueType], Any], type_: ValueType) -> str:
        """The name, in generated code, of a function made for a type."""
        return self.unit.name_of(make(type_), make.__name__)

    def refreshed(self, operand: Operand) -> str:
        """An expression for the value with all types following from contents again."""
        code = operand.code
        if operand.plain == PLAIN or not can_be_loose(operand.type):
            return code
        fresh = f"{self.helper(refresher, operand.type)}({code})"
        kind = plain_class(operand.type)
        if kind is not None and operand.atomic:
            return f"({code} if {code}.__class__ is {kind} else {fresh})"
        return fresh

    def tagged(self, operand: Operand) -> str:
        return f"{self.helper(tagger, operand.type)}({operand.code})"

    def contract_name(self) -> str:
        """The contract itself, in generated code."""
        return self.unit.name_of(self.unit.contract, "contract")

    def encoded(self, operand: Operand) -> str:
        kind = operand.type.kind
        if kind in ("principal", "callable"):
            return operand.code
        if kind == "uint":
            # The tag of a uint is 1: it stands where the bit beyond 128 bits would.
            return f"({operand.code} + {1 << 128}).to_bytes(17)"
        if kind == "bool":
            return f"(b'\\x03' if {operand.code} else b'\\x04')"
        return f"{self.helper(encoder, operand.type)}({operand.code})"
