"""Translations of functions of values: arithmetic with its aborts, comparison, small constructors."""

from collections.abc import Callable
from functools import reduce
from typing import Any

from btczs.workbench.verify.symbolic import PLAIN, Evaluator, Plain
from btczs.workbench.verify.symbols import (
    BOUNDS,
    Fields,
    Items,
    Maybe,
    NotInSubset,
    Number,
    Reply,
    Symbol,
    Truth,
    equal,
)

EXPONENT_MAX = 64


def plain(name: str) -> Callable[[Plain], Plain]:
    """Registers the translation of a function."""

    def register(function: Plain) -> Plain:
        PLAIN[name] = function
        return function

    return register


def _number(symbol: Symbol) -> Number:
    if not isinstance(symbol, Number):
        raise NotInSubset("only integers are calculated with and compared")
    return symbol


def _fold(step: Callable[[Evaluator, Number, Number], Number]) -> Plain:
    """A function of one or more numbers, from left to right."""

    def apply(ev: Evaluator, args: list[Symbol]) -> Symbol:
        return reduce(lambda a, b: step(ev, a, b), [_number(arg) for arg in args])

    return apply


def _divide(ev: Evaluator, a: Number, b: Number) -> tuple[Any, Any]:
    """Quotient towards zero and remainder; aborts as the machine does."""
    z3 = ev.z3
    ev.abort_if(b.term == 0)
    if a.kind == "uint":
        return a.term / b.term, a.term % b.term
    ev.abort_if(z3.And(a.term == BOUNDS["int"][0], b.term == -1))
    size_a = z3.If(a.term < 0, -a.term, a.term)
    size_b = z3.If(b.term < 0, -b.term, b.term)
    is_negative = (a.term < 0) != (b.term < 0)
    quotient, rest = size_a / size_b, size_a % size_b
    return z3.If(is_negative, -quotient, quotient), z3.If(a.term < 0, -rest, rest)


PLAIN["+"] = _fold(lambda ev, a, b: ev.bounded(a.kind, a.term + b.term))
PLAIN["*"] = _fold(lambda ev, a, b: ev.bounded(a.kind, a.term * b.term))
PLAIN["/"] = _fold(lambda ev, a, b: Number(a.kind, _divide(ev, a, b)[0]))
PLAIN["mod"] = _fold(lambda ev, a, b: Number(a.kind, _divide(ev, a, b)[1]))


@plain("-")
def _subtract(ev: Evaluator, args: list[Symbol]) -> Symbol:
    numbers = [_number(arg) for arg in args]
    if len(numbers) == 1:
        return ev.bounded(numbers[0].kind, -numbers[0].term)
    return reduce(lambda a, b: ev.bounded(a.kind, a.term - b.term), numbers)


@plain("pow")
def _power(ev: Evaluator, args: list[Symbol]) -> Symbol:
    base, exponent = _number(args[0]), _number(args[1])
    if not ev.z3.is_int_value(exponent.term):
        raise NotInSubset("`pow` is translated where the exponent is a number in the source")
    times = exponent.term.as_long()
    if not 0 <= times <= EXPONENT_MAX:
        raise NotInSubset(f"`pow` is translated for exponents up to {EXPONENT_MAX}")
    term = ev.z3.IntVal(1)
    for _ in range(times):
        term = term * base.term
    return ev.bounded(base.kind, term)


@plain("sqrti")
def _root(ev: Evaluator, args: list[Symbol]) -> Symbol:
    number = _number(args[0])
    ev.abort_if(number.term < 0)
    root = ev.z3.FreshInt("root")
    bound = ev.z3.And(root >= 0, root * root <= number.term, number.term < (root + 1) * (root + 1))
    ev.known.append(ev.z3.Implies(number.term >= 0, bound))
    return Number(number.kind, root)


@plain("to-int")
def _to_int(ev: Evaluator, args: list[Symbol]) -> Symbol:
    return ev.bounded("int", _number(args[0]).term)


@plain("to-uint")
def _to_uint(ev: Evaluator, args: list[Symbol]) -> Symbol:
    return ev.bounded("uint", _number(args[0]).term)


def _compare(test: Callable[[Any, Any], Any]) -> Plain:
    def apply(ev: Evaluator, args: list[Symbol]) -> Symbol:
        del ev
        return Truth(test(_number(args[0]).term, _number(args[1]).term))

    return apply


PLAIN["<"] = _compare(lambda a, b: a < b)
PLAIN["<="] = _compare(lambda a, b: a <= b)
PLAIN[">"] = _compare(lambda a, b: a > b)
PLAIN[">="] = _compare(lambda a, b: a >= b)


@plain("is-eq")
def _is_eq(ev: Evaluator, args: list[Symbol]) -> Symbol:
    return Truth(ev.z3.And(*[equal(args[0], other) for other in args[1:]]))


@plain("not")
def _not(ev: Evaluator, args: list[Symbol]) -> Symbol:
    assert isinstance(args[0], Truth), "the checker has seen to it"
    return Truth(ev.z3.Not(args[0].term))


@plain("some")
def _some(ev: Evaluator, args: list[Symbol]) -> Symbol:
    return Maybe(ev.z3.BoolVal(True), args[0])


@plain("ok")
def _ok(ev: Evaluator, args: list[Symbol]) -> Symbol:
    return Reply(ev.z3.BoolVal(True), args[0], None)


@plain("err")
def _err(ev: Evaluator, args: list[Symbol]) -> Symbol:
    return Reply(ev.z3.BoolVal(False), None, args[0])


def _side(is_present: bool) -> Plain:
    def apply(ev: Evaluator, args: list[Symbol]) -> Symbol:
        value = args[0]
        if not isinstance(value, Maybe | Reply):
            raise NotInSubset("only optionals and responses are asked what they are")
        term = value.is_some if isinstance(value, Maybe) else value.is_ok
        return Truth(term if is_present else ev.z3.Not(term))

    return apply


PLAIN["is-some"] = PLAIN["is-ok"] = _side(True)
PLAIN["is-none"] = PLAIN["is-err"] = _side(False)


@plain("merge")
def _merge(ev: Evaluator, args: list[Symbol]) -> Symbol:
    del ev
    base, changes = args
    if not isinstance(base, Fields) or not isinstance(changes, Fields):
        raise NotInSubset("only tuples are merged")
    return Fields({**base.fields, **changes.fields})


@plain("list")
def _list(ev: Evaluator, args: list[Symbol]) -> Symbol:
    del ev
    return Items(tuple(args))


@plain("len")
def _len(ev: Evaluator, args: list[Symbol]) -> Symbol:
    if not isinstance(args[0], Items):
        raise NotInSubset("`len` is translated for lists of known length")
    return Number("uint", ev.z3.IntVal(len(args[0].items)))
