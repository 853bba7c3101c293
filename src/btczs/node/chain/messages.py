"""What can stand in a proposal: one byte for the kind, then the encoding of that kind.

A proposal is certificates, then at most one thing that changes the state: news of layer 1, or a
block. A block is built on the committed state, so news of layer 1 never stands before it.
"""

from collections.abc import Sequence
from enum import IntEnum

import msgspec

from btczs.consensus.pox.l1_update import L1Update, decode_l1_update
from btczs.finality import Certificate, decode_certificate
from btczs.ledger.blocks import Block, decode_block
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


def wrap(kind: Kind, body: bytes) -> bytes:
    return bytes([kind]) + body


def get_kind(message: bytes) -> Kind:
    """Raises `DecodeError` for an unknown kind."""
    try:
        return Kind(message[0])
    except (IndexError, ValueError) as error:
        raise DecodeError("a message starts with its kind, 1 to 3") from error


def decode_proposal(messages: Sequence[bytes]) -> Proposal:
    """Raises `DecodeError` unless the messages are of known kinds, in order and number."""
    if not messages:
        raise DecodeError("a proposal is not empty")
    certificates: list[Certificate] = []
    l1_update, block, block_bytes = None, None, b""
    for message in messages:
        kind, body = get_kind(message), message[1:]
        if l1_update is not None or block is not None:
            raise DecodeError("nothing follows news of layer 1 or a block")
        if kind is Kind.CERTIFICATE:
            if len(certificates) >= CERTIFICATES_MAX:
                raise DecodeError(f"at most {CERTIFICATES_MAX} certificates stand in a proposal")
            certificates.append(decode_certificate(body))
        elif kind is Kind.L1_UPDATE:
            l1_update = decode_l1_update(body)
        else:
            block, block_bytes = decode_block(body), body
    return Proposal(tuple(certificates), l1_update, block, block_bytes)
