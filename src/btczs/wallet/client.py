"""The node's HTTP API, from a program: `async with Client(url, network) as client`.

Reading, sending, and waiting until a transaction is mined, signed, anchored or final. A refusal by
the node is a `Refused` with its reason; a node that does not answer is a `NodeUnreachable`.
"""

from typing import Any, Final, Self
from urllib.parse import quote

import httpx

from btczs.ledger.transactions import Transaction
from btczs.ledger.transactions.payload_codec import encode_payload
from btczs.networks import Network, load_network
from btczs.primitives import BaseUnits
from btczs.primitives.units import BASE_UNITS_PER_BTCZS
from btczs.wallet.accounts import Account
from btczs.wallet.amounts import parse_amount
from btczs.wallet.answers import (
    AccountInfo,
    Balances,
    NodeInfo,
    Nonces,
    read_account,
    read_balances,
    read_fee,
    read_node_info,
    read_nonces,
    read_object,
    read_txid,
)
from btczs.wallet.building import (
    Signed,
    build_transfer,
    compute_fee_least,
    parse_recipient,
    set_fee,
    set_nonce,
    sign,
)
from btczs.wallet.errors import ApiRefused, FeeTooHigh, Refused, WrongNetwork
from btczs.wallet.transport import Transport
from btczs.wallet.waiting import WaitState, wait_for_state

TIMEOUT_S: Final = 15.0

FEE_AUTOMATIC_MAX: Final = BaseUnits(BASE_UNITS_PER_BTCZS)
"""A fee that the node proposes and nobody looked at is not above one coin."""

NONCE_ATTEMPTS_MAX: Final = 3
"""How often a nonce is asked for again when another program of the same account was faster."""

NONCE_REASONS: Final = frozenset({"BadNonce", "ConflictingNonceInMempool"})


class Client:
    """One node. `network` decides what is signed; the node must be of it (checked before)."""

    def __init__(
        self,
        url: str | None = None,
        network: Network | None = None,
        *,
        timeout_s: float = TIMEOUT_S,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.network = network or load_network("devnet")
        default = f"http://127.0.0.1:{self.network.btczs_network.api_port}"
        self._http = Transport(url or default, timeout_s=timeout_s, transport=transport)
        self._is_checked = False

    @property
    def url(self) -> str:
        return self._http.url

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        await self._http.close()

    # ------------------------------------------------------------------ reading

    async def info(self) -> NodeInfo:
        """Where the node stands."""
        return read_node_info(await self._http.get("/v2/info"))

    async def account(self, address: str) -> AccountInfo:
        """Balance and nonce in the last block; zero for an account that was never used."""
        return read_account(await self._http.get(f"/v2/accounts/{_quote(address)}", proof=0))

    async def nonces(self, address: str) -> Nonces:
        """The next nonce, transactions that wait counted."""
        return read_nonces(await self._http.get(f"/extended/v1/address/{_quote(address)}/nonces"))

    async def balances(self, address: str) -> Balances:
        """Balance and totals."""
        return read_balances(
            await self._http.get(f"/extended/v1/address/{_quote(address)}/balances")
        )

    async def transaction(self, txid: str) -> dict[str, Any]:
        """As the API shows it; `btczs_status` is its state. Raises `NotFound`."""
        return read_object(await self._http.get(f"/extended/v1/tx/0x{_digits(txid)}"))

    async def block(self, which: int | str = "latest") -> dict[str, Any]:
        """A block by height, hash, or `latest`. Raises `NotFound`."""
        return read_object(await self._http.get(f"/extended/v2/blocks/{_quote(str(which))}"))

    async def block_transactions(self, which: int | str, limit: int = 20) -> dict[str, Any]:
        """`{total, results}`: the transactions of a block."""
        path = f"/extended/v2/blocks/{_quote(str(which))}/transactions"
        return read_object(await self._http.get(path, limit=limit))

    async def blocks(self, limit: int = 20, offset: int = 0) -> dict[str, Any]:
        """`{total, results}`: the newest blocks first."""
        return read_object(await self._http.get("/extended/v2/blocks", limit=limit, offset=offset))

    async def l1_block(self, height: int) -> dict[str, Any]:
        """A layer-1 block, as the layer-1 node shows it."""
        return read_object(await self._http.get(f"/v2/btcz/block/{height}"))

    async def l1_proof(self, txid: str) -> dict[str, Any]:
        """Proof that a layer-1 transaction is in its block."""
        return read_object(await self._http.get(f"/v2/btcz/tx/{_digits(txid)}/proof"))

    # ------------------------------------------------------------------ sending

    async def fee(self, tx: Transaction) -> BaseUnits:
        """What to pay for `tx`: the node's middle estimate, never under the network's least fee.

        Raises `FeeTooHigh` above `FEE_AUTOMATIC_MAX`, unless the rules themselves ask for it.
        """
        least = compute_fee_least(tx, self.network)
        body = {"transaction_payload": encode_payload(tx.payload).hex()}
        try:
            estimate = read_fee(await self._http.post("/v2/fees/transaction", body))
        except ApiRefused:  # a node without estimates: the rules say what is enough
            return least
        fee = max(least, estimate)
        limit = max(least, FEE_AUTOMATIC_MAX)
        if fee > limit:
            raise FeeTooHigh(fee, limit)
        return fee

    async def submit(self, raw: bytes) -> str:
        """Sends a signed transaction; its id. Sending it again is no error. Raises `Refused`."""
        return read_txid(await self._http.post_bytes("/v2/transactions", raw))

    async def transfer(
        self,
        account: Account,
        recipient: str,
        amount: int | str,
        memo: str | bytes = b"",
        fee: int | None = None,
        nonce: int | None = None,
    ) -> Signed:
        """Signs and sends `amount`: base units, or a text such as `"1.5"` in coins.

        Fee and nonce are asked of the node unless given. Raises `Refused`, `WrongNetwork`.
        """
        units = parse_amount(amount) if isinstance(amount, str) else BaseUnits(amount)
        principal = parse_recipient(recipient, self.network)
        unsigned = build_transfer(account, principal, units, nonce=0, fee=fee or 0, memo=memo)
        return await self.send(unsigned, account, fee=fee, nonce=nonce)

    async def send(
        self,
        unsigned: Transaction,
        account: Account,
        *,
        fee: int | None = None,
        nonce: int | None = None,
    ) -> Signed:
        """Fills in fee and nonce where they are None, signs and sends."""
        await self.check_network()
        if fee is None:
            fee = await self.fee(unsigned)
        unsigned = set_fee(unsigned, fee)
        for attempt in range(1, NONCE_ATTEMPTS_MAX + 1):
            chosen = (await self.nonces(account.address)).next if nonce is None else nonce
            signed = sign(set_nonce(unsigned, chosen), account)
            try:
                await self.submit(signed.raw)
            except Refused as refusal:
                is_race = nonce is None and refusal.reason in NONCE_REASONS
                if not is_race or attempt == NONCE_ATTEMPTS_MAX:
                    raise
            else:
                return signed
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def faucet(self, address: str) -> str:
        """Asks a test network for coins; the id of the transfer."""
        answer = read_object(await self._http.post("/extended/v1/faucets/stx", address=address))
        return read_txid(answer.get("txId"))

    async def wait(
        self, txid: str, state: WaitState = "mined", timeout_s: float = 60.0
    ) -> dict[str, Any]:
        """Returns the transaction once it is at least `state`.

        It may have failed in its block: see `tx_status`. Raises `TransactionFailed` if it was
        dropped, `WaitTimeout`.
        """
        return await wait_for_state(self, _digits(txid), state, timeout_s)

    async def check_network(self) -> None:
        """Raises `WrongNetwork` unless the node is of the network that is signed for."""
        if self._is_checked:
            return
        info = await self.info()
        if info.chain_id != self.network.chain_id:
            raise WrongNetwork(
                f"the node at {self.url}",
                f"{self.network.name} (chain id 0x{self.network.chain_id:08x})",
                f"{info.network} (chain id 0x{info.chain_id:08x})",
            )
        self._is_checked = True


def _quote(text: str) -> str:
    return quote(text, safe="")


def _digits(txid: str) -> str:
    """Lower case, without 0x; the node judges the rest."""
    return _quote(txid.lower().removeprefix("0x"))
