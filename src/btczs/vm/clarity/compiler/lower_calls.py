"""Calls of other contracts, and acting as the contract itself."""

from collections.abc import Sequence

import msgspec

from btczs.codec.clarity.principals import encode_principal
from btczs.codec.clarity.types import ValueType
from btczs.codec.clarity.values import ContractPrincipal
from btczs.vm.clarity.compiler.function import FunctionCompiler, lowering
from btczs.vm.clarity.compiler.operand import PLAIN, Operand
from btczs.vm.clarity.compiler.shapes import Unsupported, can_be_loose, refresher
from btczs.vm.clarity.reader.syntax import Atom, Expr, Form, Literal


@lowering("contract-call?")
def _contract_call(fc: FunctionCompiler, form: Form, args: Sequence[Expr]) -> Operand:
    fc.out.charge("contract_call")
    values = [fc.atom(fc.value(arg)) for arg in args[2:]]
    assert isinstance(args[1], Atom)
    target, trait = _target(fc, args[0])
    sizes, sent = [], []
    for value in values:
        if can_be_loose(value.type):
            # On the way, lists and tuples take the type of their contents; then they are measured.
            value = msgspec.structs.replace(fc.bind(fc.refreshed(value), value.type), plain=PLAIN)
        sizes.append(fc.size(value))
        sent.append(value.code)
    fc.out.flush()
    type_ = fc.type_of(form)
    me = fc.unit.name_of(fc.unit.self_raw, "self")
    name = fc.unit.name_of(args[1].name, "word")
    kinds = "".join([_kind(value.type) for value in values])
    promise = "None" if trait == "None" else fc.unit.name_of(type_, "type")
    where = f"x, {target}, {name}, {trait}, {promise}, {me}, {fc.frame.sender}, {fc.frame.depth}"
    code = f"call_contract({where}, ({', '.join([*sizes, ''])}), {kinds!r}, ({', '.join([*sent, ''])}))"
    if can_be_loose(type_):
        code = f"{fc.helper(refresher, type_)}({code})"
    return fc.bind(code, type_)


def _kind(type_: ValueType) -> str:
    """What the called function must know of an argument: `t` a contract known by a trait, `l` one
    that is named in the source, `.` anything else."""
    if type_.kind != "callable":
        return "."
    return "l" if type_.trait is None else "t"


def _target(fc: FunctionCompiler, reference: Expr) -> tuple[str, str]:
    """The called contract as bytes, and the trait it is called through (`None`)."""
    if isinstance(reference, Literal) and isinstance(reference.value, ContractPrincipal):
        raw = fc.unit.shared(encode_principal(reference.value))
        return fc.unit.name_of(raw, "target"), "None"
    if not isinstance(reference, Atom):
        raise Unsupported("a call of something that is no contract")
    constant = fc.unit.constant(reference.name)
    if constant is not None and fc.unit.version >= 2:
        return fc.unit.name_of(constant[0], "target"), "None"
    found = fc.find(reference.name)
    if found is None or found.type.kind != "callable":
        raise Unsupported("a call of something that is no contract")
    if found.type.trait is None:
        return found.code, "None"
    return found.code, fc.unit.name_of(found.type.trait, "trait")


@lowering("as-contract")
def _as_contract(fc: FunctionCompiler, _form: Form, args: Sequence[Expr]) -> Operand:
    fc.out.charge("as_contract")
    fc.memory += 1
    frame, me = fc.frame, fc.unit.name_of(fc.unit.self_raw, "self")
    before = frame.sender, frame.caller
    frame.sender = frame.caller = me
    result = fc.lower(args[0])
    frame.sender, frame.caller = before
    return msgspec.structs.replace(fc.own(result), borrowed=False)
