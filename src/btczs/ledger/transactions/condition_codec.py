"""Wire form of the authorization: `0x04 origin` or `0x05 origin sponsor` (SIP-005)."""

import struct
from typing import Final

from btczs.codec.stream import Reader
from btczs.ledger.transactions.conditions import (
    AUTH_SPONSORED,
    AUTH_STANDARD,
    COMPRESSED,
    MULTI_SIG_KEYS_MAX,
    MULTI_SIG_MODES,
    SINGLE_SIG_MODES,
    UNCOMPRESSED,
    Auth,
    AuthField,
    MultiSigCondition,
    PublicKeyField,
    SignatureField,
    SingleSigCondition,
    SpendingCondition,
    SponsoredAuth,
    StandardAuth,
)
from btczs.ledger.transactions.errors import InvalidTransaction
from btczs.primitives import U16, U64

_SINGLE: Final = struct.Struct(">20sQQB65s")
_MULTI: Final = struct.Struct(">20sQQ")
_AUTH_FIELD_BYTES_MIN: Final = 34

_PUBLIC_KEY_COMPRESSED: Final = 0x00
_PUBLIC_KEY_UNCOMPRESSED: Final = 0x01
_SIGNATURE_COMPRESSED: Final = 0x02
_SIGNATURE_UNCOMPRESSED: Final = 0x03

SINGLE_SIG_BYTES: Final = 1 + _SINGLE.size
_MULTI_SIG_FIXED_BYTES: Final = 1 + _MULTI.size + 4 + 2


def read_auth(reader: Reader) -> Auth:
    flag = reader.u8()
    if flag == AUTH_STANDARD:
        return StandardAuth(read_condition(reader))
    if flag == AUTH_SPONSORED:
        origin = read_condition(reader)
        return SponsoredAuth(origin, read_condition(reader))
    raise InvalidTransaction("auth", f"0x{flag:02x} is no kind of authorization")


def read_condition(reader: Reader) -> SpendingCondition:
    mode = reader.u8()
    if mode in SINGLE_SIG_MODES:
        condition = SingleSigCondition(mode, *_SINGLE.unpack(reader.take(_SINGLE.size)))
        _check_key_encoding(condition.key_encoding)
        return condition
    if mode in MULTI_SIG_MODES:
        signer, nonce, fee = _MULTI.unpack(reader.take(_MULTI.size))
        count = reader.count_u32("auth fields", MULTI_SIG_KEYS_MAX, _AUTH_FIELD_BYTES_MIN)
        fields = tuple([_read_auth_field(reader) for _ in range(count)])
        return MultiSigCondition(mode, signer, nonce, fee, fields, reader.u16())
    raise InvalidTransaction("hash_mode", f"0x{mode:02x} is no hash mode")


def _read_auth_field(reader: Reader) -> AuthField:
    tag = reader.u8()
    if tag in (_PUBLIC_KEY_COMPRESSED, _PUBLIC_KEY_UNCOMPRESSED):
        return PublicKeyField(tag == _PUBLIC_KEY_COMPRESSED, reader.take(33))
    if tag in (_SIGNATURE_COMPRESSED, _SIGNATURE_UNCOMPRESSED):
        return SignatureField(tag == _SIGNATURE_COMPRESSED, reader.take(65))
    raise InvalidTransaction("auth_field", f"0x{tag:02x} is no kind of field")


def encode_auth(auth: Auth) -> bytes:
    if isinstance(auth, StandardAuth):
        return b"\x04" + encode_condition(auth.origin)
    return b"\x05" + encode_condition(auth.origin) + encode_condition(auth.sponsor)


def encode_condition(condition: SpendingCondition) -> bytes:
    """Raises `InvalidTransaction` or `OutOfRange` for a condition that has no wire form."""
    nonce, fee = U64.check(condition.nonce), U64.check(condition.fee)
    _check_size("signer", condition.signer, 20)
    if isinstance(condition, SingleSigCondition):
        mode = _encode_mode(condition.hash_mode, SINGLE_SIG_MODES)
        _check_size("signature", condition.signature, 65)
        _check_key_encoding(condition.key_encoding)
        return mode + _SINGLE.pack(
            condition.signer, nonce, fee, condition.key_encoding, condition.signature
        )
    if len(condition.fields) > MULTI_SIG_KEYS_MAX:
        raise InvalidTransaction("auth_fields", f"at most {MULTI_SIG_KEYS_MAX}")
    return b"".join(
        (
            _encode_mode(condition.hash_mode, MULTI_SIG_MODES),
            _MULTI.pack(condition.signer, nonce, fee),
            len(condition.fields).to_bytes(4, "big"),
            *map(_encode_auth_field, condition.fields),
            U16.check(condition.signatures_required).to_bytes(2, "big"),
        )
    )


def _encode_auth_field(field: AuthField) -> bytes:
    if isinstance(field, PublicKeyField):
        _check_size("public_key", field.public_key, 33)
        tag = _PUBLIC_KEY_COMPRESSED if field.compressed else _PUBLIC_KEY_UNCOMPRESSED
        return bytes((tag,)) + field.public_key
    _check_size("signature", field.signature, 65)
    tag = _SIGNATURE_COMPRESSED if field.compressed else _SIGNATURE_UNCOMPRESSED
    return bytes((tag,)) + field.signature


def auth_size(auth: Auth) -> int:
    """Number of bytes of the encoded authorization."""
    size = 1 + _condition_size(auth.origin)
    return size if isinstance(auth, StandardAuth) else size + _condition_size(auth.sponsor)


def _condition_size(condition: SpendingCondition) -> int:
    if isinstance(condition, SingleSigCondition):
        return SINGLE_SIG_BYTES
    return _MULTI_SIG_FIXED_BYTES + sum(
        34 if isinstance(field, PublicKeyField) else 66 for field in condition.fields
    )


def _encode_mode(mode: int, modes: frozenset[int]) -> bytes:
    if mode not in modes:
        raise InvalidTransaction("hash_mode", f"{mode} is no mode of this kind of condition")
    return bytes((mode,))


def _check_key_encoding(encoding: int) -> None:
    if encoding not in (COMPRESSED, UNCOMPRESSED):
        raise InvalidTransaction("key_encoding", f"0x{encoding:02x} is neither 0x00 nor 0x01")


def _check_size(field: str, data: bytes, size: int) -> None:
    if len(data) != size:
        raise InvalidTransaction(field, f"must have {size} bytes, this has {len(data)}")
