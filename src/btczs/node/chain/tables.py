"""The side tables of the chain: blocks and what was said of them, beside the authenticated state.

They are written in the same atomic commit as the state and undone with it. They are not under the
state root, because a block cannot contain its own hash; the chain of block ids vouches for them.

| key | value |
|---|---|
| `tip` | `ChainTip` |
| `bid/` block id | `BlockRef` (height, seed) |
| `blk/` height u64 | the block as the miner signed it |
| `crt/` height u64 | its certificate |
| `out/` height u64 | its `IndexRecord`, the outbox of the index |
"""

import msgspec

from btczs.consensus.pox.commits import BlockRef
from btczs.finality import Certificate, decode_certificate
from btczs.primitives import ChainHeight
from btczs.store import StateStore

TIP_KEY = b"tip"
_BLOCK_ID, _BLOCK, _CERTIFICATE, _OUTBOX = b"bid/", b"blk/", b"crt/", b"out/"


class ChainTip(msgspec.Struct, frozen=True, array_like=True):
    """The newest layer-2 block, and how far signatures have come."""

    height: int
    block_hash: bytes
    block_id: bytes
    consensus_hash: bytes
    timestamp: int
    tenure_height: int
    tenure_blocks: int
    """Blocks of the running tenure, this one included."""
    seed: bytes
    """VRF seed of the running tenure."""
    signed_height: int
    """Highest block with a certificate."""


def _height_key(prefix: bytes, height: int) -> bytes:
    return prefix + height.to_bytes(8, "big")


def block_id_key(block_id: bytes) -> bytes:
    return _BLOCK_ID + block_id


def block_key(height: int) -> bytes:
    return _height_key(_BLOCK, height)


def certificate_key(height: int) -> bytes:
    return _height_key(_CERTIFICATE, height)


def outbox_key(height: int) -> bytes:
    return _height_key(_OUTBOX, height)


encode_row = msgspec.msgpack.Encoder().encode
_decode_tip = msgspec.msgpack.Decoder(ChainTip).decode
_decode_ref = msgspec.msgpack.Decoder(BlockRef).decode


class ChainTables:
    """Reads the side tables of a store. Also the `BlockIndex` of the consensus rules."""

    def __init__(self, store: StateStore) -> None:
        self._store = store

    def get_tip(self) -> ChainTip | None:
        raw = self._store.side_get(TIP_KEY)
        return None if raw is None else _decode_tip(raw)

    def get_block_ref(self, block_id: bytes) -> BlockRef | None:
        raw = self._store.side_get(block_id_key(block_id))
        return None if raw is None else _decode_ref(raw)

    def get_block_bytes(self, height: int) -> bytes | None:
        return self._store.side_get(block_key(height))

    def get_certificate(self, height: int) -> Certificate | None:
        raw = self._store.side_get(certificate_key(height))
        return None if raw is None else decode_certificate(raw)

    def get_record_bytes(self, height: ChainHeight) -> bytes | None:
        return self._store.side_get(outbox_key(height))
