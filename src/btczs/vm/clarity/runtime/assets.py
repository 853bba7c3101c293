"""What moved in a transaction: who sent or burned how much of what, with nested scopes.

Post-conditions and allowances are rules about what left an owner, not about balances: units that
went out and came back still count. So every transfer and burn is recorded under its sender.
Scopes nest as calls do: a call that is undone takes its moves with it, a call that stands adds
them to those of its caller.

Invariant: a sum beyond 128 bits stops the execution, in a scope or when it joins the one around.
"""

from typing import TypeVar

from btczs.codec.clarity.values import ContractPrincipal, Principal, StandardPrincipal, Value
from btczs.vm.clarity.runtime.errors import ArithmeticOverflow
from btczs.vm.clarity.runtime.events import AssetIdentifier

U128_MAX = 2**128 - 1


def plain_principal(principal: Principal) -> Principal:
    """The principal without what a running contract knows beyond it, for use as a key."""
    if principal.__class__ in (StandardPrincipal, ContractPrincipal):
        return principal
    assert isinstance(principal, ContractPrincipal)
    return ContractPrincipal(principal.version, principal.hash20, principal.name)


class Moves:
    """The moves of one scope, by the principal that owned what moved."""

    __slots__ = ("nfts", "pox_actions", "stacked", "stx_burned", "stx_sent", "tokens")

    def __init__(self) -> None:
        self.stx_sent: dict[Principal, int] = {}
        self.stx_burned: dict[Principal, int] = {}
        self.tokens: dict[Principal, dict[AssetIdentifier, int]] = {}
        self.nfts: dict[Principal, dict[AssetIdentifier, list[Value]]] = {}
        self.stacked: dict[Principal, int] = {}
        self.pox_actions: set[Principal] = set()

    def absorb(self, other: "Moves") -> None:
        """Adds the moves of `other`. Raises `ArithmeticOverflow`."""
        for sender, amounts in other.tokens.items():
            _add_all(self.tokens.setdefault(sender, {}), amounts)
        _add_all(self.stx_sent, other.stx_sent)
        _add_all(self.stx_burned, other.stx_burned)
        _add_all(self.stacked, other.stacked)
        for sender, by_asset in other.nfts.items():
            own = self.nfts.setdefault(sender, {})
            for asset, ids in by_asset.items():
                own.setdefault(asset, []).extend(ids)
        self.pox_actions |= other.pox_actions


_Key = TypeVar("_Key")


def _add(totals: dict[_Key, int], key: _Key, amount: int) -> None:
    total = totals.get(key, 0) + amount
    if total > U128_MAX:
        raise ArithmeticOverflow("what moved does not fit 128 bits")
    totals[key] = total


def _add_all(totals: dict[_Key, int], amounts: dict[_Key, int]) -> None:
    for key, amount in amounts.items():
        _add(totals, key, amount)


_NOTHING = Moves()
"""Stands for the moves of a scope in which nothing moved. Never written to."""


class AssetMoves:
    """The moves of a transaction as a stack of scopes. A new one has its outermost scope open.

    `begin` opens a scope; `commit` adds its moves to the scope around; `roll_back` forgets them.
    Scopes in which nothing moves cost nothing.
    """

    __slots__ = ("_scopes",)

    def __init__(self) -> None:
        self._scopes: list[Moves | None] = [None]

    @property
    def depth(self) -> int:
        """How many scopes are open inside the outermost."""
        return len(self._scopes) - 1

    @property
    def current(self) -> Moves:
        """What moved in the innermost scope, including the scopes it has absorbed. Read only."""
        return self._scopes[-1] or _NOTHING

    def begin(self) -> None:
        self._scopes.append(None)

    def commit(self) -> None:
        """Closes the innermost scope. Raises `ArithmeticOverflow`; then its moves are lost."""
        assert self.depth, "the outermost scope stays"
        inner = self._scopes.pop()
        if inner is not None:
            if self._scopes[-1] is None:
                self._scopes[-1] = inner
            else:
                self._scopes[-1].absorb(inner)

    def roll_back(self) -> None:
        """Closes the innermost scope and forgets its moves."""
        assert self.depth, "the outermost scope stays"
        self._scopes.pop()

    def clear(self) -> None:
        """Forgets everything, in all scopes: the transaction is undone."""
        self._scopes = [None]

    def record_stx_transfer(self, sender: Principal, amount: int) -> None:
        _add(self._open().stx_sent, plain_principal(sender), amount)

    def record_stx_burn(self, sender: Principal, amount: int) -> None:
        _add(self._open().stx_burned, plain_principal(sender), amount)

    def record_ft(self, sender: Principal, asset: AssetIdentifier, amount: int) -> None:
        """A transfer or a burn of a fungible token."""
        _add(self._open().tokens.setdefault(plain_principal(sender), {}), asset, amount)

    def record_nft(self, sender: Principal, asset: AssetIdentifier, value: Value) -> None:
        """A transfer or a burn of a non-fungible token."""
        by_asset = self._open().nfts.setdefault(plain_principal(sender), {})
        by_asset.setdefault(asset, []).append(value)

    def record_stacking(self, sender: Principal, amount: int) -> None:
        """STX locked or delegated."""
        _add(self._open().stacked, plain_principal(sender), amount)

    def record_pox_action(self, sender: Principal) -> None:
        """An attempt, successful or not, to alter a locked position."""
        self._open().pox_actions.add(plain_principal(sender))

    def _open(self) -> Moves:
        scope = self._scopes[-1]
        if scope is None:
            scope = self._scopes[-1] = Moves()
        return scope
