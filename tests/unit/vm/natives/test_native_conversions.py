"""Numbers, text, bytes and principals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from native_programs import answer, runtime_cost, text

from btczs.vm.clarity.runtime.integers import INT_MAX, INT_MIN, UINT_MAX
from btczs.vm.clarity.runtime.text_numbers import ascii_or_none, parse_integer

HASH = "0x0102030405060708090a0b0c0d0e0f1011121314"


def check(source, expected, version=6, *, mainnet=False):
    assert answer(source, version, mainnet=mainnet) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("(buff-to-int-be 0xff)", "255"),
        ("(buff-to-int-le 0xff)", "255"),
        ("(buff-to-int-be 0x)", "0"),
        (f"(buff-to-int-be 0x{'ff' * 16})", "-1"),
        (f"(buff-to-uint-le 0x{'ff' * 16})", f"u{UINT_MAX}"),
        ("(buff-to-uint-be 0x0100)", "u256"),
        ("(buff-to-uint-le 0x0100)", "u1"),
        (f"(buff-to-uint-le 0x{'00' * 17})", "TypeValueError"),
        ("(buff-to-int-be 1)", "TypeValueError"),
        ('(string-to-int? "-12")', "(some -12)"),
        ('(string-to-int? "+0012")', "(some 12)"),
        ('(string-to-int? "-0")', "(some 0)"),
        ('(string-to-int? "")', "none"),
        ('(string-to-int? " 1")', "none"),
        ('(string-to-int? "1_0")', "none"),
        ('(string-to-int? u"\\u{661}")', "none"),
        ('(string-to-uint? "-0")', "none"),
        ('(string-to-uint? "+7")', "(some u7)"),
        ('(string-to-uint? "u7")', "none"),
        ("(string-to-uint? 0x01)", "UnionTypeValueError"),
        ("(int-to-ascii u5)", '"5"'),
        ("(int-to-ascii -5)", '"-5"'),
        ("(int-to-utf8 5)", 'u"5"'),
        ("(int-to-ascii true)", "UnionTypeValueError"),
        ("(to-ascii? u5)", '(ok "u5")'),
        ("(to-ascii? -5)", '(ok "-5")'),
        ("(to-ascii? true)", '(ok "true")'),
        ("(to-ascii? 0x00ff)", '(ok "0x00ff")'),
        ('(to-ascii? u"abc")', '(ok "abc")'),
        ('(to-ascii? u"\\u{e9}")', "(err u1)"),
        ("(to-ascii? 'ST000000000000000000002AMW42H.a)", '(ok "ST000000000000000000002AMW42H.a")'),
        ('(to-ascii? "abc")', "UnionTypeValueError"),
        ("(to-ascii? (list 1))", "UnionTypeValueError"),
    ],
)
def test_conversions(source, expected):
    check(source, expected)


def test_text_with_the_vertical_tab_is_no_ascii():
    assert ascii_or_none("a b\t\n\r\f~") == "a b\t\n\r\f~"
    assert ascii_or_none("\x0b") is None
    assert ascii_or_none("\x7f") is None
    assert ascii_or_none("\x00") is None


@given(st.integers(INT_MIN * 2, INT_MAX * 4), st.integers(0, 50))
def test_numbers_are_parsed_as_they_are_printed(n, zeros):
    digits = "-" * (n < 0) + "0" * zeros + str(abs(n))
    assert parse_integer(digits, True) == (n if INT_MIN <= n <= INT_MAX else None)
    assert parse_integer(digits, False) == (n if 0 <= n <= UINT_MAX else None)


@given(st.text(alphabet="+-0123 _ ٣a\n", max_size=6))
def test_only_a_sign_and_digits_are_numbers(given_text):
    body = given_text[1:] if given_text[:1] in ("+", "-") else given_text
    is_number = body != "" and all(c in "0123456789" for c in body)
    assert (parse_integer(given_text, True) is not None) == is_number


def test_a_long_number_is_parsed_in_no_time():
    assert parse_integer("0" * 1_000_000 + "7", True) == 7
    assert parse_integer("7" * 1_000_000, True) is None


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("(to-consensus-buff? {b: 1, a: u2})",
         "(some 0x0c00000002016101" + "00" * 15 + "02016200" + "00" * 15 + "01)"),
        ('(to-consensus-buff? u"\\u{1f98a}")', "(some 0x0e00000004f09fa68a)"),
        ("(to-consensus-buff? none)", "(some 0x09)"),
        ("(from-consensus-buff? int 0x)", "none"),
        ("(from-consensus-buff? bool 0x03)", "(some true)"),
        ("(from-consensus-buff? bool 0x0300)", "none"),
        ("(from-consensus-buff? uint 0x00" + "00" * 16 + ")", "none"),
        ("(from-consensus-buff? (buff 1) 0x02000000020102)", "none"),
        ("(from-consensus-buff? {a: bool, b: bool} 0x0c000000020162030161" + "04)",
         "(some (tuple (a false) (b true)))"),
        ("(from-consensus-buff? {a: bool} 0x0c0000000201610301" + "6204)", "(some (tuple (a true)))"),
        ("(from-consensus-buff? {a: bool} 0x0c000000020161030161" + "04)", "none"),
        ("(from-consensus-buff? {a: bool, b: bool} 0x0c0000000101" + "6103)", "none"),
        ("(from-consensus-buff? principal 0x0520" + "00" * 20 + ")", "none"),
        ("(from-consensus-buff? (list 1 bool) 0x0b000000020303)", "none"),
        ("(from-consensus-buff? (optional bool) 0x09)", "(some none)"),
        ("(from-consensus-buff? (response bool int) 0x0703)", "(some (ok true))"),
        ("(from-consensus-buff? (string-ascii 2) 0x0d0000000180)", "none"),
        ("(from-consensus-buff? (string-utf8 2) 0x0e00000001ff)", "none"),
        ("(from-consensus-buff? nothing 0x03)", "Unreachable"),
        ("(from-consensus-buff? int 5)", "TypeValueError"),
    ],
)  # fmt: skip
def test_consensus_buffers(source, expected):
    check(source, expected)


def test_a_value_that_does_not_fit_an_optional_buffer_gives_none():
    # buffer of n bytes: 5 + n bytes, which an optional buffer counts as 4 + 5 + n + 1
    source = "(let ((b 0x{})) (is-some (to-consensus-buff? b)))"
    assert text(source.format("00" * (2**20 - 10))) == "true"
    assert text(source.format("00" * (2**20 - 9))) == "false"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (f'(principal-construct? 0x {HASH})', "(err (tuple (error_code u1) (value none)))"),
        (f"(principal-construct? 0x20 {HASH})", "(err (tuple (error_code u1) (value none)))"),
        ("(principal-construct? 0x1a 0x01)", "(err (tuple (error_code u1) (value none)))"),
        (f'(principal-construct? 0x1a {HASH} "")', "(err (tuple (error_code u2) (value none)))"),
        (f'(principal-construct? 0x1a {HASH} "1a")', "(err (tuple (error_code u2) (value none)))"),
        (f"(principal-construct? 0x1a1a {HASH})", "TypeValueError"),
        (f"(principal-construct? 0x1a {HASH}00)", "TypeValueError"),
        (f'(principal-construct? 0x1a {HASH} "{"a" * 41}")', "TypeValueError"),
        (f"(principal-construct? 0x1a {HASH} 1)", "TypeValueError"),
        ("(principal-construct? 0x1a)", "Unreachable"),
        (f"(principal-construct? 0x1a {HASH} 1 2)", "Unreachable"),
        ("(is-standard 'ST000000000000000000002AMW42H)", "true"),
        ("(is-standard 'SP000000000000000000002Q6VF78)", "false"),
        ("(is-standard 'S1G2081040G2081040G2081040G208105NK8PE5)", "false"),
        ("(is-standard 1)", "TypeValueError"),
        ("(principal-destruct? 'SP000000000000000000002Q6VF78.a)",
         "(err (tuple (hash-bytes 0x" + "00" * 20 + ') (name (some "a")) (version 0x16)))'),
        ("(principal-destruct? 1)", "TypeValueError"),
    ],
)  # fmt: skip
def test_principals(source, expected):
    check(source, expected)


def test_construct_and_destruct_are_inverse_on_both_networks():
    for mainnet, version in ((False, "1a"), (False, "15"), (True, "16"), (True, "14")):
        source = (
            f'(let ((p (unwrap-panic (principal-construct? 0x{version} {HASH} "name"))))'
            " (unwrap-panic (principal-destruct? p)))"
        )
        expected = f'(tuple (hash-bytes {HASH}) (name (some "name")) (version 0x{version}))'
        check(source, expected, mainnet=mainnet)


def test_a_principal_of_the_other_network_comes_as_an_error():
    source = f"(get error_code (unwrap-err-panic (principal-construct? 0x16 {HASH})))"
    assert text(source) == "u0"
    source = f"(is-some (get value (unwrap-err-panic (principal-construct? 0x16 {HASH}))))"
    assert text(source) == "true"


KEY = "0x03adb8de4bfb65db2cfd6120d55c6526ae9c52e675db7e47308636534ba7786110"


def test_principal_of_a_key():
    testnet = "(ok 'ST1AW6EKPGT61SQ9FNVDS17RKNWT8ZP582VF9HSCP)"
    check(f"(principal-of? {KEY})", testnet)
    check(f"(principal-of? {KEY})", testnet, 1, mainnet=True)
    assert text(f"(principal-of? {KEY})", mainnet=True).startswith("(ok 'SP")
    check(f"(principal-of? 0x02{'ff' * 32})", "(err u1)")
    check("(principal-of? 0x03adb8)", "TypeValueError")


def test_costs():
    lookup = 16
    assert runtime_cost("(buff-to-int-le 0x01)") == lookup + 31
    assert runtime_cost('(string-to-int? "1")') == lookup + 31
    assert runtime_cost("(to-ascii? 5)") == lookup + 32
    assert runtime_cost("(to-consensus-buff? 5)") == lookup + 38
    assert runtime_cost("(from-consensus-buff? bool 0x03)") == lookup + 4 + 38
    assert runtime_cost("(from-consensus-buff? (list 2 bool) 0x03)") == lookup + 2 * 4 + 38
    assert runtime_cost("(is-standard tx-sender)") == lookup + 31
    assert runtime_cost("(principal-destruct? tx-sender)") == lookup + 32
