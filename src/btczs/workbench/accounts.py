"""The accounts of a simulated chain, with the names and addresses that contract developers know.

DEVELOPMENT ONLY: their keys are public. The names and addresses are those of Clarinet's simulated
network, so that tests and contracts can be brought along as they are.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from btczs.codec.clarity import parse_principal, principal_text
from btczs.codec.clarity.values import StandardPrincipal

ADDRESSES: Final = {
    "deployer": "ST1PQHQKV0RJXZFY1DGX8MNSNYVE3VGZJSRTPGZGM",
    "wallet_1": "ST1SJ3DTE5DN7X54YDH5D64R3BCB6A2AG2ZQ8YPD5",
    "wallet_2": "ST2CY5V39NHDPWSXMW9QDT3HC3GD6Q6XX4CFRK9AG",
    "wallet_3": "ST2JHG361ZXG51QTKY2NQCVBPPRRE2KZB1HR05NNC",
    "wallet_4": "ST2NEB84ASENDXKYGJPQW86YXQCEFEX2ZQPG87ND",
    "wallet_5": "ST2REHHS5J3CERCRBEPMGH7921Q6PYKAADT7JP2VB",
    "wallet_6": "ST3AM1A56AK2C1XAFJ4115ZSV26EB49BVQ10MGCS0",
    "wallet_7": "ST3PF13W7Z0RRM42A8VZRVFQ75SV1K26RXEP8YGKJ",
    "wallet_8": "ST3NBRSFKX28FQ2ZJ1MAKX58HKHSDGNV5N7R21XCP",
    "faucet": "STNHKEPYEPJ8ET55ZZ0M5A34J0R3N5FM2CMMMAZ6",
}

BALANCE: Final = 100_000_000_000_000
"""Base units that each account begins with."""

_NAMED = re.compile(r"'(deployer|faucet|wallet_[1-8])\b")


class Accounts(Mapping[str, StandardPrincipal]):
    """The accounts by name: `accounts["wallet_1"]` or `accounts.wallet_1`."""

    def __init__(self) -> None:
        self._principals: dict[str, StandardPrincipal] = {}
        for name, address in ADDRESSES.items():
            principal = parse_principal(address)
            assert isinstance(principal, StandardPrincipal)
            self._principals[name] = principal
        self._names = {principal: name for name, principal in self._principals.items()}

    def __getitem__(self, name: str) -> StandardPrincipal:
        return self._principals[name]

    def __getattr__(self, name: str) -> StandardPrincipal:
        if name.startswith("_") or name not in self._principals:
            raise AttributeError(name)
        return self._principals[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._principals)

    def __len__(self) -> int:
        return len(self._principals)

    def name_of(self, principal: object) -> str | None:
        """The name of an account that has one."""
        return self._names.get(principal) if isinstance(principal, StandardPrincipal) else None

    def address(self, name: str) -> str:
        """`ST…`."""
        return principal_text(self[name])


def expand_names(text: str) -> str:
    """Clarity text in which `'wallet_1` stands for that account's address."""
    return _NAMED.sub(lambda found: "'" + ADDRESSES[found[1]], text)
