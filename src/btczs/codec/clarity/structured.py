"""Structured data to be signed off the chain (SIP-018): what a wallet shows, hashed with its domain.

The digest binds a message to a domain (name, version, chain id), so that a signature made for one
application or chain is worth nothing for another.
"""

from typing import Final

from btczs.codec.clarity.values import (
    AsciiValue,
    TupleValue,
    UIntValue,
    Value,
    encode_value,
    make_tuple,
)
from btczs.crypto.hashes import sha256
from btczs.primitives import Hash32

PREFIX: Final = b"SIP018"


def make_domain(name: str, version: str, chain_id: int) -> TupleValue:
    """The domain tuple `{chain-id, name, version}`."""
    return make_tuple(
        name=AsciiValue(name), version=AsciiValue(version), chain_id=UIntValue(chain_id)
    )


def hash_structured(value: Value) -> Hash32:
    """SHA-256 of the value's consensus encoding."""
    return sha256(encode_value(value))


def compute_structured_digest(domain: TupleValue, message: Value) -> Hash32:
    """What is signed: SHA-256 of `SIP018` | hash of the domain | hash of the message."""
    return sha256(PREFIX + hash_structured(domain) + hash_structured(message))
