"""What a read-only function may do, and which errors come before types are looked at."""

import pytest

from btczs.codec.clarity.types import BOOL, UINT, response_type
from btczs.codec.clarity.values import ContractPrincipal
from btczs.vm.clarity.analysis import errors
from btczs.vm.clarity.analysis.model import ContractAnalysis, FunctionType
from btczs.vm.clarity.analysis.read_only import WRITES, check_read_only
from btczs.vm.clarity.analysis.sorter import sort_definitions
from btczs.vm.clarity.costs import CostMeter
from btczs.vm.clarity.names import ClarityVersion, natives_of
from btczs.vm.clarity.reader import SNIPPET, parse
from btczs.vm.clarity.reader.program import read_program

OTHER = ContractPrincipal(SNIPPET.version, SNIPPET.hash20, "other")


class OneContract:
    """A world with the contract `.other`: `look` is read-only, `change` is public."""

    def __init__(self) -> None:
        function = FunctionType((), response_type(UINT, BOOL))
        self._analysis = ContractAnalysis(OTHER, 6, parse(OTHER, "1"))
        self._analysis.read_only_functions["look"] = function
        self._analysis.public_functions["change"] = function

    def analysis_of(self, contract: ContractPrincipal) -> ContractAnalysis | None:
        return self._analysis if contract == OTHER else None


def check(source: str, version: ClarityVersion = 6) -> None:
    program = read_program(SNIPPET, source)
    check_read_only(sort_definitions(program, CostMeter()), version, OneContract())


def read_only(body: str) -> str:
    return f"(define-read-only (f) {body})"


@pytest.mark.parametrize(
    "body",
    [
        "1",
        "(+ 1 (* 2 3))",
        "(let ((x 1)) (begin (print x)))",
        "{a: (var-get v)}",
        "(map-get? m {k: 1})",
        "(contract-call? .other look)",
        "(map + (list 1 2) (list 3 4))",
        "(fold + (list 1) 0)",
        "(filter not (list true))",
        "(from-consensus-buff? (var-set x) 0x00)",  # the first argument is a type
        "(as-contract? ((with-stx u1)) 1)",
        "(restrict-assets? tx-sender ((with-stx u1)) 1)",
    ],
)
def test_what_is_read_only(body: str) -> None:
    check(read_only(body))


@pytest.mark.parametrize("word", sorted(WRITES))
def test_writes_are_refused(word: str) -> None:
    with pytest.raises(errors.WriteAttemptedInReadOnly):
        check(read_only(f"({word} 1 2)"))
    check(f"(define-public (f) ({word} 1 2))")
    check(f"({word} 1 2)")


@pytest.mark.parametrize(
    "body",
    [
        "(begin 1 (var-set v 2) 3)",
        "(+ 1 (var-set v 2))",
        "(let ((x (var-set v 2))) 1)",
        "(let ((x 1)) (var-set v 2))",
        "{a: (var-set v 2)}",
        "(contract-call? .other change)",
        "(contract-call? some-trait look)",
        "(contract-call? .other look (var-set v 2))",
        "(map write (list 1))",
        "(fold write (list 1) 2)",
        "(map + (list (var-set v 2)))",
        "(as-contract? ((with-stx (var-set v u1))) 1)",
        "(as-contract? () (var-set v u1))",
        "(restrict-assets? (var-set v u1) () 1)",
        "(restrict-assets? tx-sender () (var-set v u1))",
        "(write 1)",
        "(indirect)",
    ],
)
def test_what_is_not_read_only(body: str) -> None:
    helpers = "(define-private (write (x int)) (var-set v x)) (define-private (indirect) (write 1))"
    with pytest.raises(errors.WriteAttemptedInReadOnly):
        check(f"{helpers} {read_only(body)}")


def test_what_a_definition_evaluates_may_write() -> None:
    check("(define-constant c (var-set v 1)) (define-data-var w int (var-set v 1))")
    check("(define-fungible-token t (var-set v 1))")


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("(1 2)", errors.NonFunctionApplication),
        ("()", errors.NonFunctionApplication),
        ("((f) 2)", errors.NonFunctionApplication),
        ("(nothing 1)", errors.UnknownFunction),
        ("(let 1 2)", errors.BadLetSyntax),
        ("(let ((a 1)))", errors.RequiresAtLeastArguments),
        ("(let (a) 1)", errors.BadSyntaxBinding),
        ("(let ((a 1 2)) 1)", errors.BadSyntaxBinding),
        ("(tuple a)", errors.BadSyntaxBinding),
        ("(tuple (a))", errors.BadSyntaxBinding),
        ("(map-get? m)", errors.IncorrectArgumentCount),
        ("(from-consensus-buff? int)", errors.IncorrectArgumentCount),
        ("(map +)", errors.RequiresAtLeastArguments),
        ("(filter not)", errors.IncorrectArgumentCount),
        ("(fold + (list 1))", errors.IncorrectArgumentCount),
        ("(map nothing (list 1))", errors.UnknownFunction),
        ("(map 1 (list 1))", errors.NonFunctionApplication),
        ("(contract-call? .other)", errors.RequiresAtLeastArguments),
        ("(contract-call? .other 1)", errors.ContractCallExpectName),
        ("(contract-call? 1 look)", errors.ContractCallExpectName),
        ("(contract-call? (f) look)", errors.ContractCallExpectName),
        ("(contract-call? .missing look)", errors.NoSuchContract),
        ("(as-contract? 1 2)", errors.ExpectedListOfAllowances),
        ("(as-contract? ())", errors.RequiresAtLeastArguments),
        ("(restrict-assets? 1 2 3)", errors.ExpectedListOfAllowances),
        ("(define-private (f) 1 2)", errors.IncorrectArgumentCount),
        ("(define-private f 1)", errors.DefineFunctionBadSignature),
        ("(define-private () 1)", errors.DefineFunctionBadSignature),
        ("(define-private (1) 1)", errors.BadFunctionName),
        ("(define-constant 1 1)", errors.ExpectedName),
        ("(define-constant c)", errors.IncorrectArgumentCount),
        ("(define-map m int)", errors.IncorrectArgumentCount),
        ("(define-data-var v int)", errors.IncorrectArgumentCount),
        ("(define-fungible-token)", errors.RequiresAtLeastArguments),
        ("(define-fungible-token t 1 2)", errors.IncorrectArgumentCount),
        ("(define-non-fungible-token t)", errors.IncorrectArgumentCount),
        ("(use-trait t 1)", errors.ExpectedTraitIdentifier),
        ("(impl-trait t)", errors.ExpectedTraitIdentifier),
        ("(impl-trait)", errors.IncorrectArgumentCount),
    ],
)
def test_wrong_shapes(source: str, kind: type[errors.StaticKind]) -> None:
    with pytest.raises(kind) as caught:
        check(source)
    assert type(caught.value) is kind
    assert caught.value.span is not None


def test_a_later_error_is_reported_before_a_write() -> None:
    with pytest.raises(errors.UnknownFunction):
        check(read_only("(begin (var-set v 1) (nothing))"))


def test_bindings_end_at_the_first_write() -> None:
    with pytest.raises(errors.WriteAttemptedInReadOnly):
        check(read_only("(let ((x (var-set v 1)) (y (nothing))) (nothing))"))


def test_at_block_must_be_read_only_where_it_exists() -> None:
    source = "(define-public (f) (at-block 0x00 (var-set v 1)))"
    with pytest.raises(errors.AtBlockClosureMustBeReadOnly):
        check(source, 4)
    with pytest.raises(errors.UnknownFunction):
        check(source, 5)


def test_a_function_is_known_by_its_version() -> None:
    body = read_only("(slice? (list 1) u0 u1)")
    check(body, 2)
    with pytest.raises(errors.UnknownFunction):
        check(body, 1)


def test_every_word_that_writes_exists() -> None:
    assert natives_of(6) >= WRITES


@pytest.mark.parametrize(
    ("form", "levels"),
    [("(map id (list {}))", 65), ("(map id {})", 130), ("(let ((x {})) x)", 43), ("(id {})", 130)],
)
def test_the_deepest_source_is_walked(form: str, levels: int) -> None:
    inner = "1"
    for _ in range(levels):
        inner = form.replace("{}", inner)
    check(f"(define-private (id (x int)) x) (define-read-only (g) {inner})")


def test_words_of_extensions_only_look() -> None:
    look = read_only("(get-btcz-block-info? time u1)")
    program = parse(SNIPPET, look)
    check_read_only(program.expressions, 6, OneContract(), frozenset({"btcz"}))
    with pytest.raises(errors.UnknownFunction):
        check_read_only(program.expressions, 6, OneContract())
    own = f"(define-public (get-btcz-block-info? (p int) (h uint)) (ok (var-set v 1))) {look}"
    with pytest.raises(errors.WriteAttemptedInReadOnly):
        check_read_only(parse(SNIPPET, own).expressions, 6, OneContract(), frozenset({"btcz"}))
