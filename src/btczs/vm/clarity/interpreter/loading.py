"""Contracts in the state: saving one after its deployment, getting one back.

A contract comes back from the cache if its fingerprint is the one in the state; otherwise its
source is read again and the constants take the values that were kept. The fingerprint covers the
source, what its top level computed, its interface, and the fingerprints of the contracts it was
analysed against: everything that what is cached depends on.
"""

from btczs.codec.clarity.principals import encode_principal
from btczs.codec.clarity.values import ContractPrincipal
from btczs.crypto.hashes import sha512_256
from btczs.vm.clarity.analysis.model import ContractAnalysis
from btczs.vm.clarity.analysis.passes import analyze
from btczs.vm.clarity.costs import UNLIMITED, CostMeter
from btczs.vm.clarity.interpreter.definitions import (
    FunctionDefinition,
    MapDefinition,
    NonFungibleTokenDefinition,
    TraitDefinition,
    TraitImplementation,
    VariableDefinition,
    read_definition,
)
from btczs.vm.clarity.names import ClarityVersion
from btczs.vm.clarity.reader import parse
from btczs.vm.clarity.runtime import keys
from btczs.vm.clarity.runtime.contract_records import (
    ContractHead,
    ContractResults,
    decode_head,
    decode_interface,
    decode_results,
    encode_head,
    encode_interface,
    encode_results,
)
from btczs.vm.clarity.runtime.contracts import Contract, ContractCache
from btczs.vm.clarity.runtime.views import Storage

_HEAD, _SOURCE, _RESULTS, _INTERFACE = b"head", b"source", b"results", b"interface"

PIECE_BYTES = 1 << 20
"""A value of the state holds so much of a record that can be longer."""


class ContractStore:
    """The deployed contracts of a state, through a cache.

    `extensions`: the sets of natives that the network adds to the language.
    """

    def __init__(
        self, state: Storage, cache: ContractCache, extensions: frozenset[str] = frozenset()
    ) -> None:
        self._state = state
        self._cache = cache
        self._extensions = extensions

    def head(self, contract: ContractPrincipal) -> ContractHead | None:
        """Version, size and fingerprint; None if there is no such contract."""
        raw = self._state.get(keys.contract_key(contract, _HEAD))
        return None if raw is None else decode_head(raw)

    def head_key(self, contract: ContractPrincipal) -> bytes:
        """Where the state keeps the head of a contract."""
        return keys.contract_key(contract, _HEAD)

    def source(self, contract: ContractPrincipal) -> str | None:
        raw = self._get_pieces(contract, _SOURCE)
        return None if raw is None else raw.decode("ascii")

    def get(self, contract: ContractPrincipal) -> Contract | None:
        """The contract, ready to run."""
        head = self.head(contract)
        if head is None:
            return None
        held = self._cache.get(contract, head.fingerprint)
        if held is None:
            held = self._load(contract, head)
            self._cache.put(held)
        return held

    def analysis_of(self, contract: ContractPrincipal) -> ContractAnalysis | None:
        """What other contracts may know of it. None for one that was deployed unanalysed."""
        raw = self._get_pieces(contract, _INTERFACE)
        head = self.head(contract)
        return (
            None if raw is None or head is None else decode_interface(raw, contract, head.version)
        )

    def analysis(self, contract: Contract) -> ContractAnalysis:
        """The whole analysis of a deployed contract, made again if need be."""
        if contract.analysis is None:
            contract.analysis = analyze(
                contract.program,
                contract.version,
                self,
                CostMeter(UNLIMITED, UNLIMITED.runtime),
                self._extensions,
            )
        return contract.analysis

    def save(self, contract: Contract, known: "Dependencies") -> None:
        """Keeps a contract that has just been deployed. `known`: what its analysis looked at."""
        results = encode_results(ContractResults(contract.constants, contract.fungible_tokens))
        interface = b"" if contract.analysis is None else encode_interface(contract.analysis)
        source = contract.source.encode("ascii")
        parts = [bytes((contract.version,)), source, results, interface, known.fingerprint()]
        contract.fingerprint = sha512_256(b"".join([sha512_256(part) for part in parts]))
        head = ContractHead(contract.version, contract.load_size, contract.fingerprint)
        self._state.put(keys.contract_key(contract.id, _HEAD), encode_head(head))
        self._put_pieces(contract.id, _SOURCE, source)
        self._put_pieces(contract.id, _RESULTS, results)
        if interface:
            self._put_pieces(contract.id, _INTERFACE, interface)
        self._cache.put(contract)

    def _put_pieces(self, contract: ContractPrincipal, part: bytes, record: bytes) -> None:
        """Keeps a record of any size. The last piece is shorter than the others, maybe empty."""
        for start in range(0, len(record) + 1, PIECE_BYTES):
            key = keys.contract_key(contract, _piece(part, start))
            self._state.put(key, record[start : start + PIECE_BYTES])

    def _get_pieces(self, contract: ContractPrincipal, part: bytes) -> bytes | None:
        pieces: list[bytes] = []
        while not pieces or len(pieces[-1]) == PIECE_BYTES:
            at = _piece(part, len(pieces) * PIECE_BYTES)
            piece = self._state.get(keys.contract_key(contract, at))
            if piece is None:
                assert not pieces, "a record that begins has an end"
                return None
            pieces.append(piece)
        return b"".join(pieces)

    def _load(self, contract: ContractPrincipal, head: ContractHead) -> Contract:
        source = self.source(contract)
        raw = self._get_pieces(contract, _RESULTS)
        assert source is not None, "a contract has its source"
        assert raw is not None, "a contract has its results"
        loaded = restore(contract, head.version, source, decode_results(raw))
        loaded.fingerprint = head.fingerprint
        loaded.data_size = head.load_size - len(source)
        return loaded


def _piece(part: bytes, start: int) -> bytes:
    return part if start == 0 else part + b"/" + start.to_bytes(4, "big")


class Dependencies:
    """The contracts as an analysis sees them, and a record of those it looked at."""

    def __init__(self, store: ContractStore) -> None:
        self._store = store
        self._seen: dict[ContractPrincipal, ContractAnalysis | None] = {}

    def analysis_of(self, contract: ContractPrincipal) -> ContractAnalysis | None:
        if contract not in self._seen:
            self._seen[contract] = self._store.analysis_of(contract)
        return self._seen[contract]

    def fingerprint(self) -> bytes:
        """Stands for the contracts that were looked at."""
        parts = []
        for contract in sorted(self._seen, key=encode_principal):
            head = self._store.head(contract)
            parts.append(encode_principal(contract))
            parts.append(bytes(32) if head is None else head.fingerprint)
        return b"".join(parts)


def restore(
    contract: ContractPrincipal, version: ClarityVersion, source: str, results: ContractResults
) -> Contract:
    """A contract from its source and what its top level computed. Evaluates nothing."""
    program = parse(contract, source, version, CostMeter(UNLIMITED, UNLIMITED.runtime))
    restored = Contract(contract, version, source, program)
    # The names were free when the definitions were executed, in another order than the source's.
    names = Contract(contract, version, source, program)
    for expr in program.expressions:
        match read_definition(expr, names, None):
            case FunctionDefinition(function):
                restored.functions[function.name] = function
            case MapDefinition(name, key, value):
                restored.maps[name] = (key, value)
            case VariableDefinition(name, declared):
                restored.data_vars[name] = declared
            case NonFungibleTokenDefinition(name, identifier):
                restored.non_fungible_tokens[name] = identifier
            case TraitDefinition(name, methods):
                restored.defined_traits[name] = methods
            case TraitImplementation(trait):
                restored.implemented_traits.add(trait)
    restored.constants = results.constants
    restored.fungible_tokens = results.supply_limits
    return restored
