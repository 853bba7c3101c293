"""The devnet's layer 1: its rules, its well-known keys, and its first 110 blocks.

The blocks are package data, so that a devnet starts with mature coins at once instead of mining
for ten seconds; `scripts/make_devnet_l1.py` makes the file again, byte for byte. They pay the four
development keys in turn, and are loaded like any other blocks: fully checked.

All upgrades are active from the first block, so signatures need Canopy's branch id only, and no
community fee is due. The three funding streams of the regtest parameters take their 20 % at
heights 300 to 599, and the subsidy halves every 150 blocks, as on the real regtest network.
"""

import zlib
from functools import cache
from importlib import resources

from btczs.codec.stream import Reader, Writer
from btczs.crypto.hashes import hash160, sha256
from btczs.crypto.secp256k1 import compute_public_key
from btczs.l1.params import L1Params, get_params
from btczs.l1.regtest.node import RegtestNode
from btczs.l1.script.templates import p2pkh
from btczs.primitives import DecodeError, InvalidInput

ACTIVATIONS = {"overwinter": 1, "sapling": 1, "canopy": 1}
KEY_COUNT = 4
BOOTSTRAP_HEIGHT = 110
BOOTSTRAP_FIRST_TIME = 1_735_689_600
"""2025-01-01 00:00 UTC."""

CHAIN_FILE = "devnet_chain.bin"
MAGIC = b"BTCZSL1"
FORMAT_VERSION = 1
BLOCK_COUNT_MAX = 10_000
UNPACKED_BYTES_MAX = 50_000_000


def devnet_params() -> L1Params:
    """BitcoinZ regtest with every upgrade active from height 1."""
    return get_params("bitcoinz", "regtest", ACTIVATIONS)


def devnet_l1_secret(index: int) -> bytes:
    """Private key `index` of the devnet. For development only: everybody knows it."""
    if not 0 <= index < KEY_COUNT:
        raise InvalidInput(f"the devnet has keys 0 to {KEY_COUNT - 1}, not {index}")
    return sha256(b"btczs devnet l1 key %d" % index)


@cache
def devnet_l1_script(index: int) -> bytes:
    """The P2PKH script of that key."""
    return p2pkh(hash160(compute_public_key(devnet_l1_secret(index))))


def encode_chain(blocks: list[bytes]) -> bytes:
    """magic | version u8 | zlib(count u32, then length u32 and bytes of each block)."""
    writer = Writer().u32(len(blocks))
    for block in blocks:
        writer.u32(len(block)).raw(block)
    return MAGIC + bytes((FORMAT_VERSION,)) + zlib.compress(bytes(writer), 9)


def decode_chain(raw: bytes) -> list[bytes]:
    """Inverse of `encode_chain`. Raises `DecodeError`."""
    reader = Reader(raw)
    if raw[: len(MAGIC)] != MAGIC:
        raise DecodeError("this is not a file of layer-1 blocks")
    reader.take(len(MAGIC))
    version = reader.u8()
    if version != FORMAT_VERSION:
        raise DecodeError(f"format {version} of the block file is not known")
    decompressor = zlib.decompressobj()
    try:
        unpacked = decompressor.decompress(reader.take(reader.remaining), UNPACKED_BYTES_MAX)
    except zlib.error as error:
        raise DecodeError(f"the block file is damaged: {error}") from error
    if not decompressor.eof or decompressor.unused_data:
        raise DecodeError("the block file is cut off, too large, or followed by other data")
    body = Reader(unpacked)
    count = body.count_u32("blocks", BLOCK_COUNT_MAX, 4)
    blocks = [body.take(body.u32()) for _ in range(count)]
    body.finish()
    return blocks


def load_bootstrap(node: RegtestNode) -> int:
    """Brings a new node to the end of the devnet's first blocks; does nothing to a longer chain.

    Gives the number of blocks that were added. The blocks are of 2025: `node`'s clock may be any
    time since then.
    """
    if node.tip().height > 0:
        return 0
    blocks = decode_chain(resources.files(__package__).joinpath(CHAIN_FILE).read_bytes())
    node.submit_blocks(blocks)
    return len(blocks)
