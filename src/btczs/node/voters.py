"""Signers: they look at a proposal that is already checked, and sign its block once.

A signer never signs two blocks of the same height. The last height and hash are on disk before the
signature leaves (`SigningRecord`), so not even a crash makes it sign another.
"""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from btczs.crypto.secp256k1 import compute_public_key, sign_recoverable
from btczs.engine import ExtendedVote
from btczs.ledger.blocks import block_hash
from btczs.node.chain.messages import find_block_header
from btczs.primitives import Hash32
from btczs.store import StoreCorrupt
from btczs.store.files import replace_file


class _LastSigned(msgspec.Struct, array_like=True):
    height: int
    block_hash: bytes


class SigningRecord:
    """What the signers of this process signed last: a file, replaced atomically."""

    def __init__(self, path: Path | None) -> None:
        """`path` None keeps the record in memory, for tests and simulations.

        Raises `StoreCorrupt`.
        """
        self._path = path
        self._last = _LastSigned(-1, b"")
        if path is not None and path.exists():
            try:
                self._last = msgspec.msgpack.decode(path.read_bytes(), type=_LastSigned)
            except msgspec.MsgspecError as error:
                raise StoreCorrupt(
                    f"{path} does not say what was signed last: without it a signer could sign "
                    "twice. Restore it, or sign with other keys"
                ) from error

    def allow(self, height: int, hash_: Hash32) -> bool:
        """Whether this block may be signed; if so, it is on record from now on.

        Raises `StoreFailed`; nothing may be signed then.
        """
        if height < self._last.height:
            return False
        if height == self._last.height:
            return hash_ == self._last.block_hash
        last = _LastSigned(height, hash_)
        if self._path is not None:
            replace_file(self._path, msgspec.msgpack.encode(last))
        self._last = last
        return True


class LocalSigner:
    """A virtual signer: one key of the signer set, in this process."""

    def __init__(self, secret: bytes, record: SigningRecord) -> None:
        self.public_key = compute_public_key(secret)
        self._secret = secret
        self._record = record

    def __repr__(self) -> str:
        return f"LocalSigner({self.public_key.hex()})"

    def extend_vote(self, messages: Sequence[bytes]) -> ExtendedVote | None:
        header = find_block_header(messages)
        if header is None:
            return ExtendedVote(self.public_key, b"")
        hash_ = block_hash(header)
        if not self._record.allow(header.chain_length, hash_):
            return None
        return ExtendedVote(self.public_key, sign_recoverable(self._secret, hash_))
