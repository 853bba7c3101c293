"""Signing inputs: P2PKH, and single signatures for scripts of several."""

from btczs.crypto.hashes import hash160
from btczs.crypto.secp256k1 import compute_public_key, sign_der
from btczs.l1 import sighash
from btczs.l1.params import L1Params
from btczs.l1.script import templates
from btczs.l1.wire import Tx, with_script_sig


def sign_input(
    params: L1Params,
    tx: Tx,
    index: int,
    secret: bytes,
    script_code: bytes,
    amount: int,
    height: int,
    hash_type: int = sighash.ALL,
) -> bytes:
    """A signature with its hash type, as scripts take it (low S).

    `script_code` is the script that checks it: the output script, or the redeem script of P2SH.
    `amount` is what the input spends, in zat; `height` that of the block to enter.
    """
    branch_id = sighash.branch_id_at(params, height)
    digest = sighash.compute_sighash(params, tx, index, script_code, amount, hash_type, branch_id)
    return sign_der(secret, digest) + bytes((hash_type,))


def sign_p2pkh_input(
    params: L1Params, tx: Tx, index: int, secret: bytes, amount: int, height: int
) -> Tx:
    """`tx` with input `index` unlocked by `secret`'s compressed key, which its output must name.

    BitcoinZ: ZIP 243 with the branch id of `height` (the block to enter); Bitcoin and Litecoin:
    the original rule. Unlocking one input does not void the signatures of others.
    """
    key = compute_public_key(secret)
    script_code = templates.p2pkh(hash160(key))
    signature = sign_input(params, tx, index, secret, script_code, amount, height)
    return with_script_sig(tx, index, templates.push(signature) + templates.push(key))


def multisig_script_sig(signatures: list[bytes], redeem_script: bytes) -> bytes:
    """Unlocks a P2SH multisig. The signatures stand in the order of their keys."""
    return b"\0" + b"".join(map(templates.push, [*signatures, redeem_script]))
