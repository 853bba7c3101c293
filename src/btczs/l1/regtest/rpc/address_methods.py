"""Look-ups by address (the real node has them with `-insightexplorer`)."""

from typing import Any

from btczs.codec.errors import InvalidAddress
from btczs.l1.address import (
    L1Address,
    address_script,
    decode_l1_address,
    encode_l1_address,
    script_address,
)
from btczs.l1.regtest.mempool import PoolEntry
from btczs.l1.regtest.node import RegtestNode
from btczs.l1.regtest.rpc.faults import RpcCode, RpcFault
from btczs.l1.regtest.rpc.shapes import Json
from btczs.l1.regtest.rpc.values import read_bool, read_int, read_list, read_text, type_name
from btczs.l1.regtest.utxo import get_coin
from btczs.primitives.units import hash_hex

ADDRESSES_MAX = 1000


def validateaddress(node: RegtestNode, args: list[Any]) -> Json:
    try:
        address = decode_l1_address(node.params, read_text(args[0]))
    except InvalidAddress:
        return {"isvalid": False}
    return {
        "isvalid": True,
        "address": encode_l1_address(node.params, address),
        "scriptPubKey": address_script(address).hex(),
        "ismine": False,
        "iswatchonly": False,
        "isscript": address.kind == "p2sh",
    }


def _read_addresses(node: RegtestNode, value: Any) -> list[L1Address]:
    if type_name(value) == "string":
        texts = [value]
    elif type_name(value) == "object" and type_name(value.get("addresses")) == "array":
        texts = read_list(value["addresses"])
    else:
        message = "Addresses is expected to be an array"
        raise RpcFault(RpcCode.INVALID_ADDRESS_OR_KEY, message)
    if len(texts) > ADDRESSES_MAX:
        raise RpcFault(RpcCode.INVALID_PARAMETER, f"more than {ADDRESSES_MAX} addresses")
    try:
        return [decode_l1_address(node.params, read_text(text)) for text in texts]
    except InvalidAddress as error:
        raise RpcFault(RpcCode.INVALID_ADDRESS_OR_KEY, "Invalid address") from error


def getaddressutxos(node: RegtestNode, args: list[Any]) -> Json | list[Json]:
    utxos = [
        {
            "address": encode_l1_address(node.params, address),
            "txid": hash_hex(utxo.txid),
            "outputIndex": utxo.index,
            "script": utxo.script.hex(),
            "satoshis": utxo.value,
            "height": utxo.height,
        }
        for address in _read_addresses(node, args[0])
        for utxo in node.utxos_of(address_script(address))
    ]
    utxos.sort(key=lambda utxo: int(str(utxo["height"])))
    if not (isinstance(args[0], dict) and args[0].get("chainInfo") is not None):
        return utxos
    if not read_bool(args[0]["chainInfo"]):
        return utxos
    tip = node.tip_entry
    return {"utxos": utxos, "hash": hash_hex(tip.hash), "height": tip.height}


def getaddressbalance(node: RegtestNode, args: list[Any]) -> Json:
    values = [
        activity.value
        for address in _read_addresses(node, args[0])
        for activity in node.get_activity(address_script(address))
    ]
    return {"balance": sum(values), "received": sum(value for value in values if value > 0)}


def getaddresstxids(node: RegtestNode, args: list[Any]) -> list[str]:
    start, end = _read_height_range(node, args[0])
    found = {
        (activity.height, hash_hex(activity.txid))
        for address in _read_addresses(node, args[0])
        for activity in node.get_activity(address_script(address))
        if not end or start <= activity.height <= end
    }
    return [txid for _, txid in sorted(found)]


def _read_height_range(node: RegtestNode, value: Any) -> tuple[int, int]:
    """(start, end), or (0, 0) for everything."""
    if not isinstance(value, dict) or value.get("start") is None or value.get("end") is None:
        return 0, 0
    start, end = read_int(value["start"]), read_int(value["end"])
    if start <= 0 or end <= 0:
        message = "Start and end are expected to be greater than zero"
        raise RpcFault(RpcCode.INVALID_ADDRESS_OR_KEY, message)
    if end < start:
        message = "End value is expected to be greater than start"
        raise RpcFault(RpcCode.INVALID_ADDRESS_OR_KEY, message)
    if end > node.tip_entry.height:
        message = "Start or end is outside chain range"
        raise RpcFault(RpcCode.INVALID_ADDRESS_OR_KEY, message)
    return start, end


def getaddressmempool(node: RegtestNode, args: list[Any]) -> list[Json]:
    wanted = set(_read_addresses(node, args[0]))
    deltas = [delta for entry in node.pool.iterate() for delta in _deltas(node, entry, wanted)]
    return sorted(deltas, key=lambda delta: int(delta["timestamp"]))


def _deltas(node: RegtestNode, entry: PoolEntry, wanted: set[L1Address]) -> list[Json]:
    """What a waiting transaction does to the addresses."""

    def shape(script: bytes, index: int, value: int) -> Json | None:
        address = script_address(script)
        if address is None or address not in wanted:
            return None
        return {
            "address": encode_l1_address(node.params, address),
            "txid": hash_hex(entry.txid),
            "index": index,
            "satoshis": value,
            "timestamp": entry.time,
        }

    found = []
    coins = node.get_pool_coins()
    for index, tx_input in enumerate(entry.tx.inputs):
        coin = get_coin(coins, tx_input.prev_txid, tx_input.prev_index)
        assert coin is not None, "the inputs of a pooled transaction exist"
        delta = shape(coin.script, index, -coin.value)
        if delta is not None:
            place = {"prevtxid": hash_hex(tx_input.prev_txid), "prevout": tx_input.prev_index}
            found.append(delta | place)
    for index, output in enumerate(entry.tx.outputs):
        delta = shape(output.script, index, output.value)
        if delta is not None:
            found.append(delta)
    return found
