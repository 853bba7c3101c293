"""Whatever a program looks like, analysis accepts it or says why not; and it sorts soundly."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from btczs.vm.clarity.analysis import NoContracts, analyze, contract_interface
from btczs.vm.clarity.analysis.errors import CircularReference
from btczs.vm.clarity.analysis.sorter import sort_definitions
from btczs.vm.clarity.costs import UNLIMITED, CostMeter
from btczs.vm.clarity.errors import ClarityError
from btczs.vm.clarity.names import DEFINES, KEYWORDS, NATIVES, VERSIONS
from btczs.vm.clarity.reader import SNIPPET, read_program

TYPE_WORDS = ["int", "uint", "bool", "principal", "buff", "optional", "response", "list", "tuple"]
LEAVES = [
    "1",
    "u2",
    "0x0102",
    '"a"',
    'u"b"',
    "'S1G2081040G2081040G2081040G208105NK8PE5",
    ".c",
    "<t>",
]
LEAVES += [".c.t", "a", "b", "t", "()", "{}", "{a: 1}", "{a: b, c: ()}", *KEYWORDS]

words = st.sampled_from([*NATIVES, *DEFINES, *TYPE_WORDS, "a", "b", "t"])
leaves = st.sampled_from([*LEAVES, *TYPE_WORDS])


def _form(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    forms = st.tuples(words, st.lists(inner, max_size=5))
    return st.one_of(
        forms.map(lambda found: f"({' '.join([found[0], *found[1]])})"),
        st.lists(inner, max_size=3).map(lambda found: f"({' '.join(found)})"),
    )


expressions = st.recursive(leaves, _form, max_leaves=12)
definitions = (
    st.tuples(
        st.sampled_from(DEFINES), st.sampled_from(["a", "(a)", "(b (x <t>))", "t"]), expressions
    )
    .map(" ".join)
    .map("({})".format)
)
programs = st.lists(definitions | expressions, max_size=5).map("\n".join)


@settings(deadline=None, max_examples=300)
@given(programs, st.sampled_from(VERSIONS))
def test_any_program_is_accepted_or_refused_with_a_reason(source, version) -> None:
    refused: ClarityError | None = None
    try:
        program = read_program(SNIPPET, source, version)
        analysis = analyze(program, version, NoContracts(), CostMeter(UNLIMITED))
        assert contract_interface(analysis)["clarity_version"] == f"Clarity{version}"
    except ClarityError as error:
        refused = error
    assert refused is None or (str(refused) and refused.kind != "Unreachable")


uses = st.lists(st.lists(st.integers(0, 7), max_size=3), min_size=8, max_size=8)


@settings(deadline=None)
@given(uses)
def test_sorting_puts_definitions_first_or_finds_the_circle(uses: list[list[int]]) -> None:
    bodies = [" ".join(f"c{used}" for used in used_by) for used_by in uses]
    source = "\n".join(f"(define-constant c{i} (list {body}))" for i, body in enumerate(bodies))
    program = read_program(SNIPPET, source)
    if _needs_itself(uses):
        with pytest.raises(CircularReference):
            sort_definitions(program, CostMeter(UNLIMITED))
        return
    order = sort_definitions(program, CostMeter(UNLIMITED))
    place = {expr.items[1].name: index for index, expr in enumerate(order)}
    for index, used_by in enumerate(uses):
        assert all(place[f"c{used}"] < place[f"c{index}"] for used in used_by)


def _needs_itself(uses: list[list[int]]) -> bool:
    reach = [set(used_by) for used_by in uses]
    for _ in uses:
        reach = [found.union(*(reach[used] for used in found)) for found in reach]
    return any(index in found for index, found in enumerate(reach))
