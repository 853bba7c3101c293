"""Natives that the interpreter runs for compiled code, on arguments that are evaluated here.

There is one definition of tokens, balances, signatures and questions about the chain, and what
they do dwarfs the way over tagged values. They charge the meter by themselves; where they charge
a constant before they look at their arguments, it is charged here instead, in its place. If one of
them stops the execution, the transaction starts again in the interpreter.
"""

from collections.abc import Sequence

from btczs.codec.clarity.errors import UntypedValue
from btczs.codec.clarity.types import PRINCIPAL, UINT, ValueType
from btczs.vm.clarity.compiler.function import LOWERINGS, FunctionCompiler, lowering
from btczs.vm.clarity.compiler.lower_numbers import charge_encoded
from btczs.vm.clarity.compiler.operand import Operand
from btczs.vm.clarity.compiler.shapes import Unsupported
from btczs.vm.clarity.compiler.tagging import untagger
from btczs.vm.clarity.costs import UNLIMITED, CostMeter
from btczs.vm.clarity.interpreter.natives import NATIVE_TABLE
from btczs.vm.clarity.interpreter.natives.registry import Native
from btczs.vm.clarity.reader.syntax import Atom, Expr, Form
from btczs.vm.clarity.runtime.consensus_buffers import serialized_sizes
from btczs.vm.clarity.runtime.typing import parse_type

EMPTY_COSTS_SINCE = 5
"""From this version on, decoding no bytes costs as decoding one."""

SPECIALS: dict[str, tuple[str | None, str]] = {
    "ft-get-balance": ("ft_balance", "nr"),
    "ft-get-supply": ("ft_get_supply", "n"),
    "ft-mint?": ("ft_mint", "nrr"),
    "ft-transfer?": ("ft_transfer", "nrrr"),
    "ft-burn?": ("ft_burn", "nrr"),
    "nft-get-owner?": (None, "nr"),
    "nft-mint?": (None, "nrr"),
    "nft-transfer?": (None, "nrrr"),
    "nft-burn?": ("nft_burn", "nrr"),
    "stx-get-balance": ("stx_balance", "r"),
    "stx-account": ("stx_account", "r"),
    "stx-transfer?": ("stx_transfer", "rrr"),
    "stx-transfer-memo?": ("stx_transfer_memo", "rrrr"),
    "stx-burn?": ("stx_transfer", "rr"),
    "is-standard": ("is_standard", "r"),
    "principal-destruct?": ("principal_destruct", "o"),
    "principal-construct?": ("principal_construct", "rrr"),
    "principal-of?": ("principal_of", "r"),
    "secp256k1-recover?": ("secp256k1recover", "rr"),
    "secp256k1-verify": ("secp256k1verify", "rrr"),
    "secp256r1-verify": ("secp256r1verify", "rrr"),
    "to-ascii?": (None, "r"),
    "contract-hash?": (None, "r"),
    "get-block-info?": ("block_info", "nr"),
    "get-stacks-block-info?": ("block_info", "nr"),
    "get-tenure-info?": ("block_info", "nr"),
    "get-burn-block-info?": ("burn_block_info", "nr"),
}
"""What each charges before it evaluates, and how it takes its arguments: as a name (n), perhaps
borrowed (r, and then it pays for what it keeps), or owned (o)."""


_LOOKED_AT: dict[tuple[str, int], str] = {
    ("secp256k1-recover?", 0): "len({0}) != 32",
    ("secp256k1-verify", 0): "len({0}) != 32",
    ("secp256k1-verify", 1): "len({0}) < 64 or len({0}) == 65 and {0}[64] > 3",
    ("secp256r1-verify", 0): "len({0}) != 32",
    ("secp256r1-verify", 1): "len({0}) < 64",
}
"""What decides before the next argument is evaluated: an abort, or `false` without the key."""


def _special(fc: FunctionCompiler, form: Form, args: Sequence[Expr]) -> Operand:
    native = form.items[0]
    assert isinstance(native, Atom)
    cost, modes = SPECIALS[native.name]
    if len(args) != len(modes) and (native.name, len(args)) != ("principal-construct?", 2):
        raise Unsupported("a number of arguments that analysis lets pass")
    if cost is not None:
        fc.out.charge(cost)
    exprs: list[str] = []
    for arg, mode in zip(args, modes):
        if mode == "n":
            exprs.append(fc.unit.name_of(arg, "name"))
            continue
        value = fc.atom(fc.lower(arg) if mode == "r" else fc.value(arg))
        odd = _LOOKED_AT.get((native.name, len(exprs)))
        if odd is not None:
            fc.out.emit(f"if {odd.format(value.code)}: needs_interpreter()")
        exprs.append(given(fc, value))
    return bridge(fc, native.name, exprs, fc.type_of(form), cost)


for _name in SPECIALS:
    lowering(_name)(_special)


def given(fc: FunctionCompiler, value: Operand) -> str:
    """An evaluated argument, as an expression that the interpreter evaluates again at no cost."""
    return f"given({fc.tagged(value)}, {value.borrowed})"


def bridge(
    fc: FunctionCompiler, native: str, exprs: Sequence[str], type_: ValueType, paid: str | None
) -> Operand:
    """Runs a special native on expressions; `paid` is a cost that it must not charge again."""
    function = fc.unit.name_of(NATIVE_TABLE[native].function, "native")
    untag = fc.helper(untagger, type_)
    where = f"x, {fc.contract_name()}, {fc.frame.sender}, {fc.frame.caller}"
    return fc.bind(
        f"{untag}(bridge({where}, {function}, {paid!r}, ({', '.join([*exprs, ''])})))", type_
    )


@lowering("replace-at?")
def _replace_at(fc: FunctionCompiler, form: Form, args: Sequence[Expr]) -> Operand:
    sequence = fc.atom(fc.lower(args[0]))
    fc.out.charge_code("replace_at", fc.size(sequence), sequence.type.size)
    exprs = [given(fc, sequence)]
    exprs += [given(fc, fc.atom(fc.lower(arg))) for arg in args[1:]]
    return bridge(fc, "replace-at?", exprs, fc.type_of(form), "replace_at")


@lowering("from-consensus-buff?")
def _from_consensus_buff(fc: FunctionCompiler, form: Form, args: Sequence[Expr]) -> Operand:
    meter = CostMeter(UNLIMITED)
    try:
        expected = parse_type(args[0], meter)
    except UntypedValue as error:
        raise Unsupported("a type that is none") from error
    fc.out.charge_total(meter.total())  # before the argument, which may stop the execution
    value = fc.atom(fc.lower(args[1]))
    length = fc.length(value)
    if fc.unit.version >= EMPTY_COSTS_SINCE:
        length = fc.bind(f"{length} or 1", UINT).code
    fc.out.charge_code("from_consensus_buff", length, max(value.type.length, 1))
    type_ = fc.type_of(form)
    code = f"consensus_value({value.code}, {fc.unit.name_of(expected, 'type')})"
    return fc.bind(f"{fc.helper(untagger, type_)}({code})", type_)


@lowering("contract-of")
def _contract_of(fc: FunctionCompiler, _form: Form, args: Sequence[Expr]) -> Operand:
    fc.out.charge("contract_of")
    assert isinstance(args[0], Atom)
    found = fc.find(args[0].name)
    if found is None or found.type.kind != "callable":
        raise Unsupported("contract-of something that is no trait parameter")
    fc.out.emit(f"check_contract(x, {found.code})")
    return Operand(found.code, PRINCIPAL, atomic=True)


def _plain(fc: FunctionCompiler, form: Form, args: Sequence[Expr]) -> Operand:
    """An ordinary native without a way of its own: values in, value out."""
    head = form.items[0] if form.items else None
    if not isinstance(head, Atom):
        raise Unsupported("a native without an expression of its own")
    native = NATIVE_TABLE[head.name]
    assert native.cost is not None
    values = fc.arguments(args)
    if native.input is None:
        values = [fc.atom(value) for value in values]
        fc.out.charge(native.cost.name, len(values))
    elif native.input is serialized_sizes:
        values = charge_encoded(fc, native.cost.name, values)
    else:
        values = [fc.atom(value) for value in values]
        tagged = ", ".join([fc.tagged(value) for value in values] + [""])
        size = fc.bind(f"{fc.unit.name_of(native.input, 'input')}(({tagged}))", values[0].type)
        fc.out.charge_code(native.cost.name, size.code, sum(v.type.size for v in values))
    function = fc.unit.name_of(native.function, "native")
    tagged = ", ".join(fc.tagged(value) for value in values)
    type_ = fc.type_of(form)
    return fc.bind(f"{fc.helper(untagger, type_)}(plain({function}, [{tagged}]))", type_)


def _is_plain(native: Native) -> bool:
    return not native.special and not native.env


def fill_up() -> None:
    """Gives every ordinary native without a lowering the plain one."""
    for name, native in NATIVE_TABLE.items():
        if name not in LOWERINGS and _is_plain(native):
            LOWERINGS[name] = _plain


SHORT_BYTES = 200
"""Up to here the interpreter's own SHA-256 is faster than the one of OpenSSL."""

_HASHES = {
    "hash160": ("hash160", "hash160"),
    "sha256": ("sha256", "sha256"),
    "sha512": ("sha512", "sha512"),
    "sha512/256": ("sha512t256", "sha512_256"),
    "keccak256": ("keccak256", "keccak256"),
}


def _hash(fc: FunctionCompiler, form: Form, args: Sequence[Expr]) -> Operand:
    head = form.items[0] if form.items else None
    if not isinstance(head, Atom):
        raise Unsupported("a hash function as a step")
    cost, function = _HASHES[head.name]
    (value,) = charge_encoded(fc, cost, fc.arguments(args))
    code = value.code
    if value.type.kind in ("int", "uint"):
        code = f"hashed_bytes({code})"
    elif value.type.kind != "buff":
        raise Unsupported("hashing something else")
    if function == "sha256" and value.type.length <= SHORT_BYTES:
        return fc.bind(f"sha256_short({code}).digest()", fc.type_of(form))
    return fc.bind(f"{function}({code})", fc.type_of(form))


for _name in _HASHES:
    lowering(_name)(_hash)
