"""Scripts as text, as the real node writes them (`asm`)."""

from btczs.l1.script.encoding import is_der_signature
from btczs.l1.script.opcodes import BadScript, Op, read_op

_HASH_TYPES = {1: "ALL", 2: "NONE", 3: "SINGLE"}
_HASH_TYPES |= {0x80 | number: f"{name}|ANYONECANPAY" for number, name in _HASH_TYPES.items()}

_NAMES = {int(op): op.name for op in Op}
_NAMES[Op.OP_1NEGATE] = "-1"
_NAMES |= {number: str(number - Op.OP_1 + 1) for number in range(Op.OP_1, Op.OP_16 + 1)}
# The real node has no names of their own for the two opcodes that soft forks gave a meaning.
_NAMES[Op.OP_CHECKLOCKTIMEVERIFY] = "OP_NOP2"
_NAMES[Op.OP_CHECKSEQUENCEVERIFY] = "OP_NOP3"

_SHORT_PUSH_BYTES_MAX = 4


def script_to_asm(script: bytes, *, with_hash_types: bool = False) -> str:
    """Opcodes and pushed data separated by spaces; short pushes are shown as numbers.

    `with_hash_types` (for scriptSigs) shows the last byte of a signature as `[ALL]` and so on.
    """
    with_hash_types = with_hash_types and script[:1] != bytes((Op.OP_RETURN,))
    words = []
    offset = 0
    while offset < len(script):
        try:
            op, data, offset = read_op(script, offset)
        except BadScript:
            words.append("[error]")
            break
        if op > Op.OP_PUSHDATA4:
            words.append(_NAMES.get(op, "OP_UNKNOWN"))
        elif len(data) <= _SHORT_PUSH_BYTES_MAX:
            words.append(str(_decode_number(data)))
        elif with_hash_types and is_der_signature(data) and data[-1] in _HASH_TYPES:
            words.append(f"{data[:-1].hex()}[{_HASH_TYPES[data[-1]]}]")
        else:
            words.append(data.hex())
    return " ".join(words)


def _decode_number(data: bytes) -> int:
    if not data:
        return 0
    magnitude = int.from_bytes(data[:-1] + bytes((data[-1] & 0x7F,)), "little")
    return -magnitude if data[-1] & 0x80 else magnitude
