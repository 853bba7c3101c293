"""The process that is killed: does numbered operations and acknowledges each on its standard output.

    python crash_writer.py PATH FIRST_OPERATION

`operate` is deterministic, so whoever reads the acknowledgements knows what the store must hold.
"""

import random
import sys
from pathlib import Path

from btczs.store import StateStore
from btczs.store.lmdb import LmdbKV

UNDO_MAX = 4
KEYS = [b"key-%d" % number for number in range(300)]


def operate(store: StateStore, number: int, keys: int = 60) -> None:
    """Operation `number`: mostly a commit, now and then a rollback by two versions."""
    rng = random.Random(number)
    if number % 5 == 4 and store.version_oldest <= store.version - 2:
        store.rollback(store.version - 2)
        return
    changes: dict[bytes, bytes | None] = {}
    for key in rng.sample(KEYS, keys):
        changes[key] = rng.randbytes(rng.choice([0, 10, 3000])) if rng.random() < 0.8 else None
    store.commit(store.version + 1, changes, {b"operation": b"%d" % number, b"%d" % number: b""})


def main() -> None:
    store = StateStore(LmdbKV(Path(sys.argv[1]), map_size=1 << 20), UNDO_MAX)
    number = int(sys.argv[2])
    while True:
        operate(store, number)
        sys.stdout.write(f"{number} {store.version} {store.root.hex()}\n")
        sys.stdout.flush()
        number += 1


if __name__ == "__main__":
    main()
