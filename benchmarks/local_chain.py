"""A whole chain on LMDB for measuring: embedded layer 1, one miner, the devnet's signers.

Several of them can look at the same layer 1: the first one mines, the others validate its blocks.
"""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from btczs.codec.clarity import principal_text
from btczs.codec.clarity.values import StandardPrincipal
from btczs.consensus.pox.l1_transactions import Coin, FeePolicy, build_operation
from btczs.consensus.pox.mining import MinerKeys, find_key, plan_commit, plan_key_register
from btczs.consensus.pox.operations import Operation, Payout, is_operation
from btczs.crypto.hashes import hash160, sha256
from btczs.crypto.secp256k1 import compute_public_key
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
from btczs.ledger.devnet import devnet_genesis, devnet_signers
from btczs.ledger.genesis import Genesis, GenesisAccount, verify_genesis
from btczs.ledger.transactions import Authenticated, make_token_transfer, sign_origin
from btczs.ledger.transactions import encode_transaction as encode_l2
from btczs.ledger.transactions.builders import single_sig
from btczs.networks import Network, load_network
from btczs.node.chain.application import BtczsChain
from btczs.node.chain.assembly import Assembled, MinerSecrets, assemble_block
from btczs.node.devnet_genesis import anchor_genesis
from btczs.node.voters import LocalSigner, SigningRecord
from btczs.primitives import BaseUnits, Hash20, Hash32, L1Height, Nonce, TimestampS
from btczs.store import StateStore
from btczs.store.lmdb import LmdbKV

NETWORK = load_network("devnet")
ACCOUNT_AMOUNT = BaseUnits(10_000 * 10**8)
FEE = BaseUnits(1000)
MINER = MinerSecrets(bytes([1]) * 32, bytes([101]) * 32, devnet_l1_secret(0))


class Key(msgspec.Struct, frozen=True):
    """An account that the genesis funds."""

    secret: bytes
    public_key: bytes
    principal: StandardPrincipal


def make_keys(count: int) -> list[Key]:
    keys = []
    for number in range(count):
        secret = sha256(b"benchmark account %d" % number)
        public_key = compute_public_key(secret)
        principal = StandardPrincipal(NETWORK.address_version_single, hash160(public_key))
        keys.append(Key(secret, public_key, principal))
    return keys


def make_recipients(count: int) -> list[StandardPrincipal]:
    """Addresses that own nothing yet."""
    version = NETWORK.address_version_single
    return [
        StandardPrincipal(version, Hash20(sha256(b"recipient %d" % number)[:20]))
        for number in range(count)
    ]


def make_transfer(sender: Key, recipient: StandardPrincipal, nonce: int) -> bytes:
    origin = single_sig(sender.public_key, nonce=Nonce(nonce), fee=FEE)
    transfer = make_token_transfer(NETWORK, origin, recipient, BaseUnits(5))
    return encode_l2(sign_origin(transfer, sender.secret))


class EmbeddedL1:
    """Layer 1 with our miner's operations, read without RPC."""

    def __init__(self, network: Network) -> None:
        self.magic = network.pox.magic
        self.node = RegtestNode(devnet_params(), miner_script=devnet_l1_script(3))
        load_bootstrap(self.node)

    def tip(self) -> BlockRef:
        tip = self.node.tip()
        return BlockRef(L1Height(tip.height), tip.hash)

    def hash_at(self, height: int) -> Hash32 | None:
        return self.node.block_hash_at(height) if height <= self.node.tip().height else None

    def facts_at(self, height: int) -> L1Facts:
        hash_ = self.hash_at(height)
        if hash_ is None:
            raise NotFollowed(L1Height(height), "layer 1 is not that high")
        block = decode_block(devnet_params(), self.node.get_block_raw(hash_))
        selected = tuple(
            (index, encode_transaction(tx))
            for index, tx in enumerate(block.transactions)
            if is_operation(self.magic, tx)
        )
        header = encode_header(block.header)
        return L1Facts(L1Height(height), hash_, header, selected, len(block.transactions))

    def broadcast(self, operation: Operation, payouts: tuple[Payout, ...]) -> None:
        """Writes one operation of the miner into the next block."""
        coins = [
            Coin(u.txid, u.index, u.value, u.script)
            for u in self.node.utxos_of(devnet_l1_script(0))
            if u.is_mature and not u.is_spent_in_pool
        ]
        built = build_operation(
            devnet_params(),
            self.magic,
            operation,
            payouts,
            coins,
            None,
            MINER.l1_secret,
            L1Height(self.node.tip().height + 1),
            FeePolicy(),
        )
        self.node.submit_transaction(built.raw)


def make_genesis(l1: EmbeddedL1, keys: list[Key]) -> Genesis:
    """The devnet's genesis with these accounts."""
    accounts = tuple(GenesisAccount(principal_text(k.principal), ACCOUNT_AMOUNT) for k in keys)
    genesis = msgspec.structs.replace(devnet_genesis(), accounts=accounts)
    verify_genesis(genesis, NETWORK)
    height = L1Height(NETWORK.pox.first_l1_height - 1)
    return anchor_genesis(genesis, BlockRef(height, l1.node.block_hash_at(height)))


class LocalNode:
    """One process's chain: store, application, engine and all signers, as the devnet runs them."""

    def __init__(self, folder: Path, l1: EmbeddedL1, genesis: Genesis) -> None:
        self.l1 = l1
        self.store = StateStore(LmdbKV(folder / "state"), NETWORK.limits.undo_blocks)
        self.chain = BtczsChain(self.store, NETWORK, devnet_params(), genesis, l1)
        record = SigningRecord(folder / "signed")
        signers = [LocalSigner(key.secret, record) for key in devnet_signers()]
        self.engine = LocalEngine(self.chain, signers)
        self.now = TimestampS(genesis.timestamp + 1)

    def settle(self) -> None:
        """Decides until nothing is left to decide: the block, then its certificate."""
        while self.engine.step(self.now):
            pass
        assert self.engine.refused is None, self.engine.refused

    def accept(self, message: bytes) -> None:
        """A block arrives: it is checked, voted for, committed, certified."""
        self.engine.submit(message)
        self.settle()

    def assemble(self, candidates: Sequence[Authenticated]) -> Assembled:
        made = assemble_block(self.chain, MINER, candidates, self.now)
        assert not made.skipped, made.skipped
        return made

    def close(self) -> None:
        self.store.close()


def elect_miner(l1: EmbeddedL1, miner: LocalNode, others: list[LocalNode]) -> None:
    """Registers the miner's key, lets it win a sortition, and begins its tenure on all nodes."""
    nodes = [miner, *others]
    keys = MinerKeys(MINER.vrf_public_key, MINER.signing_key_hash)
    l1.broadcast(plan_key_register(keys), ())
    _mine_l1(l1, nodes)
    pointer = find_key(miner.store, NETWORK, keys)
    assert pointer is not None
    tip = miner.chain.tip
    ref = miner.chain.tables.get_block_ref(tip.block_id)
    assert ref is not None
    plan = plan_commit(miner.store, NETWORK, pointer, Hash32(tip.block_id), ref, 5000)
    assert plan is not None
    l1.broadcast(plan.operation, plan.payouts)
    _mine_l1(l1, nodes)
    opening = miner.assemble(())
    for node in nodes:
        node.accept(opening.message)


def _mine_l1(l1: EmbeddedL1, nodes: list[LocalNode]) -> None:
    l1.node.generate(1)
    for node in nodes:
        node.settle()
