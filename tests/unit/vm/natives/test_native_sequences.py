"""Lists, buffers and strings."""

import pytest
from native_programs import answer, run, runtime_cost

from btczs.vm.clarity.errors import ClarityError
from btczs.vm.clarity.runtime.typing import type_of
from btczs.vm.clarity.types.text import type_text

EMPTY = "(define-private (no (x int)) false) (filter no (list 1 2))"


def check(source, expected, version=6):
    assert answer(source, version) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("(list)", "(list)"),
        ("(list 1 2)", "(list 1 2)"),
        ("(list 1 u2)", "TypeError"),
        ("(list {a: 1} {a: 2, b: 3})", "(list (tuple (a 1)) (tuple (a 2)))"),
        ("(list {a: 1, b: 3} {a: 2})", "TypeError"),
        ("(len 0x010203)", "u3"),
        ('(len u"\\u{1f98a}a")', "u2"),
        ("(len (list))", "u0"),
        ("(len 1)", "Unreachable"),
        ("(element-at (list 1 2) u1)", "(some 2)"),
        ("(element-at? 0x0102 u0)", "(some 0x01)"),
        ('(element-at "abc" u2)', '(some "c")'),
        ('(element-at? u"a\\u{e9}" u1)', '(some u"\\u{c3a9}")'),
        ("(element-at (list 1) u1)", "none"),
        ("(element-at (list 1) u340282366920938463463374607431768211455)", "none"),
        ("(element-at (list 1) 0)", "TypeValueError"),
        ("(element-at 1 u0)", "Unreachable"),
        ("(index-of (list 1 2 3) 3)", "(some u2)"),
        ("(index-of? (list (list 1) (list 2)) (list 2))", "(some u1)"),
        ("(index-of (list 1) u1)", "none"),
        ("(index-of 0x010203 0x03)", "(some u2)"),
        ("(index-of 0x010203 0x0203)", "none"),
        ('(index-of "abc" "")', "none"),
        ('(index-of "abc" u"a")', "TypeValueError"),
        ("(append (list 1) 2)", "(list 1 2)"),
        ("(append (list) 2)", "(list 2)"),
        ("(append (list 1) u2)", "TypeError"),
        ("(append 0x01 0x02)", "Unreachable"),
        ("(append (list {a: 1}) {a: 2, b: 3})", "(list (tuple (a 1)) (tuple (a 2)))"),
        ('(concat "a" "" "b")', '"ab"'),
        ("(concat 0x01 0x02)", "0x0102"),
        ("(concat (list 1) (list) (list 2 3))", "(list 1 2 3)"),
        ("(concat (list 1) (list u2))", "TypeError"),
        ('(concat "a" u"b")', "TypeError"),
        ("(concat 0x01)", "Unreachable"),
        ("(concat 0x01 1)", "Unreachable"),
        ("(as-max-len? (list 1 2) u2)", "(some (list 1 2))"),
        ("(as-max-len? (list 1 2) u1)", "none"),
        ("(as-max-len? 0x01 (+ u1 u1))", "TypeError"),
        ("(as-max-len? 1 u1)", "Unreachable"),
        ('(slice? "abcd" u1 u3)', '(some "bc")'),
        ('(slice? "abcd" u1 u1)', '(some "")'),
        ('(slice? "abcd" u4 u4)', "none"),
        ('(slice? "" u0 u0)', "none"),
        ('(slice? "abcd" u3 u1)', "none"),
        ('(slice? "abcd" u0 u5)', "none"),
        ('(slice? "abcd" u4294967296 u0)', "none"),
        ("(slice? (list 1 2 3) u1 u3)", "(some (list 2 3))"),
        ("(slice? (list 1 2 3) 1 2)", "Unreachable"),
        ("(replace-at? (list 1 2) u1 9)", "(some (list 1 9))"),
        ("(replace-at? 0x0102 u0 0xff)", "(some 0xff02)"),
        ('(replace-at? "ab" u0 "c")', '(some "cb")'),
        ('(replace-at? u"ab" u1 u"\\u{e9}")', '(some u"a\\u{c3a9}")'),
        ('(replace-at? "ab" u0 "")', "Unreachable"),
        ('(replace-at? "ab" u0 "cd")', "TypeValueError"),
        ('(replace-at? "ab" u2 "c")', "none"),
        ('(replace-at? "ab" u18446744073709551616 "c")', "none"),
        ("(replace-at? (list 1) u0 u1)", "TypeValueError"),
        ("(replace-at? (list (list 1)) u0 (list 1 2))", "TypeValueError"),
        ("(replace-at? (list 1) 0 1)", "TypeValueError"),
        ("(replace-at? 5 u0 1)", "Unreachable"),
        ("(map + (list 1 2 3) (list 10 20))", "(list 11 22)"),
        ("(map + 1)", "Unreachable"),
        ("(map +)", "Unreachable"),
        ("(map nothing (list 1))", "UndefinedFunction"),
        ("(map 1 (list 1))", "Unreachable"),
        ("(map not (list true false))", "(list false true)"),
        ("(map hash160 (list))", "(list)"),
        ("(fold - (list 10 3) 100)", "93"),
        ('(fold concat "abc" "")', '"cba"'),
        ("(fold + 1 1)", "Unreachable"),
        ("(fold + (list 1))", "IncorrectArgumentCount"),
        ("(filter not (list true false))", "(list false)"),
        ("(filter + (list 1))", "TypeValueError"),
        ("(filter not 1)", "Unreachable"),
    ],
)
def test_sequences(source, expected):
    check(source, expected)


def test_map_over_an_empty_list_calls_nothing():
    source = (
        "(define-private (no (x int)) false) (define-private (f (a int) (b int)) (/ a 0))"
        " (map f (list 1 2) (filter no (list 1 2)))"
    )
    check(source, "(list)")


def test_fold_and_filter_go_through_strings_by_characters():
    check(
        '(define-private (is-a (c (string-ascii 1))) (is-eq c "a")) (filter is-a "banana")',
        '"aaa"',
    )
    check("(define-private (big (b (buff 1))) (> b 0x10)) (filter big 0x01ff20)", "0xff20")
    check(
        '(define-private (is-e (c (string-utf8 1))) (is-eq c u"\\u{e9}"))'
        ' (filter is-e u"a\\u{e9}b")',
        'u"\\u{c3a9}"',
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("(list 1 2)", "(list 2 int)"),
        ("(list)", "(list 0 UnknownType)"),
        ('(list "a" "abc")', "(list 2 (string-ascii 3))"),
        ("(append (list 0x01) 0x0203)", "(list 2 (buff 2))"),
        ("(concat (list 1 2) (list 3))", "(list 3 int)"),
        ("(unwrap-panic (as-max-len? (list 1) u5))", "(list 1 int)"),
        (EMPTY, "(list 2 int)"),
        (f"{EMPTY} (append (filter no (list 1 2)) 3)", "(list 3 int)"),
        (f"{EMPTY} (concat (filter no (list 1 2)) (list 3))", "(list 3 int)"),
        (f"{EMPTY} (unwrap-panic (as-max-len? (filter no (list 1 2)) u1))", "(list 1 int)"),
        ("(unwrap-panic (slice? (list 0x01 0x0203) u0 u1))", "(list 1 (buff 1))"),
        ("(unwrap-panic (slice? (list 1 2) u1 u1))", "(list 0 UnknownType)"),
        ("(unwrap-panic (replace-at? (list 0x0102 0x03) u0 0x04))", "(list 2 (buff 2))"),
        ("(map not (list true))", "(list 1 bool)"),
        ("(list none (some 1))", "(list 2 (optional int))"),
        ("(list (ok 1) (err u2))", "(list 2 (response int uint))"),
    ],
)
def test_lists_keep_or_take_their_type(source, expected):
    assert type_text(type_of(run(source))) == expected


def test_a_list_too_large_is_refused():
    source = '(define-private (f (x int)) "{}") (map f (list {}))'
    fitting = source.format("a" * 1000, "1 " * 1000)
    assert type_of(run(fitting)).size == 1000 * 1004 + 10
    with pytest.raises(ClarityError) as caught:
        run(source.format("a" * 1000, "1 " * 1050))
    assert caught.value.kind == "ValueTooLarge"


LOOKUP = 16


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("(list 1 2)", 31 + (32 >> 4)),
        ("(len 0x00)", 31),
        ("(element-at 0x00 u0)", 31),
        ("(concat 0x01 0x02)", 31),
        ("(slice? 0x0102 u0 u1)", 38),
        ('(slice? "a" u0 u9)', 0),
        ("(replace-at? 0x01 u0 0x02)", 31),
        ("(as-max-len? 0x01 u5)", 31),
        ("(index-of 0x01 0x01)", 38),
        ("(append (list 1) 2)", 31 + (16 >> 4) + LOOKUP + 31 + (16 >> 4)),
    ],
)
def test_costs(source, expected):
    assert runtime_cost(source) == LOOKUP + expected


def test_cost_of_variadic_concat_is_by_the_total_length():
    data = "00" * 512
    assert runtime_cost(f"(concat 0x{data} 0x{data})") == LOOKUP + 31 + 1
    assert runtime_cost(f"(concat 0x{data} 0x{data} 0x{data} 0x{data})") == LOOKUP + 31 + 2


def test_the_function_of_filter_is_looked_up_after_the_sequence():
    with pytest.raises(ClarityError) as caught:
        run("(filter nothing (/ 1 0))")
    assert caught.value.kind == "DivisionByZero"
    with pytest.raises(ClarityError) as caught:
        run("(fold nothing (/ 1 0) 1)")
    assert caught.value.kind == "UndefinedFunction"
