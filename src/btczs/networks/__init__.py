"""The rules of each network, as data.

A network is one TOML file beside this module (`mainnet`, `testnet`, `devnet`, `minimal`). It holds
every number of the specification's tables `[btczs_network]` and `[btcz_connection]` and the
parameters of token, fees, tenures and limits. No other module writes a network's number in code.

`load_network("devnet")` reads and validates one; `parse_network(text)` does it for a file of your
own. A wrong value raises `InvalidNetwork`, which names the field.
"""

from btczs.networks.load import NETWORK_NAMES, InvalidNetwork, load_network, parse_network
from btczs.networks.model import (
    BtczConnection,
    BtczsNetwork,
    Fees,
    Limits,
    Network,
    Pox,
    Signers,
    Token,
)

__all__ = [
    "NETWORK_NAMES",
    "BtczConnection",
    "BtczsNetwork",
    "Fees",
    "InvalidNetwork",
    "Limits",
    "Network",
    "Pox",
    "Signers",
    "Token",
    "load_network",
    "parse_network",
]
