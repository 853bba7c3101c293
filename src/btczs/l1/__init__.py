"""Bitcoin-family layer 1: BitcoinZ, Bitcoin, Litecoin.

Chains are data: `params.get_params(chain, network)` gives every number of a network, and `wire`,
`pow`, `address`, `script` and `signing` take it as their first argument. Nothing above `l1` asks
which chain it is on.

*Bytes* (`wire`): headers, transactions and blocks, strictly: an encoding that is accepted is the
only one of its value, and every byte is consumed. *Work* (`pow`): Equihash, SHA-256d or scrypt,
cheap rejections first. *Spending* (`script.interpreter`, `signing`): bounded execution of scripts
with the rules of the chain at a height. *Text* (`address`).

Hashes are bytes in internal order everywhere; heights say which rules apply, never the clock.
Errors are in `errors`; each is an `InvalidInput` with a stable code.

Around the formats: `spv` (proofs), `rpc` (JSON-RPC client), `follower` (reorganisation-safe view)
and `regtest` (the embedded node). This package itself imports only parameters and errors.
"""

from btczs.l1.errors import (
    InvalidProofOfWork,
    InvalidSolution,
    SighashUndefined,
    UnknownChain,
    UnsupportedTransaction,
)
from btczs.l1.params import L1Params, get_params

__all__ = [
    "InvalidProofOfWork",
    "InvalidSolution",
    "L1Params",
    "SighashUndefined",
    "UnknownChain",
    "UnsupportedTransaction",
    "get_params",
]
