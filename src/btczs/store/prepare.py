"""From a block's changes to everything its commit writes, above all the root. Reads, never writes."""

from collections.abc import Mapping
from hashlib import sha256

from btczs.primitives import Hash32
from btczs.store.columns import STATE, TREE, scan_column
from btczs.store.errors import InvalidKey, InvalidValue, StoreCorrupt
from btczs.store.kv import KEY_BYTES_MAX, STATE_KEY_BYTES_MAX, STATE_VALUE_BYTES_MAX, Reader
from btczs.store.records import Head
from btczs.store.tree import EntryMissing, compute_leaf, join_entries, update_entries, update_nodes

Changes = Mapping[bytes, bytes | None]
"""Key -> value, None to delete: what `Overlay.changes` gives."""


class Prepared:
    """The outcome of a block, computed and not yet written. `root` is the root after it.

    Belongs to the state it was made on (`base`): after any commit or rollback it is refused.
    """

    __slots__ = ("base", "nodes", "overwritten", "root", "writes")

    def __init__(
        self,
        base: Head,
        nodes: list[bytes],
        writes: dict[bytes, bytes | None],
        overwritten: dict[bytes, bytes | None],
    ) -> None:
        self.root = Hash32(nodes[1])
        self.base = base
        self.nodes = nodes
        self.writes = writes
        self.overwritten = overwritten


def prepare_changes(view: Reader, base: Head, nodes: list[bytes], changes: Changes) -> Prepared:
    """What `changes` do to the state in `view`, whose head is `base` and whose tree is `nodes`.

    A change that changes nothing is left out. Raises `InvalidKey`, `InvalidValue`, and
    `StoreCorrupt` if the tree lacks a key of the state.
    """
    get = view.get
    writes: dict[bytes, bytes | None] = {}
    overwritten: dict[bytes, bytes | None] = {}
    buckets: dict[bytes, list[tuple[bytes, bytes | None]]] = {}
    for key, value in changes.items():
        column_key = STATE + key
        if not 1 < len(column_key) <= KEY_BYTES_MAX:
            raise InvalidKey(len(key), STATE_KEY_BYTES_MAX)
        before = get(column_key)
        if before == value:
            continue
        key_hash = sha256(key).digest()
        value_hash = None
        if value is not None:
            if len(value) > STATE_VALUE_BYTES_MAX:
                raise InvalidValue(len(value), STATE_VALUE_BYTES_MAX)
            value_hash = sha256(value).digest()
        overwritten[column_key] = before
        writes[column_key] = value
        prefix = key_hash[:2]
        if prefix in buckets:
            buckets[prefix].append((key_hash, value_hash))
        else:
            buckets[prefix] = [(key_hash, value_hash)]
    # This loop and the one above run once per changed key of every block: kept flat on purpose.
    leaves: dict[int, bytes] = {}
    for prefix, changed in buckets.items():
        tree_key = TREE + prefix
        try:
            entries = update_entries(get(tree_key) or b"", changed)
        except EntryMissing as error:
            raise StoreCorrupt(f"the tree has no entry for key hash {error}") from error
        writes[tree_key] = entries or None
        leaves[prefix[0] << 8 | prefix[1]] = compute_leaf(entries)
    return Prepared(base, update_nodes(nodes, leaves), writes, overwritten)


def load_nodes(view: Reader, empty_nodes: list[bytes], head: Head) -> list[bytes]:
    """The tree's nodes from the stored buckets. Raises `StoreCorrupt` if the root is not `head`'s."""
    leaves: dict[int, bytes] = {}
    for prefix, entries in scan_column(view, TREE):
        if len(prefix) != 2:
            raise StoreCorrupt(f"{prefix.hex()} is not the number of a bucket")
        leaves[int.from_bytes(prefix, "big")] = compute_leaf(entries)
    nodes = update_nodes(empty_nodes, leaves)
    if nodes[1] != head.root:
        raise StoreCorrupt(f"the tree does not have the root of version {head.version}")
    return nodes


def check_buckets(view: Reader) -> None:
    """Raises `StoreCorrupt` unless the stored buckets are those of the state's keys and values."""
    buckets: dict[bytes, list[tuple[bytes, bytes]]] = {}
    for key, value in scan_column(view, STATE):
        key_hash = sha256(key).digest()
        buckets.setdefault(key_hash[:2], []).append((key_hash, sha256(value).digest()))
    for prefix, entries in scan_column(view, TREE):
        if not entries or join_entries(buckets.pop(prefix, ())) != entries:
            raise StoreCorrupt(f"bucket {prefix.hex()} does not belong to the state")
    if buckets:
        raise StoreCorrupt(f"{len(buckets)} buckets of the tree are missing")
