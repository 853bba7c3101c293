"""`restrict-assets?` and `as-contract?`, and the allowances that stand in their lists.

An allowance is not an expression: it means something in such a list and nowhere else.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from btczs.codec.clarity.types import PRINCIPAL, UINT, ValueType, ascii_type, response_type
from btczs.vm.clarity.analysis import errors
from btczs.vm.clarity.analysis.checker.arguments import at_least, exactly
from btczs.vm.clarity.limits import ALLOWANCES_MAX, NFT_ALLOWANCE_IDS_MAX
from btczs.vm.clarity.reader.syntax import Atom, Expr, Form

if TYPE_CHECKING:
    from btczs.vm.clarity.analysis.checker.checker import TypeChecker

_TOKEN_NAME = ascii_type(128)
_EVERYTHING: Final = "with-all-assets-unsafe"

_NFT: Final = "with-nft"

PARAMETERS: Final[dict[str, tuple[ValueType, ...]]] = {
    "with-stx": (UINT,),
    "with-ft": (PRINCIPAL, _TOKEN_NAME, UINT),
    _NFT: (PRINCIPAL, _TOKEN_NAME),  # and a list of identifiers of any type
    "with-stacking": (UINT,),
    "with-staking": (UINT,),
    "with-pox": (),
    _EVERYTHING: (),
}


def check_restrict_assets(checker: "TypeChecker", form: Form) -> ValueType:
    """`(restrict-assets? owner (allowance...) body...)`"""
    owner, listed, *body = at_least(form, 3)
    allowances = _allowances(listed, "restrict-assets?", 2)
    checker.charges.step("analysis_list_items_check", len(allowances) + len(body))
    checker.expect(owner, PRINCIPAL)
    for allowance in allowances:
        if _check_allowance(checker, allowance):
            raise errors.WithAllAllowanceNotAllowed(span=allowance.span)
    return _check_guarded(checker, body)


def check_as_contract(checker: "TypeChecker", form: Form) -> ValueType:
    """`(as-contract? (allowance...) body...)`"""
    listed, *body = at_least(form, 2)
    allowances = _allowances(listed, "as-contract?", 1)
    checker.charges.step("analysis_list_items_check", len(allowances) + len(body))
    for allowance in allowances:
        if _check_allowance(checker, allowance) and len(allowances) > 1:
            raise errors.WithAllAllowanceNotAlone(span=allowance.span)
    return _check_guarded(checker, body)


def check_misplaced(_checker: "TypeChecker", form: Form) -> ValueType:
    """An allowance outside of a list of allowances."""
    raise errors.AllowanceExprNotAllowed(span=form.span)


def _allowances(listed: Expr, word: str, position: int) -> Sequence[Expr]:
    if not isinstance(listed, Form):
        raise errors.ExpectedListOfAllowances(word, position, span=listed.span)
    if len(listed.items) > ALLOWANCES_MAX:
        raise errors.TooManyAllowances(ALLOWANCES_MAX, len(listed.items), span=listed.span)
    return listed.items


def _check_guarded(checker: "TypeChecker", body: Sequence[Expr]) -> ValueType:
    """The body: no response in it may be dropped, nor may it end in one."""
    for expr in body:
        found = checker.check(expr)
        if found.kind == "response":
            raise errors.UncheckedIntermediaryResponses(span=expr.span)
    return response_type(found, UINT)


def _check_allowance(checker: "TypeChecker", allowance: Expr) -> bool:
    """Checks one allowance; whether it allows everything."""
    if not isinstance(allowance, Form) or not allowance.items:
        raise errors.ExpectedListApplication(span=allowance.span)
    head = allowance.items[0]
    if not isinstance(head, Atom):
        raise errors.NonFunctionApplication(span=head.span)
    parameters = PARAMETERS.get(head.name)
    if parameters is None or head.name not in checker.natives:
        raise errors.ExpectedAllowanceExpr(head.name, span=head.span)
    is_nft = head.name == _NFT
    args = exactly(allowance, len(parameters) + is_nft)
    for arg, parameter in zip(args, parameters):
        checker.expect(arg, parameter)
    if is_nft:
        _check_identifiers(checker, args[-1])
    return head.name == _EVERYTHING


def _check_identifiers(checker: "TypeChecker", arg: Expr) -> None:
    found = checker.check(arg)
    if found.kind != "list":
        raise errors.WithNftExpectedListOfIdentifiers(span=arg.span)
    if found.length > NFT_ALLOWANCE_IDS_MAX:
        limit = NFT_ALLOWANCE_IDS_MAX
        raise errors.MaxIdentifierLengthExceeded(limit, found.length, span=arg.span)
