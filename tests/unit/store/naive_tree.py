"""The root and the proof check once more, written from the description in `btczs.store.tree` alone.

Slow and plain on purpose, and sharing no code with what it checks.
"""

from collections.abc import Mapping
from hashlib import sha256


def h(*parts: bytes) -> bytes:
    return sha256(b"".join(parts)).digest()


def leaf(entries: list[tuple[bytes, bytes]]) -> bytes:
    return h(b"\x00", len(entries).to_bytes(4, "big"), *[k + v for k, v in sorted(entries)])


def naive_root(state: Mapping[bytes, bytes]) -> bytes:
    return _node([(h(key), h(value)) for key, value in state.items()], 0)


_EMPTY: dict[int, bytes] = {}


def _node(entries: list[tuple[bytes, bytes]], depth: int) -> bytes:
    if depth == 16:
        return leaf(entries)
    if not entries and depth in _EMPTY:
        return _EMPTY[depth]
    sides: tuple[list[tuple[bytes, bytes]], list[tuple[bytes, bytes]]] = ([], [])
    for entry in entries:
        bit = entry[0][depth // 8] >> (7 - depth % 8) & 1
        sides[bit].append(entry)
    node = h(b"\x01", _node(sides[0], depth + 1), _node(sides[1], depth + 1))
    if not entries:
        _EMPTY[depth] = node
    return node


def naive_verify(root: bytes, key: bytes, value: bytes | None, raw: bytes) -> bool:
    """Whether the encoded proof shows that `key` has `value` (None: is absent)."""
    count = int.from_bytes(raw[:4], "big")
    if len(raw) != 4 + 64 * count + 512:
        return False
    rows = [raw[4 + 64 * i : 68 + 64 * i] for i in range(count)]
    names = [row[:32] for row in rows]
    if names != sorted(set(names)) or any(name[:2] != h(key)[:2] for name in names):
        return False
    found = [row[32:] for row in rows if row[:32] == h(key)]
    if found != ([] if value is None else [h(value)]):
        return False
    node = h(b"\x00", raw[:4], *rows)
    bucket = int.from_bytes(h(key)[:2], "big")
    for level in range(16):
        sibling = raw[4 + 64 * count + 32 * level :][:32]
        pair = (sibling, node) if bucket >> level & 1 else (node, sibling)
        node = h(b"\x01", *pair)
    return node == root


def same_bucket_keys(count: int) -> list[bytes]:
    """Keys that share one bucket, found by trial; the first ones below 10^7 numbers."""
    target = h(b"0")[:2]
    keys: list[bytes] = []
    for number in range(10_000_000):
        key = b"%d" % number
        if sha256(key).digest()[:2] == target:
            keys.append(key)
            if len(keys) == count:
                return keys
    raise AssertionError("not found")
