"""The standard output scripts: writing them, and telling which one a script is."""

from typing import Literal

import msgspec

from btczs.l1.script.opcodes import BadScript, Op, read_ops
from btczs.primitives import Hash20, Hash32, InvalidInput

ScriptKind = Literal[
    "p2pkh", "p2sh", "p2wpkh", "p2wsh", "p2tr", "p2pk", "multisig", "op_return", "other"
]

MULTISIG_KEYS_MAX = 16
"""Small numbers have one-byte opcodes only up to 16."""


class ScriptClass(msgspec.Struct, frozen=True):
    """What a script is.

    `data` holds the hash (p2pkh, p2sh, p2w*), the x-only key (p2tr), the keys (p2pk, multisig) or
    the pushed bytes (op_return); `required` the number of signatures of a multisig.
    """

    kind: ScriptKind
    data: tuple[bytes, ...] = ()
    required: int = 0


def push(data: bytes) -> bytes:
    """The shortest push of `data` (BIP 62): the only one that relay policy accepts."""
    size = len(data)
    if size == 0:
        return b"\x00"
    if size == 1 and 1 <= data[0] <= 16:
        return bytes((Op.OP_1 - 1 + data[0],))
    if data == b"\x81":
        return bytes((Op.OP_1NEGATE,))
    if size <= 75:
        return bytes((size,)) + data
    if size <= 0xFF:
        return bytes((Op.OP_PUSHDATA1, size)) + data
    if size <= 0xFFFF:
        return bytes((Op.OP_PUSHDATA2,)) + size.to_bytes(2, "little") + data
    return bytes((Op.OP_PUSHDATA4,)) + size.to_bytes(4, "little") + data


def encode_number(value: int) -> bytes:
    """A number as script stack bytes: little-endian, the top bit of the last byte is the sign."""
    if value == 0:
        return b""
    size = (abs(value).bit_length() + 8) // 8
    raw = bytearray(abs(value).to_bytes(size, "little"))
    if value < 0:
        raw[-1] |= 0x80
    return bytes(raw)


def push_number(value: int) -> bytes:
    """The shortest push of a number, such as the height in a coinbase (BIP 34)."""
    return push(encode_number(value))


def p2pkh(hash20: Hash20) -> bytes:
    return b"\x76\xa9\x14" + _sized(hash20, 20) + b"\x88\xac"


def p2sh(hash20: Hash20) -> bytes:
    return b"\xa9\x14" + _sized(hash20, 20) + b"\x87"


def p2wpkh(hash20: Hash20) -> bytes:
    return b"\x00\x14" + _sized(hash20, 20)


def p2wsh(hash32: Hash32) -> bytes:
    return b"\x00\x20" + _sized(hash32, 32)


def p2tr(key_x: bytes) -> bytes:
    return b"\x51\x20" + _sized(key_x, 32)


def op_return(data: bytes) -> bytes:
    """An output that carries `data` and that nobody can spend (relayed up to 80 bytes)."""
    # Not `push`: a one-byte payload stays a plain push, as the nodes write it.
    if 1 <= len(data) <= 75:
        return bytes((Op.OP_RETURN, len(data))) + data
    return bytes((Op.OP_RETURN,)) + push(data)


def multisig(required: int, keys: list[bytes] | tuple[bytes, ...]) -> bytes:
    """`required` signatures out of `keys` (33 or 65 bytes each), at most 16 keys."""
    if not 1 <= required <= len(keys) <= MULTISIG_KEYS_MAX:
        raise InvalidInput(f"a multisig of {required} of {len(keys)} is not possible (1 to 16)")
    if any(len(key) not in (33, 65) for key in keys):
        raise InvalidInput("a public key has 33 or 65 bytes")
    body = b"".join(map(push, keys))
    return bytes((Op.OP_1 - 1 + required,)) + body + bytes((Op.OP_1 - 1 + len(keys), 0xAE))


def is_p2sh(script: bytes) -> bool:
    return len(script) == 23 and script.startswith(b"\xa9\x14") and script[22] == 0x87


def get_witness_program(script: bytes) -> tuple[int, bytes] | None:
    """(version, program) if the script is a witness program of BIP 141, whatever the version."""
    if not 4 <= len(script) <= 42 or script[1] != len(script) - 2:
        return None
    op = script[0]
    if op == 0:
        return 0, script[2:]
    return (op - 0x50, script[2:]) if Op.OP_1 <= op <= Op.OP_16 else None


def classify(script: bytes) -> ScriptClass:
    """Which standard script this is. Never raises: everything else is `other`."""
    size = len(script)
    if size == 25 and script.startswith(b"\x76\xa9\x14") and script.endswith(b"\x88\xac"):
        return ScriptClass("p2pkh", (script[3:23],))
    if is_p2sh(script):
        return ScriptClass("p2sh", (script[2:22],))
    if size == 22 and script.startswith(b"\x00\x14"):
        return ScriptClass("p2wpkh", (script[2:],))
    if size == 34 and script.startswith(b"\x00\x20"):
        return ScriptClass("p2wsh", (script[2:],))
    if size == 34 and script.startswith(b"\x51\x20"):
        return ScriptClass("p2tr", (script[2:],))
    if size > 0 and script[0] == Op.OP_RETURN:
        return _classify_op_return(script)
    if size in (35, 67) and script[-1] == Op.OP_CHECKSIG and script[0] == size - 2:
        return ScriptClass("p2pk", (script[1:-1],))
    if size >= 37 and script[-1] == Op.OP_CHECKMULTISIG:
        return _classify_multisig(script)
    return ScriptClass("other")


def _classify_op_return(script: bytes) -> ScriptClass:
    try:
        ops = list(read_ops(script[1:]))
    except BadScript:
        return ScriptClass("other")
    if any(op > Op.OP_16 for op, _ in ops):
        return ScriptClass("other")
    return ScriptClass("op_return", tuple(_pushed(op, data) for op, data in ops))


def _pushed(op: int, data: bytes) -> bytes:
    if op == Op.OP_1NEGATE:
        return b"\x81"
    return encode_number(op - Op.OP_1 + 1) if op >= Op.OP_1 else data


def _classify_multisig(script: bytes) -> ScriptClass:
    try:
        ops = list(read_ops(script))
    except BadScript:
        return ScriptClass("other")
    required, total = ops[0][0] - Op.OP_1 + 1, ops[-2][0] - Op.OP_1 + 1
    keys = tuple(data for _, data in ops[1:-2])
    fits = 1 <= required <= total <= MULTISIG_KEYS_MAX and len(keys) == total
    if not fits or any(len(key) not in (33, 65) for key in keys):
        return ScriptClass("other")
    return ScriptClass("multisig", keys, required)


def _sized(data: bytes, size: int) -> bytes:
    if len(data) != size:
        raise InvalidInput(f"{size} bytes are needed here, not {len(data)}")
    return data
