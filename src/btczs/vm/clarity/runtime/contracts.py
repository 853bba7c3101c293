"""A contract ready to run: its constants, functions, and the types of its state.

A `Contract` is filled while it is deployed, definition by definition, and does not change after.
`fingerprint` stands for everything it depends on: the same fingerprint, the same contract. So a
cache may keep contracts across blocks, forks and undone transactions: what the state says is
compared with what the cache holds.
"""

from collections import OrderedDict
from typing import Literal

import msgspec

from btczs.codec.clarity.principals import principal_text
from btczs.codec.clarity.types import TraitIdentifier, ValueType
from btczs.codec.clarity.values import ContractPrincipal, Value
from btczs.vm.clarity.analysis.model import Access, ContractAnalysis
from btczs.vm.clarity.names import ClarityVersion, is_reserved
from btczs.vm.clarity.reader.syntax import Expr, Program
from btczs.vm.clarity.types.methods import Trait

PersistedKind = Literal["map", "data-var", "fungible-token", "non-fungible-token"]


class UserFunction(msgspec.Struct, frozen=True, eq=False):
    """A function that a contract defines."""

    key: str
    """`ADDRESS.contract:name`, unique among all contracts."""
    name: str
    access: Access
    parameters: tuple[tuple[str, ValueType], ...]
    body: Expr

    @property
    def is_callable_from_outside(self) -> bool:
        return self.access != "private"


class Contract:
    """A contract as the evaluators see it. Filled by `interpreter.defines`."""

    __slots__ = (
        "analysis",
        "compiled",
        "constants",
        "data_size",
        "data_vars",
        "defined_traits",
        "deploying",
        "fingerprint",
        "functions",
        "fungible_tokens",
        "id",
        "implemented_traits",
        "maps",
        "non_fungible_tokens",
        "program",
        "source",
        "text",
        "version",
    )

    def __init__(
        self, contract: ContractPrincipal, version: ClarityVersion, source: str, program: Program
    ) -> None:
        self.id = contract
        self.text = principal_text(contract)
        """`ADDRESS.name`"""
        self.version: ClarityVersion = version
        self.source = source
        self.program = program
        self.analysis: ContractAnalysis | None = None
        """Filled when something asks for it (`ContractStore.analysis`)."""
        self.compiled: object = None
        """Filled by the compiler when the contract is first called (`ContractStore.compiled`)."""
        self.constants: dict[str, Value] = {}
        self.functions: dict[str, UserFunction] = {}
        self.data_vars: dict[str, ValueType] = {}
        self.maps: dict[str, tuple[ValueType, ValueType]] = {}
        """Types of key and value."""
        self.fungible_tokens: dict[str, int | None] = {}
        """The most of a token that may exist, if there is a limit."""
        self.non_fungible_tokens: dict[str, ValueType] = {}
        """Type of the identifiers."""
        self.defined_traits: dict[str, Trait] = {}
        self.implemented_traits: set[TraitIdentifier] = set()
        self.data_size = 0
        """Bytes that the constants count: part of what loading the contract costs."""
        self.deploying = False
        """Whether its top level is under execution."""
        self.fingerprint = b""

    @property
    def load_size(self) -> int:
        """What loading the contract is charged for."""
        return len(self.source) + self.data_size

    def is_name_used(self, name: str) -> bool:
        """Whether a definition may not take this name."""
        return (
            is_reserved(name, self.version)
            or name in self.constants
            or name in self.functions
            or name in self.data_vars
            or name in self.maps
            or name in self.fungible_tokens
            or name in self.non_fungible_tokens
            or name in self.defined_traits
        )

    def function_key(self, name: str) -> str:
        return f"{self.text}:{name}"


CACHE_SOURCE_BYTES_MAX = 4 * 1024 * 1024
"""A syntax tree takes 80 to 130 bytes of memory per byte of its source: half a gigabyte at most."""

CACHE_DATA_BYTES_MAX = 64 * 1024 * 1024
"""Of constants, as contract code counts them: a source of two lines can have 100 MB of them."""

CACHE_CONTRACTS_MAX = 1024


class ContractCache:
    """Contracts that were used of late, within bounds. For one thread."""

    def __init__(
        self,
        contracts_max: int = CACHE_CONTRACTS_MAX,
        source_bytes_max: int = CACHE_SOURCE_BYTES_MAX,
        data_bytes_max: int = CACHE_DATA_BYTES_MAX,
    ) -> None:
        self._contracts: OrderedDict[ContractPrincipal, Contract] = OrderedDict()
        self._contracts_max = contracts_max
        self._source_bytes_max = source_bytes_max
        self._data_bytes_max = data_bytes_max
        self._source_bytes = self._data_bytes = 0

    def __len__(self) -> int:
        return len(self._contracts)

    def get(self, contract: ContractPrincipal, fingerprint: bytes) -> Contract | None:
        """The contract, if it is held with that fingerprint."""
        held = self._contracts.get(contract)
        if held is None or held.fingerprint != fingerprint:
            return None
        self._contracts.move_to_end(contract)
        return held

    def put(self, contract: Contract) -> None:
        """Holds `contract` in place of any other of its name; lets go of the oldest ones."""
        assert contract.fingerprint, "only a contract that is complete can be held"
        before = self._contracts.pop(contract.id, None)
        if before is not None:
            self._count(before, -1)
        self._contracts[contract.id] = contract
        self._count(contract, 1)
        while len(self._contracts) > 1 and (
            len(self._contracts) > self._contracts_max
            or self._source_bytes > self._source_bytes_max
            or self._data_bytes > self._data_bytes_max
        ):
            _, oldest = self._contracts.popitem(last=False)
            self._count(oldest, -1)

    def _count(self, contract: Contract, times: int) -> None:
        self._source_bytes += times * len(contract.source)
        self._data_bytes += times * contract.data_size
