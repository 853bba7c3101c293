"""Methods about blocks and the chain."""

from typing import Any

from btczs.l1.bitcoinz.header import encode_header
from btczs.l1.regtest.block_rules import compute_expected_bits
from btczs.l1.regtest.chain import BlockEntry
from btczs.l1.regtest.node import RegtestNode
from btczs.l1.regtest.rpc.faults import RpcCode, RpcFault
from btczs.l1.regtest.rpc.lookups import find_active_block, find_block, find_block_or_height
from btczs.l1.regtest.rpc.shapes import (
    Json,
    block_json,
    compute_difficulty,
    header_json,
    script_pubkey_json,
    value_pools_json,
)
from btczs.l1.regtest.rpc.values import (
    read_bool,
    read_hash,
    read_int,
    read_text,
    render_amount,
    render_double,
    type_name,
)
from btczs.l1.regtest.utxo import get_coin
from btczs.l1.sighash import branch_id_at
from btczs.primitives import InvalidInput
from btczs.primitives.units import hash_hex

SOFT_FORKS = (("bip34", 2), ("bip66", 3), ("bip65", 4))
SOFT_FORK_WINDOW = 1000
SOFT_FORK_ENFORCE = 750
SOFT_FORK_REJECT = 950
UPGRADE_INFO = {
    "overwinter": ("Overwinter", "See https://z.cash/upgrade/overwinter.html for details."),
    "sapling": ("Sapling", "See https://z.cash/upgrade/sapling.html for details."),
    "canopy": ("Canopy", "See https://z.cash/upgrade/canopy/ for details."),
}
BRANCH_IDS = {"overwinter": 0x5BA81B19, "sapling": 0x76B809BB, "canopy": 0xE9FF75A6}


def compute_network_difficulty(node: RegtestNode) -> Any:
    bits = compute_expected_bits(node.params, node.tip_entry, None)
    return render_double(compute_difficulty(node.params, bits))


def getblockchaininfo(node: RegtestNode, _args: list[Any]) -> Json:
    tip = node.tip_entry
    params = node.params
    return {
        "chain": "regtest",
        "blocks": tip.height,
        "headers": max(entry.height for entry in node.chain.tree.get_leaves()),
        "bestblockhash": hash_hex(tip.hash),
        "mediantime": tip.median_time,
        "difficulty": compute_network_difficulty(node),
        "verificationprogress": render_double(1.0),
        "chainwork": f"{tip.chain_work:064x}",
        "pruned": False,
        "size_on_disk": node.compute_stored_bytes(),
        "commitments": 0,
        "valuePools": value_pools_json(with_delta=False),
        "softforks": [_soft_fork_json(tip, name, version) for name, version in SOFT_FORKS],
        "upgrades": _upgrades_json(node),
        "consensus": {
            "chaintip": f"{branch_id_at(params, tip.height):08x}",
            "nextblock": f"{branch_id_at(params, tip.height + 1):08x}",
        },
        "fullyNotified": True,
    }


def _soft_fork_json(tip: BlockEntry, name: str, version: int) -> Json:
    # Every block since the first has the newest version; genesis too.
    found = min(tip.height + 1, SOFT_FORK_WINDOW)

    def majority(required: int) -> Json:
        return {
            "status": found >= required,
            "found": found,
            "required": required,
            "window": SOFT_FORK_WINDOW,
        }

    return {
        "id": name,
        "version": version,
        "enforce": majority(SOFT_FORK_ENFORCE),
        "reject": majority(SOFT_FORK_REJECT),
    }


def _upgrades_json(node: RegtestNode) -> Json:
    found = {}
    for upgrade, height in node.params.activations:
        if upgrade in UPGRADE_INFO:
            name, info = UPGRADE_INFO[upgrade]
            found[f"{BRANCH_IDS[upgrade]:08x}"] = {
                "name": name,
                "activationheight": height,
                "status": "active" if node.tip_entry.height >= height else "pending",
                "info": info,
            }
    return found


def getblockcount(node: RegtestNode, _args: list[Any]) -> int:
    return node.tip_entry.height


def getbestblockhash(node: RegtestNode, _args: list[Any]) -> str:
    return hash_hex(node.tip_entry.hash)


def getblockhash(node: RegtestNode, args: list[Any]) -> str:
    return hash_hex(find_active_block(node, read_int(args[0])).hash)


def getblockheader(node: RegtestNode, args: list[Any]) -> Json | str:
    text = read_text(args[0])
    is_verbose = read_bool(args[1]) if len(args) > 1 else True
    entry = find_block(node, text)
    if not is_verbose:
        return encode_header(entry.header).hex()
    return header_json(node.params, node.chain.tree, entry)


def getblock(node: RegtestNode, args: list[Any]) -> Json | str:
    entry = find_block_or_height(node, read_text(args[0]))
    verbosity = 1
    if len(args) > 1:
        is_number = type_name(args[1]) == "number"
        verbosity = read_int(args[1]) if is_number else int(read_bool(args[1]))
    if not 0 <= verbosity <= 2:
        raise RpcFault(RpcCode.INVALID_PARAMETER, "Verbosity must be in range from 0 to 2")
    block = node.chain.get_block(entry)
    if verbosity == 0:
        return block.raw.hex()
    return block_json(node.params, node.chain.tree, entry, block, with_details=verbosity == 2)


def getchaintips(node: RegtestNode, _args: list[Any]) -> list[Json]:
    return [_chain_tip_json(node, entry) for entry in node.chain.tree.get_leaves()]


def _chain_tip_json(node: RegtestNode, entry: BlockEntry) -> Json:
    tree = node.chain.tree
    if tree.is_active(entry):
        status = "active"
    elif entry.failed:
        status = "invalid"
    else:
        status = "valid-fork" if entry.validated else "valid-headers"
    return {
        "height": entry.height,
        "hash": hash_hex(entry.hash),
        "branchlen": entry.height - tree.compute_fork(entry).height,
        "status": status,
    }


def getdifficulty(node: RegtestNode, _args: list[Any]) -> Any:
    return compute_network_difficulty(node)


def gettxout(node: RegtestNode, args: list[Any]) -> Json | None:
    txid = read_hash(args[0], "txid")
    index = read_int(args[1])
    with_pool = read_bool(args[2]) if len(args) > 2 else True
    if with_pool and node.pool.get_spender(txid, index) is not None:
        return None
    coin = get_coin(node.get_pool_coins() if with_pool else node.coins, txid, index)
    if coin is None:
        return None
    in_pool = txid in node.pool
    found = node.find_transaction(txid)
    assert found is not None, "every coin comes from an indexed transaction"
    return {
        "bestblock": hash_hex(node.tip_entry.hash),
        "confirmations": 0 if in_pool else node.tip_entry.height - coin.height + 1,
        "value": render_amount(coin.value),
        "scriptPubKey": script_pubkey_json(node.params, coin.script),
        "version": found.tx.version,
        "coinbase": coin.is_coinbase,
    }


def gettxoutsetinfo(node: RegtestNode, _args: list[Any]) -> Json:
    transactions, outputs = node.chain.coins.count()
    return {
        "height": node.tip_entry.height,
        "bestblock": hash_hex(node.tip_entry.hash),
        "transactions": transactions,
        "txouts": outputs,
        "total_amount": render_amount(node.chain.coins.compute_total()),
    }


def invalidateblock(node: RegtestNode, args: list[Any]) -> None:
    entry = find_block(node, read_text(args[0]))
    try:
        node.invalidate_block(entry.hash)
    except InvalidInput as error:
        raise RpcFault(RpcCode.DATABASE_ERROR, str(error)) from error


def reconsiderblock(node: RegtestNode, args: list[Any]) -> None:
    node.reconsider_block(find_block(node, read_text(args[0])).hash)
