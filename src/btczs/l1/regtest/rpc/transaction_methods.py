"""Methods about transactions: reading, building, sending, proving."""

from typing import Any

import msgspec

from btczs.codec.errors import InvalidAddress
from btczs.crypto.hashes import hash160
from btczs.l1.address import L1Address, address_script, decode_l1_address, encode_l1_address
from btczs.l1.bitcoinz.header import encode_header
from btczs.l1.bitcoinz.transaction import OVERWINTER_GROUP, Transaction, encode_transaction
from btczs.l1.parts import SEQUENCE_FINAL, TxIn, TxOut
from btczs.l1.regtest import limits
from btczs.l1.regtest.accept import decode_loose_transaction
from btczs.l1.regtest.chain import BlockEntry
from btczs.l1.regtest.errors import RejectCode, TransactionRejected
from btczs.l1.regtest.node import RegtestNode
from btczs.l1.regtest.queries import find_in_block
from btczs.l1.regtest.rpc.faults import RpcCode, RpcFault
from btczs.l1.regtest.rpc.lookups import find_block
from btczs.l1.regtest.rpc.shapes import Json, script_pubkey_json, transaction_json
from btczs.l1.regtest.rpc.values import (
    read_amount,
    read_bool,
    read_hash,
    read_hex,
    read_int,
    read_list,
    read_object,
    read_text,
    type_name,
    verify_types,
)
from btczs.l1.regtest.views import Found
from btczs.l1.script.templates import push
from btczs.l1.spv.errors import InvalidMerkleProof
from btczs.l1.spv.partial import (
    build_merkle_block,
    decode_merkle_block,
    encode_merkle_block,
    verify_merkle_block,
)
from btczs.l1.wire import decode_header
from btczs.primitives import DecodeError, Hash32, Zat
from btczs.primitives.units import hash_hex

PARTS_MAX = 10_000
"""Inputs or outputs of a transaction built here: more do not fit a block."""


def _decode(text: Any) -> Transaction:
    try:
        return decode_loose_transaction(bytes.fromhex(read_text(text)))
    except (DecodeError, ValueError) as error:
        raise RpcFault(RpcCode.DESERIALIZATION_ERROR, "TX decode failed") from error


def getrawtransaction(node: RegtestNode, args: list[Any]) -> Json | str:
    txid = read_hash(args[0], "parameter 1")
    is_verbose = read_int(args[1]) != 0 if len(args) > 1 else False
    if len(args) > 2:
        entry = _find_given_block(node, args[2])
        found = find_in_block(node.chain.get_block(entry), entry, txid)
    else:
        entry = None
        found = node.find_transaction(txid)
    if found is None:
        where = "mempool or blockchain transaction"
        what = "transaction found in the provided block" if entry is not None else where
        message = f"No such {what}. Use gettransaction for wallet transactions."
        raise RpcFault(RpcCode.INVALID_ADDRESS_OR_KEY, message)
    if not is_verbose:
        return found.raw.hex()
    shape: Json = {}
    if entry is not None:
        shape["in_active_chain"] = node.chain.tree.is_active(entry)
    return shape | transaction_json(node.params, found.tx) | _confirmation_json(node, found)


def _find_given_block(node: RegtestNode, value: Any) -> BlockEntry:
    entry = node.chain.tree.entries.get(read_hash(value, "parameter 3"))
    if entry is None:
        raise RpcFault(RpcCode.INVALID_ADDRESS_OR_KEY, "Block hash not found")
    return entry


def _confirmation_json(node: RegtestNode, found: Found) -> Json:
    if found.block is None:
        return {}
    entry = node.chain.get_entry(found.block.hash)
    shape: Json = {"blockhash": hash_hex(entry.hash)}
    if not node.chain.tree.is_active(entry):
        return shape | {"height": -1, "confirmations": 0}
    return shape | {
        "height": entry.height,
        "confirmations": node.tip_entry.height - entry.height + 1,
        "time": entry.time,
        "blocktime": entry.time,
    }


def decoderawtransaction(node: RegtestNode, args: list[Any]) -> Json:
    verify_types(args, "string")
    return transaction_json(node.params, _decode(args[0]))


def decodescript(node: RegtestNode, args: list[Any]) -> Json:
    verify_types(args, "string")
    text = read_text(args[0])
    script = read_hex(text, "argument") if text else b""
    wrapped = encode_l1_address(node.params, L1Address("p2sh", hash160(script)))
    return script_pubkey_json(node.params, script, with_hex=False) | {"p2sh": wrapped}


def sendrawtransaction(node: RegtestNode, args: list[Any]) -> str:
    verify_types(args, "string", "bool")
    tx = _decode(args[0])
    allow_high_fees = read_bool(args[1]) if len(args) > 1 else False
    _refuse_expiring_soon(node, tx)
    try:
        txid = node.submit_transaction(encode_transaction(tx), allow_high_fees=allow_high_fees)
    except TransactionRejected as error:
        raise _rejection_fault(error) from error
    return hash_hex(txid)


def _refuse_expiring_soon(node: RegtestNode, tx: Transaction) -> None:
    soonest = node.tip_entry.height + 1 + limits.EXPIRING_SOON_BLOCKS
    if 0 < tx.expiry_height < soonest and node.params.is_active("overwinter", soonest):
        message = (
            f"tx-expiring-soon: expiryheight is {tx.expiry_height} but should be at least"
            f" {soonest} to avoid transaction expiring soon"
        )
        raise RpcFault(RpcCode.VERIFY_REJECTED, message)


def _rejection_fault(error: TransactionRejected) -> RpcFault:
    if error.reason == "txn-already-known":
        return RpcFault(RpcCode.ALREADY_IN_CHAIN, "transaction already in block chain")
    if error.reject_code == RejectCode.NONE:
        return RpcFault(RpcCode.VERIFY_ERROR, error.reason)
    return RpcFault(RpcCode.VERIFY_REJECTED, f"{int(error.reject_code)}: {error.reason}")


def createrawtransaction(node: RegtestNode, args: list[Any]) -> str:
    verify_types(args, "array", "object", "number", "number", allow_null=True)
    if args[0] is None or args[1] is None:
        message = "Invalid parameter, arguments 1 and 2 must be non-null"
        raise RpcFault(RpcCode.INVALID_PARAMETER, message)
    lock_time = _read_lock_time(args[2]) if len(args) > 2 and args[2] is not None else 0
    given_expiry = args[3] if len(args) > 3 else None
    if max(len(args[0]), len(args[1])) > PARTS_MAX:
        raise RpcFault(RpcCode.INVALID_PARAMETER, f"more than {PARTS_MAX} inputs or outputs")
    tx = Transaction(
        inputs=tuple(_read_input(value, lock_time) for value in read_list(args[0])),
        outputs=tuple(_read_outputs(node, read_object(args[1]))),
        lock_time=lock_time,
    )
    return encode_transaction(_with_version(node, tx, given_expiry)).hex()


def _read_lock_time(value: Any) -> int:
    lock_time = read_int(value, bits=63)
    if not 0 <= lock_time <= 0xFFFF_FFFF:
        raise RpcFault(RpcCode.INVALID_PARAMETER, "Invalid parameter, locktime out of range")
    return lock_time


def _with_version(node: RegtestNode, tx: Transaction, given_expiry: Any) -> Transaction:
    """The version of the next block's upgrade, with the expiry height given or the usual one."""
    next_height = node.tip_entry.height + 1
    if not node.params.is_active("overwinter", next_height):
        if given_expiry is not None:
            message = (
                "Invalid parameter, expiryheight can only be used if Overwinter is active when"
                " the transaction is mined"
            )
            raise RpcFault(RpcCode.INVALID_PARAMETER, message)
        return msgspec.structs.replace(tx, version=1, overwintered=False, group_id=0)
    expiry_height = next_height + limits.EXPIRY_DELTA_DEFAULT
    if given_expiry is not None:
        expiry_height = _read_expiry_height(given_expiry, next_height)
    tx = msgspec.structs.replace(tx, expiry_height=expiry_height)
    if node.params.is_active("sapling", next_height):
        return tx
    return msgspec.structs.replace(tx, version=3, group_id=OVERWINTER_GROUP)


def _read_expiry_height(value: Any, next_height: int) -> int:
    expiry_height = read_int(value, bits=63)
    if not 0 <= expiry_height < limits.EXPIRY_HEIGHT_THRESHOLD:
        message = (
            "Invalid parameter, expiryheight must be nonnegative and less than"
            f" {limits.EXPIRY_HEIGHT_THRESHOLD}."
        )
        raise RpcFault(RpcCode.INVALID_PARAMETER, message)
    soonest = next_height + limits.EXPIRING_SOON_BLOCKS
    if expiry_height and soonest > expiry_height:
        message = (
            f"Invalid parameter, expiryheight should be at least {soonest} to avoid transaction"
            " expiring soon"
        )
        raise RpcFault(RpcCode.INVALID_PARAMETER, message)
    return expiry_height


def _read_input(value: Any, lock_time: int) -> TxIn:
    given = read_object(value)
    txid = read_hash(given.get("txid"), "txid")
    if type_name(given.get("vout")) != "number":
        raise RpcFault(RpcCode.INVALID_PARAMETER, "Invalid parameter, missing vout key")
    index = read_int(given["vout"])
    if index < 0:
        raise RpcFault(RpcCode.INVALID_PARAMETER, "Invalid parameter, vout must be positive")
    sequence = SEQUENCE_FINAL - 1 if lock_time else SEQUENCE_FINAL
    if type_name(given.get("sequence")) == "number":
        sequence = read_int(given["sequence"], bits=32)
        if sequence < 0:
            raise RpcFault(RpcCode.INVALID_PARAMETER, "Invalid parameter, sequence out of range")
    return TxIn(txid, index, b"", sequence)


def _read_outputs(node: RegtestNode, given: Json) -> list[TxOut]:
    outputs = []
    for name, value in given.items():
        if name == "data":
            outputs.append(TxOut(Zat(0), b"\x6a" + push(read_hex(value, "Data"))))
            continue
        try:
            address = decode_l1_address(node.params, name)
        except InvalidAddress as error:
            message = f"Invalid BitcoinZ address: {name[:100]}"
            raise RpcFault(RpcCode.INVALID_ADDRESS_OR_KEY, message) from error
        outputs.append(TxOut(read_amount(value), address_script(address)))
    return outputs


def gettxoutproof(node: RegtestNode, args: list[Any]) -> str:
    wanted: set[Hash32] = set()
    for value in read_list(args[0]):
        text = read_text(value)
        if len(text) != 64:
            raise RpcFault(RpcCode.INVALID_PARAMETER, f"Invalid txid {text[:100]}")
        txid = read_hash(text, "txid")
        if txid in wanted:
            message = f"Invalid parameter, duplicated txid: {text}"
            raise RpcFault(RpcCode.INVALID_PARAMETER, message)
        wanted.add(txid)
    entry = _find_proof_block(node, wanted, args)
    block = node.chain.get_block(entry)
    txids = [tx.txid for tx in block.transactions]
    indexes = {index for index, txid in enumerate(txids) if txid in wanted}
    if len(indexes) != len(wanted):
        message = "(Not all) transactions not found in specified block"
        raise RpcFault(RpcCode.INVALID_ADDRESS_OR_KEY, message)
    proof = build_merkle_block(encode_header(entry.header), txids, indexes)
    return encode_merkle_block(proof).hex()


def _find_proof_block(node: RegtestNode, wanted: set[Hash32], args: list[Any]) -> BlockEntry:
    if len(args) > 1:
        return find_block(node, read_text(args[1]))
    for txid in wanted:
        found = node.find_transaction(txid)
        if found is not None and found.block is not None:
            return node.chain.get_entry(found.block.hash)
    raise RpcFault(RpcCode.INVALID_ADDRESS_OR_KEY, "Transaction not yet in block")


def verifytxoutproof(node: RegtestNode, args: list[Any]) -> list[str]:
    raw = read_hex(args[0], "proof")
    try:
        proof = decode_merkle_block(node.params, raw)
        matches = verify_merkle_block(node.params, proof)
    except InvalidMerkleProof:
        return []  # the real node's answer to a proof that proves nothing
    except DecodeError as error:
        raise RpcFault(RpcCode.MISC_ERROR, f"the proof cannot be read: {error}") from error
    header = decode_header(node.params, proof.header)
    entry = node.chain.tree.entries.get(header.hash)
    if entry is None or not node.chain.tree.is_active(entry):
        raise RpcFault(RpcCode.INVALID_ADDRESS_OR_KEY, "Block not found in chain")
    return [hash_hex(match.txid) for match in matches]
