"""`print`: an event for the world outside, and its argument as its value."""

from collections.abc import Sequence

from btczs.codec.clarity.values import Value
from btczs.vm.clarity.interpreter.environment import Environment
from btczs.vm.clarity.interpreter.natives.registry import special
from btczs.vm.clarity.reader.syntax import Expr
from btczs.vm.clarity.runtime.errors import BadSymbolicRepresentation
from btczs.vm.clarity.runtime.events import PrintEvent
from btczs.vm.clarity.types.typed import size_of


@special("print")
def print_(args: Sequence[Expr], env: Environment) -> Value:
    if not args:
        raise BadSymbolicRepresentation("print needs something to print")
    value, borrowed = env.eval_ref(args[0])
    size = size_of(value)
    env.charge("print", size)
    env.own(value, borrowed)
    env.emit(PrintEvent(env.contract.id, value), size)
    return value
