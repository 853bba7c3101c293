"""Who a name on the command line is: an address, an account of the wallet, or one of the devnet.

The accounts of the devnet (`account-0` …) have keys that everybody knows, so their names work on
the devnet only; a wallet cannot give such a name to an account of its own.
"""

import msgspec

from btczs.cli.options import Session, ask_password
from btczs.ledger.devnet import devnet_accounts
from btczs.wallet.accounts import Account
from btczs.wallet.building import parse_recipient
from btczs.wallet.errors import InvalidAccount, KeystoreMissing

ADDRESS_CHARS_MIN = 28
"""The shortest addresses (of the hash zero) have this many; no name in use looks like one."""


class Named(msgspec.Struct, frozen=True):
    """An address, and the name it was given by if it was one."""

    address: str
    name: str | None
    source: str
    """`devnet`, `wallet` or `address`."""


def list_accounts(session: Session) -> list[Named]:
    """Every account that has a name here: the devnet's first, then the wallet's."""
    found = []
    if session.network.name == "devnet":
        found += [Named(key.address, key.name, "devnet") for key in devnet_accounts()]
    try:
        keystore = session.keystore()
    except KeystoreMissing:
        return found
    return found + [Named(shown.address, shown.name, "wallet") for shown in keystore.accounts]


def resolve_address(session: Session, text: str) -> Named:
    """Raises `InvalidAccount`, `InvalidAddress`, `WrongNetwork`."""
    if _looks_like_address(text):
        parse_recipient(text, session.network)
        return Named(text, None, "address")
    for named in list_accounts(session):
        if named.name == text:
            return named
    raise InvalidAccount(f"{text[:60]!r} is neither an address nor an account known here")


def unlock_account(session: Session, name: str) -> Account:
    """The account with its key; asks for the password if it is of the wallet."""
    if session.network.name == "devnet":
        for key in devnet_accounts():
            if name in (key.name, key.address):
                return Account.from_secret(key.secret, session.network, key.name, key.index)
    keystore = session.keystore()
    for shown in keystore.accounts:
        if name in (shown.name, shown.address):
            return keystore.unlock_account(shown.name, ask_password())
    raise InvalidAccount(f"there is no key for {name[:60]!r} here")


def default_account(session: Session) -> str:
    """Whom `send` means without `--from`: the wallet's first account."""
    return session.keystore().accounts[0].name


def _looks_like_address(text: str) -> bool:
    address = text.partition(".")[0]
    return len(address) >= ADDRESS_CHARS_MIN and address[:1] in "Ss"
