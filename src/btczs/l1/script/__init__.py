"""Bitcoin's script language: opcodes, the standard scripts, and the interpreter.

`templates` writes and recognises the standard output scripts. `interpreter.verify_input` decides
whether an input may spend an output at a height: consensus rules, with `policy=True` those of
relay too; a refusal is a `ScriptFailed` that carries the `Reason` nodes give. The rules of each
chain and height are the flags of `flags`; on BitcoinZ they are those of Bitcoin Core 0.11 (P2SH
and CHECKLOCKTIMEVERIFY, no CHECKSEQUENCEVERIFY, OP_CODESEPARATOR disabled).

Invariant: execution is bounded. Scripts have at most 10,000 bytes and 201 counted operations,
stacks 1,000 items of at most 520 bytes; there are no loops.

Inside: `opcodes` (splitting scripts), `machine` (the loop), `operations` and `signatures` (one
function per opcode), `checker` (what scripts ask about their transaction), `encoding` (numbers,
signatures, keys).
"""

from btczs.l1.script.errors import Reason, ScriptFailed, UnsupportedScript
from btczs.l1.script.opcodes import Op, is_push_only, read_ops
from btczs.l1.script.templates import (
    ScriptClass,
    classify,
    multisig,
    op_return,
    p2pkh,
    p2sh,
    push,
    push_number,
)

__all__ = [
    "Op",
    "Reason",
    "ScriptClass",
    "ScriptFailed",
    "UnsupportedScript",
    "classify",
    "is_push_only",
    "multisig",
    "op_return",
    "p2pkh",
    "p2sh",
    "push",
    "push_number",
    "read_ops",
]
