"""Doubles of the outside world, shipped with the program: for its tests, its simulation, and yours.

Each stands behind the same Protocol as the real thing, so the code under test cannot tell.

- `FakeL1`: layer 1 in memory, with real transactions and headers, a pool, reorganisations of any
  depth, and no proof of work. It is an `L1Source` of the chain.
- `FaultyKV`: a `KV` that dies or fails at a chosen write. What was written before stays; a new
  process is opened over `FaultyKV.durable`.
- `MockClock`: time that passes when told to.

Invariants
- Nothing here reads a clock, a file, or randomness: what happens is what the caller asked for.
- A double is at least as strict as the real thing in what it accepts. Where it is not, its
  docstring says so.
"""

from btczs.testing.clock import MockClock
from btczs.testing.fake_l1 import Branch, FakeL1, TransactionRefused, UnspentOutput
from btczs.testing.faulty_kv import Crash, Fault, FaultyKV

__all__ = [
    "Branch",
    "Crash",
    "FakeL1",
    "Fault",
    "FaultyKV",
    "MockClock",
    "TransactionRefused",
    "UnspentOutput",
]
