"""Types and traits as sources write them."""

import pytest
from clarity_type_strategies import types
from hypothesis import given, settings

from btczs.codec.clarity.errors import TypeTooDeep, UntypedValue, ValueTooLarge
from btczs.codec.clarity.types import ValueType
from btczs.vm.clarity.costs import UNLIMITED, CostMeter, ExecutionCost
from btczs.vm.clarity.errors import CostBalanceExceeded
from btczs.vm.clarity.reader import parse_expressions
from btczs.vm.clarity.types import parse_named_types, parse_trait, parse_type, type_text
from btczs.vm.clarity.types.errors import (
    BadSyntaxBinding,
    DefineTraitBadSignature,
    DefineTraitDuplicateMethod,
    DuplicateTupleField,
    EmptyTuplesNotAllowed,
    InvalidTypeDescription,
    TooManyFunctionParameters,
    TraitTooManyMethods,
    UnknownTypeName,
    ValueOutOfBounds,
)


def read(text: str, meter: CostMeter | None = None) -> ValueType:
    return parse_type(parse_expressions(text)[0], meter)


@settings(deadline=None)
@given(types)
def test_text_of_a_type_reads_as_the_same_type(value_type: ValueType) -> None:
    assert read(type_text(value_type)) == value_type


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("int", "int"),
        ("{ b: uint, a: bool }", "(tuple (a bool) (b uint))"),
        ("(tuple (b uint) (a bool))", "(tuple (a bool) (b uint))"),
        ("(buff 1048576)", "(buff 1048576)"),
        ("(string-utf8 262144)", "(string-utf8 262144)"),
        ("(list 65535 int)", "(list 65535 int)"),
        ("(list 0 int)", "(list 0 int)"),
        (
            "(response (list 3 int) (optional principal))",
            "(response (list 3 int) (optional principal))",
        ),
    ],
)
def test_forms_of_types(source: str, text: str) -> None:
    assert type_text(read(source)) == text


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("foo", UnknownTypeName),
        ("none", UnknownTypeName),
        ("1", InvalidTypeDescription),
        ("()", InvalidTypeDescription),
        ("(int)", InvalidTypeDescription),
        ("((list) 1)", InvalidTypeDescription),
        ("(list int 3)", InvalidTypeDescription),
        ("(list u3 int)", InvalidTypeDescription),
        ("(list 3)", InvalidTypeDescription),
        ("(list 3 foo)", UnknownTypeName),
        ("(list -1 int)", ValueTooLarge),
        ("(list 4294967296 int)", ValueTooLarge),
        ("(list 65536 int)", ValueTooLarge),
        ("(buff 1048577)", ValueTooLarge),
        ("(buff -1)", ValueOutOfBounds),
        ("(buff u1)", InvalidTypeDescription),
        ("(buff 1 2)", InvalidTypeDescription),
        ("(string-ascii -1)", ValueOutOfBounds),
        ("(string-utf8 262145)", ValueTooLarge),
        ("(optional)", InvalidTypeDescription),
        ("(optional (buff 1048576))", ValueTooLarge),
        ("(response int)", InvalidTypeDescription),
        ("(tuple)", EmptyTuplesNotAllowed),
        ("(tuple a)", BadSyntaxBinding),
        ("(tuple (a int int))", BadSyntaxBinding),
        ("(tuple (1 int))", BadSyntaxBinding),
        ("(tuple (a int) (a uint))", DuplicateTupleField),
        ("(tuple (a foo) b)", BadSyntaxBinding),  # all pairs are looked at before any type
        ("(optional " * 32 + "int" + ")" * 32, TypeTooDeep),
    ],
)
def test_what_is_no_type(source: str, error: type[UntypedValue]) -> None:
    with pytest.raises(error):
        read(source)


def test_a_type_may_nest_32_levels() -> None:
    assert read("(optional " * 31 + "int" + ")" * 31).depth == 32


def test_each_part_of_a_type_is_paid() -> None:
    meter = CostMeter(UNLIMITED)
    read("(response (list 3 {a: int, b: (buff 2)}) uint)", meter)
    assert meter.total() == ExecutionCost(runtime=4 * 6)


def test_a_part_is_paid_before_it_is_looked_at() -> None:
    with pytest.raises(CostBalanceExceeded):
        read("(optional foo)", CostMeter(ExecutionCost(runtime=7)))
    with pytest.raises(UnknownTypeName):
        read("(optional foo)", CostMeter(ExecutionCost(runtime=8)))


def test_trait_references_are_types() -> None:
    source = (
        "(define-trait t ((f () (response bool bool)))) (define-private (g (x (list 2 <t>))) x)"
    )
    _, function = parse_expressions(source)
    ((name, found),) = parse_named_types(function.items[1].items[1:], "Eval")
    assert name == "x"
    assert found.parts[0].trait is not None
    assert type_text(found).startswith("(list 2 <S")
    assert type_text(found).endswith(".__transient.t>)")


def trait(methods: str, version: int = 6):
    return parse_trait(parse_expressions(methods)[0], version)


def test_trait_lists_its_methods_in_order_of_names() -> None:
    found = trait("((z () (response bool bool)) (a (uint int) (response uint {c: int})))")
    assert list(found) == ["a", "z"]
    assert [type_text(part) for part in found["a"].parameters] == ["uint", "int"]
    assert type_text(found["a"].returns) == "(response uint (tuple (c int)))"
    assert found["a"].type_size == 1 + 1 + (1 + 1 + (2 + 1 + 1))


def test_a_method_may_stand_twice_in_clarity_1_only() -> None:
    twice = "((f (int) (response bool bool)) (f () (response uint bool)))"
    assert trait(twice, 1)["f"].parameters == ()
    with pytest.raises(DefineTraitDuplicateMethod):
        trait(twice, 2)


@pytest.mark.parametrize(
    ("methods", "error"),
    [
        ("f", DefineTraitBadSignature),
        ("(f)", DefineTraitBadSignature),
        ("((f ()))", InvalidTypeDescription),
        ("((1 () (response int int)))", DefineTraitBadSignature),
        ("((f int (response int int)))", DefineTraitBadSignature),
        ("((f (foo) (response int int)))", UnknownTypeName),
        ("((f () int))", DefineTraitBadSignature),
        ("((f () foo))", DefineTraitBadSignature),  # whatever is wrong with the result
        ("((f (" + "int " * 257 + ") (response int int)))", TooManyFunctionParameters),
        ("(" + "(f () (response int int)) " * 257 + ")", TraitTooManyMethods),
    ],
)
def test_what_is_no_trait(methods: str, error: type[UntypedValue]) -> None:
    with pytest.raises(error):
        trait(methods)
