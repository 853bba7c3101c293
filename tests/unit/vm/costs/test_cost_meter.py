"""The meter charges by coefficients; the formulas of the table are what it must agree with."""

from random import Random

import msgspec
import pytest

from btczs.vm.clarity.costs import UNLIMITED, CostFunction, CostMeter, ExecutionCost, cost_function
from btczs.vm.clarity.costs.coefficients import COEFFICIENTS, NOT_LINEAR
from btczs.vm.clarity.costs.formulas import U64_MAX, Formula
from btczs.vm.clarity.costs.table import COSTS_5
from btczs.vm.clarity.errors import CostBalanceExceeded, CostOverflow

INPUTS = sorted(
    {0, 1, 2, 3, 7, 8, 9, 100, 511, 512, 1023, U64_MAX, U64_MAX - 1}
    | {2**k for k in range(65)}
    | {2**k - 1 for k in range(1, 64, 7)}
)
DIMENSIONS = ("runtime", "read_count", "read_length", "write_count", "write_length")


def evaluated(formula: Formula, n: int) -> int:
    """A formula by its definition, with nothing taken from the code under test."""
    n >>= formula.shift
    match formula.shape:
        case "const":
            cost = formula.b
        case "lin":
            cost = formula.a * n + formula.b
        case "logn":
            cost = formula.a * (n.bit_length() - 1) + formula.b
        case "nlogn":
            cost = formula.a * n * (n.bit_length() - 1) + formula.b
        case _:
            raise AssertionError(formula.shape)
    return min(cost, 2**64 - 1)


class PlainMeter:
    """Charges five formulas, then compares five sums with five limits."""

    def __init__(self, limit: ExecutionCost) -> None:
        self.limit = limit
        self.sums = dict.fromkeys(DIMENSIONS, 0)

    def charge(self, function: CostFunction, n: int) -> type[Exception] | None:
        """What is raised after charging."""
        for dimension in DIMENSIONS:
            self.sums[dimension] += evaluated(getattr(function, dimension), n)
        if all(self.sums[d] <= getattr(self.limit, d) for d in DIMENSIONS):
            return None
        return CostOverflow if max(self.sums.values()) > U64_MAX else CostBalanceExceeded


def is_logarithmic(name: str) -> bool:
    return any(getattr(cost_function(name), d).shape not in ("const", "lin") for d in DIMENSIONS)


@pytest.mark.parametrize("name", COSTS_5)
def test_a_charge_is_what_the_formulas_say(name: str) -> None:
    function = cost_function(name)
    for n in INPUTS:
        if n == 0 and is_logarithmic(name):
            with pytest.raises(ValueError, match="logarithmic"):
                CostMeter(UNLIMITED).charge(name, n)
            continue
        expected = {d: evaluated(getattr(function, d), n) for d in DIMENSIONS}
        by_name, by_function = CostMeter(UNLIMITED), CostMeter(UNLIMITED)
        by_name.charge(name, n)
        by_function.charge(function, n)
        assert {d: getattr(by_name, d) for d in DIMENSIONS} == expected, n
        assert by_name.total() == by_function.total() == function.cost(n)


def test_a_failed_logarithm_charges_nothing() -> None:
    meter = CostMeter()
    with pytest.raises(ValueError, match="logarithmic"):
        meter.charge("analysis_check_tuple_cons", 0)
    assert meter.total() == ExecutionCost()


@pytest.mark.parametrize("seed", range(40))
def test_sums_and_limits_are_those_of_a_plain_meter(seed: int) -> None:
    """Also after a limit was passed: then every further charge is refused, and still added."""
    random = Random(seed)
    names = [name for name in COSTS_5 if not is_logarithmic(name)]
    scale = random.choice((2_000, 40_000, 10**7, 2**64 - 1))
    limit = ExecutionCost(*[random.choice((scale, scale // 3, U64_MAX)) for _ in range(5)])
    meter, plain = CostMeter(limit), PlainMeter(limit)
    for _ in range(150):
        name = random.choice(names)
        n = random.choice((0, 1, 3, 40, 5_000, 2**40, 2**63, U64_MAX))
        if scale < U64_MAX:
            n = min(n, random.choice((0, 2, 200, 2**20)))
        expected = plain.charge(cost_function(name), n)
        if expected is None:
            meter.charge(random.choice((name, cost_function(name))), n)
        else:
            with pytest.raises(expected):
                meter.charge(name, n)
        assert {d: getattr(meter, d) for d in DIMENSIONS} == plain.sums


def test_a_limit_may_be_reached_but_not_passed() -> None:
    meter = CostMeter(msgspec.structs.replace(UNLIMITED, runtime=2 * 168))
    meter.charge("if")
    meter.charge("if")
    with pytest.raises(CostBalanceExceeded):
        meter.charge("not")
    assert meter.runtime == 2 * 168 + 31


def test_what_is_not_runtime_is_limited_too() -> None:
    meter = CostMeter(msgspec.structs.replace(UNLIMITED, read_count=1))
    meter.charge("fetch_var", 5)
    with pytest.raises(CostBalanceExceeded):
        meter.charge("fetch_var", 5)
    with pytest.raises(CostBalanceExceeded):
        meter.charge("not")  # what has been refused stays refused
    assert meter.total() == ExecutionCost(2, 12, 44 + 44 + 31, 0, 0)


def test_fields_may_be_added_to_between_charges() -> None:
    meter = CostMeter(msgspec.structs.replace(UNLIMITED, runtime=1_000))
    meter.runtime += 990
    with pytest.raises(CostBalanceExceeded):
        meter.charge("not")


def test_a_cost_beyond_64_bits_is_an_overflow() -> None:
    meter = CostMeter(UNLIMITED)
    meter.charge("inner_type_check_cost", U64_MAX)
    assert meter.runtime == U64_MAX
    with pytest.raises(CostOverflow):
        meter.charge("not")


def test_only_logarithms_have_no_coefficients() -> None:
    without = {name for name, found in COEFFICIENTS.items() if found == NOT_LINEAR}
    assert without == {name for name in COSTS_5 if is_logarithmic(name)}
    assert set(COEFFICIENTS) == set(COSTS_5)


def test_an_unknown_function_is_no_cost() -> None:
    with pytest.raises(KeyError):
        CostMeter().charge("no_such_function")
