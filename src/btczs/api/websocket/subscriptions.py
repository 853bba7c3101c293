"""What can be subscribed to: parameters in, a topic and the acknowledgement out."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from btczs.api.params import HEIGHT_MAX, TEXT_MAX, read_hash
from btczs.api.websocket.protocol import InvalidParams
from btczs.codec.clarity import Principal, parse_principal, principal_text
from btczs.codec.clarity.values import ContractPrincipal
from btczs.primitives import InvalidInput

NFT_VALUE_CHARS_MAX: Final = 4096
"""Longest `value` of an `nft_asset_event`: a Clarity value in hexadecimal."""


class Topic(NamedTuple):
    """One thing to hear of. `key` is the canonical id or address; empty for a whole stream."""

    event: str
    key: str = ""


class Subscription(NamedTuple):
    """What a request asks for."""

    topic: Topic
    result: dict[str, Any]
    """The acknowledgement. An address stands as the client gave it: clients compare exactly."""
    since: int | None = None
    """Replay blocks above this height first."""


BLOCK: Final = Topic("block")
MICROBLOCK: Final = Topic("microblock")
MEMPOOL: Final = Topic("mempool")
TRANSACTION: Final = Topic("transaction")


def tx_topic(txid: bytes) -> Topic:
    return Topic("tx_update", "0x" + txid.hex())


def address_tx_topic(address: str) -> Topic:
    return Topic("address_tx_update", address)


def balance_topic(address: str) -> Topic:
    return Topic("address_balance_update", address)


def read_subscription(params: Any) -> Subscription:
    """The subscription that `params` name. Raises `InvalidParams`."""
    if not isinstance(params, dict):
        raise InvalidParams("an object is expected")
    event = params.get("event")
    if not isinstance(event, str) or event not in _READERS:
        raise InvalidParams(f"event must be one of {', '.join(_READERS)}")
    return _READERS[event](event, params)


# ---------------------------------------------------------------------- one reader per shape


def _read_stream(event: str, _params: dict[str, Any]) -> Subscription:
    return Subscription(Topic(event), {})


def _read_block(event: str, params: dict[str, Any]) -> Subscription:
    since = params.get("since")
    if since is None:
        return Subscription(Topic(event), {})
    if isinstance(since, bool) or not isinstance(since, int) or not 0 <= since <= HEIGHT_MAX:
        raise InvalidParams("since must be a height")
    return Subscription(Topic(event), {}, since)


def _read_tx(_event: str, params: dict[str, Any]) -> Subscription:
    text = _text(params, "tx_id")
    try:
        topic = tx_topic(read_hash(text))
    except ValueError as error:
        raise InvalidParams(f"tx_id {error}") from error
    return Subscription(topic, {"tx_id": topic.key})


def _read_address(event: str, params: dict[str, Any]) -> Subscription:
    text = _text(params, "address")
    address = principal_text(_principal("address", text))
    return Subscription(Topic(event, address), {"address": text})


def _read_nft_asset(event: str, params: dict[str, Any]) -> Subscription:
    asset = _asset(params)
    value = _text(params, "value", NFT_VALUE_CHARS_MAX)
    try:
        raw = bytes.fromhex(value.removeprefix("0x"))
    except ValueError as error:
        raise InvalidParams("value must be hexadecimal") from error
    if not raw:
        raise InvalidParams("value must not be empty")
    result = {"asset_identifier": asset, "value": value}
    return Subscription(Topic(event, f"{asset}+{raw.hex()}"), result)


def _read_nft_collection(event: str, params: dict[str, Any]) -> Subscription:
    asset = _asset(params)
    return Subscription(Topic(event, asset), {"asset_identifier": asset})


_READERS: Final[dict[str, Callable[[str, dict[str, Any]], Subscription]]] = {
    "block": _read_block,
    "microblock": _read_stream,
    "mempool": _read_stream,
    "transaction": _read_stream,
    "tx_update": _read_tx,
    "address_tx_update": _read_address,
    "address_balance_update": _read_address,
    "nft_event": _read_stream,
    "nft_asset_event": _read_nft_asset,
    "nft_collection_event": _read_nft_collection,
}


def _text(params: dict[str, Any], name: str, chars_max: int = TEXT_MAX) -> str:
    text = params.get(name)
    if not isinstance(text, str):
        raise InvalidParams(f"{name} must be a text")
    if len(text) > chars_max:
        raise InvalidParams(f"{name} has more than {chars_max} characters")
    return text


def _principal(name: str, text: str) -> Principal:
    try:
        return parse_principal(text)
    except (InvalidInput, ValueError) as error:
        raise InvalidParams(f"{name}: {error}") from error


def _asset(params: dict[str, Any]) -> str:
    """`address.contract::asset`."""
    text = _text(params, "asset_identifier")
    contract, separator, name = text.partition("::")
    principal = _principal("asset_identifier", contract)
    if not (separator and name and isinstance(principal, ContractPrincipal)):
        raise InvalidParams("asset_identifier must be address.contract::asset")
    return text
