"""What a devnet shows of itself: a `DashboardView` from the state, the index and the mempool."""

import time

from btczs.codec.clarity import principal_text
from btczs.codec.clarity.values import StandardPrincipal
from btczs.consensus.pox.view import get_l1_block, get_l1_tip, get_sortition, get_tenure
from btczs.finality import TransactionState, compute_state
from btczs.indexer.view import BlockRow, TransactionRow
from btczs.l1.wire import decode_block
from btczs.ledger.accounts import get_account
from btczs.ledger.events import TransferEvent
from btczs.ledger.mempool import Entry
from btczs.ledger.transactions import TokenTransfer
from btczs.node.dashboard_view import (
    BLOCKS_MAX,
    L1_BLOCKS_MAX,
    PROBLEMS_MAX,
    SORTITIONS_MAX,
    TRANSACTIONS_MAX,
    AccountView,
    BlockView,
    DashboardView,
    EndpointView,
    L1BlockView,
    L1View,
    MempoolView,
    SignerView,
    SortitionView,
    TenureView,
    TransactionView,
)
from btczs.node.devnet import Devnet, devnet_miner
from btczs.primitives import ChainHeight, Hash20, Hash32
from btczs.primitives.units import hash_hex


def make_view(devnet: Devnet) -> DashboardView:
    """Everything that the dashboard shows, at this moment."""
    node, now = devnet.node, int(time.time())
    size = node.backend.mempool_size()
    return DashboardView(
        network=devnet.network.name,
        time=now,
        uptime_s=int(time.monotonic() - node.started_at),
        l1=_view_l1(devnet),
        tenure=_view_tenure(devnet, now),
        sortitions=_view_sortitions(devnet),
        mempool=MempoolView(size.count, size.bytes_total),
        blocks=_view_blocks(devnet),
        transactions=_view_transactions(devnet),
        signers=tuple(
            SignerView(s.name or s.public_key.hex()[:12], s.weight)
            for s in node.chain.signers.signers
        ),
        accounts=view_accounts(devnet),
        endpoints=view_endpoints(devnet),
        problems=tuple(node.get_problems()[:PROBLEMS_MAX]),
    )


def view_accounts(devnet: Devnet) -> tuple[AccountView, ...]:
    store = devnet.node.chain.store
    return tuple(
        AccountView(
            key.name, key.address, key.secret.hex(), get_account(store, key.principal).balance
        )
        for key in devnet.accounts
    )


def view_endpoints(devnet: Devnet) -> tuple[EndpointView, ...]:
    l1 = devnet.network.btcz_connection
    host = devnet.options.host
    server = devnet.node.server
    ports = () if server is None else server.ports
    names = ("API", "node RPC")
    found = [
        EndpointView(name, f"http://{host}:{port}")
        for name, port in zip(names, ports, strict=False)
    ]
    found.append(
        EndpointView(
            "layer 1 RPC", devnet.l1_server.url, f"user {l1.rpc_username}, {l1.rpc_password}"
        )
    )
    return tuple(found)


def miner_name(devnet: Devnet, signing_key_hash: bytes) -> str:
    """Name of the miner with that signing key."""
    for index in range(devnet.options.miners):
        if devnet_miner(index).signing_key_hash == signing_key_hash:
            return f"miner-{index}"
    return signing_key_hash.hex()[:12]


def _view_l1(devnet: Devnet) -> L1View:
    store = devnet.node.chain.store
    tip = get_l1_tip(store)
    blocks = []
    for height in range(tip.height, max(0, tip.height - L1_BLOCKS_MAX), -1):
        known = get_l1_block(store, height)
        if known is None or known.time == 0:
            break
        raw = devnet.l1_node.get_block_raw(Hash32(known.hash))
        count = len(decode_block(devnet.params, raw).transactions)
        blocks.append(L1BlockView(height, hash_hex(known.hash), known.time, count))
    left = devnet.next_l1_block_at - time.monotonic()
    return L1View(tip.height, hash_hex(tip.hash), max(0.0, left), tuple(blocks))


def _view_tenure(devnet: Devnet, now: int) -> TenureView | None:
    chain = devnet.node.chain
    tenure = get_tenure(chain.store, chain.network.pox)
    if tenure is None or tenure.winner is None:
        return None
    return TenureView(
        chain.tip.tenure_height,
        miner_name(devnet, tenure.winner.signing_key_hash),
        tenure.consensus_hash.hex(),
        max(0, now - tenure.l1_time),
    )


def _view_sortitions(devnet: Devnet) -> tuple[SortitionView, ...]:
    chain = devnet.node.chain
    tenure = get_tenure(chain.store, chain.network.pox)
    newest = (get_l1_tip(chain.store).height + 1 - chain.network.pox.first_l1_height) - 1
    shown: list[SortitionView] = []
    if tenure is None:
        return ()
    for epoch in range(newest, max(-1, newest - SORTITIONS_MAX), -1):
        record = get_sortition(chain.store, epoch)
        if record is None:
            continue
        before = get_sortition(chain.store, epoch - 1)
        burn = record.total_burn - (before.total_burn if before else 0)
        name = miner_name(devnet, record.winner.signing_key_hash) if record.winner else None
        shown.append(SortitionView(epoch, record.l1_height, name, record.commits, burn))
    return tuple(shown)


def _state(devnet: Devnet, height: ChainHeight | None) -> TransactionState:
    statuses = devnet.node.service.statuses
    return compute_state(height, statuses.signed, statuses.anchored, statuses.final)


def _view_blocks(devnet: Devnet) -> tuple[BlockView, ...]:
    with devnet.node.index.view() as view:
        rows = view.blocks(BLOCKS_MAX, 0)[0]
    return tuple(_view_block(devnet, row) for row in rows)


def _view_block(devnet: Devnet, row: BlockRow) -> BlockView:
    chain = devnet.node.chain
    certificate = chain.tables.get_certificate(row.height)
    return BlockView(
        height=row.height,
        hash=row.block_hash.hex(),
        tx_count=row.tx_count,
        time=row.timestamp,
        miner=_miner_of_address(devnet, row.miner),
        signature_count=0 if certificate is None else len(certificate.signatures),
        signer_count=len(chain.signers.signers),
        state=_state(devnet, row.height),
    )


def _miner_of_address(devnet: Devnet, address: str) -> str:
    for index in range(devnet.options.miners):
        key_hash = Hash20(devnet_miner(index).signing_key_hash)
        version = devnet.network.address_version_single
        if principal_text(StandardPrincipal(version, key_hash)) == address:
            return f"miner-{index}"
    return address[:12] or "genesis"


def _view_transactions(devnet: Devnet) -> tuple[TransactionView, ...]:
    waiting = [_view_waiting(e) for e in devnet.node.backend.mempool_entries()]
    shown = waiting[:TRANSACTIONS_MAX]
    with devnet.node.index.view() as view:
        rows = view.transactions(TRANSACTIONS_MAX * 3, 0)[0]
    users = [row for row in rows if row.kind not in ("tenure_change", "coinbase")]
    shown += [_view_mined(devnet, row) for row in users[: TRANSACTIONS_MAX - len(shown)]]
    return tuple(shown)


def _view_waiting(entry: Entry) -> TransactionView:
    payload = entry.authenticated.tx.payload
    recipient, amount = None, 0
    if isinstance(payload, TokenTransfer):
        recipient, amount = principal_text(payload.recipient), int(payload.amount)
    sender = principal_text(entry.authenticated.origin)
    state = TransactionState.PENDING
    return TransactionView(
        entry.txid.hex(), type(payload).__name__, sender, recipient, amount, state
    )


def _view_mined(devnet: Devnet, row: TransactionRow) -> TransactionView:
    transfers = [e for e in row.receipt.events if isinstance(e, TransferEvent)]
    return TransactionView(
        row.txid.hex(),
        row.kind,
        row.sender,
        row.recipient,
        transfers[0].amount if transfers else 0,
        _state(devnet, row.height),
    )
