"""Looking into the state from outside: what contracts themselves cannot list.

Entries of maps and owners of tokens lie under keys that hold the encoded map key, unless it is
long; then only its hash is known, and the entry's key with it is lost.
"""

from collections.abc import Iterable, Iterator

from btczs.codec.clarity import decode_value
from btczs.codec.clarity.values import ContractPrincipal, Principal, StandardPrincipal, Value
from btczs.vm.clarity.analysis.model import ContractAnalysis
from btczs.vm.clarity.runtime import keys
from btczs.vm.clarity.runtime.memory import MemoryState

_WHOLE = 0


def _scan(
    state: MemoryState, contract: ContractPrincipal, kind: bytes, name: str
) -> Iterator[tuple[Value | None, bytes]]:
    prefix = keys.table_prefix(contract, kind, name)
    for key, raw in state.scan_contract(contract):
        if key.startswith(prefix) and raw:
            identity = key[len(prefix) :]
            yield (decode_value(identity[1:]) if identity[0] == _WHOLE else None), raw


def read_map(
    state: MemoryState, contract: ContractPrincipal, name: str
) -> list[tuple[Value | None, Value]]:
    """The entries of a map, key and value. The key is None where it is only known by its hash."""
    return [(key, decode_value(raw)) for key, raw in _scan(state, contract, keys.MAP, name)]


def read_balances(
    state: MemoryState, contract: ContractPrincipal, token: str
) -> list[tuple[Principal, int]]:
    """Who has how much of a fungible token."""
    return [
        (owner, int.from_bytes(raw, "big"))
        for owner, raw in _scan(state, contract, keys.BALANCE, token)
        if isinstance(owner, StandardPrincipal | ContractPrincipal)
    ]


def read_owners(
    state: MemoryState, contract: ContractPrincipal, token: str
) -> list[tuple[Value | None, Principal]]:
    """Who has which of a non-fungible token. The id is None where only its hash is known."""
    found: list[tuple[Value | None, Principal]] = []
    for key, raw in _scan(state, contract, keys.OWNER, token):
        owner = decode_value(raw)
        assert isinstance(owner, StandardPrincipal | ContractPrincipal), "owners are principals"
        found.append((key, owner))
    return found


def read_assets(
    state: MemoryState, contracts: Iterable[ContractAnalysis], accounts: Iterable[Principal]
) -> dict[Principal, dict[str, int]]:
    """What accounts and contracts own: `STX`, `contract.token`; of non-fungible tokens the count."""
    assets: dict[Principal, dict[str, int]] = {}
    known = tuple(contracts)
    for owner in [*accounts, *[analysis.contract for analysis in known]]:
        account = state.stx_account(owner)
        assets[owner] = {"STX": account.unlocked + account.locked}
    for analysis in known:
        contract = analysis.contract
        for token in sorted(analysis.fungible_tokens):
            for owner, amount in read_balances(state, contract, token):
                assets.setdefault(owner, {"STX": 0})[f"{contract.name}.{token}"] = amount
        for token in sorted(analysis.non_fungible_tokens):
            name = f"{contract.name}.{token}"
            for _, owner in read_owners(state, contract, token):
                held = assets.setdefault(owner, {"STX": 0})
                held[name] = held.get(name, 0) + 1
    return assets
