"""The house layout, and that it changes nothing but the layout."""

import pytest
from hypothesis import given, settings
from reader_trees import HERE, programs, shape, strip

from btczs.codec.clarity.values import TRUE
from btczs.vm.clarity.errors import ParseError
from btczs.vm.clarity.reader import format_source, print_expr, read_program
from btczs.vm.clarity.reader.layout import WIDTH
from btczs.vm.clarity.reader.printer import literal_text

UGLY = """


;; A token.
(impl-trait .sip10.trait)   ;; standard
(define-constant ERR (err u100)) (define-constant NUMBERS (list u1001 u1002 u1003 u1004 u1005 u1006 u1007 u1008 u1009 u1010 u1011 u1012 u1013))
(define-trait foo (
   ;; first
   (get-balance (principal) (response uint uint)) (transfer (uint principal) (response bool uint))))


(define-map balances { owner: principal, token-id: uint } { amount: uint, frozen: bool, history: (list 100 uint) })
(define-read-only (get-x) (ok (var-get total)))
(define-public (transfer (amount uint) (sender principal) (recipient principal) (memo (optional (buff 34))))
  (let ((balance (default-to u0 (get amount (map-get? balances {owner: sender, token-id: u1})))) (b u2)
      ;; why
      (c (+ b 1)))

   (asserts! (is-eq tx-sender sender) ERR) ;; trailing
   (if (> balance u100) (ok true) (begin (print { event: "transfer", amount: amount, sender: sender, recipient: recipient, xxxxxxx: u1 }) (ok false)))
   ;; end
   ))
"""
NICE = """\
;; A token.
(impl-trait .sip10.trait) ;; standard
(define-constant ERR (err u100))
(define-constant NUMBERS
  (list u1001 u1002 u1003 u1004 u1005 u1006 u1007 u1008 u1009 u1010 u1011 u1012 u1013))
(define-trait foo
  (;; first
   (get-balance (principal) (response uint uint))
   (transfer (uint principal) (response bool uint))))

(define-map balances
  {owner: principal, token-id: uint}
  {amount: uint, frozen: bool, history: (list 100 uint)})
(define-read-only (get-x)
  (ok (var-get total)))
(define-public (transfer
    (amount uint)
    (sender principal)
    (recipient principal)
    (memo (optional (buff 34))))
  (let ((balance (default-to u0 (get amount (map-get? balances {owner: sender, token-id: u1}))))
        (b u2)
        ;; why
        (c (+ b 1)))

    (asserts! (is-eq tx-sender sender) ERR) ;; trailing
    (if (> balance u100)
      (ok true)
      (begin
        (print {
          event: "transfer",
          amount: amount,
          sender: sender,
          recipient: recipient,
          xxxxxxx: u1
        })
        (ok false)))
    ;; end
  ))
"""


def test_house_layout() -> None:
    assert format_source(UGLY) == NICE
    assert format_source(NICE) == NICE


@pytest.mark.parametrize(
    ("source", "formatted"),
    [
        ("", ""),
        ("\n\n", ""),
        (";; a  ", ";; a\n"),
        ("a b", "a\nb\n"),
        ("a\n\n\n\nb\nc", "a\n\nb\nc\n"),
        ("( a   b )", "(a b)\n"),
        ("( )", "()\n"),
        ("{ }", "{}\n"),
        ("{ a :1 ,b:{c :2},}", "{a: 1, b: {c: 2}}\n"),
        ("(a ;; x\n)", "(a ;; x\n)\n"),
        ("(\n;; x\na)", "(;; x\n a)\n"),
        ("(a\n;; x\n\n\nb)", "(a\n  ;; x\n\n  b)\n"),
        ("{a: ;; x\n1}", "{\n  a: ;; x\n    1\n}\n"),
        ("{a ;; x\n: 1}", "{\n  a: ;; x\n    1\n}\n"),
        ("{a: 1 ;; x\n, b: 2}", "{\n  a: 1, ;; x\n  b: 2\n}\n"),
        ("{;; x\n}", "{ ;; x\n}\n"),
        ("0x0A 007 u007 -0", "0x0A\n007\nu007\n-0\n"),
        ('u"\\u{0041}"', 'u"\\u{0041}"\n'),
    ],
)
def test_small_things(source: str, formatted: str) -> None:
    assert format_source(source) == formatted
    assert format_source(formatted) == formatted


@given(programs)
@settings(max_examples=300, deadline=None)
def test_only_the_layout_changes(source: str) -> None:
    formatted = format_source(source)
    assert shape(formatted) == shape(source)
    assert format_source(formatted) == formatted


@given(programs)
@settings(max_examples=150, deadline=None)
def test_lines_are_short_where_words_allow(source: str) -> None:
    for line in format_source(source).split("\n"):
        code = line.split(" ;;")[0].strip()
        words = code.strip("(){} ").split(" ")
        assert len(line) <= WIDTH or ";;" in line or len(words) <= 12
        assert line == line.rstrip()


@given(programs)
@settings(max_examples=150)
def test_printed_expressions_read_back(source: str) -> None:
    for expr in read_program(HERE, source).expressions:
        text = print_expr(expr)
        (again,) = read_program(HERE, text).expressions
        assert strip(again) == strip(expr)
        assert print_expr(again) == text
        assert "\n" not in text


def test_the_formatter_refuses_what_is_no_program() -> None:
    with pytest.raises(ParseError):
        format_source("(a")


def test_a_value_without_a_literal_is_not_printed() -> None:
    with pytest.raises(ValueError, match="BoolValue"):
        literal_text(TRUE)
