"""The common type of many expressions, built up one by one.

Contracts named in a source have a common type that grows with each of them (a union). Building
that union anew for every item of a long list would take quadratic time, so here its members are
collected, and the union is made once, when it is asked for.
"""

from btczs.codec.clarity.types import ValueType, union_type
from btczs.vm.clarity.types.supertype import (
    CallableKey,
    callable_key,
    callable_members,
    least_supertype,
)


class Common:
    """The least supertype of the types given so far."""

    __slots__ = ("_found", "_members")

    def __init__(self) -> None:
        self._found: ValueType | None = None
        self._members: dict[CallableKey, ValueType] = {}

    def add(self, item: ValueType, *, item_first: bool = False) -> None:
        """One type more. Raises as `least_supertype`.

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
            self._set(least_supertype(item, found))
        else:
            self._set(least_supertype(found, item))

    def result(self) -> ValueType | None:
        """The common type, or None if there was no type yet."""
        if len(self._members) > 1 and self._found is None:
            ordered = sorted(self._members)
            self._found = union_type(tuple([self._members[key] for key in ordered]))
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
        for member in callable_members(item):
            self._members.setdefault(callable_key(member), member)
        if len(self._members) != before:
            self._found = None
