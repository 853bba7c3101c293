"""Signing: `sign_origin` and `sign_sponsor`, with one key or several.

A multi-signature condition begins with all its public keys (`builders.multi_sig`); signing puts a
signature into the place of the signer's key. In the any-order modes everybody signs the same
digest; in the others a signature also covers the ones before it, so keys sign in their order.

A sponsored transaction is signed by its origin first. The sponsor then names its own condition
(`set_sponsor`: nonce and fee) and signs over the origin's signatures. Functions return a new
transaction; nothing here keeps a secret.
"""

import msgspec

from btczs.crypto.secp256k1 import compute_public_key, convert_public_key, sign_recoverable
from btczs.ledger.transactions.authentication import verify_origin
from btczs.ledger.transactions.codec import encode_transaction
from btczs.ledger.transactions.conditions import (
    ANY_ORDER_MODES,
    AUTH_SPONSORED,
    AUTH_STANDARD,
    COMPRESSED,
    MultiSigCondition,
    PublicKeyField,
    SignatureField,
    SingleSigCondition,
    SpendingCondition,
    SponsoredAuth,
    StandardAuth,
)
from btczs.ledger.transactions.errors import SigningError
from btczs.ledger.transactions.model import Transaction
from btczs.ledger.transactions.sighash import (
    compute_initial_sighash,
    compute_postsign,
    compute_presign,
)
from btczs.ledger.transactions.signer_hash import compute_single_signer
from btczs.primitives import Hash32


def sign_origin(tx: Transaction, secret: bytes) -> Transaction:
    """`tx` with the origin's signature by `secret` (32 bytes), or with one more of them.

    Raises `SigningError` if `secret` is not a key of the origin, has signed already, or is out of
    order; `InvalidKey` if it is not a private key.
    """
    current = compute_initial_sighash(tx.auth, encode_transaction(tx))
    origin = sign_condition(tx.auth.origin, current, AUTH_STANDARD, secret)
    if isinstance(tx.auth, SponsoredAuth):
        return msgspec.structs.replace(tx, auth=SponsoredAuth(origin, tx.auth.sponsor))
    return msgspec.structs.replace(tx, auth=StandardAuth(origin))


def set_sponsor(tx: Transaction, sponsor: SpendingCondition) -> Transaction:
    """`tx` with `sponsor`'s unsigned condition. The origin's signature stays valid."""
    auth = _sponsored(tx)
    return msgspec.structs.replace(tx, auth=SponsoredAuth(auth.origin, sponsor))


def sign_sponsor(tx: Transaction, secret: bytes) -> Transaction:
    """`tx` with the sponsor's signature by `secret`, or with one more of them.

    Raises what `sign_origin` raises, and a `ConditionFailed` if the origin has not signed fully.
    """
    auth = _sponsored(tx)
    current = verify_origin(tx, encode_transaction(tx))
    sponsor = sign_condition(auth.sponsor, current, AUTH_SPONSORED, secret)
    return msgspec.structs.replace(tx, auth=SponsoredAuth(auth.origin, sponsor))


def _sponsored(tx: Transaction) -> SponsoredAuth:
    if not isinstance(tx.auth, SponsoredAuth):
        raise SigningError("the transaction was not made for a sponsor")
    return tx.auth


def sign_condition(
    condition: SpendingCondition, current: Hash32, flag: int, secret: bytes
) -> SpendingCondition:
    """`condition` with the signature of `secret`; its chain of hashes begins at `current`."""
    if isinstance(condition, SingleSigCondition):
        return _sign_single(condition, current, flag, secret)
    return _sign_multi(condition, current, flag, secret)


def _sign_single(
    condition: SingleSigCondition, current: Hash32, flag: int, secret: bytes
) -> SingleSigCondition:
    public_key = compute_public_key(secret, compressed=condition.key_encoding == COMPRESSED)
    if compute_single_signer(condition.hash_mode, public_key) != condition.signer:
        raise SigningError("this is not the key of the condition")
    digest = compute_presign(current, flag, condition.fee, condition.nonce)
    return msgspec.structs.replace(condition, signature=sign_recoverable(secret, digest))


def _sign_multi(
    condition: MultiSigCondition, current: Hash32, flag: int, secret: bytes
) -> MultiSigCondition:
    index = _find_key(condition, compute_public_key(secret))
    if condition.hash_mode not in ANY_ORDER_MODES:
        current = _chain_before(condition, index, current, flag)
    digest = compute_presign(current, flag, condition.fee, condition.nonce)
    fields = list(condition.fields)
    fields[index] = SignatureField(fields[index].compressed, sign_recoverable(secret, digest))
    return msgspec.structs.replace(condition, fields=tuple(fields))


def _find_key(condition: MultiSigCondition, public_key: bytes) -> int:
    for index, field in enumerate(condition.fields):
        if isinstance(field, PublicKeyField) and public_key == convert_public_key(
            field.public_key, compressed=True
        ):
            return index
    raise SigningError("this is no key of the condition, or it has signed already")


def _chain_before(condition: MultiSigCondition, index: int, current: Hash32, flag: int) -> Hash32:
    """Where the chain of hashes stands when the key at `index` signs in sequence."""
    present = 0
    for position, field in enumerate(condition.fields):
        if isinstance(field, PublicKeyField):
            continue
        present += 1
        if position > index:
            raise SigningError(f"key {position} has signed; in this mode key {index} comes before")
        presign = compute_presign(current, flag, condition.fee, condition.nonce)
        current = compute_postsign(presign, field.compressed, field.signature)
    if present >= condition.signatures_required:
        raise SigningError(f"all {condition.signatures_required} signatures are there already")
    return current
