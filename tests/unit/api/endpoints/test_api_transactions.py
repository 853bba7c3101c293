"""Sending transactions and reading them back, wherever they are."""

import pytest
from node_double import (
    BALANCE,
    FEE,
    MINER,
    A,
    B,
    C,
    D,
    FakeNode,
    make_app,
    multi_condition,
    multi_transfer,
    transfer,
)
from starlette.testclient import TestClient

from btczs.codec.clarity import principal_text
from btczs.codec.clarity.values import StandardPrincipal
from btczs.ledger.transactions import compute_txid

UNKNOWN = "0x" + "00" * 32


def ids(page) -> list[str]:
    return [tx["tx_id"] for tx in page["results"]]


# ---------------------------------------------------------------------- sending


@pytest.mark.parametrize("form", ["bytes", "json", "json 0x"])
def test_a_transaction_is_taken_in_every_form_and_again(client, form):
    raw = transfer(C, 0)
    for _ in range(2):
        if form == "bytes":
            answer = client.post(
                "/v2/transactions",
                content=raw,
                headers={"content-type": "application/octet-stream"},
            )
        else:
            text = ("0x" if form == "json 0x" else "") + raw.hex()
            answer = client.post("/v2/transactions", json={"tx": text, "attachment": None})
        assert answer.status_code == 200
        assert answer.text == f'"{compute_txid(raw).hex()}"'
    assert client.get(f"/extended/v1/tx/{compute_txid(raw).hex()}").json()["tx_status"] == "pending"


@pytest.mark.parametrize(
    ("raw", "reason", "data"),
    [
        (transfer(A, 0), "BadNonce", {"expected": 2, "actual": 0, "is_origin": True}),
        (transfer(A, 30), "TooMuchChaining", {"is_origin": True}),
        (transfer(A, 2, amount=1), "ConflictingNonceInMempool", None),
        (transfer(C, 0, fee=999), "FeeTooLow", {"expected": 1000, "actual": 999}),
        (
            transfer(C, 0, amount=BALANCE * 2),
            "NotEnoughFunds",
            {"expected": f"0x{BALANCE * 2 + FEE:032x}"},
        ),
        (transfer(C, 0, C.principal), "TransferRecipientCannotEqualSender", None),
        (transfer(C, 0)[:-1], "Deserialization", {}),
        (b"", "Deserialization", {}),
        (transfer(C, 0)[:60] + bytes(10) + transfer(C, 0)[70:], "SignatureValidation", {}),
        (b"\x00" + transfer(C, 0)[1:], "SignatureValidation", {}),
    ],
)
def test_a_refusal_has_the_fields_that_clients_parse(client, raw, reason, data):
    answer = client.post("/v2/transactions", content=raw)
    assert answer.status_code == 400
    body = answer.json()
    assert body["error"] == "transaction rejected"
    assert body["reason"] == reason
    assert body["txid"] == compute_txid(raw).hex()
    if data is not None:
        assert data.items() <= body["reason_data"].items()


def test_numbers_that_javascript_would_round_come_as_text(client):
    answer = client.post("/v2/transactions", content=transfer(C, 2**60))
    assert answer.json()["reason_data"]["actual"] == str(2**60)


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"tx": 1}', b'{"tx": "zz"}', b"{", b"[" * 5000])
def test_json_that_holds_no_transaction_is_refused(client, body):
    answer = client.post(
        "/v2/transactions", content=body, headers={"content-type": "application/json; charset=x"}
    )
    assert (answer.status_code, answer.json()["error"]) == (400, "bad_body")


# ---------------------------------------------------------------------- reading


def test_a_mined_transfer_shows_what_it_did(client, node):
    raw = transfer(A, 0, amount=100, memo=b"hello")
    txid = "0x" + compute_txid(raw).hex()
    block = node.index
    with block.view() as view:
        row = view.block_by_height(2)
    tx = client.get(f"/extended/v1/tx/{txid}").json()
    expected = {
        "tx_id": txid,
        "tx_status": "success",
        "btczs_status": "signed",
        "tx_type": "token_transfer",
        "nonce": 0,
        "fee_rate": "1000",
        "sender_address": A.address,
        "sponsored": False,
        "anchor_mode": "any",
        "post_condition_mode": "deny",
        "post_conditions": [],
        "block_hash": "0x" + row.block_hash.hex(),
        "block_height": 2,
        "tx_index": 0,
        "canonical": True,
        "tx_result": {"hex": "0x0703", "repr": "(ok true)"},
        "event_count": 1,
        "burn_block_height": 201,
    }
    assert expected.items() <= tx.items()
    memo = "0x" + b"hello".ljust(34, b"\0").hex()
    assert tx["token_transfer"] == {
        "recipient_address": B.address,
        "amount": "100",
        "memo": memo,
    }
    asset = {
        "asset_event_type": "transfer",
        "sender": A.address,
        "recipient": B.address,
        "amount": "100",
        "memo": memo,
    }
    assert tx["events"] == [
        {"event_index": 0, "event_type": "stx_asset", "tx_id": txid, "asset": asset}
    ]
    assert tx["block_time_iso"].startswith("2025-01-13T")
    assert client.get(f"/extended/v1/tx/{txid}?event_offset=1").json()["events"] == []
    assert client.get(f"/extended/v1/tx/{txid}/raw").json() == {"raw_tx": "0x" + raw.hex()}


def test_a_sponsored_transfer_names_its_sponsor(client):
    raw = transfer(A, 1, C.principal, 7, sponsor=B, sponsor_nonce=1)
    tx = client.get(f"/extended/v1/tx/{compute_txid(raw).hex()}").json()
    assert (tx["sponsored"], tx["sponsor_address"], tx["sponsor_nonce"]) == (True, B.address, 1)
    assert tx["fee_rate"] == "1000"


def test_a_miners_transactions_show_their_payloads(client):
    page = client.get(f"/extended/v1/address/{MINER.address}/transactions").json()
    coinbase, change = page["results"]
    assert (coinbase["tx_type"], change["tx_type"]) == ("coinbase", "tenure_change")
    assert coinbase["coinbase_payload"]["vrf_proof"] == "0x" + "00" * 80
    assert change["tenure_change_payload"]["cause"] == "block_found"


def test_states_follow_the_heights_of_the_tip(client, node):
    txid = compute_txid(transfer(A, 0, amount=100, memo=b"hello")).hex()
    seen = []
    for signed, anchored, final in ((1, 1, 1), (2, 1, 0), (3, 2, 1), (3, 3, 2)):
        node.signed, node.anchored, node.final = signed, anchored, final
        seen.append(client.get(f"/extended/v1/tx/{txid}").json()["btczs_status"])
    assert seen == ["mined", "signed", "anchored", "final"]


def test_a_waiting_transaction_then_a_replaced_one(client):
    waiting = transfer(A, 2, D.principal, 25)
    url = f"/extended/v1/tx/{compute_txid(waiting).hex()}"
    shown = client.get(url).json()
    assert (shown["tx_status"], shown["btczs_status"]) == ("pending", "pending")
    assert shown["replaced_by_tx_id"] is None
    unconfirmed = client.get(f"/v2/transactions/unconfirmed/{compute_txid(waiting).hex()}")
    assert unconfirmed.json() == {"tx": waiting.hex(), "status": "Mempool"}
    better = transfer(A, 2, D.principal, 25, fee=5000)
    assert client.post("/v2/transactions", content=better).status_code == 200
    shown = client.get(url).json()
    assert shown["tx_status"] == "dropped_replace_by_fee"
    assert shown["btczs_status"] == "dropped"
    assert shown["replaced_by_tx_id"] == "0x" + compute_txid(better).hex()
    assert client.get(f"{url}/raw").json() == {"raw_tx": "0x" + waiting.hex()}
    unconfirmed = client.get(f"/v2/transactions/unconfirmed/{compute_txid(waiting).hex()}")
    assert unconfirmed.status_code == 404


@pytest.mark.parametrize("path", ["/extended/v1/tx/{}", "/extended/v1/tx/{}/raw"])
def test_an_unknown_transaction_is_404(client, path):
    answer = client.get(path.format(UNKNOWN))
    assert (answer.status_code, answer.json()["error"]) == (404, "not_found")


def test_several_at_once(client):
    mined = "0x" + compute_txid(transfer(B, 0, C.principal, 50)).hex()
    waiting = "0x" + compute_txid(transfer(A, 2, D.principal, 25)).hex()
    answer = client.get(
        "/extended/v1/tx/multiple", params={"tx_id": [f"{mined},{waiting}", UNKNOWN]}
    ).json()
    assert {k: v["found"] for k, v in answer.items()} == {
        mined: True,
        waiting: True,
        UNKNOWN: False,
    }
    assert answer[mined]["result"]["tx_status"] == "success"
    assert client.get("/extended/v1/tx/multiple").status_code == 400
    many = ",".join([UNKNOWN] * 51)
    assert client.get("/extended/v1/tx/multiple", params={"tx_id": many}).status_code == 400


def test_lists_are_newest_first_in_pages(client):
    everything = client.get("/extended/v1/tx/?limit=50").json()
    assert (everything["total"], everything["limit"], everything["offset"]) == (5, 50, 0)
    assert [tx["block_height"] for tx in everything["results"]] == [3, 2, 2, 1, 1]
    part = client.get("/extended/v1/tx?limit=2&offset=1").json()
    assert ids(part) == ids(everything)[1:3]
    assert client.get("/extended/v1/tx?limit=2&offset=50").json()["results"] == []
    assert client.get("/extended/v1/tx?limit=0").json()["results"] == []


@pytest.mark.parametrize(
    ("query", "heights"),
    [
        ("type=token_transfer", [3, 2, 2]),
        ("type=coinbase,tenure_change", [1, 1]),
        ("type=coinbase&type=tenure_change", [1, 1]),
        (f"from_address={A.address}", [3, 2]),
        (f"to_address={C.address}", [3, 2]),
        ("end_time=1736726400", []),
        ("start_time=1736726500", [3]),
    ],
)
def test_filters(client, query, heights):
    answer = client.get(f"/extended/v1/tx?{query}").json()
    assert [tx["block_height"] for tx in answer["results"]] == heights
    assert answer["total"] == len(heights)


def test_events_of_a_transaction_and_of_an_address(client):
    txid = compute_txid(transfer(A, 0, amount=100, memo=b"hello")).hex()
    assert len(client.get(f"/extended/v1/tx/events?tx_id={txid}").json()["events"]) == 1
    events = client.get(f"/extended/v1/tx/events?address={C.address}").json()["events"]
    assert [e["asset"]["amount"] for e in events] == ["7", "50"]
    assert client.get("/extended/v1/tx/events").status_code == 400


# ---------------------------------------------------------------------- the mempool


def test_the_mempool_lists_and_counts_what_waits(client, node):
    node.add(transfer(B, 2, D.principal, 5, fee=2000))
    newest = client.get("/extended/v1/tx/mempool").json()
    assert newest["total"] == 2
    assert [tx["sender_address"] for tx in newest["results"]] == [B.address, A.address]
    assert (
        client.get("/extended/v1/tx/mempool?limit=1&offset=1").json()["results"]
        == (newest["results"][1:])
    )
    for query, total in (
        (f"sender_address={A.address}", 1),
        (f"recipient_address={D.address}", 2),
        (f"recipient_address={A.address}", 0),
        (f"address={D.address}", 2),
        (f"address={D.address}&sender_address={B.address}", 1),
    ):
        assert client.get(f"/extended/v1/tx/mempool?{query}").json()["total"] == total
    of_address = client.get(f"/extended/v1/address/{B.address}/mempool").json()
    assert (of_address["total"], of_address["results"][0]["fee_rate"]) == (1, "2000")
    stats = client.get("/extended/v1/tx/mempool/stats").json()
    assert stats["tx_type_counts"]["token_transfer"] == 2
    assert stats["tx_simple_fee_averages"]["token_transfer"] == {
        "p25": 1000,
        "p50": 1000,
        "p75": 2000,
        "p95": 2000,
    }
    assert stats["tx_byte_sizes"]["token_transfer"]["p50"] == 180
    assert stats["tx_simple_fee_averages"]["contract_call"]["p50"] is None


# ---------------------------------------------------------------------- nonces


def test_nonces_count_what_waits_and_name_gaps(client, node):
    url = f"/extended/v1/address/{A.address}/nonces"
    node.add(transfer(A, 4))
    assert client.get(url).json() == {
        "last_mempool_tx_nonce": 4,
        "last_executed_tx_nonce": 1,
        "possible_next_nonce": 5,
        "detected_missing_nonces": [3],
        "detected_mempool_nonces": [4, 2],
    }
    fresh = client.get(f"/extended/v1/address/{D.address}/nonces").json()
    assert (fresh["last_executed_tx_nonce"], fresh["possible_next_nonce"]) == (None, 0)


def test_multisig_nonces_are_answered_for_the_single_signature_twin(tmp_path):
    condition = multi_condition()
    multi = StandardPrincipal(21, condition.signer)
    single = StandardPrincipal(26, condition.signer)
    node = FakeNode(tmp_path, [multi])
    try:
        node.mine(multi_transfer(0))
        node.add(multi_transfer(1))
        with TestClient(make_app(node)) as client:
            for asked in (single, multi):
                answer = client.get(f"/extended/v1/address/{principal_text(asked)}/nonces").json()
                assert answer["possible_next_nonce"] == 2
            account = client.get(f"/v2/accounts/{principal_text(single)}?proof=0").json()
            assert account["nonce"] == 0
            # As soon as the single-signature account exists itself, it answers for itself.
            node.mine(transfer(A, 0, single))
            answer = client.get(f"/extended/v1/address/{principal_text(single)}/nonces").json()
            assert answer["possible_next_nonce"] == 0
    finally:
        node.close()
