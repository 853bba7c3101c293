"""Token transfers end to end in one process, on LMDB, beside the bare recovery of their signatures.

Two nodes look at one embedded layer 1. In every round the first, a miner, takes raw transfers into
its mempool and makes a block of them; the second, a validator, gets only that block. Both check,
execute, vote, commit durably and certify, by the code that a devnet runs. Nothing is skipped and
nothing is known beforehand: the validator has never seen the transactions.
"""

import random
import statistics
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec

from benchmarks.floor import prepare_recoveries, recover_all, signed
from benchmarks.harness import (
    Bar,
    Samples,
    Size,
    Table,
    add_sample,
    for_each,
    medians,
    spread,
    timed,
)
from benchmarks.local_chain import (
    NETWORK,
    EmbeddedL1,
    LocalNode,
    elect_miner,
    make_genesis,
    make_keys,
    make_recipients,
    make_transfer,
)
from benchmarks.stages import Stages
from btczs.crypto.hashes import hash160
from btczs.crypto.secp256k1 import recover
from btczs.ledger.blocks import decode_block
from btczs.ledger.mempool import Mempool
from btczs.ledger.rejections import TransactionRejected
from btczs.ledger.supply import verify_supply
from btczs.ledger.transactions import (
    Authenticated,
    compute_txid,
    decode_transaction,
    verify_transaction,
)
from btczs.node.chain import application, assembly, messages
from btczs.node.run import settle_memory
from btczs.primitives import TenureHeight
from btczs.store.lmdb import LmdbKV

ACCOUNTS = 200
RECIPIENTS = 10_000
"""Most of a block's transfers go to an address of their own, so the state's tree has work too."""
ROUNDS = 5
PER_ACCOUNT = 20
"""Transfers of one account in a round; the mempool lets 25 wait."""

FLOOR = "bare recovery of the signatures (the floor)"
VALIDATOR = "validator: a block arrives"
MINER = "miner: mempool, block, commit"
WAYS = (MINER, VALIDATOR)
"""In the order of a round; the floor is measured before, between and after them."""
RATE_MIN = 2_000.0
"""Transfers per second, sustained."""
FLOOR_SHARE_MIN = 0.5
"""Of the rate that bare recovery has on the cores used: one, because nothing here is parallel."""


class Kit(msgspec.Struct):
    """The two nodes and what they measure with."""

    miner: LocalNode
    validator: LocalNode
    mempool: Mempool
    stages: Stages


def run(size: Size) -> list[Table]:
    accounts, per_account = size.pick(ACCOUNTS, 20), size.pick(PER_ACCOUNT, 5)
    rng = random.Random(1)
    keys = make_keys(accounts)
    recipients = make_recipients(RECIPIENTS)
    rounds = [
        [
            make_transfer(key, rng.choice(recipients), batch * per_account + place)
            for place in range(per_account)
            for key in keys
        ]
        for batch in range(ROUNDS)
    ]
    samples: Samples = {}
    by_stage: dict[str, Samples] = {VALIDATOR: {}, MINER: {}}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        l1 = EmbeddedL1(NETWORK)
        genesis = make_genesis(l1, keys)
        miner, validator = (LocalNode(Path(folder) / n, l1, genesis) for n in ("m", "v"))
        stack.callback(miner.close)
        stack.callback(validator.close)
        elect_miner(l1, miner, [validator])
        pool_kv = LmdbKV(Path(folder) / "mempool")
        stack.callback(pool_kv.close)
        mempool = Mempool(NETWORK, pool_kv, miner.store, TenureHeight(1))
        kit = Kit(miner, validator, mempool, Stages())
        settle_memory()  # as a node does once it has started
        for raws in rounds:
            _measure_round(kit, raws, samples, by_stage)
        _verify_outcome(kit, sum(map(len, rounds)))
    return [
        _summary(samples, sum(map(len, rounds)), size),
        *(_breakdown(path, samples, stages) for path, stages in by_stage.items()),
        _authentication(rounds[0]),
    ]


def _summary(samples: Samples, count: int, size: Size) -> Table:
    rows = medians(samples)
    notes, bars = [], []
    for path in (VALIDATOR, MINER):
        seconds = sum(samples[path]) / 1e6 * (count // ROUNDS)
        rate = count / seconds
        notes.append(
            f"{path}: {rate:,.0f} transfers/s over all {count:,} "
            f"({_floor_share(samples, path):.2f} of the floor's rate)"
        )
        if not size.quick:
            bars.append(Bar(f"{path}, transfers/s sustained", rate, RATE_MIN))
    if not size.quick:
        share = _floor_share(samples, VALIDATOR)
        bars.append(Bar("validator's share of the floor's rate", share, FLOOR_SHARE_MIN))
    notes.append(f"rounds of the floor lie {spread(samples[FLOOR])} around their median")
    title = f"{count:,} transfers in {ROUNDS} blocks, one thread"
    return Table(title, "transfer", FLOOR, rows, tuple(notes), tuple(bars))


def _floor_share(samples: Samples, path: str) -> float:
    """Share of the floor's rate: in each round by the floor just before and just after `path`."""
    first = WAYS.index(path)
    floors = samples[FLOOR]
    shares = []
    for number, taken in enumerate(samples[path]):
        before = number * (len(WAYS) + 1) + first
        shares.append((floors[before] + floors[before + 1]) / 2 / taken)
    return statistics.median(shares)


def _breakdown(path: str, samples: Samples, stages: Samples) -> Table:
    rows = medians({FLOOR: samples[FLOOR], **stages})
    ordered = dict(sorted(rows.items(), key=lambda row: (row[0] != FLOOR, -row[1])))
    title = f"where the time goes, {path} (the stages add up to the whole)"
    return Table(title, "transfer", FLOOR, ordered)


def _authentication(raws: list[bytes]) -> Table:
    """What authenticating one transfer consists of, step by step over the same transfers."""
    decoded = [(decode_transaction(raw), raw) for raw in raws]
    prepared = prepare_recoveries(raws)
    pairs = [signed(tx, raw) for tx, raw in decoded]
    keys = [(recover(signature, digest),) for signature, digest in pairs]
    one_by_one = [(raw,) for raw in raws]
    samples: Samples = {}
    steps: dict[str, Callable[[], object]] = {
        FLOOR: lambda: recover_all(prepared),
        "all of it": lambda: for_each(_authenticate, one_by_one),
        "decode": lambda: for_each(decode_transaction, one_by_one),
        "hash what was signed": lambda: for_each(signed, decoded),
        "recover the key": lambda: for_each(recover, pairs),
        "hash the key": lambda: for_each(hash160, keys),
        "transaction id": lambda: for_each(compute_txid, one_by_one),
    }
    for _ in range(ROUNDS):
        for name, step in steps.items():
            timed(samples, name, len(raws), step)
    return Table("inside authenticate", "transfer", FLOOR, medians(samples))


def _measure_round(
    kit: Kit, raws: list[bytes], samples: Samples, by_stage: dict[str, Samples]
) -> None:
    count = len(raws)
    prepared = prepare_recoveries(raws)
    timed(samples, FLOOR, count, lambda: recover_all(prepared))
    with _watch(kit, kit.miner):
        message = timed(samples, MINER, count, lambda: _mine(kit, raws))
    _add_stages(kit, by_stage[MINER], samples[MINER][-1], count)
    timed(samples, FLOOR, count, lambda: recover_all(prepared))
    with _watch(kit, kit.validator):
        timed(samples, VALIDATOR, count, lambda: kit.validator.accept(message))
    _add_stages(kit, by_stage[VALIDATOR], samples[VALIDATOR][-1], count)
    timed(samples, FLOOR, count, lambda: recover_all(prepared))


def _mine(kit: Kit, raws: list[bytes]) -> bytes:
    """The miner's way of transfers, from their arrival to their certificate. Gives the block."""
    miner, stages = kit.miner, kit.stages
    tenure = TenureHeight(miner.chain.tip.tenure_height)
    bytes_max = NETWORK.limits.block_bytes_max
    outcomes = kit.mempool.admit_many(raws, miner.store, miner.now, tenure)
    assert not any(isinstance(outcome, TransactionRejected) for outcome in outcomes)
    chosen = stages.measure("select from the mempool", kit.mempool.select)(
        miner.store, bytes_max, len(raws)
    )
    made = miner.assemble(chosen)
    miner.accept(made.message)
    decided = miner.chain.last_decided
    stages.measure("take the mined out of the mempool", kit.mempool.apply_block)(
        miner.store, chosen, tenure
    )
    assert decided is not None
    return made.message


def _verify_outcome(kit: Kit, count: int) -> None:
    """All transfers are in signed blocks of both nodes, which agree on the state."""
    for node in (kit.miner, kit.validator):
        tip = node.chain.tip
        assert tip.signed_height == tip.height == ROUNDS + 1, tip
        blocks = [node.chain.tables.get_block_bytes(h) for h in range(2, tip.height + 1)]
        total = sum(len(decode_block(raw).transactions) for raw in blocks if raw)
        assert total == count, total
        verify_supply(node.store, NETWORK.token)
    assert kit.miner.store.root == kit.validator.store.root
    assert len(kit.mempool) == 0


@contextmanager
def _watch(kit: Kit, node: LocalNode) -> Iterator[None]:
    """The stopwatch around the steps of `node`."""
    chain, store, watch = node.chain, node.store, kit.stages.watch
    with ExitStack() as stack:
        for owner, name, stage in (
            (kit.mempool, "admit_many", "admit to the mempool (authenticate, write)"),
            (messages, "decode_whole_block", "decode the block"),
            (chain.senders, "authenticate_decoded", "authenticate"),
            (application, "stacks_merkle_root", "Merkle root"),
            (assembly, "stacks_merkle_root", "Merkle root"),
            (application, "execute_block", "execute"),
            (assembly, "_fill", "execute"),
            (store, "prepare", "state root"),
            (chain, "_make_record", "index record"),
            (application, "encode_record", "index record"),
            (store, "commit", "undo record"),
            (store._kv, "write", "durable write (LMDB)"),
        ):
            stack.enter_context(watch(owner, name, stage))
        yield


def _add_stages(kit: Kit, samples: Samples, total_us: float, count: int) -> None:
    taken = kit.stages.take()
    for stage, seconds in taken.items():
        add_sample(samples, stage, count, seconds)
    rest = total_us / 1e6 * count - sum(taken.values())
    add_sample(samples, "header, votes, certificate and the rest", count, rest)


def _authenticate(raw: bytes) -> Authenticated:
    return verify_transaction(decode_transaction(raw), raw, NETWORK)
