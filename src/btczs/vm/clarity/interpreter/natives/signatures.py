"""Signatures and public keys.

Too long a buffer, or one of another length where only one is possible, aborts; analysis lets too
short ones pass. A signature that is merely wrong is an answer.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from btczs.codec.clarity.types import VALUE_SIZE_MAX, buffer_type
from btczs.codec.clarity.values import (
    FALSE,
    TRUE,
    BufferValue,
    ErrValue,
    OkValue,
    UIntValue,
    Value,
)
from btczs.vm.clarity.interpreter.natives.registry import native, special
from btczs.vm.clarity.reader.syntax import Expr
from btczs.vm.clarity.runtime import signatures
from btczs.vm.clarity.runtime.errors import Expect, TypeValueError, check_argument_count

if TYPE_CHECKING:
    from btczs.vm.clarity.interpreter.environment import Environment


def exact_buffer(value: Value, length: int) -> bytes:
    """The bytes of a buffer of exactly that length. Raises `TypeValueError`."""
    if not isinstance(value, BufferValue) or len(value.data) != length:
        raise TypeValueError.of(buffer_type(length), value)
    return value.data


def bounded_buffer(value: Value, length_max: int) -> bytes:
    """The bytes of a buffer of at most that length. Raises `TypeValueError`."""
    if not isinstance(value, BufferValue) or len(value.data) > length_max:
        raise TypeValueError.of(buffer_type(length_max), value)
    return value.data


def _failure(code: int) -> Value:
    return ErrValue(UIntValue(code))


@special("secp256k1-recover?")
def secp256k1_recover(args: Sequence[Expr], env: "Environment") -> Value:
    """The key that signed; `(err u1)` if there is none, `(err u2)` for a malformed signature."""
    check_argument_count(2, args)
    env.charge("secp256k1recover")
    digest = exact_buffer(env.eval_ref(args[0])[0], 32)
    signature = bounded_buffer(env.eval_ref(args[1])[0], 65)
    if len(signature) < 65 or signature[64] > 3:
        return _failure(2)
    public = signatures.recover_secp256k1(digest, signature)
    return _failure(1) if public is None else OkValue(BufferValue(public))


@special("secp256k1-verify")
def secp256k1_verify(args: Sequence[Expr], env: "Environment") -> Value:
    """A signature too short is false before the key is looked at."""
    check_argument_count(3, args)
    env.charge("secp256k1verify")
    digest = exact_buffer(env.eval_ref(args[0])[0], 32)
    signature = bounded_buffer(env.eval_ref(args[1])[0], 65)
    if len(signature) < 64 or (len(signature) == 65 and signature[64] > 3):
        return FALSE
    public = exact_buffer(env.eval_ref(args[2])[0], 33)
    return TRUE if signatures.verify_secp256k1(digest, signature, public) else FALSE


@special("secp256r1-verify")
def secp256r1_verify(args: Sequence[Expr], env: "Environment") -> Value:
    check_argument_count(3, args)
    env.charge("secp256r1verify")
    digest = exact_buffer(env.eval_ref(args[0])[0], 32)
    signature = bounded_buffer(env.eval_ref(args[1])[0], 64)
    if len(signature) < 64:
        return FALSE
    public = exact_buffer(env.eval_ref(args[2])[0], 33)
    is_valid = signatures.verify_secp256r1(digest, signature, public, hash_again=env.version <= 4)
    return TRUE if is_valid else FALSE


def _message_length(args: Sequence[Value]) -> int:
    first = args[0] if args else None
    return len(first.data) if isinstance(first, BufferValue) else 0


@native("ed25519-verify", cost="ed25519verify", input=_message_length)
def ed25519_verify(args: list[Value]) -> Value:
    if len(args) != 3:
        raise Expect("ed25519-verify needs three arguments")
    message = bounded_buffer(args[0], VALUE_SIZE_MAX)
    signature = exact_buffer(args[1], 64)
    public = exact_buffer(args[2], 32)
    return TRUE if signatures.verify_ed25519(message, signature, public) else FALSE


@native("secp256k1-decompress?", cost="secp256k1decompress", arity=1)
def secp256k1_decompress(args: list[Value]) -> Value:
    public = signatures.decompress_secp256k1(exact_buffer(args[0], 33))
    return _failure(1) if public is None else OkValue(BufferValue(public))
