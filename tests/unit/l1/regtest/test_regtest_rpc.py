"""The methods of the RPC: results, errors with the real node's codes, and bad input."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from regtest_kit import (
    ACTIVE,
    COIN,
    forge,
    get_script,
    make_bare_node,
    make_node,
    mature_coins,
    mine_branch,
    pay,
    sign_all,
)

from btczs.l1.address import L1Address, encode_l1_address
from btczs.l1.bitcoinz.transaction import Transaction, encode_transaction
from btczs.l1.parts import TxOut
from btczs.l1.regtest.accept import decode_loose_transaction
from btczs.l1.regtest.node import RegtestNode
from btczs.l1.regtest.rpc.asm import script_to_asm
from btczs.l1.regtest.rpc.dispatch import BATCH_CALLS_MAX, handle_body
from btczs.l1.regtest.rpc.faults import RpcFault
from btczs.l1.regtest.rpc.table import METHODS
from btczs.l1.regtest.rpc.values import NumberText, read_amount
from btczs.l1.script.templates import push
from btczs.primitives import Zat
from btczs.primitives.units import hash_hex


@pytest.fixture
def node() -> RegtestNode:
    return make_node()


def post(node: RegtestNode, method: Any, *params: Any) -> tuple[int, dict[str, Any]]:
    body = json.dumps({"id": "x", "method": method, "params": params}).encode()
    status, reply = handle_body(node, body)
    return status, json.loads(reply)


def call(node: RegtestNode, method: str, *params: Any) -> Any:
    status, reply = post(node, method, *params)
    assert (status, reply["error"], reply["id"]) == (200, None, "x")
    return reply["result"]


def fail(node: RegtestNode, code: int, method: str, *params: Any) -> str:
    status, reply = post(node, method, *params)
    assert status == {-32601: 404, -32600: 400}.get(code, 500)
    assert reply["result"] is None
    assert reply["error"]["code"] == code, reply["error"]
    return str(reply["error"]["message"])


def address(node: RegtestNode, key: int) -> str:
    return encode_l1_address(node.params, L1Address("p2pkh", get_script(key)[3:23]))


def test_the_chain_is_described(node: RegtestNode) -> None:
    info = call(node, "getblockchaininfo")
    assert (info["chain"], info["blocks"], info["headers"]) == ("regtest", 110, 110)
    assert info["bestblockhash"] == call(node, "getbestblockhash")
    assert info["consensus"] == {"chaintip": "e9ff75a6", "nextblock": "e9ff75a6"}
    assert info["upgrades"]["76b809bb"]["activationheight"] == 1
    assert call(node, "getblockcount") == 110
    assert call(node, "getblockhash", 0) == hash_hex(node.params.genesis_hash)
    assert call(node, "getblockhash", -1) == info["bestblockhash"]
    assert call(node, "getdifficulty") >= 1
    assert call(node, "getmininginfo")["blocks"] == 110
    assert call(node, "getnetworkinfo")["relayfee"] == 0.000001
    assert call(node, "gettxoutsetinfo")["total_amount"] == 110 * 12500
    assert fail(node, -8, "getblockhash", 111) == "Block height out of range"
    assert fail(node, -8, "getblockhash", -112) == "Block height out of range"


def test_blocks_are_found_by_hash_and_height(node: RegtestNode) -> None:
    block_hash = call(node, "getblockhash", 5)
    block = call(node, "getblock", block_hash)
    assert block == call(node, "getblock", "5")
    assert block == call(node, "getblock", block_hash, True)
    assert call(node, "getblock", "5", 0) == call(node, "getblock", "5", False)
    assert block["confirmations"] == 106
    assert block["nextblockhash"] == call(node, "getblockhash", 6)
    header = call(node, "getblockheader", block_hash)
    assert header.items() <= block.items()
    genesis = call(node, "getblock", "0", 2)
    assert "previousblockhash" not in genesis
    assert genesis["tx"][0]["txid"] == genesis["merkleroot"]
    fail(node, -5, "getblock", "00" * 32)
    fail(node, -5, "getblock", "zz" * 32)
    fail(node, -8, "getblock", "111")
    fail(node, -8, "getblock", "abc")
    fail(node, -8, "getblock", "9" * 60)
    fail(node, -8, "getblock", "5", 3)
    fail(node, -1, "getblock", 5)
    fail(node, -1, "getblock")
    fail(node, -5, "getblockheader", "5")


def test_a_block_off_the_chain_has_no_confirmations(node: RegtestNode) -> None:
    (raw,) = mine_branch(node, 1, b"other")
    node.generate(1)
    assert call(node, "submitblock", raw.hex()) == "inconclusive"
    tips = call(node, "getchaintips")
    assert [(tip["status"], tip["branchlen"]) for tip in tips] == [
        ("active", 0),
        ("valid-headers", 1),
    ]
    side = tips[1]["hash"]
    assert call(node, "getblockheader", side)["confirmations"] == -1
    coinbase = call(node, "getblock", side)["tx"][0]
    fail(node, -5, "getrawtransaction", coinbase)
    found = call(node, "getrawtransaction", coinbase, 1, side)
    assert (found["in_active_chain"], found["height"], found["confirmations"]) == (False, -1, 0)
    call(node, "invalidateblock", call(node, "getbestblockhash"))
    assert call(node, "getbestblockhash") == side
    assert call(node, "getrawtransaction", coinbase, 1)["confirmations"] == 1


def test_sending_and_following_a_transaction(node: RegtestNode) -> None:
    coin = mature_coins(node, 0)[0]
    tx = pay(node, [coin], [(get_script(1), 3 * COIN)], fee=2000)
    raw = encode_transaction(tx).hex()
    txid = call(node, "sendrawtransaction", raw)
    assert txid == hash_hex(tx.txid)
    assert call(node, "sendrawtransaction", raw) == txid
    assert call(node, "getrawmempool") == [txid]
    entry = call(node, "getrawmempool", True)[txid]
    assert (entry["fee"], entry["descendantcount"], entry["depends"]) == (0.00002, 1, [])
    assert call(node, "getmempoolinfo")["size"] == 1
    assert "confirmations" not in call(node, "getrawtransaction", txid, 1)
    assert call(node, "gettxout", hash_hex(coin.txid), coin.index) is None
    spent = call(node, "gettxout", hash_hex(coin.txid), coin.index, False)
    assert (spent["coinbase"], spent["value"]) == (True, 12500.0)
    fresh = call(node, "gettxout", txid, 0)
    assert (fresh["confirmations"], fresh["value"], fresh["coinbase"]) == (0, 3.0, False)
    assert call(node, "gettxout", txid, 0, False) is None
    waiting = call(node, "getaddressmempool", {"addresses": [address(node, 1)]})
    assert [(w["txid"], w["satoshis"]) for w in waiting] == [(txid, 3 * COIN)]
    assert {w["satoshis"] for w in call(node, "getaddressmempool", address(node, 0))} == {
        -coin.value,
        coin.value - 3 * COIN - 2000,
    }
    (block_hash,) = call(node, "generate", 1)
    found = call(node, "getrawtransaction", txid, 1)
    assert (found["blockhash"], found["confirmations"], found["height"]) == (block_hash, 1, 111)
    assert call(node, "gettxout", txid, 0)["confirmations"] == 1
    assert call(node, "gettxout", txid, 9) is None
    assert call(node, "gettxout", txid, -1) is None
    assert "already in block chain" in fail(node, -27, "sendrawtransaction", raw)
    fail(node, -5, "getrawtransaction", "00" * 32)


def test_refusals_carry_code_and_reason(node: RegtestNode) -> None:
    coins = mature_coins(node, 0)

    def send(tx: Transaction, code: int, *more: Any) -> str:
        return fail(node, code, "sendrawtransaction", encode_transaction(tx).hex(), *more)

    unknown = pay(node, [coins[0]], [])
    call(node, "sendrawtransaction", encode_transaction(unknown).hex())
    assert send(pay(node, [coins[0]], [], fee=5000), -26) == "258: txn-mempool-conflict"
    assert send(pay(node, [coins[1]], [], fee=5), -26) == "66: min relay fee not met"
    assert send(pay(node, [coins[1]], [(get_script(1), 10)]), -26) == "64: dust"
    high = pay(node, [coins[1]], [], fee=10**8)
    assert send(high, -26) == "256: absurdly-high-fee"
    assert send(pay(node, [coins[1]], [], expiry_height=113), -26).startswith("tx-expiring-soon: ")
    v1 = pay(node, [coins[1]], [], version=1, overwintered=False, group_id=0)
    assert send(v1, -26) == "16: tx-overwintered-flag-not-set"
    nowhere = Transaction(inputs=(v1.inputs[0],), outputs=(TxOut(Zat(COIN), get_script(1)),))
    call(node, "sendrawtransaction", encode_transaction(high).hex(), True)
    node.generate(1)
    assert send(nowhere, -25) == "Missing inputs"
    for text in ("", "zz", "00", "0400008085202f89", encode_transaction(high).hex() + "00"):
        assert fail(node, -22, "sendrawtransaction", text) == "TX decode failed"
    fail(node, -3, "sendrawtransaction", 5)
    fail(node, -3, "sendrawtransaction", "00", "true")
    fail(node, -3, "decoderawtransaction", 5)
    fail(node, -22, "decoderawtransaction", "00")
    fail(node, -3, "setmocktime", "5")


def test_raw_transactions_are_built(node: RegtestNode) -> None:
    coin = mature_coins(node, 0)[0]
    inputs = [{"txid": hash_hex(coin.txid), "vout": coin.index}]
    outputs = {address(node, 1): 12499.99999, "data": "00ff"}
    raw = call(node, "createrawtransaction", inputs, outputs, 100, 150)
    tx = decode_loose_transaction(bytes.fromhex(raw))
    assert (tx.version, tx.lock_time, tx.expiry_height) == (4, 100, 150)
    assert tx.inputs[0].sequence == 0xFFFFFFFE
    assert [(o.value, o.script) for o in tx.outputs] == [
        (1_249_999_999_000, get_script(1)),
        (0, b"\x6a\x02\x00\xff"),
    ]
    usual = decode_loose_transaction(
        bytes.fromhex(call(node, "createrawtransaction", inputs, outputs))
    )
    assert usual.expiry_height == 131
    signed = sign_all(node, tx, [(0, coin.value)])
    call(node, "sendrawtransaction", encode_transaction(signed).hex())
    shape = call(node, "decoderawtransaction", encode_transaction(signed).hex())
    assert shape["vout"][0]["scriptPubKey"]["addresses"] == [address(node, 1)]
    assert shape["vin"][0]["scriptSig"]["asm"].split()[0].endswith("[ALL]")


@pytest.mark.parametrize(
    ("code", "params"),
    [
        (-1, []),
        (-3, ["x", {}]),
        (-3, [[], []]),
        (-3, [[], {}, "0"]),
        (-8, [None, {}]),
        (-8, [[{"txid": "zz", "vout": 0}], {}]),
        (-8, [[{"txid": "00" * 32}], {}]),
        (-8, [[{"txid": "00" * 32, "vout": -1}], {}]),
        (-1, [[{"txid": "00" * 32, "vout": 2**31}], {}]),
        (-1, [[5], {}]),
        (-5, [[], {"nobody": 1}]),
        (-5, [[], {"t1Hsc1LR8yKnbbe3twRp88p6vFfC5t7DLbs": 1}]),
        (-3, [[], {"tm9iMLAuYMzJ6jtFLcA7rzUmfreGuKvr7Ma": -1}]),
        (-3, [[], {"tm9iMLAuYMzJ6jtFLcA7rzUmfreGuKvr7Ma": 0.123456789}]),
        (-3, [[], {"tm9iMLAuYMzJ6jtFLcA7rzUmfreGuKvr7Ma": 21e9 + 1}]),
        (-3, [[], {"tm9iMLAuYMzJ6jtFLcA7rzUmfreGuKvr7Ma": []}]),
        (-8, [[], {"data": "xyz"}]),
        (-8, [[], {}, -1]),
        (-8, [[], {}, 2**32]),
        (-8, [[], {}, 0, 112]),
        (-8, [[], {}, 0, 500_000_000]),
    ],
)
def test_raw_transactions_of_bad_parts_are_refused(
    node: RegtestNode, code: int, params: list[Any]
) -> None:
    fail(node, code, "createrawtransaction", *params)


def test_addresses_are_looked_up(node: RegtestNode) -> None:
    zero = address(node, 0)
    valid = call(node, "validateaddress", zero)
    assert valid["isvalid"]
    assert valid["scriptPubKey"] == get_script(0).hex()
    assert call(node, "validateaddress", "nobody") == {"isvalid": False}
    utxos = call(node, "getaddressutxos", {"addresses": [zero]})
    assert len(utxos) == 28
    assert [u["height"] for u in utxos] == sorted(u["height"] for u in utxos)
    assert utxos[0]["satoshis"] == 12500 * COIN
    both = call(node, "getaddressutxos", {"addresses": [zero], "chainInfo": True})
    assert (both["height"], both["utxos"]) == (110, utxos)
    before = call(node, "getaddressbalance", zero)
    assert before == {"balance": 28 * 12500 * COIN, "received": 28 * 12500 * COIN}
    coin = mature_coins(node, 0)[0]
    tx = pay(node, [coin], [(get_script(1), COIN)], fee=1000)
    call(node, "sendrawtransaction", encode_transaction(tx).hex())
    call(node, "generatetoaddress", 1, address(node, 2))
    after = call(node, "getaddressbalance", {"addresses": [zero]})
    assert after["balance"] == before["balance"] - COIN - 1000
    txids = call(node, "getaddresstxids", {"addresses": [zero], "start": 111, "end": 111})
    assert txids == [hash_hex(tx.txid)]
    assert len(call(node, "getaddresstxids", {"addresses": [zero]})) == 29
    call(node, "invalidateblock", call(node, "getbestblockhash"))
    assert call(node, "getaddressbalance", zero) == before
    fail(node, -5, "getaddressutxos", "nobody")
    fail(node, -5, "getaddressutxos", {"addresses": zero})
    fail(node, -5, "getaddressutxos", [zero])
    fail(node, -5, "getaddresstxids", {"addresses": [zero], "start": 5, "end": 4})
    fail(node, -5, "getaddresstxids", {"addresses": [zero], "start": 0, "end": 4})
    fail(node, -5, "getaddresstxids", {"addresses": [zero], "start": 1, "end": 400})
    fail(node, -8, "getaddressutxos", {"addresses": [zero] * 1001})


def test_proofs_are_made_and_verified(node: RegtestNode) -> None:
    txs = [pay(node, [coin], []) for coin in mature_coins(node, 0)]
    for tx in txs:
        call(node, "sendrawtransaction", encode_transaction(tx).hex())
    (block_hash,) = call(node, "generate", 1)
    txids = call(node, "getblock", block_hash)["tx"]
    assert len(txids) == 4
    for wanted in ([txids[0]], txids[1:3], txids):
        proof = call(node, "gettxoutproof", wanted)
        assert proof == call(node, "gettxoutproof", wanted, block_hash)
        assert call(node, "verifytxoutproof", proof) == wanted
    proof = bytearray.fromhex(call(node, "gettxoutproof", [txids[1]]))
    proof[200] ^= 1
    assert call(node, "verifytxoutproof", proof.hex()) == []
    fail(node, -5, "gettxoutproof", ["00" * 32])
    fail(node, -5, "gettxoutproof", [txids[1], "00" * 32])
    fail(node, -5, "gettxoutproof", [txids[1]], call(node, "getblockhash", 3))
    fail(node, -8, "gettxoutproof", [txids[1], txids[1]])
    fail(node, -8, "gettxoutproof", ["00"])
    fail(node, -8, "verifytxoutproof", "")
    fail(node, -1, "verifytxoutproof", "00")
    proof_text = call(node, "gettxoutproof", [txids[1]])
    call(node, "invalidateblock", block_hash)
    assert fail(node, -5, "verifytxoutproof", proof_text) == "Block not found in chain"


def test_a_template_becomes_a_block(node: RegtestNode) -> None:
    """What a miner outside does: header from the template, work, `submitblock`."""
    tx = pay(node, [mature_coins(node, 0)[0]], [], fee=7000)
    call(node, "sendrawtransaction", encode_transaction(tx).hex())
    template = call(node, "getblocktemplate")
    assert set(template) == {
        "bits",
        "capabilities",
        "coinbasetxn",
        "curtime",
        "finalsaplingroothash",
        "height",
        "longpollid",
        "merkleroot",
        "mintime",
        "mutable",
        "noncerange",
        "previousblockhash",
        "sigoplimit",
        "sizelimit",
        "target",
        "transactions",
        "version",
    }
    assert template["transactions"][0]["hash"] == hash_hex(tx.txid)
    assert template["coinbasetxn"]["fee"] == -7000
    coinbase = decode_loose_transaction(bytes.fromhex(template["coinbasetxn"]["data"]))
    block = forge(node, [tx], coinbase=lambda _: coinbase)
    assert hash_hex(block.header.merkle_root) == template["merkleroot"]
    assert f"{block.header.bits:08x}" == template["bits"]
    proposal = {"mode": "proposal", "data": block.raw.hex()}
    assert call(node, "getblocktemplate", proposal) is None
    assert call(node, "submitblock", block.raw.hex()) is None
    assert call(node, "submitblock", block.raw.hex()) == "duplicate"
    assert call(node, "getblocktemplate", proposal) == "duplicate"
    assert call(node, "getrawmempool") == []


def test_proposals_and_blocks_are_refused_with_a_reason(node: RegtestNode) -> None:
    bad = forge(node, claim=1).raw.hex()
    proposal = {"mode": "proposal", "data": bad}
    assert call(node, "getblocktemplate", proposal) == "bad-cb-amount"
    assert call(node, "submitblock", bad, {"workid": "x"}) == "bad-cb-amount"
    assert call(node, "submitblock", bad) == "duplicate-invalid"
    elsewhere = forge(make_bare_node(ACTIVE)).raw.hex()
    proposal = {"mode": "proposal", "data": elsewhere}
    assert call(node, "getblocktemplate", proposal) == "inconclusive-not-best-prevblk"
    assert call(node, "submitblock", elsewhere) == "inconclusive"
    assert call(node, "submitblock", elsewhere) == "duplicate-inconclusive"
    fail(node, -22, "submitblock", "00")
    fail(node, -22, "submitblock", "zz")
    fail(node, -22, "getblocktemplate", {"mode": "proposal", "data": "00"})
    fail(node, -3, "getblocktemplate", {"mode": "proposal"})
    fail(node, -8, "getblocktemplate", {"mode": "x"})


def test_blocks_are_generated_within_bounds(node: RegtestNode) -> None:
    assert call(node, "generate", 0) == []
    assert call(node, "generate", -5) == []
    hashes = call(node, "generatetoaddress", 2, address(node, 2))
    assert call(node, "getbestblockhash") == hashes[-1]
    fail(node, -8, "generate", 10_001)
    fail(node, -1, "generate", 1.5)
    fail(node, -1, "generate", "1")
    fail(node, -5, "generatetoaddress", 1, "nobody")


def test_marks_and_mock_time(node: RegtestNode) -> None:
    (block_hash,) = call(node, "generate", 1)
    assert call(node, "invalidateblock", block_hash) is None
    assert call(node, "getblockcount") == 110
    assert call(node, "getchaintips")[0]["status"] == "invalid"
    assert call(node, "reconsiderblock", block_hash) is None
    assert call(node, "getbestblockhash") == block_hash
    fail(node, -5, "invalidateblock", "00" * 32)
    fail(node, -5, "reconsiderblock", "00")
    fail(node, -20, "invalidateblock", call(node, "getblockhash", 0))
    assert call(node, "setmocktime", 1_800_000_000) is None
    call(node, "generate", 1)
    assert call(node, "getblock", "112")["time"] == 1_800_000_000
    assert call(node, "setmocktime", 0) is None
    assert node.now() == 1_750_000_000


def test_scripts_are_explained(node: RegtestNode) -> None:
    shape = call(node, "decodescript", get_script(0).hex())
    assert shape["type"] == "pubkeyhash"
    assert shape["addresses"] == [address(node, 0)]
    assert shape["p2sh"].startswith("t2")
    assert call(node, "decodescript", "")["type"] == "nonstandard"
    fail(node, -8, "decodescript", "x")


@pytest.mark.parametrize(
    ("script", "text"),
    [
        ("", ""),
        ("00", "0"),
        ("4f5160", "-1 1 16"),
        ("0101", "1"),
        ("0181", "-1"),
        ("04ffffff7f", "2147483647"),
        ("0400000080", "0"),
        ("050000000001", "0000000001"),
        ("6a0461626364", "OP_RETURN 1684234849"),
        ("b175", "OP_NOP2 OP_DROP"),
        ("ff", "OP_UNKNOWN"),
        ("0500", "[error]"),
        ("7605ff", "OP_DUP [error]"),
    ],
)
def test_scripts_as_text(script: str, text: str) -> None:
    assert script_to_asm(bytes.fromhex(script)) == text


def test_signatures_show_their_hash_type() -> None:
    der = bytes.fromhex("3006020101020101")
    for hash_type, name in ((1, "ALL"), (0x83, "SINGLE|ANYONECANPAY")):
        script = push(der + bytes((hash_type,)))
        assert script_to_asm(script, with_hash_types=True) == f"{der.hex()}[{name}]"
        assert script_to_asm(script) == f"{der.hex()}{hash_type:02x}"


def test_help_names_every_method(node: RegtestNode) -> None:
    text = call(node, "help")
    for name in METHODS:
        assert name in text
        assert call(node, "help", name).startswith(name)
    assert "EXTENSION" in call(node, "help", "generatetoaddress")
    assert "unknown command" in call(node, "help", "nothing")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 500, -32700),
        (b"{", 500, -32700),
        (b"\xff\xfe", 500, -32700),
        (b"5", 500, -32700),
        (b'"x"', 500, -32700),
        (b"[" * 100_000, 500, -32700),
        (b'{"a":' * 100_000, 500, -32700),
        (b'{"id":' + b"9" * 5000 + b"}", 500, -32700),
        (b'{"id":NaN,"method":"help"}', 500, -32700),
        (b"{}", 400, -32600),
        (b'{"method":5}', 400, -32600),
        (b'{"method":5.5}', 400, -32600),
        (b'{"method":"help","params":{}}', 400, -32600),
        (b'{"method":"help","params":"x"}', 400, -32600),
        (b'{"method":"nothing"}', 404, -32601),
        (b'{"method":"getblockcount","params":[1]}', 500, -1),
        (b'{"method":"__class__"}', 404, -32601),
    ],
)
def test_broken_requests_get_an_error(body: bytes, status: int, code: int) -> None:
    node = make_bare_node(ACTIVE)
    found, reply = handle_body(node, body)
    assert (found, json.loads(reply)["error"]["code"]) == (status, code)


def test_ids_come_back_as_they_were() -> None:
    node = make_bare_node(ACTIVE)
    for sent in ("1", '"a"', "null", "1.50", "true", "18446744073709551615"):
        body = f'{{"id":{sent},"method":"getblockcount"}}'.encode()
        assert f'"id":{sent}}}'.encode() in handle_body(node, body)[1]
    for odd in ("[1]", "{}"):
        body = f'{{"id":{odd},"method":"getblockcount"}}'.encode()
        assert json.loads(handle_body(node, body)[1])["id"] is None
    for unencodable in ('"\\ud800"', "99999999999999999999999"):
        body = f'{{"id":{unencodable},"method":"getblockcount"}}'.encode()
        json.loads(handle_body(node, body)[1])


def test_batches_answer_each_call() -> None:
    node = make_bare_node(ACTIVE)
    calls = [{"id": 1, "method": "getblockcount"}, {"id": 2, "method": "nothing"}, 5]
    status, reply = handle_body(node, json.dumps(calls).encode())
    answers = json.loads(reply)
    assert status == 200
    assert [a["id"] for a in answers] == [1, 2, None]
    assert answers[0]["result"] == 0
    assert [a["error"]["code"] for a in answers[1:]] == [-32601, -32600]
    assert handle_body(node, b"[]") == (200, b"[]\n")
    status, reply = handle_body(node, json.dumps(calls[:1] * (BATCH_CALLS_MAX + 1)).encode())
    assert (status, json.loads(reply)["error"]["code"]) == (400, -32600)


def test_a_closed_node_answers_that_it_is_not_there() -> None:
    node = make_bare_node(ACTIVE)
    node.close()
    fail(node, -28, "getblockcount")
    fail(node, -28, "generate", 1)


@given(st.integers(0, 21_000_000_000 * COIN))
def test_amounts_are_read_exactly(zat: int) -> None:
    text = f"{zat // COIN}.{zat % COIN:08d}"
    assert read_amount(NumberText(text)) == read_amount(text) == zat
    if zat % COIN == 0:
        assert read_amount(zat // COIN) == zat


@pytest.mark.parametrize(
    "text", ["", " 1", "1_0", "0x1", "nan", "Infinity", "1e99999", "1e-9", "9" * 50, "-0.1", "٣"]
)
def test_other_texts_are_no_amounts(text: str) -> None:
    with pytest.raises(RpcFault):
        read_amount(text)


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=70)
    | st.binary(max_size=40).map(bytes.hex),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["txid", "vout", "addresses", "data", "mode", "start", "end"])
            | st.text(max_size=5),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)
FUZZED = make_bare_node(ACTIVE)
SLOW_OR_STOPPING = {"generate", "generatetoaddress"}


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(sorted(set(METHODS) - SLOW_OR_STOPPING)), st.lists(json_values, max_size=4))
def test_no_arguments_break_a_method(method: str, params: list[Any]) -> None:
    body = json.dumps({"id": 1, "method": method, "params": params}).encode()
    status, reply = handle_body(FUZZED, body)
    answer = json.loads(reply)
    assert status in (200, 400, 404, 500)
    if answer["error"] is not None:
        assert answer["error"]["code"] != -32603, answer
