"""The helpers of these tests: a helper that is wrong would judge wrongly."""

import pytest
from exclusions import EPOCH_4_0, epoch_number, epoch_rule, has_word
from reference_errors import MESSAGES, kind_of_debug, kind_of_text
from reference_text import value_text
from reference_values import Unreadable, parse_arguments

import btczs.vm.clarity.machine  # noqa: F401 - loads every class of error
from btczs.codec.clarity import parse_principal
from btczs.codec.clarity.values import (
    AsciiValue,
    ErrValue,
    IntValue,
    ListValue,
    SomeValue,
    TupleValue,
    UIntValue,
    Utf8Value,
)
from btczs.vm.clarity.errors import ClarityError

NEVER_RAISED_HERE = {
    "IllegalCharString",
    "IllegalClarityName",
    "IllegalTraitName",
    "IllegalVariableName",
}
"""Kinds that only the reference's older parser has, or none of its paths reaches."""


def _kinds(cls: type[ClarityError]) -> set[str]:
    return {cls.__name__}.union(*(_kinds(sub) for sub in cls.__subclasses__()))


def test_every_message_names_a_kind_that_exists() -> None:
    assert {kind for _, kind in MESSAGES} - _kinds(ClarityError) == NEVER_RAISED_HERE


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Runtime(ArithmeticOverflow, [])", "ArithmeticOverflow"),
        ('Arithmetic("sqrti must be passed a positive integer")', "Arithmetic"),
        ("ShortReturn(ExpectedValue((err u42)))", "UnwrapFailed"),
        ("Vm(EarlyReturn(AssertionFailed((err 0))))", "AssertionFailed"),
        ("RuntimeCheck(Unreachable('Expected list'))", "Unreachable"),
        ("Unchecked('?')", "?"),
        ("*", "*"),
    ],
)
def test_kind_of_debug(text: str, kind: str) -> None:
    assert kind_of_debug(text) == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (":0:0: expecting tuple, found 'int'", "ExpectedTuple"),
        ("expecting expression of type 'int' or 'uint', found 'bool'", "UnionTypeError"),
        ("expecting expression of type 'int', found 'uint'", "TypeError"),
        ("defining 'foo' conflicts with previous value", "NameAlreadyUsed"),
        ("SupplyOverflow(1100000, 1000000)", "SupplyOverflow"),
        ("something else", "?"),
    ],
)
def test_kind_of_text(text: str, kind: str) -> None:
    assert kind_of_text(text) == kind


def test_value_text() -> None:
    value = TupleValue((("a", ListValue((IntValue(1), IntValue(-2)))), ("b", UIntValue(3))))
    assert value_text(value) == "(tuple (a (1 -2)) (b u3))"
    assert value_text(Utf8Value("a🦊'")) == 'u"a\\u{f09fa68a}\\\'"'
    assert value_text(AsciiValue('\n"')) == '"\\n\\""'


def test_arguments() -> None:
    principal = "ST1AW6EKPGT61SQ9FNVDS17RKNWT8ZP582VF9HSCP"
    text = (
        "[UInt(1), Response(ResponseData { committed: false, data: Int(-2) }), "
        "Optional(OptionalData { data: Some(UInt(7)) }), "
        "Principal(Contract(QualifiedContractIdentifier { issuer: StandardPrincipalData("
        f'{principal}), name: ContractName("target") }}))]'
    )
    assert parse_arguments(text) == (
        UIntValue(1),
        ErrValue(IntValue(-2)),
        SomeValue(UIntValue(7)),
        parse_principal(f"{principal}.target"),
    )
    assert parse_arguments("[]") == ()
    with pytest.raises(Unreadable):
        parse_arguments("[Tuple(TupleData { })]")


def test_epochs_are_in_order() -> None:
    names = ["2.0", "2.05", "2.1", "Epoch2_05", "Epoch24", "3.0", "Epoch34", "Epoch40", None]
    numbers = [epoch_number(name) for name in names]
    assert numbers[0] < numbers[1] < numbers[2]
    assert numbers[3] == numbers[1]
    assert numbers[4] < numbers[5] < numbers[6] < numbers[7] == numbers[8] == EPOCH_4_0


def test_a_rule_of_an_epoch_needs_the_epoch_and_the_code() -> None:
    code = "(at-block 0x00 (var-get data))"
    assert epoch_rule({"run_epoch": "3.2"}, code) is not None
    assert epoch_rule({"run_epoch": "4.0"}, code) is None
    assert epoch_rule({"run_epoch": "3.2"}, "(+ 1 2)") is None
    assert not has_word("(stacks-block-height)", "block-height")
