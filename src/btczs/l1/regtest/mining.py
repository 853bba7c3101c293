"""Making blocks: what goes in (a template), and finding the proof of work.

A template is made under the node's lock; solving needs nothing of the node and runs outside of
it. With the same chain, pool, clock and seed the same block comes out.
"""

import heapq
from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

import msgspec

from btczs.crypto.hashes import sha256
from btczs.crypto.merkle import bitcoin_merkle_root
from btczs.l1.bitcoinz.equihash import get_tag, solve_equihash
from btczs.l1.bitcoinz.header import encode_equihash_input
from btczs.l1.bitcoinz.transaction import OVERWINTER_GROUP, Transaction
from btczs.l1.params import L1Params
from btczs.l1.parts import NO_INDEX, TxIn, TxOut
from btczs.l1.regtest import limits
from btczs.l1.regtest.block import Block, Header, make_block
from btczs.l1.regtest.block_rules import compute_expected_bits, verify_block_at, verify_body
from btczs.l1.regtest.chain import BlockEntry
from btczs.l1.regtest.connect import EMPTY_SAPLING_ROOT, connect_block
from btczs.l1.regtest.finality import is_expired, is_final
from btczs.l1.regtest.mempool import Mempool, PoolEntry
from btczs.l1.regtest.subsidy import compute_required_outputs
from btczs.l1.regtest.utxo import CoinOverlay, CoinView
from btczs.l1.regtest.work import get_equihash, is_below_target
from btczs.l1.script.templates import encode_number, push_number
from btczs.primitives import Hash32, TimestampS, Zat
from btczs.primitives.units import ZERO_HASH

BLOCK_VERSION = 4
COINBASE_SEQUENCE = 0xFFFF_FFFF


class BlockTemplate(NamedTuple):
    """A block without its proof of work. `entries` are the pool's transactions in it."""

    params: L1Params
    height: int
    previous: BlockEntry
    header: Header
    coinbase: Transaction
    entries: tuple[PoolEntry, ...]
    fees: Zat


def create_template(
    params: L1Params,
    previous: BlockEntry,
    coins: CoinView,
    pool: Mempool,
    script: bytes,
    now: int,
    *,
    extra_nonce: int = 1,
) -> BlockTemplate:
    """The next block on top of `previous`, paying subsidy and fees to `script`.

    Its time is `now`, or the earliest the rules allow if that is later.
    """
    height = previous.height + 1
    entries = select_transactions(params, pool, height, previous.median_time)
    fees = Zat(sum(entry.fee for entry in entries))
    coinbase = make_coinbase(params, height, script, fees, extra_nonce)
    time = max(previous.median_time + 1, now)
    header = Header(
        version=BLOCK_VERSION,
        prev=previous.hash,
        merkle_root=_compute_root(coinbase, entries),
        reserved=EMPTY_SAPLING_ROOT,
        time=TimestampS(time),
        bits=compute_expected_bits(params, previous, time),
        nonce=bytes(32),
        solution=b"",
    )
    template = BlockTemplate(params, height, previous, header, coinbase, entries, fees)
    _check_template(template, coins)
    return template


def _compute_root(coinbase: Transaction, entries: tuple[PoolEntry, ...]) -> Hash32:
    return bitcoin_merkle_root([coinbase.txid, *(entry.txid for entry in entries)])[0]


def _check_template(template: BlockTemplate, coins: CoinView) -> None:
    # An invalid template is our bug: it must stop here and not after the work was done.
    block = assemble(template, template.header)
    verify_body(template.params, block)
    verify_block_at(template.params, block, template.height)
    connect_block(template.params, block, template.height, CoinOverlay(coins), with_scripts=False)


def make_coinbase(
    params: L1Params, height: int, script: bytes, fees: Zat, extra_nonce: int
) -> Transaction:
    """Height and extra nonce, as the real miner writes them; obligatory payments follow output 0."""
    required = compute_required_outputs(params, height)
    own = params.compute_subsidy(height) + fees - sum(value for _, value in required)
    number = encode_number(extra_nonce)
    script_sig = push_number(height) + bytes((len(number),)) + number
    outputs = [TxOut(Zat(own), script), *(TxOut(value, to) for to, value in required)]
    tx = Transaction(
        inputs=(TxIn(ZERO_HASH, NO_INDEX, script_sig, COINBASE_SEQUENCE),),
        outputs=tuple(outputs),
    )
    if params.is_active("sapling", height):
        return tx
    if params.is_active("overwinter", height):
        return msgspec.structs.replace(tx, version=3, group_id=OVERWINTER_GROUP)
    return msgspec.structs.replace(tx, version=1, overwintered=False, group_id=0)


def select_transactions(
    params: L1Params, pool: Mempool, height: int, median_time: int
) -> tuple[PoolEntry, ...]:
    """Transactions by fee rate, parents before children, within the block's limits."""
    queue: list[tuple[Fraction, int, Hash32]] = []
    waiting: dict[Hash32, int] = {}
    for entry in pool.iterate():
        waiting[entry.txid] = len(entry.parents)
        if not entry.parents:
            queue.append(_rank(entry))
    heapq.heapify(queue)
    size_left = params.block_bytes_max - 2 * limits.BLOCK_TEMPLATE_RESERVED_BYTES
    sigops_left = limits.BLOCK_SIGOPS_MAX - limits.BLOCK_TEMPLATE_RESERVED_SIGOPS
    selected = []
    while queue:
        found = pool.get(heapq.heappop(queue)[2])
        assert found is not None
        if found.size > size_left or found.sigops > sigops_left:
            continue
        if is_expired(found.tx, height) or not is_final(found.tx, height, median_time):
            continue
        selected.append(found)
        size_left -= found.size
        sigops_left -= found.sigops
        for child_id in found.children:
            waiting[child_id] -= 1
            child = pool.get(child_id)
            if waiting[child_id] == 0 and child is not None:
                heapq.heappush(queue, _rank(child))
    return tuple(selected)


def _rank(entry: PoolEntry) -> tuple[Fraction, int, Hash32]:
    return (-Fraction(entry.fee, entry.size), entry.sequence, entry.txid)


def assemble(template: BlockTemplate, header: Header) -> Block:
    """The block of a template with a finished header."""
    return make_block(header, (template.coinbase, *(entry.tx for entry in template.entries)))


def solve_template(
    template: BlockTemplate,
    *,
    seed: bytes = b"",
    is_stale: Callable[[], bool] = lambda: False,
) -> Block | None:
    """Searches nonces until the block is proven; None once `is_stale` says it is of no use any more.

    Touches nothing shared: call it without the node's lock. About 80 ms on average.
    """
    params, header = template.params, template.header
    n, k = get_equihash(params)
    tag = get_tag(n, k)
    start = sha256(seed + header.prev + header.merkle_root + header.time.to_bytes(8, "little"))
    # Like the real miner's: two low bytes to count with, two high bytes zero.
    body = start[2:30]
    for counter in range(limits.NONCES_PER_TEMPLATE_MAX):
        if is_stale():
            return None
        nonce = counter.to_bytes(2, "little") + body + b"\0\0"
        attempt = msgspec.structs.replace(header, nonce=nonce)
        for solution in solve_equihash(n, k, tag, encode_equihash_input(attempt)):
            solved = msgspec.structs.replace(attempt, solution=solution)
            if is_below_target(params, solved.hash, solved.bits):
                return assemble(template, solved)
    raise AssertionError("no nonce of 65,536 gives a block: impossible on regtest")
