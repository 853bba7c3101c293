"""Properties: generated programs have the type they were made for, and nothing takes too long."""

import sys
from collections.abc import Callable

import pytest
from checker_world import EMPTY, principal, type_of
from hypothesis import given, settings
from hypothesis import strategies as st

from btczs.codec.clarity.errors import UntypedValue
from btczs.codec.clarity.types import (
    PRINCIPAL,
    TraitIdentifier,
    ValueType,
    contract_type,
    list_type,
    optional_type,
    trait_type,
)
from btczs.vm.clarity.analysis.checker.common import Common
from btczs.vm.clarity.costs import UNLIMITED, CostMeter
from btczs.vm.clarity.errors import ClarityError
from btczs.vm.clarity.limits import NESTING_MAX
from btczs.vm.clarity.names import DEFINES, KEYWORDS, NATIVES, ClarityVersion
from btczs.vm.clarity.reader.syntax import Form
from btczs.vm.clarity.types.admission import admits_type
from btczs.vm.clarity.types.parse import parse_type
from btczs.vm.clarity.types.supertype import least_supertype

LEAVES = {
    "int": ["1", "(+ 2 -3)", "(to-int u1)", "(if true 1 2)"],
    "uint": ["u1", "(len 0x00)", "(* u2 u3)", "(let ((a u1)) a)"],
    "bool": ["true", "(< 1 2)", "(is-eq 0x 0x00)", "(not false)"],
    "principal": ["tx-sender", "contract-caller", "current-contract"],
    "(buff 2)": ["0x0102", "(concat 0x01 0x02)"],
    "(string-ascii 3)": ['"abc"', '(concat "a" "bc")'],
    "(string-utf8 1)": ['u"x"'],
}


def _wrap(inner):
    def optional(pair):
        return st.just((f"(optional {pair[0]})", f"(some {pair[1]})"))

    def matched(pair):
        return st.just((pair[0], f"(match (some {pair[1]}) it it {pair[1]})"))

    def listed(pair):
        return st.just((f"(list 2 {pair[0]})", f"(list {pair[1]} {pair[1]})"))

    def fields(pairs):
        (a, x), (b, y) = pairs
        return (f"(tuple (a {a}) (b {b}))", f"{{b: {y}, a: {x}}}")

    def got(pairs):
        (a, x), (_, y) = pairs
        return (a, f"(get k (merge {{z: {y}}} {{k: {x}}}))")

    return st.one_of(
        inner.flatmap(optional),
        inner.flatmap(matched),
        inner.flatmap(listed),
        st.tuples(inner, inner).map(fields),
        st.tuples(inner, inner).map(got),
    )


typed = st.recursive(
    st.sampled_from([(kind, text) for kind, texts in LEAVES.items() for text in texts]),
    _wrap,
    max_leaves=12,
)


@given(typed)
@settings(max_examples=150)
def test_an_expression_made_for_a_type_has_it(pair):
    wanted, source = pair
    assert type_of(source) == wanted


@given(typed)
@settings(max_examples=100)
def test_an_expression_fits_where_its_type_is_wanted(pair):
    wanted, source = pair
    analysis = EMPTY.check(f"(define-data-var v {wanted} {source}) (define-constant c {source})")
    assert analysis.data_vars["v"] == analysis.constants["c"]


@given(typed)
@settings(max_examples=100)
def test_every_expression_that_is_evaluated_gets_a_type(pair):
    analysis = EMPTY.check(f"(print {pair[1]})")
    (printed,) = analysis.program.expressions
    assert isinstance(printed, Form)
    head, argument = printed.items
    assert analysis.types[argument.id] == analysis.types[printed.id]
    assert analysis.types[head.id].kind == "unknown"


WORDS = [*NATIVES, *KEYWORDS, *DEFINES, "a", "b", "int", "x", "get-btcz-tx-sender"]
scraps = st.recursive(
    st.sampled_from([*WORDS, "1", "u1", "0x00", '"s"', "{a: 1}", ".c", "tx-sender", "none"]),
    lambda inner: st.lists(inner, max_size=5).map(lambda items: f"({' '.join(items)})"),
    max_leaves=25,
)


def _refusal(source: str, version: ClarityVersion) -> ClarityError | None:
    try:
        EMPTY.check(source, version)
    except ClarityError as error:
        return error
    return None


@given(st.lists(scraps, min_size=1, max_size=3), st.sampled_from([1, 2, 4, 6]))
@settings(max_examples=400)
def test_scraps_are_accepted_or_refused_but_never_crash(parts, version):
    error = _refusal(" ".join(parts), version)
    assert error is None or error.kind != "Unreachable"


native_scraps = st.tuples(
    st.sampled_from(sorted(NATIVES)),
    st.lists(st.sampled_from(["1", "u1", "0x00", "{a: 1}", "(some 1)", "(list u1)", "a", "true"])),
).map(lambda pair: f"({pair[0]} {' '.join(pair[1])})")


@given(native_scraps, st.sampled_from([1, 3, 5, 6]))
@settings(max_examples=400)
def test_no_native_crashes_on_any_arguments(source, version):
    error = _refusal(source, version)
    if error is not None:
        assert error.kind != "Unreachable"
        assert error.span is not None


types = st.sampled_from(
    ["int", "(buff 1)", "(buff 3)", "(optional int)", "(list 2 (buff 1))", "(list 3 (buff 2))"]
)


def parse(text: str) -> ValueType:
    program = EMPTY.check(f"(define-data-var v {text} {ZEROS[text]})")
    (definition,) = program.program.expressions
    assert isinstance(definition, Form)
    return parse_type(definition.items[2])


ZEROS = {
    "int": "0",
    "(buff 1)": "0x",
    "(buff 3)": "0x",
    "(optional int)": "none",
    "(list 2 (buff 1))": "(list)",
    "(list 3 (buff 2))": "(list)",
}

callables = st.sampled_from(
    [
        *[contract_type(principal(name)) for name in "abc"],
        trait_type(TraitIdentifier(principal("t"), "x")),
        PRINCIPAL,
    ]
)


@given(st.lists(st.one_of(types.map(parse), callables), min_size=1, max_size=6), st.booleans())
def test_a_common_type_built_up_is_that_of_one_after_another(items, item_first):
    common = Common()
    expected: ValueType | None = None
    for item in items:
        refused = False
        try:
            if expected is None:
                expected = item
            else:
                pair = (item, expected) if item_first else (expected, item)
                expected = least_supertype(*pair)
        except UntypedValue:
            refused = True
        if refused:
            with pytest.raises(UntypedValue):
                common.add(item, item_first=item_first)
            return
        common.add(item, item_first=item_first)
        assert common.type_size == expected.type_size
    assert common.result() == expected
    for item in items:
        if expected.kind not in ("union", "callable"):
            assert admits_type(expected, item)


NESTINGS: dict[str, Callable[[int], str]] = {
    "plus": lambda levels: "(+ 1 " * levels + "1" + ")" * levels,
    "begin": lambda levels: "(begin " * levels + "1" + ")" * levels,
    "let": lambda levels: "(let () " * levels + "1" + ")" * levels,
    "if": lambda levels: "(if true 1 " * levels + "1" + ")" * levels,
    "match": lambda levels: (
        "".join(f"(match (some 1) a{i} " for i in range(levels)) + "1" + " 2)" * levels
    ),
    "merge": lambda levels: "(merge {a: 1} " * levels + "{b: 1}" + ")" * levels,
    "guarded": lambda levels: (
        "(is-ok (as-contract? () " * (levels // 2) + "1" + "))" * (levels // 2)
    ),
    "unwrapped": lambda levels: "(unwrap-panic (some " * (levels // 2) + "1" + "))" * (levels // 2),
    "print": lambda levels: "(print " * levels + "1" + ")" * levels,
    "map": lambda levels: "(map + " * levels + "(list 1)" + ")" * levels,
    "function": lambda levels: (
        "(define-private (f (x int)) x)" + "(f " * levels + "1" + ")" * levels
    ),
}


@pytest.mark.parametrize("nesting", NESTINGS)
@pytest.mark.parametrize("version", [1, 6])
def test_the_deepest_source_leaves_room_on_the_stack(nesting, version):
    """Four Python calls a level at most, so the usual limit of 1000 is enough for the deepest."""
    if nesting == "guarded" and version < 4:
        version = 4
    source = NESTINGS[nesting](NESTING_MAX - 3)
    depth = _stack_depth(lambda: EMPTY.check(source, version))
    assert depth <= 4 * NESTING_MAX + 30


def _stack_depth(run: Callable[[], object]) -> int:
    """The most Python calls that are under way at a time, above this one."""
    deepest = level = 0

    def watch(_frame: object, event: str, _arg: object) -> None:
        nonlocal deepest, level
        if event == "call":
            level += 1
            deepest = max(deepest, level)
        elif event == "return":
            level -= 1

    sys.setprofile(watch)
    try:
        run()
    finally:
        sys.setprofile(None)
    return deepest


def _calls(source: str) -> int:
    """Python calls that checking takes, which unlike time is the same on every machine."""
    count = 0

    def watch(_frame: object, event: str, _arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    meter = CostMeter(UNLIMITED, 10**12)
    sys.setprofile(watch)
    try:
        EMPTY.check(source, meter=meter)
    finally:
        sys.setprofile(None)
    return count


WIDE: dict[str, Callable[[int], str]] = {
    "constants": lambda n: " ".join(f"(define-constant c{i} {i})" for i in range(n)),
    "functions": lambda n: " ".join(f"(define-private (f{i} (x int)) (+ x 1))" for i in range(n)),
    "items": lambda n: f"(list {'1 ' * n})",
    "contracts": lambda n: f"(list {' '.join(f'.c{i}' for i in range(n))})",
    "equal": lambda n: f"(is-eq {' '.join(f'.c{i}' for i in range(n))})",
    "bindings": lambda n: f"(let ({' '.join(f'(a{i} 1)' for i in range(n))}) a0)",
    "fields": lambda n: f"{{{', '.join(f'a{i}: 1' for i in range(n))}}}",
    "returns": lambda n: f"(define-private (f) (begin {'(asserts! true .a) ' * n} .b))",
    "sum": lambda n: f"(+ {'1 ' * n})",
    "joined": lambda n: f"(concat {'0x00 ' * n} 0x)",
}


@pytest.mark.parametrize("shape", WIDE)
def test_work_grows_no_faster_than_the_source(shape):
    small, large = _calls(WIDE[shape](300)), _calls(WIDE[shape](1200))
    assert large <= 4.6 * small


def test_a_field_of_a_wide_tuple_is_found_without_looking_at_all():
    wide = ", ".join(f"a{i}: 1" for i in range(2000))
    few = _calls(f"(define-constant t {{{wide}}}) (get a1 t)")
    many = _calls(f"(define-constant t {{{wide}}}) (+ {'(get a1 t) ' * 500})")
    assert many - few < 500 * 120


def test_a_union_inside_of_another_type_is_still_a_union():
    a, b = contract_type(principal("a")), contract_type(principal("b"))
    common = Common()
    for part in (a, b):
        common.add(optional_type(list_type(1, part)))
    found = common.result()
    assert found is not None
    assert found.parts[0].parts[0].kind == "union"
