"""Layer-1 addresses: the text form of the standard output scripts.

Base58check with the network's prefix for P2PKH and P2SH; bech32 (witness version 0) and bech32m
(version 1) for segregated witness where the chain has it. BitcoinZ has base58 addresses only.
"""

from typing import Literal

import msgspec

from btczs.codec.base58 import base58check_decode, base58check_encode
from btczs.codec.bech32 import decode_segwit, encode_segwit
from btczs.codec.errors import InvalidAddress
from btczs.l1.params import L1Params
from btczs.l1.script import templates
from btczs.primitives import Hash20, Hash32

Kind = Literal["p2pkh", "p2sh", "p2wpkh", "p2wsh", "p2tr"]

HASH_BYTES: dict[str, int] = {"p2pkh": 20, "p2sh": 20, "p2wpkh": 20, "p2wsh": 32, "p2tr": 32}
_WITNESS_KINDS: dict[tuple[int, int], Kind] = {(0, 20): "p2wpkh", (0, 32): "p2wsh", (1, 32): "p2tr"}


class L1Address(msgspec.Struct, frozen=True):
    """Where an output pays to, on any network. `hash` is the x-only key for `p2tr`."""

    kind: Kind
    hash: bytes

    def __post_init__(self) -> None:
        if len(self.hash) != HASH_BYTES[self.kind]:
            reason = f"{self.kind} has {HASH_BYTES[self.kind]} bytes, not {len(self.hash)}"
            raise InvalidAddress(self.hash.hex(), reason)


def encode_l1_address(params: L1Params, address: L1Address) -> str:
    """The text form. Raises `InvalidAddress` if the chain has no addresses of this kind."""
    if address.kind == "p2pkh":
        return base58check_encode(params.p2pkh_prefix, address.hash)
    if address.kind == "p2sh":
        return base58check_encode(params.p2sh_prefix, address.hash)
    if params.bech32_hrp is None:
        raise InvalidAddress(address.hash.hex(), f"{params.chain} has no {address.kind} addresses")
    return encode_segwit(params.bech32_hrp, 1 if address.kind == "p2tr" else 0, address.hash)


def decode_l1_address(params: L1Params, text: str) -> L1Address:
    """The address that `text` is on this network. Raises `InvalidAddress`."""
    hrp = params.bech32_hrp
    if hrp is not None and text[: len(hrp) + 1].lower() == hrp + "1":
        version, program = decode_segwit(hrp, text)
        witness_kind = _WITNESS_KINDS.get((version, len(program)))
        if witness_kind is None:
            raise InvalidAddress(text, f"witness version {version} is not known")
        return L1Address(witness_kind, program)
    prefix, payload = base58check_decode(text, len(params.p2pkh_prefix))
    if prefix == params.p2pkh_prefix:
        kind: Kind = "p2pkh"
    elif prefix in (params.p2sh_prefix, params.p2sh_prefix_old):
        kind = "p2sh"
    else:
        raise InvalidAddress(text, f"it is not of {params.chain} {params.network}")
    if len(payload) != 20:
        raise InvalidAddress(text, f"the hash has 20 bytes, not {len(payload)}")
    return L1Address(kind, payload)


def address_script(address: L1Address) -> bytes:
    """The output script that pays to `address`."""
    if address.kind == "p2pkh":
        return templates.p2pkh(Hash20(address.hash))
    if address.kind == "p2sh":
        return templates.p2sh(Hash20(address.hash))
    if address.kind == "p2wpkh":
        return templates.p2wpkh(Hash20(address.hash))
    if address.kind == "p2wsh":
        return templates.p2wsh(Hash32(address.hash))
    return templates.p2tr(address.hash)


def script_address(script: bytes) -> L1Address | None:
    """The address whose output script this is; None for every other script."""
    found = templates.classify(script)
    if found.kind in HASH_BYTES:
        return L1Address(found.kind, found.data[0])  # type: ignore[arg-type]
    return None
