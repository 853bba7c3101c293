"""A whole chain in one process: the embedded layer-1 node, miners, signers, the local engine."""

from btczs.consensus.pox.l1_transactions import Coin, FeePolicy, build_operation
from btczs.consensus.pox.mining import MinerKeys, find_key, plan_commit, plan_key_register
from btczs.consensus.pox.operations import change_index, is_operation
from btczs.engine import LocalEngine
from btczs.l1.follower import BlockRef, L1Facts, NotFollowed
from btczs.l1.regtest import (
    RegtestNode,
    devnet_l1_script,
    devnet_l1_secret,
    devnet_params,
    load_bootstrap,
)
from btczs.l1.wire import decode_block, encode_header, encode_transaction
from btczs.ledger.devnet import devnet_accounts, devnet_genesis, devnet_signers
from btczs.networks import load_network
from btczs.node.chain.application import BtczsChain
from btczs.node.chain.assembly import MinerSecrets, assemble_block, is_elected
from btczs.node.devnet_genesis import anchor_genesis
from btczs.node.voters import LocalSigner, SigningRecord
from btczs.primitives import Hash32, L1Height, TimestampS
from btczs.store import MemoryKV, StateStore


class DirectL1:
    """Layer 1 read straight from the embedded node, without RPC."""

    def __init__(self, node: RegtestNode, magic: str) -> None:
        self.node, self.magic = node, magic

    def tip(self) -> BlockRef:
        tip = self.node.tip()
        return BlockRef(L1Height(tip.height), tip.hash)

    def hash_at(self, height: int) -> Hash32 | None:
        return self.node.block_hash_at(height) if height <= self.node.tip().height else None

    def facts_at(self, height: int) -> L1Facts:
        hash_ = self.hash_at(height)
        if hash_ is None:
            raise NotFollowed(height, "above the tip")
        block = decode_block(devnet_params(), self.node.get_block_raw(hash_))
        selected = tuple(
            (i, encode_transaction(tx))
            for i, tx in enumerate(block.transactions)
            if is_operation(self.magic, tx)
        )
        header = encode_header(block.header)
        return L1Facts(L1Height(height), hash_, header, selected, len(block.transactions))


class Kit:
    """Two miners, the devnet's signers, a clock that stands still."""

    def __init__(self, store: StateStore | None = None, node: RegtestNode | None = None) -> None:
        self.network = load_network("devnet")
        self.params = devnet_params()
        if node is None:
            node = RegtestNode(self.params, miner_script=devnet_l1_script(3))
            load_bootstrap(node)
        self.node = node
        self.l1 = DirectL1(node, self.network.pox.magic)
        anchor = BlockRef(L1Height(110), node.block_hash_at(110))
        self.genesis = anchor_genesis(devnet_genesis(), anchor)
        self.store = store or StateStore(MemoryKV(), self.network.limits.undo_blocks)
        self.chain = BtczsChain(self.store, self.network, self.params, self.genesis, self.l1)
        record = SigningRecord(None)
        signers = [LocalSigner(key.secret, record) for key in devnet_signers()]
        self.engine = LocalEngine(self.chain, signers)
        self.now = TimestampS(self.genesis.timestamp + 1)
        self.miners = [
            MinerSecrets(bytes([i + 1]) * 32, bytes([i + 101]) * 32, devnet_l1_secret(i))
            for i in range(2)
        ]
        self.accounts = devnet_accounts()

    def settle(self) -> None:
        """Lets the engine decide until there is nothing to decide."""
        while self.engine.step(self.now):
            pass
        assert self.engine.refused is None, self.engine.refused

    def mine_l1(self, count: int = 1) -> None:
        self.node.generate(count)
        self.settle()

    def register_keys(self) -> None:
        for place, miner in enumerate(self.miners):
            keys = MinerKeys(miner.vrf_public_key, miner.signing_key_hash)
            self._broadcast(place, plan_key_register(keys), (), None)
        self.mine_l1()

    def commit(self, place: int, amount: int = 5000) -> None:
        miner = self.miners[place]
        keys = MinerKeys(miner.vrf_public_key, miner.signing_key_hash)
        key = find_key(self.store, self.network, keys)
        assert key is not None
        tip = self.chain.tip
        ref = self.chain.tables.get_block_ref(tip.block_id)
        assert ref is not None
        plan = plan_commit(self.store, self.network, key, Hash32(tip.block_id), ref, amount)
        assert plan is not None
        linked = plan.linked
        first = None if linked is None else (linked.txid, change_index(linked.payout_count))
        self._broadcast(place, plan.operation, plan.payouts, first)

    def _broadcast(self, place, operation, payouts, linked) -> None:
        utxos = self.node.utxos_of(devnet_l1_script(place))
        coins = [
            Coin(u.txid, u.index, u.value, u.script)
            for u in utxos
            if u.is_mature and not u.is_spent_in_pool
        ]
        first = next((c for c in coins if (c.txid, c.index) == linked), None)
        built = build_operation(
            self.params,
            self.network.pox.magic,
            operation,
            payouts,
            coins,
            first,
            self.miners[place].l1_secret,
            L1Height(self.node.tip().height + 1),
            FeePolicy(),
        )
        self.node.submit_transaction(built.raw)

    def elected(self) -> int:
        return next(i for i, m in enumerate(self.miners) if is_elected(self.chain, m))

    def make_block(self, transactions=()) -> None:
        """The elected miner makes a block, and the signers sign it."""
        raws = self.chain.senders.authenticate(transactions)
        made = assemble_block(self.chain, self.miners[self.elected()], raws, self.now)
        assert not made.skipped, made.skipped
        self.engine.submit(made.message)
        self.settle()

    def start(self) -> None:
        """Keys, commits, a first tenure and its first block."""
        self.register_keys()
        self.commit(0)
        self.commit(1)
        self.mine_l1()
        self.make_block()
