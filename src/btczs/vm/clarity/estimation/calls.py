"""`contract-call?`: into another contract, where it is known which one."""

from collections.abc import Sequence

from btczs.codec.clarity.principals import principal_text
from btczs.vm.clarity.estimation.ranges import Path, charge
from btczs.vm.clarity.estimation.shapes import Shape
from btczs.vm.clarity.estimation.walker import (
    Node,
    OpenCall,
    Place,
    Walker,
    Word,
    application,
)
from btczs.vm.clarity.reader.syntax import Atom, Expr, Literal


def _contract_call(
    walker: Walker, path: Path, args: Sequence[Node], place: Place, at: Expr
) -> Shape:
    """Of a call that is open, only what comes before the body of the function is counted."""
    path.pay(charge("contract_call"))
    reference, name, *values = args
    assert isinstance(name, Atom), "analysis has seen to it"
    assert isinstance(reference, Atom | Literal), "analysis has seen to it"
    shapes = [walker.through(path, value, place) for value in values]
    target = walker.analysis.types[reference.id].contract
    called = None if target is None else walker.callees.find(target, name.name)
    if called is not None:
        path.pay(called.load)
        walker.call(path, called.function, shapes)
        return called.function.returns
    path.pay(charge("load_contract", 1))
    path.pay(application(len(shapes), shapes))
    caller = principal_text(walker.analysis.contract)
    walker.open_calls[OpenCall(caller, name.name, at.span)] = None
    return walker.static(at)


CALL_WORDS: dict[str, Word] = {"contract-call?": _contract_call}
