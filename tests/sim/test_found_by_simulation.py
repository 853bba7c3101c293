"""Mistakes that the simulation found, each small enough to see."""

import pytest

from btczs.engine import ProposalRefused
from btczs.ledger.blocks import Block, encode_block
from btczs.node.chain.assembly import Assembled, assemble_block, is_elected
from btczs.node.chain.messages import Kind, wrap
from btczs.primitives import TimestampS
from btczs.sim.miners import MinerOnL1
from btczs.sim.process import Durable, Journal, Process
from btczs.sim.world import START, World, make_world
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
    miner = MinerOnL1(world, 0, Fixed())  # type: ignore[arg-type]
    for _ in range(4):
        miner.act(process)
        world.l1.mine()
        while process.step(START):
            pass
    assert is_elected(process.chain, miner.secrets)
    return world, process


def assemble(world: World, process: Process) -> Assembled:
    return assemble_block(process.chain, world.miners[0], [], TimestampS(START + 5))


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
