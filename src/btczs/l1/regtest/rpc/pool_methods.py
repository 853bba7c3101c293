"""Methods about the pool."""

from typing import Any

from btczs.l1.regtest.mempool import PoolEntry
from btczs.l1.regtest.node import RegtestNode
from btczs.l1.regtest.rpc.shapes import Json
from btczs.l1.regtest.rpc.values import read_bool, render_amount
from btczs.primitives.units import hash_hex


def getmempoolinfo(node: RegtestNode, _args: list[Any]) -> Json:
    return {
        "size": len(node.pool),
        "bytes": node.pool.bytes_total,
        "usage": node.pool.cost_total,
        "fullyNotified": True,
    }


def getrawmempool(node: RegtestNode, args: list[Any]) -> Json | list[str]:
    is_verbose = read_bool(args[0]) if args else False
    if not is_verbose:
        return [hash_hex(entry.txid) for entry in node.pool.iterate()]
    return {hash_hex(entry.txid): _entry_json(node, entry) for entry in node.pool.iterate()}


def _entry_json(node: RegtestNode, entry: PoolEntry) -> Json:
    descendants = node.pool.collect_descendants([entry.txid])
    return {
        "size": entry.size,
        "fee": render_amount(entry.fee),
        "modifiedfee": render_amount(entry.fee),
        "time": entry.time,
        "height": entry.height,
        "descendantcount": len(descendants),
        "descendantsize": sum(descendant.size for descendant in descendants),
        "descendantfees": sum(descendant.fee for descendant in descendants),
        "depends": sorted(hash_hex(parent) for parent in entry.parents),
    }
