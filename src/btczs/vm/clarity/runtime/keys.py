"""The keys under which contracts keep their state.

    "vm/" | contract | kind                       what the chain keeps about the contract itself
    "vm/" | contract | kind | name                a variable, the supply of a token
    "vm/" | contract | kind | length | name | id  an entry of a map, a balance, an owner

`contract` is version, hash, length and name, so no contract's keys begin like another's and all
state of a contract is one range (`contract_prefix`). `id` tells entries apart: the consensus
encoding of the map key, or, where that is long, its hash; a leading byte says which. Two map keys
are the same if and only if their encodings are.

Invariant: a key has at most `STATE_KEY_BYTES_MAX` bytes: 283 and an id of at most 65.
"""

from functools import lru_cache
from typing import Final

from btczs.codec.clarity.values import ContractPrincipal
from btczs.crypto.hashes import sha512_256

PREFIX: Final = b"vm/"

CONTRACT: Final = b"c"
VARIABLE: Final = b"v"
MAP: Final = b"m"
BALANCE: Final = b"f"
SUPPLY: Final = b"s"
OWNER: Final = b"n"

HASH_PART: Final = b"h"
"""The part of a contract that `contract-hash?` tells."""

ID_BYTES_MAX: Final = 64
"""A longer map key is known by its hash."""

WHOLE: Final = b"\x00"
_HASHED = b"\x01"


@lru_cache(maxsize=1024)
def contract_prefix(contract: ContractPrincipal) -> bytes:
    """What all keys of `contract` begin with, and no others."""
    name = contract.name.encode("ascii")
    issuer = bytes((contract.version,)) + contract.hash20
    return PREFIX + issuer + bytes((len(name),)) + name


def contract_key(contract: ContractPrincipal, part: bytes) -> bytes:
    """Where the chain keeps `part` (its source, its code …) of a contract."""
    return contract_prefix(contract) + CONTRACT + part


def var_key(contract: ContractPrincipal, name: str) -> bytes:
    """A data variable."""
    return contract_prefix(contract) + VARIABLE + name.encode("ascii")


def supply_key(contract: ContractPrincipal, token: str) -> bytes:
    """How much of a fungible token exists."""
    return contract_prefix(contract) + SUPPLY + token.encode("ascii")


@lru_cache(maxsize=4096)
def table_prefix(contract: ContractPrincipal, kind: bytes, name: str) -> bytes:
    """What the keys of one map or token begin with. `kind`: `MAP`, `BALANCE` or `OWNER`."""
    raw = name.encode("ascii")
    return contract_prefix(contract) + kind + bytes((len(raw),)) + raw


def entry_key(table: bytes, encoded: bytes) -> bytes:
    """An entry of the table with that prefix. `encoded`: the encoding of its key."""
    if len(encoded) <= ID_BYTES_MAX:
        return table + WHOLE + encoded
    return table + _HASHED + sha512_256(encoded)


def map_key(contract: ContractPrincipal, name: str, encoded: bytes) -> bytes:
    """An entry of a map by its encoded key."""
    return entry_key(table_prefix(contract, MAP, name), encoded)


def balance_key(contract: ContractPrincipal, token: str, encoded: bytes) -> bytes:
    """The balance of a fungible token; `encoded` is the owner."""
    return entry_key(table_prefix(contract, BALANCE, token), encoded)


def owner_key(contract: ContractPrincipal, token: str, encoded: bytes) -> bytes:
    """The owner of a non-fungible token; `encoded` is its identifier."""
    return entry_key(table_prefix(contract, OWNER, token), encoded)
