"""What each group of natives refuses: the kind, and the place that the error points at."""

import pytest
from checker_world import EMPTY, principal

from btczs.vm.clarity.analysis import errors
from btczs.vm.clarity.errors import StaticError

TOKENS = "(define-fungible-token ft) (define-non-fungible-token nft uint)"

# (kind, expression, the part of it that the error points at; None: the whole last expression)
REFUSED = [
    ("UnionTypeError", "(+ true 1)", "true"),
    ("TypeError", "(+ 1 u2 3)", "u2"),
    ("RequiresAtLeastArguments", "(+)", None),
    ("IncorrectArgumentCount", "(mod 1)", None),
    ("IncorrectArgumentCount", "(mod 1 2 3)", None),
    ("UnionTypeError", "(sqrti 0x00)", "0x00"),
    ("UnionTypeError", "(bit-shift-left true u1)", "true"),
    ("TypeError", "(bit-shift-left 1 1)", "1)"),
    ("TypeError", '(< "a" u"a")', 'u"a"'),
    ("UnionTypeError", "(< true false)", "true"),
    ("TypeError", "(and true 1)", "1"),
    ("TypeError", "(not 1)", "1"),
    ("UnionTypeError", "(sha256 true)", "true"),
    ("TypeError", "(to-int 1)", "1"),
    ("TypeError", "(is-eq 1 2 false)", "false"),
    ("RequiresAtLeastArguments", "(is-eq)", None),
    ("TypeError", "(if 1 2 3)", "1"),
    ("IfArmsMustMatch", "(if true 2 u3)", None),
    ("IncorrectArgumentCount", "(if true 2)", None),
    ("BadLetSyntax", "(let a 1)", "a"),
    ("BadSyntaxBinding", "(let (a) 1)", "a)"),
    ("BadSyntaxBinding", "(let ((a 1 2)) 1)", "(a 1 2)"),
    ("BadSyntaxBinding", "(let ((1 1)) 1)", "1 "),
    ("NameAlreadyUsed", "(let ((a 1) (a 2)) 1)", "a 2"),
    ("NameAlreadyUsed", "(let ((a 1)) (let ((a 2)) 1))", "a 2"),
    ("ReservedWord", "(let ((block-height 1)) 1)", "block-height"),
    ("RequiresAtLeastArguments", "(let ())", None),
    ("RequiresAtLeastArguments", "(begin)", None),
    ("UncheckedIntermediaryResponses", "(begin (ok 1) 2)", "(ok 1)"),
    ("BadMatchInput", "(match 1 a 2 3)", "1"),
    ("BadMatchOptionSyntax", "(match (some 1) 2 3 4)", "2"),
    ("BadMatchOptionSyntax", "(match (some 1) a 3)", None),
    ("BadMatchResponseSyntax", "(match (if true (ok 1) (err 2)) a 3 4 5)", "4"),
    ("CouldNotDetermineMatchTypes", "(match none a 1 2)", None),
    ("MatchArmsMustMatch", "(match (some 1) a a false)", None),
    ("NameAlreadyUsed", "(let ((a 1)) (match (some 1) a a 2))", "a a 2"),
    ("ExpectedResponseType", "(is-ok (some 1))", "(some 1)"),
    ("ExpectedOptionalType", "(is-none (ok 1))", "(ok 1)"),
    ("ExpectedOptionalType", "(default-to 1 2)", "2"),
    ("DefaultTypesMustMatch", "(default-to 1 (some u1))", None),
    ("TypeError", "(asserts! 1 2)", "1"),
    ("ExpectedOptionalOrResponseType", "(unwrap-panic 1)", "1"),
    ("CouldNotDetermineResponseOkType", "(unwrap-panic (err 1))", "(err 1)"),
    ("CouldNotDetermineResponseOkType", "(try! none)", "none"),
    ("CouldNotDetermineResponseErrType", "(try! (ok 1))", "(ok 1)"),
    ("CouldNotDetermineResponseErrType", "(unwrap-err-panic (ok 1))", "(ok 1)"),
    ("ExpectedResponseType", "(unwrap-err-panic (some 1))", "(some 1)"),
    ("TypeError", "(list 1 2 u3)", "u3"),
    ("TypeError", "(list {a: 1, b: 2} {a: 1})", "{a: 1})"),
    ("ValueTooLarge", f"(list {'(unwrap-panic (as-max-len? 0x u1048576)) ' * 2})", None),
    ("ExpectedListApplication", "(append 0x 0x)", "0x "),
    ("TypeError", "(append (list 1) u1)", None),
    ("TypeError", '(concat 0x "a")', '"a"'),
    ("ExpectedSequence", "(concat 1 2)", None),
    ("RequiresAtLeastArguments", "(concat 0x)", None),
    ("TypeError", "(as-max-len? 0x 1)", "1"),
    ("MaxLengthOverflow", "(as-max-len? 0x u4294967296)", "u4294967296"),
    ("ValueTooLarge", "(as-max-len? 0x u1048577)", None),
    ("ExpectedSequence", "(len 1)", "1"),
    ("TypeError", "(element-at? 0x 1)", "1"),
    ("TypeError", '(index-of? "abc" 0x)', "0x"),
    ("CouldNotDetermineType", "(index-of? (list) 1)", "1"),
    ("TypeError", "(slice? 0x 1 u2)", "1"),
    ("TypeError", "(replace-at? 0x u0 0x0000)", "0x0000"),
    ("NonFunctionApplication", "(map 1 (list 1))", "1 "),
    ("IllegalOrUnknownFunctionApplication", "(map no (list 1))", "no"),
    ("IllegalOrUnknownFunctionApplication", "(map if (list true))", "if"),
    ("ExpectedSequence", "(map + 1)", "1"),
    ("IncorrectArgumentCount", "(map not (list true) (list true))", None),
    ("TypeError", "(filter + (list 1))", "+"),
    ("TypeError", "(fold + (list 1) u1)", "u1"),
    ("BadTupleConstruction", "{a: 1, a: 2}", None),
    ("BadTupleFieldName", "(get 1 {a: 1})", "1 "),
    ("NoSuchTupleField", "(get b {a: 1})", "b"),
    ("ExpectedTuple", "(get a 1)", "1"),
    ("ExpectedTuple", "(merge {a: 1} 2)", "2"),
    ("NoSuchDataVariable", "(var-get a)", "a)"),
    ("BadMapName", "(var-get 1)", "1"),
    ("TypeError", "(define-data-var v int 1) (var-set v u1)", "u1"),
    ("NoSuchMap", "(map-get? a 1)", "a "),
    ("TypeError", "(define-map m int int) (map-get? m u1)", "u1"),
    ("TypeError", "(define-map m int int) (map-set m 1 u1)", "u1"),
    ("TypeError", "(define-map m {a: int} int) (map-set m {a: 1, b: 2} 1)", "{a: 1, b: 2}"),
    ("NoSuchFT", "(ft-get-supply nope)", "nope"),
    ("NoSuchFT", f"{TOKENS} (ft-mint? nft u1 tx-sender)", "nft"),
    ("BadTokenName", "(ft-mint? 1 u1 tx-sender)", "1 "),
    ("TypeError", f"{TOKENS} (ft-mint? ft 1 tx-sender)", "1 "),
    ("NoSuchNFT", f"{TOKENS} (nft-mint? ft u1 tx-sender)", "ft"),
    ("TypeError", f"{TOKENS} (nft-mint? nft 1 tx-sender)", "1 "),
    ("TypeError", "(stx-transfer? 1 tx-sender tx-sender)", "1 "),
    ("UnionTypeError", "(to-ascii? (some 1))", "(some 1)"),
    ("CouldNotDetermineSerializationType", "(to-consensus-buff? (list))", "(list)"),
    ("UnknownTypeName", "(from-consensus-buff? nope 0x)", "nope"),
    ("RequiresAtMostArguments", '(principal-construct? 0x 0x "a" 1)', None),
    ("GetStacksBlockInfoExpectPropertyName", "(get-stacks-block-info? 1 u1)", "1 "),
    ("NoSuchStacksBlockInfoProperty", "(get-stacks-block-info? nope u1)", "nope"),
    ("NoSuchTenureInfoProperty", "(get-tenure-info? nope u1)", "nope"),
    ("NoSuchBlockInfoProperty", "(get-burn-block-info? nope u1)", "nope"),
    ("AllowanceExprNotAllowed", "(with-stx u1)", None),
    ("ExpectedListOfAllowances", "(as-contract? 1 true)", "1"),
    ("ExpectedAllowanceExpr", "(as-contract? ((not true)) true)", "not"),
    ("ExpectedListApplication", "(as-contract? (1) true)", "1"),
    ("WithAllAllowanceNotAlone", "(as-contract? ((with-all-assets-unsafe) (with-pox)) 1)", None),
    ("WithAllAllowanceNotAllowed", "(restrict-assets? .a ((with-all-assets-unsafe)) 1)", None),
    ("UncheckedIntermediaryResponses", "(as-contract? () (ok 1))", "(ok 1)"),
    ("TooManyAllowances", f"(as-contract? ({'(with-pox) ' * 129}) true)", None),
    ("WithNftExpectedListOfIdentifiers", '(as-contract? ((with-nft .a "a" 1)) true)', "1"),
    (
        "MaxIdentifierLengthExceeded",
        f'(as-contract? ((with-nft .a "a" (list {"1 " * 129}))) true)',
        None,
    ),
    ("UnknownFunction", "(no-such 1)", "no-such"),
    ("NonFunctionApplication", "(1 2)", None),
    ("NonFunctionApplication", "()", None),
    ("UndefinedVariable", "(+ 1 nope)", "nope"),
    ("ContractCallExpectName", "(contract-call? .a 1)", "1"),
    ("NoSuchContract", "(contract-call? .a f)", "f"),
    ("ContractOfExpectsTrait", "(contract-of .a)", ".a"),
    ("TraitReferenceUnknown", "(contract-of a)", "a)"),
    ("TypeSignatureTooDeep", "(some " * 32 + "1" + ")" * 32, None),
    ("PublicFunctionMustReturnResponse", "(define-public (f) 1)", "f"),
    ("ReturnTypesMustMatch", "(define-private (f) (begin (asserts! true 1) u2))", None),
    ("ReturnTypesMustMatch", "(define-private (f) (begin (try! (some 1)) (ok 2)))", None),
    ("NameAlreadyUsed", "(define-constant a 1) (define-private (f (a int)) a)", "(a int)"),
    ("BadMapTypeDefinition", "(define-map m nope int)", "nope"),
    ("DefineVariableBadSignature", "(define-data-var v (list 1) 1)", "(list 1)"),
    ("DefineNFTBadSignature", "(define-non-fungible-token n nope)", "nope"),
    ("TypeError", "(define-data-var v int u1)", "u1"),
    ("TypeError", "(define-fungible-token t 1)", "1"),
    ("UnknownTypeName", "(define-private (f (a nope)) 1)", "nope"),
    ("BadSyntaxBinding", "(define-private (f a) 1)", "a)"),
    ("BadFunctionName", "(define-private (1) 1)", None),
    ("RequiresAtLeastArguments", "(define-private () 1)", None),
    ("DefineTraitDuplicateMethod", f"(define-trait t ({'(f () (response int int)) ' * 2}))", None),
    ("NoSuchContract", "(use-trait t .a.b)", None),
]


@pytest.mark.parametrize(("kind", "source", "part"), REFUSED)
def test_an_error_has_its_kind_and_points_at_what_is_wrong(kind, source, part):
    with pytest.raises(StaticError) as caught:
        EMPTY.check(source)
    error = caught.value
    assert error.kind == kind
    assert error.span is not None
    assert error.span.line == 1
    start = error.span.column - 1
    if part is not None:
        assert source[start:].startswith(part), source[start:]
    else:
        assert 0 <= start < error.span.end_column <= len(source)
    assert str(error)


def test_a_mismatch_tells_both_types():
    with pytest.raises(errors.TypeError) as caught:
        EMPTY.check("(define-data-var v (buff 2) 0x) (var-set v {a: 1})")
    assert "expected (buff 2)" in str(caught.value)
    assert "found (tuple (a int))" in str(caught.value)
    assert caught.value.expected.length == 2
    assert caught.value.actual.names == ("a",)


@pytest.mark.parametrize(
    ("source", "version", "later"),
    [
        ("(< 0x00 0x01)", 1, 2),
        ("(bit-and 1 2)", 1, 2),
        ("(concat 0x 0x 0x)", 5, 6),
        ("(restrict-assets? tx-sender ((with-staking u1)) 1)", 5, 6),
        ("(get-block-info? block-reward u1)", 1, 2),
        ("stacks-block-height", 2, 3),
        ("current-contract", 3, 4),
        ("(let ((t .a)) (list t tx-sender) (is-standard t))", 1, 2),
    ],
)
def test_a_version_knows_less_than_the_next(source, version, later):
    EMPTY.check(source, later)
    with pytest.raises(StaticError):
        EMPTY.check(source, version)


@pytest.mark.parametrize("version", [3, 4, 5, 6])
def test_words_leave_the_language(version):
    with pytest.raises(errors.UnknownFunction):
        EMPTY.check("(get-block-info? time u1)", version)
    with pytest.raises(errors.UndefinedVariable):
        EMPTY.check("block-height", version)


def test_at_block_is_known_until_clarity_4_and_always_refused():
    with pytest.raises(errors.AtBlockUnavailable):
        EMPTY.check("(at-block 0x00 1)", 4)
    with pytest.raises(errors.UnknownFunction):
        EMPTY.check("(at-block 0x00 1)", 5)


def test_a_second_read_only_function_of_a_name_is_left_to_execution():
    EMPTY.check("(define-read-only (f) 1) (define-read-only (f) 2)")
    with pytest.raises(errors.NameAlreadyUsed):
        EMPTY.check("(define-private (f) 1) (define-private (f) 2)")


def test_functions_of_the_contract_are_not_asked_for_their_number_of_arguments():
    analysis = EMPTY.check("(define-private (f (a int)) a) (f) (f 1 no-such-name)")
    assert analysis.private_functions["f"].returns.kind == "int"


def test_the_error_of_a_contract_that_is_missing_names_it():
    with pytest.raises(errors.NoSuchContract) as caught:
        EMPTY.check("(contract-call? .nope f)")
    assert caught.value.contract == principal("nope")
    assert "nope" in str(caught.value)
