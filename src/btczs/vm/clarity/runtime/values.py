"""Values while a contract runs: the values of the wire, and three that know more.

The rules of cost and size follow the type of a value, not its contents, and a list or tuple keeps
the type it was made with: `(as-max-len? (list u1) u5)` is still a list of at most one, an argument
takes the type its function declares. So lists and tuples carry their `type` here. A contract that
reaches a trait parameter remembers by which trait it may be called.

`type_of` gives the type of any value; `equal_values` compares contents only.
"""

from btczs.codec.clarity.types import TraitIdentifier, ValueType
from btczs.codec.clarity.values import ContractPrincipal, ListValue, TupleValue


class TypedList(ListValue, frozen=True):
    """A list with its type: `type.length` is its maximum, `type.parts[0]` the type of its items."""

    type: ValueType


class TypedTuple(TupleValue, frozen=True):
    """A tuple with its type. Fields stand in the order of `type.names`."""

    type: ValueType


class CallableContract(ContractPrincipal, frozen=True):
    """A contract that `contract-call?` may call, through `trait` if it has one."""

    trait: TraitIdentifier | None = None
