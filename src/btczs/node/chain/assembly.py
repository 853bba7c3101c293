"""How the elected miner makes a block: choose, execute, compute roots, sign."""

from collections.abc import Iterable, Sequence

import msgspec

from btczs.codec.clarity.values import Principal, StandardPrincipal
from btczs.consensus.pox.tenure import (
    InvalidBlock,
    TenureOpening,
    expect_tenure_change,
    get_elected,
    is_tenure_start,
    verify_tenure_start,
)
from btczs.consensus.pox.view import Sortition, Winner
from btczs.crypto.hashes import hash160
from btczs.crypto.merkle import stacks_merkle_root
from btczs.crypto.secp256k1 import compute_public_key
from btczs.crypto.vrf import vrf_prove, vrf_public_key
from btczs.ledger.accounts import get_account
from btczs.ledger.blocks import (
    Block,
    BlockHeader,
    encode_block,
    sign_header,
)
from btczs.ledger.rejections import BadNonce, TransactionRejected
from btczs.ledger.transactions import Authenticated, Transaction, encode_transaction, sign_origin
from btczs.ledger.transactions.conditions import (
    COMPRESSED,
    EMPTY_SIGNATURE,
    P2PKH,
    SingleSigCondition,
    StandardAuth,
)
from btczs.ledger.transactions.model import ANCHOR_ON_CHAIN
from btczs.ledger.transactions.payloads import NakamotoCoinbase, Payload
from btczs.ledger.transactions.post_conditions import MODE_DENY
from btczs.networks import Network
from btczs.node.chain.application import BtczsChain
from btczs.node.chain.execution import BlockExecution, BlockPlan, SkippedTransaction
from btczs.node.chain.messages import Kind, wrap
from btczs.primitives import BaseUnits, ChainHeight, Hash20, Hash32, Nonce, TimestampS

HEADER_BYTES_RESERVE = 4_096
"""Room in a block for the header and the count of transactions."""


class MinerSecrets(msgspec.Struct, frozen=True):
    """The secret keys of a miner. Never logged: `repr` hides them."""

    signing_secret: bytes
    """Signs blocks, the tenure change and the coinbase (32 bytes)."""
    vrf_secret: bytes
    l1_secret: bytes
    """Owns the coins that the miner commits."""
    reward_recipient: Principal | None = None
    """None: the miner's own address."""

    def __repr__(self) -> str:
        return f"MinerSecrets(signing_key_hash={self.signing_key_hash.hex()})"

    @property
    def signing_key_hash(self) -> Hash20:
        return hash160(compute_public_key(self.signing_secret))

    @property
    def vrf_public_key(self) -> bytes:
        return vrf_public_key(self.vrf_secret)


class Assembled(msgspec.Struct, frozen=True):
    """A signed block, ready for the engine."""

    message: bytes
    block: Block
    skipped: tuple[SkippedTransaction, ...]
    """Transactions that do not fit the state any more; the mempool should drop them."""


def is_elected(chain: BtczsChain, secrets: MinerSecrets) -> bool:
    """Whether this miner may write the next block."""
    try:
        _, winner = get_elected(chain.store, chain.network)
    except InvalidBlock:
        return False
    return winner.signing_key_hash == secrets.signing_key_hash


def must_open_tenure(chain: BtczsChain) -> bool:
    """Whether the next block begins a tenure. Raises `InvalidBlock` if nobody is elected."""
    tenure, _ = get_elected(chain.store, chain.network)
    return is_tenure_start(chain.parent, tenure)


def assemble_block(
    chain: BtczsChain,
    secrets: MinerSecrets,
    candidates: Iterable[Authenticated],
    now: TimestampS,
) -> Assembled:
    """The next block, with as many `candidates` as fit, in their order.

    Raises `InvalidBlock` if this miner is not elected. The chain remembers the execution, so the
    block is not executed again when it is proposed here.
    """
    with chain.lock:
        parent, network = chain.parent, chain.network
        tenure, winner = get_elected(chain.store, network)
        if winner.signing_key_hash != secrets.signing_key_hash:
            raise InvalidBlock("this miner is not elected")
        opening: TenureOpening | None = None
        opened: Sequence[Authenticated] = ()
        if is_tenure_start(parent, tenure):
            opened = _make_tenure_transactions(chain, secrets, tenure, winner)
            opening = verify_tenure_start(chain.store, network, parent, tenure, winner, opened)
        plan = _make_plan(chain, tenure, opening, now)
        execution = BlockExecution(chain.store, network, plan)
        if opening is not None:
            execution.open_tenure(opened)
        budget = network.limits.block_bytes_max - HEADER_BYTES_RESERVE
        budget -= sum(len(t.raw) for t in opened)
        skipped = _fill(execution, candidates, budget)
        executed = execution.finish()
        raws = tuple(t.raw for t in executed.transactions)
        header = BlockHeader(
            version=0,
            chain_length=ChainHeight(parent.height + 1),
            burn_spent=tenure.total_burn,
            consensus_hash=Hash20(tenure.consensus_hash),
            parent_block_id=parent.block_id,
            tx_merkle_root=stacks_merkle_root([t.txid for t in executed.transactions]),
            state_root=executed.prepared.root,
            timestamp=plan.timestamp,
            miner_signature=bytes(65),
        )
        block = Block(sign_header(header, secrets.signing_secret), raws)
        encoded = encode_block(block)
        chain.remember_executed(encoded, executed)
        return Assembled(wrap(Kind.BLOCK, encoded), block, tuple(skipped))


def _make_plan(
    chain: BtczsChain, tenure: Sortition, opening: TenureOpening | None, now: TimestampS
) -> BlockPlan:
    timestamp = TimestampS(max(now, chain.parent.timestamp))
    height = chain.next_tenure_height(opening is not None)
    return BlockPlan(chain.parent, tenure, timestamp, height, opening)


def _make_tenure_transactions(
    chain: BtczsChain, secrets: MinerSecrets, tenure: Sortition, winner: Winner
) -> Sequence[Authenticated]:
    network = chain.network
    miner = StandardPrincipal(network.address_version_single, secrets.signing_key_hash)
    nonce = get_account(chain.store, miner).nonce
    proof = vrf_prove(secrets.vrf_secret, tenure.sortition_hash)
    change = expect_tenure_change(chain.store, network, chain.parent, tenure, winner)
    coinbase = NakamotoCoinbase(Hash32(bytes(32)), secrets.reward_recipient, proof)
    payloads: tuple[Payload, ...] = (change, coinbase)
    return chain.senders.authenticate(
        [
            _sign_own(network, payload, Nonce(nonce + i), secrets)
            for i, payload in enumerate(payloads)
        ]
    )


def _sign_own(network: Network, payload: Payload, nonce: Nonce, secrets: MinerSecrets) -> bytes:
    condition = SingleSigCondition(
        P2PKH, secrets.signing_key_hash, nonce, BaseUnits(0), COMPRESSED, EMPTY_SIGNATURE
    )
    transaction = Transaction(
        network.transaction_version,
        network.chain_id,
        StandardAuth(condition),
        ANCHOR_ON_CHAIN,
        MODE_DENY,
        (),
        payload,
    )
    return encode_transaction(sign_origin(transaction, secrets.signing_secret))


def _fill(
    execution: BlockExecution, candidates: Iterable[Authenticated], budget: int
) -> list[SkippedTransaction]:
    skipped = []
    for candidate in candidates:
        if len(candidate.raw) > budget:
            break
        try:
            execution.apply(candidate)
        except BadNonce:
            # Not its fault: the miner's own account opened the tenure, or what comes before it
            # was left out. Its turn comes, or `Mempool.apply_block` says who took its place.
            continue
        except TransactionRejected as error:
            skipped.append(SkippedTransaction(candidate, error))
            continue
        budget -= len(candidate.raw)
    return skipped
