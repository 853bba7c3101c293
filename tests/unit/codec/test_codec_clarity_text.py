"""What people see of values and principals."""

import pytest
from clarity_strategies import principals, values
from hypothesis import given
from hypothesis import strategies as st

from btczs.codec.clarity import (
    InvalidPrincipal,
    UntypedValue,
    parse_principal,
    principal_text,
    repr_value,
    type_text,
)
from btczs.codec.clarity.names import is_clarity_name, is_contract_name
from btczs.codec.clarity.values import (
    FALSE,
    NONE,
    TRUE,
    AsciiValue,
    BufferValue,
    ContractPrincipal,
    ErrValue,
    IntValue,
    ListValue,
    OkValue,
    SomeValue,
    StandardPrincipal,
    UIntValue,
    Utf8Value,
    Value,
    make_tuple,
)
from btczs.codec.errors import InvalidAddress
from btczs.primitives import DecodeError, Hash20

ZERO = Hash20(bytes(20))
BOOT = "ST000000000000000000002AMW42H"

TEXTS: list[tuple[Value, str, str]] = [
    (IntValue(-5), "-5", "int"),
    (UIntValue(5), "u5", "uint"),
    (TRUE, "true", "bool"),
    (FALSE, "false", "bool"),
    (BufferValue(b""), "0x", "(buff 0)"),
    (BufferValue(b"\x00\xff"), "0x00ff", "(buff 2)"),
    (StandardPrincipal(26, ZERO), f"'{BOOT}", "principal"),
    (ContractPrincipal(26, ZERO, "pox-4"), f"'{BOOT}.pox-4", "principal"),
    (NONE, "none", "(optional UnknownType)"),
    (SomeValue(UIntValue(1)), "(some u1)", "(optional uint)"),
    (OkValue(TRUE), "(ok true)", "(response bool UnknownType)"),
    (ErrValue(UIntValue(1)), "(err u1)", "(response UnknownType uint)"),
    (ListValue(()), "(list)", "(list 0 UnknownType)"),
    (ListValue((IntValue(1), IntValue(2))), "(list 1 2)", "(list 2 int)"),
    (
        make_tuple(b=NONE, a_c=TRUE),
        "(tuple (a-c true) (b none))",
        "(tuple (a-c bool) (b (optional UnknownType)))",
    ),
    (
        AsciiValue("a\"b'c\\d\te\nf\rg\x0c"),
        '"a\\"b\\\'c\\\\d\\te\\nf\\rg\\x0c"',
        "(string-ascii 14)",
    ),
    (Utf8Value("aé🦊\0"), 'u"a\\u{c3a9}\\u{f09fa68a}\\x00"', "(string-utf8 16)"),
]


@pytest.mark.parametrize(("value", "text", "shown_type"), TEXTS)
def test_texts(value: Value, text: str, shown_type: str) -> None:
    assert repr_value(value) == text
    assert type_text(value) == shown_type


@given(values, values)
def test_the_text_tells_values_apart(a: Value, b: Value) -> None:
    assert (repr_value(a) == repr_value(b)) == (a == b)


@given(values)
def test_texts_are_printable_ascii(value: Value) -> None:
    for text in (repr_value(value), type_text(value)):
        assert text.isascii()
        assert text.isprintable()


def test_texts_of_values_that_nest_too_deeply_are_refused() -> None:
    value: Value = NONE
    for _ in range(5000):
        value = SomeValue(value)
    with pytest.raises(UntypedValue):
        repr_value(value)
    with pytest.raises(UntypedValue):
        type_text(value)


@given(principals)
def test_principal_text_round_trip(principal: StandardPrincipal | ContractPrincipal) -> None:
    assert parse_principal(principal_text(principal)) == principal


def test_the_issuer_of_a_contract() -> None:
    contract = parse_principal(f"{BOOT}.pox-4")
    assert isinstance(contract, ContractPrincipal)
    assert contract.issuer == parse_principal(BOOT)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", InvalidAddress),
        ("ST", InvalidAddress),
        (".pox", InvalidAddress),
        (BOOT + ".", InvalidPrincipal),
        (BOOT + ".1a", InvalidPrincipal),
        (BOOT + ".a.b", InvalidPrincipal),
        (BOOT + ".a\n", InvalidPrincipal),
        (BOOT + "." + "a" * 129, InvalidPrincipal),
        (BOOT + ".é", InvalidPrincipal),
        ("'" + BOOT, InvalidAddress),
    ],
)
def test_texts_that_are_no_principal(text: str, error: type[DecodeError]) -> None:
    with pytest.raises(error):
        parse_principal(text)


@given(st.text(max_size=60))
def test_any_text_gives_a_typed_error(text: str) -> None:
    with pytest.raises(DecodeError):
        parse_principal(text)


def test_contract_names_in_transactions_are_shorter() -> None:
    assert is_contract_name("a" * 40)
    assert not is_contract_name("a" * 41)
    assert is_contract_name("a" * 128, 128)
    assert not is_contract_name("a" * 129, 128)
    assert is_contract_name("__transient")
    assert not is_contract_name("_a")
    assert not is_contract_name("a?")
    assert is_clarity_name("a?")
    assert not is_clarity_name("<<")
    assert not is_clarity_name("a b")
