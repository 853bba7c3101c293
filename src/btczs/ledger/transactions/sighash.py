"""What is signed: the chain of hashes of SIP-005 "Transaction signing".

The initial hash covers the transaction with its authorization cleared: nonce, fee and signatures
of the origin are zero, and a sponsor is replaced by a sentinel. Each signer signs
`presign(current, flag, fee, nonce)`; after it, signers in sequence go on from
`postsign(presign, key encoding, signature)`.
"""

import struct
from typing import Final

import msgspec

from btczs.crypto.hashes import sha512_256
from btczs.ledger.transactions.condition_codec import SINGLE_SIG_BYTES, auth_size, encode_auth
from btczs.ledger.transactions.conditions import (
    COMPRESSED,
    EMPTY_SIGNATURE,
    SPONSOR_SENTINEL,
    UNCOMPRESSED,
    Auth,
    SingleSigCondition,
    SpendingCondition,
    SponsoredAuth,
    StandardAuth,
)
from btczs.primitives import BaseUnits, Hash32, Nonce

_PRESIGN: Final = struct.Struct(">BQQ")

# Where things stand in a transaction with one single-signature condition.
_AUTH_AT: Final = 5
_NONCE_AT: Final = _AUTH_AT + 1 + 1 + 20
_KEY_ENCODING_AT: Final = _NONCE_AT + 8 + 8
_SIGNATURE_AT: Final = _KEY_ENCODING_AT + 1
_AUTH_END: Final = _AUTH_AT + 1 + SINGLE_SIG_BYTES
_ZERO_NONCE_AND_FEE: Final = bytes(16)


def compute_initial_sighash(auth: Auth, raw: bytes) -> Hash32:
    """Where the chain begins, for the transaction `raw` whose authorization is `auth`.

    The rest of the transaction is hashed as it stands in `raw`, so it is not encoded again. The
    usual case, one single signature, only blanks out parts of `raw`.
    """
    if type(auth) is StandardAuth and type(auth.origin) is SingleSigCondition:
        return sha512_256(
            raw[:_NONCE_AT]
            + _ZERO_NONCE_AND_FEE
            + raw[_KEY_ENCODING_AT:_SIGNATURE_AT]
            + EMPTY_SIGNATURE
            + raw[_AUTH_END:]
        )
    return sha512_256(
        raw[:_AUTH_AT] + encode_auth(clear_auth(auth)) + raw[_AUTH_AT + auth_size(auth) :]
    )


def clear_auth(auth: Auth) -> Auth:
    """The authorization as the initial hash covers it."""
    origin = _clear_condition(auth.origin)
    if isinstance(auth, SponsoredAuth):
        return SponsoredAuth(origin, SPONSOR_SENTINEL)
    return StandardAuth(origin)


def _clear_condition(condition: SpendingCondition) -> SpendingCondition:
    if isinstance(condition, SingleSigCondition):
        return SingleSigCondition(
            condition.hash_mode,
            condition.signer,
            Nonce(0),
            BaseUnits(0),
            condition.key_encoding,
            EMPTY_SIGNATURE,
        )
    return msgspec.structs.replace(condition, nonce=Nonce(0), fee=BaseUnits(0), fields=())


def compute_presign(current: bytes, auth_flag: int, fee: int, nonce: int) -> Hash32:
    """The digest that is signed."""
    return sha512_256(current + _PRESIGN.pack(auth_flag, fee, nonce))


def compute_postsign(presign: bytes, compressed: bool, signature: bytes) -> Hash32:
    """The hash the next signer in sequence goes on from."""
    encoding = COMPRESSED if compressed else UNCOMPRESSED
    return sha512_256(presign + bytes((encoding,)) + signature)
