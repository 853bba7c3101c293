"""What generated code may use: these functions, a few builtins, and nothing else.

Costs that the code has counted itself arrive here as numbers when it stops; scopes, contract calls
and events are those of the interpreter's `Execution`, so both kinds of code can work on one
transaction.
"""

from collections.abc import Callable, Iterator
from operator import length_hint
from typing import Any

from btczs.vm.clarity.compiler.support_lists import (
    appended,
    collected,
    filtered,
    index_of,
    joined,
    merged,
    picked,
    shortened,
)
from btczs.vm.clarity.costs import CostMeter
from btczs.vm.clarity.errors import ClarityError
from btczs.vm.clarity.runtime import errors

Raw = Any


class NeedsInterpreter(Exception):
    """Something that compiled code leaves to the interpreter. Nothing has been committed."""


def abort(m: CostMeter, error: Callable[[], ClarityError], runtime: int, *lengths: int) -> None:
    """Charges what the code has counted, and stops the execution with `error`.

    A limit that was passed on the way counts first: it makes the transaction impossible.
    """
    m.runtime += runtime
    m.read_count += lengths[0]
    m.read_length += lengths[1]
    m.write_count += lengths[2]
    m.write_length += lengths[3]
    m.check()
    raise error()


def turns(iterator: Iterator[Raw], count: int) -> int:
    """How many turns of a loop over `iterator` are complete while one is under way."""
    return count - length_hint(iterator) - 1


def overflow() -> ClarityError:
    return errors.ArithmeticOverflow("a result does not fit 128 bits")


def underflow() -> ClarityError:
    return errors.ArithmeticUnderflow("a result is below the least number of its type")


def division_by_zero() -> ClarityError:
    return errors.DivisionByZero("division by zero")


def unwrap_failure() -> ClarityError:
    return errors.UnwrapFailure("there is nothing to unwrap")


def quotient(a: int, b: int) -> int:
    """`a / b` rounded towards zero; `b` is not 0."""
    q = a // b
    return q + 1 if q < 0 and q * b != a else q


def remainder(a: int, b: int) -> int:
    """What `quotient` leaves, with the sign of `a`; `b` is not 0."""
    return a - b * quotient(a, b)


def check_limits(x: Any, spent: int) -> None:
    """Stops a loop that has used up the limit of the transaction."""
    m = x.m
    m.runtime += spent
    m.check()
    m.runtime -= spent


ONE_BYTE = tuple([bytes((byte,)) for byte in range(256)])


def split(data: bytes) -> list[bytes]:
    """The bytes of a buffer or string-ascii as sequences of one."""
    one = ONE_BYTE
    return [one[byte] for byte in data]


NAMESPACE: dict[str, Any] = {
    "__builtins__": {},
    "abort": abort,
    "turns": turns,
    "overflow": overflow,
    "underflow": underflow,
    "division_by_zero": division_by_zero,
    "unwrap_failure": unwrap_failure,
    "quotient": quotient,
    "remainder": remainder,
    "check_limits": check_limits,
    "split": split,
    "appended": appended,
    "collected": collected,
    "filtered": filtered,
    "index_of": index_of,
    "joined": joined,
    "merged": merged,
    "picked": picked,
    "shortened": shortened,
    "len": len,
    "iter": iter,
    "zip": zip,
    "min": min,
    "max": max,
    "list": list,
    "tuple": tuple,
}
"""The whole world of generated code, beside the constants of its contract."""
