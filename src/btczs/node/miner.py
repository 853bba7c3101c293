"""The layer-1 side of a miner: it registers its key, then commits in every epoch.

Looks at the chain's state after each change of it, and writes at most one operation per epoch. A
refused or lost transaction costs an epoch, nothing else: the next one is built from what layer 1
shows then.
"""

import logging

import msgspec

from btczs.consensus.pox.l1_transactions import (
    BuiltOperation,
    Coin,
    FeePolicy,
    InsufficientL1Funds,
    build_operation,
)
from btczs.consensus.pox.mining import (
    MinerKeys,
    Plan,
    find_key,
    is_key_at,
    plan_commit,
    plan_key_register,
)
from btczs.consensus.pox.operations import Operation, Payout, Pointer, change_index
from btczs.consensus.pox.view import get_l1_tip
from btczs.crypto.hashes import hash160
from btczs.crypto.secp256k1 import compute_public_key
from btczs.l1.address import L1Address
from btczs.l1.rpc import L1Client, RpcError
from btczs.node.chain.application import BtczsChain
from btczs.node.chain.assembly import MinerSecrets
from btczs.node.coins import CoinSource
from btczs.primitives import EpochNumber, Hash32, L1Height
from btczs.primitives.units import hash_hex

log = logging.getLogger(__name__)

KEY_RETRY_BLOCKS = 20
"""A key register that is not on layer 1 after so many blocks has expired: write it again."""
EPOCHS_REMEMBERED = 16


class MinerSettings(msgspec.Struct, frozen=True):
    """What the operator decides. Amounts in zat."""

    commit_amount: int
    fee_policy: FeePolicy = FeePolicy()


class Miner:
    """One miner of this process."""

    def __init__(
        self,
        name: str,
        chain: BtczsChain,
        client: L1Client,
        secrets: MinerSecrets,
        settings: MinerSettings,
    ) -> None:
        self.name = name
        self.secrets = secrets
        self.problem: str | None = None
        """What keeps the miner from committing, for health and the dashboard."""
        self._chain = chain
        self._client = client
        self._settings = settings
        self._keys = MinerKeys(secrets.vrf_public_key, secrets.signing_key_hash)
        own_key = hash160(compute_public_key(secrets.l1_secret))
        self._coins = CoinSource(client, chain.params, L1Address("p2pkh", own_key))
        self._key: Pointer | None = None
        self._key_sent_at: L1Height | None = None
        self._committed: dict[EpochNumber, Hash32] = {}
        self._change: Coin | None = None

    async def write_l1(self) -> None:
        """Broadcasts the operation that is due, if one is. Raises `RpcUnavailable`."""
        try:
            if not self._find_own_key():
                await self._register_key()
                return
            plan = self._plan_commit()
            if plan is not None:
                await self._commit(plan)
            self.problem = None
        except (InsufficientL1Funds, RpcError) as error:
            self._change = None
            if self.problem != str(error):
                log.warning("%s cannot write on layer 1: %s", self.name, error)
            self.problem = str(error)

    def _find_own_key(self) -> bool:
        with self._chain.lock:
            store, network = self._chain.store, self._chain.network
            if not is_key_at(store, self._keys, self._key):
                self._key = find_key(store, network, self._keys)
        return self._key is not None

    def _plan_commit(self) -> Plan | None:
        with self._chain.lock:
            assert self._key is not None
            tip = self._chain.tip
            ref = self._chain.tables.get_block_ref(tip.block_id)
            assert ref is not None, "the tip is in the index of blocks"
            plan = plan_commit(
                self._chain.store,
                self._chain.network,
                self._key,
                Hash32(tip.block_id),
                ref,
                self._settings.commit_amount,
            )
        return None if plan is None or plan.epoch in self._committed else plan

    async def _register_key(self) -> None:
        height = self._next_l1_height()
        if self._key_sent_at is not None and height < self._key_sent_at + KEY_RETRY_BLOCKS:
            return
        built = await self._broadcast(plan_key_register(self._keys), (), None)
        self._key_sent_at = height
        log.info("%s registers its key in %s", self.name, hash_hex(built.txid))

    async def _commit(self, plan: Plan) -> None:
        linked = None
        if plan.linked is not None:
            linked = (Hash32(plan.linked.txid), change_index(plan.linked.payout_count))
        built = await self._broadcast(plan.operation, plan.payouts, linked)
        self._committed[plan.epoch] = built.txid
        for epoch in [e for e in self._committed if e < plan.epoch - EPOCHS_REMEMBERED]:
            del self._committed[epoch]
        log.debug("%s commits for epoch %d in %s", self.name, plan.epoch, hash_hex(built.txid))

    async def _broadcast(
        self,
        operation: Operation,
        payouts: tuple[Payout, ...],
        linked: tuple[Hash32, int] | None,
    ) -> BuiltOperation:
        known = [] if linked is None else [linked]
        if self._change is not None:
            known.insert(0, (self._change.txid, self._change.index))
        coins = await self._coins.find_coins(known)
        first = next((c for c in coins if (c.txid, c.index) in known), None)
        built = build_operation(
            self._chain.params,
            self._chain.network.pox.magic,
            operation,
            payouts,
            coins,
            first,
            self.secrets.l1_secret,
            self._next_l1_height(),
            self._settings.fee_policy,
        )
        await self._client.send_raw_transaction(built.raw)
        self._change = built.change
        return built

    def _next_l1_height(self) -> L1Height:
        with self._chain.lock:
            return L1Height(get_l1_tip(self._chain.store).height + 1)
