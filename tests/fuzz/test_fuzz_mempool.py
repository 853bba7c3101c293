"""Mutated transactions into the mempool: a typed refusal, and nothing has changed."""

import msgspec
from corpus import transactions
from ledger_world import World, describe
from mutations import ROUNDS, bounded, make_random, mutate_bytes

from btczs.ledger.rejections import TransactionRejected
from btczs.ledger.transactions import compute_txid


def test_mutated_transactions() -> None:
    rng, raws, world = make_random("mempool"), transactions(), World()
    world.admit(raws[0])
    before, stored = describe(world.pool), list(world.kv.scan(b"", None))
    for case in range(300 * ROUNDS):
        raw = mutate_bytes(rng, rng.choice(raws), rng.choice(raws))
        if raw in raws:
            continue
        with bounded(f"mempool case {case}: {raw.hex()}"):
            try:
                world.admit(raw)
            except TransactionRejected as error:
                reason, data = error.to_reason()
                assert reason
                msgspec.json.encode(data)
            else:
                raise AssertionError("a changed transaction was taken in")
            assert describe(world.pool) == before
            assert list(world.kv.scan(b"", None)) == stored
    again = world.admit(raws[0])
    assert again.already
    assert again.txid == compute_txid(raws[0])
