"""`btczs wallet`: an encrypted wallet in one file."""

from typing import TYPE_CHECKING

import click

from btczs.cli.options import Session, ask_password, session_command
from btczs.cli.output import make_fields, make_table
from btczs.primitives import InvalidInput

if TYPE_CHECKING:
    from rich.console import RenderableType

    from btczs.wallet.keystore import Keystore
    from btczs.wallet.wallet import Wallet

WORD_CHOICES = ("12", "15", "18", "21", "24")
COUNT = click.IntRange(1, 1000)


@click.group()
def command() -> None:
    """Make, restore and use an encrypted wallet.

    A wallet is one file, ~/.btczs/NETWORK.wallet.json unless --keystore says otherwise. Scripts
    give the password in BTCZS_PASSWORD.

    \b
    Examples:
      btczs wallet new
      btczs wallet accounts
      btczs send --from wallet-0 --to ST1JAHE8GEHB0MCBGR8J6W0AA7TJEE1XKFSD2Q80H 1.5
    """


@command.command()
@click.option("--words", type=click.Choice(WORD_CHOICES), default="24", show_default=True)
@click.option("--accounts", "count", type=COUNT, default=1, show_default=True, help="How many accounts to show.")  # fmt: skip
@session_command
def new(session: Session, words: str, count: int) -> None:
    """Make a wallet, and show its words once: write them down.

    \b
    Examples:
      btczs wallet new
      btczs wallet new --network mainnet --words 12 --accounts 3
    """
    from btczs.wallet.wallet import Wallet

    wallet = Wallet.generate(session.network, int(words))
    keystore = _create(session, wallet, count)
    session.out.answer(
        {**_shown(keystore), "mnemonic": wallet.mnemonic},
        _numbered(wallet.mnemonic),
        "\nWrite these words down on paper, in this order, and keep them secret: whoever has them\n"
        "has the coins, and without them a lost file or password cannot be replaced.\n",
        _summary(keystore),
    )


@command.command()
@click.option("--passphrase", is_flag=True, help="Ask for the passphrase of the words (BIP-39).")
@click.option("--accounts", "count", type=COUNT, default=1, show_default=True, help="How many accounts to show.")  # fmt: skip
@session_command
def restore(session: Session, passphrase: bool, count: int) -> None:
    """Make a wallet from words that you have. They are read from standard input.

    \b
    Examples:
      btczs wallet restore
      btczs wallet restore --accounts 5 < words.txt
    """
    from btczs.wallet.wallet import Wallet

    words = click.prompt("Words", hide_input=True, err=True)
    extra = click.prompt("Passphrase", hide_input=True, err=True) if passphrase else ""
    keystore = _create(session, Wallet(words, session.network, extra), count)
    session.out.answer(_shown(keystore), _summary(keystore))


@command.command()
@click.option("--l1", "with_l1", is_flag=True, help="Show layer-1 addresses too (asks for the password).")  # fmt: skip
@session_command
def show(session: Session, with_l1: bool) -> None:
    """What is in the wallet, without secrets.

    \b
    Examples:
      btczs wallet show
      btczs wallet show --l1 --json
    """
    keystore = session.keystore()
    value = _shown(keystore)
    if not with_l1:
        session.out.answer(value, _summary(keystore))
        return
    wallet = keystore.unlock(ask_password())
    l1 = [wallet.l1_account(shown.index) for shown in keystore.accounts]
    value["l1_accounts"] = [{"path": key.path, "address": key.address} for key in l1]
    table = make_table(("layer-1 address", "path"), [(key.address, key.path) for key in l1])
    session.out.answer(value, _summary(keystore), table)


@command.command()
@session_command
def accounts(session: Session) -> None:
    """Names and addresses of the wallet's accounts; needs no password.

    \b
    Examples:
      btczs wallet accounts
      btczs wallet accounts --network mainnet --json
    """
    keystore = session.keystore()
    rows = [(shown.index, shown.name, shown.address) for shown in keystore.accounts]
    session.out.answer(_shown(keystore), make_table((">index", "name", "address"), rows))


@command.command()
@click.argument("name", required=False)
@session_command
def add(session: Session, name: str | None) -> None:
    """Show one more account of the wallet, under NAME.

    \b
    Examples:
      btczs wallet add
      btczs wallet add savings
    """
    added = session.keystore().add_account(ask_password(), name)
    session.out.answer(
        {"index": added.index, "name": added.name, "address": added.address},
        make_fields([("account", added.name), ("address", added.address)]),
    )


@command.command()
@click.option("--account", "name", metavar="NAME", help="The private key of one account instead.")
@click.option("--yes", is_flag=True, help="Do not ask whether anybody is looking.")
@session_command
def export(session: Session, name: str | None, yes: bool) -> None:
    """Show the secret words, or the private key of one account.

    \b
    Examples:
      btczs wallet export
      btczs wallet export --account savings --yes --json
    """
    keystore = session.keystore()
    if not yes and not click.confirm("Show secrets on this screen?", err=True):
        raise InvalidInput("not shown; --yes answers the question")
    if name is None:
        wallet = keystore.unlock(ask_password())
        session.out.answer({"mnemonic": wallet.mnemonic}, _numbered(wallet.mnemonic))
        return
    account = keystore.unlock_account(name, ask_password())
    session.out.answer(
        {"name": account.name, "address": account.address, "secret": account.secret.hex()},
        make_fields(
            [
                ("account", account.name),
                ("address", account.address),
                ("secret", account.secret.hex()),
            ]
        ),
    )


@command.command()
@session_command
def password(session: Session) -> None:
    """Encrypt the wallet with another password (always asked for).

    \b
    Example:
      btczs wallet password
    """
    keystore = session.keystore()
    old = ask_password()
    fresh = ask_password(is_new=True, from_environment=False)
    keystore.change_password(old, fresh)
    session.out.answer({"path": str(keystore.path)}, "The wallet has the new password.")


def _create(session: Session, wallet: "Wallet", count: int) -> "Keystore":
    from btczs.wallet.errors import KeystoreExists
    from btczs.wallet.keystore import Keystore

    if session.keystore_path.exists():
        raise KeystoreExists(str(session.keystore_path), "there is a wallet here already")
    return Keystore.create(session.keystore_path, wallet, ask_password(is_new=True), count)


def _shown(keystore: "Keystore") -> dict[str, object]:
    return {
        "path": str(keystore.path),
        "network": keystore.network_name,
        "accounts": [
            {"index": shown.index, "name": shown.name, "address": shown.address}
            for shown in keystore.accounts
        ],
    }


def _summary(keystore: "Keystore") -> "RenderableType":
    rows = [("wallet", str(keystore.path)), ("network", keystore.network_name)]
    rows += [(shown.name, shown.address) for shown in keystore.accounts]
    return make_fields(rows)


def _numbered(mnemonic: str) -> "RenderableType":
    """Words in rows of four, each with its number."""
    words = [f"{i:2}. {word}" for i, word in enumerate(mnemonic.split(), 1)]
    rows = [words[i : i + 4] for i in range(0, len(words), 4)]
    return make_table(("", "", "", ""), [row + [""] * (4 - len(row)) for row in rows])
