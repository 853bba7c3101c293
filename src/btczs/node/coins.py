"""The miner's coins on layer 1: what can be spent now, unconfirmed change included.

Coins are listed by the node's address index (`bitcoinzd` with insight, the embedded node) or, where
there is none, by its wallet (`bitcoind`, `litecoind`, with the miner's key imported). Then every
candidate is asked for once more with the mempool in view, so nothing spent or immature is offered.
"""

from collections.abc import Iterable

from btczs.consensus.pox.l1_transactions import Coin
from btczs.l1.address import L1Address, address_script, encode_l1_address
from btczs.l1.params import L1Params
from btczs.l1.rpc import L1Client, RpcMethodNotFound
from btczs.primitives import Hash32, Zat
from btczs.primitives.units import hash_from_hex

CANDIDATES_MAX = 12
"""The largest coins are enough for one operation; asking for more costs calls."""


class CoinSource:
    def __init__(self, client: L1Client, params: L1Params, address: L1Address) -> None:
        self._client = client
        self._params = params
        self._text = encode_l1_address(params, address)
        self._script = address_script(address)
        self._has_index = True

    @property
    def script(self) -> bytes:
        return self._script

    async def find_coins(self, known: Iterable[tuple[Hash32, int]] = ()) -> list[Coin]:
        """Coins that a transaction may spend now. `known` outpoints, such as the change of the
        last commit, are looked at first, confirmed or not.
        """
        listed = await self._list_largest()
        outpoints = list(dict.fromkeys([*known, *listed]))[:CANDIDATES_MAX]
        outputs = await self._client.get_tx_outs(outpoints)
        coins = []
        for (txid, index), output in zip(outpoints, outputs, strict=True):
            if output is None or output.script != self._script:
                continue
            if output.is_coinbase and output.confirmations < self._params.coinbase_maturity:
                continue
            coins.append(Coin(txid, index, Zat(output.value), output.script))
        return coins

    async def _list_largest(self) -> list[tuple[Hash32, int]]:
        if self._has_index:
            try:
                outputs = await self._client.get_address_outputs([self._text])
            except RpcMethodNotFound:
                self._has_index = False
            else:
                ordered = sorted(outputs, key=lambda o: (-o.value, o.height))
                return [(o.txid, o.index) for o in ordered[:CANDIDATES_MAX]]
        unspent = await self._client.call("listunspent", 0, 9_999_999, [self._text])
        unspent.sort(key=lambda o: -o["amount"])
        return [(hash_from_hex(o["txid"]), o["vout"]) for o in unspent[:CANDIDATES_MAX]]
