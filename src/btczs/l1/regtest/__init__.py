"""The embedded BitcoinZ node: layer 1 of the devnet and of the tests, in one process.

What a `bitcoinzd -regtest` without peers does, transparent transactions only: real v4 transactions
with real signatures and script execution, blocks with a real (48,5) Equihash solution and DigiShield
difficulty, branches by most work, a pool with relay policy, and the same JSON-RPC. Given the same
blocks it gives the same hashes, verdicts and reject strings (`tests/vectors/` holds recordings
against it), so nothing above `l1` can tell the two apart.

Invariants
- A refused block or transaction leaves no trace; applying a block and undoing it is the identity.
- The unspent outputs hold what the active chain's blocks created, less what they paid to nobody.
- What was acknowledged is on disk (kill -9 loses nothing of it, the pool included).
- The active chain is the valid branch of most work, but no branch deeper than 99 blocks is followed.

Departures from the real node: shielded parts are refused, not verified; a full pool refuses instead
of evicting; the pool survives restarts; standardness is asked by default (`standard=False` as on
the real regtest network); `generatetoaddress` exists.

Reading order: `node` (everything behind one lock), `state` (taking blocks in), `block_rules`,
`transaction_rules`, `connect`, `inputs` (consensus), `accept`, `standard` (policy), `mining`,
`storage`, `rpc`. `devnet` has the keys and the first 110 blocks of the devnet.

    node = RegtestNode(devnet_params(), path, miner_script=script)
    load_bootstrap(node)
    node.generate(1)
    server = RpcServer(node, user, password, port=11979); await server.start()

`RpcServer` and `create_rpc_app` are imported from `btczs.l1.regtest.rpc`: they bring a web server
along, which the rest does not need.
"""

from btczs.l1.regtest.devnet import (
    devnet_l1_script,
    devnet_l1_secret,
    devnet_params,
    load_bootstrap,
)
from btczs.l1.regtest.errors import (
    BlockRejected,
    CorruptStorage,
    NodeClosed,
    RejectCode,
    TransactionRejected,
    UnknownBlock,
)
from btczs.l1.regtest.node import RegtestNode
from btczs.l1.regtest.views import BlockRef, Utxo

__all__ = [
    "BlockRef",
    "BlockRejected",
    "CorruptStorage",
    "NodeClosed",
    "RegtestNode",
    "RejectCode",
    "TransactionRejected",
    "UnknownBlock",
    "Utxo",
    "devnet_l1_script",
    "devnet_l1_secret",
    "devnet_params",
    "load_bootstrap",
]
