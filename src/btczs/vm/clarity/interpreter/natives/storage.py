"""Data variables and maps: `var-get`, `var-set`, `map-get?`, `map-set` and the like.

What is paid for is the encoded size of what was read or written, key included. Where the types do
not fit, the largest size they could have is paid before the error is told.
"""

from collections.abc import Sequence

from btczs.codec.clarity.errors import UntypedValue
from btczs.codec.clarity.types import ValueType, optional_type
from btczs.codec.clarity.values import NONE, BoolValue, SomeValue, Value, encode_value
from btczs.vm.clarity.errors import ClarityError
from btczs.vm.clarity.interpreter.environment import Environment
from btczs.vm.clarity.interpreter.natives.arguments import admission_error, name_argument
from btczs.vm.clarity.interpreter.natives.registry import special
from btczs.vm.clarity.reader.syntax import Expr
from btczs.vm.clarity.runtime import storage
from btczs.vm.clarity.runtime.consensus_buffers import decode_typed
from btczs.vm.clarity.runtime.errors import Unreachable, check_argument_count
from btczs.vm.clarity.runtime.typing import as_runtime_error

TRUE = BoolValue(True)


@special("var-get")
def var_get(args: Sequence[Expr], env: Environment) -> Value:
    check_argument_count(1, args)
    name = name_argument(args[0])
    value_type = _variable_type(env, name)
    raw = storage.get_var(env.state, env.contract.id, name)
    env.charge("fetch_var", storage.NONE_BYTES if raw is None else len(raw))
    return NONE if raw is None else decode_typed(raw, value_type)


@special("var-set")
def var_set(args: Sequence[Expr], env: Environment) -> Value:
    _check_writable(env)
    check_argument_count(2, args)
    value, borrowed = env.eval_ref(args[1])
    name = name_argument(args[0])
    value_type = _variable_type(env, name)
    env.own(value, borrowed)
    error = admission_error(value_type, value)
    if error is not None:
        _pay_write(env, "set_var", value_type.size)
        raise error
    raw = encode_value(value)
    storage.put_var(env.state, env.contract.id, name, raw)
    _pay_write(env, "set_var", len(raw))
    return TRUE


@special("map-get?")
def map_get(args: Sequence[Expr], env: Environment) -> Value:
    check_argument_count(2, args)
    name = name_argument(args[0])
    key, _ = env.eval_ref(args[1])
    key_type, value_type = _map_types(env, name)
    error = admission_error(key_type, key) or _entry_error(value_type)
    if error is not None:
        env.charge("fetch_entry", key_type.size + value_type.size)
        raise error
    raw, size = storage.get_entry(env.state, env.contract.id, name, encode_value(key))
    env.charge("fetch_entry", size)
    return NONE if raw is None else SomeValue(decode_typed(raw, value_type))


@special("map-set")
def map_set(args: Sequence[Expr], env: Environment) -> Value:
    name, key, value = _entry_arguments(args, env)
    size = storage.put_entry(env.state, env.contract.id, name, key, value)
    _pay_write(env, "set_entry", size)
    return TRUE


@special("map-insert")
def map_insert(args: Sequence[Expr], env: Environment) -> Value:
    name, key, value = _entry_arguments(args, env)
    was_free, size = storage.insert_entry(env.state, env.contract.id, name, key, value)
    _pay_write(env, "set_entry", size)
    return BoolValue(was_free)


@special("map-delete")
def map_delete(args: Sequence[Expr], env: Environment) -> Value:
    _check_writable(env)
    check_argument_count(2, args)
    key, _ = env.eval_ref(args[1])
    name = name_argument(args[0])
    key_type, value_type = _map_types(env, name)
    error = admission_error(key_type, key) or _entry_error(value_type)
    if error is not None:
        _pay_write(env, "set_entry", key_type.size)
        raise error
    was_there, size = storage.delete_entry(env.state, env.contract.id, name, encode_value(key))
    _pay_write(env, "set_entry", size)
    return BoolValue(was_there)


def _entry_arguments(args: Sequence[Expr], env: Environment) -> tuple[str, bytes, bytes]:
    """Evaluates `name key value`: the name, and key and value encoded."""
    _check_writable(env)
    check_argument_count(3, args)
    key, key_borrowed = env.eval_ref(args[1])
    value, value_borrowed = env.eval_ref(args[2])
    name = name_argument(args[0])
    key_type, value_type = _map_types(env, name)
    env.own(key, key_borrowed)
    env.own(value, value_borrowed)
    error = (
        admission_error(key_type, key)
        or admission_error(value_type, value)
        or _entry_error(value_type)
    )
    if error is not None:
        _pay_write(env, "set_entry", key_type.size + value_type.size)
        raise error
    return name, encode_value(key), encode_value(value)


def _entry_error(value_type: ValueType) -> ClarityError | None:
    """An entry is an optional, which can be more than a value may be."""
    try:
        optional_type(value_type)
    except UntypedValue as error:
        return as_runtime_error(error)
    return None


def _pay_write(env: Environment, cost: str, size: int) -> None:
    env.charge(cost, size)
    env.meter.add_memory(size)


def _check_writable(env: Environment) -> None:
    if env.read_only:
        raise Unreachable("nothing can be written in a read-only call")


def _variable_type(env: Environment, name: str) -> ValueType:
    value_type = env.contract.data_vars.get(name)
    if value_type is None:
        raise Unreachable(f"there is no data variable {name}")
    return value_type


def _map_types(env: Environment, name: str) -> tuple[ValueType, ValueType]:
    types = env.contract.maps.get(name)
    if types is None:
        raise Unreachable(f"there is no map {name}")
    return types
