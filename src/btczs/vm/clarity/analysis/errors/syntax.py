"""Kinds about the shape of expressions: counts of arguments, bindings, calls, allowances."""

from btczs.vm.clarity.analysis.errors.base import StaticKind


class IncorrectArgumentCount(StaticKind):
    template = "expected {expected} arguments, found {actual}"
    expected: int
    actual: int


class RequiresAtLeastArguments(StaticKind):
    template = "expected at least {expected} arguments, found {actual}"
    expected: int
    actual: int


class RequiresAtMostArguments(StaticKind):
    template = "expected at most {expected} arguments, found {actual}"
    expected: int
    actual: int


class NonFunctionApplication(StaticKind):
    template = "brackets apply a function, but this list does not begin with the name of one"


class ExpectedListApplication(StaticKind):
    template = "expected a list"


class ExpectedName(StaticKind):
    template = "expected a name"


class BadLetSyntax(StaticKind):
    template = "let is written (let ((name value)...) body...)"


class BadMatchOptionSyntax(StaticKind):
    template = "match on an optional is written (match value name if-some if-none): {cause}"
    cause: StaticKind


class BadMatchResponseSyntax(StaticKind):
    template = "match on a response is written (match value name if-ok name if-err): {cause}"
    cause: StaticKind


class BadSyntaxBinding(StaticKind):
    """`construct`: `Let`, `Eval` (parameters) or `TupleCons`; `problem`: `NotList`,
    `InvalidLength` or `NotAtom`; `index` from 0."""

    template = "item {index} (from 0) is not a pair of a name and what belongs to it"
    construct: str
    problem: str
    index: int


class MaxContextDepthReached(StaticKind):
    template = "local names nest more than 256 levels"


class ContractCallExpectName(StaticKind):
    template = "contract-call? is written (contract-call? .contract function argument...)"


class GetBlockInfoExpectPropertyName(StaticKind):
    template = "get-block-info? takes the name of a property first"


class GetBurnBlockInfoExpectPropertyName(StaticKind):
    template = "get-burn-block-info? takes the name of a property first"


class GetStacksBlockInfoExpectPropertyName(StaticKind):
    template = "get-stacks-block-info? takes the name of a property first"


class GetTenureInfoExpectPropertyName(StaticKind):
    template = "get-tenure-info? takes the name of a property first"


class WriteAttemptedInReadOnly(StaticKind):
    template = "a read-only function cannot change anything, nor call what could"


class AtBlockClosureMustBeReadOnly(StaticKind):
    template = "at-block looks at the past and cannot change it"


class AtBlockUnavailable(StaticKind):
    template = "at-block no longer exists"


class ReadOnlyCheckerRecursionLimitExceeded(StaticKind):
    """Not includable in a block."""

    template = "native functions nest too deeply"


class ExpectedListOfAllowances(StaticKind):
    template = "{function} takes a list of allowances as argument {position}"
    function: str
    position: int


class AllowanceExprNotAllowed(StaticKind):
    template = "allowances stand only in the list of restrict-assets? or as-contract?"


class ExpectedAllowanceExpr(StaticKind):
    template = "expected an allowance such as (with-stx u1), found {name}"
    name: str


class WithAllAllowanceNotAllowed(StaticKind):
    template = "with-all-assets-unsafe is for as-contract? alone"


class WithAllAllowanceNotAlone(StaticKind):
    template = "with-all-assets-unsafe allows everything, so no other allowance stands beside it"


class WithNftExpectedListOfIdentifiers(StaticKind):
    template = "with-nft takes a list of identifiers of tokens"


class MaxIdentifierLengthExceeded(StaticKind):
    template = "with-nft takes at most {allowed} identifiers, not {found}"
    allowed: int
    found: int


class TooManyAllowances(StaticKind):
    template = "at most {allowed} allowances stand in one list, not {found}"
    allowed: int
    found: int


class TypeAlreadyAnnotatedFailure(StaticKind):
    template = "an expression was looked at twice: this is a bug of the analysis"


class CheckerImplementationFailure(StaticKind):
    template = "this is a bug of the analysis"


class Unreachable(StaticKind):
    """Honest code does not get here. Not includable in a block."""

    template = "analysis came to a point it must not reach: {reason}"
    reason: str
