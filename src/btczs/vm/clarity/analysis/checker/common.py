"""The common type of many expressions, built up one by one.

Contracts named in a source have a common type that grows with each of them (a union). Building
that union anew for every item of a long list would take quadratic time, so here its members are
collected, and the union is made once, when it is asked for.
"""

from btczs.codec.clarity.types import ValueType
from btczs.vm.clarity.types.supertype import least_supertype
from btczs.vm.clarity.types.unions import CallableKey, Unions, callable_key, callable_members


class Common:
    """The least supertype of the types given so far."""

    __slots__ = ("_found", "_members", "_unions")

    def __init__(self, unions: Unions | None = None) -> None:
        self._unions = unions or Unions()
        self._found: ValueType | None = None
        self._members: dict[CallableKey, ValueType] = {}

    def add(self, item: ValueType, *, item_first: bool = False) -> None:
        """One type more. Raises as `least_supertype`, and `MemoryBalanceExceeded`.

        Of two tuples the fields of the first count: `item_first` puts the new type there.
        """
        found = self._found
        if item is found or (found is not None and item == found):
            return
        if self._members and callable_members(item):
            self._collect(item)
            return
        found = self.result()
        if found is None:
            self._set(item)
        elif item_first:
            self._set(least_supertype(item, found, self._unions))
        else:
            self._set(least_supertype(found, item, self._unions))

    def result(self) -> ValueType | None:
        """The common type, or None if there was no type yet."""
        if len(self._members) > 1 and self._found is None:
            self._found = self._unions.of_members(self._members)
        return self._found

    @property
    def type_size(self) -> int:
        """The size of the common type, which is not built for that. There must be one."""
        if self._members:
            return 1
        assert self._found is not None, "no type was added yet"
        return self._found.type_size

    def _set(self, found: ValueType) -> None:
        self._members = {callable_key(member): member for member in callable_members(found)}
        self._found = found

    def _collect(self, item: ValueType) -> None:
        before = len(self._members)
        if item.kind == "union":
            self._unions.spend(len(item.parts))
        for member in callable_members(item):
            self._members.setdefault(callable_key(member), member)
        if len(self._members) != before:
            self._found = None
