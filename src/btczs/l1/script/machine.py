"""The stack machine: execution of one script, bounded in size, operations and stack."""

from collections.abc import Callable

from btczs.l1.script.checker import InputChecker
from btczs.l1.script.encoding import decode_number
from btczs.l1.script.errors import Reason, ScriptFailed
from btczs.l1.script.flags import Flag
from btczs.l1.script.opcodes import DISABLED, BadScript, Op, read_op
from btczs.l1.script.templates import encode_number, push

SCRIPT_BYTES_MAX = 10_000
ITEM_BYTES_MAX = 520
OPERATIONS_MAX = 201
STACK_ITEMS_MAX = 1_000

TRUE = b"\x01"
FALSE = b""

_CONDITIONALS = frozenset(range(Op.OP_IF, Op.OP_ENDIF + 1))
"""These act where nothing else is executed; the two reserved ones among them always fail."""


class Machine:
    """State of one execution. Operations are functions that take the machine and change it."""

    def __init__(
        self,
        script: bytes,
        stack: list[bytes],
        flags: Flag,
        checker: InputChecker,
        *,
        witness: bool = False,
    ) -> None:
        self.script = script
        self.stack = stack
        self.altstack: list[bytes] = []
        self.flags = flags
        self.checker = checker
        self.witness = witness
        self.branches: list[bool] = []
        """For each open OP_IF, whether its current branch is executed."""
        self.operations = 0
        self.code_start = 0
        """Signatures cover the script from here: after the last OP_CODESEPARATOR."""
        self.offset = 0
        self.minimal = bool(flags & Flag.MINIMALDATA)

    def need(self, count: int) -> list[bytes]:
        """The stack, if it has `count` items. Raises `ScriptFailed`."""
        if len(self.stack) < count:
            raise ScriptFailed(Reason.INVALID_STACK_OPERATION)
        return self.stack

    def number(self, item: bytes) -> int:
        return decode_number(item, minimal=self.minimal)

    def push_number(self, value: int) -> None:
        self.stack.append(encode_number(value))

    def push_bool(self, value: bool) -> None:
        self.stack.append(TRUE if value else FALSE)

    def count_operations(self, count: int) -> None:
        self.operations += count
        if self.operations > OPERATIONS_MAX:
            raise ScriptFailed(Reason.OP_COUNT)


Operation = Callable[[Machine], None]


def execute(machine: Machine, operations: dict[int, Operation]) -> None:
    """Runs the script to its end. Raises `ScriptFailed`; the result is `machine.stack`."""
    script, stack = machine.script, machine.stack
    size = len(script)
    if size > SCRIPT_BYTES_MAX:
        raise ScriptFailed(Reason.SCRIPT_SIZE)
    while machine.offset < size:
        try:
            op, data, machine.offset = read_op(script, machine.offset)
        except BadScript as error:
            raise ScriptFailed(Reason.BAD_OPCODE) from error
        if len(data) > ITEM_BYTES_MAX:
            raise ScriptFailed(Reason.PUSH_SIZE)
        if op > Op.OP_16:
            machine.count_operations(1)
            _verify_enabled(machine, op)
        executes = all(machine.branches)
        if op <= Op.OP_PUSHDATA4:
            if executes:
                if machine.minimal and not _is_minimal_push(op, data):
                    raise ScriptFailed(Reason.MINIMALDATA)
                stack.append(data)
        elif executes or op in _CONDITIONALS:
            operation = operations.get(op)
            if operation is None:
                raise ScriptFailed(Reason.BAD_OPCODE)
            operation(machine)
        if len(stack) + len(machine.altstack) > STACK_ITEMS_MAX:
            raise ScriptFailed(Reason.STACK_SIZE)
    if machine.branches:
        raise ScriptFailed(Reason.UNBALANCED_CONDITIONAL)


def _verify_enabled(machine: Machine, op: int) -> None:
    """Some opcodes fail a script even where they are not executed."""
    if op in DISABLED:
        raise ScriptFailed(Reason.DISABLED_OPCODE)
    if op == Op.OP_CODESEPARATOR:
        if machine.flags & Flag.NO_CODESEPARATOR:
            raise ScriptFailed(Reason.DISABLED_OPCODE)
        if machine.flags & Flag.CONST_SCRIPTCODE and not machine.witness:
            raise ScriptFailed(Reason.OP_CODESEPARATOR)


def _is_minimal_push(op: int, data: bytes) -> bool:
    shortest = push(data)
    return op == shortest[0] if len(data) <= 0xFFFF else True
