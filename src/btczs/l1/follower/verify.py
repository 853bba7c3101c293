"""Belief in a block comes only from here: every byte a node serves is checked before it is kept."""

import msgspec

from btczs.crypto.hashes import sha256d
from btczs.crypto.merkle import bitcoin_merkle_root
from btczs.l1 import wire
from btczs.l1.bitcoin.transaction import Transaction as BitcoinTransaction
from btczs.l1.follower.errors import LyingNode
from btczs.l1.params import L1Params
from btczs.l1.spv.context import LookUp, verify_header
from btczs.primitives import Hash32, InvalidInput
from btczs.primitives.units import ZERO_HASH

_COMMITMENT = bytes.fromhex("6a24aa21a9ed")  # OP_RETURN, 36 bytes, BIP 141's mark


class HeaderRecord(msgspec.Struct, frozen=True):
    """A verified header and the fields its successors are checked with."""

    height: int
    hash: Hash32
    time: int
    bits: int
    raw: bytes


class VerifiedBlock(msgspec.Struct, frozen=True):
    """A block whose header and transactions belong together."""

    record: HeaderRecord
    transactions: tuple[wire.Tx, ...]


def verify_block(
    params: L1Params,
    height: int,
    block_hash: Hash32,
    prev: Hash32 | None,
    raw: bytes,
    look_up: LookUp,
) -> VerifiedBlock:
    """The block at `height`, which must be named `block_hash` and follow `prev`.

    Checked: the hash, the link, proof of work, difficulty and time as far as `look_up` reaches, the
    Merkle root over the transactions (CVE-2012-2459 refused), the place of the coinbase, and
    BIP 141's commitment to the witnesses. Raises `LyingNode`.
    """
    try:
        block = wire.decode_block(params, raw)
        header_raw = raw[: len(wire.encode_header(block.header))]
    except InvalidInput as error:
        raise LyingNode(height, f"it cannot be decoded: {error}") from error
    record = _verify_fields(params, height, block_hash, prev, block.header, header_raw, look_up)
    _verify_transactions(height, block)
    return VerifiedBlock(record, block.transactions)


def verify_single_header(
    params: L1Params,
    height: int,
    block_hash: Hash32,
    prev: Hash32 | None,
    raw: bytes,
    look_up: LookUp,
) -> HeaderRecord:
    """The same checks for a header alone. `prev` None: the link is not checked."""
    try:
        header = wire.decode_header(params, raw)
    except InvalidInput as error:
        raise LyingNode(height, f"its header cannot be decoded: {error}") from error
    return _verify_fields(params, height, block_hash, prev, header, raw, look_up)


def _verify_fields(
    params: L1Params,
    height: int,
    block_hash: Hash32,
    prev: Hash32 | None,
    header: wire.Header,
    raw: bytes,
    look_up: LookUp,
) -> HeaderRecord:
    if header.hash != block_hash:
        raise LyingNode(height, "it is not the block that was asked for")
    if prev is not None and header.prev != prev:
        raise LyingNode(height, "it does not follow the block before it")
    if height == 0:  # its proof of work is not valid on every chain; its hash is known
        if header.hash != params.genesis_hash:
            raise LyingNode(height, "it is not the genesis block")
    else:
        try:
            verify_header(params, header, height, look_up)
        except InvalidInput as error:
            raise LyingNode(height, str(error)) from error
    return HeaderRecord(height, header.hash, header.time, header.bits, raw)


def _verify_transactions(height: int, block: wire.Block) -> None:
    transactions = block.transactions
    if not transactions:
        raise LyingNode(height, "it has no transactions")
    root, is_mutated = bitcoin_merkle_root([tx.txid for tx in transactions])
    if root != block.header.merkle_root:
        raise LyingNode(height, "its transactions do not have the Merkle root of its header")
    if is_mutated:
        raise LyingNode(height, "transactions were duplicated under the same Merkle root")
    if [tx.is_coinbase for tx in transactions] != [True] + [False] * (len(transactions) - 1):
        raise LyingNode(height, "its first transaction, and no other, must be a coinbase")
    _verify_witnesses(height, transactions)


def _verify_witnesses(height: int, transactions: tuple[wire.Tx, ...]) -> None:
    """BIP 141: the coinbase commits to all witnesses; without a commitment there are none."""
    segwit = [tx for tx in transactions if isinstance(tx, BitcoinTransaction)]
    if not any(tx.witnesses for tx in segwit):
        return
    scripts = [out.script for out in segwit[0].outputs if out.script[:6] == _COMMITMENT]
    reserved = segwit[0].get_witness(0)
    if not scripts or len(reserved) != 1 or len(reserved[0]) != 32:
        raise LyingNode(height, "it has witnesses without a commitment to them")
    root, _ = bitcoin_merkle_root([ZERO_HASH, *(tx.wtxid for tx in segwit[1:])])
    if scripts[-1][6:38] != sha256d(root + reserved[0]):
        raise LyingNode(height, "its witnesses are not those its coinbase commits to")
