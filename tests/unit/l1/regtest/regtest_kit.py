"""Tools for the tests of the embedded node: a clock to turn, coins to spend, blocks to forge."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from btczs.crypto.hashes import hash160
from btczs.crypto.merkle import bitcoin_merkle_root
from btczs.crypto.secp256k1 import compute_public_key
from btczs.l1.bitcoinz.equihash import get_tag, solve_equihash
from btczs.l1.bitcoinz.header import Header, encode_equihash_input
from btczs.l1.bitcoinz.transaction import Transaction, encode_transaction
from btczs.l1.params import L1Params, get_params
from btczs.l1.parts import SEQUENCE_FINAL, TxIn, TxOut
from btczs.l1.regtest.block import Block, make_block
from btczs.l1.regtest.devnet import (
    devnet_l1_script,
    devnet_l1_secret,
    devnet_params,
    load_bootstrap,
)
from btczs.l1.regtest.mining import assemble, create_template
from btczs.l1.regtest.node import RegtestNode
from btczs.l1.regtest.views import Utxo
from btczs.l1.regtest.work import is_below_target
from btczs.l1.script.templates import p2pkh
from btczs.l1.signing import sign_p2pkh_input
from btczs.primitives import Hash20, Hash32, Zat

T = TypeVar("T", bound=msgspec.Struct)

COIN = 100_000_000
FEE = Zat(1000)

ACTIVE = {"overwinter": 1, "sapling": 1, "canopy": 1}


class ManualClock:
    """Stands still unless it is turned."""

    def __init__(self, now: int) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now


def make_node(path: Path | None = None, *, is_new: bool = True, **options: Any) -> RegtestNode:
    """A node on the devnet's first 110 blocks, with a standing clock (`node._clock`)."""
    options.setdefault("clock", ManualClock(1_750_000_000))
    node = RegtestNode(devnet_params(), path, miner_script=devnet_l1_script(0), **options)
    if is_new:
        assert load_bootstrap(node) == 110
    return node


def make_bare_node(
    activations: dict[str, int] | None = None, toy: dict[str, Any] | None = None, **options: Any
) -> RegtestNode:
    """A node at genesis, upgrades where regtest has them unless moved, other rules by `toy`."""
    options.setdefault("clock", ManualClock(1_700_000_000))
    params = get_params("bitcoinz", "regtest", activations)
    params = msgspec.structs.replace(params, **(toy or {}))
    return RegtestNode(params, miner_script=devnet_l1_script(0), **options)


def get_script(key: int) -> bytes:
    return devnet_l1_script(key)


def script_of(secret: bytes) -> bytes:
    return p2pkh(Hash20(hash160(compute_public_key(secret))))


def mature_coins(node: RegtestNode, key: int) -> list[Utxo]:
    return [u for u in node.utxos_of(get_script(key)) if u.is_mature and not u.is_spent_in_pool]


def pay(
    node: RegtestNode,
    coins: list[Utxo],
    outputs: list[tuple[bytes, int]],
    *,
    key: int = 0,
    fee: int = FEE,
    change_to: int | None = None,
    sequence: int = SEQUENCE_FINAL,
    height: int | None = None,
    **fields: Any,
) -> Transaction:
    """A signed transaction from P2PKH coins of one devnet key; change goes back unless given."""
    total = sum(coin.value for coin in coins)
    change = total - fee - sum(value for _, value in outputs)
    parts = [TxOut(Zat(value), script) for script, value in outputs]
    if change > 0:
        parts.append(TxOut(Zat(change), get_script(key if change_to is None else change_to)))
    tx = Transaction(
        inputs=tuple(TxIn(coin.txid, coin.index, b"", sequence) for coin in coins),
        outputs=tuple(parts),
        **fields,
    )
    return sign_all(node, tx, [(key, coin.value) for coin in coins], height)


def sign_all(
    node: RegtestNode, tx: Transaction, inputs: list[tuple[int, int]], height: int | None = None
) -> Transaction:
    """Signs all inputs; `inputs` are (devnet key, value)."""
    height = node.tip().height + 1 if height is None else height
    for index, (key, value) in enumerate(inputs):
        signed = sign_p2pkh_input(node.params, tx, index, devnet_l1_secret(key), Zat(value), height)
        assert isinstance(signed, Transaction)
        tx = signed
    return tx


def output_of(node: RegtestNode, tx: Transaction, index: int) -> Utxo:
    """An output of a transaction that may not be mined yet, as something to spend."""
    output = tx.outputs[index]
    return Utxo(tx.txid, index, output.value, output.script, node.tip().height, False, True, False)


def send(node: RegtestNode, tx: Transaction) -> Hash32:
    return node.submit_transaction(encode_transaction(tx))


def replace(original: T, /, **fields: Any) -> T:
    return msgspec.structs.replace(original, **fields)


def forge(
    node: RegtestNode,
    transactions: list[Transaction] | None = None,
    *,
    coinbase: Callable[[Transaction], Transaction] = lambda tx: tx,
    header: Callable[[Header], Header] = lambda found: found,
    is_wanted: Callable[[Header], bool] | None = None,
    claim: int = 0,
) -> Block:
    """A block on the tip with real work, however wrong the rest of it is.

    `coinbase` and `header` change what the miner would write (the header before it is solved);
    `claim` is added to what the coinbase pays; `is_wanted` chooses among solved headers.
    """
    template = create_template(
        node.params, node.tip_entry, node.coins, type(node.pool)(), get_script(0), node.now()
    )
    first = template.coinbase
    paid = replace(first.outputs[0], value=Zat(first.outputs[0].value + claim))
    changed = coinbase(replace(first, outputs=(paid, *first.outputs[1:])))
    block = assemble(template, template.header)
    txs = (changed, *(transactions or []))
    root = bitcoin_merkle_root([tx.txid for tx in txs])[0]
    unsolved = header(msgspec.structs.replace(block.header, merkle_root=root))
    return make_block(solve(node.params, unsolved, is_wanted), txs)


def solve(
    params: L1Params, header: Header, is_wanted: Callable[[Header], bool] | None = None
) -> Header:
    for counter in range(10_000):
        attempt = msgspec.structs.replace(header, nonce=counter.to_bytes(32, "little"))
        data = encode_equihash_input(attempt)
        for solution in solve_equihash(48, 5, get_tag(48, 5), data):
            solved = msgspec.structs.replace(attempt, solution=solution)
            if is_wanted is None and not is_below_target(params, solved.hash, params_bits(solved)):
                continue
            if is_wanted is None or is_wanted(solved):
                return solved
    raise AssertionError("no solution was found")


def params_bits(header: Header) -> int:
    """The target to meet: regtest's easiest, for headers that claim impossible bits."""
    return header.bits if 0x200F0000 <= header.bits <= 0x200F0F0F else 0x200F0F0F


def snapshot(node: RegtestNode) -> dict[tuple[bytes, int], Any]:
    """The whole set of unspent outputs."""
    return {(txid, index): coin for txid, index, coin in node.chain.coins.iterate()}


def compute_issued(node: RegtestNode) -> int:
    return sum(node.params.compute_subsidy(h) for h in range(1, node.tip().height + 1))


def mine_branch(base: RegtestNode, length: int, seed: bytes, key: int = 1) -> list[bytes]:
    """Raw blocks of a branch on the tip of `base`, which itself does not change."""
    other = copy_node(base, seed)
    hashes = other.generate(length, get_script(key))
    return [other.get_block_raw(block_hash) for block_hash in hashes]


def copy_node(base: RegtestNode, seed: bytes = b"copy") -> RegtestNode:
    """A second node with the same active chain and an empty pool."""
    other = RegtestNode(
        base.params, clock=base.now, miner_script=base.miner_script, standard=False, seed=seed
    )
    other.submit_blocks(
        [base.get_block_raw(base.block_hash_at(h)) for h in range(1, base.tip().height + 1)]
    )
    return other
