"""What a signature in a Bitcoin or Litecoin transaction signs: the original rule and BIP 143."""

from btczs.codec.compact import write_compact
from btczs.crypto.hashes import sha256d
from btczs.l1.bitcoin.transaction import Transaction
from btczs.l1.errors import SighashUndefined
from btczs.l1.parts import TxIn, encode_outpoint, encode_output
from btczs.l1.script.opcodes import BadScript, Op, read_op
from btczs.primitives import Hash32
from btczs.primitives.units import ZERO_HASH

ALL = 1
NONE = 2
SINGLE = 3
ANYONE_CAN_PAY = 0x80

ONE = Hash32(b"\x01" + bytes(31))
"""The original rule "signs" the number 1 for SINGLE without a matching output: consensus."""

_BLANK_OUTPUT = b"\xff" * 8 + b"\0"


def compute_legacy_sighash(
    tx: Transaction, index: int, script_code: bytes, hash_type: int
) -> Hash32:
    """Hash for an input without witness. OP_CODESEPARATORs are taken out of `script_code`."""
    _check_index(tx, index)
    base = hash_type & 0x1F
    if base == SINGLE and index >= len(tx.outputs):
        return ONE
    script_code = _without_separators(script_code)
    if hash_type & ANYONE_CAN_PAY:
        inputs = [_encode_input(tx.inputs[index], script_code, None)]
    else:
        others = 0 if base in (SINGLE, NONE) else None
        inputs = [
            _encode_input(item, script_code, None)
            if position == index
            else _encode_input(item, b"", others)
            for position, item in enumerate(tx.inputs)
        ]
    if base == NONE:
        outputs = []
    elif base == SINGLE:
        outputs = [_BLANK_OUTPUT] * index + [encode_output(tx.outputs[index])]
    else:
        outputs = [encode_output(output) for output in tx.outputs]
    preimage = b"".join(
        (
            tx.version.to_bytes(4, "little", signed=True),
            write_compact(len(inputs)),
            *inputs,
            write_compact(len(outputs)),
            *outputs,
            tx.lock_time.to_bytes(4, "little"),
            (hash_type & 0xFFFF_FFFF).to_bytes(4, "little"),
        )
    )
    return sha256d(preimage)


def compute_witness_sighash(
    tx: Transaction, index: int, script_code: bytes, amount: int, hash_type: int
) -> Hash32:
    """Hash for an input of witness version 0 (BIP 143), which commits to the amount spent."""
    _check_index(tx, index)
    base = hash_type & 0x1F
    anyone = hash_type & ANYONE_CAN_PAY
    partial = base in (SINGLE, NONE)
    item = tx.inputs[index]
    return sha256d(
        b"".join(
            (
                tx.version.to_bytes(4, "little", signed=True),
                ZERO_HASH if anyone else _cached(tx, "prevouts"),
                ZERO_HASH if anyone or partial else _cached(tx, "sequences"),
                encode_outpoint(item),
                write_compact(len(script_code)),
                script_code,
                amount.to_bytes(8, "little", signed=True),
                item.sequence.to_bytes(4, "little"),
                _outputs(tx, index, base),
                tx.lock_time.to_bytes(4, "little"),
                (hash_type & 0xFFFF_FFFF).to_bytes(4, "little"),
            )
        )
    )


def _outputs(tx: Transaction, index: int, base: int) -> bytes:
    if base not in (SINGLE, NONE):
        return _cached(tx, "outputs")
    if base == SINGLE and index < len(tx.outputs):
        return sha256d(encode_output(tx.outputs[index]))
    return ZERO_HASH


def _cached(tx: Transaction, part: str) -> bytes:
    """The hash of one part of an immutable transaction, kept beside it."""
    key = f"_sighash_{part}"
    known = tx.__dict__.get(key)
    if known is None:
        if part == "prevouts":
            data = b"".join(map(encode_outpoint, tx.inputs))
        elif part == "sequences":
            data = b"".join(item.sequence.to_bytes(4, "little") for item in tx.inputs)
        else:
            data = b"".join(map(encode_output, tx.outputs))
        known = tx.__dict__[key] = sha256d(data)
    return bytes(known)


def _check_index(tx: Transaction, index: int) -> None:
    if not 0 <= index < len(tx.inputs):
        raise SighashUndefined(f"there is no input {index}")


def _encode_input(item: TxIn, script: bytes, sequence: int | None) -> bytes:
    number = item.sequence if sequence is None else sequence
    head = encode_outpoint(item) + write_compact(len(script)) + script
    return head + number.to_bytes(4, "little")


def _without_separators(script: bytes) -> bytes:
    if Op.OP_CODESEPARATOR not in script:
        return script
    kept, offset = [], 0
    while offset < len(script):
        start = offset
        try:
            op, _, offset = read_op(script, offset)
        except BadScript:
            kept.append(script[start:])
            break
        if op != Op.OP_CODESEPARATOR:
            kept.append(script[start:offset])
    return b"".join(kept)
