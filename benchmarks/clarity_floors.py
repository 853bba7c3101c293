"""The programs of `clarity_programs`, written by hand in Python: what no compiler can beat.

They keep 128-bit checks, storage in the same overlay, that a public function which fails is undone,
and the same results. They leave out everything else: no costs, no memory, no events, no limits.
"""

import hashlib
from collections.abc import Callable

from benchmarks.clarity_programs import HASHES, MODULUS, NESTED, NUMBERS, RECORDS
from btczs.store.overlay import Overlay

UINT_MAX = 2**128 - 1

Floor = Callable[[Overlay], object]

SENDER = b"\x05\x1a" + b"\x03" * 20
RECIPIENT = b"\x05\x1a" + b"\x04" * 20
TABLE = b"vm/bench/balances/"


class Overflow(Exception):
    """A number beyond 128 bits."""


def prepare(state: Overlay) -> None:
    """What `mint` does."""
    state.put(TABLE + SENDER, b"\x01" + (10**12).to_bytes(16))


Response = tuple[bool, object]


def undoable(state: Overlay, function: Callable[..., Response], *args: object) -> Response:
    """A call of a public function."""
    mark = state.checkpoint()
    result = function(state, *args)
    if not result[0]:
        state.revert(mark)
    return result


def transfer(state: Overlay, amount: int, sender: bytes, recipient: bytes) -> Response:
    raw = state.get(TABLE + sender)
    funds = int.from_bytes(raw[1:]) if raw else 0
    raw = state.get(TABLE + recipient)
    received = int.from_bytes(raw[1:]) if raw else 0
    if sender == recipient:
        return (False, 1)
    if not amount > 0:
        return (False, 2)
    if not funds >= amount:
        return (False, 3)
    state.put(TABLE + sender, b"\x01" + (funds - amount).to_bytes(16))
    total = received + amount
    if total > UINT_MAX:
        raise Overflow
    state.put(TABLE + recipient, b"\x01" + total.to_bytes(16))
    return (True, True)


def token_transfer(state: Overlay) -> object:
    return undoable(state, _transfer_once)


def _transfer_once(state: Overlay) -> Response:
    return undoable(state, transfer, 1, SENDER, RECIPIENT)


def hundred_transfers(state: Overlay) -> object:
    return undoable(state, _transfer_often)


def _transfer_often(state: Overlay) -> Response:
    result: Response = (True, True)
    for _ in range(NESTED):
        if not result[0]:
            return result
        result = undoable(state, transfer, 1, SENDER, RECIPIENT)
    return result


_NUMBERS = list(range(1, NUMBERS + 1))
_INNER = list(range(NESTED))


def fold(_: Overlay) -> object:
    acc = 0
    for x in _NUMBERS:
        product = acc * 31
        if product > UINT_MAX:
            raise Overflow
        total = product + x
        if total > UINT_MAX:
            raise Overflow
        acc = total % MODULUS
    return (True, acc)


def nested_fold(_: Overlay) -> object:
    acc = 0
    for _y in _INNER:
        for x in _INNER:
            product = acc * 31
            if product > UINT_MAX:
                raise Overflow
            total = product + x
            if total > UINT_MAX:
                raise Overflow
            acc = total % MODULUS
    return (True, acc)


def sha256_chain(_: Overlay) -> object:
    acc = bytes(32)
    for _i in range(HASHES):
        acc = hashlib.sha256(acc).digest()
    return (True, acc)


_STEPS = list(range(RECORDS))


Record = tuple[int, int | None, int]
Totals = tuple[int, int, int]


def _make(i: int) -> Record:
    square = i * i
    if square > UINT_MAX:
        raise Overflow
    return (i, None, square)


def _is_third(record: Record) -> bool:
    return record[0] % 3 == 0


def _mark(record: Record) -> Record:
    return (record[0], record[0], record[2])


def _add(record: Record, acc: Totals) -> Totals:
    count, total = acc[1] + 1, acc[2] + record[2]
    if count > UINT_MAX or total > UINT_MAX:
        raise Overflow
    return (record[2] if record[2] > acc[0] else acc[0], count, total)


def tuples_and_lists(_: Overlay) -> object:
    records = [_make(i) for i in _STEPS]
    kept = [_mark(record) for record in records if _is_third(record)]
    longer = [*kept, _make(1)]
    if len(longer) > RECORDS:
        return (False, 1)
    shorter = longer[0 : len(longer) - 1]
    if shorter != kept:
        return (False, 3)
    totals = (0, 0, 0)
    for record in shorter:
        totals = _add(record, totals)
    return (True, totals)


FLOORS: dict[str, Floor] = {
    "token transfer": token_transfer,
    "100 transfers in one call": hundred_transfers,
    "fold of 1000": fold,
    "fold of 100 x 100": nested_fold,
    "500 chained sha256": sha256_chain,
    "tuples and lists": tuples_and_lists,
}
