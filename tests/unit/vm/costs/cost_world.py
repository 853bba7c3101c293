"""A chain with realistic contracts (`contracts/*.clar`), and arguments made at random."""

from pathlib import Path
from random import Random

from btczs.codec.clarity.types import ValueType
from btczs.codec.clarity.values import (
    NONE,
    AsciiValue,
    BoolValue,
    BufferValue,
    ContractPrincipal,
    ErrValue,
    IntValue,
    ListValue,
    OkValue,
    SomeValue,
    StandardPrincipal,
    TupleValue,
    UIntValue,
    Utf8Value,
    Value,
)
from btczs.primitives import Hash20
from btczs.vm.clarity import CostMeter, Machine, Outcome
from btczs.vm.clarity.analysis.model import ContractAnalysis
from btczs.vm.clarity.costs import UNLIMITED, ExecutionCost
from btczs.vm.clarity.estimation import CostBounds, Estimator
from btczs.vm.clarity.names import LATEST, ClarityVersion
from btczs.vm.clarity.runtime.errors import NoSuchContract
from btczs.vm.clarity.runtime.memory import MemoryChain, MemoryState

DEPLOYER = StandardPrincipal(26, Hash20(b"\xd0" * 20))
PEOPLE = (
    DEPLOYER,
    StandardPrincipal(26, Hash20(b"\x0a" * 20)),
    StandardPrincipal(26, Hash20(b"\x0b" * 20)),
)
FUNDS = 10_000
DIMENSIONS = ExecutionCost.__struct_fields__
LETTERS = "abcxyz"
FOLDER = Path(__file__).parent / "contracts"

ORDER = (
    "token", "nft", "dao", "vault", "auction", "escrow", "registry", "lists", "tuples", "toolbox",
    "probes", "caller", "traits_v1", "traits", "blocks_v1",
)  # fmt: skip
"""Callers stand after what they call by name."""

VERSIONS: dict[str, ClarityVersion] = {"traits_v1": 1, "traits": 3, "blocks_v1": 1}


def contract_id(name: str) -> ContractPrincipal:
    return ContractPrincipal(DEPLOYER.version, DEPLOYER.hash20, name.replace("_", "-"))


class CostWorld:
    """Contracts of the deployer, who is one of three people with funds."""

    def __init__(self) -> None:
        self.chain = chain = MemoryChain(extensions=frozenset(("btcz",)))
        chain.advance_blocks(3)
        self.state = MemoryState(chain)
        for person in PEOPLE:
            self.state.mint(person, FUNDS)
        self.machine = Machine(self.state, chain, tier="interpreter")
        self.estimator = Estimator(self)

    def deploy(self, name: str, source: str, version: ClarityVersion = LATEST) -> None:
        outcome = self.machine.deploy(
            contract_id(name), source, version, meter=CostMeter(UNLIMITED)
        )
        assert outcome.error is None, f"{name}: {outcome.error}"

    def deploy_files(self) -> None:
        for name in ORDER:
            self.deploy(name, (FOLDER / f"{name}.clar").read_text(), VERSIONS.get(name, LATEST))
            self.state.mint(contract_id(name), FUNDS)

    def analysis_of(self, contract: ContractPrincipal) -> ContractAnalysis | None:
        try:
            return self.machine.analysis(contract)
        except NoSuchContract:
            return None

    def analysis(self, name: str) -> ContractAnalysis:
        return self.machine.analysis(contract_id(name))

    def bound(self, name: str, function: str) -> CostBounds:
        return self.estimator.bound(self.analysis(name), function)

    def call(
        self, name: str, function: str, *args: Value, sender: StandardPrincipal = DEPLOYER
    ) -> Outcome:
        meter = CostMeter(UNLIMITED)
        return self.machine.call(contract_id(name), function, args, sender=sender, meter=meter)


def check_within(bounds: CostBounds, cost: ExecutionCost, what: str) -> None:
    """Fails if a dimension of `cost` lies outside of `bounds`."""
    for dimension in DIMENSIONS:
        least, found, most = [getattr(c, dimension) for c in (bounds.minimum, cost, bounds.maximum)]
        assert least <= found, f"{what}: {dimension} {found} is below {least}"
        if bounds.is_closed:
            assert found <= most, f"{what}: {dimension} {found} is above {most}"


def random_value(declared: ValueType, random: Random) -> Value:
    """A value of a type: small numbers often, and sequences of every length."""
    longest = declared.length
    length = random.choice((0, min(1, longest), longest, longest, random.randint(0, longest)))
    match declared.kind:
        case "int":
            return IntValue(random.choice((0, 1, 2, 3, random.randint(-(2**70), 2**70))))
        case "uint":
            return UIntValue(random.choice((0, 1, 2, 3, 5, 50, random.getrandbits(70))))
        case "bool":
            return BoolValue(random.random() < 0.5)
        case "principal":
            return random.choice((*PEOPLE, contract_id("token"), contract_id("registry")))
        case "callable":
            return contract_id("token")
        case "buff":
            return BufferValue(bytes(random.choice((0, 0x61, 0x62, 0x7A)) for _ in range(length)))
        case "string-ascii":
            return AsciiValue("".join(random.choices(LETTERS, k=length)))
        case "string-utf8":
            return Utf8Value("".join(random.choices("ab\u00e4\u20ac\U0001f600", k=length)))
        case "list":
            return ListValue(
                tuple([random_value(declared.parts[0], random) for _ in range(length)])
            )
        case "tuple":
            fields = zip(declared.names, declared.parts)
            return TupleValue(tuple([(n, random_value(part, random)) for n, part in fields]))
        case "optional":
            if random.random() < 0.3:
                return NONE
            return SomeValue(random_value(declared.parts[0], random))
        case "response":
            if random.random() < 0.5:
                return OkValue(random_value(declared.parts[0], random))
            return ErrValue(random_value(declared.parts[1], random))
    raise AssertionError(f"no value of {declared.kind}")
