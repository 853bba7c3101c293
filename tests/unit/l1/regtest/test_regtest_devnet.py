"""The devnet's first blocks: valid, deterministic, quick to load, and what they pay."""

import time

import pytest
from regtest_kit import ManualClock, make_bare_node, make_node, snapshot

from btczs.l1.regtest import devnet
from btczs.l1.regtest.node import RegtestNode
from btczs.primitives import DecodeError, InvalidInput


def test_every_development_key_has_mature_coins() -> None:
    node = make_node()
    assert node.tip().height == devnet.BOOTSTRAP_HEIGHT
    for key in range(devnet.KEY_COUNT):
        coins = node.utxos_of(devnet.devnet_l1_script(key))
        assert sum(coin.is_mature for coin in coins) >= 2
        assert {coin.height % devnet.KEY_COUNT for coin in coins} == {(key + 1) % devnet.KEY_COUNT}
    assert len(snapshot(node)) == devnet.BOOTSTRAP_HEIGHT
    with pytest.raises(InvalidInput):
        devnet.devnet_l1_secret(devnet.KEY_COUNT)


def test_blocks_are_150_seconds_apart_from_2025_on() -> None:
    times = [entry.time for entry in make_node().chain.tree.active[1:]]
    first = devnet.BOOTSTRAP_FIRST_TIME
    assert times == [first + 150 * number for number in range(devnet.BOOTSTRAP_HEIGHT)]


def test_the_file_follows_from_the_clock_and_seed() -> None:
    """The first blocks made again: the same bytes as in the file."""
    from importlib import resources

    blocks = devnet.decode_chain(
        resources.files("btczs.l1.regtest").joinpath(devnet.CHAIN_FILE).read_bytes()
    )
    clock = ManualClock(devnet.BOOTSTRAP_FIRST_TIME)
    node = RegtestNode(devnet.devnet_params(), clock=clock, seed=b"btczs devnet l1")
    for number in range(6):
        block_hash = node.mine_block(devnet.devnet_l1_script(number % devnet.KEY_COUNT))
        assert node.get_block_raw(block_hash) == blocks[number]
        clock.now += 150


def test_loading_is_quick_and_happens_once() -> None:
    node = RegtestNode(devnet.devnet_params())
    started = time.process_time()
    assert devnet.load_bootstrap(node) == devnet.BOOTSTRAP_HEIGHT
    assert time.process_time() - started < 1
    assert devnet.load_bootstrap(node) == 0
    node.generate(1)
    assert devnet.load_bootstrap(node) == 0


def test_other_rules_refuse_the_blocks() -> None:
    """They are checked like any others: at regtest's own upgrade heights they are not valid."""
    node = make_bare_node(clock=ManualClock(1_750_000_000))
    with pytest.raises(InvalidInput, match="tx-overwinter-not-active"):
        devnet.load_bootstrap(node)


@pytest.mark.parametrize("cut", [0, 3, 7, 8, 9, 100])
def test_damaged_files_are_refused(cut: int) -> None:
    whole = devnet.encode_chain([b"one", b"two"])
    assert devnet.decode_chain(whole) == [b"one", b"two"]
    with pytest.raises(DecodeError):
        devnet.decode_chain(whole[:cut] if cut < len(whole) else whole + b"x")
    damaged = bytearray(whole)
    damaged[min(cut, len(whole) - 1)] ^= 0xFF
    with pytest.raises(DecodeError):
        devnet.decode_chain(bytes(damaged))
