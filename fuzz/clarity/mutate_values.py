"""Changes of encoded values that keep counts in order.

Changes of bytes alone mostly give what cannot be decoded. These take whole values, list items and
tuple fields as units: replace, repeat, remove, wrap, rename, swap.
"""

import random
from collections.abc import Sequence

NAMES = ("a", "b", "id", "x-1", "A", "f?", "longer-name", "z" * 128)
_PAYLOADS = {0: 16, 1: 16, 3: 0, 4: 0, 5: 21, 9: 0}
_WRAPPERS = (7, 8, 10)
_BUFFER, _CONTRACT, _LIST, _TUPLE, _ASCII, _UTF8 = 2, 6, 11, 12, 13, 14
_DEPTH_MAX = 60
_SMALL = (
    *(b"\3", b"\4", b"\x09", b"\7\3", b"\x08\x09", b"\x0a\x03", b"\0" + bytes(16)),
    *(
        b"\1" + b"\xff" * 16,
        b"\2" + bytes(4),
        b"\2\0\0\0\1a",
        b"\x0b" + bytes(4),
        b"\x0c" + bytes(4),
    ),
    *(b"\x0d\0\0\0\1a", b"\x0e\0\0\0\2\xc3\xa9", b"\x0c\0\0\0\1\1a\3", b"\5\x1a" + bytes(20)),
    *(b"\x06\x16" + bytes(20) + bytes([n]) + b"a" * n for n in (0, 1, 40, 41, 128, 129)),
    *(b"\x0d\0\0\0\1\x7f", b"\x0e\0\0\0\3\xed\xa0\x80", b"\5\x20" + bytes(20), b"\x0f"),
)


class _Node:
    """A value: `data[start:end]`. `units`: its list items, or its fields with their names."""

    __slots__ = ("end", "start", "units")

    def __init__(self, start: int) -> None:
        self.start = self.end = start
        self.units: list[tuple[int, int]] = []


def mutate_value(data: bytes, rng: random.Random) -> bytes:
    """`data` with one to three changes."""
    for _ in range(rng.choice((1, 1, 2, 3))):
        found = _nodes(data)
        node = rng.choice(found)
        other = rng.choice(found)
        old, lent = data[node.start : node.end], data[other.start : other.end]
        if node.units and rng.randrange(3):
            new = _change_units(data, node, rng)
        else:
            match rng.randrange(6):
                case 0:
                    new = rng.choice(_SMALL)
                case 1:
                    new = lent
                case 2:
                    new = bytes([rng.choice(_WRAPPERS)]) * rng.choice((1, 1, 2, 15, 31)) + old
                case 3:
                    new = b"\x0b" + (2).to_bytes(4, "big") + old + lent
                case 4:
                    new = _tuple([(rng.choice(NAMES), old), (rng.choice(NAMES), lent)])
                case _:
                    new = _flip(old, rng)
        data = data[: node.start] + new + data[node.end :]
    return data


def _change_units(data: bytes, node: _Node, rng: random.Random) -> bytes:
    """A list or tuple with other items or fields, and the count that goes with them."""
    units = [data[start:end] for start, end in node.units]
    at, other = rng.randrange(len(units)), rng.randrange(len(units))
    match rng.randrange(5):
        case 0:
            units[at:at] = [units[other]] * rng.choice((1, 1, 2, 20))
        case 1:
            del units[at]
        case 2:
            units[at], units[other] = units[other], units[at]
        case 3 if data[node.start] == _TUPLE:
            name = rng.choice(NAMES).encode()
            units[at] = bytes([len(name)]) + name + units[at][1 + units[at][0] :]
        case _:
            units[at] = _flip(units[at], rng)
    return data[node.start : node.start + 1] + len(units).to_bytes(4, "big") + b"".join(units)


def _tuple(fields: Sequence[tuple[str, bytes]]) -> bytes:
    parts = [bytes([len(name)]) + name.encode() + value for name, value in fields]
    return b"\x0c" + len(parts).to_bytes(4, "big") + b"".join(parts)


def _flip(data: bytes, rng: random.Random) -> bytes:
    if not data:
        return b"\x09"
    changed = bytearray(data)
    changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _nodes(data: bytes) -> list[_Node]:
    """The values in `data`, as far as it can be read; at least the whole."""
    found: list[_Node] = []
    try:
        _walk(data, 0, found, 0)
    except (IndexError, RecursionError):  # it ends, or it nests without end
        found = [node for node in found if node.start < node.end]
    if not found:
        whole = _Node(0)
        whole.end = len(data)
        found.append(whole)
    return found


def _walk(data: bytes, at: int, found: list[_Node], level: int) -> int:
    """Adds the value at `at` and those in it; where it ends."""
    node = _Node(at)
    found.append(node)
    kind = data[at]
    at += 1
    if kind in _WRAPPERS and level < _DEPTH_MAX:
        at = _walk(data, at, found, level + 1)
    elif kind in (_LIST, _TUPLE) and level < _DEPTH_MAX:
        count = int.from_bytes(data[at : at + 4], "big")
        at += 4
        for _ in range(count):
            start = at
            if kind == _TUPLE:
                at += 1 + data[at]
            at = _walk(data, at, found, level + 1)
            node.units.append((start, at))
    elif kind in (_BUFFER, _ASCII, _UTF8):
        at += 4 + int.from_bytes(data[at : at + 4], "big")
    elif kind == _CONTRACT:
        at += 22 + data[at + 21]
    else:
        at += _PAYLOADS.get(kind, 0)
    if at > len(data):
        raise IndexError
    node.end = at
    return at
