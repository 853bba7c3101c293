"""The simulated state and chain that tools and tests use."""

import pytest
from contract_world import ALICE, BOB, CONTRACT

from btczs.vm.clarity.runtime import storage
from btczs.vm.clarity.runtime.assets import U128_MAX
from btczs.vm.clarity.runtime.errors import ArithmeticOverflow, ArithmeticUnderflow
from btczs.vm.clarity.runtime.memory import MATURITY_TENURES, MemoryChain, MemoryState
from btczs.vm.clarity.runtime.views import ChainView, StateView, StxAccount


def test_they_are_views() -> None:
    chain: ChainView = MemoryChain()
    state: StateView = MemoryState(chain)
    assert (chain.block_height, state.liquid_supply()) == (1, 0)


def test_undoing_covers_bytes_accounts_and_supply() -> None:
    state = MemoryState()
    state.mint(ALICE, 10)
    outer = state.checkpoint()
    state.mint(BOB, 5)
    storage.put_var(state, CONTRACT, "x", b"\x03")
    inner = state.checkpoint()
    state.burn_stx(3)
    state.set_stx_unlocked(ALICE, 7)
    state.revert(inner)
    assert (state.stx_account(ALICE).unlocked, state.liquid_supply()) == (10, 15)
    state.revert(outer)
    assert state.stx_account(BOB) == StxAccount(0, 0, 0)
    assert storage.get_var(state, CONTRACT, "x") is None
    assert state.liquid_supply() == 10


def test_settled_changes_stay() -> None:
    state = MemoryState()
    state.checkpoint()
    state.mint(ALICE, 10)
    state.settle()
    mark = state.checkpoint()
    state.mint(ALICE, 10)
    state.revert(mark)
    assert state.stx_account(ALICE).unlocked == 10


def test_what_a_contract_keeps_can_be_listed() -> None:
    state = MemoryState()
    storage.put_var(state, CONTRACT, "x", b"\x03")
    storage.put_entry(state, CONTRACT, "m", b"key", b"\x04")
    state.mint(ALICE, 1)
    assert sorted(value for _, value in state.scan_contract(CONTRACT)) == [b"\x03", b"\x04"]


def test_amounts_stay_within_128_bits() -> None:
    state = MemoryState()
    state.mint(ALICE, U128_MAX)
    with pytest.raises(ArithmeticOverflow):
        state.mint(BOB, 1)
    assert state.stx_account(BOB).unlocked == 0
    with pytest.raises(ArithmeticUnderflow):
        state.lock(BOB, 1, 100)
    state.burn_stx(U128_MAX)
    with pytest.raises(ArithmeticUnderflow):
        state.burn_stx(1)


def test_a_lock_runs_out_at_its_height() -> None:
    chain = MemoryChain()
    state = MemoryState(chain)
    state.mint(ALICE, 10)
    state.lock(ALICE, 6, chain.l1_height + 1)
    assert state.stx_account(ALICE) == StxAccount(4, 6, chain.l1_height + 1)
    chain.advance_l1()
    assert state.stx_account(ALICE) == StxAccount(10, 0, 0)
    state.set_stx_unlocked(ALICE, 9)
    assert state.stx_account(ALICE) == StxAccount(9, 0, 0)


def test_the_chain_follows_from_its_seed() -> None:
    def story(seed: bytes) -> list[object]:
        chain = MemoryChain(seed=seed)
        chain.advance_tenures(2)
        chain.advance_blocks(3)
        heights = range(chain.block_height)
        return [*map(chain.block, heights), *map(chain.tenure_of_block, heights)]

    assert story(b"a") == story(b"a")
    assert story(b"a") != story(b"b")


def test_times_never_go_back() -> None:
    chain = MemoryChain()
    for _ in range(5):
        chain.advance_blocks(7)
        chain.advance_tenures()
    times = [block.time for block in map(chain.block, range(chain.block_height)) if block]
    assert times == sorted(times)
    assert len(times) == chain.block_height


def test_nothing_is_known_at_and_above_the_block_under_execution() -> None:
    chain = MemoryChain()
    chain.advance_blocks(2)
    height = chain.block_height
    assert chain.block(height - 1) is not None
    for above in (height, height + 1, -1):
        assert chain.block(above) is None
        assert chain.tenure_of_block(above) is None
    assert chain.l1_block(chain.l1_height - 1) is not None
    assert chain.l1_block(chain.l1_height) is None


def test_rewards_mature() -> None:
    chain = MemoryChain()
    for _ in range(MATURITY_TENURES):
        found = chain.tenure(1)
        assert found is None or found[1].block_reward is None
        chain.advance_tenures()
    chain.advance_tenures()
    found = chain.tenure(1)
    assert found is not None
    assert found[1].block_reward is not None


def test_blocks_of_bitcoinz_by_height_and_hash() -> None:
    chain = MemoryChain()
    chain.advance_l1(5)
    chain.set_l1_block(3, header_hash=b"\x03" * 32, merkle_root=b"\x04" * 32, time=9)
    block = chain.btcz_block(3)
    assert block is not None
    assert (block.header_hash, block.merkle_root, block.time) == (b"\x03" * 32, b"\x04" * 32, 9)
    assert block.confirmations == chain.l1_height - 3 + 1
    assert chain.btcz_block_by_hash(b"\x03" * 32) == block
    assert chain.btcz_block_by_hash(bytes(32)) is None
    newest = chain.btcz_block(chain.l1_height)
    assert newest is not None
    assert newest.confirmations == 1
    assert chain.btcz_block(chain.l1_height + 1) is None
