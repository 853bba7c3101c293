"""Principals: of which network they are, taking them apart and putting them together."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from btczs.codec.clarity.names import CONTRACT_NAME_LENGTH_MAX, is_contract_name
from btczs.codec.clarity.types import PRINCIPAL, ascii_type, buffer_type
from btczs.codec.clarity.values import (
    FALSE,
    NONE,
    TRUE,
    AsciiValue,
    BufferValue,
    ContractPrincipal,
    ErrValue,
    OkValue,
    Principal,
    SomeValue,
    StandardPrincipal,
    UIntValue,
    Value,
)
from btczs.primitives import Hash20
from btczs.vm.clarity.interpreter.natives.registry import special
from btczs.vm.clarity.reader.syntax import Expr
from btczs.vm.clarity.runtime.errors import (
    TypeValueError,
    check_argument_count,
    check_arguments_at_least,
    check_arguments_at_most,
)
from btczs.vm.clarity.runtime.principals import (
    TESTNET_SINGLE,
    VERSION_LIMIT,
    is_version_of_network,
    single_version,
)
from btczs.vm.clarity.runtime.signatures import hash_of_public_key
from btczs.vm.clarity.runtime.typing import make_tuple

if TYPE_CHECKING:
    from btczs.vm.clarity.interpreter.environment import Environment

WRONG_NETWORK: Final = 0
BAD_LENGTH: Final = 1
BAD_NAME: Final = 2

_BUFFER_33: Final = buffer_type(33)
_NAME_TYPE: Final = ascii_type(CONTRACT_NAME_LENGTH_MAX)


def _principal(value: Value) -> Principal:
    """A principal itself; a contract passed as a trait is none. Raises `TypeValueError`."""
    if isinstance(value, StandardPrincipal):
        return value
    if isinstance(value, ContractPrincipal) and value.__class__ is ContractPrincipal:
        return value
    raise TypeValueError.of(PRINCIPAL, value)


def _buffer(value: Value, expected_length: int) -> bytes:
    """The bytes of a buffer of at most that length. Raises `TypeValueError`."""
    if not isinstance(value, BufferValue) or len(value.data) > expected_length:
        raise TypeValueError.of(buffer_type(expected_length), value)
    return value.data


@special("is-standard")
def is_standard(args: Sequence[Expr], env: "Environment") -> Value:
    check_argument_count(1, args)
    env.charge("is_standard")
    value, _ = env.eval_ref(args[0])
    version = _principal(value).version
    return TRUE if is_version_of_network(version, env.chain.is_mainnet) else FALSE


@special("principal-destruct?")
def principal_destruct(args: Sequence[Expr], env: "Environment") -> Value:
    """The parts, as `ok` for principals of this network and as `err` for others."""
    check_argument_count(1, args)
    env.charge("principal_destruct")
    principal = _principal(env.eval(args[0]))
    name: Value = NONE
    if isinstance(principal, ContractPrincipal):
        name = SomeValue(AsciiValue(principal.name))
    parts = make_tuple(
        [
            ("hash-bytes", BufferValue(principal.hash20)),
            ("name", name),
            ("version", BufferValue(bytes((principal.version,)))),
        ]
    )
    if is_version_of_network(principal.version, env.chain.is_mainnet):
        return OkValue(parts)
    return ErrValue(parts)


@special("principal-construct?")
def principal_construct(args: Sequence[Expr], env: "Environment") -> Value:
    """A principal of these parts; `err` with a code, and with the principal if only its version
    is that of another network."""
    check_arguments_at_least(2, args)
    check_arguments_at_most(3, args)
    env.charge("principal_construct")
    version_value, _ = env.eval_ref(args[0])
    hash_value, _ = env.eval_ref(args[1])
    name_value, name_borrowed = env.eval_ref(args[2]) if len(args) > 2 else (None, False)
    version = _buffer(version_value, 1)
    if not version or version[0] >= VERSION_LIMIT:
        return _failure(BAD_LENGTH)
    hash20 = _buffer(hash_value, 20)
    if len(hash20) < 20:
        return _failure(BAD_LENGTH)
    principal: Principal = StandardPrincipal(version[0], Hash20(hash20))
    if name_value is not None:
        name = _contract_name(env.own(name_value, name_borrowed))
        if name is None:
            return _failure(BAD_NAME)
        principal = ContractPrincipal(version[0], Hash20(hash20), name)
    if is_version_of_network(version[0], env.chain.is_mainnet):
        return OkValue(principal)
    return _failure(WRONG_NETWORK, SomeValue(principal))


def _contract_name(value: Value) -> str | None:
    """The name in `value`, None if no contract can have it. Raises `TypeValueError`."""
    if not isinstance(value, AsciiValue) or len(value.text) > CONTRACT_NAME_LENGTH_MAX:
        raise TypeValueError.of(_NAME_TYPE, value)
    return value.text if is_contract_name(value.text) else None


def _failure(code: int, value: Value = NONE) -> Value:
    return ErrValue(make_tuple([("error_code", UIntValue(code)), ("value", value)]))


@special("principal-of?")
def principal_of(args: Sequence[Expr], env: "Environment") -> Value:
    """The account with one key; `(err u1)` if it is no key. Clarity 1 always says testnet."""
    check_argument_count(1, args)
    env.charge("principal_of")
    value, _ = env.eval_ref(args[0])
    if not isinstance(value, BufferValue) or len(value.data) != 33:
        raise TypeValueError.of(_BUFFER_33, value)
    hash20 = hash_of_public_key(value.data)
    if hash20 is None:
        return ErrValue(UIntValue(1))
    version = TESTNET_SINGLE if env.version == 1 else single_version(env.chain.is_mainnet)
    return OkValue(StandardPrincipal(version, hash20))
