"""The BTCZS chain as an `Application`: who writes, what executes, what makes it final, composed.

It knows nothing of how it is replicated. All that it decides is in the messages; the layer-1 source
is asked only when proposing and when judging a proposal.
"""

import threading
from collections.abc import Sequence

import msgspec

from btczs.consensus.pox.apply import InvalidL1Update, L1Outcome, apply_l1_update
from btczs.consensus.pox.commits import BlockRef
from btczs.consensus.pox.l1_update import L1Update, encode_l1_update
from btczs.consensus.pox.tenure import (
    InvalidBlock,
    Parent,
    is_tenure_start,
    verify_header,
    verify_no_tenure_start,
    verify_tenure_start,
)
from btczs.crypto.hashes import sha256
from btczs.crypto.merkle import stacks_merkle_root
from btczs.engine.application import (
    ExtendedVote,
    FinalizeRequest,
    FinalizeResponse,
    Info,
    ProposalRefused,
)
from btczs.finality.signatures import (
    Certificate,
    InvalidCertificate,
    SignerSet,
    collect_certificate,
    encode_certificate,
    find_signer,
    verify_certificate,
)
from btczs.indexer.records import IndexRecord, encode_record
from btczs.l1.params import L1Params
from btczs.ledger.blocks import (
    Block,
    block_hash,
)
from btczs.ledger.genesis import Genesis
from btczs.ledger.rejections import TransactionRejected
from btczs.ledger.transactions import Authenticated
from btczs.networks import Network
from btczs.node.chain.execution import TENURE_TRANSACTIONS, BlockPlan, Executed, execute_block
from btczs.node.chain.genesis import initialise_chain
from btczs.node.chain.l1_source import L1Source, find_l1_update, matches_source
from btczs.node.chain.messages import (
    BlockMemo,
    Kind,
    Proposal,
    decode_proposal,
    find_block_header,
    get_kind,
    wrap,
)
from btczs.node.chain.records import advance_tip, make_index_record
from btczs.node.chain.senders import SenderCache
from btczs.node.chain.signers import get_signer_set
from btczs.node.chain.tables import (
    TIP_KEY,
    ChainTables,
    ChainTip,
    block_id_key,
    block_key,
    certificate_key,
    encode_row,
    outbox_key,
)
from btczs.primitives import (
    ChainHeight,
    DecodeError,
    Hash20,
    Hash32,
    InvalidInput,
    TenureHeight,
    TimestampS,
)
from btczs.store import Overlay, Prepared, StateStore


class Decided(msgspec.Struct, frozen=True):
    """What the last commit has brought, for those who watch the chain."""

    tip: ChainTip
    certificates: tuple[Certificate, ...] = ()
    l1: L1Outcome | None = None
    executed: Executed | None = None
    record: IndexRecord | None = None


class _Pending(msgspec.Struct, frozen=True):
    """A finalized height that is not committed yet."""

    height: int
    prepared: Prepared
    side: dict[bytes, bytes | None]
    decided: Decided


class BtczsChain:
    """State machine of the BTCZS chain over a `StateStore`. Thread-safe by one lock."""

    def __init__(
        self,
        store: StateStore,
        network: Network,
        params: L1Params,
        genesis: Genesis,
        l1: L1Source | None,
    ) -> None:
        """`l1` None: a node without a view of layer 1, which can replay but not validate."""
        self.network = network
        self.params = params
        self.store = store
        self.tables = ChainTables(store)
        self.senders = SenderCache(network)
        self._blocks = BlockMemo()
        self.lock = threading.RLock()
        self.last_decided: Decided | None = None
        self._l1 = l1
        tip = self.tables.get_tip()
        self.tip = initialise_chain(store, network, params, genesis) if tip is None else tip
        self._executed: dict[Hash32, Executed] = {}
        self._pending: _Pending | None = None

    # ---- what miners and services read -------------------------------------------------------

    @property
    def parent(self) -> Parent:
        """The newest block, as the next one's parent."""
        tip = self.tip
        return Parent(
            tip.height,
            Hash32(tip.block_id),
            Hash20(tip.consensus_hash),
            tip.timestamp,
            tip.tenure_blocks,
        )

    @property
    def signers(self) -> SignerSet:
        return get_signer_set(self.store)

    def remember_executed(self, encoded: bytes, executed: Executed) -> None:
        """Spares this process a second execution of a block that it has just built."""
        self._executed = {sha256(encoded): executed}

    # ---- Application -------------------------------------------------------------------------

    def info(self) -> Info:
        return Info(self.store.version, self._app_hash(self.store.root, self.tip))

    def check_tx(self, message: bytes) -> None:
        if get_kind(message) is not Kind.BLOCK:
            raise DecodeError("only blocks are submitted; the rest is added by proposers")
        if len(message) > self.network.limits.block_bytes_max:
            raise InvalidBlock("it is larger than a block may be")
        with self.lock:
            decoded = self._blocks.decode(message[1:])
            verify_header(self.store, self.network, self.parent, decoded.block.header)

    def prepare_proposal(
        self, time: TimestampS, candidates: Sequence[bytes], last_votes: Sequence[ExtendedVote]
    ) -> list[bytes]:
        with self.lock:
            messages = []
            certificate = self._collect(last_votes)
            if certificate is not None:
                messages.append(wrap(Kind.CERTIFICATE, encode_certificate(certificate)))
            update = self._find_update()
            if update is not None:
                messages.append(wrap(Kind.L1_UPDATE, encode_l1_update(update)))
                return messages
            for candidate in candidates:
                if self._is_acceptable(time, candidate):
                    messages.append(candidate)
                    break
            return messages

    def process_proposal(self, time: TimestampS, messages: Sequence[bytes]) -> None:
        with self.lock:
            try:
                proposal = decode_proposal(messages, self._blocks.decode)
                for certificate in proposal.certificates:
                    self._verify_certificate(certificate)
                if proposal.l1_update is not None:
                    self._judge_l1_update(proposal.l1_update)
                if proposal.block is not None:
                    limit = time + self.network.limits.block_time_drift_s_max
                    if proposal.block.header.timestamp > limit:
                        raise InvalidBlock("its time is too far ahead of ours")
                    self._execute(proposal.block, proposal)
            except InvalidInput as error:
                raise ProposalRefused(f"{error.code}: {error}") from error

    def verify_vote_extension(self, vote: ExtendedVote, messages: Sequence[bytes]) -> None:
        header = find_block_header(messages)
        if header is None:
            if vote.extension:
                raise InvalidCertificate("there is no block to sign in this proposal")
            return
        signers = self.signers
        place = find_signer(signers, block_hash(header), vote.extension)
        if signers.signers[place].public_key != vote.validator:
            raise InvalidCertificate("the signature is by another signer than the voter")

    def finalize_block(self, request: FinalizeRequest) -> FinalizeResponse:
        with self.lock:
            proposal = decode_proposal(request.messages, self._blocks.decode)
            self._pending = self._finalize(request.height, proposal)
            root = self._pending.prepared.root
            return FinalizeResponse(self._app_hash(root, self._pending.decided.tip))

    def commit(self) -> None:
        with self.lock:
            pending = self._pending
            assert pending is not None, "commit follows finalize_block"
            self.store.commit(pending.height, pending.prepared, pending.side)
            self.tip = pending.decided.tip
            self.last_decided = pending.decided
            self._pending = None
            self._executed = {}
            self._blocks.forget()

    # ---- proposing and judging ---------------------------------------------------------------

    def _find_update(self) -> L1Update | None:
        if self._l1 is None:
            return None
        return find_l1_update(self.store, self._l1, self.network.pox.l1_undo_blocks)

    def _judge_l1_update(self, update: L1Update) -> None:
        if self._l1 is None:
            raise InvalidL1Update("this node has no view of layer 1 to compare it with")
        if not matches_source(update, self._l1):
            raise InvalidL1Update("it is not what our own layer-1 node shows")
        overlay = Overlay(self.store)
        apply_l1_update(overlay, self.network, self.params, self.tables, update)

    def _collect(self, votes: Sequence[ExtendedVote]) -> Certificate | None:
        """A certificate of the newest block from the votes of the last height."""
        tip = self.tip
        if tip.signed_height >= tip.height:
            return None
        signers = self.signers
        signatures = {}
        for vote in votes:
            if vote.extension:
                try:
                    place = find_signer(signers, Hash32(tip.block_hash), vote.extension)
                except InvalidCertificate:
                    continue  # a vote for an older proposal
                signatures[place] = vote.extension
        return collect_certificate(
            signers, ChainHeight(tip.height), Hash32(tip.block_hash), signatures
        )

    def _verify_certificate(self, certificate: Certificate) -> None:
        tip = self.tip
        if certificate.height != tip.height or certificate.block_hash != tip.block_hash:
            raise InvalidCertificate("it is not for the newest block")
        verify_certificate(self.signers, certificate)

    def _is_acceptable(self, time: TimestampS, candidate: bytes) -> bool:
        try:
            self.process_proposal(time, [candidate])
        except ProposalRefused:
            return False  # it was built on a state that has passed
        return True

    # ---- executing ---------------------------------------------------------------------------

    def _execute(self, block: Block, proposal: Proposal) -> Executed:
        """Checks and executes the proposal's block on the committed state. Raises `InvalidInput`."""
        network, parent, header = self.network, self.parent, block.header
        if len(proposal.block_bytes) > network.limits.block_bytes_max:
            raise InvalidBlock("it is larger than a block may be")
        tenure, winner = verify_header(self.store, network, parent, header)
        key = sha256(proposal.block_bytes)  # not the header's hash: it may stand over another body
        known = self._executed.get(key)
        if known is not None:
            return known
        transactions = self.senders.authenticate_decoded(block.transactions, proposal.transactions)
        if stacks_merkle_root([t.txid for t in transactions]) != header.tx_merkle_root:
            raise InvalidBlock("its Merkle root is not that of its transactions")
        opening = None
        rest: Sequence[Authenticated] = transactions
        if is_tenure_start(parent, tenure):
            opening = verify_tenure_start(self.store, network, parent, tenure, winner, transactions)
            rest = transactions[TENURE_TRANSACTIONS:]
        verify_no_tenure_start(rest)
        plan = BlockPlan(
            parent, tenure, header.timestamp, self.next_tenure_height(opening is not None), opening
        )
        try:
            executed = execute_block(self.store, network, plan, transactions)
        except TransactionRejected as error:
            raise InvalidBlock(f"a transaction does not fit: {error}") from error
        if executed.prepared.root != header.state_root:
            raise InvalidBlock("its state root is not what its transactions lead to")
        self._executed = {key: executed}
        return executed

    def next_tenure_height(self, starts: bool) -> TenureHeight:
        return TenureHeight(self.tip.tenure_height + (1 if starts else 0))

    def _finalize(self, height: int, proposal: Proposal) -> _Pending:
        side: dict[bytes, bytes | None] = {}
        tip, l1, executed, record = self.tip, None, None, None
        for certificate in proposal.certificates:
            side[certificate_key(certificate.height)] = encode_certificate(certificate)
            tip = msgspec.structs.replace(tip, signed_height=int(certificate.height))
        if proposal.l1_update is not None:
            overlay = Overlay(self.store)
            l1 = apply_l1_update(
                overlay, self.network, self.params, self.tables, proposal.l1_update
            )
            prepared = self.store.prepare(overlay.changes())
        elif proposal.block is not None:
            executed = self._execute(proposal.block, proposal)
            prepared = executed.prepared
            tip = advance_tip(tip, proposal.block, executed)
            record = self._make_record(proposal.block, executed)
            ref = BlockRef(tip.height, tip.seed)
            side[block_id_key(tip.block_id)] = encode_row(ref)
            side[block_key(tip.height)] = proposal.block_bytes
            side[outbox_key(tip.height)] = encode_record(record)
        else:
            prepared = self.store.prepare({})
        side[TIP_KEY] = encode_row(tip)
        decided = Decided(tip, proposal.certificates, l1, executed, record)
        return _Pending(height, prepared, side, decided)

    def _make_record(self, block: Block, executed: Executed) -> IndexRecord:
        return make_index_record(self.store, self.network, self.tip, block, executed)

    def _app_hash(self, root: Hash32, tip: ChainTip) -> Hash32:
        return sha256(root + tip.block_id)
