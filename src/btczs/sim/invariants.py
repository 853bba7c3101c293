"""What must hold after every step, whatever happened. Each rule is one method.

The checker keeps its own books: blocks, mined transactions, certificates, issued coins. They are
filled from the decisions of the journal and compared with what the node says.
"""

import msgspec

from btczs.consensus.pox.view import get_anchored_height, get_l1_tip, get_tenure
from btczs.finality.signatures import verify_certificate
from btczs.indexer.records import decode_record
from btczs.ledger.blocks import Block, block_hash, block_id
from btczs.ledger.supply import get_supply, verify_supply
from btczs.ledger.transactions import compute_txid
from btczs.node.chain.messages import Proposal, decode_proposal
from btczs.node.chain.signers import get_signer_set
from btczs.primitives import ChainHeight, Hash32
from btczs.sim.process import Journal, Process
from btczs.sim.users import Users
from btczs.sim.world import World


class InvariantBroken(AssertionError):
    """Something that must always hold does not."""


def require(ok: bool, what: str) -> None:
    if not ok:
        raise InvariantBroken(what)


class Books(msgspec.Struct):
    """What the checker knows for sure."""

    version: int
    issued: int
    paid_epoch: int = -1
    block_ids: list[bytes] = []
    block_hashes: list[bytes] = []
    mined: dict[bytes, int] = {}
    """Height of the block that has the transaction."""
    certificates: dict[int, bytes] = {}
    """The certified block hash at a height."""
    coinbases: int = 0
    dropped: dict[str, int] = {}
    """Acknowledged transactions that ended otherwise than in a block, by status."""


class Checker:
    def __init__(self, world: World, journal: Journal, users: Users, process: Process) -> None:
        self._world = world
        self._journal = journal
        self._users = users
        self._settled: set[Hash32] = set()
        tip = process.chain.tip
        self.books = Books(process.store.version, get_supply(process.store).issued)
        self.books.block_ids.append(tip.block_id)
        self.books.block_hashes.append(tip.block_hash)
        self._last_root = process.store.root
        journal.roots[process.store.version] = process.store.root

    def check(self, process: Process) -> None:
        """Raises `InvariantBroken`, or what the check of another module raises."""
        self._check_version(process)
        self._check_tip(process)
        verify_supply(process.store, self._world.network.token)
        self._check_acknowledged(process)
        self._check_signatures(process)

    def _check_version(self, process: Process) -> None:
        """Time goes forward: at most one decision at a time, and none is ever taken back."""
        version, root = process.store.version, process.store.root
        if version == self.books.version:
            require(root == self._last_root, "the state changed without a decision")
            return
        require(version == self.books.version + 1, "the version makes steps of one")
        decision = self._journal.decisions[version]
        require(process.chain.info().last_app_hash == decision.app_hash, "the app hash changed")
        self._follow_decision(process, decode_proposal(decision.request.messages))
        self.books.version, self._last_root = version, root
        self._journal.roots[version] = root

    def _follow_decision(self, process: Process, proposal: Proposal) -> None:
        signers = get_signer_set(process.store)
        for certificate in proposal.certificates:
            height = certificate.height
            verify_certificate(signers, certificate)
            known = self.books.certificates.setdefault(height, certificate.block_hash)
            require(known == certificate.block_hash, "two blocks of one height are certified")
            require(
                certificate.block_hash == self.books.block_hashes[height],
                "what is certified is not the block of the chain",
            )
        issued = get_supply(process.store).issued
        expected = 0
        if proposal.block is not None:
            expected = self._follow_block(process, proposal.block, proposal.block_bytes)
        require(issued - self.books.issued == expected, "the coinbase is not what is due")
        self.books.issued = issued

    def _follow_block(self, process: Process, block: Block, encoded: bytes) -> int:
        """Notes a new block. Gives the coinbase that it may issue."""
        header, books = block.header, self.books
        height = len(books.block_ids)
        require(header.chain_length == height, "blocks follow one another")
        require(header.parent_block_id == books.block_ids[-1], "a block builds on the one before")
        require(process.chain.tables.get_block_bytes(height) == encoded, "another block is stored")
        books.block_ids.append(block_id(header))
        books.block_hashes.append(block_hash(header))
        for raw in block.transactions:
            txid = compute_txid(raw)
            require(txid not in books.mined, "a transaction is in two blocks")
            books.mined[txid] = height
        record = process.chain.tables.get_record_bytes(ChainHeight(height))
        require(record is not None and decode_record(record).height == height, "no index record")
        return self._compute_coinbase(process) if _opens_tenure(process) else 0

    def _compute_coinbase(self, process: Process) -> int:
        """The schedule in its plainest form: every epoch that is not paid yet, up to the cap."""
        token = self._world.network.token
        tenure = get_tenure(process.store, self._world.network.pox)
        require(tenure is not None, "a block without an elected miner")
        assert tenure is not None
        due = 0
        for epoch in range(self.books.paid_epoch + 1, tenure.epoch + 1):
            due += token.reward_initial // 2 ** (epoch // token.halving_epochs)
        self.books.paid_epoch = max(self.books.paid_epoch, tenure.epoch)
        self.books.coinbases += 1
        return min(due, token.supply_max - self.books.issued)

    def _check_tip(self, process: Process) -> None:
        tip, books = process.chain.tip, self.books
        require(tip.height == len(books.block_ids) - 1, "blocks vanished or came from nowhere")
        require(tip.block_id == books.block_ids[-1], "the tip is another block")
        require(tip.signed_height <= tip.height, "something is signed that is not there")
        require(tip.signed_height == max(books.certificates, default=0), "signatures got lost")
        network = self._world.network
        confirmations = network.btcz_connection.min_confirmations
        anchored = get_anchored_height(process.store, network, 1)
        final = get_anchored_height(process.store, network, confirmations)
        require(final <= anchored <= tip.height, "final, anchored and newest are out of order")

    def _check_acknowledged(self, process: Process) -> None:
        """Every acknowledged transaction waits, or is in a block, or was dropped for a reason."""
        for txid in self._users.acknowledged:
            if txid in self._settled or process.mempool.get(txid) is not None:
                continue
            if txid in self.books.mined:
                self._settled.add(txid)
                continue
            dropped = process.mempool.get_dropped(txid)
            if dropped is None:
                raise InvariantBroken(f"an acknowledged transaction is lost: {txid.hex()}")
            other = dropped.replaced_by
            if dropped.status == "dropped_replace_by_fee":
                known = other in self._users.submitted or other in self.books.mined
                require(known, "replaced by a transaction that nobody knows")
        for txid in get_waiting(process) if process.is_mempool_current else ():
            require(txid not in self.books.mined, "a mined transaction still waits")

    def _check_signatures(self, process: Process) -> None:
        """What the engine proposed itself, it accepted itself."""
        require(process.engine.refused is None, f"own proposal: {process.engine.refused}")

    def check_l1_view(self, process: Process) -> None:
        """With nothing left to decide, the state sees what layer 1 shows."""
        newest = self._world.l1.tip()
        tip = get_l1_tip(process.store)
        require(
            newest is not None and (newest.height, newest.hash) == (tip.height, tip.hash),
            "the view of layer 1 stays behind",
        )

    def count_outcomes(self, process: Process) -> None:
        """Fills `books.dropped`, at the end."""
        for txid in self._users.acknowledged:
            dropped = None if txid in self.books.mined else process.mempool.get_dropped(txid)
            if dropped is not None:
                count = self.books.dropped.get(dropped.status, 0)
                self.books.dropped[dropped.status] = count + 1


def get_waiting(process: Process) -> list[Hash32]:
    return [entry.txid for entry in process.mempool.entries()]


def _opens_tenure(process: Process) -> bool:
    return process.chain.tip.tenure_blocks == 1
