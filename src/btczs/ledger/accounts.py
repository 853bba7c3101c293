"""Accounts: a balance and a nonce for every principal.

The value is 16 bytes, balance and nonce as u64 big-endian. The account of a principal that never
had anything is zero and is not stored, so an unused address leaves no trace in the state root.
"""

from struct import Struct as Layout

import msgspec

from btczs.codec.clarity.principals import encode_principal
from btczs.codec.clarity.values import Principal, StandardPrincipal
from btczs.primitives import U64, BaseUnits, Nonce
from btczs.store.kv import Reader
from btczs.store.overlay import Overlay

ACCOUNT_PREFIX = b"acct/"

_LAYOUT = Layout(">QQ")
_ZERO = _LAYOUT.pack(0, 0)
_STANDARD_PREFIXES = tuple(ACCOUNT_PREFIX + bytes((5, version)) for version in range(256))


class Account(msgspec.Struct, frozen=True, gc=False):
    """What a principal owns, and how many transactions it has sent or sponsored."""

    balance: BaseUnits
    nonce: Nonce


ZERO_ACCOUNT = Account(BaseUnits(0), Nonce(0))


def account_key(principal: Principal) -> bytes:
    """The state key of the account of `principal`: `acct/` and its consensus encoding."""
    if type(principal) is StandardPrincipal:  # this path is hot: it avoids the general encoder
        return _STANDARD_PREFIXES[principal.version] + principal.hash20
    return ACCOUNT_PREFIX + encode_principal(principal)


def get_account(state: Reader, principal: Principal) -> Account:
    """The account of `principal`; zero if it was never used."""
    raw = state.get(account_key(principal))
    return ZERO_ACCOUNT if raw is None else decode_account(raw)


def put_account(overlay: Overlay, principal: Principal, account: Account) -> None:
    """Writes the account of `principal`. Raises `OutOfRange` if a number is no u64."""
    raw = encode_account(account)
    if raw == _ZERO:
        overlay.delete(account_key(principal))
    else:
        overlay.put(account_key(principal), raw)


def encode_account(account: Account) -> bytes:
    return _LAYOUT.pack(U64.check(account.balance), U64.check(account.nonce))


def decode_account(raw: bytes) -> Account:
    balance, nonce = _LAYOUT.unpack(raw)
    return Account(balance, nonce)


def read_account_pair(state: Reader, key: bytes) -> tuple[int, int]:
    """`(balance, nonce)` under a key of `account_key`: the form that the hot path works with."""
    raw = state.get(key)
    if raw is None:
        return 0, 0
    balance, nonce = _LAYOUT.unpack(raw)
    return balance, nonce


def write_account_pair(overlay: Overlay, key: bytes, balance: int, nonce: int) -> None:
    """Inverse of `read_account_pair`. Both are u64, and not both zero: the caller has seen to it."""
    overlay.put(key, _LAYOUT.pack(balance, nonce))
