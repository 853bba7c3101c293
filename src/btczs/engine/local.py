"""The embedded engine: one application, one process, any number of virtual signers.

It goes through the same steps as a network of validators, so the application cannot tell the
difference: proposals are checked as if they came from somebody else, votes as if from others.

The last votes live in memory only. If the process dies, signatures that were not yet in a proposal
are lost; the next block's signatures sign the ones below it too.
"""

from collections import deque
from collections.abc import Sequence
from typing import Protocol

from btczs.engine.application import (
    Application,
    ExtendedVote,
    FinalizeRequest,
    ProposalRefused,
)
from btczs.primitives import InvalidInput, TimestampS

CANDIDATES_MAX = 64
"""Messages that wait for a proposal. There is at most one useful block at a time."""


class Voter(Protocol):
    """A validator's side of a vote: it looks at the proposal and signs, or does not."""

    def extend_vote(self, messages: Sequence[bytes]) -> ExtendedVote | None: ...


class LocalEngine:
    """Drives `app` through heights. Not thread-safe: one owner calls it."""

    def __init__(self, app: Application, voters: Sequence[Voter]) -> None:
        self.app = app
        self.voters = voters
        self.height = app.info().last_height
        self.refused: ProposalRefused | None = None
        """Why the last proposal was refused by ourselves, if it was."""
        self._candidates: deque[bytes] = deque(maxlen=CANDIDATES_MAX)
        self._last_votes: tuple[ExtendedVote, ...] = ()

    def submit(self, message: bytes) -> None:
        """Queues a message for a coming proposal. Raises `InvalidInput` if it is refused."""
        self.app.check_tx(message)
        self._candidates.append(message)

    def step(self, time: TimestampS) -> bool:
        """Decides one height. False if there was nothing to decide."""
        messages = self.app.prepare_proposal(time, tuple(self._candidates), self._last_votes)
        self._candidates.clear()
        self.refused = None
        if not messages:
            return False
        try:
            self.app.process_proposal(time, messages)
        except ProposalRefused as refusal:
            self.refused = refusal
            return False
        votes = tuple(self._collect_votes(messages))
        height = self.height + 1
        self.app.finalize_block(FinalizeRequest(height, time, tuple(messages)))
        self.app.commit()
        self.height = height  # a commit that failed has decided nothing
        self._last_votes = votes
        return True

    def _collect_votes(self, messages: Sequence[bytes]) -> list[ExtendedVote]:
        votes = []
        for voter in self.voters:
            vote = voter.extend_vote(messages)
            if vote is None:
                continue
            try:
                self.app.verify_vote_extension(vote, messages)
            except InvalidInput:
                continue  # a bad vote counts as none, as on any network
            votes.append(vote)
        return votes
