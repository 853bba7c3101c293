"""BitcoinZ transactions, versions 1 to 4.

The first u32 holds the version and, in bit 31, whether the transaction is "overwintered".

    v1   inputs outputs lock_time
    v2   v1, then joinsplits of 1802 bytes, then a 32-byte key and 64-byte signature if any
    v3   group 03C48270: inputs outputs lock_time expiry, then joinsplits as in v2
    v4   group 892F2085: inputs outputs lock_time expiry value_balance spends (384 bytes each),
         outputs (948), joinsplits (1698), key and signature if any joinsplit, a 64-byte binding
         signature if any spend or output

Shielded parts are kept as bytes: nothing here looks into them. A version-5 transaction is not of
this chain and is refused as `UnsupportedTransaction`. The id is SHA-256d of the whole encoding.
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
from btczs.primitives import Hash32, Zat

OVERWINTER_GROUP = 0x03C48270
SAPLING_GROUP = 0x892F2085

SPEND_BYTES = 384
OUTPUT_BYTES = 948
JOINSPLIT_BYTES_PHGR = 1802
JOINSPLIT_BYTES_GROTH = 1698

_OVERWINTERED_BIT = 0x8000_0000


class Transaction(msgspec.Struct, frozen=True, dict=True, kw_only=True):
    """A transaction of BitcoinZ. Defaults make a transparent version-4 transaction."""

    inputs: tuple[TxIn, ...]
    outputs: tuple[TxOut, ...]
    lock_time: int = 0
    version: int = 4
    overwintered: bool = True
    group_id: int = SAPLING_GROUP
    """Version group id; 0 if not overwintered."""
    expiry_height: int = 0
    """Not valid in blocks above this height; 0: it never expires."""
    value_balance: Zat = Zat(0)
    """Value that the Sapling part adds to the transparent one; negative: takes from it."""
    shielded_spends: tuple[bytes, ...] = ()
    shielded_outputs: tuple[bytes, ...] = ()
    joinsplits: tuple[bytes, ...] = ()
    joinsplit_key: bytes = b""
    joinsplit_signature: bytes = b""
    binding_signature: bytes = b""

    @cached_property
    def txid(self) -> Hash32:
        return sha256d(encode_transaction(self))

    @property
    def is_coinbase(self) -> bool:
        return is_coinbase(self.inputs)

    @property
    def has_shielded(self) -> bool:
        """Whether anything of it is not transparent."""
        return bool(self.shielded_spends or self.shielded_outputs or self.joinsplits)


def read_transaction(reader: Reader) -> Transaction:
    """The next transaction. Raises `DecodeError`s, `UnsupportedTransaction` for other formats."""
    start = reader.offset
    word = reader.u32_le()
    overwintered = word >= _OVERWINTERED_BIT
    version = word & 0x7FFF_FFFF
    group_id = reader.u32_le() if overwintered else 0
    if overwintered and (version, group_id) not in ((4, SAPLING_GROUP), (3, OVERWINTER_GROUP)):
        raise UnsupportedTransaction(
            f"version {version} with group {group_id:08x} is not a transaction format here"
        )
    is_v4 = overwintered and version == 4
    inputs = read_inputs(reader)
    outputs = read_outputs(reader)
    lock_time = reader.u32_le()
    expiry_height = reader.u32_le() if overwintered else 0
    value_balance = Zat(0)
    spends: tuple[bytes, ...] = ()
    shielded: tuple[bytes, ...] = ()
    joinsplits: tuple[bytes, ...] = ()
    joinsplit_key = joinsplit_signature = binding_signature = b""
    if is_v4:
        value_balance = Zat(reader.i64_le())
        spends = _read_list(reader, "shielded spends", SPEND_BYTES)
        shielded = _read_list(reader, "shielded outputs", OUTPUT_BYTES)
    if version >= 2:
        size = JOINSPLIT_BYTES_GROTH if is_v4 else JOINSPLIT_BYTES_PHGR
        joinsplits = _read_list(reader, "joinsplits", size)
        if joinsplits:
            joinsplit_key = reader.take(32)
            joinsplit_signature = reader.take(64)
    if spends or shielded:
        binding_signature = reader.take(64)
    tx = Transaction(
        inputs=inputs,
        outputs=outputs,
        lock_time=lock_time,
        version=version,
        overwintered=overwintered,
        group_id=group_id,
        expiry_height=expiry_height,
        value_balance=value_balance,
        shielded_spends=spends,
        shielded_outputs=shielded,
        joinsplits=joinsplits,
        joinsplit_key=joinsplit_key,
        joinsplit_signature=joinsplit_signature,
        binding_signature=binding_signature,
    )
    # Every encoding accepted above is the only one of its transaction, so the id is known now.
    tx.__dict__["txid"] = sha256d(reader.data[start : reader.offset])
    return tx


def _read_list(reader: Reader, what: str, size: int) -> tuple[bytes, ...]:
    count = reader.check_count(read_compact(reader, SIZE_MAX), what, SIZE_MAX, size)
    return tuple(reader.take(size) for _ in range(count)) if count else ()


def encode_version_word(tx: Transaction) -> bytes:
    """The first four bytes: version and overwintered bit."""
    word = tx.version | (_OVERWINTERED_BIT if tx.overwintered else 0)
    return word.to_bytes(4, "little")


def encode_joinsplits(tx: Transaction, signature: bytes) -> bytes:
    """The joinsplit part with `signature` in the place of the real one."""
    body = write_compact(len(tx.joinsplits)) + b"".join(tx.joinsplits)
    return body + tx.joinsplit_key + signature if tx.joinsplits else body


def encode_transaction(tx: Transaction) -> bytes:
    parts = [encode_version_word(tx)]
    if tx.overwintered:
        parts.append(tx.group_id.to_bytes(4, "little"))
    parts += (
        encode_inputs(tx.inputs),
        encode_outputs(tx.outputs),
        tx.lock_time.to_bytes(4, "little"),
    )
    if tx.overwintered:
        parts.append(tx.expiry_height.to_bytes(4, "little"))
        if tx.version == 4:
            parts += (
                tx.value_balance.to_bytes(8, "little", signed=True),
                write_compact(len(tx.shielded_spends)),
                *tx.shielded_spends,
                write_compact(len(tx.shielded_outputs)),
                *tx.shielded_outputs,
            )
    if tx.version >= 2:
        parts.append(encode_joinsplits(tx, tx.joinsplit_signature))
    parts.append(tx.binding_signature)
    return b"".join(parts)
