"""A node in memory: a tree of real Bitcoin regtest blocks with one best chain, and ways to lie."""

from collections.abc import Callable, Sequence

import msgspec

from btczs.codec.compact import write_compact
from btczs.crypto.hashes import sha256d
from btczs.crypto.merkle import bitcoin_merkle_root
from btczs.l1 import get_params, wire
from btczs.l1.bitcoin.header import Header, encode_header
from btczs.l1.bitcoin.transaction import Transaction
from btczs.l1.errors import InvalidProofOfWork
from btczs.l1.parts import NO_INDEX, TxIn, TxOut
from btczs.l1.pow import verify_pow
from btczs.l1.rpc import RpcInvalidParameter, RpcNotFound
from btczs.primitives import Hash32, L1Height, TimestampS, Zat
from btczs.primitives.units import ZERO_HASH

PARAMS = get_params("bitcoin", "regtest")
MARK = b"\x6a\x03L2!"
"""Script of the outputs that `is_marked` selects."""


def is_marked(tx: wire.Tx) -> bool:
    return any(output.script == MARK for output in tx.outputs)


def make_coinbase(tag: int, *, witness_commitment: bytes | None = None) -> Transaction:
    outputs = [TxOut(Zat(50), b"\x51")]
    if witness_commitment is not None:
        outputs.append(TxOut(Zat(0), bytes.fromhex("6a24aa21a9ed") + witness_commitment))
    script = b"\x08" + tag.to_bytes(8, "little")
    return Transaction(
        inputs=(TxIn(ZERO_HASH, NO_INDEX, script),),
        outputs=tuple(outputs),
        witnesses=((bytes(32),),) if witness_commitment is not None else (),
    )


def make_payment(tag: int, script: bytes = b"\x51", witness: bytes | None = None) -> Transaction:
    return Transaction(
        inputs=(TxIn(sha256d(tag.to_bytes(8, "little")), 0),),
        outputs=(TxOut(Zat(tag % 1000), script),),
        witnesses=((witness,),) if witness is not None else (),
    )


def mine_header(prev: Hash32, root: Hash32, time: int, bits: int = 0x207FFFFF) -> Header:
    for nonce in range(10_000):
        header = Header(4, prev, root, TimestampS(time), bits, nonce)
        try:
            verify_pow(PARAMS, header, 1)
        except InvalidProofOfWork:
            continue
        return header
    raise AssertionError("no nonce found")


def make_block(
    prev: Hash32, time: int, transactions: Sequence[Transaction], bits: int = 0x207FFFFF
) -> bytes:
    root, _ = bitcoin_merkle_root([tx.txid for tx in transactions])
    return join(encode_header(mine_header(prev, root, time, bits)), transactions)


def join(header: bytes, transactions: Sequence[Transaction]) -> bytes:
    body = b"".join(map(wire.encode_transaction, transactions))
    return header + write_compact(len(transactions)) + body


def genesis_block() -> bytes:
    text = b"The Times 03/Jan/2009 Chancellor on brink of second bailout for banks"
    script_sig = bytes.fromhex("04ffff001d010445") + text
    key = bytes.fromhex(
        "04678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb6"
        "49f6bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d578a4c702b6bf11d5f"
    )
    coinbase = Transaction(
        inputs=(TxIn(ZERO_HASH, NO_INDEX, script_sig),),
        outputs=(TxOut(Zat(5_000_000_000), b"\x41" + key + b"\xac"),),
        version=1,
    )
    return join(PARAMS.genesis_header, [coinbase])


class FakeNode:
    """Implements `L1Source`. `before_call` runs before each answer: races are made there.
    `served` replaces answers by block hash: lies."""

    def __init__(self) -> None:
        raw = genesis_block()
        self.blocks: dict[Hash32, bytes] = {PARAMS.genesis_hash: raw}
        self.chain: list[Hash32] = [PARAMS.genesis_hash]
        self.before_call: Callable[[], None] = lambda: None
        self.served: dict[Hash32, bytes] = {}
        self.claimed: dict[int, Hash32] = {}
        self.calls = 0
        self._tag = 0

    def next_tag(self) -> int:
        self._tag += 1
        return self._tag

    def append(self, raw: bytes) -> Hash32:
        block_hash = wire.decode_block(PARAMS, raw).header.hash
        self.blocks[block_hash] = raw
        self.chain.append(block_hash)
        return block_hash

    def mine(self, count: int = 1, marked: int = 0) -> None:
        for _ in range(count):
            extra = [make_payment(self.next_tag(), MARK) for _ in range(marked)]
            coinbase = make_coinbase(self.next_tag())
            self.append(make_block(self.chain[-1], self.time_of_next(), [coinbase, *extra]))

    def time_of_next(self) -> int:
        return 1_600_000_000 + 600 * len(self.chain)

    def cut(self, depth: int) -> None:
        """As `invalidateblock` does: the newest `depth` blocks are gone."""
        if depth:
            del self.chain[-depth:]

    def reorganise(self, depth: int, count: int) -> None:
        self.cut(min(depth, len(self.chain) - 1))
        self.mine(count, marked=1)

    def _hash_at(self, height: int) -> Hash32:
        if not 0 <= height < len(self.chain):
            raise RpcInvalidParameter(-8, "Block height out of range")
        return self.claimed.get(height, self.chain[height])

    def _answer(self) -> None:
        self.calls += 1
        self.before_call()

    async def get_block_count(self) -> L1Height:
        self._answer()
        return L1Height(len(self.chain) - 1)

    async def get_best_block_hash(self) -> Hash32:
        self._answer()
        return self._hash_at(len(self.chain) - 1)

    async def get_block_hash(self, height: int) -> Hash32:
        self._answer()
        return self._hash_at(height)

    async def get_block_hashes(self, heights: Sequence[int]) -> list[Hash32]:
        found = []
        for height in heights:
            self._answer()
            found.append(self._hash_at(height))
        return found

    async def get_block_raw(self, block_hash: Hash32) -> bytes:
        self._answer()
        if block_hash in self.served:
            return self.served[block_hash]
        if block_hash not in self.blocks:
            raise RpcNotFound(-5, "Block not found")
        return self.blocks[block_hash]

    async def get_block_header_raw(self, block_hash: Hash32) -> bytes:
        return (await self.get_block_raw(block_hash))[:80]


def strip_witness(tx: Transaction) -> Transaction:
    return msgspec.structs.replace(tx, witnesses=())
