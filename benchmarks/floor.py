"""The physical floor: what the signature library alone needs for the same signatures."""

from collections.abc import Sequence

from coincurve._libsecp256k1 import ffi, lib
from coincurve.context import GLOBAL_CONTEXT

from btczs.ledger.transactions import Transaction, decode_transaction
from btczs.ledger.transactions.conditions import AUTH_STANDARD, SingleSigCondition
from btczs.ledger.transactions.sighash import compute_initial_sighash, compute_presign

Prepared = Sequence[tuple[object, bytes]]
"""Signatures as the C library wants them, and what they sign."""


def signed(tx: Transaction, raw: bytes) -> tuple[bytes, bytes]:
    """The signature of a transaction with one key, and what it signs."""
    condition = tx.auth.origin
    assert isinstance(condition, SingleSigCondition)
    initial = compute_initial_sighash(tx.auth, raw)
    digest = compute_presign(initial, AUTH_STANDARD, condition.fee, condition.nonce)
    return condition.signature, digest


def prepare_recoveries(raws: Sequence[bytes]) -> Prepared:
    """Everything but the recovery itself, for encoded transactions with one key each."""
    prepared = []
    for raw in raws:
        signature, digest = signed(decode_transaction(raw), raw)
        parsed = ffi.new("secp256k1_ecdsa_recoverable_signature *")
        lib.secp256k1_ecdsa_recoverable_signature_parse_compact(
            GLOBAL_CONTEXT.ctx, parsed, signature[1:], signature[0]
        )
        prepared.append((parsed, digest))
    return prepared


def recover_all(prepared: Prepared) -> None:
    """The library's recovery of every key, in this thread, and nothing else."""
    context, recover = GLOBAL_CONTEXT.ctx, lib.secp256k1_ecdsa_recover
    point = ffi.new("secp256k1_pubkey *")
    for signature, digest in prepared:
        assert recover(context, point, signature, digest)
