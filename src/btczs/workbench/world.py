"""The world of a simulated chain: accounts, contracts by name, the state, the time.

`chain.SimulatedChain` adds deployments and calls. Everything here reads, except `mint` and the
methods that let blocks pass.
"""

import re
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from btczs.codec.clarity import InvalidPrincipal, parse_principal, principal_text
from btczs.codec.clarity.types import ValueType
from btczs.codec.clarity.values import ContractPrincipal, Principal, Value
from btczs.codec.errors import InvalidAddress
from btczs.vm.clarity.analysis import analyze
from btczs.vm.clarity.analysis.model import ContractAnalysis
from btczs.vm.clarity.costs import CostMeter
from btczs.vm.clarity.errors import ClarityError
from btczs.vm.clarity.machine import Machine
from btczs.vm.clarity.names import LATEST, ClarityVersion
from btczs.vm.clarity.reader import parse
from btczs.vm.clarity.runtime.memory import MemoryChain, MemoryState
from btczs.vm.clarity.runtime.storage import get_ft_balance, get_ft_supply
from btczs.workbench import recording
from btczs.workbench.accounts import BALANCE, Accounts, expand_names
from btczs.workbench.result import Result
from btczs.workbench.state import read_assets, read_map
from btczs.workbench.texts import value_source
from btczs.workbench.values import Resolver, WrongArgument, to_clarity

_NEAR: Final = re.compile(
    r"""(?P<string>"(?:\\.|[^"\\])*"|;;[^\n]*)|(?<![\w'.])\.(?P<name>[a-zA-Z][\w-]*)"""
)
"""A contract without an address, outside of strings and comments."""


class _Analyses:
    """Deployed contracts as an analysis sees them."""

    def __init__(self, contracts: dict[ContractPrincipal, ContractAnalysis]) -> None:
        self._contracts = contracts

    def analysis_of(self, contract: ContractPrincipal) -> ContractAnalysis | None:
        return self._contracts.get(contract)


class World(Resolver):
    """See the module. `accounts`, `state` and `view` (the chain as contracts see it) are open."""

    def __init__(self, *, version: ClarityVersion = LATEST) -> None:
        self.accounts = Accounts()
        self.version: ClarityVersion = version
        self.view = MemoryChain()
        self.state = MemoryState(self.view)
        self.contracts: dict[ContractPrincipal, ContractAnalysis] = {}
        """The deployed contracts, in the order of their deployment."""
        self._recorder = recording.current_recorder()
        coverage = self._recorder.coverage if self._recorder else None
        self.machine = Machine(
            self.state, self.view, observer=coverage.observe if coverage else None
        )
        for principal in self.accounts.values():
            self.mint(principal, BALANCE)

    # --- names and arguments -----------------------------------------------------------------

    def find_contract(self, contract: str | ContractPrincipal) -> ContractPrincipal:
        """`name`, `.name` (both of the deployer) or `ADDRESS.name`. Raises `WrongArgument`."""
        if isinstance(contract, ContractPrincipal):
            return contract
        name = contract.removeprefix("'").removeprefix(".")
        if "." in name:
            found = self.principal(name)
            assert isinstance(found, ContractPrincipal)
            return found
        for known in self.contracts:
            if known.name == name:
                return known
        deployer = self.accounts.deployer
        return ContractPrincipal(deployer.version, deployer.hash20, name)

    def analysis(self, contract: str | ContractPrincipal) -> ContractAnalysis:
        """What is known about a deployed contract. Raises `WrongArgument`."""
        found = self.contracts.get(self.find_contract(contract))
        if found is None:
            raise WrongArgument(f"no contract {contract} is deployed")
        return found

    def to_values(
        self, contract: str | ContractPrincipal, function: str, args: Sequence[Any]
    ) -> list[Value]:
        """Python arguments as the function declares them. Raises `WrongArgument`."""
        found = self.analysis(contract).function(function)
        if found is None:
            raise WrongArgument(f"{contract} has no function {function}")
        if len(args) != len(found.parameters):
            raise WrongArgument(
                f"{function} takes {len(found.parameters)} arguments, not {len(args)}"
            )
        return [to_clarity(arg, kind, self) for arg, (_, kind) in zip(args, found.parameters)]

    def check(self, contract: str | ContractPrincipal, text: str) -> ClarityError | None:
        """What the checker says of expressions inside a contract. Places count from their start."""
        known = self.analysis(contract)
        before = known.program.source.rstrip("\n") + "\n"
        lines = before.count("\n")
        try:
            program = parse(known.contract, before + self.expand(text), known.version)
            analyze(program, known.version, _Analyses(self.contracts), CostMeter())
        except ClarityError as error:
            if error.span is not None and error.span.line > lines:
                first, last = error.span.line - lines, error.span.end_line - lines
                error.span = msgspec.structs.replace(error.span, line=first, end_line=last)
            return error
        return None

    def find_principal(self, given: str | Principal | None) -> Principal:
        """The principal of a name or address; the deployer for None. Raises `WrongArgument`."""
        if given is None:
            return self.accounts.deployer
        return self.principal(given) if isinstance(given, str) else given

    def principal(self, text: str) -> Principal:
        """See `Resolver`."""
        name = text.removeprefix("'")
        if name in self.accounts:
            return self.accounts[name]
        if name.startswith("."):
            return self.find_contract(name)
        try:
            return parse_principal(name)
        except (InvalidPrincipal, InvalidAddress) as error:
            raise WrongArgument(f"{text!r} is no account, contract or address") from error

    def text(self, text: str) -> Value:
        """See `Resolver`."""
        outcome = self.machine.evaluate(None, self.expand(text), commit=False, version=self.version)
        if outcome.value is None:
            raise WrongArgument(f"{text!r} is no Clarity value: {outcome.error or 'nothing'}")
        return outcome.value

    def expand(self, text: str) -> str:
        """Text in which `'wallet_1` and `.contract` are addresses."""
        return _NEAR.sub(self._expand_contract, expand_names(text))

    def _expand_contract(self, found: re.Match[str]) -> str:
        if found["string"]:
            return found["string"]
        return "'" + principal_text(self.find_contract(found["name"]))

    def evaluate(
        self,
        text: str,
        *,
        contract: str | ContractPrincipal | None = None,
        sender: str | Principal | None = None,
        commit: bool = True,
    ) -> Result:
        """The value of Clarity expressions, inside a contract or outside of all."""
        target = None if contract is None else self.find_contract(contract)
        caller = self.find_principal(sender)
        place = target or ContractPrincipal(caller.version, caller.hash20, "contract")
        outcome = self.machine.evaluate(
            target, self.expand(text), sender=caller, commit=commit, version=self.version
        )
        return Result(text, place, "", caller, outcome)

    # --- state ------------------------------------------------------------------------------

    def var(self, contract: str | ContractPrincipal, name: str) -> Any:
        """A data variable in Python."""
        return self._peek(contract, f"(var-get {name})")

    def map_entry(self, contract: str | ContractPrincipal, name: str, key: Any) -> Any:
        """The entry of a map under a key, in Python; None if there is none."""
        kinds = self.analysis(contract).maps.get(name)
        if kinds is None:
            raise WrongArgument(f"{contract} has no map {name}")
        return self._peek(contract, f"(map-get? {name} {self._source(key, kinds[0])})")

    def constant(self, contract: str | ContractPrincipal, name: str) -> Any:
        """A constant in Python."""
        return self._peek(contract, name)

    def map_entries(
        self, contract: str | ContractPrincipal, name: str
    ) -> list[tuple[Value | None, Value]]:
        """All entries of a map. A key is None where the state holds only its hash."""
        return read_map(self.state, self.find_contract(contract), name)

    def map_values(self, contract: str | ContractPrincipal, name: str) -> list[Value]:
        """The values of all entries of a map, which contracts cannot ask for."""
        return [value for _, value in self.map_entries(contract, name)]

    def balance(self, owner: str | Principal) -> int:
        """The unlocked coins of an account, in base units."""
        return self.state.stx_account(self.find_principal(owner)).unlocked

    def ft_balance(
        self, contract: str | ContractPrincipal, token: str, owner: str | Principal
    ) -> int:
        """How much of a fungible token an account has."""
        return get_ft_balance(
            self.state, self.find_contract(contract), token, self.find_principal(owner)
        )

    def ft_supply(self, contract: str | ContractPrincipal, token: str) -> int:
        """How much of a fungible token there is."""
        return get_ft_supply(self.state, self.find_contract(contract), token)

    def nft_owner(self, contract: str | ContractPrincipal, token: str, key: Any) -> str | None:
        """The address that has a non-fungible token, or None."""
        kind = self.analysis(contract).non_fungible_tokens.get(token)
        if kind is None:
            raise WrongArgument(f"{contract} has no token {token}")
        owner = self._peek(contract, f"(nft-get-owner? {token} {self._source(key, kind)})")
        return None if owner is None else str(owner)

    def _peek(self, contract: str | ContractPrincipal, text: str) -> Any:
        result = self.evaluate(text, contract=contract, commit=False)
        return result.value

    def _source(self, given: Any, kind: ValueType) -> str:
        return value_source(to_clarity(given, kind, self))

    def assets(self) -> dict[Principal, dict[str, int]]:
        """What every account and contract owns: `STX`, `contract.token`, counts of NFTs."""
        return read_assets(self.state, self.contracts.values(), self.accounts.values())

    def mint(self, owner: str | Principal, amount: int) -> None:
        """Makes coins out of nothing."""
        self.state.mint(self.find_principal(owner), amount)

    # --- time -------------------------------------------------------------------------------

    @property
    def height(self) -> int:
        return self.view.block_height

    @property
    def l1_height(self) -> int:
        return self.view.l1_height

    @property
    def time(self) -> int:
        """Seconds since 1970 of the block under execution."""
        return self.view.block_time

    def mine(self, blocks: int = 1) -> int:
        """Lets blocks of this chain pass; the new height."""
        self.view.advance_blocks(blocks)
        return self.height

    def mine_l1(self, blocks: int = 1) -> int:
        """Lets blocks of layer 1 pass, and a tenure of this chain with each; the new L1 height."""
        self.view.advance_tenures(blocks)
        return self.l1_height
