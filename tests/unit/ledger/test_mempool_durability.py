"""What was acknowledged survives; what failed left no trace."""

from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest
from ledger_world import FEE, A, B, C, D, World, authenticated, describe, transfer, with_limits

from btczs.ledger import rejections
from btczs.ledger.mempool import Mempool
from btczs.ledger.mempool.records import tx_key
from btczs.primitives import Unavailable
from btczs.store import MemoryKV
from btczs.store.lmdb import LmdbKV


class FailingKV(MemoryKV):
    """Fails, or is killed, at a chosen write: before it, or just after it."""

    def __init__(self) -> None:
        super().__init__()
        self.writes = 0
        self.fail_at: int | None = None
        self.error: BaseException = Unavailable("the disk is gone")
        self.after = False

    def write(self, changes: Mapping[bytes, bytes | None], /) -> None:
        self.writes += 1
        if self.writes == self.fail_at and not self.after:
            raise self.error
        super().write(changes)
        if self.writes == self.fail_at:
            raise self.error


class Killed(BaseException):
    """The process ends here."""


def fill(world: World) -> None:
    for raw in (
        transfer(A, 0),
        transfer(A, 1, fee=2_000),
        transfer(B, 0, sponsor=C),
        transfer(A, 0, fee=3_000),
    ):
        world.admit(raw, now_s=50)


def test_a_restart_brings_everything_back() -> None:
    world = World()
    fill(world)
    again = world.reopen()
    assert describe(again) == describe(world.pool)
    assert again.unreadable == 0
    assert again.select(world.state, 10**6, 100) == world.select()
    txid = authenticated(transfer(A, 0)).txid
    assert again.get_dropped(txid).status == "dropped_replace_by_fee"
    assert again.admit(transfer(C, 1), world.state, 60, 1).txid
    assert len({entry.seq for entry in again.entries()}) == len(again) == 4


def test_a_restart_on_a_real_disk(tmp_path: Path) -> None:
    kv = LmdbKV(tmp_path / "mempool.mdb", 1 << 26)
    world = World(kv=kv)
    fill(world)
    before = describe(world.pool)
    kv.close()
    world.kv = LmdbKV(tmp_path / "mempool.mdb", 1 << 26)
    assert describe(world.reopen()) == before
    world.kv.close()


def test_a_restart_drops_what_the_state_has_overtaken() -> None:
    world = World()
    fill(world)
    world.mine([transfer(A, 0, fee=3_000)])
    stale = World()
    fill(stale)
    again = Mempool(stale.network, stale.kv, world.state, 1)
    assert [e.txid for e in sorted(again.entries(), key=lambda e: e.seq)] == [
        authenticated(raw).txid for raw in (transfer(A, 1, fee=2_000), transfer(B, 0, sponsor=C))
    ]
    mined = authenticated(transfer(A, 0, fee=3_000)).txid
    assert again.get_dropped(mined).status == "dropped_replace_across_fork"
    assert describe(Mempool(stale.network, stale.kv, world.state, 1)) == describe(again)


def test_a_restart_with_tighter_bounds_keeps_them() -> None:
    world = World()
    fill(world)
    world.network = with_limits(mempool_transactions_max=1)
    assert [e.txid for e in world.reopen().entries()] == [
        authenticated(transfer(A, 0, fee=3_000)).txid
    ]


def test_unreadable_records_are_removed_and_counted() -> None:
    world = World()
    fill(world)
    world.kv.write(
        {
            tx_key(900): b"\xc1 nonsense",
            tx_key(901): msgspec.msgpack.encode((1, 7, b"no transaction")),
            tx_key(902): msgspec.msgpack.encode((1, 7, transfer(A, 0))),
            b"mempool/drop/" + bytes(7) + b"\x63": b"nonsense",
        }
    )
    again = world.reopen()
    assert again.unreadable == 4
    assert describe(again) == describe(world.pool)
    again.admit(transfer(C, 1), world.state, 60, 1)
    assert world.reopen().unreadable == 0


def test_a_batch_is_one_write() -> None:
    world = World(kv=FailingKV())
    before = world.kv.writes
    world.pool.admit_many([transfer(A, n) for n in range(5)], world.state, 7, 1)
    assert world.kv.writes == before + 1
    world.pool.admit_many([transfer(A, n) for n in range(5)], world.state, 7, 1)
    assert world.kv.writes == before + 1, "nothing new, nothing written"


@pytest.mark.parametrize("action", ["replace", "evict", "block", "drop"])
def test_a_failed_write_changes_nothing(action: str) -> None:
    world = World(with_limits(mempool_transactions_max=3), kv=FailingKV())
    fill(world)
    before = describe(world.pool)
    choice = [t.txid for t in world.select()]
    world.kv.fail_at = world.kv.writes + 1

    def act() -> None:
        if action == "replace":
            world.admit(transfer(A, 1, fee=9_000))
        elif action == "evict":
            world.admit(transfer(D, 0, fee=9_000))
        elif action == "drop":
            world.pool.drop(choice[0], "dropped_problematic", "", 1)
        else:
            world.pool.apply_block(world.state, [authenticated(transfer(A, 0, fee=3_000))], 1)

    error = Unavailable if action in ("block", "drop") else rejections.ServerFailureDatabase
    with pytest.raises(error):
        act()
    assert describe(world.pool) == before
    assert [t.txid for t in world.select()] == choice
    assert describe(world.reopen()) == before
    act()
    assert describe(world.pool) != before
    assert describe(world.reopen()) == describe(world.pool)


def scenario(world: World, acknowledged: list[bytes]) -> None:
    """A day in the life of a mempool; `acknowledged` grows with what may not be lost."""
    for raw in (transfer(A, 0), transfer(A, 1), transfer(B, 0, sponsor=C), transfer(B, 1)):
        world.admit(raw)
        acknowledged.append(raw)
    world.admit(transfer(A, 1, fee=5 * FEE))
    acknowledged.append(transfer(A, 1, fee=5 * FEE))
    world.mine(world.select(count_max=2))
    world.pool.admit_many([transfer(A, 2), transfer(A, 3)], world.state, 9, 1)
    acknowledged.extend([transfer(A, 2), transfer(A, 3)])
    world.mine([], new_tenure=True)
    world.mine(world.select())


@pytest.mark.parametrize("after", [False, True])
def test_killed_at_any_write_nothing_acknowledged_is_lost(after: bool) -> None:
    probe = World(kv=FailingKV())
    scenario(probe, [])
    assert probe.kv.writes >= 7
    for fail_at in range(1, probe.kv.writes + 1):
        world = World(kv=FailingKV())
        world.kv.fail_at, world.kv.after, world.kv.error = fail_at, after, Killed()
        acknowledged: list[bytes] = []
        with pytest.raises(Killed):
            scenario(world, acknowledged)
        world.kv.fail_at = None
        again = world.reopen()
        for raw in acknowledged:
            item = authenticated(raw)
            nonce_used = again.nonces(item.origin, world.state).next_executed > item.origin_nonce
            known = again.get(item.txid) or again.get_dropped(item.txid)
            assert known or nonce_used, "acknowledged, but neither waiting, dropped nor mined"
        assert describe(world.reopen()) == describe(again)
