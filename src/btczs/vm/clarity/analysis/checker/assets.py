"""Tokens of a contract: fungible ones by amount, non-fungible ones by identifier."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from btczs.codec.clarity.types import PRINCIPAL, UINT, ValueType, optional_type
from btczs.vm.clarity.analysis import errors
from btczs.vm.clarity.analysis.checker.arguments import exactly, name_in
from btczs.vm.clarity.analysis.checker.simple import DONE
from btczs.vm.clarity.reader.syntax import Expr, Form

if TYPE_CHECKING:
    from btczs.vm.clarity.analysis.checker.checker import TypeChecker


class FungibleForm:
    """A form about a fungible token: its name, then arguments of given types.

    `name_last`: whether the token exists is looked at after the arguments. What only asks looks
    first; what moves tokens looks last.
    """

    def __init__(
        self, parameters: Sequence[ValueType], returns: ValueType, *, name_last: bool
    ) -> None:
        self.parameters = parameters
        self.returns = returns
        self.name_last = name_last

    def __call__(self, checker: "TypeChecker", form: Form) -> ValueType:
        token, *args = exactly(form, 1 + len(self.parameters))
        word = name_in(token, errors.BadTokenName)
        if not self.name_last:
            _require_token(checker, word, token)
        checker.charges.step("analysis_type_lookup", 1)
        for arg, parameter in zip(args, self.parameters):
            checker.expect(arg, parameter)
        if self.name_last:
            _require_token(checker, word, token)
        return self.returns


class NonFungibleForm:
    """A form about a non-fungible token: its name, an identifier, and principals."""

    def __init__(self, principals: int, returns: ValueType) -> None:
        self.principals = principals
        self.returns = returns

    def __call__(self, checker: "TypeChecker", form: Form) -> ValueType:
        token, identifier, *principals = exactly(form, 2 + self.principals)
        word = name_in(token, errors.BadTokenName)
        held = checker.analysis.non_fungible_tokens.get(word)
        if held is None:
            raise errors.NoSuchNFT(word, span=token.span)
        checker.charges.step("analysis_type_lookup", held.type_size)
        checker.expect(identifier, held)
        for principal in principals:
            checker.expect(principal, PRINCIPAL)
        return self.returns


def _require_token(checker: "TypeChecker", word: str, at: Expr) -> None:
    if word not in checker.analysis.fungible_tokens:
        raise errors.NoSuchFT(word, span=at.span)


ASSETS: Final[dict[str, FungibleForm | NonFungibleForm]] = {
    "ft-get-supply": FungibleForm((), UINT, name_last=False),
    "ft-get-balance": FungibleForm((PRINCIPAL,), UINT, name_last=False),
    "ft-mint?": FungibleForm((UINT, PRINCIPAL), DONE, name_last=True),
    "ft-burn?": FungibleForm((UINT, PRINCIPAL), DONE, name_last=True),
    "ft-transfer?": FungibleForm((UINT, PRINCIPAL, PRINCIPAL), DONE, name_last=True),
    "nft-get-owner?": NonFungibleForm(0, optional_type(PRINCIPAL)),
    "nft-mint?": NonFungibleForm(1, DONE),
    "nft-burn?": NonFungibleForm(1, DONE),
    "nft-transfer?": NonFungibleForm(2, DONE),
}
