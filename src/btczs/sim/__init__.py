"""The seeded simulation: hundreds of tenures of everything that can go wrong, in seconds.

The real chain, engine, mempool and store run over the doubles of `btczs.testing`. Four miners with
different vices, five users, a layer 1 that reorganises, a disk that fails and a process that dies
act in an order that one `random.Random(seed)` decides. After every decision the checker compares
the node with its own books; now and then, and at the end, the whole history is replayed.

    python -m btczs.sim --seed 7 --tenures 300

Checked after each step
- Supply is the sum of balances and rewards that wait; each epoch's coinbase is issued once.
- An acknowledged transaction waits, or is in exactly one block, or was dropped with a status.
- Blocks never vanish; no signer signs two blocks of a height; certificates verify.
Checked now and then
- A replica without layer 1 comes to the same store, byte for byte, through the same roots.
- Undoing versions and applying them again changes nothing.

Invariant: a run is a function of its seed and number of tenures. A failing one says how to repeat
it. Modules: `simulation` (the loop), `process` (a node and its death), `users`, `miners` and
`builders`, `layer1` (actors), `invariants` and `replay` (checks), `world` (keys and genesis),
`outcome` (the result).
"""

from btczs.sim.invariants import InvariantBroken
from btczs.sim.outcome import Outcome, SimulationFailed
from btczs.sim.simulation import Simulation, run

__all__ = ["InvariantBroken", "Outcome", "Simulation", "SimulationFailed", "run"]
