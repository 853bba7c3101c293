"""What running code gave, as people and as scripts see it: value, events, costs."""

from typing import TYPE_CHECKING, Any

import msgspec

from btczs.cli.clarity.common import cost_json, cost_table
from btczs.codec.clarity import encode_value, principal_text
from btczs.codec.clarity.values import ContractPrincipal, StandardPrincipal, Value

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

    from btczs.vm.clarity.errors import ClarityError
    from btczs.vm.clarity.runtime.events import ContractEvent
    from btczs.workbench.result import Result


def result_json(result: "Result") -> dict[str, Any]:
    """Stable keys. `result` is Clarity text, `hex` its consensus encoding."""
    from btczs.workbench.texts import value_source

    value, error = result.returned, result.error
    return {
        "call": result.what,
        "ok": error is None and not result.is_err,
        "committed": result.outcome.committed,
        "result": None if value is None else value_source(value),
        "hex": None if value is None else "0x" + encode_value(value).hex(),
        "error": None if error is None else {"kind": error.kind, "message": str(error)},
        "events": [event_json(event) for event in result.events],
        "cost": cost_json(result.cost),
        "memory": result.outcome.memory_peak,
    }


def event_json(event: "ContractEvent") -> dict[str, Any]:
    """`type`, and the fields of the event as text."""
    fields = {name: _plain(getattr(event, name)) for name in event.__struct_fields__}
    return {"type": str(event.__struct_config__.tag), **fields}


def _plain(part: Any) -> Any:
    from btczs.vm.clarity.runtime.events import AssetIdentifier
    from btczs.workbench.texts import value_source
    from btczs.workbench.values import VALUE_CLASSES

    if isinstance(part, StandardPrincipal | ContractPrincipal):
        return principal_text(part)
    if isinstance(part, AssetIdentifier):
        return f"{principal_text(part.contract)}::{part.name}"
    if isinstance(part, VALUE_CLASSES):
        return value_source(part)
    if isinstance(part, bytes):
        return "0x" + part.hex()
    return part if isinstance(part, int | str | None) else msgspec.to_builtins(part)


def value_text(value: "Value | None") -> "Text":
    """The value in colours."""
    from rich.text import Text

    from btczs.cli.clarity.highlight import highlight
    from btczs.workbench.texts import value_source

    return Text("nothing", "dim") if value is None else highlight(value_source(value))


def render_error(error: "ClarityError", source: str = "") -> "Text":
    """Kind, message, and the place in `source`, where there is one."""
    from rich.text import Text

    from btczs.cli.clarity.findings import render_excerpt

    text = Text().append(error.kind, "bold red").append(f"  {error}", "red")
    lines = source.split("\n")
    if error.span is not None and 0 < error.span.line <= len(lines):
        text.append_text(render_excerpt(lines[error.span.line - 1], error.span, "bold red"))
    return text


def render_result(
    result: "Result", *, costs: bool = True, source: str = ""
) -> "list[RenderableType]":
    """The value or error, the events, and the costs. `source`: where places of errors count."""
    from rich.text import Text

    from btczs.cli.output import make_table
    from btczs.vm.clarity.costs import ZERO_COST

    parts: list[RenderableType] = []
    if result.error is None:
        parts.append(Text().append("=> ", "dim").append_text(value_text(result.returned)))
    else:
        parts.append(render_error(result.error, source))
    if result.events:
        rows = []
        for event in result.events:
            shown = event_json(event)
            kind = Text(str(shown.pop("type")), "cyan")
            fields = ", ".join(f"{k} {v}" for k, v in shown.items())
            rows.append([kind, Text(name_accounts(fields))])
        parts += [Text(""), make_table(("event", "fields"), rows)]
    if costs and result.cost != ZERO_COST:
        parts += [Text(""), cost_table({"cost": result.cost})]
    return parts


def name_accounts(text: str) -> str:
    """`wallet_1` and `.contract` in place of known addresses: for people, not for programs."""
    from btczs.workbench.accounts import ADDRESSES

    for name, address in ADDRESSES.items():
        text = text.replace(f"{address}.", ".").replace(address, name)
    return text
