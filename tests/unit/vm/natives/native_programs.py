"""Runs small programs without analysis, on an empty chain, for the tests of native functions."""

from btczs.codec.clarity import repr_value
from btczs.codec.clarity.values import ContractPrincipal, Value
from btczs.primitives import Hash20
from btczs.vm.clarity.costs import CostMeter, ExecutionCost, cost_function
from btczs.vm.clarity.errors import ClarityError
from btczs.vm.clarity.interpreter import Execution
from btczs.vm.clarity.interpreter.deployment import initialize
from btczs.vm.clarity.reader import parse
from btczs.vm.clarity.runtime.contracts import Contract
from btczs.vm.clarity.runtime.memory import MemoryChain, MemoryState

HERE = ContractPrincipal(26, Hash20(bytes(range(20))), "here")


class NoContracts:
    """There are no other contracts."""

    def get(self, _contract: ContractPrincipal, /) -> Contract | None:
        return None


def run(source: str, version: int = 6, *, mainnet: bool = False) -> Value:
    """The value of the last expression of `source`. Raises what execution raises."""
    return run_charged(source, version, mainnet=mainnet)[0]


def run_charged(
    source: str, version: int = 6, *, mainnet: bool = False
) -> tuple[Value, ExecutionCost]:
    """The value and everything that was charged, without reading the source."""
    chain = MemoryChain(is_mainnet=mainnet)
    state = MemoryState(chain)
    meter = CostMeter()
    program = parse(HERE, source, version, CostMeter())
    contract = Contract(HERE, version, source, program)
    execution = Execution(state, chain, NoContracts(), meter)
    value = initialize(contract, program.expressions, execution, None)
    assert value is not None, "the program has no value"
    return value, meter.total()


def text(source: str, version: int = 6, *, mainnet: bool = False) -> str:
    """The value as an expression."""
    return repr_value(run(source, version, mainnet=mainnet))


def answer(source: str, version: int = 6, *, mainnet: bool = False) -> str:
    """The value as an expression, or the kind of the error."""
    try:
        return text(source, version, mainnet=mainnet)
    except ClarityError as error:
        return error.kind


def runtime_cost(source: str, version: int = 6) -> int:
    """What evaluating `source` costs in runtime, without the deployment around it."""
    storage = cost_function("contract_storage").runtime(len(source))
    return run_charged(source, version)[1].runtime - storage
