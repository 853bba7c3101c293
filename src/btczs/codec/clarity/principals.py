"""Principals: their bytes (inside values and state keys) and their text (`ST…`, `ST….name`)."""

from btczs.codec.c32 import decode_c32_address, encode_c32_address
from btczs.codec.clarity.errors import InvalidClarityValue, InvalidPrincipal, UnencodableValue
from btczs.codec.clarity.model import ContractPrincipal, Principal, StandardPrincipal
from btczs.codec.clarity.names import NAME_LENGTH_MAX, is_contract_name
from btczs.codec.stream import Reader
from btczs.primitives import Hash20

STANDARD_PREFIX = 5
CONTRACT_PREFIX = 6
VERSION_MAX = 31


def encode_principal(principal: Principal) -> bytes:
    """The principal as a consensus value: 05 | version | hash, or 06 | version | hash | name.

    Raises `UnencodableValue`.
    """
    version, hash20 = principal.version, principal.hash20
    if not 0 <= version <= VERSION_MAX or len(hash20) != 20:
        raise UnencodableValue("a principal has a version of 0 to 31 and a hash of 20 bytes")
    if isinstance(principal, StandardPrincipal):
        return bytes((STANDARD_PREFIX, version)) + hash20
    if not is_contract_name(principal.name, NAME_LENGTH_MAX):
        raise UnencodableValue(f"{principal.name[:130]!r} cannot name a contract")
    name = principal.name.encode("ascii")
    return bytes((CONTRACT_PREFIX, version)) + hash20 + bytes((len(name),)) + name


def read_principal(reader: Reader) -> Principal:
    """The next value, which must be a principal. Raises `DecodeError`."""
    start = reader.offset
    prefix = reader.u8()
    if prefix == STANDARD_PREFIX:
        return read_standard_body(reader)
    if prefix == CONTRACT_PREFIX:
        return read_contract_body(reader)
    raise InvalidClarityValue(start, f"a principal begins with 05 or 06, not {prefix:02x}")


def read_standard_body(reader: Reader) -> StandardPrincipal:
    """Version and hash, without the prefix."""
    body = reader.take(21)
    if body[0] > VERSION_MAX:
        raise InvalidClarityValue(reader.offset - 21, f"{body[0]} is not an address version")
    return StandardPrincipal(body[0], Hash20(body[1:]))


def read_contract_body(reader: Reader) -> ContractPrincipal:
    """Version, hash and name, without the prefix."""
    issuer = read_standard_body(reader)
    return ContractPrincipal(issuer.version, issuer.hash20, read_contract_name(reader))


def read_contract_name(reader: Reader, length_max: int = NAME_LENGTH_MAX) -> str:
    """A length byte and a contract name. Raises `DecodeError`."""
    start = reader.offset
    name = reader.take(reader.u8()).decode("latin-1")
    if not is_contract_name(name, length_max):
        raise InvalidClarityValue(start, f"{name!r} cannot name a contract")
    return name


def principal_text(principal: Principal) -> str:
    """`ST…` or `ST….name`."""
    address = encode_c32_address(principal.version, principal.hash20)
    if isinstance(principal, StandardPrincipal):
        return address
    return f"{address}.{principal.name}"


def parse_principal(text: str) -> Principal:
    """Inverse of `principal_text`. Raises `InvalidAddress` or `InvalidPrincipal`."""
    address, dot, name = text.partition(".")
    version, hash20 = decode_c32_address(address)
    if not dot:
        return StandardPrincipal(version, hash20)
    if not is_contract_name(name, NAME_LENGTH_MAX):
        raise InvalidPrincipal(f"{name[:130]!r} cannot name a contract")
    return ContractPrincipal(version, hash20, name)
