"""The Nakamoto block header and its wire form (SIP-021).

`version | chain length | burn spent | consensus hash | parent block id | tx merkle root |
state root | timestamp | miner signature | signer signatures | pox treatment [| problematic]`
"""

import struct
from typing import Final

import msgspec

from btczs.codec.stream import Reader
from btczs.ledger.blocks.errors import InvalidHeader
from btczs.primitives import U8, U16, U32, U64, ChainHeight, Hash20, Hash32, TimestampS

VERSION_MASK: Final = 0x7F
SHADOW_FLAG: Final = 0x80
"""Marks a block that repairs a chain without a miner; decoded, never made here."""

SIGNER_SIGNATURES_MAX: Final = 4000
"""No more signers than reward slots of a cycle: 2 in each of 2000 layer-1 blocks."""

POX_TREATMENT_BITS_MAX: Final = 4000
"""One bit for each reward slot."""

PROBLEMATIC_MAX: Final = 2**16
"""Far more than a block has transactions that could be problematic; it bounds decoding."""

_UNSIGNED: Final = struct.Struct(">BQQ20s32s32s32sQ")
_PROBLEMATIC: Final = struct.Struct(">IB")
_SIGNATURE_BYTES: Final = 65


class PoxTreatment(msgspec.Struct, frozen=True, gc=False):
    """One bit for each reward slot: whether its address is paid. Bit i is `1 << i % 8` of byte
    `i // 8`. There is at least one bit."""

    bit_count: int
    data: bytes


class ProblematicTransaction(msgspec.Struct, frozen=True, gc=False):
    """A transaction of the block that its miner marked, and why (version 1)."""

    tx_index: int
    category: int


ONE_SLOT_PAID: Final = PoxTreatment(1, b"\x01")
"""What a chain without reward slots writes: the format has no empty bit vector."""


class BlockHeader(msgspec.Struct, frozen=True, gc=False):
    """Everything about a block except its transactions."""

    version: int
    chain_length: ChainHeight
    burn_spent: int
    """Layer-1 coins that miners spent up to this tenure, in zat."""
    consensus_hash: Hash20
    """Names the sortition that elected the miner."""
    parent_block_id: Hash32
    tx_merkle_root: Hash32
    state_root: Hash32
    timestamp: TimestampS
    miner_signature: bytes = bytes(_SIGNATURE_BYTES)
    signer_signatures: tuple[bytes, ...] = ()
    """Recovery id | r | s of each signer, in the order of the signer set."""
    pox_treatment: PoxTreatment = ONE_SLOT_PAID
    problematic: tuple[ProblematicTransaction, ...] = ()
    """Only from version 1 on."""


def decode_header(raw: bytes) -> BlockHeader:
    """The header that `raw` encodes. Raises a `DecodeError` if it is not exactly one."""
    reader = Reader(raw)
    header = read_header(reader)
    reader.finish()
    return header


def read_header(reader: Reader) -> BlockHeader:
    version, length, spent, consensus_hash, parent, tx_root, state_root, timestamp = (
        _UNSIGNED.unpack(reader.take(_UNSIGNED.size))
    )
    _check_version(version)
    miner_signature = reader.take(_SIGNATURE_BYTES)
    count = reader.count_u32("signer signatures", SIGNER_SIGNATURES_MAX, _SIGNATURE_BYTES)
    return BlockHeader(
        version,
        length,
        spent,
        consensus_hash,
        parent,
        tx_root,
        state_root,
        timestamp,
        miner_signature,
        tuple([reader.take(_SIGNATURE_BYTES) for _ in range(count)]),
        _read_treatment(reader),
        _read_problematic(reader) if _has_problematic(version) else (),
    )


def encode_header(header: BlockHeader) -> bytes:
    """The wire form of `header`. Raises `InvalidHeader` or `OutOfRange` if it has none."""
    return encode_header_parts(header, miner_signature=True, signer_signatures=True)


def encode_header_parts(
    header: BlockHeader, *, miner_signature: bool, signer_signatures: bool
) -> bytes:
    """The wire form with the miner's signature or the list of signers' signatures left out.

    What is left out takes no bytes: that is how the hashes of a header are defined.
    """
    parts = [_encode_unsigned(header)]
    if miner_signature:
        parts.append(_sized("miner_signature", header.miner_signature, _SIGNATURE_BYTES))
    if signer_signatures:
        parts.append(_encode_signer_signatures(header.signer_signatures))
    parts.append(_encode_treatment(header.pox_treatment))
    if _has_problematic(header.version):
        parts.append(_encode_problematic(header.problematic))
    elif header.problematic:
        raise InvalidHeader("problematic", "only from version 1 on")
    return b"".join(parts)


def _encode_unsigned(header: BlockHeader) -> bytes:
    return _UNSIGNED.pack(
        _check_version(header.version),
        U64.check(header.chain_length),
        U64.check(header.burn_spent),
        _sized("consensus_hash", header.consensus_hash, 20),
        _sized("parent_block_id", header.parent_block_id, 32),
        _sized("tx_merkle_root", header.tx_merkle_root, 32),
        _sized("state_root", header.state_root, 32),
        U64.check(header.timestamp),
    )


def _encode_signer_signatures(signatures: tuple[bytes, ...]) -> bytes:
    if len(signatures) > SIGNER_SIGNATURES_MAX:
        raise InvalidHeader("signer_signatures", f"at most {SIGNER_SIGNATURES_MAX}")
    sized = [_sized("signer_signatures", s, _SIGNATURE_BYTES) for s in signatures]
    return len(sized).to_bytes(4, "big") + b"".join(sized)


def _read_treatment(reader: Reader) -> PoxTreatment:
    bit_count = reader.u16()
    treatment = PoxTreatment(bit_count, reader.take(reader.u32()))
    _check_treatment(treatment)
    return treatment


def _encode_treatment(treatment: PoxTreatment) -> bytes:
    _check_treatment(treatment)
    bits = U16.check(treatment.bit_count).to_bytes(2, "big")
    return bits + len(treatment.data).to_bytes(4, "big") + treatment.data


def _check_treatment(treatment: PoxTreatment) -> None:
    if not 1 <= treatment.bit_count <= POX_TREATMENT_BITS_MAX:
        raise InvalidHeader("pox_treatment", f"1 to {POX_TREATMENT_BITS_MAX} bits")
    if len(treatment.data) != (treatment.bit_count + 7) // 8:
        raise InvalidHeader("pox_treatment", "the bytes do not fit the number of bits")


def _read_problematic(reader: Reader) -> tuple[ProblematicTransaction, ...]:
    count = reader.count_u32("problematic transactions", PROBLEMATIC_MAX, _PROBLEMATIC.size)
    entries = _PROBLEMATIC.iter_unpack(reader.take(count * _PROBLEMATIC.size))
    return tuple([ProblematicTransaction(*entry) for entry in entries])


def _encode_problematic(entries: tuple[ProblematicTransaction, ...]) -> bytes:
    if len(entries) > PROBLEMATIC_MAX:
        raise InvalidHeader("problematic", f"at most {PROBLEMATIC_MAX}")
    packed = [_PROBLEMATIC.pack(U32.check(e.tx_index), U8.check(e.category)) for e in entries]
    return len(packed).to_bytes(4, "big") + b"".join(packed)


def _has_problematic(version: int) -> bool:
    return version & VERSION_MASK >= 1


def _check_version(version: int) -> int:
    if not 0 <= version <= 0xFF or version & VERSION_MASK > 1:
        raise InvalidHeader("version", f"{version} is none that is known (0 or 1)")
    return version


def _sized(field: str, data: bytes, size: int) -> bytes:
    if len(data) != size:
        raise InvalidHeader(field, f"must have {size} bytes, this has {len(data)}")
    return data
