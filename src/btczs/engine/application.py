"""The boundary between a chain and whatever replicates it, after ABCI 2.0.

In order, for each engine height: `prepare_proposal` (on the proposer), `process_proposal` (on every
validator), `extend_vote` and `verify_vote_extension` (votes carry the signers' signatures), then
`finalize_block` and `commit` on every node. Messages are opaque bytes to the engine.

The engine's height counts decisions, not layer-2 blocks: a decision may bring news of layer 1, a
layer-2 block, or signatures.
"""

from collections.abc import Sequence
from typing import ClassVar, Protocol

import msgspec

from btczs.primitives import Hash32, InvalidInput, TimestampS


class ProposalRefused(InvalidInput):
    """A proposal that a correct validator votes against. Field: `reason`."""

    code: ClassVar[str] = "proposal_refused"

    def __init__(self, reason: str) -> None:
        super().__init__(f"proposal refused: {reason}")
        self.reason = reason


class ExtendedVote(msgspec.Struct, frozen=True, array_like=True):
    """A vote of the last height: who, and what it carried (empty for a bare vote)."""

    validator: bytes
    extension: bytes


class FinalizeRequest(msgspec.Struct, frozen=True):
    height: int
    time: TimestampS
    messages: tuple[bytes, ...]


class FinalizeResponse(msgspec.Struct, frozen=True):
    app_hash: Hash32


class Info(msgspec.Struct, frozen=True):
    """Where the application stands, asked once when the engine starts."""

    last_height: int
    last_app_hash: Hash32


class Application(Protocol):
    """A replicated state machine."""

    def info(self) -> Info: ...

    def check_tx(self, message: bytes) -> None:
        """Raises `InvalidInput` if the message cannot be in a proposal now."""

    def prepare_proposal(
        self, time: TimestampS, candidates: Sequence[bytes], last_votes: Sequence[ExtendedVote]
    ) -> list[bytes]:
        """The messages to propose; may drop, add and reorder. Empty: nothing to decide."""

    def process_proposal(self, time: TimestampS, messages: Sequence[bytes]) -> None:
        """Raises `ProposalRefused`."""

    def verify_vote_extension(self, vote: ExtendedVote, messages: Sequence[bytes]) -> None:
        """Checks what a vote for the proposal `messages` carries. Raises `InvalidInput`."""

    def finalize_block(self, request: FinalizeRequest) -> FinalizeResponse:
        """Executes a decided proposal, in memory."""

    def commit(self) -> None:
        """Makes the last `finalize_block` durable, in one atomic write."""
