"""The authenticated tree: a binary Merkle tree of depth 16 over 65,536 buckets of key hashes.

Exact bytes (`‖` joins, H is SHA-256, counts are big-endian):

    key hash    H(key)                        value hash   H(value)
    bucket      the first 16 bits of the key hash, as a number b from 0 to 65535
    entries(b)  (key hash ‖ value hash) of every key of the bucket, 64 bytes each, joined,
                strictly ascending by key hash
    leaf(b)     H(0x00 ‖ u32 number of entries ‖ entries(b))      (an empty bucket is no exception)
    inner node  H(0x01 ‖ left ‖ right)
    root        the node above all; leaf b stands at place b from the left, 16 levels below

The entry list of every bucket is stored; the hashes above it live in memory as one list `nodes`,
numbered like a heap: the root is node 1, the children of node n are 2n and 2n+1, leaf(b) is node
65536 + b. They are computed anew when a store is opened, which checks the stored root as well.

Limit: a bucket is hashed whole when one of its keys changes. Whoever wants long buckets must find
keys by trial (65,536 hashes each) and pay for storing every one of them.
"""

from collections.abc import Iterable, Mapping
from hashlib import sha256

from btczs.primitives import Hash32

TREE_DEPTH = 16
BUCKET_COUNT = 1 << TREE_DEPTH
ENTRY_BYTES = 64
HASH_BYTES = 32

LEAF_TAG = b"\x00"
INNER_TAG = b"\x01"

SPLICE_CHANGES_MAX = 4
"""Up to this many changes of one bucket are spliced in one by one; more are merged at once."""


class EntryMissing(Exception):
    """An entry that must be there is not: the tree does not belong to the state."""


def compute_leaf(entries: bytes) -> bytes:
    """Hash of a bucket, given its joined entries."""
    count = len(entries) // ENTRY_BYTES
    return sha256(LEAF_TAG + count.to_bytes(4, "big") + entries).digest()


def compute_inner(left: bytes, right: bytes) -> bytes:
    return sha256(INNER_TAG + left + right).digest()


def make_empty_nodes() -> list[bytes]:
    """All nodes of the tree without keys. Node 0 does not exist and is empty bytes."""
    levels = [compute_leaf(b"")]
    for _ in range(TREE_DEPTH):
        levels.append(compute_inner(levels[-1], levels[-1]))
    nodes = [b""]
    for depth in range(TREE_DEPTH + 1):
        nodes += [levels[TREE_DEPTH - depth]] * (1 << depth)
    return nodes


def update_nodes(nodes: list[bytes], leaves: Mapping[int, bytes]) -> list[bytes]:
    """The nodes after the buckets in `leaves` got these leaf hashes; `nodes` stays as it is.

    Copying the list of references costs less than looking into two places at every node.
    """
    if not leaves:
        return nodes
    updated = nodes.copy()
    for bucket, leaf in leaves.items():
        updated[BUCKET_COUNT + bucket] = leaf
    dirty = {(BUCKET_COUNT + bucket) >> 1 for bucket in leaves}
    for _ in range(TREE_DEPTH):
        for node in dirty:
            left = node + node
            updated[node] = sha256(INNER_TAG + updated[left] + updated[left + 1]).digest()
        dirty = {node >> 1 for node in dirty}
    return updated


def get_siblings(nodes: list[bytes], bucket: int) -> tuple[Hash32, ...]:
    """The 16 hashes beside the path from the bucket to the root, the leaf's sibling first."""
    node = BUCKET_COUNT + bucket
    return tuple(Hash32(nodes[(node >> level) ^ 1]) for level in range(TREE_DEPTH))


def update_entries(entries: bytes, changes: list[tuple[bytes, bytes | None]]) -> bytes:
    """Entries of a bucket after changes (key hash, value hash or None to remove), keys distinct.

    Raises `EntryMissing` if a key to be removed is not there.
    """
    if len(changes) > SPLICE_CHANGES_MAX:
        return _merge_entries(entries, changes)
    for key_hash, value_hash in changes:
        at, found = find_entry(entries, key_hash)
        if value_hash is None:
            if not found:
                raise EntryMissing(key_hash.hex())
            entries = entries[:at] + entries[at + ENTRY_BYTES :]
        else:
            rest = entries[at + ENTRY_BYTES :] if found else entries[at:]
            entries = entries[:at] + key_hash + value_hash + rest
    return entries


def find_entry(entries: bytes, key_hash: bytes) -> tuple[int, bool]:
    """Offset of the key's entry and True, or the offset where it would stand and False."""
    at = entries.find(key_hash)
    while at >= 0 and at % ENTRY_BYTES:  # found across entries, or as somebody's value hash
        at = entries.find(key_hash, at + 1)
    if at >= 0:
        return at, True
    low, high = 0, len(entries) // ENTRY_BYTES
    while low < high:
        middle = (low + high) // 2
        offset = middle * ENTRY_BYTES
        if entries[offset : offset + HASH_BYTES] < key_hash:
            low = middle + 1
        else:
            high = middle
    return low * ENTRY_BYTES, False


def join_entries(pairs: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Entries of a bucket from (key hash, value hash) pairs in any order."""
    return b"".join([key_hash + value_hash for key_hash, value_hash in sorted(pairs)])


def _merge_entries(entries: bytes, changes: list[tuple[bytes, bytes | None]]) -> bytes:
    table = {
        entries[at : at + HASH_BYTES]: entries[at + HASH_BYTES : at + ENTRY_BYTES]
        for at in range(0, len(entries), ENTRY_BYTES)
    }
    for key_hash, value_hash in changes:
        if value_hash is not None:
            table[key_hash] = value_hash
        elif table.pop(key_hash, None) is None:
            raise EntryMissing(key_hash.hex())
    return join_entries(table.items())
