"""Whole-network runs of several seeds, and proof that a planted bug does not survive one."""

import os
import re
import subprocess
import sys
from collections.abc import Callable

import pytest
from click.testing import CliRunner

from btczs.consensus.pox import tenure
from btczs.engine import LocalEngine
from btczs.ledger import execution
from btczs.ledger.mempool.changes import Changes
from btczs.ledger.supply import SupplyMismatch
from btczs.node.chain.application import BtczsChain
from btczs.node.chain.execution import BlockExecution
from btczs.node.voters import SigningRecord
from btczs.sim import InvariantBroken, SimulationFailed, run, simulation
from btczs.sim.__main__ import main
from btczs.sim.builders import Unrefused
from btczs.sim.process import DoubleSigned

Patch = pytest.MonkeyPatch


@pytest.mark.parametrize("seed", range(1, 9))
def test_a_seed_runs_through(seed: int) -> None:
    outcome = run(seed, 25)
    assert outcome.tenures >= 25
    assert outcome.counts["crashes"] > 0
    assert outcome.counts["versions undone and redone"] > 0
    assert outcome.counts["transactions mined"] > 25
    depths = {int(key.split()[-1]) for key in outcome.counts if key.startswith("reorganis")}
    assert depths & {7, 8}, "one deep reorganisation was followed"
    assert max(depths) > 8, "one was too deep"


def test_a_longer_run_goes_past_the_end_of_emission() -> None:
    outcome = run(1000, 90)
    assert outcome.counts["late commits"] > 0
    assert outcome.counts["equivocations"] > 0
    assert outcome.counts["tenures withheld"] > 0
    assert outcome.counts["failed writes"] > 0


def test_the_same_seed_gives_the_same_chain() -> None:
    assert run(5, 8) == run(5, 8)
    assert run(5, 8).final_root != run(6, 8).final_root


def test_the_chain_does_not_depend_on_the_process() -> None:
    """Python hashes differently in every process: nothing may follow the order of a set."""
    expected = run(9, 3).final_root
    for hash_seed in ("1", "2"):
        result = subprocess.run(
            [sys.executable, "-m", "btczs.sim", "--seed", "9", "--tenures", "3"],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        assert f"root {expected}" in result.stdout


# ---- planted bugs --------------------------------------------------------------------------------


def fails_with(kind: type[BaseException], pattern: str, tenures: int = 20, seeds: int = 4) -> None:
    """One of a few seeds must find the bug, and say what it is."""
    for seed in range(1, seeds + 1):
        failure = find_failure(seed, tenures)
        if failure is not None:
            assert isinstance(failure.__cause__, kind), repr(failure.__cause__)
            assert re.search(pattern, str(failure.__cause__)), str(failure.__cause__)
            assert failure.replay == f"python -m btczs.sim --seed {seed} --tenures {tenures}"
            return
    pytest.fail("no seed found the planted bug")


def find_failure(seed: int, tenures: int) -> SimulationFailed | None:
    try:
        run(seed, tenures)
    except SimulationFailed as failure:
        return failure
    return None


def test_a_lost_acknowledged_transaction_is_found(monkeypatch: Patch) -> None:
    real = Changes.commit

    def commit_without_disk(self: Changes, _kv: object, *rest: object) -> None:
        class Lost:
            def write(self, changes: object) -> None:
                """Acknowledged, and not written."""

        real(self, Lost(), *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Changes, "commit", commit_without_disk)
    fails_with(InvariantBroken, "lost")


def test_a_coinbase_paid_twice_is_found(monkeypatch: Patch) -> None:
    real = tenure.get_paid_epoch
    monkeypatch.setattr(tenure, "get_paid_epoch", lambda state: max(-1, real(state) - 1))
    fails_with(InvariantBroken, "coinbase")


def test_a_fee_that_vanishes_is_found(monkeypatch: Patch) -> None:
    monkeypatch.setattr(execution, "add_fee", lambda *_: None)
    fails_with(SupplyMismatch, "issued")


def test_a_signer_without_a_memory_is_found(monkeypatch: Patch) -> None:
    monkeypatch.setattr(SigningRecord, "allow", lambda *_: True)
    fails_with(DoubleSigned, "two blocks of height", tenures=40)


def test_a_decision_that_depends_on_the_node_is_found(monkeypatch: Patch) -> None:
    real = BlockExecution.finish

    def finish(self: BlockExecution) -> object:
        self._overlay.put(b"who", b"%d" % self._store.version_oldest)
        return real(self)

    monkeypatch.setattr(BlockExecution, "finish", finish)
    monkeypatch.setattr(
        BtczsChain, "_app_hash", lambda self, root, _: root if self._l1 else bytes(32)
    )
    fails_with(InvariantBroken, "another app hash when replayed")


def test_an_execution_that_is_remembered_by_its_header_is_found(monkeypatch: Patch) -> None:
    real: Callable[..., object] = BtczsChain._execute

    def execute(self: BtczsChain, block: object, *rest: object) -> object:
        return next(iter(self._executed.values()), None) or real(self, block, *rest)

    monkeypatch.setattr(BtczsChain, "_execute", execute)
    fails_with(Unrefused, "other transactions")


def test_a_split_that_is_not_reported_is_found(monkeypatch: Patch) -> None:
    monkeypatch.setattr(simulation, "is_split", lambda *_: False)
    fails_with(InvariantBroken, "split is not reported")


def test_votes_that_are_thrown_away_are_found(monkeypatch: Patch) -> None:
    monkeypatch.setattr(LocalEngine, "_collect_votes", lambda *_: [])
    fails_with(InvariantBroken, "not mined, or not signed", tenures=3, seeds=1)


# ---- the command ---------------------------------------------------------------------------------


def test_the_command_prints_the_outcome() -> None:
    result = CliRunner().invoke(main, ["--seed", "3", "--tenures", "2"])
    assert result.exit_code == 0, result.output
    assert result.output.startswith("seed 3: ")


def test_a_failing_seed_is_printed_with_the_command_that_repeats_it(monkeypatch: Patch) -> None:
    monkeypatch.setattr(execution, "add_fee", lambda *_: None)
    result = CliRunner().invoke(main, ["--seed", "2", "--tenures", "20", "--count", "3"])
    assert result.exit_code == 1
    assert "SupplyMismatch" in result.output
    assert re.search(r"replay: python -m btczs\.sim --seed [234] --tenures 20\n", result.output)
