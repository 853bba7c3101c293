"""Static bounds by hand: what is exact is exact, what is open is said to be open."""

from time import perf_counter

import msgspec
import pytest
from cost_world import DEPLOYER, CostWorld, contract_id

from btczs.codec.clarity.values import BoolValue, OkValue, UIntValue, Value
from btczs.vm.clarity import Outcome
from btczs.vm.clarity.costs import CostMeter, ExecutionCost, cost_function
from btczs.vm.clarity.costs.formulas import U64_MAX
from btczs.vm.clarity.errors import CostBalanceExceeded
from btczs.vm.clarity.estimation import CostBounds, static_bound
from btczs.vm.clarity.names import LATEST, ClarityVersion
from btczs.vm.clarity.reader.span import Span


def runtime(name: str, n: int = 0) -> int:
    return cost_function(name).runtime(n)


def bounds_of(source: str, function: str = "f", version: ClarityVersion = LATEST) -> CostBounds:
    world = CostWorld()
    world.deploy("c", source, version)
    return world.bound("c", function)


def loading(source: str) -> int:
    return runtime("load_contract", len(source))


def test_a_function_without_choices_has_one_cost() -> None:
    source = "(define-read-only (f (a uint)) (+ a u1))"
    bounds = bounds_of(source)
    application = runtime("user_function_application", 1) + runtime("inner_type_check_cost", 16)
    variable = runtime("lookup_variable_depth", 0) + runtime("lookup_variable_size", 16)
    body = runtime("lookup_function") + variable + runtime("add", 2)
    assert bounds.minimum == bounds.maximum
    assert bounds.minimum.runtime == loading(source) + application + body
    assert bounds.minimum.read_count == 3
    assert bounds.minimum.read_length == len(source) + 1
    assert bounds.is_closed


def test_the_arms_of_a_choice_are_the_bounds() -> None:
    bounds = bounds_of("(define-read-only (f (c bool)) (if c (+ 1 2 3) 0))")
    assert bounds.maximum.runtime - bounds.minimum.runtime == runtime("lookup_function") + 31


def test_a_fold_runs_from_never_to_as_often_as_the_list_is_long() -> None:
    bounds = bounds_of("(define-read-only (f (l (list 9 uint))) (fold + l u0))")
    more = 9 * runtime("add", 2)
    sizes = runtime("inner_type_check_cost", 9 * 16 + 6) - runtime("inner_type_check_cost", 6)
    owning = runtime("lookup_variable_size", 9 * 16 + 6) - runtime("lookup_variable_size", 6)
    assert bounds.maximum.runtime - bounds.minimum.runtime == more + sizes + owning


def test_a_list_written_in_the_source_has_its_length() -> None:
    bounds = bounds_of("(define-read-only (f) (fold + (list u1 u2 u3) u0))")
    assert bounds.minimum == bounds.maximum


def test_leaving_early_is_a_way_out() -> None:
    source = "(define-data-var v uint u0) (define-public (f (a bool)) (begin (asserts! a (err u1)) "
    source += "(ok (var-set v u5))))"
    bounds = bounds_of(source)
    assert (bounds.minimum.write_count, bounds.maximum.write_count) == (0, 1)
    assert (bounds.minimum.write_length, bounds.maximum.write_length) == (0, 18)


def test_what_follows_is_not_paid_by_those_who_left_in_a_function_that_is_called() -> None:
    source = "(define-data-var v uint u0) (define-private (g) (err u1)) "
    source += "(define-public (f) (begin (try! (if false (ok u1) (g))) (ok (var-set v u5))))"
    assert bounds_of(source).minimum.write_count == 0


def test_constants_make_loading_dearer() -> None:
    source = "(define-constant c u5) (define-read-only (f) c)"
    assert bounds_of(source).minimum.read_length == len(source) + 16 + 1


def test_a_call_through_a_trait_is_open() -> None:
    source = "(define-trait t ((g () (response uint uint))))\n"
    source += "(define-public (f (c <t>)) (contract-call? c g))"
    bounds = bounds_of(source)
    assert not bounds.is_closed
    (call,) = bounds.open_calls
    assert (call.function, call.place) == ("g", Span(2, 28, 2, 47))
    assert call.contract.endswith(".c")


def test_an_open_call_is_told_to_those_who_call() -> None:
    source = "(define-trait t ((g () (response uint uint)))) "
    source += "(define-private (h (c <t>)) (contract-call? c g)) (define-public (f (c <t>)) (h c))"
    assert [call.function for call in bounds_of(source).open_calls] == ["g"]


def test_a_contract_that_is_not_known_is_open() -> None:
    world = CostWorld()
    world.deploy("callee", "(define-read-only (g) u1)")
    world.deploy("caller", "(define-read-only (f) (contract-call? .callee g))")
    known = static_bound(world.analysis("caller"), "f", world)
    unknown = static_bound(world.analysis("caller"), "f")
    assert known.is_closed
    assert [call.function for call in unknown.open_calls] == ["g"]
    outcome = world.call("caller", "f")
    assert known.minimum == known.maximum == outcome.cost
    assert unknown.minimum.runtime < outcome.cost.runtime


def test_a_private_function_is_bounded_without_loading() -> None:
    source = "(define-private (g) u1) (define-public (f) (ok (g)))"
    world = CostWorld()
    world.deploy("c", source)
    private, public = world.bound("c", "g").minimum, world.bound("c", "f").minimum
    rest = 2 * runtime("lookup_function") + runtime("ok_cons")
    rest += runtime("user_function_application", 0)
    assert public.runtime == private.runtime + rest + loading(source)


def test_an_unknown_function_is_an_error() -> None:
    with pytest.raises(KeyError):
        bounds_of("(define-read-only (g) u1)")


def test_a_guard_may_forget_an_abort() -> None:
    """The body moves too much and stops then: less is paid than for any way through it."""
    world = CostWorld()
    world.deploy("c", """
(define-data-var v uint u0)
(define-public (f (stop bool))
  (let ((me tx-sender))
    (match (restrict-assets? me ((with-stx u1))
             (try! (stx-transfer? u5 me current-contract))
             (var-get v) (var-get v) (var-get v)
             (unwrap-panic (if stop none (some u1))))
      done (ok done)
      broken (ok broken))))""")  # fmt: skip
    bounds, outcome = world.bound("c", "f"), world.call("c", "f", BoolValue(True))
    assert outcome.value == OkValue(UIntValue(0))
    assert bounds.minimum.runtime <= outcome.cost.runtime <= bounds.maximum.runtime


def test_bounds_that_do_not_fit_stop_at_64_bits() -> None:
    lines = ["(define-private (f0 (x uint) (s uint)) (+ x s))"]
    numbers = "(list " + "u1 " * 99 + ")"
    for n in range(1, 12):
        lines.append(f"(define-private (f{n} (x uint) (s uint)) (fold f{n - 1} {numbers} s))")
    lines.append("(define-read-only (f) (f11 u1 u2))")
    bounds = bounds_of("\n".join(lines))
    assert bounds.minimum.runtime == bounds.maximum.runtime == U64_MAX


def test_functions_that_call_twice_take_no_longer_than_they_are_many() -> None:
    """Two to the power of a hundred calls at run time, a hundred walks here."""
    lines = ["(define-private (f0) u1)"]
    lines += [f"(define-private (f{n}) (+ (f{n - 1}) (f{n - 1})))" for n in range(1, 100)]
    lines.append("(define-read-only (f) (f99))")
    before = perf_counter()
    assert bounds_of("\n".join(lines)).maximum.runtime == U64_MAX
    assert perf_counter() - before < 20


def test_the_deepest_nesting_fits_into_the_stack() -> None:
    body = "(if true " * 120 + "u1" + " u2)" * 120
    assert bounds_of(f"(define-read-only (f) {body})").is_closed


def test_a_long_chain_of_contracts_takes_no_recursion() -> None:
    world = CostWorld()
    world.deploy("n0", "(define-read-only (f) u1)")
    for n in range(1, 400):
        world.deploy(f"n{n}", f"(define-read-only (f) (contract-call? .n{n - 1} f))")
    bounds = world.bound("n399", "f")
    assert bounds.is_closed
    assert bounds.minimum == bounds.maximum
    assert bounds.minimum.read_count == 3 * 400


def test_a_meter_with_the_bound_as_its_limit_stops_nothing() -> None:
    world = CostWorld()
    world.deploy_files()
    for function, args in (("burn", [UIntValue(1)]), ("get-balance", [DEPLOYER])):
        limit = world.bound("token", function).maximum
        outcome = call_within(world, function, args, limit)
        assert outcome.error is None
        less = msgspec.structs.replace(limit, runtime=limit.runtime - 1)
        outcome = call_within(world, function, args, less)
        assert isinstance(outcome.error, CostBalanceExceeded)


def call_within(
    world: CostWorld, function: str, args: list[Value], limit: ExecutionCost
) -> Outcome:
    return world.machine.call(
        contract_id("token"), function, args, sender=DEPLOYER, meter=CostMeter(limit)
    )
