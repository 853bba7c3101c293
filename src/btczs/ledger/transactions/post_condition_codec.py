"""Wire form of post-conditions: `type principal [asset] ... code ...` (SIP-005, SIP-040)."""

from typing import Final

from btczs.codec.clarity.values import (
    ContractPrincipal,
    Principal,
    StandardPrincipal,
    encode_value,
    read_value,
)
from btczs.codec.stream import Reader
from btczs.ledger.transactions.addresses import encode_address, read_address
from btczs.ledger.transactions.errors import InvalidTransaction
from btczs.ledger.transactions.names import (
    encode_clarity_name,
    encode_contract_name,
    read_clarity_name,
    read_contract_name,
)
from btczs.ledger.transactions.post_conditions import (
    AMOUNT_CODES,
    NFT_CODES,
    POX_CODES,
    AssetInfo,
    FungiblePostCondition,
    NonFungiblePostCondition,
    PostCondition,
    PoxPostCondition,
    StakingPostCondition,
    StxPostCondition,
)
from btczs.primitives import U64, BaseUnits

POST_CONDITION_BYTES_MIN: Final = 3
"""The shortest is a PoX condition on the origin: type, principal, code."""

_STX: Final = 0x00
_FUNGIBLE: Final = 0x01
_NON_FUNGIBLE: Final = 0x02
_STAKING: Final = 0x03
_POX: Final = 0x04

_ORIGIN: Final = 0x01
_STANDARD: Final = 0x02
_CONTRACT: Final = 0x03


def read_post_condition(reader: Reader) -> PostCondition:
    kind = reader.u8()
    if kind == _STX:
        principal = _read_principal(reader)
        return StxPostCondition(principal, _read_code(reader, AMOUNT_CODES), _read_amount(reader))
    if kind == _FUNGIBLE:
        principal, asset = _read_principal(reader), _read_asset(reader)
        return FungiblePostCondition(
            principal, asset, _read_code(reader, AMOUNT_CODES), reader.u64()
        )
    if kind == _NON_FUNGIBLE:
        principal, asset = _read_principal(reader), _read_asset(reader)
        value = read_value(reader)
        return NonFungiblePostCondition(principal, asset, value, _read_code(reader, NFT_CODES))
    if kind == _STAKING:
        principal = _read_principal(reader)
        return StakingPostCondition(
            principal, _read_code(reader, AMOUNT_CODES), _read_amount(reader)
        )
    if kind == _POX:
        principal = _read_principal(reader)
        return PoxPostCondition(principal, _read_code(reader, POX_CODES))
    raise InvalidTransaction("post_condition", f"0x{kind:02x} is no kind of post-condition")


def encode_post_condition(condition: PostCondition) -> bytes:
    """Raises `InvalidTransaction` or `OutOfRange` for a condition that has no wire form."""
    principal = _encode_principal(condition.principal)
    match condition:
        case StxPostCondition(_, code, amount):
            return b"\x00" + principal + _code(code, AMOUNT_CODES) + _u64(amount)
        case FungiblePostCondition(_, asset, code, amount):
            return (
                b"\x01"
                + principal
                + _encode_asset(asset)
                + _code(code, AMOUNT_CODES)
                + _u64(amount)
            )
        case NonFungiblePostCondition(_, asset, value, code):
            return (
                b"\x02"
                + principal
                + _encode_asset(asset)
                + encode_value(value)
                + _code(code, NFT_CODES)
            )
        case StakingPostCondition(_, code, amount):
            return b"\x03" + principal + _code(code, AMOUNT_CODES) + _u64(amount)
        case PoxPostCondition(_, code):
            return b"\x04" + principal + _code(code, POX_CODES)


def _read_principal(reader: Reader) -> Principal | None:
    kind = reader.u8()
    if kind == _ORIGIN:
        return None
    if kind == _STANDARD:
        return read_address(reader)
    if kind == _CONTRACT:
        return _read_contract(reader)
    raise InvalidTransaction("post_condition.principal", f"0x{kind:02x} is no kind of principal")


def _encode_principal(principal: Principal | None) -> bytes:
    if principal is None:
        return b"\x01"
    if isinstance(principal, StandardPrincipal):
        return b"\x02" + encode_address(principal.version, principal.hash20)
    return b"\x03" + _encode_contract(principal)


def _read_contract(reader: Reader) -> ContractPrincipal:
    address = read_address(reader)
    return ContractPrincipal(address.version, address.hash20, read_contract_name(reader))


def _encode_contract(contract: ContractPrincipal) -> bytes:
    return encode_address(contract.version, contract.hash20) + encode_contract_name(contract.name)


def _read_asset(reader: Reader) -> AssetInfo:
    contract = _read_contract(reader)
    return AssetInfo(contract, read_clarity_name(reader, "asset_name"))


def _encode_asset(asset: AssetInfo) -> bytes:
    return _encode_contract(asset.contract) + encode_clarity_name(asset.asset_name, "asset_name")


def _read_code(reader: Reader, codes: frozenset[int]) -> int:
    return _check_code(reader.u8(), codes)


def _code(code: int, codes: frozenset[int]) -> bytes:
    return bytes((_check_code(code, codes),))


def _check_code(code: int, codes: frozenset[int]) -> int:
    if code not in codes:
        raise InvalidTransaction("post_condition.code", f"{code} is not one of {sorted(codes)}")
    return code


def _read_amount(reader: Reader) -> BaseUnits:
    return BaseUnits(reader.u64())


def _u64(value: int) -> bytes:
    return U64.check(value).to_bytes(8, "big")
