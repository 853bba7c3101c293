"""Variables, maps, balances and owners as bytes: the state of contracts, below any value.

Encoded value in, encoded value out. A map remembers that an entry was deleted: reading a deleted
entry costs one byte more than reading one that never was (the reference implementation keeps
`none` in its place), and costs are consensus. Such an entry holds no bytes here; no value encodes
to none. The functions on maps therefore give, with their result, the size that is paid for: the
encoded key, and what stands under it as an optional.

Balances and supplies are 16 bytes, big-endian; a balance of zero and a burnt token leave no entry.
"""

from btczs.codec.clarity.decode import decode_value
from btczs.codec.clarity.principals import encode_principal
from btczs.codec.clarity.values import ContractPrincipal, Principal, StandardPrincipal
from btczs.vm.clarity.runtime import keys
from btczs.vm.clarity.runtime.assets import U128_MAX
from btczs.vm.clarity.runtime.errors import (
    ArithmeticOverflow,
    Expect,
    SupplyOverflow,
    SupplyUnderflow,
)
from btczs.vm.clarity.runtime.views import Storage

_DELETED = b""
NONE_BYTES = 1
"""Size of an encoded `none`."""


def get_var(storage: Storage, contract: ContractPrincipal, name: str) -> bytes | None:
    """A data variable; None if it was never set, which its definition does."""
    return storage.get(keys.var_key(contract, name))


def put_var(storage: Storage, contract: ContractPrincipal, name: str, value: bytes) -> None:
    storage.put(keys.var_key(contract, name), value)


def get_entry(
    storage: Storage, contract: ContractPrincipal, name: str, key: bytes
) -> tuple[bytes | None, int]:
    """An entry of a map, None if there is none, and the size to be paid for."""
    value = storage.get(keys.map_key(contract, name, key))
    if value is None:
        return None, len(key)
    return (value or None), len(key) + 1 + len(value)


def put_entry(
    storage: Storage, contract: ContractPrincipal, name: str, key: bytes, value: bytes
) -> int:
    """Sets an entry, whether there was one or not; the size to be paid for."""
    storage.put(keys.map_key(contract, name, key), value)
    return len(key) + 1 + len(value)


def insert_entry(
    storage: Storage, contract: ContractPrincipal, name: str, key: bytes, value: bytes
) -> tuple[bool, int]:
    """Sets an entry that is not there; whether it was, and the size to be paid for."""
    place = keys.map_key(contract, name, key)
    if storage.get(place):
        return False, len(key)
    storage.put(place, value)
    return True, len(key) + 1 + len(value)


def delete_entry(
    storage: Storage, contract: ContractPrincipal, name: str, key: bytes
) -> tuple[bool, int]:
    """Deletes an entry that is there; whether it was, and the size to be paid for."""
    place = keys.map_key(contract, name, key)
    if not storage.get(place):
        return False, len(key)
    storage.put(place, _DELETED)
    return True, len(key) + NONE_BYTES


def create_ft(storage: Storage, contract: ContractPrincipal, token: str) -> None:
    """Begins to count the supply of a fungible token."""
    storage.put(keys.supply_key(contract, token), bytes(16))


def get_ft_supply(storage: Storage, contract: ContractPrincipal, token: str) -> int:
    """How much of a fungible token exists. Raises `Expect` for a token that was not created."""
    raw = storage.get(keys.supply_key(contract, token))
    if raw is None:
        raise Expect(f"the supply of {token} is not counted")
    return int.from_bytes(raw, "big")


def raise_ft_supply(
    storage: Storage, contract: ContractPrincipal, token: str, amount: int, limit: int | None
) -> None:
    """Adds to the supply. Raises `ArithmeticOverflow`, `SupplyOverflow`."""
    supply = get_ft_supply(storage, contract, token) + amount
    if supply > U128_MAX:
        raise ArithmeticOverflow(f"the supply of {token} does not fit 128 bits")
    if limit is not None and supply > limit:
        raise SupplyOverflow(
            f"{supply} {token} would exist, {limit} is the most", supply=supply, limit=limit
        )
    storage.put(keys.supply_key(contract, token), supply.to_bytes(16, "big"))


def lower_ft_supply(storage: Storage, contract: ContractPrincipal, token: str, amount: int) -> None:
    """Takes from the supply. Raises `SupplyUnderflow`."""
    supply = get_ft_supply(storage, contract, token)
    if amount > supply:
        raise SupplyUnderflow(
            f"{amount} of {supply} {token} cannot be burned", supply=supply, amount=amount
        )
    storage.put(keys.supply_key(contract, token), (supply - amount).to_bytes(16, "big"))


def get_ft_balance(
    storage: Storage, contract: ContractPrincipal, token: str, owner: Principal
) -> int:
    raw = storage.get(keys.balance_key(contract, token, encode_principal(owner)))
    return 0 if raw is None else int.from_bytes(raw, "big")


def put_ft_balance(
    storage: Storage, contract: ContractPrincipal, token: str, owner: Principal, balance: int
) -> None:
    place = keys.balance_key(contract, token, encode_principal(owner))
    if balance:
        storage.put(place, balance.to_bytes(16, "big"))
    else:
        storage.delete(place)


def get_nft_owner(
    storage: Storage, contract: ContractPrincipal, token: str, identifier: bytes
) -> Principal | None:
    """Who owns the token with the encoded `identifier`; None if nobody does."""
    raw = storage.get(keys.owner_key(contract, token, identifier))
    if raw is None:
        return None
    owner = decode_value(raw)
    assert isinstance(owner, StandardPrincipal | ContractPrincipal), "owners are principals"
    return owner


def put_nft_owner(
    storage: Storage,
    contract: ContractPrincipal,
    token: str,
    identifier: bytes,
    owner: Principal | None,
) -> None:
    """Gives the token to `owner`; None burns it."""
    place = keys.owner_key(contract, token, identifier)
    if owner is None:
        storage.delete(place)
    else:
        storage.put(place, encode_principal(owner))


def get_contract_hash(storage: Storage, contract: ContractPrincipal) -> bytes | None:
    """SHA-512/256 of the source of a contract; None if there is no such contract."""
    return storage.get(keys.contract_key(contract, keys.HASH_PART))


def put_contract_hash(storage: Storage, contract: ContractPrincipal, digest: bytes) -> None:
    """Written when a deployment begins, so that a contract knows its own hash."""
    storage.put(keys.contract_key(contract, keys.HASH_PART), digest)
