"""Wire form of payloads: one id byte, then the fields (SIP-005, SIP-021)."""

import struct
from typing import Final

from btczs.codec.clarity.principals import encode_principal, read_principal
from btczs.codec.clarity.values import Principal, StandardPrincipal, encode_value, read_value
from btczs.codec.stream import Reader
from btczs.ledger.transactions.addresses import check_address_version, encode_address, read_address
from btczs.ledger.transactions.errors import InvalidTransaction
from btczs.ledger.transactions.names import (
    encode_clarity_name,
    encode_code,
    encode_contract_name,
    read_clarity_name,
    read_code,
    read_contract_name,
)
from btczs.ledger.transactions.payloads import (
    CAUSE_MAX,
    CLARITY_VERSION_MAX,
    MEMO_BYTES,
    Coinbase,
    CoinbaseToAlt,
    ContractCall,
    NakamotoCoinbase,
    Payload,
    PoisonMicroblock,
    SmartContract,
    TenureChange,
    TokenTransfer,
)
from btczs.primitives import U32, U64, BaseUnits

TOKEN_TRANSFER: Final = 0x00
SMART_CONTRACT: Final = 0x01
CONTRACT_CALL: Final = 0x02
POISON_MICROBLOCK: Final = 0x03
COINBASE: Final = 0x04
COINBASE_TO_ALT: Final = 0x05
VERSIONED_SMART_CONTRACT: Final = 0x06
TENURE_CHANGE: Final = 0x07
NAKAMOTO_COINBASE: Final = 0x08

ARGUMENTS_MAX: Final = 2**16
"""Far more arguments than a function can have (a Clarity tuple or list has no more entries either);
it bounds what decoding a call can allocate."""

_MICROBLOCK_HEADER_BYTES: Final = 132
_TO_STANDARD: Final = struct.Struct(f">BB20sQ{MEMO_BYTES}s")
_AMOUNT_AND_MEMO: Final = struct.Struct(f">Q{MEMO_BYTES}s")
_TENURE_CHANGE: Final = struct.Struct(">20s20s20s32sIB20s")

_STANDARD_PRINCIPAL: Final = 0x05
_NONE: Final = 0x09
_SOME: Final = 0x0A


def read_payload(reader: Reader) -> Payload:
    kind = reader.u8()
    if kind == TOKEN_TRANSFER:
        return _read_token_transfer(reader)
    if kind == CONTRACT_CALL:
        return _read_contract_call(reader)
    if kind == SMART_CONTRACT:
        return SmartContract(None, read_contract_name(reader), read_code(reader))
    if kind == VERSIONED_SMART_CONTRACT:
        version = _check_clarity_version(reader.u8())
        return SmartContract(version, read_contract_name(reader), read_code(reader))
    if kind == TENURE_CHANGE:
        change = TenureChange(*_TENURE_CHANGE.unpack(reader.take(_TENURE_CHANGE.size)))
        _check_cause(change.cause)
        return change
    if kind == NAKAMOTO_COINBASE:
        data, recipient = reader.take(32), _read_optional_principal(reader)
        return NakamotoCoinbase(data, recipient, reader.take(80))
    if kind == POISON_MICROBLOCK:
        return PoisonMicroblock(
            reader.take(_MICROBLOCK_HEADER_BYTES), reader.take(_MICROBLOCK_HEADER_BYTES)
        )
    if kind == COINBASE:
        return Coinbase(reader.take(32))
    if kind == COINBASE_TO_ALT:
        return CoinbaseToAlt(reader.take(32), read_principal(reader))
    raise InvalidTransaction("payload", f"0x{kind:02x} is no kind of payload")


def _read_token_transfer(reader: Reader) -> TokenTransfer:
    if reader.data[reader.offset : reader.offset + 1] == b"\x05":
        _, version, hash20, amount, memo = _TO_STANDARD.unpack(reader.take(_TO_STANDARD.size))
        check_address_version(version)
        return TokenTransfer(StandardPrincipal(version, hash20), amount, memo)
    recipient = read_principal(reader)
    amount, memo = _AMOUNT_AND_MEMO.unpack(reader.take(_AMOUNT_AND_MEMO.size))
    return TokenTransfer(recipient, BaseUnits(amount), memo)


def _read_contract_call(reader: Reader) -> ContractCall:
    address = read_address(reader)
    contract_name = read_contract_name(reader)
    function_name = read_clarity_name(reader, "function_name")
    count = reader.count_u32("arguments", ARGUMENTS_MAX)
    arguments = tuple([read_value(reader) for _ in range(count)])
    return ContractCall(address, contract_name, function_name, arguments)


def _read_optional_principal(reader: Reader) -> Principal | None:
    kind = reader.u8()
    if kind == _NONE:
        return None
    if kind == _SOME:
        return read_principal(reader)
    raise InvalidTransaction("recipient", f"0x{kind:02x} is no Clarity optional")


def encode_payload(payload: Payload) -> bytes:
    """Raises `InvalidTransaction` or `OutOfRange` for a payload that has no wire form."""
    match payload:
        case TokenTransfer(recipient, amount, memo):
            return (
                b"\x00"
                + encode_principal(recipient)
                + U64.check(amount).to_bytes(8, "big")
                + _sized("memo", memo, MEMO_BYTES)
            )
        case ContractCall():
            return _encode_contract_call(payload)
        case SmartContract(None, name, code):
            return b"\x01" + encode_contract_name(name) + encode_code(code)
        case SmartContract(version, name, code):
            head = bytes((VERSIONED_SMART_CONTRACT, _check_clarity_version(version or 0)))
            return head + encode_contract_name(name) + encode_code(code)
        case TenureChange():
            return _encode_tenure_change(payload)
        case NakamotoCoinbase(data, recipient, proof):
            to = b"\x09" if recipient is None else b"\x0a" + encode_principal(recipient)
            return b"\x08" + _sized("payload", data, 32) + to + _sized("vrf_proof", proof, 80)
        case PoisonMicroblock(header_1, header_2):
            size = _MICROBLOCK_HEADER_BYTES
            return b"\x03" + _sized("header_1", header_1, size) + _sized("header_2", header_2, size)
        case Coinbase(data):
            return b"\x04" + _sized("payload", data, 32)
        case CoinbaseToAlt(data, to_principal):
            return b"\x05" + _sized("payload", data, 32) + encode_principal(to_principal)


def _encode_contract_call(call: ContractCall) -> bytes:
    if len(call.arguments) > ARGUMENTS_MAX:
        raise InvalidTransaction("arguments", f"at most {ARGUMENTS_MAX}")
    return b"".join(
        (
            b"\x02",
            encode_address(call.address.version, call.address.hash20),
            encode_contract_name(call.contract_name),
            encode_clarity_name(call.function_name, "function_name"),
            len(call.arguments).to_bytes(4, "big"),
            *map(encode_value, call.arguments),
        )
    )


def _encode_tenure_change(change: TenureChange) -> bytes:
    return b"\x07" + _TENURE_CHANGE.pack(
        _sized("consensus_hash", change.consensus_hash, 20),
        _sized("prev_consensus_hash", change.prev_consensus_hash, 20),
        _sized("burn_view", change.burn_view, 20),
        _sized("prev_block_id", change.prev_block_id, 32),
        U32.check(change.prev_blocks),
        _check_cause(change.cause),
        _sized("pubkey_hash", change.pubkey_hash, 20),
    )


def _check_clarity_version(version: int) -> int:
    if not 1 <= version <= CLARITY_VERSION_MAX:
        raise InvalidTransaction("clarity_version", f"{version} is not 1 to {CLARITY_VERSION_MAX}")
    return version


def _check_cause(cause: int) -> int:
    if not 0 <= cause <= CAUSE_MAX:
        raise InvalidTransaction("cause", f"{cause} is not 0 to {CAUSE_MAX}")
    return cause


def _sized(field: str, data: bytes, size: int) -> bytes:
    if len(data) != size:
        raise InvalidTransaction(field, f"must have {size} bytes, this has {len(data)}")
    return data
