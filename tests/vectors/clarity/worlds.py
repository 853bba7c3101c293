"""Small chains in which the programs of the vectors run: the set-ups of the suites they come from.

Every world is a test network at the rules of epoch 4.0, with one account, `TRANSIENT`, that sends
and deploys. What the suites let contracts see of blocks is constant; `CHAINS` holds the constants.
"""

from btczs.codec.clarity import parse_principal
from btczs.codec.clarity.values import ContractPrincipal, Principal, StandardPrincipal, Value
from btczs.vm.clarity import CostMeter, Machine, Outcome
from btczs.vm.clarity.costs import UNLIMITED
from btczs.vm.clarity.names import LATEST, ClarityVersion
from btczs.vm.clarity.runtime.memory import MemoryState
from btczs.vm.clarity.runtime.views import BlockInfo, BtczBlockInfo, L1BlockInfo, TenureInfo

CHAIN_ID_MAINNET = 1
CHAIN_ID_TESTNET = 0x8000_0000
TRANSIENT_TEXT = "S1G2081040G2081040G2081040G208105NK8PE5"
TRANSIENT = parse_principal(TRANSIENT_TEXT)
BURN_ADDRESS = parse_principal("ST000000000000000000002AMW42H")


class FixedChain:
    """A `ChainView` in which every block below the current height is the same block."""

    extensions: frozenset[str] = frozenset()

    def __init__(
        self,
        *,
        height: int = 1,
        l1_height: int = 1,
        is_mainnet: bool = False,
        is_regtest: bool = False,
        block: BlockInfo | None = None,
        tenure: TenureInfo | None = None,
        l1_block: L1BlockInfo | None = None,
        l1_blocks_everywhere: bool = False,
    ) -> None:
        self.is_mainnet, self.is_regtest = is_mainnet, is_regtest
        self.chain_id = CHAIN_ID_MAINNET if is_mainnet else CHAIN_ID_TESTNET
        self.block_height = self.tenure_height = height
        self.l1_height = l1_height
        self.block_time = 1_700_000_000
        self._block, self._tenure, self._l1_block = block, tenure, l1_block
        self._l1_blocks_everywhere = l1_blocks_everywhere

    def block(self, height: int) -> BlockInfo | None:
        return self._block if 0 <= height < self.block_height else None

    def tenure_of_block(self, height: int) -> TenureInfo | None:
        return self._tenure if 0 <= height < self.block_height else None

    def tenure(self, tenure_height: int) -> tuple[BlockInfo, TenureInfo] | None:
        block, tenure = self.block(tenure_height), self.tenure_of_block(tenure_height)
        return None if block is None or tenure is None else (block, tenure)

    def l1_block(self, height: int) -> L1BlockInfo | None:
        return self._l1_block if self._l1_blocks_everywhere or height < self.l1_height else None

    def btcz_block(self, height: int) -> BtczBlockInfo | None:
        assert height >= 0
        return None


def docs_chain() -> FixedChain:
    """The blocks that the examples of the documentation speak of."""
    header = bytes.fromhex("374708fff7719dd5979ec875d56cd2286f6d3cf7ec317a3b25632aab28ec37bb")
    time = 1_557_860_301
    return FixedChain(
        block=BlockInfo(id_header_hash=bytes(32), header_hash=header, time=time),
        tenure=TenureInfo(
            time=time,
            vrf_seed=bytes.fromhex(
                "f490de2920c8a35fabeb13208852aa28c76f9be9b03a4dd2b3c075f7a26923b4"
            ),
            l1_header_hash=bytes(32),
            miner=BURN_ADDRESS,
            miner_spend_winner=2345,
            miner_spend_total=12345,
            block_reward=12000,
        ),
        l1_block=L1BlockInfo(
            header_hash=bytes.fromhex(
                "e67141016c88a7f1203eca0b4312f2ed141531f59303a1c267d7d83ab6b977d8"
            ),
            pox_addresses=(
                (0, bytes.fromhex("395f3643cea07ec4eec73b4d9a973dcce56b9bf1")),
                (1, bytes.fromhex("7c6775e20e3e938d2d7e9d79ac310108ba501ddb")),
            ),
            payout=123,
        ),
        l1_blocks_everywhere=True,
    )


def zero_chain() -> FixedChain:
    """One block before the current one, all zeros, as some suites build it."""
    return FixedChain(
        block=BlockInfo(id_header_hash=bytes(32), header_hash=bytes(32), time=0),
        tenure=TenureInfo(
            time=0,
            vrf_seed=bytes(32),
            l1_header_hash=bytes(32),
            miner=BURN_ADDRESS,
            miner_spend_winner=0,
            miner_spend_total=0,
            block_reward=0,
        ),
        l1_block=L1BlockInfo(bytes(32), (), 0),
        l1_blocks_everywhere=True,
    )


class World:
    """A machine over a fresh state, with `TRANSIENT` as sender and deployer."""

    def __init__(
        self,
        chain: FixedChain | None = None,
        balances: dict[Principal, int] | None = None,
        deployer: Principal = TRANSIENT,
    ) -> None:
        assert isinstance(deployer, StandardPrincipal)
        self.deployer = deployer
        self.state = MemoryState()
        for principal, amount in (balances or {}).items():
            mint(self.state, principal, amount)
        self.machine = Machine(self.state, chain or FixedChain())

    def contract(self, name: str) -> ContractPrincipal:
        return ContractPrincipal(self.deployer.version, self.deployer.hash20, name)

    def deploy(
        self,
        name: str,
        source: str,
        version: ClarityVersion = LATEST,
        *,
        analyse: bool = True,
        meter: CostMeter | None = None,
    ) -> Outcome:
        meter = meter or CostMeter(UNLIMITED)
        return self.machine.deploy(
            self.contract(name), source, version, meter=meter, analyse=analyse
        )

    def call(
        self, name: str, function: str, args: list[Value], *, meter: CostMeter | None = None
    ) -> Outcome:
        meter = meter or CostMeter(UNLIMITED)
        contract = self.contract(name)
        return self.machine.call(contract, function, args, sender=self.deployer, meter=meter)


def mint(state: MemoryState, principal: Principal, amount: int) -> None:
    """Gives `amount` base units out of nothing."""
    state.mint(principal, amount)
