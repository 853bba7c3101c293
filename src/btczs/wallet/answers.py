"""What a node answers, as values. A node is not trusted to write its JSON correctly."""

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from btczs.primitives import BaseUnits, Nonce
from btczs.wallet.errors import ApiFailed

T = TypeVar("T")


class NodeInfo(msgspec.Struct, frozen=True):
    """Where a node stands. Heights of the newest block in each state."""

    network: str
    chain_id: int
    height: int
    l1_height: int
    tenure_height: int
    signed_height: int
    anchored_height: int
    final_height: int
    is_synced: bool
    server_version: str


class AccountInfo(msgspec.Struct, frozen=True):
    """An account in the last block."""

    balance: BaseUnits
    locked: BaseUnits
    nonce: Nonce


class Nonces(msgspec.Struct, frozen=True):
    """`next` counts what waits in the mempool; `missing` holds back what comes after it."""

    next: Nonce
    last_executed: int | None
    last_waiting: int | None
    missing: tuple[int, ...]


class Balances(msgspec.Struct, frozen=True):
    """`estimated`: once everything that waits is mined. All in base units."""

    balance: BaseUnits
    estimated: BaseUnits
    locked: BaseUnits
    total_sent: BaseUnits
    total_received: BaseUnits
    total_fees: BaseUnits
    total_rewards: BaseUnits


def read_node_info(value: Any) -> NodeInfo:
    """Of `/v2/info`; a node that is no btczs node has no states beyond mined."""
    return _guarded(lambda: _node_info(value))


def read_account(value: Any) -> AccountInfo:
    """Of `/v2/accounts/{principal}`."""
    return _guarded(
        lambda: AccountInfo(
            BaseUnits(int(value["balance"], 16)),
            BaseUnits(int(value["locked"], 16)),
            Nonce(read_int(value["nonce"])),
        )
    )


def read_nonces(value: Any) -> Nonces:
    """Of `/extended/v1/address/{principal}/nonces`."""
    return _guarded(
        lambda: Nonces(
            Nonce(read_int(value["possible_next_nonce"])),
            _optional_int(value.get("last_executed_tx_nonce")),
            _optional_int(value.get("last_mempool_tx_nonce")),
            tuple(read_int(nonce) for nonce in value.get("detected_missing_nonces", ())),
        )
    )


def read_balances(value: Any) -> Balances:
    """Of `/extended/v1/address/{principal}/balances`."""
    return _guarded(lambda: _balances(value["stx"]))


def read_fee(value: Any) -> BaseUnits:
    """The middle estimate of `/v2/fees/transaction`."""
    return _guarded(lambda: BaseUnits(read_int(value["estimations"][1]["fee"])))


def read_txid(value: Any) -> str:
    """64 hexadecimal digits, with or without 0x."""
    return _guarded(lambda: _txid(value))


def read_object(value: Any) -> dict[str, Any]:
    """A JSON object. Raises `ApiFailed`."""
    if not isinstance(value, dict):
        raise ApiFailed(200, "unreadable", "the answer is not what was asked for")
    return value


def read_int(value: Any) -> int:
    """A whole number, not negative; large ones come as text. Raises `ValueError`."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 40:
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise ValueError("not a whole number")


def _guarded(read: Callable[[], T]) -> T:
    try:
        return read()
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise ApiFailed(200, "unreadable", "the answer is not what was asked for") from error


def _optional_int(value: Any) -> int | None:
    return None if value is None else read_int(value)


def _txid(value: Any) -> str:
    digits = value.removeprefix("0x").lower()
    if len(bytes.fromhex(digits)) != 32 or len(digits) != 64:
        raise ValueError("not a transaction id")
    return str(digits)


def _node_info(value: Any) -> NodeInfo:
    return NodeInfo(
        network=str(value.get("btczs_network", "unknown"))[:40],
        chain_id=read_int(value["network_id"]),
        height=read_int(value["stacks_tip_height"]),
        l1_height=read_int(value["burn_block_height"]),
        tenure_height=read_int(value.get("tenure_height", 0)),
        signed_height=read_int(value.get("btczs_signed_height", 0)),
        anchored_height=read_int(value.get("btczs_anchored_height", 0)),
        final_height=read_int(value.get("btczs_final_height", 0)),
        is_synced=bool(value.get("is_fully_synced", False)),
        server_version=str(value.get("server_version", ""))[:100],
    )


def _balances(stx: Any) -> Balances:
    def amount(key: str, default: str = "0") -> BaseUnits:
        return BaseUnits(read_int(stx.get(key, default)))

    return Balances(
        balance=BaseUnits(read_int(stx["balance"])),
        estimated=amount("estimated_balance", stx["balance"]),
        locked=amount("locked"),
        total_sent=amount("total_sent"),
        total_received=amount("total_received"),
        total_fees=amount("total_fees_sent"),
        total_rewards=amount("total_miner_rewards_received"),
    )
