"""The extension `btcz`: blocks, inclusion and senders of BitcoinZ."""

import pytest
from contract_world import World, shown
from hypothesis import given
from hypothesis import strategies as st

from btczs.codec.clarity import repr_value
from btczs.codec.clarity.values import (
    BufferValue,
    ListValue,
    SomeValue,
    TupleValue,
    UIntValue,
    Value,
)
from btczs.crypto.hashes import hash160
from btczs.crypto.merkle import bitcoin_merkle_branch, bitcoin_merkle_root
from btczs.l1.bitcoinz.transaction import Transaction, encode_transaction
from btczs.l1.parts import NO_INDEX, TxIn, TxOut
from btczs.l1.script import multisig, p2pkh, push
from btczs.primitives import Hash20, Hash32, Zat
from btczs.primitives.units import ZERO_HASH
from btczs.vm.clarity.runtime import btcz

KEY = b"\x02" + b"\x11" * 32
SIGNATURE = b"\x30\x44" + b"\x22" * 68 + b"\x01"
SIGNATURE = SIGNATURE[:1] + bytes((len(SIGNATURE) - 3,)) + SIGNATURE[2:]
REDEEM = multisig(2, [KEY, b"\x03" + b"\x12" * 32, b"\x03" + b"\x13" * 32])
OUTPUT = TxOut(Zat(5), p2pkh(Hash20(bytes(20))))
BTCZ = frozenset({"btcz"})

SOURCE = """
(define-public (block (h uint))
  (ok {hash: (get-btcz-block-info? header-hash h), root: (get-btcz-block-info? merkle-root h),
       time: (get-btcz-block-info? time h), depth: (get-btcz-block-info? confirmations h)}))
(define-public (verify (tx (buff 100000)) (hash (buff 32)) (index uint) (count uint)
                       (proof (list 24 (buff 32))))
  (ok (verify-btcz-merkle-proof tx hash index count proof)))
(define-public (sender (tx (buff 100000))) (ok (get-btcz-tx-sender tx)))
"""


def spend(script_sig: bytes, lock_time: int = 0) -> Transaction:
    return Transaction(
        inputs=(TxIn(Hash32(b"\x07" * 32), 1, script_sig),),
        outputs=(OUTPUT,),
        lock_time=lock_time,
    )


COINBASE = Transaction(inputs=(TxIn(ZERO_HASH, NO_INDEX, b"\x01\x05"),), outputs=(OUTPUT,))
P2PKH_SPEND = spend(push(SIGNATURE) + push(KEY))


def block_of(count: int) -> list[Transaction]:
    return [COINBASE, *(spend(push(SIGNATURE) + push(KEY), i) for i in range(1, count))]


@pytest.fixture
def world() -> World:
    world = World(BTCZ)
    world.deploy(SOURCE)
    return world


def verify(
    world: World, block: list[Transaction], index: int, /, **changes: Value
) -> tuple[str, bytes]:
    """What the contract answers about transaction `index` of `block`, which is at height 1."""
    txids = [tx.txid for tx in block]
    root, _ = bitcoin_merkle_root(txids)
    world.chain.set_l1_block(1, merkle_root=root)
    info = world.chain.btcz_block(1)
    assert info is not None
    arguments: dict[str, Value] = {
        "tx": BufferValue(encode_transaction(block[index])),
        "hash": BufferValue(info.header_hash),
        "index": UIntValue(index),
        "count": UIntValue(len(block)),
        "proof": ListValue(tuple(map(BufferValue, bitcoin_merkle_branch(txids, index)))),
        **changes,
    }
    return shown(world.call("verify", *arguments.values())), root


def test_block_properties(world: World) -> None:
    world.chain.advance_l1(4)
    block = world.chain.btcz_block(2)
    assert block is not None
    fields: tuple[tuple[str, Value], ...] = (
        ("depth", SomeValue(UIntValue(block.confirmations))),
        ("hash", SomeValue(BufferValue(block.header_hash))),
        ("root", SomeValue(BufferValue(block.merkle_root))),
        ("time", SomeValue(UIntValue(block.time))),
    )
    assert shown(world.call("block", UIntValue(2))) == f"(ok {repr_value(TupleValue(fields))})"
    assert world.meter.inputs("block_info") == [0] * 4
    unknown = "(ok (tuple (depth none) (hash none) (root none) (time none)))"
    assert shown(world.call("block", UIntValue(99))) == unknown
    assert shown(world.call("block", UIntValue(2**64))) == unknown


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8])
def test_every_transaction_of_a_block_is_in_it(world: World, count: int) -> None:
    block = block_of(count)
    for index in range(count):
        assert verify(world, block, index)[0] == "(ok (ok true))"
    assert world.meter.inputs("get_bitcoin_tx_output") == [len(encode_transaction(block[-1]))]
    assert len(world.meter.inputs("verify_merkle_proof")) == 1


def test_what_is_not_in_the_block_is_not(world: World) -> None:
    block = block_of(5)
    other = BufferValue(encode_transaction(spend(push(SIGNATURE) + push(KEY), 77)))
    assert verify(world, block, 2, tx=other)[0] == "(ok (ok false))"
    assert verify(world, block, 2, index=UIntValue(3))[0] == "(ok (ok false))"
    coinbase = BufferValue(encode_transaction(COINBASE))
    assert verify(world, block, 2, tx=coinbase)[0] == "(ok (ok false))"
    wrong = ListValue(tuple(BufferValue(bytes((i,)) * 32) for i in range(3)))
    assert verify(world, block, 2, proof=wrong)[0] == "(ok (ok false))"
    short = ListValue((BufferValue(b"\x01"), *wrong.items[1:]))
    assert verify(world, block, 2, proof=short)[0] == "(ok (ok false))"


def test_refusals_have_codes(world: World) -> None:
    block = block_of(5)
    assert verify(world, block, 2, hash=BufferValue(bytes(32)))[0] == "(ok (err u1))"
    raw = encode_transaction(block[2])
    for bad in (b"", raw[:-1], raw + b"\x00", b"\x01" + raw[1:]):
        assert verify(world, block, 2, tx=BufferValue(bad))[0] == "(ok (err u2))"
    for count in (0, 2, 9, 2**100):
        assert verify(world, block, 2, count=UIntValue(count))[0] == "(ok (err u3))"
    assert verify(world, block, 2, index=UIntValue(5))[0] == "(ok (err u3))"
    assert verify(world, block, 2, proof=ListValue(()))[0] == "(ok (err u3))"


def test_a_node_of_the_tree_is_no_transaction(world: World) -> None:
    """CVE-2017-12842: the 64 bytes below a node hash to it, but have not the shape of a leaf."""
    block = block_of(4)
    txids = [tx.txid for tx in block]
    pair = txids[2] + txids[3]
    left = bitcoin_merkle_root(txids[:2])[0]
    answer, _ = verify(
        world,
        block,
        1,
        tx=BufferValue(pair),
        count=UIntValue(2),
        proof=ListValue((BufferValue(left),)),
    )
    assert answer == "(ok (err u2))"


def test_a_duplicated_branch_is_refused(world: World) -> None:
    """CVE-2012-2459: the last transaction again, where the shorter list has the padding."""
    block = block_of(3)
    txids = [tx.txid for tx in block]
    answer, _ = verify(
        world,
        block,
        2,
        index=UIntValue(3),
        count=UIntValue(4),
        proof=ListValue((BufferValue(txids[2]), BufferValue(bitcoin_merkle_root(txids[:2])[0]))),
    )
    assert answer == "(ok (ok false))"


def sender_text(version: int, hash20: bytes) -> str:
    return f"(ok (some (tuple (hash 0x{hash20.hex()}) (version 0x{version:02x}))))"


@pytest.mark.parametrize(
    ("tx", "expected"),
    [
        (P2PKH_SPEND, sender_text(0, hash160(KEY))),
        (
            spend(b"\x00" + push(SIGNATURE) * 2 + push(REDEEM)),
            sender_text(1, hash160(REDEEM)),
        ),
        (spend(push(SIGNATURE)), "(ok none)"),
        (spend(b"\x00" + push(SIGNATURE) * 2), "(ok none)"),
        (spend(push(KEY)), "(ok none)"),
        (spend(push(b"\x01") + push(KEY)), "(ok none)"),
        (spend(push(SIGNATURE) + b"\x76"), "(ok none)"),
        (spend(b"\x4c"), "(ok none)"),
        (spend(b""), "(ok none)"),
        (COINBASE, "(ok none)"),
        (Transaction(inputs=(), outputs=(OUTPUT,)), "(ok none)"),
        (Transaction(inputs=P2PKH_SPEND.inputs, outputs=(OUTPUT,), version=1, overwintered=False,
                     group_id=0), "(ok none)"),
    ],
)  # fmt: skip
def test_senders(world: World, tx: Transaction, expected: str) -> None:
    raw = encode_transaction(tx)
    assert shown(world.call("sender", BufferValue(raw))) == expected
    assert world.meter.inputs("get_bitcoin_tx_output") == [len(raw)]


def test_bytes_that_are_no_transaction_have_no_sender(world: World) -> None:
    raw = encode_transaction(P2PKH_SPEND)
    for bad in (b"", raw[:-1], raw + b"\x00"):
        assert shown(world.call("sender", BufferValue(bad))) == "(ok none)"


@given(st.binary(max_size=200), st.binary(max_size=100))
def test_any_bytes_are_answered(raw: bytes, script: bytes) -> None:
    btcz.decode_transaction(raw)
    found = btcz.find_sender(spend(script))
    assert found is None or (found[0] in (0, 1) and len(found[1]) == 20)


def test_other_networks_do_not_have_it() -> None:
    assert shown(World().run("(get-btcz-tx-sender 0x00)")) == "UndefinedFunction"
    assert shown(World(BTCZ).run("(get-btcz-tx-sender 0x00)")) == "none"


def test_a_contract_may_define_the_names_itself() -> None:
    own = "(define-read-only (get-btcz-tx-sender (tx (buff 9))) (len tx)) (get-btcz-tx-sender 0x00)"
    for extensions in (frozenset[str](), BTCZ):
        assert shown(World(extensions).run(own)) == "u1"


def test_arguments_are_checked_without_analysis() -> None:
    for source, kind in [
        ("(get-btcz-tx-sender u1)", "TypeValueError"),
        ("(get-btcz-tx-sender)", "IncorrectArgumentCount"),
        ("(get-btcz-block-info? nothing u1)", "Unreachable"),
        ("(get-btcz-block-info? time 1)", "TypeValueError"),
        ("(verify-btcz-merkle-proof 0x 0x 1 u1 (list))", "TypeValueError"),
    ]:
        assert shown(World(BTCZ).run(source)) == kind
