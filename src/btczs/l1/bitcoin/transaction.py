"""Bitcoin and Litecoin transactions: the old format, and the segregated witness one (BIP 144).

    version i32 | [00 flags] | inputs | outputs | [witnesses] | lock_time u32

`flags` is 01 where witnesses follow. The id is SHA-256d of the encoding without flags and
witnesses; `wtxid` that of the whole.

Litecoin's MWEB sets bit 08. Of it only the one transaction at the end of a block that carries the
extension's balance ("HogEx": bit 08, then a single zero byte) is read; a transaction with a
MimbleWimble body is refused as `UnsupportedTransaction`.
"""

from functools import cached_property

import msgspec

from btczs.codec.compact import read_compact, write_compact
from btczs.codec.stream import Reader
from btczs.crypto.hashes import sha256d
from btczs.l1.errors import UnsupportedTransaction
from btczs.l1.parts import (
    SIZE_MAX,
    TxIn,
    TxOut,
    encode_inputs,
    encode_outputs,
    is_coinbase,
    read_inputs,
    read_outputs,
)
from btczs.primitives import Hash32

FLAG_WITNESS = 0x01
FLAG_MWEB = 0x08

Witness = tuple[bytes, ...]


class Transaction(msgspec.Struct, frozen=True, dict=True, kw_only=True):
    """A transaction of Bitcoin or Litecoin."""

    inputs: tuple[TxIn, ...]
    outputs: tuple[TxOut, ...]
    lock_time: int = 0
    version: int = 2
    witnesses: tuple[Witness, ...] = ()
    """One per input, or none at all."""
    is_hogex: bool = False
    """Litecoin: the transaction that carries the balance of the extension block."""

    @cached_property
    def txid(self) -> Hash32:
        return sha256d(_encode(self, 0))

    @cached_property
    def wtxid(self) -> Hash32:
        return sha256d(encode_transaction(self))

    @property
    def is_coinbase(self) -> bool:
        return is_coinbase(self.inputs)

    def get_witness(self, index: int) -> Witness:
        return self.witnesses[index] if self.witnesses else ()


def read_transaction(reader: Reader, *, allow_mweb: bool = False) -> Transaction:
    """The next transaction. Raises `DecodeError`s, `UnsupportedTransaction` for other formats."""
    version = reader.i32_le()
    flags = 0
    if reader.remaining >= 2 and reader.data[reader.offset] == 0:
        # A zero count of inputs announces flags; a transaction without inputs is in no block.
        flags = reader.take(2)[1]
        if flags == 0 or flags & ~(FLAG_WITNESS | (FLAG_MWEB if allow_mweb else 0)):
            raise UnsupportedTransaction(f"flags {flags:02x} of a transaction are not known")
    inputs = read_inputs(reader)
    outputs = read_outputs(reader)
    witnesses: tuple[Witness, ...] = ()
    if flags & FLAG_WITNESS:
        witnesses = tuple(_read_witness(reader) for _ in inputs)
        if not any(witnesses):
            raise UnsupportedTransaction("witnesses are announced, but all are empty")
    if flags & FLAG_MWEB:
        if reader.u8() != 0:
            raise UnsupportedTransaction("a transaction with a MimbleWimble body is not read here")
        if not outputs:
            raise UnsupportedTransaction("the transaction of the extension block has no outputs")
    return Transaction(
        inputs=inputs,
        outputs=outputs,
        lock_time=reader.u32_le(),
        version=version,
        witnesses=witnesses,
        is_hogex=bool(flags & FLAG_MWEB),
    )


def _read_witness(reader: Reader) -> Witness:
    count = reader.check_count(read_compact(reader, SIZE_MAX), "witness items", SIZE_MAX)
    return tuple(reader.take(read_compact(reader, SIZE_MAX)) for _ in range(count))


def encode_transaction(tx: Transaction) -> bytes:
    """The whole encoding, as nodes send it."""
    witness_flag = FLAG_WITNESS if any(tx.witnesses) else 0
    return _encode(tx, witness_flag | (FLAG_MWEB if tx.is_hogex else 0))


def encode_witness(witness: Witness) -> bytes:
    parts = [write_compact(len(witness))]
    for item in witness:
        parts += (write_compact(len(item)), item)
    return b"".join(parts)


def _encode(tx: Transaction, flags: int) -> bytes:
    parts = [tx.version.to_bytes(4, "little", signed=True)]
    if flags:
        parts.append(bytes((0, flags)))
    parts += (encode_inputs(tx.inputs), encode_outputs(tx.outputs))
    if flags & FLAG_WITNESS:
        parts += (encode_witness(tx.get_witness(i)) for i in range(len(tx.inputs)))
    if flags & FLAG_MWEB:
        parts.append(b"\0")
    parts.append(tx.lock_time.to_bytes(4, "little"))
    return b"".join(parts)
