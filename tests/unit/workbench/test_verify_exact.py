"""The translation for the solver means what the machine means, aborts and early returns included."""

from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from btczs.codec.clarity.values import IntValue, UIntValue, Value
from btczs.workbench import SimulatedChain
from btczs.workbench.verify import prove as loads_translations
from btczs.workbench.verify.symbolic import Evaluator
from btczs.workbench.verify.symbols import concrete_value, literal_symbol, solver

assert loads_translations

EDGES = [0, 1, -1, 2, -2, 3, 7, -7, 2**126, -(2**126), 2**127 - 1, -(2**127)]


def expressions(kind: str) -> st.SearchStrategy[str]:
    """Programs over `a` and `b` of one kind of integer."""
    suffix = "u" if kind == "uint" else ""
    numbers = st.sampled_from(["a", "b", "a", "b", *[f"{suffix}{n}" for n in (0, 1, 2, 7)]])

    def grow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        tests = st.one_of(
            st.tuples(st.sampled_from(["<", "<=", ">", ">=", "is-eq"]), inner, inner).map(
                lambda t: f"({t[0]} {t[1]} {t[2]})"
            ),
            st.tuples(inner, inner).map(lambda t: f"(or (is-eq {t[0]} a) (not (< b {t[1]})))"),
        )
        return st.one_of(
            st.tuples(st.sampled_from(["+", "-", "*", "/", "mod"]), inner, inner).map(
                lambda t: f"({t[0]} {t[1]} {t[2]})"
            ),
            st.tuples(tests, inner, inner).map(lambda t: f"(if {t[0]} {t[1]} {t[2]})"),
            st.tuples(tests, inner, inner).map(
                lambda t: f"(begin (asserts! {t[0]} {t[1]}) {t[2]})"
            ),
            st.tuples(tests, inner, inner).map(
                lambda t: f"(unwrap! (if {t[0]} (some {t[1]}) none) {t[2]})"
            ),
            st.tuples(tests, inner, inner).map(
                lambda t: f"(default-to {t[1]} (if {t[0]} none (some {t[2]})))"
            ),
            st.tuples(tests, inner).map(
                lambda t: f"(unwrap-panic (if {t[0]} (ok {t[1]}) (err a)))"
            ),
            st.tuples(tests, inner, inner).map(
                lambda t: (
                    f"(match (if {t[0]} (ok {t[1]}) (err {t[2]})) x{len(t[1])} "
                    f"(+ x{len(t[1])} b) y{len(t[2])} (- y{len(t[2])} b))"
                )
            ),
            inner.map(lambda e: f"(get f {{f: {e}, g: 1}})"),
            inner.map(lambda e: f"(helper {e})"),
        )

    return st.recursive(numbers, grow, max_leaves=8)


@pytest.mark.parametrize("kind", ["int", "uint"])
def test_the_translation_agrees_with_the_machine(kind: str) -> None:
    make = IntValue if kind == "int" else UIntValue
    edges = st.sampled_from([n for n in EDGES if kind == "int" or n >= 0])
    z3 = solver()

    @settings(max_examples=120, deadline=None, database=None)
    @given(expressions(kind), edges, edges)
    def check(expression: str, a: int, b: int) -> None:
        zero = "0" if kind == "int" else "u0"
        source = (
            f"(define-private (helper (n {kind})) (begin (asserts! (> n {zero}) n) (/ n n)))"
            f"(define-private (f (a {kind}) (b {kind})) {expression})"
        )
        chain = SimulatedChain()
        deployed = chain.try_deploy("c", source)
        if deployed.error is not None:  # a name is bound twice, or a side has no type
            return
        args: list[Value] = [make(a), make(b)]
        result = chain.private("c", "f", *args)
        evaluator = Evaluator(chain.analysis("c"), partial(_no_constant))
        symbol = evaluator.call("f", [literal_symbol(arg) for arg in args])
        asked = z3.Solver()
        asked.add(*evaluator.known)
        assert str(asked.check()) == "sat"
        model = asked.model()
        aborts = any(z3.is_true(model.eval(c, model_completion=True)) for c in evaluator.aborts)
        assert aborts == (result.error is not None), (expression, a, b, result.text)
        if not aborts:
            assert concrete_value(symbol, model) == result.returned, (expression, a, b)

    check()


def _no_constant(name: str) -> object:
    raise AssertionError(name)
