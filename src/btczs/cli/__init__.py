"""The command line: `btczs COMMAND`, one module per command.

`devnet` and `node` run a chain; `wallet`, `account`, `send`, `tx`, `block` and `l1` use one;
`network` shows the rules. Everything that asks a node takes `--api URL` (or `BTCZS_API`) and
`--network NAME` (or `BTCZS_NETWORK`).

- People get tables and colours (none under `NO_COLOR` or in a pipe); scripts get `--json`, one
  object with stable keys on standard output.
- A failure is one line on standard error with its stable code, and what to do next; with `--json`
  it is an object there. Exit code 1; wrong usage has 2.
- `root` holds the table of commands and loads a module when its command is used; `options` what
  commands have in common; `output` how they answer; `names` who `account-0` is; `dashboard` draws.
"""

from btczs.cli.root import main

__all__ = ["main"]
