"""The hash of keys that a spending condition names (SIP-005, SIP-027).

mode 00: hash160(key) · 02: hash160(0014 hash160(key))
mode 01, 05: hash160(redeem script) · 03, 07: hash160(0020 sha256(redeem script))
The redeem script is `OP_m key... OP_n OP_CHECKMULTISIG`, as in Bitcoin.
"""

from collections.abc import Sequence

from btczs.crypto.hashes import hash160, sha256
from btczs.ledger.transactions.conditions import P2PKH, P2SH, P2SH_ANY_ORDER
from btczs.primitives import Hash20

_OP_CHECKMULTISIG = b"\xae"


def compute_single_signer(hash_mode: int, public_key: bytes) -> Hash20:
    """`signer` of a single-signature condition (modes 0x00 and 0x02)."""
    if hash_mode == P2PKH:
        return hash160(public_key)
    return hash160(b"\x00\x14" + hash160(public_key))


def compute_multi_signer(hash_mode: int, public_keys: Sequence[bytes], required: int) -> Hash20:
    """`signer` of a multi-signature condition. Each key is in the form in which it signs."""
    script = compute_redeem_script(public_keys, required)
    if hash_mode in (P2SH, P2SH_ANY_ORDER):
        return hash160(script)
    return hash160(b"\x00\x20" + sha256(script))


def compute_redeem_script(public_keys: Sequence[bytes], required: int) -> bytes:
    """`OP_m <key>... OP_n OP_CHECKMULTISIG`."""
    pushes = (bytes((len(key),)) + key for key in public_keys)
    return b"".join(
        (_push_number(required), *pushes, _push_number(len(public_keys)), _OP_CHECKMULTISIG)
    )


def _push_number(number: int) -> bytes:
    """A small count as Bitcoin script pushes it: OP_1..OP_16, beyond that one byte of data."""
    assert 1 <= number <= 127, number
    return bytes((0x50 + number,)) if number <= 16 else bytes((1, number))
