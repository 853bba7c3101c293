"""The chain, blocks, accounts, fees and everything else that is read."""

import pytest
from node_double import BALANCE, COINBASE, FEE, MINER, NETWORK, A, B, C, D, make_app, transfer
from starlette.testclient import TestClient

from btczs.ledger.accounts import account_key, decode_account
from btczs.ledger.transactions import compute_txid, decode_transaction
from btczs.ledger.transactions.payload_codec import encode_payload
from btczs.store import InvalidProof, decode_state_proof, verify_state_proof


def get(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    return answer.json()


def test_info_has_the_chain_id_and_the_fields_of_wallets(client, node):
    info = get(client, "/v2/info")
    assert info["network_id"] == NETWORK.chain_id
    assert info["parent_network_id"] == 0xFF000000
    assert isinstance(info["l1_subnet_governing_contract"], str)
    assert info["stacks_tip_height"] == 3
    assert info["stacks_tip"] == node.tip().block_hash.hex()
    assert info["is_fully_synced"] is True
    required = [
        "peer_version",
        "pox_consensus",
        "burn_block_height",
        "stable_pox_consensus",
        "stable_burn_block_height",
        "server_version",
        "network_id",
        "parent_network_id",
        "stacks_tip_height",
        "stacks_tip",
        "stacks_tip_consensus_hash",
        "genesis_chainstate_hash",
        "unanchored_tip",
        "unanchored_seq",
        "tenure_height",
        "exit_at_block_height",
        "is_fully_synced",
        "node_public_key",
        "node_public_key_hash",
        "last_pox_anchor",
        "stackerdbs",
    ]
    assert set(required) <= set(info)


def test_pox_does_not_pretend_that_stacking_exists(client):
    pox = get(client, "/v2/pox")
    assert pox["current_cycle"]["is_pox_active"] is False
    assert pox["contract_versions"] == []
    assert pox["next_cycle"]["reward_phase_start_block_height"] == 2220
    assert pox["next_cycle"]["prepare_phase_start_block_height"] == 2120
    assert pox["next_reward_cycle_in"] == 2220 - pox["current_burnchain_block_height"]
    required = [
        "contract_id",
        "pox_activation_threshold_ustx",
        "first_burnchain_block_height",
        "current_burnchain_block_height",
        "prepare_phase_block_length",
        "reward_phase_block_length",
        "reward_slots",
        "rejection_fraction",
        "total_liquid_supply_ustx",
        "current_cycle",
        "next_cycle",
        "epochs",
        "min_amount_ustx",
        "prepare_cycle_length",
        "reward_cycle_id",
        "reward_cycle_length",
        "rejection_votes_left_required",
        "next_reward_cycle_in",
        "contract_versions",
    ]
    assert set(required) <= set(pox)


@pytest.mark.parametrize("path", ["/extended", "/extended/", "/extended/v1/status"])
def test_status(client, path):
    status = get(client, path)
    assert status["status"] == "ready"
    assert status["chain_tip"]["block_height"] == 3


def test_health_and_root(client):
    health = get(client, "/v3/health")
    assert (health["node_stacks_tip_height"], health["is_synced"]) == (3, True)
    assert get(client, "/")["chain_id"] == NETWORK.chain_id


def test_an_account_is_proven_under_the_state_root(client, node):
    shown = get(client, f"/v2/accounts/{A.address}")
    balance, nonce = int(shown["balance"], 16), shown["nonce"]
    assert (balance, nonce) == (BALANCE - 100 - FEE - 7, 2)
    assert len(shown["balance"]) == 34
    proof = decode_state_proof(bytes.fromhex(shown["balance_proof"][2:]))
    account = node.account(A.principal)
    value = node._store.get(account_key(A.principal))
    assert decode_account(value) == account
    verify_state_proof(node.tip().state_root, account_key(A.principal), value, proof)
    with pytest.raises(InvalidProof):
        verify_state_proof(node.tip().state_root, account_key(A.principal), None, proof)


@pytest.mark.parametrize("query", ["?proof=0", "?proof=false"])
def test_without_proof_an_account_is_small(client, query):
    assert get(client, f"/v2/accounts/{B.address}{query}") == {
        "balance": f"0x{BALANCE + 100 - 50 - 2 * FEE:032x}",
        "locked": "0x" + "0" * 32,
        "unlock_height": 0,
        "nonce": 2,
    }


def test_balances_agree_with_the_state_and_the_history(client, node):
    node.mine(new_tenure=True)
    node.mine(new_tenure=True)
    node.mine(new_tenure=True)
    for key in (A, B, C, D, MINER):
        stx = get(client, f"/extended/v1/address/{key.address}/stx")
        total = (
            int(stx["total_received"])
            + int(stx["total_miner_rewards_received"])
            - int(stx["total_sent"])
            - int(stx["total_fees_sent"])
        )
        assert total == int(stx["balance"]) == node.account(key.principal).balance
    miner = get(client, f"/extended/v1/address/{MINER.address}/balances")["stx"]
    assert int(miner["total_miner_rewards_received"]) == 2 * COINBASE + 4 * FEE


def test_what_waits_is_added_to_the_estimated_balance(client):
    a = get(client, f"/extended/v1/address/{A.address}/stx")
    assert a["pending_balance_outbound"] == str(25 + FEE)
    assert int(a["estimated_balance"]) == int(a["balance"]) - 25 - FEE
    d = get(client, f"/extended/v2/addresses/{D.address}/balances/stx?include_mempool=true")
    assert (d["pending_balance_inbound"], d["estimated_balance"]) == ("25", str(BALANCE + 25))
    settled = get(client, f"/extended/v2/addresses/{D.address}/balances/stx")
    assert "estimated_balance" not in settled


def test_an_unused_address_has_nothing(client):
    unused = "ST000000000000000000002AMW42H"
    assert get(client, f"/extended/v1/address/{unused}/balances")["stx"]["balance"] == "0"
    assert get(client, f"/extended/v1/address/{unused}.contract/stx")["balance"] == "0"
    assert get(client, f"/extended/v1/address/{unused}/transactions")["total"] == 0
    assert get(client, f"/v2/accounts/{unused}")["nonce"] == 0


def test_the_history_of_an_address(client):
    v1 = get(client, f"/extended/v1/address/{B.address}/transactions")
    assert (v1["total"], [tx["block_height"] for tx in v1["results"]]) == (3, [3, 2, 2])
    moved = get(client, f"/extended/v1/address/{B.address}/transactions_with_transfers")
    assert [(r["stx_sent"], r["stx_received"]) for r in moved["results"]] == [
        (str(FEE), "0"),
        (str(50 + FEE), "0"),
        ("0", "100"),
    ]
    assert moved["results"][2]["stx_transfers"] == [
        {"amount": "100", "sender": A.address, "recipient": B.address}
    ]
    v2 = get(client, f"/extended/v2/addresses/{B.address}/transactions?limit=1&offset=2")
    (only,) = v2["results"]
    assert (only["stx_received"], v2["total"]) == ("100", 3)
    assert only["events"]["stx"] == {"transfer": 1, "mint": 0, "burn": 0}
    txid = only["tx"]["tx_id"]
    one = get(client, f"/extended/v1/address/{A.address}/{txid}/with_transfers")
    assert one["stx_sent"] == str(100 + FEE)
    get(client, f"/extended/v1/address/{D.address}/{txid}/with_transfers", 404)
    assets = get(client, f"/extended/v1/address/{C.address}/assets?limit=1")
    assert (assets["total"], assets["results"][0]["asset"]["amount"]) == (2, "7")
    assert get(client, f"/extended/v2/addresses/{C.address}/balances/ft")["results"] == []


# ---------------------------------------------------------------------- blocks


def test_a_block_is_the_same_by_every_name(client):
    block = get(client, "/extended/v1/block/by_height/2")
    assert block["txs"] == [
        "0x" + compute_txid(raw).hex()
        for raw in (transfer(A, 0, amount=100, memo=b"hello"), transfer(B, 0, C.principal, 50))
    ]
    assert (block["height"], block["tx_count"], block["btczs_status"]) == (2, 2, "signed")
    assert get(client, f"/extended/v1/block/{block['hash']}") == block
    assert get(client, f"/extended/v1/block/{block['index_block_hash'][2:]}") == block
    latest = get(client, "/extended/v1/block/by_height/3")
    assert get(client, f"/extended/v1/block/by_burn_block_height/{201}") == latest
    by_l1_hash = f"/extended/v1/block/by_burn_block_hash/{latest['burn_block_hash']}"
    assert get(client, by_l1_hash) == latest
    v2 = get(client, "/extended/v2/blocks/latest")
    assert v2["hash"] == latest["hash"]
    assert v2["parent_index_block_hash"] == block["index_block_hash"]
    assert get(client, "/extended/v2/blocks/3") == v2
    assert get(client, f"/extended/v2/blocks/{v2['hash']}") == v2
    assert get(client, f"/extended/v2/blocks/by-block-time/{v2['block_time']}") == v2
    for missing in (
        "/extended/v1/block/by_height/4",
        "/extended/v1/block/" + "11" * 32,
        "/extended/v1/block/by_burn_block_height/7",
        "/extended/v2/blocks/9223372036854775807",
        "/extended/v2/blocks/by-block-time/1",
    ):
        get(client, missing, 404)


def test_blocks_come_in_pages(client):
    v1 = get(client, "/extended/v1/block/?limit=2")
    assert (v1["total"], [b["height"] for b in v1["results"]]) == (4, [3, 2])
    v2 = get(client, "/extended/v2/blocks/?limit=2&offset=1")
    assert [b["height"] for b in v2["results"]] == [2, 1]
    older = get(client, f"/extended/v2/blocks?limit=2&cursor={v2['prev_cursor']}")
    assert [b["height"] for b in older["results"]] == [0]
    newer = get(client, f"/extended/v2/blocks?limit=2&cursor={v2['cursor']}")
    assert newer["results"] == v2["results"]
    assert get(client, "/extended/v2/block-tenures/1/blocks")["total"] == 3


def test_transactions_of_a_block(client):
    block = get(client, "/extended/v2/blocks/2")
    expected = get(client, "/extended/v1/tx/block_height/2")
    assert [tx["tx_index"] for tx in expected["results"]] == [0, 1]
    assert get(client, f"/extended/v1/tx/block/{block['hash']}") == expected
    assert get(client, "/extended/v2/blocks/2/transactions") == expected
    part = get(client, "/extended/v2/blocks/2/transactions?limit=1&offset=1")
    assert part["results"] == expected["results"][1:]


def test_signatures_layer_1_blocks_and_times(client):
    signatures = get(client, "/extended/v2/blocks/3/signer-signatures")
    assert signatures["results"] == ["0x" + "00" * 65, "0x" + "01" * 65]
    l1 = get(client, "/extended/v2/burn-blocks")
    assert [(b["burn_block_height"], len(b["stacks_blocks"])) for b in l1["results"]] == [
        (201, 3),
        (200, 1),
    ]
    newest = l1["results"][0]
    assert (newest["avg_block_time"], newest["total_tx_count"]) == (30, 5)
    for ref in ("latest", "201", newest["burn_block_hash"]):
        assert get(client, f"/extended/v2/burn-blocks/{ref}") == newest
    assert get(client, "/extended/v2/burn-blocks/201/blocks")["total"] == 3
    get(client, "/extended/v2/burn-blocks/5", 404)
    assert set(get(client, "/extended/v2/blocks/average-times")) == {
        "last_1h",
        "last_24h",
        "last_7d",
        "last_30d",
    }


def test_the_answer_for_both_networks_is_the_spacing_of_layer_1(client, node):
    spacing = {"target_block_time": node.l1_params.spacing_s}
    times = get(client, "/extended/v1/info/network_block_times")
    assert times == {"mainnet": spacing, "testnet": spacing}
    assert get(client, "/extended/v1/info/network_block_time/testnet") == spacing
    get(client, "/extended/v1/info/network_block_time/other", 400)


def test_supply_is_shown_in_coins(client, node):
    supply = get(client, "/extended/v1/stx_supply")
    assert supply["total_stx"] == "21000000.00000000"
    issued = node.supply().issued
    assert supply["unlocked_stx"] == f"{issued // 10**8}.{issued % 10**8:08d}"
    assert client.get("/extended/v1/stx_supply/total/plain").text == "21000000.00000000"
    circulating = client.get("/extended/v1/stx_supply/circulating/plain")
    assert circulating.text == supply["unlocked_stx"]
    assert circulating.headers["content-type"].startswith("text/plain")


def test_search_finds_transactions_blocks_and_addresses(client):
    mined = "0x" + compute_txid(transfer(A, 0, amount=100, memo=b"hello")).hex()
    waiting = "0x" + compute_txid(transfer(A, 2, D.principal, 25)).hex()
    block = get(client, "/extended/v2/blocks/2")
    kinds = {
        mined: "tx_id",
        waiting: "mempool_tx_id",
        block["hash"]: "block_hash",
        block["index_block_hash"]: "block_hash",
        A.address: "standard_address",
    }
    for text, kind in kinds.items():
        found = get(client, f"/extended/v1/search/{text}")
        assert (found["found"], found["result"]["entity_type"]) == (True, kind)
    for text in ("nothing", "11" * 32, f"{A.address}.contract"):
        assert get(client, f"/extended/v1/search/{text}", 404)["found"] is False


# ---------------------------------------------------------------------- fees


def test_the_transfer_rate_makes_a_transfer_pay_enough(client):
    rate = get(client, "/v2/fees/transfer")
    assert isinstance(rate, int)
    assert rate * 180 >= NETWORK.fees.token_transfer


def test_estimates_are_the_least_fee_while_there_is_room(client):
    payload = encode_payload(decode_transaction(transfer(A, 0)).payload).hex()
    for body in (
        {"transaction_payload": payload, "estimated_len": 180},
        {"transaction_payload": "0x" + payload},
    ):
        answer = client.post("/v2/fees/transaction", json=body)
        assert answer.status_code == 200
        fees = [e["fee"] for e in answer.json()["estimations"]]
        assert fees == [1000, 1000, 1250]
    large = {"transaction_payload": payload, "estimated_len": 5000}
    estimations = client.post("/v2/fees/transaction", json=large).json()["estimations"]
    assert estimations[1] == {"fee": 5000, "fee_rate": 1}
    deploy = "0604086b762d73746f72650000000231" + "32"
    answer = client.post("/v2/fees/transaction", json={"transaction_payload": deploy})
    assert answer.json()["estimations"][1]["fee"] == NETWORK.fees.contract_deploy


def test_estimates_follow_the_market_when_a_block_is_full(client, node, monkeypatch):
    for nonce, fee in enumerate((3000, 6000, 9000)):
        node.add(transfer(C, nonce, fee=fee))
    size = node.mempool_size()
    monkeypatch.setattr(
        node,
        "mempool_size",
        lambda: type(size)(size.count, node.network.limits.block_bytes_max + 1),
    )
    payload = encode_payload(decode_transaction(transfer(A, 0)).payload).hex()
    answer = client.post("/v2/fees/transaction", json={"transaction_payload": payload})
    low, medium, high = (e["fee"] for e in answer.json()["estimations"])
    assert FEE <= low < medium < high
    assert medium == 3000
    fees = get(client, "/extended/v2/mempool/fees")["token_transfer"]
    assert fees["high_priority"] >= fees["medium_priority"] >= fees["no_priority"] >= FEE


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"transaction_payload": 5},
        {"transaction_payload": "zz"},
        {"transaction_payload": "ff"},
        {"transaction_payload": ""},
    ],
)
def test_an_estimate_of_nothing_is_refused(client, body):
    assert client.post("/v2/fees/transaction", json=body).status_code == 400


def test_fee_rate(client):
    assert client.post("/extended/v1/fee_rate/", json={"transaction": "0x00"}).json() == {
        "fee_rate": 6
    }


# ---------------------------------------------------------------------- layer 1 and faucet


def test_layer_1_through_the_node(client):
    assert get(client, "/v2/btcz/block/200")["height"] == 200
    assert get(client, "/v2/btcz/block/301", 404)["error"] == "l1_not_found"
    assert get(client, f"/v2/btcz/tx/{'cd' * 32}/proof")["tx_id"] == "cd" * 32
    get(client, f"/v2/btcz/tx/{'00' * 32}/proof", 404)
    get(client, "/v2/btcz/tx/xyz/proof", 400)
    assert get(client, "/mempool/recent") == ["ef" * 32]


def test_the_faucet_sends_coins(client, node):
    answer = client.post(f"/extended/v1/faucets/stx?address={A.address}")
    assert answer.status_code == 200
    body = answer.json()
    assert body["success"] is True
    tx = decode_transaction(bytes.fromhex(body["txRaw"]))
    assert tx.payload.recipient == A.principal
    answer = client.post("/extended/v1/faucets/stx", json={"address": B.address})
    assert client.get(f"/extended/v1/tx/{answer.json()['txId']}").json()["tx_status"] == "pending"
    assert client.post("/extended/v1/faucets/stx").status_code == 400
    assert client.post("/extended/v1/faucets/stx?address=nobody").status_code == 400
    node.faucet_key = None
    refused = client.post(f"/extended/v1/faucets/stx?address={C.address}")
    assert (refused.status_code, refused.json()["error"]) == (403, "faucet_disabled")


def test_the_faucet_is_limited_per_address(node):
    with TestClient(make_app(node, faucet_requests_burst=2)) as client:
        url = f"/extended/v1/faucets/stx?address={A.address}"
        assert [client.post(url).status_code for _ in range(3)] == [200, 200, 429]
        assert int(client.post(url).headers["retry-after"]) > 0
