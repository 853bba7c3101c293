"""The same decisions again, elsewhere: a replica without layer 1, and undone versions redone."""

from random import Random

from btczs.node.chain.application import BtczsChain
from btczs.sim.invariants import InvariantBroken, require
from btczs.sim.process import Durable, Journal, Process
from btczs.sim.world import World
from btczs.store import KV, MemoryKV, StateStore

MEMPOOL_PREFIX = b"mempool/"

Image = dict[bytes, bytes]


class Replica:
    """Replays the journal from the genesis on: it sees messages, and nothing else."""

    def __init__(self, world: World) -> None:
        self._kv = MemoryKV()
        self.store = StateStore(self._kv, world.network.limits.undo_blocks)
        self._chain = BtczsChain(self.store, world.network, world.params, world.genesis, None)

    def catch_up(self, journal: Journal, version: int) -> None:
        """Replays up to `version`, and compares every root."""
        apply_decisions(self._chain, journal, version)

    def compare(self, process: Process, durable: Durable) -> None:
        """Raises `InvariantBroken` unless the replica's whole store is the node's."""
        require(self.store.root == process.store.root, "the replica has another state root")
        require(chain_image(self._kv) == chain_image(durable.kv), "the replica's store differs")
        self.store.check()


def apply_decisions(chain: BtczsChain, journal: Journal, version: int) -> None:
    """Executes the journal's decisions after the store's version, up to `version`."""
    for height in range(chain.store.version + 1, version + 1):
        decision = journal.decisions[height]
        response = chain.finalize_block(decision.request)
        if response.app_hash != decision.app_hash:
            raise InvariantBroken(f"decision {height} gives another app hash when replayed")
        chain.commit()
        if chain.store.root != journal.roots[height]:
            raise InvariantBroken(f"decision {height} gives another root when replayed")


def check_undo(world: World, durable: Durable, journal: Journal, rng: Random) -> int:
    """Undoes some versions in a copy of the store, one by one, and applies them again.

    The result must be the same, byte for byte; so must an apply and undo in the middle. Gives the
    number of versions.
    """
    kv = MemoryKV()
    kv.write(dict(durable.kv.scan(b"", None)))
    before = chain_image(kv)
    store = StateStore(kv, world.network.limits.undo_blocks)
    store.check()
    newest = store.version
    depth = rng.randint(0, newest - store.version_oldest)
    for version in range(newest - 1, newest - depth - 1, -1):
        root = store.rollback(version)
        require(root == journal.roots[version], f"undoing to version {version} gives another root")
    store.check()
    if depth:
        undone = state_image(kv)
        apply_decisions(_open(world, store), journal, store.version + 1)
        store.rollback(store.version - 1)
        require(state_image(kv) == undone, "apply, then undo, is not the identity")
    apply_decisions(_open(world, store), journal, newest)
    require(chain_image(kv) == before, "undoing and applying again gives another store")
    return depth


def _open(world: World, store: StateStore) -> BtczsChain:
    return BtczsChain(store, world.network, world.params, world.genesis, None)


def chain_image(kv: KV) -> Image:
    """The whole store of the chain, without the mempool beside it."""
    return {k: v for k, v in kv.scan(b"", None) if not k.startswith(MEMPOOL_PREFIX)}


def state_image(kv: KV) -> Image:
    """The same without undo records: applying a version forgets the oldest one for good."""
    return {k: v for k, v in chain_image(kv).items() if not k.startswith(b"u")}
