"""One run of a node, from its start to its death, over a store that outlives it.

`Durable` is what is on disk: the store, and what the signers have signed. `Journal` is what the
simulation itself remembers of every decision, for the replay. A `Process` holds the rest: chain,
engine, mempool and the votes in memory; all of it is lost when it dies.
"""

from collections.abc import Sequence

import msgspec

from btczs.engine import (
    Application,
    ExtendedVote,
    FinalizeRequest,
    FinalizeResponse,
    LocalEngine,
)
from btczs.engine.application import Info
from btczs.ledger.blocks import block_hash
from btczs.ledger.mempool import Admitted, Mempool
from btczs.ledger.transactions import Authenticated
from btczs.node.chain.application import BtczsChain
from btczs.node.chain.messages import decode_proposal
from btczs.node.voters import LocalSigner, SigningRecord
from btczs.primitives import Hash32, TenureHeight, TimestampS
from btczs.sim.world import World
from btczs.store import MemoryKV, StateStore
from btczs.testing import FaultyKV


class Decision(msgspec.Struct, frozen=True):
    """What an engine height decided, and the application's answer."""

    request: FinalizeRequest
    app_hash: Hash32


class Journal:
    """Every decision by engine height. A height that a crash undid is written again."""

    def __init__(self) -> None:
        self.decisions: dict[int, Decision] = {}
        self.roots: dict[int, Hash32] = {}
        """State root of every version that became durable."""
        self.signed: dict[tuple[bytes, int], Hash32] = {}
        """The block that a signer signed at a height of layer 2."""


class Durable:
    """The disk. The signing record is kept as the object that stands for its file."""

    def __init__(self) -> None:
        self.kv = MemoryKV()
        self.signing_record = SigningRecord(None)


class DoubleSigned(AssertionError):
    """A signer signed two blocks of one height."""


class Recorder:
    """The application as the engine sees it, with every decision written to the journal."""

    def __init__(self, app: Application, journal: Journal) -> None:
        self._app = app
        self._journal = journal

    def info(self) -> Info:
        return self._app.info()

    def check_tx(self, message: bytes) -> None:
        self._app.check_tx(message)

    def prepare_proposal(
        self, time: TimestampS, candidates: Sequence[bytes], last_votes: Sequence[ExtendedVote]
    ) -> list[bytes]:
        return self._app.prepare_proposal(time, candidates, last_votes)

    def process_proposal(self, time: TimestampS, messages: Sequence[bytes]) -> None:
        self._app.process_proposal(time, messages)

    def verify_vote_extension(self, vote: ExtendedVote, messages: Sequence[bytes]) -> None:
        self._app.verify_vote_extension(vote, messages)

    def finalize_block(self, request: FinalizeRequest) -> FinalizeResponse:
        response = self._app.finalize_block(request)
        self._journal.decisions[request.height] = Decision(request, response.app_hash)
        return response

    def commit(self) -> None:
        self._app.commit()


class WatchedSigner:
    """A signer that can sleep, and whose every signature is remembered."""

    def __init__(self, signer: LocalSigner, journal: Journal) -> None:
        self.is_awake = True
        self._signer = signer
        self._journal = journal

    def extend_vote(self, messages: Sequence[bytes]) -> ExtendedVote | None:
        if not self.is_awake:
            return None
        vote = self._signer.extend_vote(messages)
        block = decode_proposal(messages).block
        if vote is not None and block is not None:
            hash_ = block_hash(block.header)
            known = self._journal.signed.setdefault(
                (vote.validator, block.header.chain_length), hash_
            )
            if known != hash_:
                raise DoubleSigned(f"two blocks of height {block.header.chain_length}")
        return vote


class Process:
    """A running node."""

    def __init__(self, world: World, durable: Durable, journal: Journal) -> None:
        network = world.network
        self.kv = FaultyKV(durable.kv)
        self.store = StateStore(self.kv, network.limits.undo_blocks)
        self.chain = BtczsChain(self.store, network, world.params, world.genesis, world.l1)
        self.signers = [
            WatchedSigner(LocalSigner(key.secret, durable.signing_record), journal)
            for key in world.signers
        ]
        self.engine = LocalEngine(Recorder(self.chain, journal), self.signers)
        self.mempool = Mempool(network, self.kv, self.store, self.tenure)
        self._unapplied: tuple[Authenticated, ...] | None = None

    @property
    def tenure(self) -> TenureHeight:
        return TenureHeight(self.chain.tip.tenure_height)

    @property
    def is_mempool_current(self) -> bool:
        """Whether the mempool knows of the newest block. Not so if its store has just failed."""
        return self._unapplied is None

    def admit(self, raw: bytes, now: TimestampS) -> Admitted:
        """Raises `TransactionRejected`."""
        return self.mempool.admit(raw, self.store, now, self.tenure)

    def step(self, now: TimestampS) -> bool:
        """Decides one height, and lets the mempool follow. False: there was nothing to decide."""
        self._follow()
        if not self.engine.step(now):
            return False
        decided = self.chain.last_decided
        if decided is not None and decided.executed is not None:
            self._unapplied = decided.executed.transactions
            self._follow()
        return True

    def _follow(self) -> None:
        """Tells the mempool of the last block; again, if the store failed the first time."""
        if self._unapplied is not None:
            self.mempool.apply_block(self.store, self._unapplied, self.tenure)
            self._unapplied = None
