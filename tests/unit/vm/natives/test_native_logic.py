"""`and`, `or`, `not` and `is-eq`."""

import pytest
from native_programs import answer, runtime_cost, text


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("(and true true)", "true"),
        ("(and false (is-eq 1 (/ 1 0)))", "false"),
        ("(and true (is-eq 1 (/ 1 0)))", "DivisionByZero"),
        ("(or true (is-eq 1 (/ 1 0)))", "true"),
        ("(or false)", "false"),
        ("(or 1)", "TypeValueError"),
        ("(and)", "Unreachable"),
        ("(not false)", "true"),
        ("(not 1)", "TypeValueError"),
        ("(not)", "IncorrectArgumentCount"),
        ("(is-eq 1)", "true"),
        ("(is-eq 1 1 1)", "true"),
        ("(is-eq 1 2 (/ 1 0))", "DivisionByZero"),
        ("(is-eq 1 u1)", "TypeError"),
        ("(is-eq 1 2 u1)", "false"),
        ('(is-eq "a" "ab")', "false"),
        ('(is-eq "a" u"a")', "TypeError"),
        ("(is-eq (list 1 2) (list 1 2))", "true"),
        ("(is-eq (list 1 2) (list 1))", "false"),
        ("(is-eq (list) (list 1))", "false"),
        ("(is-eq {a: 1, b: 2} {b: 2, a: 1})", "true"),
        ("(is-eq {a: 1} {a: 2})", "false"),
        ("(is-eq {a: 1} {b: 1})", "TypeError"),
        ("(is-eq none (some 1))", "false"),
        ("(is-eq (some (list 1)) (some (list 1)))", "true"),
        ("(is-eq (ok 1) (err 1))", "false"),
        ("(is-eq (ok 1) (ok u1))", "TypeError"),
        ("(is-eq tx-sender tx-sender)", "true"),
    ],
)
def test_logic(source, expected):
    assert answer(source) == expected


def test_lists_are_equal_whatever_their_types_say():
    source = "(is-eq (unwrap-panic (as-max-len? (list 1 2) u9)) (append (list 1) 2))"
    assert text(source) == "true"
    assert text("(is-eq (list (list 1) (list 2 3)) (list (list 1) (list 2 3)))") == "true"


def test_cost_of_is_eq_is_by_the_serialized_size():
    # two buffers of 507 bytes are 512 bytes each
    data = "ab" * 507
    assert runtime_cost(f"(is-eq 0x{data} 0x{data})") == 16 + 38 + 2


def test_the_last_arguments_of_and_are_free():
    assert runtime_cost("(and false (is-eq 1 1))") == runtime_cost("(and false true)")
