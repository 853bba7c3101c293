"""What the node acknowledged survives: a clean end, kill -9, and damage is noticed."""

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from regtest_kit import (
    ACTIVE,
    COIN,
    ManualClock,
    get_script,
    make_bare_node,
    make_node,
    mature_coins,
    mine_branch,
    output_of,
    pay,
    send,
    snapshot,
)

from btczs.l1.params import get_params
from btczs.l1.regtest.devnet import devnet_params
from btczs.l1.regtest.errors import CorruptStorage, NodeClosed
from btczs.l1.regtest.node import RegtestNode
from btczs.primitives import Unavailable

WRITER = """
import sys
from pathlib import Path
from btczs.l1.regtest.devnet import devnet_l1_script, devnet_params, load_bootstrap
from btczs.l1.regtest.node import RegtestNode
sys.path.insert(0, sys.argv[2])
from regtest_kit import mature_coins, pay, send

node = RegtestNode(devnet_params(), Path(sys.argv[1]), clock=lambda: 1_750_000_000)
load_bootstrap(node)
print("open", node.tip().height, flush=True)
key = 0
while True:
    coins = mature_coins(node, 0)
    if coins:
        print("tx", send(node, pay(node, coins[:1], [(devnet_l1_script(1), 1000)])).hex(), flush=True)
    print("block", node.mine_block(devnet_l1_script(0)).hex(), flush=True)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "l1" / "chain.sqlite"


def test_a_restart_finds_chain_branches_marks_and_pool(path: Path) -> None:
    node = make_node(path)
    branch = mine_branch(node, 2, b"side")
    hashes = node.generate(4)
    for raw in branch:
        node.submit_block(raw)
    node.invalidate_block(hashes[3])
    parent = pay(node, [mature_coins(node, 0)[0]], [(get_script(1), COIN)])
    child = pay(node, [output_of(node, parent, 0)], [], key=1)
    for tx in (parent, child):
        send(node, tx)
    coins, tip, work = snapshot(node), node.tip(), node.tip_entry.chain_work
    leaves = [(e.hash, e.failed, e.validated) for e in node.chain.tree.get_leaves()]
    node.close()

    again = make_node(path, is_new=False)
    assert (again.tip(), again.tip_entry.chain_work) == (tip, work)
    assert snapshot(again) == coins
    assert [(e.hash, e.failed, e.validated) for e in again.chain.tree.get_leaves()] == leaves
    assert [e.txid for e in again.pool.iterate()] == [parent.txid, child.txid]
    found = again.find_transaction(parent.txid)
    assert found is not None
    assert found.block is None
    again.reconsider_block(hashes[3])
    assert again.tip().hash == hashes[3]
    again.generate(1)
    assert len(again.pool) == 0
    latest = [(a.txid, a.spends) for a in again.get_activity(get_script(1))][-3:]
    assert latest == [(parent.txid, False), (child.txid, False), (child.txid, True)]


def test_a_restart_after_a_reorganisation_keeps_the_order_of_the_pool(path: Path) -> None:
    node = make_node(path)
    branch = mine_branch(node, 2, b"side")
    parent = pay(node, [mature_coins(node, 0)[0]], [(get_script(1), COIN)])
    send(node, parent)
    node.generate(1)
    child = pay(node, [output_of(node, parent, 0)], [], key=1)
    send(node, child)  # stored before the parent comes back
    for raw in branch:
        node.submit_block(raw)
    node.close()
    again = make_node(path, is_new=False)
    assert [e.txid for e in again.pool.iterate()] == [parent.txid, child.txid]


@pytest.mark.parametrize("lines", [3, 8, 15])
def test_kill_minus_nine_loses_nothing_acknowledged(path: Path, lines: int) -> None:
    here = str(Path(__file__).parent)
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), here], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    said = [process.stdout.readline().split() for _ in range(lines)]
    os.kill(process.pid, signal.SIGKILL)
    said += [line.split() for line in process.stdout if line.endswith("\n")]
    process.wait(timeout=30)
    process.stdout.close()
    assert ["open", "110"] in said

    node = make_node(path, is_new=False)
    blocks = [bytes.fromhex(words[1]) for words in said if words[0] == "block"]
    active = [entry.hash for entry in node.chain.tree.active]
    assert active[111 : 111 + len(blocks)] == blocks
    assert node.tip().height in (110 + len(blocks), 111 + len(blocks))
    for words in said:
        if words[0] == "tx":
            assert node.find_transaction(bytes.fromhex(words[1])) is not None  # type: ignore[arg-type]
    assert node.chain.coins.compute_total() == sum(
        node.params.compute_subsidy(h) for h in range(1, node.tip().height + 1)
    )
    node.generate(1)
    node.close()


def test_a_file_of_other_rules_is_refused(path: Path) -> None:
    make_node(path).close()
    with pytest.raises(CorruptStorage, match="other rules"):
        RegtestNode(get_params("bitcoinz", "regtest"), path)
    make_node(path, is_new=False).close()


def test_altered_blocks_are_noticed(path: Path) -> None:
    make_node(path).close()
    with sqlite3.connect(path) as db:
        (raw,) = db.execute("SELECT raw FROM blocks WHERE sequence=50").fetchone()
        damaged = raw[:-30] + bytes((raw[-30] ^ 1,)) + raw[-29:]
        db.execute("UPDATE blocks SET raw=? WHERE sequence=50", (damaged,))
    db.close()
    with pytest.raises(CorruptStorage, match="altered"):
        make_node(path, is_new=False)


def test_missing_blocks_are_noticed(path: Path) -> None:
    make_node(path).close()
    with sqlite3.connect(path) as db:
        db.execute("DELETE FROM blocks WHERE sequence=50")
    db.close()
    with pytest.raises(CorruptStorage, match="without its parent"):
        make_node(path, is_new=False)


def test_something_else_than_a_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"not a database at all" * 1000)
    with pytest.raises(CorruptStorage):
        RegtestNode(devnet_params(), path)


def test_a_failing_disk_stops_the_node_instead_of_showing_what_is_not_stored(path: Path) -> None:
    node = make_node(path)
    node._store._db.execute("PRAGMA query_only=ON")
    with pytest.raises(Unavailable):
        node.generate(1)
    with pytest.raises(NodeClosed):
        node.tip()
    again = make_node(path, is_new=False)
    assert again.tip().height == 110
    again.generate(1)


def test_a_closed_node_says_so() -> None:
    node = make_bare_node(ACTIVE)
    node.close()
    node.close()
    raw = make_node().get_block_raw(make_node().block_hash_at(1))
    for use in (
        node.tip,
        node.mine_block,
        node.pool_txids,
        lambda: node.generate(1),
        lambda: node.submit_block(raw),
        lambda: node.utxos_of(get_script(0)),
    ):
        with pytest.raises(NodeClosed):
            use()


def test_the_same_clock_and_seed_mine_the_same_blocks() -> None:
    chains = []
    for seed in (b"a", b"a", b"b"):
        node = make_bare_node(ACTIVE, seed=seed, clock=ManualClock(1_700_000_000))
        chains.append(node.generate(3))
    assert chains[0] == chains[1] != chains[2]
