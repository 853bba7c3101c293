"""State: data variables and maps, read and written as bytes; events; keyword variables."""

from collections.abc import Sequence

from btczs.codec.clarity.types import BOOL, PRINCIPAL, UINT, ValueType, optional_type
from btczs.vm.clarity.compiler.emitter import MEMORY
from btczs.vm.clarity.compiler.encodings import decoder, fixed_size
from btczs.vm.clarity.compiler.function import KEYWORDS, FunctionCompiler, Keyword, lowering
from btczs.vm.clarity.compiler.operand import Operand, encoded_size_max
from btczs.vm.clarity.compiler.shapes import Unsupported, is_wrapped
from btczs.vm.clarity.compiler.tagging import tagger
from btczs.vm.clarity.reader.syntax import Atom, Expr, Form
from btczs.vm.clarity.runtime import keys

_TRUE = Operand("True", BOOL, atomic=True)


def _name(args: Sequence[Expr], count: int) -> str:
    """The variable or map that the first of `count` arguments names."""
    if len(args) != count:
        raise Unsupported("a number of arguments that analysis lets pass")
    assert isinstance(args[0], Atom)
    return args[0].name


# --- data variables ---------------------------------------------------------------------------


@lowering("var-get")
def _var_get(fc: FunctionCompiler, _form: Form, args: Sequence[Expr]) -> Operand:
    name = _name(args, 1)
    type_ = fc.unit.contract.data_vars[name]
    key = fc.unit.name_of(_var_key(fc, name), "key")
    raw = fc.bind(f"x.get({key})", type_)
    fc.out.charge_code("fetch_var", f"len({raw.code})", encoded_size_max(type_))
    return fc.atom(decoded(fc, raw.code, type_))


def _var_key(fc: FunctionCompiler, name: str) -> bytes:
    keys_of = fc.unit.keys
    if name not in keys_of:
        keys_of[name] = keys.var_key(fc.unit.contract.id, name)
    return keys_of[name]


def decoded(fc: FunctionCompiler, raw: str, type_: ValueType) -> Operand:
    """The value that the bytes called `raw` encode: an expression to be evaluated once."""
    kind = type_.kind
    if kind == "uint":
        return Operand(f"from_bytes({raw}) - {1 << 128}", type_)
    if kind == "bool":
        return Operand(f"({raw} == b'\\x03')", type_)
    if kind == "principal":
        return Operand(raw, type_, atomic=True)
    if kind in ("buff", "string-ascii"):
        return Operand(f"{raw}[5:]", type_)
    return Operand(f"{fc.helper(decoder, type_)}({raw})", type_)


@lowering("var-set")
def _var_set(fc: FunctionCompiler, _form: Form, args: Sequence[Expr]) -> Operand:
    name = _name(args, 2)
    type_ = fc.unit.contract.data_vars[name]
    value = fc.fit(fc.value(args[1]), type_)
    raw = fc.bind(fc.encoded(value), type_)
    key = fc.unit.name_of(_var_key(fc, name), "key")
    fc.out.emit(f"x.put({key}, {raw.code})")
    _charge_write(fc, "set_var", _value_size(raw), encoded_size_max(type_))
    return _TRUE


def _charge_write(fc: FunctionCompiler, cost: str, size: str, size_max: int) -> None:
    """Charges a write, and the memory that it keeps until the transaction ends."""
    fc.out.charge_code(cost, size, size_max)
    fc.out.add_term(MEMORY, size)
    if fc.out.blocks or fc.out.keeps_memory:
        fc.out.settle_terms((MEMORY,))
        fc.out.emit("if m.memory > x.memory_max: too_much_memory()")


# --- maps -------------------------------------------------------------------------------------


def _place(fc: FunctionCompiler, name: str, key: Operand) -> tuple[Operand, Operand]:
    """The encoded key of a map entry, and where the entry is kept."""
    key_type, _ = fc.unit.contract.maps[name]
    code = fc.encoded(fc.fit(key, key_type))
    encoded = fc.atom(Operand(code, key_type, atomic=key.atomic and code == key.code))
    known = fc.known.get(("place", name, encoded.code))
    if known is not None:
        return encoded, known
    table = keys.table_prefix(fc.unit.contract.id, keys.MAP, name)
    if encoded_size_max(key_type) <= keys.ID_BYTES_MAX:
        prefix = fc.unit.name_of(fc.unit.shared(table + keys.WHOLE), "table")
        return encoded, fc.remember(("place", name, encoded.code), f"{prefix} + {encoded.code}")
    whole = fc.unit.name_of(fc.unit.shared(table + keys.WHOLE), "table")
    prefix = fc.unit.name_of(fc.unit.shared(table), "table")
    short = f"{whole} + {encoded.code} if {fc.length(encoded)} <= {keys.ID_BYTES_MAX}"
    code = f"{short} else entry_key({prefix}, {encoded.code})"
    return encoded, fc.remember(("place", name, encoded.code), code)


@lowering("map-get?")
def _map_get(fc: FunctionCompiler, _form: Form, args: Sequence[Expr]) -> Operand:
    name = _name(args, 2)
    key_type, value_type = fc.unit.contract.maps[name]
    encoded, place = _place(fc, name, fc.lower(args[1]))
    raw = fc.bind(f"x.get({place.code})", value_type)
    size_max = encoded_size_max(key_type) + encoded_size_max(value_type) + 1
    key_size = _key_size(fc, encoded)
    size = fc.bind(f"{key_size} if {raw.code} is None else {key_size} + 1 + len({raw.code})", UINT)
    fc.out.charge_code("fetch_entry", size.code, size_max)
    inner = decoded(fc, raw.code, value_type)
    code = f"({inner.code},)" if is_wrapped(value_type) else inner.code
    return fc.bind(f"{code} if {raw.code} else None", optional_type(value_type))


def _key_size(fc: FunctionCompiler, encoded: Operand) -> str:
    size = fixed_size(encoded.type)
    return fc.length(encoded) if size is None else str(size)


@lowering("map-set")
def _map_set(fc: FunctionCompiler, _form: Form, args: Sequence[Expr]) -> Operand:
    encoded, place, raw, size_max = _entry(fc, args)
    fc.out.emit(f"x.put({place.code}, {raw.code})")
    size = f"{_key_size(fc, encoded)} + 1 + {_value_size(raw)}"
    _charge_write(fc, "set_entry", size, size_max)
    return _TRUE


@lowering("map-insert")
def _map_insert(fc: FunctionCompiler, _form: Form, args: Sequence[Expr]) -> Operand:
    encoded, place, raw, size_max = _entry(fc, args)
    inserted = fc.bind(f"not x.get({place.code})", BOOL)
    fc.out.emit(f"if {inserted.code}: x.put({place.code}, {raw.code})")
    key_size = _key_size(fc, encoded)
    size = fc.bind(f"{key_size} + 1 + {_value_size(raw)} if {inserted.code} else {key_size}", UINT)
    _charge_write(fc, "set_entry", size.code, size_max)
    return inserted


def _entry(fc: FunctionCompiler, args: Sequence[Expr]) -> tuple[Operand, Operand, Operand, int]:
    """Key, place and value of an entry that is written, and the most bytes it takes."""
    name = _name(args, 3)
    key_type, value_type = fc.unit.contract.maps[name]
    key = fc.lower(args[1])
    value = fc.lower(args[2])
    key, value = fc.own(key), fc.own(value)
    encoded, place = _place(fc, name, key)
    raw = fc.bind(fc.encoded(fc.fit(value, value_type)), value_type)
    return encoded, place, raw, encoded_size_max(key_type) + encoded_size_max(value_type) + 1


def _value_size(raw: Operand) -> str:
    """How many bytes an encoded value has."""
    size = fixed_size(raw.type)
    return f"len({raw.code})" if size is None else str(size)


@lowering("map-delete")
def _map_delete(fc: FunctionCompiler, _form: Form, args: Sequence[Expr]) -> Operand:
    name = _name(args, 2)
    key_type, _ = fc.unit.contract.maps[name]
    encoded, place = _place(fc, name, fc.lower(args[1]))
    deleted = fc.bind(f"x.get({place.code})", BOOL)
    fc.out.emit(f"if {deleted.code}: x.put({place.code}, b'')")
    key_size = _key_size(fc, encoded)
    size = fc.bind(f"{key_size} + 1 if {deleted.code} else {key_size}", UINT)
    _charge_write(fc, "set_entry", size.code, encoded_size_max(key_type) + 1)
    return fc.bind(f"not not {deleted.code}", BOOL)


# --- events -----------------------------------------------------------------------------------


@lowering("print")
def _print(fc: FunctionCompiler, _form: Form, args: Sequence[Expr]) -> Operand:
    value = fc.atom(fc.lower(args[0]))
    size = fc.bind(fc.size(value), UINT)
    fc.out.charge_code("print", size.code, value.type.size)
    value = fc.own(value)
    fc.out.emit(
        f"print_event(x, {fc.contract_name()}, {fc.helper(tagger, value.type)}, {value.code}, {size.code})"
    )
    return value


# --- keyword variables ------------------------------------------------------------------------

KEYWORDS.update(
    {
        "true": lambda _fc: _TRUE,
        "false": lambda _fc: Operand("False", BOOL, atomic=True),
        "tx-sender": lambda fc: Operand(fc.frame.sender, PRINCIPAL, atomic=True),
        "contract-caller": lambda fc: Operand(fc.frame.caller, PRINCIPAL, atomic=True),
        "tx-sponsor?": lambda _fc: Operand("x.sponsor", optional_type(PRINCIPAL)),
        "current-contract": lambda fc: Operand(
            fc.unit.name_of(fc.unit.self_raw, "self"), PRINCIPAL, atomic=True
        ),
        "is-in-regtest": lambda _fc: Operand("x.chain.is_regtest", BOOL),
        "is-in-mainnet": lambda _fc: Operand("x.chain.is_mainnet", BOOL),
        "chain-id": lambda _fc: Operand("x.chain.chain_id", UINT),
    }
)

_COSTED = {
    "block-height": "x.chain.tenure_height",
    "tenure-height": "x.chain.tenure_height",
    "stacks-block-height": "x.chain.block_height",
    "burn-block-height": "x.chain.l1_height",
    "stacks-block-time": "x.chain.block_time",
    "stx-liquid-supply": "x.execution.state.liquid_supply()",
}


def _costed(code: str) -> Keyword:
    def lower(fc: FunctionCompiler) -> Operand:
        fc.out.charge("fetch_var", 1)
        return fc.bind(code, UINT)

    return lower


KEYWORDS.update({name: _costed(code) for name, code in _COSTED.items()})
