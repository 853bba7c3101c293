"""Inputs and outputs of transactions: the parts that BitcoinZ shares with Bitcoin."""

from struct import Struct as Layout

import msgspec

from btczs.codec.compact import read_compact, write_compact
from btczs.codec.stream import Reader
from btczs.primitives import Hash32, Zat
from btczs.primitives.units import ZERO_HASH

SIZE_MAX = 0x0200_0000
"""No count or length in a block is larger (32 MiB): the nodes' own bound."""

NO_INDEX = 0xFFFF_FFFF
"""Output index in the input of a coinbase."""

SEQUENCE_FINAL = 0xFFFF_FFFF

_outpoint = Layout("<32sI")
_unpack_outpoint = _outpoint.unpack
_pack_outpoint = _outpoint.pack


class TxIn(msgspec.Struct, frozen=True, gc=False):
    """Spends output `prev_index` of transaction `prev_txid`."""

    prev_txid: Hash32
    prev_index: int
    script_sig: bytes = b""
    sequence: int = SEQUENCE_FINAL


class TxOut(msgspec.Struct, frozen=True, gc=False):
    """`value` zat, spendable by who satisfies `script`.

    The value is what the bytes say: a node checks that it lies within 0 and `params.money_max`.
    """

    value: Zat
    script: bytes


def is_coinbase(inputs: tuple[TxIn, ...]) -> bool:
    """Whether these are the inputs of the transaction that creates coins."""
    if len(inputs) != 1:
        return False
    return inputs[0].prev_index == NO_INDEX and inputs[0].prev_txid == ZERO_HASH


def read_inputs(reader: Reader) -> tuple[TxIn, ...]:
    count = reader.check_count(read_compact(reader, SIZE_MAX), "inputs", SIZE_MAX, 41)
    inputs = []
    for _ in range(count):
        prev_txid, prev_index = _unpack_outpoint(reader.take(36))
        script = reader.take(read_compact(reader, SIZE_MAX))
        inputs.append(TxIn(prev_txid, prev_index, script, reader.u32_le()))
    return tuple(inputs)


def read_outputs(reader: Reader) -> tuple[TxOut, ...]:
    count = reader.check_count(read_compact(reader, SIZE_MAX), "outputs", SIZE_MAX, 9)
    outputs = []
    for _ in range(count):
        value = reader.i64_le()
        outputs.append(TxOut(Zat(value), reader.take(read_compact(reader, SIZE_MAX))))
    return tuple(outputs)


def encode_outpoint(item: TxIn) -> bytes:
    return _pack_outpoint(item.prev_txid, item.prev_index)


def encode_input(item: TxIn) -> bytes:
    script = item.script_sig
    return b"".join(
        (
            _pack_outpoint(item.prev_txid, item.prev_index),
            write_compact(len(script)),
            script,
            item.sequence.to_bytes(4, "little"),
        )
    )


def encode_output(item: TxOut) -> bytes:
    script = item.script
    return item.value.to_bytes(8, "little", signed=True) + write_compact(len(script)) + script


def encode_inputs(inputs: tuple[TxIn, ...]) -> bytes:
    return write_compact(len(inputs)) + b"".join(map(encode_input, inputs))


def encode_outputs(outputs: tuple[TxOut, ...]) -> bytes:
    return write_compact(len(outputs)) + b"".join(map(encode_output, outputs))
