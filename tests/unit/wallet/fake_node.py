"""A node's HTTP API that is one object: what was sent to it, and what it shall answer."""

import json
from collections.abc import Callable
from typing import Any

import httpx

from btczs.ledger.transactions import compute_txid, decode_transaction

TXID = "11" * 32


class FakeNode:
    """`answers` replaces the answer of a path; `states` are shown one after the other."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.next_nonce = 0
        self.fee = 1500
        self.chain_id = 0x80000000
        self.states = ["mined"]
        self.refusals: list[dict[str, Any]] = []
        self.requests: list[str] = []
        self.answers: dict[str, Callable[[], httpx.Response]] = {}

    @property
    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self.handle)

    def handle(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        self.requests.append(f"{request.method} {request.url.raw_path.decode()}")
        if path in self.answers:
            return self.answers[path]()
        parts = path.strip("/").split("/")
        if path == "/v2/info":
            return reply(self._info())
        if path == "/v2/fees/transaction":
            return reply({"estimations": [{"fee": f} for f in (1000, self.fee, 9000)]})
        if path == "/v2/transactions":
            return self._submit(request.content)
        if path.startswith("/v2/accounts/"):
            return reply({"balance": "0x" + f"{250_000_000:032x}", "locked": "0x0", "nonce": 3})
        if path.endswith("/nonces"):
            self.next_nonce += 0
            return reply(
                {
                    "possible_next_nonce": self.next_nonce,
                    "last_executed_tx_nonce": None,
                    "last_mempool_tx_nonce": None,
                    "detected_missing_nonces": [],
                }
            )
        if path.endswith("/balances"):
            return reply({"stx": {"balance": "250000000", "estimated_balance": "200000000",
                                  "locked": "0", "total_sent": "9007199254740993",
                                  "total_received": "1", "total_fees_sent": "2",
                                  "total_miner_rewards_received": "0"}})  # fmt: skip
        if path.startswith("/extended/v1/tx/"):
            return self._transaction(parts[-1])
        if path == "/extended/v1/faucets/stx":
            return reply({"success": True, "txId": "0x" + TXID, "txRaw": ""})
        if path.endswith("/transactions") and "blocks" in parts:
            return reply({"total": 0, "results": []})
        if path == "/extended/v2/blocks":
            return reply({"total": 1, "results": [block()]})
        if path.startswith("/extended/v2/blocks/"):
            return reply(block())
        if path.startswith("/v2/btcz/"):
            return reply({"hash": "ab" * 32, "height": 120, "tx": ["cd" * 32]})
        return reply({"error": "not_found", "message": f"nothing at {path}"}, 404)

    def _info(self) -> dict[str, Any]:
        return {
            "network_id": self.chain_id, "stacks_tip_height": 42, "burn_block_height": 130,
            "tenure_height": 7, "is_fully_synced": True, "server_version": "btczs 0.1.0",
            "btczs_network": "devnet", "btczs_signed_height": 41, "btczs_anchored_height": 30,
            "btczs_final_height": 20,
        }  # fmt: skip

    def _submit(self, raw: bytes) -> httpx.Response:
        decode_transaction(raw)
        if self.refusals:
            refusal = self.refusals.pop(0)
            if refusal["reason"] == "BadNonce":
                self.next_nonce += 1
            return reply({"error": "transaction rejected", "txid": TXID} | refusal, 400)
        self.sent.append(raw)
        return reply(compute_txid(raw).hex())

    def _transaction(self, txid: str) -> httpx.Response:
        state = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        if state == "unknown":
            return reply({"error": "not_found", "message": "could not find it"}, 404)
        status = {"pending": "pending", "dropped": "dropped_replace_by_fee"}.get(state, "success")
        if state == "aborted":
            state, status = "mined", "abort_by_response"
        return reply({
            "tx_id": txid, "tx_status": status, "btczs_status": state, "tx_type": "token_transfer",
            "sender_address": "ST1", "nonce": 0, "fee_rate": "1000", "block_height": 42,
            "block_time": 1_736_726_400,
            "token_transfer": {"recipient_address": "ST2", "amount": "150000000",
                               "memo": "0x" + b"hi".hex().ljust(68, "0")},
        })  # fmt: skip


def block() -> dict[str, Any]:
    return {
        "height": 42, "hash": "0x" + "ab" * 32, "index_block_hash": "0x" + "ac" * 32,
        "parent_block_hash": "0x" + "ad" * 32, "block_time": 1_736_726_400, "tenure_height": 7,
        "burn_block_height": 130, "burn_block_hash": "0x" + "ae" * 32, "tx_count": 1,
        "btczs_status": "signed", "btczs_miner": "ST1", "btczs_state_root": "0x" + "af" * 32,
    }  # fmt: skip


def reply(value: Any, status: int = 200) -> httpx.Response:
    return httpx.Response(status, content=json.dumps(value))
