"""What commands have in common: options, and a `Session` made of them."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from btczs.cli.output import Output, guard_errors
from btczs.networks import NETWORK_NAMES, Network, load_network

if TYPE_CHECKING:
    from btczs.wallet.client import Client
    from btczs.wallet.keystore import Keystore

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])

DEFAULT_NETWORK: Final = "devnet"
TIMEOUT_S: Final = 15.0


class Session:
    """One run of a command: where it asks, where it answers, whose keys it uses."""

    def __init__(
        self, network_name: str, api: str | None, as_json: bool, keystore: Path | None
    ) -> None:
        self.network: Network = load_network(network_name)
        self.api = api or f"http://127.0.0.1:{self.network.btczs_network.api_port}"
        self.out = Output(as_json)
        self.keystore_path = keystore or default_keystore(network_name)

    def run(self, work: "Callable[[Client], Coroutine[Any, Any, T]]") -> T:
        """What `work` does with a client of the node."""
        from btczs.wallet.client import Client

        async def whole() -> T:
            async with Client(self.api, self.network, timeout_s=TIMEOUT_S) as client:
                return await work(client)

        return asyncio.run(whole())

    def keystore(self) -> "Keystore":
        """The wallet of this network. Raises `KeystoreMissing`, `WrongNetwork`."""
        from btczs.wallet.errors import WrongNetwork
        from btczs.wallet.keystore import Keystore

        keystore = Keystore.load(self.keystore_path)
        if keystore.network_name != self.network.name:
            raise WrongNetwork(
                f"the wallet {self.keystore_path}", self.network.name, keystore.network_name
            )
        return keystore


def default_keystore(network_name: str) -> Path:
    """`~/.btczs/NETWORK.wallet.json`."""
    return Path.home() / ".btczs" / f"{network_name}.wallet.json"


def session_command(function: F) -> Callable[..., Any]:
    """Gives a command `--json`, `--api`, `--network`, `--keystore`, and a `Session` first."""

    def run(
        *args: Any,
        network_name: str,
        api: str | None,
        as_json: bool,
        keystore: Path | None,
        **kwargs: Any,
    ) -> Any:
        with guard_errors(as_json):
            session = Session(network_name, api, as_json, keystore)
            return function(session, *args, **kwargs)

    run.__doc__ = function.__doc__
    run.__name__ = function.__name__
    run.__click_params__ = getattr(function, "__click_params__", [])  # type: ignore[attr-defined]
    decorated: Callable[..., Any] = run
    for option in reversed(_COMMON):
        decorated = option(decorated)
    return decorated


_COMMON: Final[list[Callable[[Callable[..., Any]], Callable[..., Any]]]] = [
    click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object."),
    click.option(
        "--api", envvar="BTCZS_API", metavar="URL", show_envvar=True,
        help="The node's API.  [default: http://127.0.0.1 and the network's port]",
    ),
    click.option(
        "--network", "network_name", type=click.Choice(NETWORK_NAMES), default=DEFAULT_NETWORK,
        envvar="BTCZS_NETWORK", show_default=True, help="Whose rules and addresses.",
    ),
    click.option(
        "--keystore", type=click.Path(dir_okay=False, path_type=Path), envvar="BTCZS_KEYSTORE",
        metavar="FILE", help="The wallet's file.  [default: ~/.btczs/NETWORK.wallet.json]",
    ),
]  # fmt: skip


def ask_password(*, is_new: bool = False, from_environment: bool = True) -> str:
    """From `BTCZS_PASSWORD`, or asked for; a new one twice and of eight characters or more."""
    import os

    from btczs.primitives import InvalidInput

    given = os.environ.get("BTCZS_PASSWORD") if from_environment else None
    if given is None:
        given = click.prompt(
            "New password" if is_new else "Password",
            hide_input=True,
            confirmation_prompt=is_new,
            err=True,
        )
    assert isinstance(given, str)
    if is_new and len(given) < PASSWORD_CHARS_MIN:
        raise InvalidInput(f"a password has at least {PASSWORD_CHARS_MIN} characters")
    return given


PASSWORD_CHARS_MIN: Final = 8
