"""What contracts see of the chain."""

import pytest
from contract_world import CONTRACT, World, result, shown

from btczs.codec.clarity import repr_value
from btczs.codec.clarity.values import BufferValue, StandardPrincipal, UIntValue, Value
from btczs.crypto.hashes import sha512_256
from btczs.primitives import Hash20
from btczs.vm.clarity.names import ClarityVersion


def ask(world: World, expression: str, version: ClarityVersion = 6) -> str:
    outcome = world.run(expression, version)
    if not outcome.error:
        world.state.revert(0)  # so that the next contract can take the name
    return shown(outcome)


@pytest.fixture
def world() -> World:
    world = World()
    world.chain.advance_tenures(3)
    world.chain.advance_blocks(2)
    world.state.settle()
    world.state.checkpoint()
    return world


def test_heights(world: World) -> None:
    chain = world.chain
    assert (chain.tenure_height, chain.block_height, chain.l1_height) == (4, 6, 4)
    assert ask(world, "stacks-block-height") == "u6"
    assert ask(world, "tenure-height") == "u4"
    assert ask(world, "burn-block-height") == "u4"
    assert ask(world, "block-height", 2) == "u4"
    assert ask(world, "stacks-block-time") == f"u{chain.block_time}"


def test_blocks_below_the_one_under_execution(world: World) -> None:
    block = world.chain.block(5)
    assert block is not None
    expected: list[tuple[str, Value]] = [
        ("id-header-hash", BufferValue(block.id_header_hash)),
        ("header-hash", BufferValue(block.header_hash)),
        ("time", UIntValue(block.time)),
    ]
    for name, value in expected:
        answer = ask(world, f"(get-stacks-block-info? {name} u5)")
        assert answer == f"(some {repr_value(value)})"
    assert ask(world, "(get-stacks-block-info? time u6)") == "none"
    assert ask(world, f"(get-stacks-block-info? time u{2**32})") == "none"
    assert world.meter.inputs("block_info") == [0]


def test_tenures_by_block(world: World) -> None:
    tenure = world.chain.tenure_of_block(5)
    assert tenure is not None
    expected: list[tuple[str, Value]] = [
        ("time", UIntValue(tenure.time)),
        ("vrf-seed", BufferValue(tenure.vrf_seed)),
        ("burnchain-header-hash", BufferValue(tenure.l1_header_hash)),
        ("miner-address", tenure.miner),
        ("miner-spend-winner", UIntValue(0)),
        ("miner-spend-total", UIntValue(0)),
    ]
    for name, value in expected:
        assert ask(world, f"(get-tenure-info? {name} u5)") == f"(some {repr_value(value)})"
    assert ask(world, "(get-tenure-info? block-reward u5)") == "none", "not matured"
    assert ask(world, "(get-tenure-info? time u6)") == "none"


def test_rewards_are_told_once_they_have_matured(world: World) -> None:
    world.chain.set_tenure(4, block_reward=77)
    world.chain.advance_tenures(100)
    assert ask(world, "(get-tenure-info? block-reward u4)") == "none"
    world.chain.advance_tenures()
    assert ask(world, "(get-tenure-info? block-reward u4)") == "(some u77)"


def test_get_block_info_asks_by_tenure(world: World) -> None:
    world.chain.chain_id = 0x80000001
    world.chain.advance_blocks(4)
    world.chain.advance_tenures()
    first = world.chain.block(4)  # of tenure 4; the tenure goes on to block 10
    assert first is not None
    expected = f"(some {repr_value(BufferValue(first.header_hash))})"
    assert ask(world, "(get-block-info? header-hash u4)", 2) == expected
    assert ask(world, "(get-block-info? header-hash u5)", 2) == "none", "it is the current one"
    assert ask(world, "(get-block-info? header-hash u6)", 2) == "none"


def test_get_block_info_asks_by_block_on_the_classic_test_network(world: World) -> None:
    block = world.chain.block(5)
    assert block is not None
    expected = f"(some {repr_value(BufferValue(block.id_header_hash))})"
    assert ask(world, "(get-block-info? id-header-hash u5)", 1) == expected
    assert ask(world, "(get-block-info? id-header-hash u6)", 1) == "none"


def test_layer_1(world: World) -> None:
    pays = ((0, b"\x01" * 20), (6, b"\x02" * 32))
    world.chain.set_l1_block(3, pox_addresses=pays, payout=5)
    block = world.chain.l1_block(3)
    assert block is not None
    answer = ask(world, "(get-burn-block-info? header-hash u3)")
    assert answer == f"(some {repr_value(BufferValue(block.header_hash))})"
    first = f"(tuple (hashbytes 0x{'01' * 20}) (version 0x00))"
    second = f"(tuple (hashbytes 0x{'02' * 32}) (version 0x06))"
    answer = ask(world, "(get-burn-block-info? pox-addrs u3)")
    assert answer == f"(some (tuple (addrs (list {first} {second})) (payout u5)))"
    assert world.meter.inputs("burn_block_info") == [0]
    assert ask(world, "(get-burn-block-info? header-hash u4)") == "none"


@pytest.mark.parametrize(
    ("expression", "version"),
    [
        ("(get-block-info? nothing u0)", 2),
        ("(get-block-info? block-reward u0)", 1),
        ("(get-stacks-block-info? vrf-seed u0)", 6),
        ("(get-tenure-info? header-hash u0)", 6),
        ("(get-burn-block-info? time u0)", 6),
        ("(get-burn-block-info? u1 u0)", 6),
    ],
)
def test_unknown_properties(expression: str, version: ClarityVersion) -> None:
    assert result(expression, version) == "Unreachable"


def test_heights_are_uints_and_properties_need_one() -> None:
    assert result("(get-stacks-block-info? time 0)") == "TypeValueError"
    assert result("(get-stacks-block-info? time)") == "IncorrectArgumentCount"


def test_contract_hash() -> None:
    source = "(define-public (f) (ok (contract-hash? current-contract)))"
    world = World()
    world.deploy(source)
    digest = repr_value(BufferValue(sha512_256(source.encode())))
    assert shown(world.call("f")) == f"(ok (ok {digest}))"
    assert world.meter.inputs("contract_hash") == [0]


def test_contract_hash_of_what_is_no_contract() -> None:
    world = World()
    assert shown(world.run("(contract-hash? tx-sender)")) == "(err u1)"
    assert world.meter.inputs("contract_hash") == []
    assert result("(contract-hash? .nothing)") == "(err u2)"
    assert result("(contract-hash? u1)") == "ExpectedContractPrincipalValue"


def test_a_contract_knows_its_hash_while_it_is_deployed() -> None:
    source = "(contract-hash? current-contract)"
    digest = repr_value(BufferValue(sha512_256(source.encode())))
    assert result(source) == f"(ok {digest})"
    assert CONTRACT.issuer == StandardPrincipal(26, Hash20(b"\x0a" * 20))
