"""How fast the store is, relative to its raw material on the same machine in the same run.

    python benchmarks/bench_store.py [--keys 1000000]

Each line is the median over interleaved rounds of µs per changed key; the last column is the ratio
to the baseline named there. Baselines: one SHA-256 of 65 bytes; one bare LMDB transaction that puts
the same keys and values. The ratios are what may be compared between machines and versions.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import lmdb

from btczs.store import MemoryKV, Overlay, StateStore, encode_state_proof, verify_state_proof
from btczs.store.lmdb import LmdbKV

ROUNDS = 9
VALUE_BYTES = 40

T = TypeVar("T")
Samples = dict[str, list[float]]


def main() -> None:
    parser = argparse.ArgumentParser(description="Benchmarks of the store")
    parser.add_argument("--keys", type=int, default=1_000_000, help="keys of the large state")
    arguments = parser.parse_args()
    rng = random.Random(1)
    bench_state("tiny state, 20 keys per commit", 1_000, 20, rng)
    bench_state("small state, 2,000 keys per commit", 20_000, 2_000, rng)
    bench_state("large state, 10,000 keys per commit", arguments.keys, 10_000, rng)
    bench_overlay(rng)


def bench_state(title: str, key_count: int, batch: int, rng: random.Random) -> None:
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
        print(f"\n{title} ({key_count:,} keys, filled in {filled_s:.1f} s)")
        print(f"  open the store: {opened_ms:.0f} ms")
        _report(samples)
        store.check()
        store.close()
        raw.close()


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

    _time(samples, "sha256 of 65 bytes", count, hash_all)
    _time(samples, "LMDB: put the same keys, fsync", count, lambda: _raw_put(raw, changes))
    prepared = _time(samples, "root (prepare)", count, lambda: store.prepare(changes))
    version = store.version + 1
    _time(samples, "write (commit of prepared)", count, lambda: store.commit(version, prepared))
    _time(samples, "rollback", count, lambda: store.rollback(version - 1))
    _time(samples, "root and write (commit)", count, lambda: store.commit(version, changes))
    _time(samples, "prove, encode, verify (per proof)", 20, prove_some)
    if memory is not None:
        _time(samples, "root (prepare) over MemoryKV", count, lambda: memory.prepare(changes))


def bench_overlay(rng: random.Random) -> None:
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
        _time(samples, "plain dict", count, plain_dict)
        _time(samples, "overlay, checkpoint per transaction", count, with_checkpoints)
        _time(samples, "overlay, nested per transaction", count, with_nesting)
    print("\noverlay, per transaction of 2 reads and 2 writes")
    _report(samples)


def _raw_put(env: lmdb.Environment, changes: Mapping[bytes, bytes | None]) -> None:
    with env.begin(write=True) as txn:
        for key, value in sorted(changes.items()):
            txn.put(key, value or b"")


def _time(samples: Samples, name: str, count: int, action: Callable[[], T]) -> T:
    started = time.perf_counter()
    result = action()
    samples.setdefault(name, []).append((time.perf_counter() - started) / count * 1e6)
    return result


def _report(samples: Samples) -> None:
    medians = {name: statistics.median(values) for name, values in samples.items()}
    baseline_name, baseline = next(iter(medians.items()))
    for name, median in medians.items():
        ratio = median / baseline
        print(f"  {name:<40} {median:8.2f} µs  {ratio:7.1f} × {baseline_name}")


if __name__ == "__main__":
    main()
