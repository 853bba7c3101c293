"""The set of unspent outputs, and views on it.

Coins are grouped by the transaction that made them, as the rules ask about whole transactions too
(is any output of this transaction unspent?). A block is applied to a `CoinOverlay`; only when all
of it proved valid is the overlay merged, so a refused block leaves no trace. What was spent is the
block's undo record: applying and undoing is the identity.
"""

from collections.abc import Iterator, Sequence
from typing import Protocol

import msgspec

from btczs.l1.bitcoinz.transaction import Transaction
from btczs.l1.script.opcodes import Op
from btczs.primitives import Hash32, Zat

SCRIPT_BYTES_MAX = 10_000


class Coin(msgspec.Struct, frozen=True):
    """An unspent output: amount, script, and where it comes from."""

    value: Zat
    script: bytes
    height: int
    is_coinbase: bool


Outputs = dict[int, Coin]


class CoinView(Protocol):
    def get_outputs(self, txid: Hash32) -> Outputs | None:
        """The unspent outputs of a transaction, or None if there is none. Not to be changed."""


def get_coin(view: CoinView, txid: Hash32, index: int) -> Coin | None:
    outputs = view.get_outputs(txid)
    return None if outputs is None else outputs.get(index)


def is_unspendable(script: bytes) -> bool:
    """Outputs that can never be spent do not enter the set."""
    return script[:1] == bytes((Op.OP_RETURN,)) or len(script) > SCRIPT_BYTES_MAX


def compute_outputs(tx: Transaction, height: int) -> Outputs:
    """The coins that a transaction makes in a block at `height`."""
    return {
        index: Coin(output.value, output.script, height, tx.is_coinbase)
        for index, output in enumerate(tx.outputs)
        if not is_unspendable(output.script)
    }


class UtxoSet:
    """All unspent outputs of the active chain, with a look-up by script."""

    def __init__(self) -> None:
        self._transactions: dict[Hash32, Outputs] = {}
        self._by_script: dict[bytes, set[tuple[Hash32, int]]] = {}

    def get_outputs(self, txid: Hash32) -> Outputs | None:
        return self._transactions.get(txid)

    def put_outputs(self, txid: Hash32, outputs: Outputs) -> None:
        """Replaces what is unspent of `txid`; an empty dict removes the transaction."""
        for index, coin in self._transactions.get(txid, {}).items():
            if index not in outputs:
                places = self._by_script[coin.script]
                places.discard((txid, index))
                if not places:
                    del self._by_script[coin.script]
        for index, coin in outputs.items():
            self._by_script.setdefault(coin.script, set()).add((txid, index))
        if outputs:
            self._transactions[txid] = outputs
        else:
            self._transactions.pop(txid, None)

    def get_by_script(self, script: bytes) -> list[tuple[Hash32, int, Coin]]:
        """Unspent outputs paying to `script`: (txid, index, coin), oldest first."""
        found = [
            (txid, index, self._transactions[txid][index])
            for txid, index in self._by_script.get(script, ())
        ]
        return sorted(found, key=lambda item: (item[2].height, item[0], item[1]))

    def compute_total(self) -> Zat:
        return Zat(sum(coin.value for _, _, coin in self.iterate()))

    def iterate(self) -> Iterator[tuple[Hash32, int, Coin]]:
        for txid, outputs in self._transactions.items():
            for index, coin in outputs.items():
                yield txid, index, coin

    def count(self) -> tuple[int, int]:
        """(transactions with an unspent output, unspent outputs)."""
        return len(self._transactions), sum(map(len, self._transactions.values()))


class CoinOverlay:
    """Changes over a view: reads fall through, writes stay here until `merge_into`."""

    def __init__(self, base: CoinView) -> None:
        self._base = base
        self._changed: dict[Hash32, Outputs] = {}

    def get_outputs(self, txid: Hash32) -> Outputs | None:
        changed = self._changed.get(txid)
        if changed is not None:
            return changed or None
        return self._base.get_outputs(txid)

    def put_outputs(self, txid: Hash32, outputs: Outputs) -> None:
        self._changed[txid] = outputs

    def add(self, txid: Hash32, outputs: Outputs) -> None:
        """Adds all coins of a new transaction."""
        self._changed[txid] = dict(outputs)

    def spend(self, txid: Hash32, index: int) -> Coin | None:
        """Takes a coin out of the view: the coin, or None if it is not there."""
        outputs = self.get_outputs(txid)
        if outputs is None or index not in outputs:
            return None
        remaining = dict(outputs)
        coin = remaining.pop(index)
        self._changed[txid] = remaining
        return coin

    def restore(self, txid: Hash32, index: int, coin: Coin) -> None:
        """Puts a spent coin back."""
        outputs = dict(self.get_outputs(txid) or {})
        assert index not in outputs, "a coin is restored once"
        outputs[index] = coin
        self._changed[txid] = outputs

    def remove(self, txid: Hash32, expected: Outputs) -> None:
        """Takes back a transaction whose outputs are all unspent."""
        assert (self.get_outputs(txid) or {}) == expected, "outputs differ from what was added"
        self._changed[txid] = {}

    def merge_into(self, target: UtxoSet) -> None:
        for txid, outputs in self._changed.items():
            target.put_outputs(txid, outputs)


Undo = list[list[Coin]]
"""The coins a block spent: a list for each transaction but the coinbase, in input order."""


def apply_transaction(view: CoinOverlay, tx: Transaction, height: int) -> list[Coin]:
    """Spends the inputs and adds the outputs: the spent coins. The inputs are known to exist."""
    spent = []
    if not tx.is_coinbase:
        for tx_input in tx.inputs:
            coin = view.spend(tx_input.prev_txid, tx_input.prev_index)
            assert coin is not None, "inputs were checked before"
            spent.append(coin)
    view.add(tx.txid, compute_outputs(tx, height))
    return spent


def undo_block(
    view: CoinOverlay, transactions: Sequence[Transaction], height: int, undo: Undo
) -> None:
    """Takes a block back, last transaction first."""
    assert len(undo) == len(transactions) - 1
    for tx, spent in zip(reversed(transactions[1:]), reversed(undo), strict=True):
        view.remove(tx.txid, compute_outputs(tx, height))
        for tx_input, coin in zip(reversed(tx.inputs), reversed(spent), strict=True):
            view.restore(tx_input.prev_txid, tx_input.prev_index, coin)
    view.remove(transactions[0].txid, compute_outputs(transactions[0], height))


def encode_undo(undo: Undo) -> bytes:
    return msgspec.msgpack.encode(undo)


def decode_undo(raw: bytes) -> Undo:
    return msgspec.msgpack.decode(raw, type=Undo)
