"""Every endpoint that reads, and what it must hold."""

import msgspec
import pytest
from http_world import (
    BALANCE,
    FEE,
    L1_TXID,
    NETWORK,
    TIME,
    A,
    B,
    C,
    D,
    FakeBackend,
    transfer,
    two_of_three,
    txid_of,
)
from starlette.testclient import TestClient

from btczs.api.routes import ROUTES
from btczs.codec.clarity import principal_text
from btczs.codec.clarity.values import StandardPrincipal
from btczs.ledger.accounts import account_key, decode_account
from btczs.ledger.transactions.addresses import condition_address
from btczs.store.proof import decode_state_proof, verify_state_proof

TX = transfer(A, 0, 10)
SPONSORED = transfer(A, 1, 20, sponsor=C)
WAITING = transfer(A, 2, 30)


@pytest.fixture(autouse=True)
def chain(backend: FakeBackend) -> None:
    """A mined transfer, a mined sponsored one a block later, and one that waits."""
    backend.mine(TX)
    backend.mine(SPONSORED)
    backend.submit(WAITING)


def get(client: TestClient, path: str, **params: object):
    answer = client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    assert answer.headers["access-control-allow-origin"] == "*"
    return answer.json()


def hash_of(backend: FakeBackend, height: int) -> str:
    return "0x" + backend.records[height].block_hash.hex()


def test_info_is_what_wallets_need(client, backend):
    backend.finality = (2, 1, 1)
    info = get(client, "/v2/info")
    assert info["network_id"] == NETWORK.chain_id
    assert info["parent_network_id"] == 0xFF000000
    assert isinstance(info["l1_subnet_governing_contract"], str)
    assert info["stacks_tip"] == backend.records[-1].block_hash.hex()
    assert info["stacks_tip_height"] == 2
    assert info["burn_block_height"] == 201
    assert info["stable_burn_block_height"] == backend.records[1].l1_height
    assert info["is_fully_synced"] is True
    assert not [v for v in info.values() if isinstance(v, str) and v.startswith("0x")]


def test_pox_says_that_nothing_is_active(client):
    pox = get(client, "/v2/pox")
    assert pox["current_cycle"]["is_pox_active"] is False
    assert pox["contract_versions"] == []
    assert pox["next_reward_cycle_in"] == 2220 - 205
    assert pox["total_liquid_supply_ustx"] > 0


def test_an_account_is_proven_under_the_state_root(client, backend):
    shown = get(client, f"/v2/accounts/{A.address}", proof=1)
    account = backend.account(A.principal)
    assert shown["balance"] == f"0x{account.balance:032x}"
    assert shown["nonce"] == 2
    assert shown["locked"] == "0x" + "0" * 32
    proof = decode_state_proof(bytes.fromhex(shown["balance_proof"][2:]))
    raw = backend.state.get(account_key(A.principal))
    assert decode_account(raw) == account
    verify_state_proof(backend.tip().state_root, account_key(A.principal), raw, proof)
    assert "balance_proof" not in get(client, f"/v2/accounts/{A.address}", proof=0)


def test_nonces_count_what_waits(client):
    assert get(client, f"/extended/v1/address/{A.address}/nonces") == {
        "last_mempool_tx_nonce": 2,
        "last_executed_tx_nonce": 1,
        "possible_next_nonce": 3,
        "detected_missing_nonces": [],
        "detected_mempool_nonces": [2],
    }


def test_the_single_signature_twin_of_a_multisig_account_answers_for_it(client, backend):
    multi = condition_address(two_of_three(), NETWORK.transaction_version)
    single = StandardPrincipal(NETWORK.address_version_single, multi.hash20)
    path = f"/extended/v1/address/{principal_text(single)}/nonces"
    assert get(client, path)["possible_next_nonce"] == 0
    backend.fund(multi, 5000, nonce=4)
    assert get(client, path)["possible_next_nonce"] == 4
    backend.fund(single, 1, nonce=9)  # its own nonces count from now on
    assert get(client, path)["possible_next_nonce"] == 9


def test_balances_of_an_address(client, backend):
    spent = 10 + 20 + FEE
    stx = get(client, f"/extended/v1/address/{A.address}/stx")
    assert stx["balance"] == str(BALANCE - spent) == str(backend.account(A.principal).balance)
    assert stx["total_sent"] == "30"
    assert stx["total_fees_sent"] == str(FEE)
    assert stx["pending_balance_outbound"] == str(30 + FEE)
    assert stx["estimated_balance"] == str(BALANCE - spent - 30 - FEE)
    assert get(client, f"/extended/v1/address/{A.address}/balances")["stx"] == stx
    v2 = f"/extended/v2/addresses/{A.address}/balances/stx"
    assert get(client, v2, include_mempool="true") == stx
    assert "pending_balance_outbound" not in get(client, v2)
    inbound = get(client, f"/extended/v1/address/{B.address}/stx")
    assert inbound["pending_balance_inbound"] == "30"
    fts = get(client, f"/extended/v2/addresses/{A.address}/balances/ft")
    assert fts["results"] == []


@pytest.mark.parametrize(
    ("finality", "states"),
    [
        ((-1, -1, -1), ["mined", "mined"]),
        ((2, 1, -1), ["anchored", "signed"]),
        ((2, 2, 1), ["final", "anchored"]),
    ],
)
def test_a_transaction_shows_how_final_it_is(client, backend, finality, states):
    backend.finality = finality
    shown = [
        get(client, f"/extended/v1/tx/0x{txid_of(raw)}")["btczs_status"] for raw in (TX, SPONSORED)
    ]
    assert shown == states


def test_a_mined_transaction(client, backend):
    tx = get(client, f"/extended/v1/tx/{txid_of(SPONSORED)}")
    assert tx["tx_id"] == "0x" + txid_of(SPONSORED)
    assert tx["tx_type"] == "token_transfer"
    assert tx["tx_status"] == "success"
    assert tx["tx_result"] == {"hex": "0x0703", "repr": "(ok true)"}
    assert tx["token_transfer"]["amount"] == "20"
    assert tx["token_transfer"]["recipient_address"] == B.address
    assert (tx["sender_address"], tx["sponsor_address"]) == (A.address, C.address)
    assert (tx["fee_rate"], tx["nonce"], tx["sponsor_nonce"]) == (str(FEE), 1, 0)
    assert (tx["block_height"], tx["tx_index"]) == (2, 0)
    assert tx["block_hash"] == hash_of(backend, 2)
    assert tx["parent_block_hash"] == hash_of(backend, 1)
    assert tx["event_count"] == len(tx["events"]) == 1
    none = get(client, f"/extended/v1/tx/{txid_of(SPONSORED)}", event_limit=0)
    assert none["events"] == [] and none["event_count"] == 1


def test_a_waiting_transaction(client, backend):
    tx = get(client, f"/extended/v1/tx/{txid_of(WAITING)}")
    assert (tx["tx_status"], tx["btczs_status"]) == ("pending", "pending")
    assert tx["receipt_time"] == TIME
    raw = get(client, f"/v2/transactions/unconfirmed/{txid_of(WAITING)}")
    assert raw == {"tx": WAITING.hex(), "status": "Mempool"}
    assert client.get(f"/v2/transactions/unconfirmed/{txid_of(TX)}").status_code == 404
    backend.mine(WAITING)
    assert get(client, f"/extended/v1/tx/{txid_of(WAITING)}")["btczs_status"] == "mined"


def test_a_dropped_transaction_says_why(client, backend):
    better = transfer(A, 2, 31, fee=5 * FEE)
    backend.submit(better)
    tx = get(client, f"/extended/v1/tx/{txid_of(WAITING)}")
    assert tx["tx_status"] == "dropped_replace_by_fee"
    assert tx["replaced_by_tx_id"] == "0x" + txid_of(better)


@pytest.mark.parametrize("raw", [TX, WAITING])
def test_raw_bytes_of_a_transaction(client, raw):
    assert get(client, f"/extended/v1/tx/{txid_of(raw)}/raw") == {"raw_tx": "0x" + raw.hex()}


def test_several_transactions_at_once(client):
    missing = "ee" * 32
    ids = ",".join(["0x" + txid_of(TX), txid_of(WAITING), missing])
    shown = get(client, "/extended/v1/tx/multiple", tx_id=ids)
    assert shown["0x" + txid_of(TX)]["result"]["tx_status"] == "success"
    assert shown["0x" + txid_of(WAITING)]["result"]["tx_status"] == "pending"
    assert shown["0x" + missing] == {"found": False, "result": {"tx_id": "0x" + missing}}


def test_lists_of_transactions_are_paged_newest_first(client):
    everything = get(client, "/extended/v1/tx/")
    assert everything["total"] == 2
    assert [tx["tx_id"][2:] for tx in everything["results"]] == [txid_of(SPONSORED), txid_of(TX)]
    second = get(client, "/extended/v1/tx", limit=1, offset=1)
    assert [tx["tx_id"][2:] for tx in second["results"]] == [txid_of(TX)]
    assert get(client, "/extended/v1/tx", type="coinbase")["total"] == 0
    assert get(client, "/extended/v1/tx", from_address=A.address)["total"] == 2
    assert get(client, "/extended/v1/tx", to_address=A.address)["total"] == 0
    assert get(client, "/extended/v1/tx", start_time=TIME + 2)["total"] == 1


def test_lists_of_an_address(client):
    base = f"/extended/v1/address/{A.address}"
    assert get(client, f"{base}/transactions")["total"] == 2
    first = get(client, f"{base}/transactions_with_transfers")["results"][-1]
    assert (first["stx_sent"], first["stx_received"]) == (str(10 + FEE), "0")
    assert first["stx_transfers"] == [{"amount": "10", "sender": A.address, "recipient": B.address}]
    assert get(client, f"{base}/{txid_of(TX)}/with_transfers") == first
    v2 = get(client, f"/extended/v2/addresses/{A.address}/transactions")
    assert v2["results"][-1]["events"]["stx"] == {"transfer": 1, "mint": 0, "burn": 0}
    waiting = get(client, f"{base}/mempool")
    assert [tx["tx_id"][2:] for tx in waiting["results"]] == [txid_of(WAITING)]
    assets = get(client, f"{base}/assets")
    assert [event["asset"]["amount"] for event in assets["results"]] == ["20", "10"]
    events = get(client, "/extended/v1/tx/events", address=A.address)["events"]
    assert events == assets["results"]


def test_the_mempool(client):
    listed = get(client, "/extended/v1/tx/mempool")
    assert listed["total"] == 1
    assert listed["results"][0]["tx_id"] == "0x" + txid_of(WAITING)
    assert get(client, "/extended/v1/tx/mempool", sender_address=A.address)["total"] == 1
    assert get(client, "/extended/v1/tx/mempool", sender_address=B.address)["total"] == 0
    assert get(client, "/extended/v1/tx/mempool", recipient_address=B.address)["total"] == 1
    assert get(client, "/extended/v1/tx/mempool", address=D.address)["total"] == 0
    stats = get(client, "/extended/v1/tx/mempool/stats")
    assert stats["tx_type_counts"]["token_transfer"] == 1
    assert stats["tx_byte_sizes"]["token_transfer"]["p50"] == len(WAITING)
    assert stats["tx_simple_fee_averages"]["smart_contract"]["p50"] is None


@pytest.mark.parametrize(
    "path",
    [
        "/extended/v1/block/by_height/1",
        "/extended/v1/block/{hash}",
        "/extended/v1/block/{id}",
        "/extended/v2/blocks/1",
        "/extended/v2/blocks/{hash}",
        "/extended/v2/blocks/{id}",
    ],
)
def test_a_block_by_all_its_names(client, backend, path):
    record = backend.records[1]
    path = path.format(hash="0x" + record.block_hash.hex(), id=record.block_id.hex())
    block = get(client, path)
    assert block["height"] == 1
    assert block["hash"] == hash_of(backend, 1)
    assert block["index_block_hash"] == "0x" + record.block_id.hex()
    assert block["parent_block_hash"] == hash_of(backend, 0)
    assert block["burn_block_height"] == record.l1_height
    if "v1" in path:
        assert block["txs"] == ["0x" + txid_of(TX)]


def test_lists_of_blocks(client, backend):
    v1 = get(client, "/extended/v1/block/")
    v2 = get(client, "/extended/v2/blocks/")
    assert [b["height"] for b in v1["results"]] == [b["height"] for b in v2["results"]] == [2, 1, 0]
    assert v1["total"] == v2["total"] == 3
    assert get(client, "/extended/v2/blocks/latest")["height"] == 2
    page = get(client, "/extended/v2/blocks", limit=1, offset=1)
    assert [b["height"] for b in page["results"]] == [1]
    again = get(client, "/extended/v2/blocks", limit=1, cursor=page["prev_cursor"])
    assert [b["height"] for b in again["results"]] == [0]
    assert get(client, "/extended/v2/blocks/1/signer-signatures")["total"] == 2
    times = get(client, "/extended/v2/blocks/average-times")
    assert set(times) == {"last_1h", "last_24h", "last_7d", "last_30d"}
    assert get(client, f"/extended/v2/blocks/by-block-time/{TIME + 1}")["height"] == 1


def test_transactions_of_a_block(client, backend):
    for path in (
        f"/extended/v1/tx/block/{hash_of(backend, 1)}",
        "/extended/v1/tx/block_height/1",
        "/extended/v2/blocks/1/transactions",
    ):
        assert [t["tx_id"][2:] for t in get(client, path)["results"]] == [txid_of(TX)]
    assert get(client, "/extended/v2/blocks/latest/transactions")["total"] == 1


def test_layer_1_blocks_with_blocks(client, backend):
    listed = get(client, "/extended/v2/burn-blocks")
    assert [b["burn_block_height"] for b in listed["results"]] == [201, 200]
    assert get(client, "/extended/v2/burn-blocks/200")["stacks_blocks"] == [
        hash_of(backend, 1),
        hash_of(backend, 0),
    ]
    assert get(client, "/extended/v2/burn-blocks/latest/blocks")["total"] == 1
    assert get(client, "/extended/v1/block/by_burn_block_height/200")["height"] == 1
    l1_hash = backend.records[2].l1_hash
    assert get(client, f"/extended/v1/block/by_burn_block_hash/0x{l1_hash}")["height"] == 2
    assert get(client, "/extended/v2/block-tenures/1/blocks")["total"] == 3


def test_supply_and_times(client, backend):
    supply = backend.supply()
    issued = supply.issued - supply.burned
    text = f"{issued // 10**8}.{issued % 10**8:08d}"
    assert client.get("/extended/v1/stx_supply/circulating/plain").text == text
    assert get(client, "/extended/v1/stx_supply")["unlocked_stx"] == text
    assert client.get("/extended/v1/stx_supply/total/plain").text == "21000000.00000000"
    times = get(client, "/extended/v1/info/network_block_times")
    assert times["mainnet"] == times["testnet"]
    one = get(client, "/extended/v1/info/network_block_time/testnet")
    assert one == times["testnet"]


def test_search(client, backend):
    def kind(what: str) -> str:
        found = get(client, f"/extended/v1/search/{what}")
        assert found["found"] is True
        return found["result"]["entity_type"]

    assert kind(A.address) == "standard_address"
    assert kind(hash_of(backend, 1)) == "block_hash"
    assert kind(txid_of(TX)) == "tx_id"
    assert kind("0x" + txid_of(WAITING)) == "mempool_tx_id"
    for unknown in ("ee" * 32, "nonsense", A.address + ".contract"):
        answer = client.get(f"/extended/v1/search/{unknown}")
        assert answer.status_code == 404
        assert answer.json()["found"] is False


def test_status_health_and_root(client):
    status = get(client, "/extended")
    assert status["status"] == "ready"
    assert status["chain_tip"]["block_height"] == 2
    assert get(client, "/extended/v1/status") == status
    health = get(client, "/v3/health")
    assert (health["is_synced"], health["node_stacks_tip_height"]) == (True, 2)
    assert get(client, "/")["chain_id"] == NETWORK.chain_id


def test_layer_1(client):
    assert get(client, "/v2/btcz/block/205")["height"] == 205
    assert get(client, f"/v2/btcz/tx/{L1_TXID}/proof")["txid"] == L1_TXID
    assert get(client, "/mempool/recent") == [L1_TXID]
    for path in ("/v2/btcz/block/1", f"/v2/btcz/tx/{'00' * 32}/proof"):
        answer = client.get(path)
        assert (answer.status_code, answer.json()["error"]) == (404, "l1_not_found")


def test_the_documentation_has_every_route(client):
    document = get(client, "/openapi.json")
    assert document["openapi"].startswith("3.1")
    assert {
        (method.upper(), path) for path, item in document["paths"].items() for method in item
    } == {(route.method, route.path) for route in ROUTES}
    ids = [op["operationId"] for item in document["paths"].values() for op in item.values()]
    assert len(ids) == len(set(ids))
    for path, item in document["paths"].items():
        for operation in item.values():
            named = {p["name"] for p in operation["parameters"] if p["in"] == "path"}
            assert named == {part[1:-1] for part in path.split("/") if part.startswith("{")}


def test_an_integer_that_javascript_rounds_is_a_string(client, backend):
    big = msgspec.structs.replace(backend.account(A.principal), nonce=2**60)
    backend.fund(B.principal, big.balance, nonce=2**60)
    assert get(client, f"/v2/accounts/{B.address}")["nonce"] == str(2**60)
