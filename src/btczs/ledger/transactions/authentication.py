"""Who authorised a transaction: recovers the keys from the signatures and compares their hash.

`verify_transaction` is what consensus asks. `authenticate` leaves out the chain id and the version
byte. `verify_origin` is for a transaction whose sponsor has not signed yet.
Source: SIP-005 "Transaction authorization"; SIP-027.

`raw` must be the encoding of `tx`: these functions hash it instead of encoding `tx` again. `txid`,
if it is given, must be the hash of `raw`: it spares hashing it once more.
"""

from btczs.crypto.secp256k1 import (
    InvalidKey,
    InvalidSignature,
    convert_public_key,
    is_low_s,
    recover,
)
from btczs.ledger.transactions.addresses import condition_address
from btczs.ledger.transactions.codec import compute_txid
from btczs.ledger.transactions.conditions import (
    ANY_ORDER_MODES,
    AUTH_SPONSORED,
    AUTH_STANDARD,
    COMPRESSED,
    SEGWIT_MODES,
    MultiSigCondition,
    PublicKeyField,
    SignatureField,
    SingleSigCondition,
    SpendingCondition,
    SponsoredAuth,
)
from btczs.ledger.transactions.errors import (
    BadSignature,
    HighS,
    InvalidPublicKey,
    KeyEncodingMismatch,
    SignatureCount,
    SignerMismatch,
    WrongChainId,
    WrongVersion,
)
from btczs.ledger.transactions.model import Authenticated, Transaction
from btczs.ledger.transactions.sighash import (
    compute_initial_sighash,
    compute_postsign,
    compute_presign,
)
from btczs.ledger.transactions.signer_hash import compute_multi_signer, compute_single_signer
from btczs.networks import Network
from btczs.primitives import Hash32

ORIGIN = "origin"
SPONSOR = "sponsor"


def verify_transaction(
    tx: Transaction, raw: bytes, network: Network, txid: Hash32 | None = None
) -> Authenticated:
    """`authenticate`, and the transaction was made for this network.

    Raises `WrongVersion`, `WrongChainId`, or what `authenticate` raises.
    """
    if tx.version != network.transaction_version:
        raise WrongVersion(network.transaction_version, tx.version)
    if tx.chain_id != network.chain_id:
        raise WrongChainId(network.chain_id, tx.chain_id)
    return authenticate(tx, raw, txid)


def authenticate(tx: Transaction, raw: bytes, txid: Hash32 | None = None) -> Authenticated:
    """The transaction with those who signed it. Raises a `ConditionFailed`.

    The address versions follow the hash modes and the top bit of the version byte.
    """
    auth = tx.auth
    current = verify_origin(tx, raw)
    if isinstance(auth, SponsoredAuth):
        verify_condition(auth.sponsor, current, AUTH_SPONSORED, SPONSOR)
    origin = condition_address(auth.origin, tx.version)
    payer_condition = auth.payer
    if payer_condition is auth.origin:
        payer = origin
    else:
        payer = condition_address(payer_condition, tx.version)
    return Authenticated(
        tx,
        raw,
        compute_txid(raw) if txid is None else txid,
        origin,
        payer,
        auth.origin.nonce,
        payer_condition.nonce,
        payer_condition.fee,
    )


def verify_origin(tx: Transaction, raw: bytes) -> Hash32:
    """Verifies only the origin. Returns the hash that a sponsor goes on from.

    The origin signs with the flag of a standard authorization even if there is a sponsor.
    """
    auth = tx.auth
    initial = compute_initial_sighash(auth, raw)
    # Nobody goes on from the origin of a standard transaction: that saves one hash.
    chain = isinstance(auth, SponsoredAuth)
    return verify_condition(auth.origin, initial, AUTH_STANDARD, ORIGIN, chain=chain)


def verify_condition(
    condition: SpendingCondition, current: Hash32, flag: int, role: str, *, chain: bool = True
) -> Hash32:
    """Verifies one condition whose chain of hashes begins at `current`.

    Returns where the chain ends; with `chain=False`, just `current`, for a condition that nothing
    follows. Raises a `ConditionFailed` with that `role`.
    """
    if isinstance(condition, SingleSigCondition):
        return _verify_single(condition, current, flag, role, chain)
    return _verify_multi(condition, current, flag, role)


def _verify_single(
    condition: SingleSigCondition, current: Hash32, flag: int, role: str, chain: bool
) -> Hash32:
    compressed = condition.key_encoding == COMPRESSED
    if not compressed and condition.hash_mode in SEGWIT_MODES:
        raise KeyEncodingMismatch(role, "this mode needs a compressed key")
    presign = compute_presign(current, flag, condition.fee, condition.nonce)
    public_key = _recover(condition.signature, presign, compressed, role)
    signer = compute_single_signer(condition.hash_mode, public_key)
    if signer != condition.signer:
        raise SignerMismatch(role, condition.signer, signer)
    return compute_postsign(presign, compressed, condition.signature) if chain else current


def _verify_multi(condition: MultiSigCondition, current: Hash32, flag: int, role: str) -> Hash32:
    _verify_counts(condition, role)
    any_order = condition.hash_mode in ANY_ORDER_MODES
    segwit = condition.hash_mode in SEGWIT_MODES
    public_keys = []
    for field in condition.fields:
        if segwit and not field.compressed:
            raise KeyEncodingMismatch(role, "this mode needs compressed keys")
        if isinstance(field, PublicKeyField):
            public_keys.append(_full_public_key(field, role))
            continue
        presign = compute_presign(current, flag, condition.fee, condition.nonce)
        public_keys.append(_recover(field.signature, presign, field.compressed, role))
        if not any_order:
            current = compute_postsign(presign, field.compressed, field.signature)
    signer = compute_multi_signer(condition.hash_mode, public_keys, condition.signatures_required)
    if signer != condition.signer:
        raise SignerMismatch(role, condition.signer, signer)
    return current


def _verify_counts(condition: MultiSigCondition, role: str) -> None:
    """In sequence exactly as many signatures as required, in any order at least as many.

    DEVIATION: a condition that requires no signature at all, which the reference implementation
    lets pass, is refused: anybody could spend from it.
    """
    required, keys = condition.signatures_required, len(condition.fields)
    present = sum(isinstance(field, SignatureField) for field in condition.fields)
    enough = present >= required if condition.hash_mode in ANY_ORDER_MODES else present == required
    if not enough or not 1 <= required <= keys:
        raise SignatureCount(role, required, present, keys)


def _recover(signature: bytes, digest: bytes, compressed: bool, role: str) -> bytes:
    try:
        return recover(signature, digest, compressed=compressed)
    except InvalidSignature as error:
        if len(signature) == 65 and not is_low_s(signature):
            raise HighS(role, str(error)) from error
        raise BadSignature(role, str(error)) from error


def _full_public_key(field: PublicKeyField, role: str) -> bytes:
    """The key in the form in which it would sign. Raises `InvalidPublicKey`."""
    try:
        return convert_public_key(field.public_key, compressed=field.compressed)
    except InvalidKey as error:
        raise InvalidPublicKey(role, str(error)) from error
