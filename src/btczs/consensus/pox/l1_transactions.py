"""Building the layer-1 transaction of an operation: coins, payments, change, fee, signatures.

Outputs: 0 the OP_RETURN, then the payouts, then the change. The next commit spends that change as
its input 0, which links a miner's commits into one chain.
"""

from collections.abc import Sequence
from typing import ClassVar

import msgspec

from btczs.consensus.pox.operations import Operation, Payout, change_index, encode_payload
from btczs.l1.params import L1Params
from btczs.l1.script.templates import op_return
from btczs.l1.signing import sign_p2pkh_input
from btczs.l1.wire import Tx, encode_transaction, make_transaction
from btczs.primitives import Hash32, InvalidInput, L1Height, Zat

INPUTS_MAX = 50
"""More small coins than this are not worth spending on one operation."""
DUST_ZAT = Zat(1_000)
"""Smallest change that is made; far above the dust limit of every chain."""

_BASE_BYTES, _INPUT_BYTES, _OUTPUT_BYTES, _OP_RETURN_BYTES = 40, 149, 34, 92


class InsufficientL1Funds(InvalidInput):
    """The miner's coins do not pay for the operation. Fields: `needed`, `available` (zat)."""

    code: ClassVar[str] = "insufficient_l1_funds"

    def __init__(self, needed: int, available: int) -> None:
        super().__init__(
            f"the operation needs {needed} zat, {available} can be spent: fund the miner's address"
        )
        self.needed, self.available = needed, available


class Coin(msgspec.Struct, frozen=True):
    """An output of layer 1 that the miner can spend: P2PKH to its own key."""

    txid: Hash32
    index: int
    value: Zat
    script: bytes


class FeePolicy(msgspec.Struct, frozen=True):
    """What a miner pays for its layer-1 transactions."""

    rate_zat_per_kb: int = 1_000
    minimum_zat: int = 1_000
    """BitcoinZ relays for 100 zat per kB, at most 1000: the usual fee."""

    def compute_fee(self, size_bytes: int) -> Zat:
        return Zat(max(self.minimum_zat, -(-size_bytes * self.rate_zat_per_kb // 1000)))


class BuiltOperation(msgspec.Struct, frozen=True):
    """A signed transaction, ready to broadcast, and the coin that its change is."""

    raw: bytes
    txid: Hash32
    change: Coin


def build_operation(
    params: L1Params,
    magic: str,
    operation: Operation,
    payouts: Sequence[Payout],
    coins: Sequence[Coin],
    first: Coin | None,
    secret: bytes,
    height: L1Height,
    policy: FeePolicy,
) -> BuiltOperation:
    """A signed layer-1 transaction for `operation`, to be mined at `height`.

    `first`, if given, becomes input 0. Change goes back to the script of input 0. Raises
    `InsufficientL1Funds`.
    """
    chosen, fee = _choose_coins(coins, first, payouts, policy)
    paid = sum(p.amount for p in payouts)
    change = Zat(sum(c.value for c in chosen) - paid - fee)
    change_script = chosen[0].script
    outputs = [(Zat(0), op_return(encode_payload(magic, operation)))]
    outputs += [(Zat(p.amount), p.script) for p in payouts]
    outputs.append((change, change_script))
    tx: Tx = make_transaction(params, [(c.txid, c.index) for c in chosen], outputs)
    for place, coin in enumerate(chosen):
        tx = sign_p2pkh_input(params, tx, place, secret, coin.value, height)
    coin = Coin(tx.txid, change_index(len(payouts)), change, change_script)
    return BuiltOperation(encode_transaction(tx), tx.txid, coin)


def _choose_coins(
    coins: Sequence[Coin], first: Coin | None, payouts: Sequence[Payout], policy: FeePolicy
) -> tuple[list[Coin], Zat]:
    """Largest first, after `first`, until payouts, fee and change are covered."""
    rest = sorted((c for c in coins if c != first), key=lambda c: (-c.value, c.txid, c.index))
    queue = ([first] if first else []) + rest
    paid = sum(p.amount for p in payouts)
    chosen: list[Coin] = []
    needed = 0
    for coin in queue[:INPUTS_MAX]:
        chosen.append(coin)
        size = _BASE_BYTES + _OP_RETURN_BYTES + _INPUT_BYTES * len(chosen)
        size += _OUTPUT_BYTES * (len(payouts) + 1)
        fee = policy.compute_fee(size)
        needed = paid + fee + DUST_ZAT
        if sum(c.value for c in chosen) >= needed:
            return chosen, fee
    raise InsufficientL1Funds(needed or paid, sum(c.value for c in queue))
