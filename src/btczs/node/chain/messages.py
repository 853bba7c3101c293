"""What can stand in a proposal: one byte for the kind, then the encoding of that kind.

A proposal is certificates, then at most one thing that changes the state: news of layer 1, or a
block. A block is built on the committed state, so news of layer 1 never stands before it.
"""

from collections.abc import Callable, Sequence
from enum import IntEnum

import msgspec

from btczs.consensus.pox.l1_update import L1Update, decode_l1_update
from btczs.finality import Certificate, decode_certificate
from btczs.ledger.blocks import (
    Block,
    BlockHeader,
    DecodedBlock,
    decode_block_header,
    decode_whole_block,
)
from btczs.ledger.transactions import Transaction
from btczs.primitives import DecodeError

CERTIFICATES_MAX = 4


class Kind(IntEnum):
    L1_UPDATE = 1
    CERTIFICATE = 2
    BLOCK = 3


class Proposal(msgspec.Struct, frozen=True):
    """A decoded proposal. At most one of `l1_update` and `block` is there."""

    certificates: tuple[Certificate, ...] = ()
    l1_update: L1Update | None = None
    block: Block | None = None
    block_bytes: bytes = b""
    transactions: tuple[Transaction, ...] = ()
    """Those of the block, decoded."""


def wrap(kind: Kind, body: bytes) -> bytes:
    return bytes([kind]) + body


def get_kind(message: bytes) -> Kind:
    """Raises `DecodeError` for an unknown kind."""
    try:
        return Kind(message[0])
    except (IndexError, ValueError) as error:
        raise DecodeError("a message starts with its kind, 1 to 3") from error


class BlockMemo:
    """Decodes blocks and remembers the last one: every step of a height looks at the same."""

    def __init__(self) -> None:
        self._last: tuple[bytes, DecodedBlock] | None = None

    def decode(self, body: bytes) -> DecodedBlock:
        """As `decode_whole_block`."""
        if self._last is None or self._last[0] != body:
            self._last = (body, decode_whole_block(body))
        return self._last[1]

    def forget(self) -> None:
        self._last = None


def find_block_header(messages: Sequence[bytes]) -> BlockHeader | None:
    """The header of the block in a proposal that was checked before; None if it has no block."""
    if messages and get_kind(messages[-1]) is Kind.BLOCK:
        return decode_block_header(messages[-1][1:])
    return None


def decode_proposal(
    messages: Sequence[bytes], decode: Callable[[bytes], DecodedBlock] = decode_whole_block
) -> Proposal:
    """Raises `DecodeError` unless the messages are of known kinds, in order and number."""
    if not messages:
        raise DecodeError("a proposal is not empty")
    certificates: list[Certificate] = []
    l1_update, decoded, block_bytes = None, None, b""
    for message in messages:
        kind, body = get_kind(message), message[1:]
        if l1_update is not None or decoded is not None:
            raise DecodeError("nothing follows news of layer 1 or a block")
        if kind is Kind.CERTIFICATE:
            if len(certificates) >= CERTIFICATES_MAX:
                raise DecodeError(f"at most {CERTIFICATES_MAX} certificates stand in a proposal")
            certificates.append(decode_certificate(body))
        elif kind is Kind.L1_UPDATE:
            l1_update = decode_l1_update(body)
        else:
            decoded, block_bytes = decode(body), body
    if decoded is None:
        return Proposal(tuple(certificates), l1_update)
    return Proposal(tuple(certificates), None, decoded.block, block_bytes, decoded.transactions)
