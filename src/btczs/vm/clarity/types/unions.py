"""Unions: the type of a list of contracts, each of which may still become any trait it has.

A union has as many members as contracts were named, yet counts as one byte of type, so what is done
with its members is paid for by nothing. `Unions` makes them for one analysis: equal unions are one
object, and the members that are looked at are counted, up to a limit.

DEVIATION: the reference implementation has no such limit. Without it a source of 2 MiB can make
half of its expressions unions of thousands of contracts, which takes hours and gigabytes.
"""

from bisect import bisect_left
from typing import Final

from btczs.codec.clarity.types import ValueType, union_type
from btczs.vm.clarity.errors import MemoryBalanceExceeded

CallableKey = tuple[int, str, int, bytes, str]

UNION_WORK_MAX: Final = 1 << 22
"""Members of unions that one analysis looks at: 592 lists as long as a list can be."""


class Unions:
    """Makes the unions of one analysis. Without `work_max` there is no limit."""

    __slots__ = ("_made", "_work", "_work_max")

    def __init__(self, work_max: int | None = None) -> None:
        self._made: dict[tuple[ValueType, ...], ValueType] = {}
        self._work = 0
        self._work_max = work_max

    def join(self, a: ValueType, b: ValueType) -> ValueType:
        """The union of two types, each a union or a callable. Raises `MemoryBalanceExceeded`."""
        if a is b or a == b:
            return a
        if a.kind == b.kind == "union":
            self.spend(len(a.parts) + len(b.parts))
            members = {callable_key(member): member for member in (*a.parts, *b.parts)}
            return self.of_members(members)
        large, single = (b, a) if b.kind == "union" else (a, b)
        members_before = callable_members(large)
        key = callable_key(single)
        at = bisect_left(members_before, key, key=callable_key)
        if at < len(members_before) and callable_key(members_before[at]) == key:
            return large
        return self._make((*members_before[:at], single, *members_before[at:]))

    def of_members(self, members: dict[CallableKey, ValueType]) -> ValueType:
        """The union of two or more members, by their keys. Raises `MemoryBalanceExceeded`."""
        return self._make(tuple([members[key] for key in sorted(members)]))

    def spend(self, count: int) -> None:
        """Counts members that are looked at. Raises `MemoryBalanceExceeded`."""
        self._work += count
        if self._work_max is not None and self._work > self._work_max:
            raise MemoryBalanceExceeded(
                f"the lists of contracts have {self._work_max} members at most, counted anew "
                "wherever such a list grows",
                used=self._work,
                limit=self._work_max,
            )

    def _make(self, parts: tuple[ValueType, ...]) -> ValueType:
        self.spend(len(parts))
        return self._made.setdefault(parts, union_type(parts))


def callable_members(value_type: ValueType) -> tuple[ValueType, ...]:
    """The callables that a type stands for: itself, those of a union, or none."""
    if value_type.kind == "callable":
        return (value_type,)
    return value_type.parts if value_type.kind == "union" else ()


def first_trait(value_type: ValueType) -> ValueType | None:
    """A member that is a trait, if there is one: the last, as the members are ordered."""
    members = callable_members(value_type)
    return members[-1] if members and members[-1].trait is not None else None


def callable_key(member: ValueType) -> CallableKey:
    """The order of the members of a union: contracts first, then traits by their names."""
    if member.trait is None:
        assert member.contract is not None, "a callable has a trait or a contract"
        contract, rank, name = member.contract, 0, ""
    else:
        contract, rank, name = member.trait.contract, 1, member.trait.name
    return (rank, name, contract.version, bytes(contract.hash20), contract.name)
