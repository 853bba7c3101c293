"""`btczs clarity lsp`: the language server, for editors."""

import json
import sys
from typing import BinaryIO, Final

import click

MESSAGE_BYTES_MAX: Final = 32 * 1024 * 1024
HEADERS_MAX: Final = 32


@click.command()
def command() -> None:
    """Serve an editor over standard input and output (Language Server Protocol).

    It shows mistakes while one types, explains words, completes, finds definitions, and lays out.
    Editors start it themselves.

    \b
    Examples:
      btczs clarity lsp
      vim.lsp.start({ name = "clarity", cmd = { "btczs", "clarity", "lsp" } })    in Neovim
    """
    from btczs.workbench.language_server import LanguageServer

    server = LanguageServer()
    while not server.finished:
        raw = read_message(sys.stdin.buffer)
        if raw is None:
            break
        try:
            message = json.loads(raw)
        except (ValueError, RecursionError) as error:
            raise click.ClickException(f"a message is no JSON: {error}") from error
        for answer in server.handle(message) if isinstance(message, dict) else ():
            write_message(sys.stdout.buffer, answer)
    if not server.is_shut_down:
        raise click.exceptions.Exit(1)


def read_message(stream: BinaryIO) -> bytes | None:
    """The body of the next message; None at the end, or where no message can be read."""
    length = -1
    for _ in range(HEADERS_MAX):
        line = stream.readline(1024)
        if line in (b"\r\n", b"\n", b""):
            break
        name, _, value = line.decode("latin-1").partition(":")
        if name.lower() == "content-length" and value.strip().isdecimal():
            length = int(value)
    if not 0 <= length <= MESSAGE_BYTES_MAX:
        return None
    body = stream.read(length)
    return body if len(body) == length else None


def write_message(stream: BinaryIO, message: dict[str, object]) -> None:
    """One message with its header."""
    body = json.dumps(message).encode()
    stream.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
    stream.flush()
