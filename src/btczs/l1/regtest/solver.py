"""The types of output scripts as the real node names them.

BitcoinZ has no segregated witness: what is a witness program elsewhere is nonstandard here.
"""

from typing import Literal, NamedTuple

from btczs.crypto.hashes import hash160
from btczs.l1.address import L1Address
from btczs.l1.script.templates import classify

OutputType = Literal["nonstandard", "pubkey", "pubkeyhash", "scripthash", "multisig", "nulldata"]

_KEY_BYTES = {2: 33, 3: 33, 4: 65, 6: 65, 7: 65}
"""Length of a public key by its first byte."""


class Solved(NamedTuple):
    """Type, number of signatures needed, and the addresses that can sign."""

    type: OutputType
    required: int = 0
    addresses: tuple[L1Address, ...] = ()
    key_count: int = 0


def is_key_shaped(key: bytes) -> bool:
    return bool(key) and _KEY_BYTES.get(key[0]) == len(key)


def solve_script(script: bytes) -> Solved:
    found = classify(script)
    match found.kind:
        case "p2pkh":
            return Solved("pubkeyhash", 1, (L1Address("p2pkh", found.data[0]),))
        case "p2sh":
            return Solved("scripthash", 1, (L1Address("p2sh", found.data[0]),))
        case "op_return":
            return Solved("nulldata")
        case "p2pk" if is_key_shaped(found.data[0]):
            return Solved("pubkey", 1, (_key_address(found.data[0]),), 1)
        case "multisig" if all(map(is_key_shaped, found.data)):
            addresses = tuple(map(_key_address, found.data))
            return Solved("multisig", found.required, addresses, len(found.data))
        case _:
            return Solved("nonstandard")


def _key_address(key: bytes) -> L1Address:
    return L1Address("p2pkh", hash160(key))
