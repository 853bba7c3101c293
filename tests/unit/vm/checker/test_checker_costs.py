"""What analysis costs: sums done by hand, memory, and what is paid when a contract is refused."""

import pytest
from checker_world import EMPTY
from hypothesis import given
from hypothesis import strategies as st

from btczs.vm.clarity.costs import BLOCK_LIMIT, CostMeter, ExecutionCost
from btczs.vm.clarity.errors import CostBalanceExceeded, MemoryBalanceExceeded, StaticError

VISIT = 1
LOOKUP = 15


def annotate(size):
    return size + 9


def compare(size):
    return 113 * size + 1


def stored(nodes):
    return 2 * nodes + 94


def runtime(source, version=6):
    return EMPTY.cost_of(source, version).runtime


def paid(source, version=6):
    """The runtime of a source that is refused."""
    meter = CostMeter()
    with pytest.raises(StaticError):
        EMPTY.check(source, version, meter=meter)
    return meter.runtime


def test_the_parts_of_a_sum_by_hand():
    literal = VISIT + annotate(1)
    assert runtime("1") == stored(1) + literal
    assert runtime("0x00") == stored(1) + VISIT + annotate(5)
    assert runtime("tx-sender") == stored(1) + literal + LOOKUP
    assert runtime("(+ 1 2)") == stored(4) + 2 * literal + 2 * compare(1) + literal
    some = VISIT + 5 + literal + annotate(2)
    assert runtime("(is-some (some 1))") == stored(5) + VISIT + some + 4 + annotate(1)


def test_a_place_with_a_type_visits_nothing_from_clarity_2_on():
    condition = annotate(1) + LOOKUP + compare(1)
    arms = 2 * (VISIT + annotate(1))
    whole = stored(5) + condition + arms + compare(1) + VISIT + annotate(1)
    assert runtime("(if true 1 2)", 2) == whole
    assert runtime("(if true 1 2)", 1) == whole + VISIT


def test_storage_of_the_analysis_grows_with_the_nodes():
    assert EMPTY.cost_of("(+ 1 2)") == ExecutionCost(1, 1, runtime("(+ 1 2)"), 1, 5)


def test_a_refused_function_is_charged_for_what_was_compared():
    literal = VISIT + annotate(1)
    # all three are read; the comparison stops with the second
    read = stored(5) + VISIT + 3 * literal
    assert paid("(+ 1 u2 3)") == read + 2 * compare(1)
    assert paid("(is-eq 1 u2 3)") == read + 2 * compare(1)
    # a wrong count is found without comparing
    assert paid("(mod 1 2 3)") == read


def test_the_error_of_an_argument_comes_before_that_of_the_function():
    with pytest.raises(StaticError) as caught:
        EMPTY.check("(+ 1 u2 nope)")
    assert caught.value.kind == "UndefinedVariable"


@given(st.integers(1, 40))
def test_each_item_of_a_list_costs_the_same(count):
    item = runtime(f"(list {'1 ' * (count + 1)})") - runtime(f"(list {'1 ' * count})")
    assert item == 2 + VISIT + annotate(1) + 2 + 4


@given(st.integers(1, 30))
def test_a_deeper_scope_costs_the_logarithm_of_its_depth(depth):
    lets = "".join(f"(let ((a{level} 1)) " for level in range(depth))
    used = runtime(f"{lets} a0{')' * depth}")
    plain = runtime(f"{lets} 1{')' * depth}")
    assert used - plain == LOOKUP + depth * (depth.bit_length() - 1) + 12


def test_memory_is_held_for_definitions_and_given_back_by_bindings():
    meter = CostMeter()
    EMPTY.check(
        "(define-constant abc 1) (let ((de 1)) de) (define-private (f (x int)) x)", meter=meter
    )
    assert meter.memory == len("abc") + 1 + len("f") + 2
    assert meter.memory_peak == len("abc") + 1 + len("f") + 2
    deep = CostMeter()
    EMPTY.check("(let ((de 1)) (let ((f 0x)) 1))", meter=deep)
    assert (deep.memory, deep.memory_peak) == (0, 2 + 1 + 1 + 5)


def test_the_limits_hold_during_analysis():
    tight = CostMeter(ExecutionCost(9, 9, runtime("(+ 1 2)") - 1, 9, 9))
    with pytest.raises(CostBalanceExceeded):
        EMPTY.check("(+ 1 2)", meter=tight)
    exact = CostMeter(ExecutionCost(9, 9, runtime("(+ 1 2)"), 9, 9))
    EMPTY.check("(+ 1 2)", meter=exact)
    with pytest.raises(MemoryBalanceExceeded):
        EMPTY.check("(let ((a 1)) a)", meter=CostMeter(BLOCK_LIMIT, 1))


def test_reading_a_type_costs_only_where_it_is_an_argument():
    one = runtime("(from-consensus-buff? int 0x)")
    two = runtime("(from-consensus-buff? (optional int) 0x)")
    nodes, step, larger = 2 * 2, 4, 1
    assert two - one == nodes + step + larger
    plain = runtime("(define-map m int int)")
    assert runtime("(define-map m (optional int) int)") == plain + nodes + larger


@pytest.mark.parametrize(
    "source", ["(tuple)", "(merge {a: 1} (tuple))", "(get a (tuple))", "(let () a)", "a", "(get a)"]
)
@pytest.mark.parametrize("version", [1, 6])
def test_no_logarithm_of_nothing_is_charged(source, version):
    """Costs by the number of fields or of scopes have no value for none of them."""
    with pytest.raises(StaticError):
        EMPTY.check(source, version)
