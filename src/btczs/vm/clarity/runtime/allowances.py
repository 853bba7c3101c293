"""Allowances: what may leave an owner while the body of `as-contract?` or `restrict-assets?` runs.

Everything that moves needs an allowance, and every allowance that fits must hold: two `with-stx`
do not add up. The answer to a breach is a number, the position of the first allowance broken, or
`NOT_ALLOWED` where nothing fits; the smallest number wins.

Ids of non-fungible tokens are compared by their encodings, so a check is linear in what is allowed
and what moved.
"""

from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

import msgspec

from btczs.codec.clarity.values import Principal, Value, encode_value
from btczs.vm.clarity.limits import ALLOWANCES_MAX
from btczs.vm.clarity.runtime.assets import U128_MAX, Moves, plain_principal
from btczs.vm.clarity.runtime.errors import Expect
from btczs.vm.clarity.runtime.events import AssetIdentifier
from btczs.vm.clarity.types.typed import size_of

NOT_ALLOWED: Final = ALLOWANCES_MAX
"""The answer where something moved that no allowance is about."""

ANY_TOKEN: Final = "*"
"""As the name of a token: every token of the contract."""


class StxAllowance(msgspec.Struct, frozen=True, gc=False):
    """At most `amount` sent and burned, together and each."""

    amount: int


class FtAllowance(msgspec.Struct, frozen=True):
    asset: AssetIdentifier
    amount: int


class NftAllowance(msgspec.Struct, frozen=True):
    """Only the tokens with these ids."""

    asset: AssetIdentifier
    ids: tuple[Value, ...]


class StackingAllowance(msgspec.Struct, frozen=True, gc=False):
    """At most `amount` locked."""

    amount: int


class PoxAllowance(msgspec.Struct, frozen=True, gc=False):
    """Locked positions may be altered."""


class AllAllowance(msgspec.Struct, frozen=True, gc=False):
    """Everything is allowed."""


Allowance: TypeAlias = (
    StxAllowance | FtAllowance | NftAllowance | StackingAllowance | PoxAllowance | AllAllowance
)

_AMOUNT_BYTES = 16
_TOKEN_BYTES = 96 + 21


def allowance_size(allowance: Allowance) -> int:
    """Bytes of memory that an allowance counts.

    Source: the reference implementation counts its own structures (64-bit): 16 for an amount, 96
    for a token's allowance and 21 for an account, then names and values by their sizes.
    """
    if isinstance(allowance, StxAllowance | StackingAllowance):
        return _AMOUNT_BYTES
    if isinstance(allowance, FtAllowance | NftAllowance):
        asset = allowance.asset
        size = _TOKEN_BYTES + len(asset.contract.name) + len(asset.name)
        return size + (
            sum(map(size_of, allowance.ids)) if isinstance(allowance, NftAllowance) else 0
        )
    return 0


def find_violation(owner: Principal, allowances: Sequence[Allowance], moves: Moves) -> int | None:
    """The position of the first allowance that what `owner` moved breaks; None if all hold."""
    if any(isinstance(allowance, AllAllowance) for allowance in allowances):
        return None
    owner = plain_principal(owner)
    broken = [
        *_stx_violations(owner, allowances, moves),
        *_ft_violations(owner, allowances, moves),
        *_nft_violations(owner, allowances, moves),
        *_stacking_violations(owner, allowances, moves),
    ]
    return min(broken, default=None)


def _stx_violations(
    owner: Principal, allowances: Sequence[Allowance], moves: Moves
) -> Iterable[int]:
    total = moves.stx_sent.get(owner, 0) + moves.stx_burned.get(owner, 0)
    if not total:
        return ()
    if total > U128_MAX:
        raise Expect("STX sent and burned do not fit 128 bits")
    limits = [(i, a.amount) for i, a in enumerate(allowances) if isinstance(a, StxAllowance)]
    return _beyond(total, limits)


def _stacking_violations(
    owner: Principal, allowances: Sequence[Allowance], moves: Moves
) -> Iterable[int]:
    if owner in moves.pox_actions and not any(isinstance(a, PoxAllowance) for a in allowances):
        yield NOT_ALLOWED
    stacked = moves.stacked.get(owner)
    if stacked is not None:
        limits = [
            (i, a.amount) for i, a in enumerate(allowances) if isinstance(a, StackingAllowance)
        ]
        yield from _beyond(stacked, limits)


def _ft_violations(
    owner: Principal, allowances: Sequence[Allowance], moves: Moves
) -> Iterable[int]:
    moved = moves.tokens.get(owner)
    if not moved:
        return
    limits: dict[AssetIdentifier, list[tuple[int, int]]] = {}
    for index, allowance in enumerate(allowances):
        if isinstance(allowance, FtAllowance):
            limits.setdefault(allowance.asset, []).append((index, allowance.amount))
    for asset, amount in moved.items():
        any_token = AssetIdentifier(asset.contract, ANY_TOKEN)
        yield from _beyond(amount, limits.get(asset, []) + limits.get(any_token, []))


def _nft_violations(
    owner: Principal, allowances: Sequence[Allowance], moves: Moves
) -> Iterable[int]:
    moved = moves.nfts.get(owner)
    if not moved:
        return
    # Several allowances for one token count as one, at the position of the first.
    allowed: dict[AssetIdentifier, tuple[int, set[bytes]]] = {}
    for index, allowance in enumerate(allowances):
        if isinstance(allowance, NftAllowance):
            _, ids = allowed.setdefault(allowance.asset, (index, set()))
            ids.update(map(encode_value, allowance.ids))
    for asset, values in moved.items():
        fitting = [allowed.get(asset), allowed.get(AssetIdentifier(asset.contract, ANY_TOKEN))]
        if fitting == [None, None]:
            yield NOT_ALLOWED
            continue
        moved_ids = set(map(encode_value, values))
        for found in fitting:
            if found is not None and not moved_ids <= found[1]:
                yield found[0]


def _beyond(amount: int, limits: Sequence[tuple[int, int]]) -> Iterable[int]:
    """Positions of the limits that `amount` breaks; `NOT_ALLOWED` if there are none at all."""
    if not limits:
        return (NOT_ALLOWED,)
    return [index for index, limit in limits if amount > limit]
