"""Translations of the forms that choose, bind, unwrap and return early."""

from collections.abc import Callable
from typing import Any

from btczs.vm.clarity.reader.syntax import Atom, Expr, Form
from btczs.workbench.verify.symbolic import SPECIALS, Evaluator, Returns, Scope, Special
from btczs.workbench.verify.symbols import (
    Fields,
    Items,
    Maybe,
    NotInSubset,
    Reply,
    Symbol,
    Truth,
)


def special(name: str) -> Callable[[Special], Special]:
    """Registers the translation of a form."""

    def register(function: Special) -> Special:
        SPECIALS[name] = function
        return function

    return register


def _present(value: Symbol) -> tuple[Any, Symbol | None, Symbol | None]:
    """Whether something is inside an optional or an ok, what it is, and what is on the other side."""
    if isinstance(value, Maybe):
        return value.is_some, value.inner, None
    if isinstance(value, Reply):
        return value.is_ok, value.ok, value.err
    raise NotInSubset("something is unwrapped that is neither optional nor response")


def _inside(value: Symbol | None) -> Symbol:
    """What is inside, where the place is reached at all."""
    if value is None:
        raise NotInSubset("a value is unwrapped that is never there")
    return value


@special("if")
def _if(ev: Evaluator, args: tuple[Expr, ...], scope: Scope, returns: Returns) -> Symbol:
    condition = ev.truth(args[0], scope, returns)
    value = ev.choose(
        condition,
        lambda: ev.eval(args[1], scope, returns),
        lambda: ev.eval(args[2], scope, returns),
    )
    return _inside(value)


@special("and")
def _and(ev: Evaluator, args: tuple[Expr, ...], scope: Scope, returns: Returns) -> Symbol:
    first = ev.truth(args[0], scope, returns)
    if len(args) == 1:
        return Truth(first)
    no = Truth(ev.z3.BoolVal(False))
    value = ev.choose(first, lambda: _and(ev, args[1:], scope, returns), lambda: no)
    return _inside(value)


@special("or")
def _or(ev: Evaluator, args: tuple[Expr, ...], scope: Scope, returns: Returns) -> Symbol:
    first = ev.truth(args[0], scope, returns)
    if len(args) == 1:
        return Truth(first)
    yes = Truth(ev.z3.BoolVal(True))
    value = ev.choose(first, lambda: yes, lambda: _or(ev, args[1:], scope, returns))
    return _inside(value)


@special("begin")
def _begin(ev: Evaluator, args: tuple[Expr, ...], scope: Scope, returns: Returns) -> Symbol:
    return [ev.eval(arg, scope, returns) for arg in args][-1]


@special("let")
def _let(ev: Evaluator, args: tuple[Expr, ...], scope: Scope, returns: Returns) -> Symbol:
    inner = dict(scope)
    assert isinstance(args[0], Form), "the checker has seen to it"
    for binding in args[0].items:
        assert isinstance(binding, Form), "the checker has seen to it"
        name, value = binding.items
        assert isinstance(name, Atom), "the checker has seen to it"
        inner[name.name] = ev.eval(value, inner, returns)
    return _begin(ev, args[1:], inner, returns)


@special("match")
def _match(ev: Evaluator, args: tuple[Expr, ...], scope: Scope, returns: Returns) -> Symbol:
    value = ev.eval(args[0], scope, returns)
    is_there, inner, other = _present(value)
    name = args[1]
    assert isinstance(name, Atom), "the checker has seen to it"

    def then() -> Symbol | None:
        if inner is None:
            ev.live = ev.z3.BoolVal(False)
            return None
        return ev.eval(args[2], {**scope, name.name: inner}, returns)

    def otherwise() -> Symbol | None:
        if isinstance(value, Maybe):
            return ev.eval(args[3], scope, returns)
        if other is None:
            ev.live = ev.z3.BoolVal(False)
            return None
        assert isinstance(args[3], Atom), "the checker has seen to it"
        return ev.eval(args[4], {**scope, args[3].name: other}, returns)

    return _inside(ev.choose(is_there, then, otherwise))


@special("asserts!")
def _asserts(ev: Evaluator, args: tuple[Expr, ...], scope: Scope, returns: Returns) -> Symbol:
    condition = ev.truth(args[0], scope, returns)
    ev.leave(ev.z3.Not(condition), lambda: ev.eval(args[1], scope, returns), returns)
    return Truth(ev.z3.BoolVal(True))


@special("try!")
def _try(ev: Evaluator, args: tuple[Expr, ...], scope: Scope, returns: Returns) -> Symbol:
    value = ev.eval(args[0], scope, returns)
    is_there, inner, other = _present(value)
    no = ev.z3.BoolVal(False)
    early: Symbol = Maybe(no, None) if isinstance(value, Maybe) else Reply(no, None, other)
    ev.leave(ev.z3.Not(is_there), lambda: early, returns)
    return _inside(inner)


@special("unwrap!")
def _unwrap(ev: Evaluator, args: tuple[Expr, ...], scope: Scope, returns: Returns) -> Symbol:
    is_there, inner, _ = _present(ev.eval(args[0], scope, returns))
    thrown = ev.eval(args[1], scope, returns)
    ev.leave(ev.z3.Not(is_there), lambda: thrown, returns)
    return _inside(inner)


@special("unwrap-err!")
def _unwrap_err(ev: Evaluator, args: tuple[Expr, ...], scope: Scope, returns: Returns) -> Symbol:
    is_ok, _, other = _present(ev.eval(args[0], scope, returns))
    thrown = ev.eval(args[1], scope, returns)
    ev.leave(is_ok, lambda: thrown, returns)
    return _inside(other)


@special("unwrap-panic")
def _panic(ev: Evaluator, args: tuple[Expr, ...], scope: Scope, returns: Returns) -> Symbol:
    is_there, inner, _ = _present(ev.eval(args[0], scope, returns))
    ev.abort_if(ev.z3.Not(is_there))
    return _inside(inner)


@special("unwrap-err-panic")
def _err_panic(ev: Evaluator, args: tuple[Expr, ...], scope: Scope, returns: Returns) -> Symbol:
    is_ok, _, other = _present(ev.eval(args[0], scope, returns))
    ev.abort_if(is_ok)
    return _inside(other)


@special("default-to")
def _default(ev: Evaluator, args: tuple[Expr, ...], scope: Scope, returns: Returns) -> Symbol:
    default = ev.eval(args[0], scope, returns)
    is_there, inner, _ = _present(ev.eval(args[1], scope, returns))
    if inner is None:
        return default
    return _inside(ev.choose(is_there, lambda: inner, lambda: default))


@special("tuple")
def _tuple(ev: Evaluator, args: tuple[Expr, ...], scope: Scope, returns: Returns) -> Symbol:
    fields = {}
    for pair in args:
        assert isinstance(pair, Form), "the checker has seen to it"
        name, value = pair.items
        assert isinstance(name, Atom), "the checker has seen to it"
        fields[name.name] = ev.eval(value, scope, returns)
    return Fields(fields)


@special("get")
def _get(ev: Evaluator, args: tuple[Expr, ...], scope: Scope, returns: Returns) -> Symbol:
    name, value = args[0], ev.eval(args[1], scope, returns)
    assert isinstance(name, Atom), "the checker has seen to it"
    if isinstance(value, Maybe):
        inner = value.inner
        found = inner.fields[name.name] if isinstance(inner, Fields) else None
        return Maybe(value.is_some, found)
    assert isinstance(value, Fields), "the checker has seen to it"
    return value.fields[name.name]


@special("var-get")
def _var_get(ev: Evaluator, args: tuple[Expr, ...], scope: Scope, returns: Returns) -> Symbol:
    del scope, returns
    assert isinstance(args[0], Atom), "the checker has seen to it"
    return ev.variable(args[0].name)


@special("fold")
def _fold(ev: Evaluator, args: tuple[Expr, ...], scope: Scope, returns: Returns) -> Symbol:
    items = ev.eval(args[1], scope, returns)
    value = ev.eval(args[2], scope, returns)
    if not isinstance(items, Items) or not isinstance(args[0], Atom):
        raise NotInSubset("`fold` is translated over lists of known length")
    for item in items.items:
        value = ev.apply(args[0].name, [item, value])
    return value


@special("map")
def _map(ev: Evaluator, args: tuple[Expr, ...], scope: Scope, returns: Returns) -> Symbol:
    lists = [ev.eval(arg, scope, returns) for arg in args[1:]]
    known = [value.items for value in lists if isinstance(value, Items)]
    if len(known) != len(lists) or not isinstance(args[0], Atom):
        raise NotInSubset("`map` is translated over lists of known length")
    name = args[0].name
    return Items(tuple([ev.apply(name, list(items)) for items in zip(*known)]))
