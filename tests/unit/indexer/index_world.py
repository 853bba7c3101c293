"""A small chain of index records, made of really signed transactions, for the tests of the index."""

from functools import cache

import msgspec

from btczs.codec.clarity import principal_text
from btczs.codec.clarity.values import Principal
from btczs.crypto.hashes import sha256
from btczs.indexer import Credit, IndexedTransaction, IndexRecord
from btczs.ledger.devnet import DevnetKey, devnet_accounts
from btczs.ledger.events import MintEvent, TransferEvent, to_principal_bytes
from btczs.ledger.receipts import RESULT_OK_TRUE, ExecutionCost, Receipt
from btczs.ledger.transactions import (
    compute_txid,
    encode_transaction,
    make_token_transfer,
    sign_origin,
    sign_sponsor,
)
from btczs.ledger.transactions.builders import single_sig
from btczs.ledger.transactions.signing import set_sponsor
from btczs.networks import load_network
from btczs.primitives import (
    BaseUnits,
    ChainHeight,
    Hash32,
    L1Height,
    TenureHeight,
    TimestampS,
)

NETWORK = load_network("devnet")
A, B, C, D = devnet_accounts()[:4]
GENESIS_AMOUNT = 1_000_000
FEE = 1000
TIME = 1_736_726_400


class Transfer(msgspec.Struct, frozen=True):
    """A transfer between devnet keys; `sponsor` pays the fee."""

    sender: DevnetKey
    nonce: int
    recipient: DevnetKey
    amount: int = 10
    fee: int = FEE
    sponsor: DevnetKey | None = None
    sponsor_nonce: int = 0


@cache
def sign(transfer: Transfer) -> bytes:
    sponsor = transfer.sponsor
    origin = single_sig(
        transfer.sender.public_key, nonce=transfer.nonce, fee=0 if sponsor else transfer.fee
    )
    tx = make_token_transfer(
        NETWORK,
        origin,
        transfer.recipient.principal,
        transfer.amount,
        b"hi",
        sponsored=bool(sponsor),
    )
    tx = sign_origin(tx, transfer.sender.secret)
    if sponsor is not None:
        condition = single_sig(sponsor.public_key, nonce=transfer.sponsor_nonce, fee=transfer.fee)
        tx = sign_sponsor(set_sponsor(tx, condition), sponsor.secret)
    return encode_transaction(tx)


def execute(transfer: Transfer, index: int) -> IndexedTransaction:
    """The transfer with the receipt that execution gives it."""
    raw = sign(transfer)
    event = TransferEvent(
        to_principal_bytes(transfer.sender.principal),
        to_principal_bytes(transfer.recipient.principal),
        BaseUnits(transfer.amount),
        b"hi".ljust(34, b"\0"),
    )
    receipt = Receipt(
        compute_txid(raw),
        index,
        "success",
        RESULT_OK_TRUE,
        (event,),
        BaseUnits(transfer.fee),
        ExecutionCost(1, 2, 3, 4, 5),
    )
    return IndexedTransaction(raw, receipt)


def block_hash_at(height: int, branch: int = 0) -> Hash32:
    return Hash32(sha256(b"hash %d %d" % (height, branch)))


def block_id_at(height: int, branch: int = 0) -> Hash32:
    return Hash32(sha256(b"id %d %d" % (height, branch)))


def make_record(
    height: int,
    transfers: tuple[Transfer, ...] = (),
    *,
    parent_branch: int = 0,
    branch: int = 0,
    credits: tuple[Credit, ...] = (),
    tenure: int | None = None,
    starts_tenure: bool = True,
    l1_height: int | None = None,
) -> IndexRecord:
    l1 = 200 + height if l1_height is None else l1_height
    return IndexRecord(
        height=ChainHeight(height),
        block_id=block_id_at(height, branch),
        block_hash=block_hash_at(height, branch),
        parent_block_id=block_id_at(height - 1, parent_branch),
        consensus_hash=bytes(20),
        tenure_height=TenureHeight(height if tenure is None else tenure),
        is_tenure_start=starts_tenure,
        timestamp=TimestampS(TIME + 30 * height),
        miner=D.address,
        state_root=Hash32(sha256(b"root %d" % height)),
        l1_height=L1Height(l1),
        l1_hash=f"{l1:064x}",
        l1_time=TimestampS(TIME + 150 * l1),
        transactions=tuple(execute(t, i) for i, t in enumerate(transfers)),
        parent_block_hash=block_hash_at(height - 1, parent_branch),
        signatures=(bytes(65), b"\x01" * 65),
        credits=credits,
    )


def genesis(*keys: DevnetKey) -> IndexRecord:
    """Block 0: an allocation for each key, no transactions."""
    credits = tuple(
        Credit(principal_text(key.principal), BaseUnits(GENESIS_AMOUNT), False)
        for key in keys or (A, B, C)
    )
    return make_record(0, credits=credits)


def mint_to(principal: Principal, amount: int) -> MintEvent:
    return MintEvent(
        to_principal_bytes(principal), BaseUnits(amount), BaseUnits(0), TenureHeight(1)
    )


def with_event(record: IndexRecord, event: MintEvent) -> IndexRecord:
    """The record with `event` at the end of its first receipt."""
    first = record.transactions[0]
    receipt = msgspec.structs.replace(first.receipt, events=(*first.receipt.events, event))
    changed = msgspec.structs.replace(first, receipt=receipt)
    return msgspec.structs.replace(record, transactions=(changed, *record.transactions[1:]))
