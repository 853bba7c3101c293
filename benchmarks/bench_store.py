"""How fast the store is, relative to its raw material on the same machine in the same run.

The baseline of the state is one bare LMDB transaction that puts the same keys and values, the one of
the overlay a plain dict. SHA-256 of 65 bytes, once per key, is there for comparison.
"""

import random
import tempfile
import time
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import lmdb

from benchmarks.harness import Samples, Size, Table, medians, timed
from btczs.store import MemoryKV, Overlay, StateStore, encode_state_proof, verify_state_proof
from btczs.store.lmdb import LmdbKV

ROUNDS = 9
VALUE_BYTES = 40
LARGE_KEYS = 1_000_000

RAW_PUT = "LMDB alone: put the same keys, fsync"
PLAIN_DICT = "plain dict"


def run(size: Size) -> list[Table]:
    rng = random.Random(1)
    return [
        _bench_state("tiny state, 20 keys per commit", 1_000, 20, rng),
        _bench_state("small state, 2,000 keys per commit", 20_000, 2_000, rng),
        _bench_state(
            "large state, 10,000 keys per commit", size.pick(LARGE_KEYS, 50_000), 10_000, rng
        ),
        _bench_overlay(rng),
    ]


def _bench_state(title: str, key_count: int, batch: int, rng: random.Random) -> Table:
    keys = [b"acct/" + rng.randbytes(22) for _ in range(key_count)]
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        store = StateStore(LmdbKV(Path(folder) / "state"), undo_max=16)
        for version, start in enumerate(range(0, key_count, 100_000)):
            store.commit(
                version, {k: rng.randbytes(VALUE_BYTES) for k in keys[start : start + 100_000]}
            )
        filled_s = time.perf_counter() - started
        store.close()
        kv = LmdbKV(Path(folder) / "state")
        started = time.perf_counter()
        store = StateStore(kv, undo_max=16)
        opened_ms = (time.perf_counter() - started) * 1000
        raw = lmdb.open(str(Path(folder) / "raw"), map_size=1 << 30)
        _raw_put(raw, dict.fromkeys(keys, bytes(VALUE_BYTES)))
        memory = StateStore(MemoryKV(), undo_max=16)
        if key_count <= 100_000:
            memory.commit(0, dict(store.scan(b"", None)))
        samples: Samples = {}
        for _ in range(ROUNDS):
            changes: dict[bytes, bytes | None] = {
                key: rng.randbytes(VALUE_BYTES) for key in rng.sample(keys, batch)
            }
            _round(samples, store, memory if memory.version == 0 else None, raw, changes)
        store.check()
        store.close()
        raw.close()
    return Table(
        f"{title} ({key_count:,} keys)",
        "key",
        RAW_PUT,
        medians(samples),
        (f"filled in {filled_s:.1f} s, opened in {opened_ms:.0f} ms",),
    )


def _round(
    samples: Samples,
    store: StateStore,
    memory: StateStore | None,
    raw: lmdb.Environment,
    changes: dict[bytes, bytes | None],
) -> None:
    """One measurement of everything, in turns, so that a noisy moment hits all alike."""
    count = len(changes)
    data = bytes(65)

    def hash_all() -> None:
        for _ in range(count):
            sha256(data).digest()

    def prove_some() -> None:
        for key in list(changes)[:20]:
            proof = encode_state_proof(store.prove(key))
            verify_state_proof(store.root, key, changes[key], proof)

    timed(samples, RAW_PUT, count, lambda: _raw_put(raw, changes))
    timed(samples, "sha256 of 65 bytes", count, hash_all)
    prepared = timed(samples, "root (prepare)", count, lambda: store.prepare(changes))
    version = store.version + 1
    timed(samples, "write (commit of prepared)", count, lambda: store.commit(version, prepared))
    timed(samples, "rollback", count, lambda: store.rollback(version - 1))
    timed(samples, "root and write (commit)", count, lambda: store.commit(version, changes))
    timed(samples, "prove, encode, verify (per proof)", 20, prove_some)
    if memory is not None:
        timed(samples, "root (prepare) over MemoryKV", count, lambda: memory.prepare(changes))


def _bench_overlay(rng: random.Random) -> Table:
    """A transfer-shaped load: two reads, two writes; kept or reverted."""
    store = StateStore(MemoryKV(), undo_max=1)
    keys = [b"acct/" + rng.randbytes(22) for _ in range(20_000)]
    store.commit(0, {key: bytes(VALUE_BYTES) for key in keys})
    count = 10_000
    pairs = [rng.sample(keys, 2) for _ in range(count)]
    value = bytes(VALUE_BYTES)
    samples: Samples = {}

    def plain_dict() -> None:
        base = dict.fromkeys(keys, value)
        for a, b in pairs:
            base.get(a), base.get(b)
            base[a] = base[b] = value

    def with_checkpoints() -> None:
        overlay = Overlay(store)
        for index, (a, b) in enumerate(pairs):
            mark = overlay.checkpoint()
            overlay.get(a), overlay.get(b)
            overlay.put(a, value)
            overlay.put(b, value)
            if index % 8 == 0:
                overlay.revert(mark)

    def with_nesting() -> None:
        block = Overlay(store)
        for index, (a, b) in enumerate(pairs):
            overlay = Overlay(block)
            overlay.get(a), overlay.get(b)
            overlay.put(a, value)
            overlay.put(b, value)
            if index % 8:
                overlay.merge()

    for _ in range(ROUNDS):
        timed(samples, PLAIN_DICT, count, plain_dict)
        timed(samples, "overlay, checkpoint per transaction", count, with_checkpoints)
        timed(samples, "overlay, nested per transaction", count, with_nesting)
    title = "overlay, transactions of 2 reads and 2 writes"
    return Table(title, "transaction", PLAIN_DICT, medians(samples))


def _raw_put(env: lmdb.Environment, changes: Mapping[bytes, bytes | None]) -> None:
    with env.begin(write=True) as txn:
        for key, value in sorted(changes.items()):
            txn.put(key, value or b"")
