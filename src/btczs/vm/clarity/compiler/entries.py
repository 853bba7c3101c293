"""The compiled functions of a contract that can be called from outside, made on their first call."""

from collections.abc import Callable
from typing import Any

import msgspec

from btczs.codec.clarity.types import ValueType
from btczs.codec.clarity.values import Value
from btczs.vm.clarity.compiler.shapes import Raw, Unsupported
from btczs.vm.clarity.compiler.support import NAMESPACE
from btczs.vm.clarity.compiler.tagging import plain_tagger
from btczs.vm.clarity.compiler.unit import Unit
from btczs.vm.clarity.costs import cost_function


class Entry(msgspec.Struct, eq=False):
    """A function that can be called from outside, as compiled code."""

    function: Callable[..., Raw]
    access: str
    parameters: tuple[ValueType, ...]
    """Static types of the parameters."""
    returns: ValueType
    tag: Callable[[Raw], Value]
    """Makes the result a value of the wire."""
    depth: int
    """Calls under way in it at most, relative to its own."""
    load_size: int
    """What loading its contract is charged for."""
    memory: int
    """Bytes that a call holds at most, its contract included."""
    prints: bool
    fixed_runtime: int
    """What its call costs beside the sizes of the arguments."""


class CompiledContract:
    """The compiled functions of a contract, made when they are first called."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self._entries: dict[str, Entry | None] = {}
        self._namespace: dict[str, Any] = dict(NAMESPACE)
        self._loaded: set[str] = set()

    def entry(self, name: str) -> Entry | None:
        """The function `name`; None if the interpreter has to run it (or refuse it)."""
        if name not in self._entries:
            self._entries[name] = self._make(name)
        return self._entries[name]

    def _make(self, name: str) -> Entry | None:
        unit = self.unit
        function = unit.contract.functions.get(name)
        if function is None or function.access == "private":
            return None
        try:
            compiled = unit.compile(name)
        except (Unsupported, RecursionError):
            return None
        self._namespace.update(unit.namespace)
        for each in unit.compiled.values():
            if each.info.name not in self._loaded:
                self._loaded.add(each.info.name)
                exec(each.code, self._namespace)
        info, size = compiled.info, unit.contract.load_size
        return Entry(
            self._namespace[info.symbol],
            info.access,
            tuple([declared for _, declared in info.parameters]),
            info.returns,
            plain_tagger(info.returns),
            compiled.bounds.depth,
            size,
            size + compiled.bounds.memory,
            "prints" in info.effects,
            cost_function("load_contract").runtime(size)
            + cost_function("user_function_application").runtime(len(info.parameters))
            + len(info.parameters) * cost_function("inner_type_check_cost").runtime.b,
        )
