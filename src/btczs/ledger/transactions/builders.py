"""Making unsigned transactions.

First the condition of who signs (`single_sig`, `multi_sig`), then the transaction that needs it:

    origin = single_sig(public_key, nonce=0, fee=1000)
    tx = sign_origin(make_token_transfer(network, origin, recipient, amount), secret)

With `sponsored=True` the sponsor is filled in later, by `set_sponsor` and `sign_sponsor`.
"""

from collections.abc import Sequence

from btczs.codec.clarity.values import ContractPrincipal, Principal, StandardPrincipal, Value
from btczs.crypto.secp256k1 import convert_public_key, verify_public_key
from btczs.ledger.transactions.conditions import (
    COMPRESSED,
    EMPTY_SIGNATURE,
    MULTI_SIG_KEYS_MAX,
    MULTI_SIG_MODES,
    P2PKH,
    SEGWIT_MODES,
    SINGLE_SIG_MODES,
    SPONSOR_SENTINEL,
    UNCOMPRESSED,
    Auth,
    MultiSigCondition,
    PublicKeyField,
    SingleSigCondition,
    SpendingCondition,
    SponsoredAuth,
    StandardAuth,
)
from btczs.ledger.transactions.errors import SigningError
from btczs.ledger.transactions.model import ANCHOR_ANY, ANCHOR_ON_CHAIN, Transaction
from btczs.ledger.transactions.payloads import (
    MEMO_BYTES,
    MUST_BE_ANCHORED,
    ContractCall,
    Payload,
    SmartContract,
    TokenTransfer,
)
from btczs.ledger.transactions.post_conditions import MODE_DENY, PostCondition
from btczs.ledger.transactions.signer_hash import compute_multi_signer, compute_single_signer
from btczs.networks import Network
from btczs.primitives import BaseUnits, Nonce


def single_sig(
    public_key: bytes, *, nonce: int, fee: int, hash_mode: int = P2PKH
) -> SingleSigCondition:
    """The condition of one key: 33 bytes, or 65 for an uncompressed one (P2PKH only).

    Raises `SigningError` or `InvalidKey`.
    """
    verify_public_key(public_key)
    compressed = len(public_key) == 33
    if hash_mode not in SINGLE_SIG_MODES:
        raise SigningError(f"0x{hash_mode:02x} is no single-signature mode")
    if not compressed and hash_mode in SEGWIT_MODES:
        raise SigningError("this mode needs a compressed key")
    return SingleSigCondition(
        hash_mode,
        compute_single_signer(hash_mode, public_key),
        Nonce(nonce),
        BaseUnits(fee),
        COMPRESSED if compressed else UNCOMPRESSED,
        EMPTY_SIGNATURE,
    )


def multi_sig(
    public_keys: Sequence[bytes], required: int, *, nonce: int, fee: int, hash_mode: int
) -> MultiSigCondition:
    """The condition of `required` of those keys, in that order, none of which has signed yet.

    Keys have 33 bytes, or 65 if they sign as uncompressed ones (modes 0x01 and 0x05 only). Their
    order is part of the address. Raises `SigningError` or `InvalidKey`.
    """
    if hash_mode not in MULTI_SIG_MODES:
        raise SigningError(f"0x{hash_mode:02x} is no multi-signature mode")
    if not 1 <= required <= len(public_keys) <= MULTI_SIG_KEYS_MAX:
        raise SigningError(
            f"{required} of {len(public_keys)}: at least one signature, at most as many as keys, "
            f"at most {MULTI_SIG_KEYS_MAX} keys"
        )
    if hash_mode in SEGWIT_MODES and any(len(key) != 33 for key in public_keys):
        raise SigningError("this mode needs compressed keys")
    return MultiSigCondition(
        hash_mode,
        compute_multi_signer(hash_mode, public_keys, required),
        Nonce(nonce),
        BaseUnits(fee),
        tuple(
            PublicKeyField(len(key) == 33, convert_public_key(key, compressed=True))
            for key in public_keys
        ),
        required,
    )


def make_token_transfer(
    network: Network,
    origin: SpendingCondition,
    recipient: Principal,
    amount: int,
    memo: bytes = b"",
    *,
    sponsored: bool = False,
) -> Transaction:
    """Sends `amount` base units. A memo of up to 34 bytes is filled up with zeros."""
    if len(memo) > MEMO_BYTES:
        raise SigningError(f"a memo has at most {MEMO_BYTES} bytes, this has {len(memo)}")
    payload = TokenTransfer(recipient, BaseUnits(amount), memo.ljust(MEMO_BYTES, b"\0"))
    return make_transaction(network, origin, payload, sponsored=sponsored)


def make_contract_call(
    network: Network,
    origin: SpendingCondition,
    contract: ContractPrincipal,
    function_name: str,
    arguments: Sequence[Value] = (),
    *,
    post_conditions: Sequence[PostCondition] = (),
    post_condition_mode: int = MODE_DENY,
    sponsored: bool = False,
) -> Transaction:
    """Calls a public function. What the call may move must be named by `post_conditions`."""
    address = StandardPrincipal(contract.version, contract.hash20)
    payload = ContractCall(address, contract.name, function_name, tuple(arguments))
    return make_transaction(
        network,
        origin,
        payload,
        post_conditions=post_conditions,
        post_condition_mode=post_condition_mode,
        sponsored=sponsored,
    )


def make_contract_deploy(
    network: Network,
    origin: SpendingCondition,
    name: str,
    code: str,
    *,
    clarity_version: int | None = None,
    post_conditions: Sequence[PostCondition] = (),
    post_condition_mode: int = MODE_DENY,
    sponsored: bool = False,
) -> Transaction:
    """Publishes a contract under the origin's address."""
    return make_transaction(
        network,
        origin,
        SmartContract(clarity_version, name, code),
        post_conditions=post_conditions,
        post_condition_mode=post_condition_mode,
        sponsored=sponsored,
    )


def make_transaction(
    network: Network,
    origin: SpendingCondition,
    payload: Payload,
    *,
    post_conditions: Sequence[PostCondition] = (),
    post_condition_mode: int = MODE_DENY,
    sponsored: bool = False,
) -> Transaction:
    """Any payload. Those that must be anchored get the on-chain anchor mode, others `any`."""
    auth: Auth = SponsoredAuth(origin, SPONSOR_SENTINEL) if sponsored else StandardAuth(origin)
    return Transaction(
        network.transaction_version,
        network.chain_id,
        auth,
        ANCHOR_ON_CHAIN if isinstance(payload, MUST_BE_ANCHORED) else ANCHOR_ANY,
        post_condition_mode,
        tuple(post_conditions),
        payload,
    )
