"""Transactions, headers and blocks as JSON, with exactly the keys of the real node."""

from typing import Any

from btczs.l1.address import encode_l1_address
from btczs.l1.bitcoinz.transaction import Transaction, encode_transaction
from btczs.l1.params import L1Params
from btczs.l1.pow import target_to_bits
from btczs.l1.regtest.block import Block
from btczs.l1.regtest.chain import BlockEntry, BlockTree
from btczs.l1.regtest.rpc.asm import script_to_asm
from btczs.l1.regtest.rpc.values import render_amount, render_double
from btczs.l1.regtest.solver import solve_script
from btczs.primitives.units import hash_hex

Json = dict[str, Any]

EMPTY_SPROUT_ROOT = "59d2cde5e65c1414c32ba54f0fe4bdb3d67618125286e6a191317917c812c6d7"
"""Root of the tree of joinsplit outputs, which stays empty here."""


def script_pubkey_json(params: L1Params, script: bytes, *, with_hex: bool = True) -> Json:
    solved = solve_script(script)
    found: Json = {"asm": script_to_asm(script)}
    if with_hex:
        found["hex"] = script.hex()
    if solved.addresses:
        found["reqSigs"] = solved.required
    found["type"] = solved.type
    if solved.addresses:
        found["addresses"] = [encode_l1_address(params, a) for a in solved.addresses]
    return found


def transaction_json(params: L1Params, tx: Transaction) -> Json:
    """A transaction without where it is. Shielded parts are absent: they are refused here."""
    raw = encode_transaction(tx)
    found: Json = {
        "txid": hash_hex(tx.txid),
        "size": len(raw),
        "overwintered": tx.overwintered,
        "version": tx.version,
    }
    if tx.overwintered:
        found["versiongroupid"] = f"{tx.group_id:08x}"
    found["locktime"] = tx.lock_time
    if tx.overwintered:
        found["expiryheight"] = tx.expiry_height
    found["hex"] = raw.hex()
    found["vin"] = _inputs_json(tx)
    found["vout"] = [
        {
            "value": render_amount(output.value),
            "valueZat": output.value,
            "valueSat": output.value,
            "n": index,
            "scriptPubKey": script_pubkey_json(params, output.script),
        }
        for index, output in enumerate(tx.outputs)
    ]
    found["vJoinSplit"] = []
    if tx.overwintered and tx.version >= 4:
        found["valueBalance"] = render_amount(tx.value_balance)
        found["valueBalanceZat"] = tx.value_balance
        found["vShieldedSpend"] = []
        found["vShieldedOutput"] = []
    return found


def _inputs_json(tx: Transaction) -> list[Json]:
    if tx.is_coinbase:
        only = tx.inputs[0]
        return [{"coinbase": only.script_sig.hex(), "sequence": only.sequence}]
    return [
        {
            "txid": hash_hex(tx_input.prev_txid),
            "vout": tx_input.prev_index,
            "scriptSig": {
                "asm": script_to_asm(tx_input.script_sig, with_hash_types=True),
                "hex": tx_input.script_sig.hex(),
            },
            "sequence": tx_input.sequence,
        }
        for tx_input in tx.inputs
    ]


def compute_difficulty(params: L1Params, bits: int) -> float:
    """How many times harder than the easiest target, as the node computes it."""
    limit = target_to_bits(params.pow_limit)
    exponent = (limit >> 24) - (bits >> 24)
    return (limit & 0xFFFFFF) / (bits & 0xFFFFFF) * 256.0**exponent


def header_json(params: L1Params, tree: BlockTree, entry: BlockEntry) -> Json:
    return _place_json(tree, entry) | _work_json(params, entry) | _links_json(tree, entry)


def block_json(
    params: L1Params, tree: BlockTree, entry: BlockEntry, block: Block, *, with_details: bool
) -> Json:
    """Verbosity 1, or 2 `with_details`."""
    place = _place_json(tree, entry)
    txs = [
        transaction_json(params, tx) if with_details else hash_hex(tx.txid)
        for tx in block.transactions
    ]
    return (
        {"hash": place.pop("hash"), "confirmations": place.pop("confirmations")}
        | {"size": len(block.raw)}
        | place
        | {"tx": txs}
        | _work_json(params, entry)
        | {"anchor": EMPTY_SPROUT_ROOT, "valuePools": value_pools_json(with_delta=True)}
        | _links_json(tree, entry)
    )


def _place_json(tree: BlockTree, entry: BlockEntry) -> Json:
    is_active = tree.is_active(entry)
    return {
        "hash": hash_hex(entry.hash),
        "confirmations": tree.tip.height - entry.height + 1 if is_active else -1,
        "height": entry.height,
        "version": entry.header.version,
        "merkleroot": hash_hex(entry.header.merkle_root),
        "finalsaplingroot": hash_hex(entry.header.reserved),
    }


def _work_json(params: L1Params, entry: BlockEntry) -> Json:
    return {
        "time": entry.time,
        "mediantime": entry.median_time,
        "nonce": hash_hex(entry.header.nonce),
        "solution": entry.header.solution.hex(),
        "bits": f"{entry.bits:08x}",
        "difficulty": render_double(compute_difficulty(params, entry.bits)),
        "chainwork": f"{entry.chain_work:064x}",
    }


def _links_json(tree: BlockTree, entry: BlockEntry) -> Json:
    links = {}
    if entry.previous is not None:
        links["previousblockhash"] = hash_hex(entry.previous.hash)
    following = tree.get_next_active(entry)
    if following is not None:
        links["nextblockhash"] = hash_hex(following.hash)
    return links


def value_pools_json(*, with_delta: bool) -> list[Json]:
    """The two shielded pools, which stay empty."""
    pools = []
    for name in ("sprout", "sapling"):
        pool: Json = {
            "id": name,
            "monitored": True,
            "chainValue": render_amount(0),
            "chainValueZat": 0,
        }
        if with_delta:
            pool |= {"valueDelta": render_amount(0), "valueDeltaZat": 0}
        pools.append(pool)
    return pools
