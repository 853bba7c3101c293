"""Consensus rules of a block that need no coins: header and body.

The order of the checks, and the reject strings, are the real node's. `verify_block` needs only
the block itself; `verify_header_at` and `verify_block_at` also the branch it extends.
"""

from btczs.crypto.merkle import bitcoin_merkle_root
from btczs.l1.bitcoinz.difficulty import compute_next_bits
from btczs.l1.bitcoinz.transaction import Transaction
from btczs.l1.params import L1Params
from btczs.l1.regtest import limits
from btczs.l1.regtest.block import Block, Header
from btczs.l1.regtest.chain import BlockEntry
from btczs.l1.regtest.errors import BlockRejected, TransactionRejected
from btczs.l1.regtest.finality import is_final
from btczs.l1.regtest.sigops import count_legacy_sigops
from btczs.l1.regtest.subsidy import compute_required_outputs, has_community_fee
from btczs.l1.regtest.transaction_rules import verify_transaction, verify_transaction_at
from btczs.l1.regtest.work import verify_solution, verify_target
from btczs.l1.script.templates import push_number


def verify_block(params: L1Params, block: Block) -> None:
    """Rules without context: work, Merkle root, sizes, each transaction, signature operations.

    Raises `BlockRejected`.
    """
    header = block.header
    if header.version < limits.BLOCK_VERSION_MIN:
        raise BlockRejected("version-too-low")
    verify_solution(params, header)
    verify_target(params, header)
    verify_body(params, block)


def verify_body(params: L1Params, block: Block) -> None:
    """The rules of `verify_block` but for the work."""
    transactions = block.transactions
    if not transactions:
        raise BlockRejected("bad-blk-length")
    root, is_mutated = bitcoin_merkle_root([tx.txid for tx in transactions])
    if block.header.merkle_root != root:
        raise BlockRejected("bad-txnmrklroot")
    if is_mutated:
        raise BlockRejected("bad-txns-duplicate")
    if len(block.raw) > params.block_bytes_max:
        raise BlockRejected("bad-blk-length")
    if not transactions[0].is_coinbase:
        raise BlockRejected("bad-cb-missing")
    if any(tx.is_coinbase for tx in transactions[1:]):
        raise BlockRejected("bad-cb-multiple")
    for tx, raw in zip(transactions, block.raw_transactions, strict=True):
        try:
            verify_transaction(params, tx, len(raw))
        except TransactionRejected as error:
            raise BlockRejected(error.reason, error.detail) from error
    if sum(map(count_legacy_sigops, transactions)) > limits.BLOCK_SIGOPS_MAX:
        raise BlockRejected("bad-blk-sigops")


def compute_expected_bits(params: L1Params, previous: BlockEntry, time: int | None) -> int:
    """The `bits` demanded of a block at `time` on top of `previous` (DigiShield).

    None leaves the rule for late blocks out.
    """
    window: dict[int, tuple[int, int]] = {}

    def get(height: int) -> tuple[int, int]:
        if not window:
            _fill_window(window, previous)
        return window[height]

    return compute_next_bits(params, previous.height, get, time)


def _fill_window(window: dict[int, tuple[int, int]], last: BlockEntry) -> None:
    # The averaging window and the median time before its first block: 13 + 11 blocks.
    entry: BlockEntry | None = last
    while entry is not None and len(window) < 2 * limits.MEDIAN_TIME_SPAN + 13:
        window[entry.height] = (entry.time, entry.bits)
        entry = entry.previous


def compute_time_max(height: int, now: int) -> int:
    """The latest time a block at `height` may claim."""
    for first_height, window_min in limits.FUTURE_TIME_WINDOWS_MIN:
        if height >= first_height:
            return now + 60 * window_min
    raise AssertionError("the last window starts at height 0")


def verify_header_at(params: L1Params, header: Header, previous: BlockEntry, now: int) -> None:
    """Difficulty and time of a header on top of `previous`, seen at time `now`."""
    expected = compute_expected_bits(params, previous, header.time)
    if header.bits != expected:
        raise BlockRejected("bad-diffbits", f"{header.bits:08x}, expected {expected:08x}")
    if header.time <= previous.median_time:
        raise BlockRejected("time-too-old")
    if header.time > compute_time_max(previous.height + 1, now):
        raise BlockRejected("time-too-new")


def verify_block_at(params: L1Params, block: Block, height: int) -> None:
    """Rules of the body at `height`: upgrades, finality, stated height, obligatory payments."""
    for tx, raw in zip(block.transactions, block.raw_transactions, strict=True):
        try:
            verify_transaction_at(params, tx, len(raw), height)
        except TransactionRejected as error:
            raise BlockRejected(error.reason, error.detail) from error
        if tx.is_coinbase:
            _verify_funding_streams(params, tx, height)
        if not is_final(tx, height, block.header.time):
            raise BlockRejected("bad-txns-nonfinal")
    coinbase = block.transactions[0]
    states_height = coinbase.inputs[0].script_sig.startswith(push_number(height))
    if height > limits.BIP34_AFTER_HEIGHT and not states_height:
        raise BlockRejected("bad-cb-height")
    if has_community_fee(params, height) and not _pays_required(params, coinbase, height):
        raise BlockRejected("cb-no-community-fee")


def _verify_funding_streams(params: L1Params, coinbase: Transaction, height: int) -> None:
    if not has_community_fee(params, height) and not _pays_required(params, coinbase, height):
        raise BlockRejected("cb-funding-stream-missing")


def _pays_required(params: L1Params, coinbase: Transaction, height: int) -> bool:
    outputs = {(output.script, output.value) for output in coinbase.outputs}
    return all(required in outputs for required in compute_required_outputs(params, height))
