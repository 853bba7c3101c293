"""Proofs that a key has a value, or none, under a state root.

A proof is the entries of the key's bucket and the 16 hashes beside its path. Encoded:

    u32 number of entries ‖ entries (64 bytes each, see `tree`) ‖ 16 siblings of 32 bytes, the
    sibling of the leaf first

To verify: h = H(key); find h among the entries, which must be strictly ascending and begin with
the first 16 bits of h; compare its value hash with H(value) (for absence: it must not be there);
fold: node = leaf(entries); for level 0 to 15: bit `level` of the bucket number says whether node is
the right child (1) or the left (0); the last node must be the root.
"""

from hashlib import sha256

import msgspec

from btczs.codec.stream import Reader, Writer
from btczs.primitives import DecodeError, Hash32
from btczs.store.errors import InvalidProof
from btczs.store.tree import (
    ENTRY_BYTES,
    HASH_BYTES,
    TREE_DEPTH,
    compute_inner,
    compute_leaf,
    find_entry,
)

PROOF_ENTRIES_MAX = 1 << 16
"""4 MiB of entries. An average bucket reaches it at 4·10⁹ keys; it bounds what a decoder keeps."""


class StateProof(msgspec.Struct, frozen=True):
    """The bucket of a key and the path above it."""

    entries: bytes
    """The entries of the bucket, joined."""

    siblings: tuple[Hash32, ...]
    """16 hashes, the sibling of the leaf first."""


def encode_state_proof(proof: StateProof) -> bytes:
    writer = Writer().u32(len(proof.entries) // ENTRY_BYTES).raw(proof.entries)
    for sibling in proof.siblings:
        writer.raw(sibling)
    return bytes(writer)


def decode_state_proof(raw: bytes) -> StateProof:
    """Inverse of `encode_state_proof`. Raises `DecodeError`."""
    reader = Reader(raw)
    count = reader.count_u32("proof entries", PROOF_ENTRIES_MAX, ENTRY_BYTES)
    entries = reader.take(count * ENTRY_BYTES)
    siblings = tuple(Hash32(reader.take(HASH_BYTES)) for _ in range(TREE_DEPTH))
    reader.finish()
    return StateProof(entries, siblings)


def verify_state_proof(
    root: bytes, key: bytes, value: bytes | None, proof: StateProof | bytes
) -> None:
    """Raises `InvalidProof` unless `key` has `value` (None: has no value) under `root`."""
    if isinstance(proof, bytes):
        try:
            proof = decode_state_proof(proof)
        except DecodeError as error:
            raise InvalidProof(str(error)) from error
    key_hash = sha256(key).digest()
    _verify_entries(proof, key_hash[:2])
    at, found = find_entry(proof.entries, key_hash)
    if value is None:
        if found:
            raise InvalidProof("the key has a value")
    elif not found:
        raise InvalidProof("the key has no value")
    elif proof.entries[at + HASH_BYTES : at + ENTRY_BYTES] != sha256(value).digest():
        raise InvalidProof("the key has another value")
    bucket = int.from_bytes(key_hash[:2], "big")
    if _fold(proof, bucket) != root:
        raise InvalidProof("it leads to another root")


def _verify_entries(proof: StateProof, bucket_prefix: bytes) -> None:
    entries = proof.entries
    if len(entries) % ENTRY_BYTES or len(entries) > PROOF_ENTRIES_MAX * ENTRY_BYTES:
        raise InvalidProof("the entries have a wrong length")
    if len(proof.siblings) != TREE_DEPTH or any(len(s) != HASH_BYTES for s in proof.siblings):
        raise InvalidProof(f"there must be {TREE_DEPTH} siblings of {HASH_BYTES} bytes")
    previous = b""
    for at in range(0, len(entries), ENTRY_BYTES):
        entry_key = entries[at : at + HASH_BYTES]
        if entry_key <= previous:
            raise InvalidProof("the entries are not in ascending order")
        if entry_key[:2] != bucket_prefix:
            raise InvalidProof("an entry belongs to another bucket")
        previous = entry_key


def _fold(proof: StateProof, bucket: int) -> bytes:
    node = compute_leaf(proof.entries)
    for level, sibling in enumerate(proof.siblings):
        if bucket >> level & 1:
            node = compute_inner(sibling, node)
        else:
            node = compute_inner(node, sibling)
    return node
