"""What scripts ask about the transaction they are in: signatures, lock time, sequence."""

from btczs.crypto.secp256k1 import InvalidKey, InvalidSignature, verify_der
from btczs.l1 import sighash
from btczs.l1.bitcoin.sighash import compute_witness_sighash
from btczs.l1.bitcoin.transaction import Transaction as BitcoinTransaction
from btczs.l1.errors import SighashUndefined
from btczs.l1.params import L1Params
from btczs.l1.parts import SEQUENCE_FINAL
from btczs.l1.wire import Tx
from btczs.primitives import Hash32

LOCK_TIME_THRESHOLD = 500_000_000
"""Lock times below are block heights, others seconds since 1970."""

SEQUENCE_DISABLE = 1 << 31
SEQUENCE_TYPE_TIME = 1 << 22
_SEQUENCE_MASK = SEQUENCE_TYPE_TIME | 0xFFFF


class InputChecker:
    """The view of input `index` of `tx`, which spends `amount`, in a block of `branch_id`."""

    def __init__(self, params: L1Params, tx: Tx, index: int, amount: int, branch_id: int) -> None:
        self.params, self.tx, self.index = params, tx, index
        self.amount, self.branch_id = amount, branch_id
        # A multisig asks for the same hash once per key.
        self._digests: dict[tuple[bytes, int, bool], Hash32] = {}

    def has_signed(self, signature: bytes, key: bytes, script_code: bytes, witness: bool) -> bool:
        """Whether `signature` (with hash type) by `key` covers this input. Never raises."""
        if not signature:
            return False
        try:
            digest = self._compute_digest(script_code, signature[-1], witness)
            verify_der(key, digest, signature[:-1])
        except (SighashUndefined, InvalidKey, InvalidSignature):
            return False
        return True

    def _compute_digest(self, script_code: bytes, hash_type: int, witness: bool) -> Hash32:
        key = (script_code, hash_type, witness)
        digest = self._digests.get(key)
        if digest is not None:
            return digest
        tx = self.tx
        if witness and isinstance(tx, BitcoinTransaction):
            digest = compute_witness_sighash(tx, self.index, script_code, self.amount, hash_type)
        else:
            digest = sighash.compute_sighash(
                self.params, tx, self.index, script_code, self.amount, hash_type, self.branch_id
            )
        self._digests[key] = digest
        return digest

    def has_reached_lock_time(self, lock_time: int) -> bool:
        """BIP 65: the transaction is itself locked at least until `lock_time`."""
        own = self.tx.lock_time
        if (own < LOCK_TIME_THRESHOLD) != (lock_time < LOCK_TIME_THRESHOLD):
            return False
        return lock_time <= own and self.tx.inputs[self.index].sequence != SEQUENCE_FINAL

    def has_reached_sequence(self, sequence: int) -> bool:
        """BIP 112: the input is itself locked for at least `sequence`."""
        own = self.tx.inputs[self.index].sequence
        # Versions are compared as unsigned numbers.
        if self.tx.version & 0xFFFF_FFFF < 2 or own & SEQUENCE_DISABLE:
            return False
        own, sequence = own & _SEQUENCE_MASK, sequence & _SEQUENCE_MASK
        if (own < SEQUENCE_TYPE_TIME) != (sequence < SEQUENCE_TYPE_TIME):
            return False
        return sequence <= own
