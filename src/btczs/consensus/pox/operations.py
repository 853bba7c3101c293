"""The operations that miners write on layer 1.

An operation is a layer-1 transaction whose output 0 is `OP_RETURN <one push>`, the push being
magic (2) | opcode (1) | payload, at most 80 bytes in all. Two opcodes matter to mining:

`^` key register: consensus hash 20 (ignored) | VRF public key 32 | hash160 of the miner's
    block-signing key 20 | memo. The hash may be missing; such a key cannot mine.
`[` block commit: block id 32 | new VRF seed 32 | parent pointer (height u32, index u16) |
    key pointer (height u32, index u16) | one byte `memo << 3 | modulus`.

Source: reference of the Stacks wire formats, section 1.

DEVIATION: the block id of a commit names the newest layer-2 block that the miner builds on, not
the first block of the parent tenure: layer-2 blocks do not fork here, so one commit anchors them
all.
"""

from typing import ClassVar

import msgspec

from btczs.codec.stream import Reader, Writer
from btczs.crypto.vrf import InvalidVrfKey, verify_vrf_public_key
from btczs.l1.address import script_address
from btczs.l1.script.templates import p2pkh
from btczs.l1.wire import Tx
from btczs.primitives import DecodeError, Hash20, InvalidInput, Zat

OPCODE_KEY_REGISTER = ord("^")
OPCODE_BLOCK_COMMIT = ord("[")

OP_RETURN = 0x6A
OP_PUSHDATA1 = 0x4C
PAYLOAD_BYTES_MAX = 80
BURN_HASH = bytes(20)
"""Nobody knows a key for this public key hash: what is sent there is burned."""
BURN_SCRIPT = p2pkh(Hash20(BURN_HASH))
COMMIT_MEMO = 0x11
"""Epoch marker 4.0."""


class InvalidOperation(InvalidInput):
    """The transaction opens with our magic but is not a valid operation. Field: `reason`."""

    code: ClassVar[str] = "invalid_operation"

    def __init__(self, reason: str) -> None:
        super().__init__(f"not a valid burn operation: {reason}")
        self.reason = reason


class Pointer(msgspec.Struct, frozen=True, array_like=True, order=True):
    """Where an operation stands on layer 1. (0, 0) stands for the genesis."""

    height: int
    index: int


GENESIS_POINTER = Pointer(0, 0)


class KeyRegister(msgspec.Struct, frozen=True, array_like=True, tag="k"):
    """A miner announces the keys it will prove randomness and sign blocks with."""

    vrf_public_key: bytes
    signing_key_hash: bytes
    """hash160 of the block-signing public key; empty if the payload had none."""
    memo: bytes = b""


class BlockCommit(msgspec.Struct, frozen=True, array_like=True, tag="c"):
    """A miner pays for the chance to write the next tenure."""

    block_id: bytes
    """Newest layer-2 block that the commit builds on, and anchors."""
    seed: bytes
    """Hash of the VRF proof in that block's tenure."""
    parent: Pointer
    """The winning commit of the tenure before."""
    key: Pointer
    memo: int
    modulus: int


Operation = KeyRegister | BlockCommit


class Payout(msgspec.Struct, frozen=True, array_like=True):
    """One payment of a commit: to a reward address, or to the burn address."""

    script: bytes
    amount: int


def encode_payload(magic: str, operation: Operation) -> bytes:
    """The bytes that stand in the OP_RETURN push, magic and opcode included."""
    w = Writer().raw(magic.encode("ascii"))
    if isinstance(operation, KeyRegister):
        w.u8(OPCODE_KEY_REGISTER).raw(bytes(20)).raw(operation.vrf_public_key)
        w.raw(operation.signing_key_hash).raw(operation.memo)
    else:
        w.u8(OPCODE_BLOCK_COMMIT).raw(operation.block_id).raw(operation.seed)
        w.u32(operation.parent.height).u16(operation.parent.index)
        w.u32(operation.key.height).u16(operation.key.index)
        w.u8(operation.memo << 3 | operation.modulus)
    payload = bytes(w)
    assert len(payload) <= PAYLOAD_BYTES_MAX
    return payload


def get_payload(tx: Tx) -> bytes | None:
    """The data of output 0 if that is `OP_RETURN <one push of at most 80 bytes>`."""
    if not tx.outputs:
        return None
    script = tx.outputs[0].script
    if len(script) < 2 or script[0] != OP_RETURN:
        return None
    if script[1] == OP_PUSHDATA1 and len(script) >= 3:
        length, data = script[2], script[3:]
    elif script[1] < OP_PUSHDATA1:
        length, data = script[1], script[2:]
    else:
        return None
    return data if len(data) == length <= PAYLOAD_BYTES_MAX else None


def is_operation(magic: str, tx: Tx) -> bool:
    """Whether the transaction opens with our magic and an opcode: what a follower keeps."""
    payload = get_payload(tx)
    return payload is not None and len(payload) >= 3 and payload[:2] == magic.encode("ascii")


def parse_operation(magic: str, tx: Tx) -> Operation:
    """The operation in a layer-1 transaction. Raises `InvalidOperation`.

    Only what the transaction itself shows is checked; whether a commit's pointers, seed and
    payouts are right depends on the chain (`commits.accept_operation`).
    """
    payload = get_payload(tx)
    if payload is None or payload[:2] != magic.encode("ascii") or len(payload) < 3:
        raise InvalidOperation("output 0 does not push our magic and an opcode")
    if len(tx.outputs) < 2:
        raise InvalidOperation("a second output is needed")
    for output in tx.outputs[1:]:
        if script_address(output.script) is None:
            raise InvalidOperation("an output has no address")
    reader = Reader(payload, 3)
    try:
        if payload[2] == OPCODE_KEY_REGISTER:
            return _parse_key_register(reader)
        if payload[2] == OPCODE_BLOCK_COMMIT:
            return _parse_block_commit(reader)
    except DecodeError as error:
        raise InvalidOperation(str(error)) from error
    raise InvalidOperation(f"unknown opcode 0x{payload[2]:02x}")


def _parse_key_register(reader: Reader) -> KeyRegister:
    reader.take(20)
    vrf_public_key = reader.take(32)
    try:
        verify_vrf_public_key(vrf_public_key)
    except InvalidVrfKey as error:
        raise InvalidOperation("the VRF public key is not a point of the curve") from error
    rest = reader.take(reader.remaining)
    if len(rest) < 20:
        return KeyRegister(vrf_public_key, b"", rest)
    return KeyRegister(vrf_public_key, rest[:20], rest[20:])


def _parse_block_commit(reader: Reader) -> BlockCommit:
    block_id, seed = reader.take(32), reader.take(32)
    parent = Pointer(reader.u32(), reader.u16())
    key = Pointer(reader.u32(), reader.u16())
    flags = reader.u8()
    return BlockCommit(block_id, seed, parent, key, flags >> 3, flags & 7)


def get_payouts(tx: Tx, count: int) -> tuple[Payout, ...]:
    """The `count` payments that follow output 0."""
    return tuple(Payout(output.script, output.value) for output in tx.outputs[1 : 1 + count])


def verify_payouts(payouts: tuple[Payout, ...], expected: tuple[bytes, ...]) -> Zat:
    """What a commit has paid in all, if it paid equal amounts to exactly the `expected` scripts.

    The order is free. Raises `InvalidOperation`.
    """
    if sorted(p.script for p in payouts) != sorted(expected):
        raise InvalidOperation("the payments do not go to the reward set or the burn address")
    if len({p.amount for p in payouts}) != 1 or payouts[0].amount <= 0:
        raise InvalidOperation("the payments must be equal and positive")
    return Zat(sum(p.amount for p in payouts))


def change_index(payout_count: int) -> int:
    """Output whose spending links a miner's next commit to this one."""
    return payout_count + 1
