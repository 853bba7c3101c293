"""Seeded mutations: of bytes, of text, of JSON. The same seed gives the same inputs.

`BTCZS_FUZZ_SEED` chooses the seed, `BTCZS_FUZZ_ROUNDS` multiplies the number of cases.
"""

import copy
import os
import random
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

SEED = int(os.environ.get("BTCZS_FUZZ_SEED", "20240611"))
ROUNDS = max(1, int(os.environ.get("BTCZS_FUZZ_ROUNDS", "1")))
CASE_TIME_S_MAX = 5

EDGE_BYTES = (b"\x00", b"\x01", b"\x7f", b"\x80", b"\xfd", b"\xfe", b"\xff")
LENGTHS = tuple(
    number.to_bytes(size, order)
    for size in (2, 4, 8)
    for number in (0, 1, (1 << (8 * size - 1)) - 1, (1 << (8 * size)) - 1)
    for order in ("big", "little")
)
TEXTS = (
    "",
    "\0",
    " ",
    "0x",
    "-1",
    "1e9",
    "NaN",
    "é",
    "\U0001f600",
    "٣",
    "a" * 5000,
    "../..",
    "%00",
)
VALUES: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    2**31,
    2**53,
    2**63,
    2**64,
    -(2**63) - 1,
    10**400,
    1.5,
    1e308,
    -0.0,
    *TEXTS,
    [],
    {},
    [[]],
    [None] * 50,
    {"": ""},
    {"a": {"a": {"a": []}}},
)


class CaseTooSlow(Exception):
    """One input took longer than any input may."""


@contextmanager
def bounded(case: str, limit_s: float = CASE_TIME_S_MAX) -> Iterator[None]:
    """Interrupts a hang (in the main thread), and says how to see the same input again."""

    def stop(_signal: int, _frame: object) -> None:
        raise CaseTooSlow(case)

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, limit_s)
    try:
        yield
    except BaseException as error:
        error.add_note(f"replay with BTCZS_FUZZ_SEED={SEED} BTCZS_FUZZ_ROUNDS={ROUNDS}: {case}")
        raise
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def make_random(name: str) -> random.Random:
    """The source of chance of one test: independent of which other tests run."""
    return random.Random(f"{SEED}/{name}")


def mutate_bytes(rng: random.Random, raw: bytes, other: bytes = b"") -> bytes:
    """One to four changes; never longer than a few times the input."""
    data = bytearray(raw)
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        at = rng.randrange(len(data) + 1)
        match rng.randrange(9):
            case 0 if data:
                data[at % len(data)] ^= 1 << rng.randrange(8)
            case 1 if data:
                data[at % len(data) : at % len(data) + 1] = rng.choice(EDGE_BYTES)
            case 2:
                del data[at:]
            case 3:
                length = rng.choice(LENGTHS)
                data[at : at + len(length)] = length
            case 4:
                data[at:at] = rng.randbytes(rng.randrange(1, 40))
            case 5:
                del data[at : at + rng.randrange(1, 40)]
            case 6:
                size = rng.randrange(1, 80)
                data[at:at] = data[at : at + size] * rng.choice((1, 2, 20))
            case 7:
                data += rng.randbytes(rng.randrange(1, 9))
            case _:
                data[at:] = other[rng.randrange(len(other) + 1) :]
    return bytes(data)


def mutate_text(rng: random.Random, text: str) -> str:
    """Any text comes out, lone surrogates included only as what bytes decode to."""
    match rng.randrange(5):
        case 0:
            return rng.choice(TEXTS)
        case 1:
            at = rng.randrange(len(text) + 1)
            return text[:at] + rng.choice(TEXTS) + text[at:]
        case 2:
            return text.swapcase()
        case _:
            return mutate_bytes(rng, text.encode()).decode("utf-8", "replace")


def mutate_json(rng: random.Random, value: Any) -> Any:
    """Replaces, removes, adds or repeats something, somewhere in the tree."""
    tree = copy.deepcopy(value)
    places: list[tuple[Any, Any]] = []
    _collect(tree, places)
    if not places or rng.randrange(12) == 0:
        return rng.choice(VALUES)
    holder, key = rng.choice(places)
    match rng.randrange(6):
        case 0:
            del holder[key]
        case 1 if isinstance(holder, list):
            holder.insert(key, rng.choice(VALUES))
        case 2 if isinstance(holder, dict):
            holder[mutate_text(rng, str(key))] = holder.pop(key)
        case 3 if isinstance(holder[key], str):
            holder[key] = mutate_text(rng, holder[key])
        case 4 if isinstance(holder[key], int):
            holder[key] += rng.choice((-1, 1, 2**31, -(2**31), 2**64))
        case _:
            holder[key] = rng.choice(VALUES)
    return tree


def _collect(value: Any, places: list[tuple[Any, Any]]) -> None:
    if isinstance(value, dict):
        inner: Any = value.items()
    elif isinstance(value, list):
        inner = enumerate(value)
    else:
        return
    for key, child in inner:
        places.append((value, key))
        _collect(child, places)


HOSTILE_JSON = (
    b"",
    b"{",
    b"nul",
    b"\xff\xfe",
    b"[" * 100_000,
    b'{"a":' * 50_000,
    b"[" * 900 + b"]" * 900,
    b"1" * 100_000,
    b'{"id":' + b"9" * 5000 + b"}",
    b"NaN",
    b'"\\ud800"',
    b'{"id":"\\ud800","method":"help"}',
    b"[]",
    b"[" + b"0," * 5000 + b"0]",
    b'{"method":{},"params":{}}',
)
