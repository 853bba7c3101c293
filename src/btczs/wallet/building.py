"""Building and signing transactions with accounts. Pure: nothing here asks a node.

    tx = build_transfer(account, recipient, amount, nonce=0, fee=1000)
    signed = sign(tx, account)

With a sponsor: `build_transfer(..., sponsored=True)`, `sign`, and the sponsor then takes over with
`sponsor(tx, account, nonce=, fee=)`. With several keys: `build_transfer` from a `MultisigAccount`,
then `sign` once per key; `is_complete` tells when enough have signed.
"""

from typing import Final

import msgspec

from btczs.codec.clarity import parse_principal
from btczs.codec.clarity.values import Principal
from btczs.ledger.fees import compute_fee_min
from btczs.ledger.transactions import (
    AuthError,
    Transaction,
    compute_txid,
    encode_transaction,
    make_token_transfer,
    sign_origin,
    sign_sponsor,
    verify_origin,
    verify_transaction,
)
from btczs.ledger.transactions.builders import single_sig
from btczs.ledger.transactions.conditions import (
    MultiSigCondition,
    SpendingCondition,
    SponsoredAuth,
    StandardAuth,
)
from btczs.ledger.transactions.payloads import MEMO_BYTES
from btczs.ledger.transactions.signing import set_sponsor
from btczs.networks import Network
from btczs.primitives import BaseUnits, InvalidInput, Nonce
from btczs.wallet.accounts import Account, MultisigAccount
from btczs.wallet.errors import WrongNetwork

AnyAccount = Account | MultisigAccount
ADDRESS_VERSIONS_MAINNET: Final = frozenset({20, 22})
ADDRESS_VERSIONS_TEST: Final = frozenset({21, 26})


class Signed(msgspec.Struct, frozen=True):
    """A transaction as it is sent: `raw`, and its `txid` (64 hexadecimal digits)."""

    tx: Transaction
    raw: bytes
    txid: str


def encode_signed(tx: Transaction) -> Signed:
    """`tx` with its bytes and id, whether all signatures are there or not."""
    raw = encode_transaction(tx)
    return Signed(tx, raw, compute_txid(raw).hex())


def parse_recipient(text: str, network: Network) -> Principal:
    """The principal that `text` names. Raises `InvalidAddress`, `WrongNetwork`."""
    principal = parse_principal(text)
    mine = (network.address_version_single, network.address_version_multi)
    if principal.version not in mine:
        expected = f"{network.name} (S{'P' if network.is_mainnet else 'T'}…)"
        raise WrongNetwork(f"the address {text[:60]}", expected, _network_kind(principal.version))
    return principal


def _network_kind(version: int) -> str:
    if version in ADDRESS_VERSIONS_MAINNET:
        return "mainnet (SP…, SM…)"
    if version in ADDRESS_VERSIONS_TEST:
        return "a test network (ST…, SN…)"
    return "no network known here"


def encode_memo(memo: str | bytes) -> bytes:
    """A memo as bytes. Raises `InvalidInput` if it has more than 34."""
    raw = memo.encode("utf-8", "replace") if isinstance(memo, str) else memo
    if len(raw) > MEMO_BYTES:
        raise InvalidInput(f"a memo has at most {MEMO_BYTES} bytes, this has {len(raw)}")
    return raw


def decode_memo(raw: bytes) -> str:
    """The text of a memo, for people; hexadecimal if it is none."""
    trimmed = raw.rstrip(b"\0")
    try:
        text = trimmed.decode()
    except UnicodeDecodeError:
        return "0x" + trimmed.hex()
    return text if text.isprintable() else "0x" + trimmed.hex()


# ---------------------------------------------------------------------- unsigned transactions


def make_condition(account: AnyAccount, *, nonce: int, fee: int) -> SpendingCondition:
    """The condition of `account`, with no signature yet."""
    if isinstance(account, MultisigAccount):
        return account.condition(nonce=nonce, fee=fee)
    return single_sig(account.public_key, nonce=nonce, fee=fee)


def build_transfer(
    account: AnyAccount,
    recipient: Principal,
    amount: BaseUnits,
    *,
    nonce: int,
    fee: int,
    memo: str | bytes = b"",
    sponsored: bool = False,
) -> Transaction:
    """Sends `amount` base units from `account`. A sponsored one has fee 0 until the sponsor's."""
    condition = make_condition(account, nonce=nonce, fee=0 if sponsored else fee)
    return make_token_transfer(
        account.network, condition, recipient, amount, encode_memo(memo), sponsored=sponsored
    )


# ---------------------------------------------------------------------- fees


def compute_fee_least(tx: Transaction, network: Network) -> BaseUnits:
    """The least fee the network takes for `tx`, once fully signed."""
    size = len(encode_transaction(tx)) + _missing_signature_bytes(tx)
    return compute_fee_min(tx, size, network.fees)


def _missing_signature_bytes(tx: Transaction) -> int:
    """In a multi-signature condition a signature (65 bytes) takes the place of a key (33)."""
    conditions = [tx.auth.origin]
    if isinstance(tx.auth, SponsoredAuth):
        conditions.append(tx.auth.sponsor)
    return sum(
        32 * condition.signatures_required
        for condition in conditions
        if isinstance(condition, MultiSigCondition)
    )


def set_fee(tx: Transaction, fee: int) -> Transaction:
    """`tx` with another fee of its origin. Signatures are void: do this before signing."""
    origin = msgspec.structs.replace(tx.auth.origin, fee=BaseUnits(fee))
    if isinstance(tx.auth, SponsoredAuth):
        return msgspec.structs.replace(tx, auth=SponsoredAuth(origin, tx.auth.sponsor))
    return msgspec.structs.replace(tx, auth=StandardAuth(origin))


def set_nonce(tx: Transaction, nonce: int) -> Transaction:
    """`tx` with another nonce of its origin. Do this before signing."""
    origin = msgspec.structs.replace(tx.auth.origin, nonce=Nonce(nonce))
    if isinstance(tx.auth, SponsoredAuth):
        return msgspec.structs.replace(tx, auth=SponsoredAuth(origin, tx.auth.sponsor))
    return msgspec.structs.replace(tx, auth=StandardAuth(origin))


# ---------------------------------------------------------------------- signatures


def sign(tx: Transaction, account: Account) -> Signed:
    """`tx` with the origin's signature by `account`, or with one more of them.

    Raises `SigningError` if the key is none of the origin's.
    """
    return encode_signed(sign_origin(tx, account.secret))


def sponsor(tx: Transaction, account: Account, *, nonce: int, fee: int) -> Signed:
    """`tx`, which its origin has signed for a sponsor, with `account` paying `fee`.

    Raises `SigningError`, `ConditionFailed` if the origin's signature does not hold.
    """
    verify_origin(tx, encode_transaction(tx))
    condition = single_sig(account.public_key, nonce=nonce, fee=fee)
    return encode_signed(sign_sponsor(set_sponsor(tx, condition), account.secret))


def is_complete(tx: Transaction, network: Network) -> bool:
    """Whether every signature that `tx` needs is there and holds."""
    try:
        verify_transaction(tx, encode_transaction(tx), network)
    except AuthError:
        return False
    return True
