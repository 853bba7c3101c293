#!/usr/bin/env python3
"""Makes the devnet's first layer-1 blocks, the file `src/btczs/l1/regtest/devnet_chain.bin`.

The blocks follow from the clock and seed below alone, so every run writes the same bytes:

    python scripts/make_devnet_l1.py            # write the file
    python scripts/make_devnet_l1.py --check    # only compare it with what would be written
"""

import argparse
import sys
from pathlib import Path

from btczs.l1.regtest import devnet
from btczs.l1.regtest.node import RegtestNode

TARGET = Path(devnet.__file__).with_name(devnet.CHAIN_FILE)
SEED = b"btczs devnet l1"


class SteppingClock:
    """Stands still until it is told the next block's time."""

    def __init__(self) -> None:
        self.now = devnet.BOOTSTRAP_FIRST_TIME

    def __call__(self) -> int:
        return self.now


def make_blocks() -> list[bytes]:
    """110 blocks, 150 s apart, paying the devnet's keys in turn."""
    clock = SteppingClock()
    params = devnet.devnet_params()
    node = RegtestNode(params, clock=clock, seed=SEED)
    blocks = []
    for number in range(devnet.BOOTSTRAP_HEIGHT):
        block_hash = node.mine_block(devnet.devnet_l1_script(number % devnet.KEY_COUNT))
        blocks.append(node.get_block_raw(block_hash))
        clock.now += params.spacing_s
    node.close()
    return blocks


def main() -> int:
    parser = argparse.ArgumentParser(description="Make the devnet's first layer-1 blocks.")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    options = parser.parse_args()
    blocks = make_blocks()
    if options.check:
        same = TARGET.is_file() and devnet.decode_chain(TARGET.read_bytes()) == blocks
        print(f"{TARGET.name} {'is up to date' if same else 'differs'}")
        return 0 if same else 1
    encoded = devnet.encode_chain(blocks)
    TARGET.write_bytes(encoded)
    print(f"{TARGET.name}: {len(blocks)} blocks, {len(encoded)} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
