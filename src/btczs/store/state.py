"""`StateStore`: the chain's state, with a version, an authenticated root and undo for every block.

A commit is one atomic write over all columns (see `columns`). Versions start at 0 (genesis) and
grow by one; an empty store is at version -1.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256

from btczs.primitives import Hash32
from btczs.store.columns import (
    HEAD_KEY,
    SIDE,
    STATE,
    TREE,
    UNDO,
    StateView,
    check_column_key,
    scan_column,
    undo_key,
)
from btczs.store.errors import NoUndo, StalePreparation, StoreCorrupt, WrongVersion
from btczs.store.kv import KV, Reader
from btczs.store.prepare import Changes, Prepared, check_buckets, load_nodes, prepare_changes
from btczs.store.proof import StateProof
from btczs.store.records import FORMAT, Head, Undo, decode_head, decode_undo, encode_record
from btczs.store.tree import get_siblings, make_empty_nodes

EMPTY_VERSION = -1

_NO_SIDE: Changes = {}


class StateStore:
    """The versioned, authenticated state in `kv`, which it owns from now on.

    Keeps what is needed to return to the last `undo_max` versions. Usable from several threads.
    Raises `StoreCorrupt` if the tree in `kv` does not have the root that the head names.

    A `StateStore` over a store opened read-only follows the commits of the writing process:
    `get`, `scan` and `snapshot` at once, `version` and `root` after `refresh`.
    """

    def __init__(self, kv: KV, undo_max: int) -> None:
        assert undo_max >= 1, "undo_max counts versions; a store keeps one at least"
        self._kv = kv
        self._undo_max = undo_max
        self._lock = threading.RLock()
        self._empty_nodes = self._nodes = make_empty_nodes()
        self._head = self._empty_head = Head(FORMAT, EMPTY_VERSION, self._empty_nodes[1])
        with kv.snapshot() as view:
            self._head = self._read_head(view)
            self._nodes = load_nodes(view, self._empty_nodes, self._head)

    @property
    def version(self) -> int:
        """Version of the last commit; -1 if there is none."""
        return self._head.version

    @property
    def root(self) -> Hash32:
        return Hash32(self._head.root)

    def get(self, key: bytes, /) -> bytes | None:
        """Committed value of a state key."""
        return self._kv.get(STATE + key)

    def scan(self, start: bytes, stop: bytes | None, /) -> Iterator[tuple[bytes, bytes]]:
        """Committed state, as `Reader.scan`."""
        return scan_column(self._kv, STATE, start, stop)

    def side_get(self, key: bytes) -> bytes | None:
        return self._kv.get(SIDE + key)

    def side_scan(self, start: bytes, stop: bytes | None) -> Iterator[tuple[bytes, bytes]]:
        return scan_column(self._kv, SIDE, start, stop)

    @contextmanager
    def snapshot(self) -> Iterator[StateView]:
        """State and side tables of the version of this moment, whatever is committed meanwhile."""
        with self._kv.snapshot() as view:
            yield StateView(view, self._read_head(view))

    def compute_root(self, changes: Changes) -> Hash32:
        """The root after `changes`; nothing is written. To commit afterwards, use `prepare`."""
        return self.prepare(changes).root

    def prepare(self, changes: Changes) -> Prepared:
        """Computes everything a commit of `changes` writes, above all its root; writes nothing.

        Raises `InvalidKey` (1 to 510 bytes), `InvalidValue` (up to 4 MiB).
        """
        with self._lock, self._kv.snapshot() as view:
            self._follow(view)
            return prepare_changes(view, self._head, self._nodes, changes)

    def commit(self, version: int, changes: Changes | Prepared, side: Changes = _NO_SIDE) -> Hash32:
        """Makes `changes` the state of `version`, durable on return. Gives the new root.

        `side` changes side tables in the same write. A write that fails leaves the version before.
        Raises `WrongVersion`, `StalePreparation`, `InvalidKey`, `InvalidValue`, and the errors of
        `KV.write`.
        """
        with self._lock:
            with self._kv.snapshot() as view:
                self._follow(view)
                if version != self._head.version + 1:
                    raise WrongVersion(version, self._head.version + 1)
                if isinstance(changes, Prepared):
                    prepared = changes
                else:
                    prepared = prepare_changes(view, self._head, self._nodes, changes)
                if prepared.base is not self._head:
                    raise StalePreparation(prepared.base.version, self._head.version)
                writes = prepared.writes.copy()
                overwritten = prepared.overwritten.copy()
                for key, value in side.items():
                    check_column_key(key)
                    overwritten[SIDE + key] = view.get(SIDE + key)
                    writes[SIDE + key] = value
                kept_first = max(0, version - self._undo_max + 1)
                for key, _ in view.scan(UNDO, undo_key(kept_first)):
                    writes[key] = None
            writes[undo_key(version)] = encode_record(Undo(self._head.root, overwritten))
            self._write(writes, Head(FORMAT, version, prepared.root), prepared.nodes)
            return prepared.root

    @property
    def version_oldest(self) -> int:
        """The oldest version that `rollback` can return to."""
        with self._lock:
            for key, _ in scan_column(self._kv, UNDO):
                return int.from_bytes(key, "big") - 1
            return self._head.version

    def rollback(self, to_version: int) -> Hash32:
        """Returns to `to_version`, in one write: state, side tables and root. Gives the root.

        Raises `NoUndo` if that version is too old or was not reached yet.
        """
        with self._lock:
            with self._kv.snapshot() as view:
                self._follow(view)
                newest, oldest = self._head.version, self.version_oldest
                if not oldest <= to_version <= newest:
                    raise NoUndo(to_version, oldest, newest)
                writes, root = self._collect_undo(view, to_version)
                restored = {key[1:]: value for key, value in writes.items() if key[:1] == STATE}
                prepared = prepare_changes(view, self._head, self._nodes, restored)
                if prepared.root != root:
                    raise StoreCorrupt(f"undoing to version {to_version} gives another root")
            if to_version < newest:
                writes.update(prepared.writes)
                self._write(writes, Head(FORMAT, to_version, root), prepared.nodes)
            return self.root

    def prove(self, key: bytes) -> StateProof:
        """Proof of the value, or of the absence, of `key` under the current root."""
        return self.get_proven(key)[1]

    def get_proven(self, key: bytes) -> tuple[bytes | None, StateProof, int, Hash32]:
        """The value, its proof, and the version and root they belong to, all of one moment."""
        prefix = sha256(key).digest()[:2]
        with self._lock, self._kv.snapshot() as view:
            self._follow(view)
            siblings = get_siblings(self._nodes, int.from_bytes(prefix, "big"))
            proof = StateProof(view.get(TREE + prefix) or b"", siblings)
            return view.get(STATE + key), proof, self.version, self.root

    def refresh(self) -> int:
        """Takes over what another process committed (see the class). Gives the version."""
        with self._lock, self._kv.snapshot() as view:
            self._follow(view)
            return self._head.version

    def check(self) -> None:
        """Computes the tree from every key of the state. Raises `StoreCorrupt` if it differs."""
        with self._kv.snapshot() as view:
            check_buckets(view)
            load_nodes(view, self._empty_nodes, self._read_head(view))

    def close(self) -> None:
        self._kv.close()

    def _collect_undo(
        self, view: Reader, to_version: int
    ) -> tuple[dict[bytes, bytes | None], bytes]:
        """The writes that undo all versions after `to_version`, and the root they lead to."""
        writes: dict[bytes, bytes | None] = {}
        root = self._head.root
        for version in range(self._head.version, to_version, -1):
            raw = view.get(undo_key(version))
            if raw is None:
                raise StoreCorrupt(f"the undo record of version {version} is missing")
            undo = decode_undo(raw)
            writes.update(undo.overwritten)
            writes[undo_key(version)] = None
            root = undo.previous_root
        return writes, root

    def _write(self, writes: dict[bytes, bytes | None], head: Head, nodes: list[bytes]) -> None:
        """Writes a head with all that belongs to it; memory follows only if that succeeded."""
        writes[HEAD_KEY] = None if head.version == EMPTY_VERSION else encode_record(head)
        try:
            self._kv.write(writes)
        except BaseException:
            # It may be on disk all the same (an interrupt just after the write): ask the disk.
            with self._kv.snapshot() as view:
                self._follow(view)
            raise
        self._head, self._nodes = head, nodes

    def _follow(self, view: Reader) -> None:
        """Brings head and nodes up to `view`, if another process (or a failed write) moved it."""
        head = self._read_head(view)
        if head != self._head:
            self._nodes = load_nodes(view, self._empty_nodes, head)
            self._head = head

    def _read_head(self, view: Reader) -> Head:
        raw = view.get(HEAD_KEY)
        return self._empty_head if raw is None else decode_head(raw)
