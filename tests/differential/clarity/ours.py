"""Runs a program on the machine of this project."""

from typing import Literal

from tests.differential.clarity.answers import Answer, Report
from tests.differential.clarity.generator import BALANCE, CONTRACT, Program, deployer_of

from btczs.codec.clarity import decode_value, encode_value
from btczs.codec.clarity.values import ContractPrincipal
from btczs.vm.clarity import CostMeter, Machine, Outcome
from btczs.vm.clarity.costs import UNLIMITED
from btczs.vm.clarity.errors import LimitExceeded, ParseError, StaticError
from btczs.vm.clarity.runtime.events import PrintEvent
from btczs.vm.clarity.runtime.memory import MemoryChain, MemoryState

Tier = Literal["auto", "interpreter"]


def run(program: Program, tier: Tier = "auto") -> Report:
    """The answers of the machine. Whatever it raises is a bug and is not caught."""
    state = MemoryState()
    deployer = deployer_of(program)
    state.mint(deployer, BALANCE)
    machine = Machine(state, MemoryChain(is_regtest=False), tier=tier)

    def contract(name: str) -> ContractPrincipal:
        return ContractPrincipal(deployer.version, deployer.hash20, name)

    def meter() -> CostMeter:
        return CostMeter(UNLIMITED)

    for setup in program.setup:
        outcome = machine.deploy(contract(setup.name), setup.code, setup.version, meter=meter())
        assert outcome.error is None, f"the set-up fails: {outcome.error}"
    main = contract(CONTRACT)
    deployment = answer_of(machine.deploy(main, program.code, program.version, meter=meter()))
    calls = []
    for call in program.calls if deployment.ok else ():
        args = [decode_value(bytes.fromhex(arg)) for arg in call.args]
        do = machine.read if call.read else machine.call
        calls.append(answer_of(do(main, call.fn, args, sender=deployer, meter=meter())))
    return Report(deployment, tuple(calls))


def answer_of(outcome: Outcome) -> Answer:
    if (error := outcome.error) is not None:
        stage = "runtime"
        if isinstance(error, ParseError):
            stage = "parse"
        elif isinstance(error, StaticError):
            stage = "static"
        elif isinstance(error, LimitExceeded):
            stage = "limit"
        return Answer(False, kind=error.kind, stage=stage, detail=str(error))
    prints = tuple(
        encode_value(event.value).hex() for event in outcome.events if isinstance(event, PrintEvent)
    )
    value = None if outcome.value is None else encode_value(outcome.value).hex()
    return Answer(True, value=value, prints=prints)
