"""Broken rules are broken by the shortest calls; what is proved is true, what is not is not said."""

from pathlib import Path

import pytest

from btczs.vm.clarity.reader import SNIPPET, parse
from btczs.workbench import SimulatedChain
from btczs.workbench.verify import InvalidRule, Rule, Verdict, read_rules
from btczs.workbench.verify.prove import prove_rules
from btczs.workbench.verify.search import Options, search_invariants
from btczs.workbench.verify.spec import replace_helpers

BANK = """
(define-map balances principal uint)
(define-map notes uint {left: int, right: uint})
(define-fungible-token gold)
(define-data-var total uint u0)
(define-data-var moves uint u0)
(define-read-only (balance-of (who principal)) (default-to u0 (map-get? balances who)))
(define-public (deposit (amount uint))
  (begin
    (asserts! (> amount u0) (err u1))
    (map-set balances tx-sender (+ (balance-of tx-sender) amount))
    (map-set notes (var-get moves) {left: -1, right: u1})
    (var-set total (+ (var-get total) amount))
    (var-set moves (+ (var-get moves) u1))
    (ft-mint? gold amount tx-sender)))
(define-public (withdraw (amount uint))
  (let ((have (balance-of tx-sender)))
    (asserts! (>= have amount) (err u2))
    (map-set balances tx-sender (- have amount))
    (if (is-eq amount u7919) true (var-set total (- (var-get total) amount)))
    (ok amount)))
"""


def rule(expression: str, kind: str = "invariant", parameters: str = "") -> Rule:
    return Rule(kind, "the-rule", parameters, expression, 1, "x.clar")  # type: ignore[arg-type]


def search(*expressions: str, source: str = BANK, sequences: int = 150) -> list[Verdict]:
    chain = SimulatedChain()
    chain.deploy("bank", source)
    rules = [Rule("invariant", f"r{n}", "", e, 1, "x.clar") for n, e in enumerate(expressions)]
    return search_invariants(chain, "bank", rules, Options(sequences, 6))


def test_a_hidden_mistake_is_found_and_shrunk() -> None:
    (verdict,) = search("(is-eq (var-get total) @sum(balances))")
    assert verdict.status == "violated"
    assert [call.text for call in verdict.calls] == [
        "(bank.deposit u7919)",
        "(bank.withdraw u7919)",
    ]
    assert len({call.sender for call in verdict.calls}) == 1
    assert verdict.calls[-1].result == "(ok u7919)"


def test_what_holds_is_searched_and_never_called_proved() -> None:
    verdicts = search(
        "(>= (var-get moves) @prev((var-get moves)))",
        "(is-eq (ft-get-supply gold) @sum(gold))",
        "(is-eq (to-int @count(notes)) (- @sum(notes.left)))",
        sequences=40,
    )
    assert [v.status for v in verdicts] == ["searched"] * 3
    assert all("sequences" in v.note for v in verdicts)


def test_one_broken_rule_does_not_hide_another() -> None:
    verdicts = search(
        "(< @count(balances) u2)", "(< (var-get moves) u3)", "(< u0 u1)", sequences=40
    )
    assert [v.status for v in verdicts] == ["violated", "violated", "searched"]
    assert [len(v.calls) for v in verdicts] == [2, 3, 0]


def test_the_search_is_deterministic() -> None:
    assert search("(< (var-get total) u1000)") == search("(< (var-get total) u1000)")


@pytest.mark.parametrize(
    "expression", ["(var-get total)", "@sum(nothing)", "(< @sum(notes.middle) 1)", "@prev((/ 1 0))"]
)
def test_rules_that_mean_nothing_are_invalid(expression: str) -> None:
    (verdict,) = search(expression)
    assert verdict.status == "invalid"


def test_a_rule_may_be_broken_from_the_beginning() -> None:
    (verdict,) = search("(> (var-get total) u0)")
    assert (verdict.status, verdict.calls) == ("violated", ())


MATHS = """
(define-constant BASE u100)
(define-data-var rate uint u3)
(define-read-only (fee (amount uint)) (/ (* amount u3) BASE))
(define-private (checked (amount uint))
  (begin (asserts! (< amount u1000000) (err u9)) (ok (fee amount))))
(define-private (safe-div (a int) (b int)) (if (is-eq b 0) none (some (/ a b))))
(define-private (first (a (optional uint)) (b uint)) (match a x x b))
(define-private (twice (r (response uint uint))) (ok (* u2 (try! r))))
"""


def prove(expression: str, parameters: str = "", kind: str = "prove") -> Verdict:
    chain = SimulatedChain()
    chain.deploy("maths", MATHS)
    (verdict,) = prove_rules(chain, "maths", [rule(expression, kind, parameters)], 10)
    assert chain.contracts.keys() == {chain.find_contract("maths")}
    return verdict


@pytest.mark.parametrize(
    ("parameters", "expression"),
    [
        ("(a uint)", "(<= (fee a) a)"),
        ("(a uint)", "(match (checked a) f (< f u30000) e (and (is-eq e u9) (>= a u1000000)))"),
        ("(x int)", "(>= (if (< x 0) (- x) x) 0)"),
        ("(a int) (b int)", "(is-eq (is-none (safe-div a b)) (is-eq b 0))"),
        ("(a (optional uint)) (b uint)", "(or (is-eq (first a b) b) (is-eq (some (first a b)) a))"),
        ("(a uint)", "(is-eq (twice (err a)) (err a))"),
        ("(a uint) (b uint)", "(let ((s (+ a b)) (t {v: s})) (>= (get v (merge t {w: 1})) a))"),
        ("(a int)", "(is-eq (+ (* (/ a 7) 7) (mod a 7)) a)"),
        ("(a uint)", "(is-eq (fold + (list a u1 a) u0) (+ a a u1))"),
        ("(p bool) (q bool)", "(is-eq (not (and p q)) (or (not p) (not q)))"),
        ("", "(>= (* (var-get rate) u2) (var-get rate))"),
        ("(n uint)", "(let ((r (sqrti n))) (<= (* r r) n))"),
    ],
)
def test_what_is_true_is_proved(parameters: str, expression: str) -> None:
    verdict = prove(expression, parameters)
    assert verdict.status == "proved", verdict
    assert "all values" in verdict.note


@pytest.mark.parametrize(
    ("parameters", "expression", "model"),
    [
        ("(a uint)", "(< (fee a) u3000)", None),
        ("(a int)", "(not (is-eq (* a 3) 21))", {"a": "7"}),
        ("(a int) (b int)", "(is-some (safe-div a b))", None),
        ("(a (optional bool))", "(default-to true a)", {"a": "(some false)"}),
        ("", "(< (var-get rate) u50)", None),
        ("(a int)", "(is-eq (mod a 2) (mod (- a) 2))", None),
    ],
)
def test_what_is_false_is_refuted_by_values_that_the_machine_confirms(
    parameters: str, expression: str, model: dict[str, str] | None
) -> None:
    verdict = prove(expression, parameters)
    assert verdict.status == "refuted", verdict
    assert verdict.note.endswith("false")
    assert model is None or dict(verdict.model) == model


def test_aborts_are_told_and_can_be_ruled_out() -> None:
    assert "aborts for a = u" in prove("(<= (fee a) a)", "(a uint)").note
    assert "never aborts" in prove("(or p true (is-ok (checked u1)))", "(p bool)").note
    assert prove("(fee a)", "(a uint)", "never-aborts").status == "refuted"
    assert prove("(checked a)", "(a uint)", "never-aborts").status == "proved"
    assert prove("(- a)", "(a int)", "never-aborts").model == (("a", str(-(2**127))),)


@pytest.mark.parametrize(
    ("parameters", "expression", "status"),
    [
        ("(a (buff 4))", "(is-eq a a)", "not in the subset"),
        ("(a uint)", "(is-eq (bit-and a u1) u0)", "not in the subset"),
        ("", "(is-eq tx-sender tx-sender)", "not in the subset"),
        ("(a uint)", "(pow a a)", "invalid"),
        ("(a uint)", "(is-eq (pow u2 a) u0)", "not in the subset"),
        ("(a uint)", "(+ a 1)", "invalid"),
        ("(fee uint)", "(is-eq fee fee)", "invalid"),
    ],
)
def test_what_cannot_be_translated_is_not_judged(
    parameters: str, expression: str, status: str
) -> None:
    assert prove(expression, parameters).status == status


def test_rules_are_read_from_comments_and_from_a_file_beside(tmp_path: Path) -> None:
    source = (
        ";; @invariant one: (is-eq\n;;   u1 @sum(m))\n"
        ";; words\n(define-constant a 1) ;; @prove two (x uint) (y (optional int)): (is-eq x x)\n"
    )
    path = tmp_path / "c.clar"
    (tmp_path / "c.invariants").write_text("# text\n@never-aborts three: (a)\n")
    rules = read_rules(parse(SNIPPET, source), path)
    assert [(r.kind, r.name, r.parameters, r.expression, r.line) for r in rules] == [
        ("invariant", "one", "", "(is-eq u1 @sum(m))", 1),
        ("prove", "two", "(x uint) (y (optional int))", "(is-eq x x)", 4),
        ("never-aborts", "three", "", "(a)", 2),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "@invariant", "@invariant a", "@invariant a (x uint): true", "@invariant a: (is-eq",
        "@invariant a: true false", "@invariant a: @total(m)", "@prove a: @sum(m)",
        "@invariant a: true\n;; @prove a: true", "@invariant a: @sum(m",
    ],
)  # fmt: skip
def test_rules_that_are_not_written_as_such_are_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidRule):
        read_rules(parse(SNIPPET, f";; {text}\n"), tmp_path / "c.clar")


def test_helpers_nest() -> None:
    assert replace_helpers("(a @sum(b.c) @prev((d (e))))", lambda n, i: f"<{n} {i}>") == (
        "(a <sum b.c> <prev (d (e))>)"
    )
