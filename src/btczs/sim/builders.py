"""The elected miner's side on layer 2: it makes blocks, or does not, or makes two of them.

Also what strangers try: a block of somebody who is not elected, the elected miner's header over
other transactions, a block that was decided already. All of that must be refused.
"""

from collections.abc import Sequence
from random import Random

import msgspec

from btczs.consensus.pox.l1_update import L1BlockFacts, L1Update, encode_l1_update
from btczs.consensus.pox.tenure import InvalidBlock, get_elected
from btczs.consensus.pox.view import get_l1_block, get_l1_tip
from btczs.engine import ProposalRefused
from btczs.finality import Certificate, encode_certificate
from btczs.ledger.blocks import Block, encode_block, sign_header
from btczs.ledger.transactions import Authenticated
from btczs.node.chain.assembly import (
    Assembled,
    MinerSecrets,
    assemble_block,
    is_elected,
    must_open_tenure,
)
from btczs.node.chain.l1_source import find_l1_update
from btczs.node.chain.messages import Kind, wrap
from btczs.primitives import ChainHeight, Hash32, L1Height, TimestampS
from btczs.sim.miners import MinerOnL1
from btczs.sim.process import Process
from btczs.sim.world import START, World
from btczs.testing import FakeL1

BLOCK_BYTES_MAX, BLOCK_COUNT_MAX = 2_000, 12
"""Small, so that a backlog takes more than one block."""


class Unrefused(AssertionError):
    """A forged message was not refused."""


class WrongSelection(AssertionError):
    """The mempool selected a transaction that does not fit the state."""


class Builders:
    """All miners together, in their role as writers of blocks."""

    def __init__(self, world: World, miners: Sequence[MinerOnL1], rng: Random) -> None:
        self._world = world
        self._miners = miners
        self._rng = rng
        self._withheld: dict[bytes, bool] = {}
        """By consensus hash: whether the tenure's miner decided to write nothing."""
        self._last: Assembled | None = None
        self.equivocations = 0
        self.withheld_tenures = 0

    def act(self, process: Process, now: TimestampS) -> None:
        """The elected miner makes a block and submits it, if there is a reason to."""
        miner = self._find_elected(process)
        if miner is None or self._withholds(process, miner):
            return
        self.build(process, miner.secrets, now, miner.habits.equivocating)

    def build(
        self, process: Process, secrets: MinerSecrets, now: TimestampS, equivocating: int = 0
    ) -> None:
        opens = must_open_tenure(process.chain)
        candidates = process.mempool.select(process.store, BLOCK_BYTES_MAX, BLOCK_COUNT_MAX)
        if not opens and not candidates and self._rng.randrange(4):
            return
        made = [self._assemble(process, secrets, candidates, now)]
        if self._rng.randrange(1000) < equivocating:
            made.append(self._assemble(process, secrets, candidates[:-1], TimestampS(now + 1)))
            self._rng.shuffle(made)
            self.equivocations += 1
        if made[0].block.transactions and self._rng.randrange(5) == 0:
            self._submit_other_body(process, made[0].block)
        for assembled in made:
            process.engine.submit(assembled.message)
        self._last = made[0]

    def attack(self, process: Process) -> None:
        """Submits what no correct node may take."""
        if self._last is None:
            return
        header = self._last.block.header
        if header.chain_length <= process.chain.tip.height:
            self._expect_refusal(process, self._last.message)
        stranger = self._rng.choice(
            [m for m in self._miners if not is_elected(process.chain, m.secrets)]
        )
        parent = process.chain.parent
        forged = msgspec.structs.replace(
            header, chain_length=parent.height + 1, parent_block_id=parent.block_id
        )
        block = Block(sign_header(forged, stranger.secrets.signing_secret), ())
        self._expect_refusal(process, wrap(Kind.BLOCK, encode_block(block)))
        tip = process.chain.tip
        bare = Certificate(ChainHeight(tip.height), Hash32(tip.block_hash), ())
        expect_refused_proposal(process, wrap(Kind.CERTIFICATE, encode_certificate(bare)), "bare")
        self._attack_l1_view(process)

    def _attack_l1_view(self, process: Process) -> None:
        """News of layer 1 with an operation left out, or invented where there is none."""
        l1, undo_max = self._world.l1, self._world.network.pox.l1_undo_blocks
        update = find_l1_update(process.store, l1, undo_max)
        if update is None or not update.blocks:
            return
        last = update.blocks[-1]
        operations = last.operations[1:] if last.operations else ((1, b"invented"),)
        forged = L1BlockFacts(last.header, operations)
        other = L1Update(update.fork_height, update.fork_hash, (*update.blocks[:-1], forged))
        expect_refused_proposal(process, wrap(Kind.L1_UPDATE, encode_l1_update(other)), "L1 news")

    def _find_elected(self, process: Process) -> MinerOnL1 | None:
        return next((m for m in self._miners if is_elected(process.chain, m.secrets)), None)

    def _withholds(self, process: Process, miner: MinerOnL1) -> bool:
        tenure, _ = get_elected(process.store, self._world.network)
        if tenure.consensus_hash not in self._withheld:
            decision = self._rng.randrange(1000) < miner.habits.withholding
            self._withheld[tenure.consensus_hash] = decision
            self.withheld_tenures += decision
        return self._withheld[tenure.consensus_hash]

    def _assemble(
        self,
        process: Process,
        secrets: MinerSecrets,
        candidates: Sequence[Authenticated],
        now: TimestampS,
    ) -> Assembled:
        made = assemble_block(process.chain, secrets, candidates, now)
        left_out = [c for c in candidates if c.raw not in made.block.transactions]
        own = secrets.signing_key_hash
        if left_out and all(own not in (c.origin.hash20, c.payer.hash20) for c in candidates):
            # Otherwise the miner's own ones make room for those that open its tenure.
            raise WrongSelection(f"{len(left_out)} of {len(candidates)} do not fit")
        if made.skipped:
            raise WrongSelection(f"blamed for nothing: {made.skipped[0].reason}")
        return made

    def _submit_other_body(self, process: Process, block: Block) -> None:
        """The same header over other transactions: the engine takes it, the chain must not."""
        transactions = block.transactions
        other = transactions[:-1] if self._rng.randrange(2) else (*transactions, *transactions[-1:])
        message = wrap(Kind.BLOCK, encode_block(Block(block.header, other)))
        process.engine.submit(message)
        what = "a header over other transactions than its own"
        expect_refused_proposal(process, message, what, block.header.timestamp)

    def _expect_refusal(self, process: Process, message: bytes) -> None:
        try:
            process.engine.submit(message)
        except InvalidBlock:
            return
        raise Unrefused("a block that the chain cannot take")


def expect_refused_proposal(
    process: Process, message: bytes, what: str, now: TimestampS = START
) -> None:
    """Raises `Unrefused` if a validator would vote for the message."""
    try:
        process.chain.process_proposal(now, [message])
    except ProposalRefused:
        return
    raise Unrefused(what)


def make_whole_update(process: Process, l1: FakeL1) -> bytes:
    """A message with all the news of layer 1, however deep the reorganisation is: true, at least."""
    height = get_l1_tip(process.store).height
    known = get_l1_block(process.store, height)
    while known is None or known.hash != l1.hash_at(height):
        height -= 1
        known = get_l1_block(process.store, height)
    facts = [l1.facts_at(h) for h in range(height + 1, l1.height + 1)]
    blocks = tuple(L1BlockFacts(f.header, f.selected) for f in facts)
    update = L1Update(L1Height(height), Hash32(known.hash), blocks)
    return wrap(Kind.L1_UPDATE, encode_l1_update(update))
