"""What a signature in a BitcoinZ transaction signs.

Versions 1 and 2: Bitcoin's original rule, with the joinsplits in it, and no hash at all (rather
than the number 1) for SINGLE without a matching output. Version 3: ZIP 143. Version 4: ZIP 243.
The latter two commit to the amount spent and to the consensus branch of the block's height, so a
signature made for one side of an upgrade is void on the other.
"""

from btczs.codec.compact import write_compact
from btczs.crypto.hashes import blake2b_256, sha256d
from btczs.l1.bitcoinz.transaction import Transaction, encode_joinsplits, encode_version_word
from btczs.l1.errors import SighashUndefined
from btczs.l1.params import L1Params
from btczs.l1.parts import TxIn, encode_outpoint, encode_output
from btczs.primitives import Hash32
from btczs.primitives.units import ZERO_HASH

ALL = 1
NONE = 2
SINGLE = 3
ANYONE_CAN_PAY = 0x80

NOT_AN_INPUT = None
"""Input index of a signature over the shielded part."""

_SPEND_SIGNED_BYTES = 320
"""A shielded spend without its own signature."""


def get_branch_id(params: L1Params, height: int) -> int:
    """Consensus branch id of the block at `height`; 0 before the first upgrade and on Bitcoin."""
    found = 0
    for first_height, branch_id in params.branch_ids:
        if height >= first_height:
            found = branch_id
    return found


def compute_sighash(
    tx: Transaction,
    index: int | None,
    script_code: bytes,
    amount: int,
    hash_type: int,
    branch_id: int,
) -> Hash32:
    """The hash that a signature for input `index` signs (None: for the shielded part).

    `amount` (zat) and `branch_id` count from version 3 on. `hash_type` is the 32-bit number; in
    scripts it is one byte. Raises `SighashUndefined`.
    """
    if index is not None and not 0 <= index < len(tx.inputs):
        raise SighashUndefined(f"there is no input {index}")
    if tx.overwintered:
        return _overwinter(tx, index, script_code, amount, hash_type, branch_id)
    return _sprout(tx, index, script_code, hash_type)


def _overwinter(
    tx: Transaction,
    index: int | None,
    script_code: bytes,
    amount: int,
    hash_type: int,
    branch_id: int,
) -> Hash32:
    anyone = hash_type & ANYONE_CAN_PAY
    base = hash_type & 0x1F
    partial = base in (SINGLE, NONE)
    parts = [
        encode_version_word(tx),
        tx.group_id.to_bytes(4, "little"),
        ZERO_HASH if anyone else _prevouts(tx),
        ZERO_HASH if anyone or partial else _sequences(tx),
        _outputs(tx, index, base),
        _joinsplits(tx),
    ]
    if tx.version == 4:
        parts += (_shielded_spends(tx), _shielded_outputs(tx))
    parts += (tx.lock_time.to_bytes(4, "little"), tx.expiry_height.to_bytes(4, "little"))
    if tx.version == 4:
        parts.append(tx.value_balance.to_bytes(8, "little", signed=True))
    parts.append((hash_type & 0xFFFF_FFFF).to_bytes(4, "little"))
    if index is not None:
        item = tx.inputs[index]
        parts += (
            encode_outpoint(item),
            write_compact(len(script_code)),
            script_code,
            amount.to_bytes(8, "little", signed=True),
            item.sequence.to_bytes(4, "little"),
        )
    return blake2b_256(b"".join(parts), b"ZcashSigHash" + branch_id.to_bytes(4, "little"))


def _prevouts(tx: Transaction) -> bytes:
    return _cached(tx, "prevouts", b"ZcashPrevoutHash")


def _sequences(tx: Transaction) -> bytes:
    return _cached(tx, "sequences", b"ZcashSequencHash")


def _outputs(tx: Transaction, index: int | None, base: int) -> bytes:
    if base not in (SINGLE, NONE):
        return _cached(tx, "outputs", b"ZcashOutputsHash")
    if base == SINGLE and index is not None and index < len(tx.outputs):
        return blake2b_256(encode_output(tx.outputs[index]), b"ZcashOutputsHash")
    return ZERO_HASH


def _joinsplits(tx: Transaction) -> bytes:
    return _cached(tx, "joinsplits", b"ZcashJSplitsHash") if tx.joinsplits else ZERO_HASH


def _shielded_spends(tx: Transaction) -> bytes:
    return _cached(tx, "spends", b"ZcashSSpendsHash") if tx.shielded_spends else ZERO_HASH


def _shielded_outputs(tx: Transaction) -> bytes:
    return _cached(tx, "shielded", b"ZcashSOutputHash") if tx.shielded_outputs else ZERO_HASH


def _cached(tx: Transaction, part: str, person: bytes) -> bytes:
    """The hash of one part of an immutable transaction, kept beside it.

    Without this a transaction with many inputs would cost the square of their number.
    """
    key = f"_sighash_{part}"
    known = tx.__dict__.get(key)
    if known is None:
        known = tx.__dict__[key] = blake2b_256(_encode_part(tx, part), person)
    return bytes(known)


def _encode_part(tx: Transaction, part: str) -> bytes:
    if part == "prevouts":
        return b"".join(map(encode_outpoint, tx.inputs))
    if part == "sequences":
        return b"".join(item.sequence.to_bytes(4, "little") for item in tx.inputs)
    if part == "outputs":
        return b"".join(map(encode_output, tx.outputs))
    if part == "joinsplits":
        return b"".join(tx.joinsplits) + tx.joinsplit_key
    if part == "spends":
        return b"".join(spend[:_SPEND_SIGNED_BYTES] for spend in tx.shielded_spends)
    return b"".join(tx.shielded_outputs)


def _sprout(tx: Transaction, index: int | None, script_code: bytes, hash_type: int) -> Hash32:
    base = hash_type & 0x1F
    if base == SINGLE and (index is None or index >= len(tx.outputs)):
        raise SighashUndefined("SINGLE without a matching output")
    if index is None and hash_type & ANYONE_CAN_PAY:
        raise SighashUndefined("ANYONECANPAY without an input")
    if hash_type & ANYONE_CAN_PAY and index is not None:
        inputs = [_sprout_input(tx.inputs[index], script_code, None)]
    else:
        partial = base in (SINGLE, NONE)
        inputs = [
            _sprout_input(item, script_code, None)
            if position == index
            else _sprout_input(item, b"", 0 if partial else None)
            for position, item in enumerate(tx.inputs)
        ]
    outputs = [encode_output(output) for output in tx.outputs]
    if base == NONE:
        outputs = []
    elif base == SINGLE and index is not None:
        outputs = [_BLANK_OUTPUT] * index + [outputs[index]]
    joinsplits = encode_joinsplits(tx, bytes(64)) if tx.version >= 2 else b""
    preimage = b"".join(
        (
            encode_version_word(tx),
            write_compact(len(inputs)),
            *inputs,
            write_compact(len(outputs)),
            *outputs,
            tx.lock_time.to_bytes(4, "little"),
            joinsplits,
            (hash_type & 0xFFFF_FFFF).to_bytes(4, "little"),
        )
    )
    return sha256d(preimage)


_BLANK_OUTPUT = b"\xff" * 8 + b"\0"


def _sprout_input(item: TxIn, script: bytes, sequence: int | None) -> bytes:
    number = item.sequence if sequence is None else sequence
    head = encode_outpoint(item) + write_compact(len(script)) + script
    return head + number.to_bytes(4, "little")
