"""How a run ended."""

import msgspec


class Outcome(msgspec.Struct, frozen=True):
    """What a run has been through."""

    seed: int
    tenures: int
    steps: int
    versions: int
    blocks: int
    final_root: str
    counts: dict[str, int]


class SimulationFailed(Exception):
    """A run broke a rule. `replay` is the command that repeats it."""

    def __init__(self, seed: int, tenures: int, step: int, events: tuple[str, ...]) -> None:
        self.replay = f"python -m btczs.sim --seed {seed} --tenures {tenures}"
        self.events = events
        super().__init__(f"seed {seed} failed at step {step}\nreplay: {self.replay}")
