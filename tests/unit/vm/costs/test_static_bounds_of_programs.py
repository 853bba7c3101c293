"""Random programs of every version of the language cost what their static bounds say."""

import pytest
from cost_world import check_within
from tests.differential.clarity.generator import BALANCE, CONTRACT, Program, deployer_of, generate

from btczs.codec.clarity import decode_value
from btczs.codec.clarity.values import ContractPrincipal
from btczs.vm.clarity import CostMeter, Machine
from btczs.vm.clarity.analysis.model import ContractAnalysis
from btczs.vm.clarity.costs import UNLIMITED
from btczs.vm.clarity.estimation import Estimator
from btczs.vm.clarity.runtime.errors import NoSuchContract
from btczs.vm.clarity.runtime.memory import MemoryChain, MemoryState

SEEDS, PROGRAMS = 8, 25


class Deployed:
    """A program that stands, and what else stands with it."""

    def __init__(self, program: Program) -> None:
        state = MemoryState()
        self.program, self.deployer = program, deployer_of(program)
        state.mint(self.deployer, BALANCE)
        self.machine = Machine(state, MemoryChain(is_regtest=False), tier="interpreter")
        self.estimator = Estimator(self)
        for setup in program.setup:
            self.machine.deploy(self.contract(setup.name), setup.code, setup.version)
        self.main = self.contract(CONTRACT)
        outcome = self.machine.deploy(
            self.main, program.code, program.version, meter=CostMeter(UNLIMITED)
        )
        self.stands = outcome.error is None

    def contract(self, name: str) -> ContractPrincipal:
        return ContractPrincipal(self.deployer.version, self.deployer.hash20, name)

    def analysis_of(self, contract: ContractPrincipal) -> ContractAnalysis | None:
        try:
            return self.machine.analysis(contract)
        except NoSuchContract:
            return None

    def check_calls(self) -> int:
        """How many calls succeeded; fails if one of them left its bounds."""
        judged = 0
        for call in self.program.calls:
            args = [decode_value(bytes.fromhex(arg)) for arg in call.args]
            do = self.machine.read if call.read else self.machine.call
            meter = CostMeter(UNLIMITED)
            outcome = do(self.main, call.fn, args, sender=self.deployer, meter=meter)
            bounds = self.estimator.bound(self.machine.analysis(self.main), call.fn)
            if outcome.error is None:
                judged += 1
                check_within(bounds, outcome.cost, f"{self.program.id} {call.fn} {args}")
        return judged


@pytest.mark.parametrize("seed", range(SEEDS))
def test_random_programs(seed: int) -> None:
    judged = 0
    for number in range(seed * PROGRAMS, (seed + 1) * PROGRAMS):
        deployed = Deployed(generate(number))
        if deployed.stands:
            judged += deployed.check_calls()
    assert judged, "no call succeeded"
