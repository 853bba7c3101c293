"""What a real BitcoinZ node mined, answered and accepted on its regtest network."""

from decimal import Decimal
from typing import Any

import pytest
from vector_files import load

from btczs.crypto.merkle import bitcoin_merkle_root
from btczs.l1 import InvalidProofOfWork, InvalidSolution, get_params
from btczs.l1.address import address_script, decode_l1_address, encode_l1_address, script_address
from btczs.l1.bitcoinz.difficulty import compute_median_time, compute_next_bits
from btczs.l1.bitcoinz.equihash import solve_equihash, verify_equihash
from btczs.l1.bitcoinz.header import Header, encode_equihash_input
from btczs.l1.bitcoinz.transaction import Transaction
from btczs.l1.pow import verify_pow
from btczs.l1.script.errors import ScriptFailed
from btczs.l1.script.interpreter import verify_input
from btczs.l1.wire import (
    Block,
    decode_block,
    decode_header,
    decode_transaction,
    encode_block,
    encode_header,
    encode_transaction,
    with_script_sig,
)
from btczs.primitives.units import hash_from_hex, hash_hex

# The node was started with its early upgrades moved to the first block.
REGTEST = get_params("bitcoinz", "regtest", {"overwinter": 1, "sapling": 1})


@pytest.fixture(scope="module")
def data() -> dict[str, Any]:
    return load("l1/bitcoinzd_regtest_fixtures.json")  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def blocks(data: dict[str, Any]) -> list[Block]:
    return [decode_block(REGTEST, bytes.fromhex(text)) for text in data["blocks_1_110"]]


def known_outputs(data: dict[str, Any], blocks: list[Block]) -> dict[tuple[bytes, int], Any]:
    raw_block = decode_block(REGTEST, bytes.fromhex(data["getblock_v0"]))
    transactions = [tx for block in [*blocks, raw_block] for tx in block.transactions]
    return {(tx.txid, n): out for tx in transactions for n, out in enumerate(tx.outputs)}


def test_blocks_are_a_chain_of_valid_work(data: dict[str, Any], blocks: list[Block]) -> None:
    prev = REGTEST.genesis_hash
    for height, block in enumerate(blocks, start=1):
        assert encode_block(block).hex() == data["blocks_1_110"][height - 1]
        assert block.header.prev == prev
        prev = block.header.hash
        verify_pow(REGTEST, block.header, height)
        root, mutated = bitcoin_merkle_root([tx.txid for tx in block.transactions])
        assert (root, mutated) == (block.header.merkle_root, False)
        assert block.transactions[0].is_coinbase


def test_the_difficulty_rule_gives_their_bits(blocks: list[Block]) -> None:
    headers = [decode_header(REGTEST, REGTEST.genesis_header), *(b.header for b in blocks)]

    def get(height: int) -> tuple[int, int]:
        return headers[height].time, headers[height].bits

    for height in range(1, len(headers)):
        header = headers[height]
        assert compute_next_bits(REGTEST, height - 1, get, header.time) == header.bits, height
        assert header.time > compute_median_time(height - 1, get)


def test_the_solver_finds_their_solutions(blocks: list[Block]) -> None:
    for block in blocks[:20]:
        header = block.header
        assert isinstance(header, Header)
        found = solve_equihash(48, 5, b"ZcashPoW", encode_equihash_input(header))
        assert header.solution in found


def test_a_changed_solution_is_refused(blocks: list[Block]) -> None:
    for height, block in enumerate(blocks[:20], start=1):
        raw = bytearray(encode_header(block.header))
        raw[-1] ^= 1
        header = decode_header(REGTEST, bytes(raw))
        assert isinstance(header, Header)
        with pytest.raises(InvalidProofOfWork):
            verify_pow(REGTEST, header, height)
        with pytest.raises(InvalidSolution):
            covered = encode_equihash_input(header)
            verify_equihash(48, 5, b"ZcashPoW", covered, header.solution)


def check_verbose(verbose: dict[str, Any]) -> None:
    raw = bytes.fromhex(verbose["hex"])
    tx = decode_transaction(REGTEST, raw)
    assert isinstance(tx, Transaction)
    assert encode_transaction(tx) == raw
    assert len(raw) == verbose["size"]
    assert hash_hex(tx.txid) == verbose["txid"]
    assert (tx.version, tx.overwintered) == (verbose["version"], verbose["overwintered"])
    assert f"{tx.group_id:08x}" == verbose["versiongroupid"]
    assert (tx.lock_time, tx.expiry_height) == (verbose["locktime"], verbose["expiryheight"])
    assert tx.value_balance == verbose["valueBalanceZat"]
    for item, shown in zip(tx.inputs, verbose["vin"], strict=True):
        assert item.sequence == shown["sequence"]
        if "coinbase" in shown:
            assert item.script_sig.hex() == shown["coinbase"]
        else:
            assert (item.prev_txid, item.prev_index) == (
                hash_from_hex(shown["txid"]),
                shown["vout"],
            )
            assert item.script_sig.hex() == shown["scriptSig"]["hex"]
    for output, shown in zip(tx.outputs, verbose["vout"], strict=True):
        assert output.value == shown["valueZat"] == Decimal(str(shown["value"])) * 10**8
        script = shown["scriptPubKey"]
        assert output.script.hex() == script["hex"]
        address = script_address(output.script)
        addresses = script.get("addresses", [])
        assert addresses == ([encode_l1_address(REGTEST, address)] if address else [])
        for text in addresses:
            assert address_script(decode_l1_address(REGTEST, text)) == output.script


def test_transactions_read_as_the_node_shows_them(data: dict[str, Any]) -> None:
    check_verbose(data["coinbase_verbose"])
    for verbose in data["getblock_v2"]["tx"]:
        check_verbose(verbose)


def test_block_reads_as_the_node_shows_it(data: dict[str, Any]) -> None:
    shown = data["getblock_v2"]
    raw = bytes.fromhex(data["getblock_v0"])
    block = decode_block(REGTEST, raw)
    header = block.header
    assert isinstance(header, Header)
    assert encode_header(header).hex() == data["getblockheader_hex"]
    assert len(raw) == shown["size"]
    for answer in (shown, data["getblockheader"]):
        assert hash_hex(header.hash) == answer["hash"]
        assert hash_hex(header.merkle_root) == answer["merkleroot"]
        assert hash_hex(header.reserved) == answer["finalsaplingroot"]
        assert hash_hex(header.nonce) == answer["nonce"]
        assert header.solution.hex() == answer["solution"]
        assert (header.version, header.time) == (answer["version"], answer["time"])
        assert f"{header.bits:08x}" == answer["bits"]
    assert [hash_hex(tx.txid) for tx in block.transactions] == [tx["txid"] for tx in shown["tx"]]
    verify_pow(REGTEST, header, shown["height"])


def test_spends_the_node_accepted_verify(data: dict[str, Any], blocks: list[Block]) -> None:
    outputs = known_outputs(data, blocks)
    height = data["getblock_v2"]["height"]
    spends = [tx["hex"] for tx in data["getblock_v2"]["tx"]] + [data["p2sh_11_of_15_spend"]]
    verified = 0
    for text in spends:
        tx = decode_transaction(REGTEST, bytes.fromhex(text))
        if tx.is_coinbase:
            continue
        for index, item in enumerate(tx.inputs):
            spent = outputs[item.prev_txid, item.prev_index]
            arguments = (spent.script, spent.value, height + 1)
            verify_input(REGTEST, tx, index, *arguments)
            verify_input(REGTEST, tx, index, *arguments, policy=True)
            canopy = get_params("bitcoinz", "regtest", {"overwinter": 1, "sapling": 1, "canopy": 1})
            with pytest.raises(ScriptFailed):
                verify_input(canopy, tx, index, *arguments)
            with pytest.raises(ScriptFailed):
                verify_input(REGTEST, tx, index, spent.script, spent.value + 1, height + 1)
            with pytest.raises(ScriptFailed):
                changed = with_script_sig(tx, index, item.script_sig[:-1])
                verify_input(REGTEST, changed, index, *arguments)
            verified += 1
    assert verified >= 2
