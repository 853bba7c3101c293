"""Mistakes that the simulation found, each small enough to see."""

import pytest

from btczs.codec.clarity.values import StandardPrincipal
from btczs.crypto.secp256k1 import compute_public_key
from btczs.engine import ProposalRefused
from btczs.ledger.blocks import Block, encode_block
from btczs.ledger.transactions import (
    compute_txid,
    encode_transaction,
    make_token_transfer,
    sign_origin,
)
from btczs.ledger.transactions.builders import single_sig
from btczs.node.chain.assembly import Assembled, assemble_block, is_elected
from btczs.node.chain.messages import Kind, wrap
from btczs.primitives import TimestampS
from btczs.sim.miners import MinerOnL1
from btczs.sim.process import Durable, Journal, Process
from btczs.sim.world import START, Key, World, make_world
from btczs.store.errors import StoreFailed
from btczs.testing import Fault


class Fixed:
    """A `random.Random` of which only the middle is ever drawn."""

    def randint(self, low: int, high: int) -> int:
        return (low + high) // 2

    def randrange(self, stop: int) -> int:
        return stop // 2


@pytest.fixture
def node() -> tuple[World, Process]:
    """A node whose first tenure is about to begin."""
    world = make_world()
    process = Process(world, Durable(), Journal())
    mine_l1(world, process, MinerOnL1(world, 0, Fixed()), 4)  # type: ignore[arg-type]
    return world, process


def mine_l1(world: World, process: Process, miner: MinerOnL1, count: int) -> None:
    for _ in range(count):
        miner.act(process)
        world.l1.mine()
        settle(process)
    assert is_elected(process.chain, miner.secrets)


def settle(process: Process) -> None:
    while process.step(START):
        pass


def transfer(world: World, sender: Key, recipient: Key, nonce: int) -> bytes:
    origin = single_sig(sender.public_key, nonce=nonce, fee=300)
    tx = make_token_transfer(world.network, origin, recipient.principal, 1_000)
    return encode_transaction(sign_origin(tx, sender.secret))


def assemble(world: World, process: Process) -> Assembled:
    candidates = process.mempool.select(process.store, 10_000, 100)
    return assemble_block(process.chain, world.miners[0], candidates, TimestampS(START + 5))


def test_a_known_header_does_not_vouch_for_another_body(node: tuple[World, Process]) -> None:
    world, process = node
    made = assemble(world, process)
    forged = wrap(Kind.BLOCK, encode_block(Block(made.block.header, ())))
    with pytest.raises(ProposalRefused):
        process.chain.process_proposal(START, [forged])
    process.engine.submit(forged)
    process.engine.submit(made.message)
    assert process.step(START)
    assert process.chain.tables.get_block_bytes(1) == encode_block(made.block)


def test_the_engine_goes_on_after_a_write_that_failed(node: tuple[World, Process]) -> None:
    world, process = node
    height = process.engine.height
    process.kv.arm(Fault.FAIL)
    process.engine.submit(assemble(world, process).message)
    with pytest.raises(StoreFailed):
        process.step(START)
    assert process.engine.height == height == process.store.version
    process.engine.submit(assemble(world, process).message)
    assert process.step(START)
    assert process.chain.tip.height == 1


def test_a_miners_own_transaction_is_not_blamed_for_the_tenure_it_opens(
    node: tuple[World, Process],
) -> None:
    world, process = node
    own = world.miners[0]
    principal = StandardPrincipal(26, own.signing_key_hash)
    key = Key(own.signing_secret, compute_public_key(own.signing_secret), principal)
    process.admit(transfer(world, world.users[0], key, 0), START)
    process.admit(transfer(world, world.users[0], key, 1), START)
    process.engine.submit(assemble(world, process).message)
    settle(process)
    raw = transfer(world, key, world.users[0], 2)
    process.admit(raw, START)
    mine_l1(world, process, MinerOnL1(world, 0, Fixed()), 2)  # type: ignore[arg-type]
    made = assemble(world, process)
    assert not made.skipped
    assert process.mempool.get(compute_txid(raw)) is not None, "no block has taken its place yet"
    process.engine.submit(made.message)
    settle(process)
    dropped = process.mempool.get_dropped(compute_txid(raw))
    assert dropped is not None
    assert dropped.status == "dropped_replace_by_fee"
    assert dropped.replaced_by == compute_txid(made.block.transactions[0])
