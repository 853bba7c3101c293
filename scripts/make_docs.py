#!/usr/bin/env python3
"""Writes the pages of `docs/reference/` that follow from the code alone.

    python scripts/make_docs.py            # write the pages
    python scripts/make_docs.py --check    # only compare; exit status 1 if a page is out of date

`networks.md` shows every field of the four networks, `errors.md` every error code, `api.md` every
operation of the HTTP API; `clarity-words.md`, `clarity-costs.md` and `clarity-errors.md` (made by
`clarity_pages.py`) the language of contracts. The same sources always give the same bytes.
"""

import argparse
import ast
import importlib
import inspect
import pkgutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
from clarity_pages import make_clarity_errors_page, make_costs_page, make_words_page

import btczs
from btczs.api.routes import ROUTES
from btczs.networks import NETWORK_NAMES, Network, load_network
from btczs.primitives import BtczsError, InvalidInput, Unavailable
from btczs.vm.clarity.errors import ClarityError

TARGET = Path(__file__).resolve().parents[1] / "docs" / "reference"
HEX_FIELDS = {"chain_id", "transaction_version"}
"""Fields that people read in hexadecimal."""
NOTE = "<!-- Made by scripts/make_docs.py from the code. Do not edit; run `make docs`. -->"


# ---------------------------------------------------------------------- networks


def make_networks_page() -> str:
    networks = [load_network(name) for name in NETWORK_NAMES]
    texts = read_field_texts(Path(inspect.getfile(Network)))
    lines = [
        "# Networks",
        "",
        NOTE,
        "",
        "Every number of the four networks, as `src/btczs/networks/*.toml` holds it. Amounts of the",
        "token are in base units (1e-8 BTCZS), amounts on layer 1 in zat (1e-8 coin).",
        "",
    ]
    lines += make_table("Top level", "", Network, networks, texts)
    for field in msgspec.structs.fields(Network):
        if isinstance(field.type, type) and issubclass(field.type, msgspec.Struct):
            parts = [getattr(network, field.name) for network in networks]
            lines += make_table(f"`[{field.name}]`", field.name, field.type, parts, texts)
    return "\n".join(lines).rstrip() + "\n"


def make_table(
    title: str, prefix: str, struct: type[Any], values: list[Any], texts: dict[str, dict[str, str]]
) -> list[str]:
    own = texts.get(struct.__name__, {})
    lines = [f"## {title}", ""]
    if prefix:
        lines += [first_paragraph(struct.__doc__), ""]
    lines += [
        f"| field | {' | '.join(NETWORK_NAMES)} | meaning |",
        "|---" * (len(NETWORK_NAMES) + 2) + "|",
    ]
    for field in msgspec.structs.fields(struct):
        shown = [getattr(value, field.name) for value in values]
        if any(isinstance(value, msgspec.Struct) for value in shown):
            continue
        cells = [format_value(field.name, value) for value in shown]
        lines.append(f"| `{field.name}` | {' | '.join(cells)} | {own.get(field.name, '')} |")
    return [*lines, ""]


def format_value(name: str, value: Any) -> str:
    if isinstance(value, int) and name in HEX_FIELDS:
        return f"0x{value:02x}"
    if isinstance(value, int):
        return f"{value:,}" if value >= 1_000_000 else str(value)
    return f"`{value}`"


def read_field_texts(path: Path) -> dict[str, dict[str, str]]:
    """class -> field -> the docstring that stands below the field."""
    texts: dict[str, dict[str, str]] = {}
    for node in ast.parse(path.read_text()).body:
        if not isinstance(node, ast.ClassDef):
            continue
        fields = texts.setdefault(node.name, {})
        for field, text in zip(node.body, node.body[1:], strict=False):
            if (
                isinstance(field, ast.AnnAssign)
                and isinstance(field.target, ast.Name)
                and isinstance(text, ast.Expr)
                and isinstance(text.value, ast.Constant)
                and isinstance(text.value.value, str)
            ):
                fields[field.target.id] = flatten(text.value.value)
    return texts


# ---------------------------------------------------------------------- errors


def make_errors_page() -> str:
    import_everything()
    classes = sorted(
        {
            cls
            for cls in walk_subclasses(BtczsError)
            if cls.__module__.startswith("btczs.") and not issubclass(cls, ClarityError)
        },
        key=lambda cls: (cls.code, cls.__module__, cls.__name__),
    )
    lines = [
        "# Error codes",
        "",
        NOTE,
        "",
        "Every error raised on purpose has a stable `code`; texts may change, codes do not. The API",
        'and `--json` show `{"error": code, "message": text, ...fields}`. A class without a code of',
        "its own has that of its parent. Errors of contracts have [a page](clarity-errors.md) of",
        "their own.",
        "",
    ]
    invalid = [cls for cls in classes if issubclass(cls, InvalidInput)]
    world = [cls for cls in classes if issubclass(cls, Unavailable)]
    other = [cls for cls in classes if cls not in invalid and cls not in world]
    lines += make_error_table(
        "Somebody else's mistake", "`InvalidInput`: refused, and nothing changed.", invalid
    )
    lines += make_error_table(
        "The world failed", "`Unavailable`: trying again later may help.", world
    )
    lines += make_error_table("Others", "Neither of the two.", other)
    return "\n".join(lines).rstrip() + "\n"


def make_error_table(title: str, about: str, classes: Sequence[type[BtczsError]]) -> list[str]:
    if not classes:
        return []
    lines = [
        f"## {title}",
        "",
        about,
        "",
        "| code | class | module | meaning |",
        "|---|---|---|---|",
    ]
    for cls in classes:
        text = first_paragraph(cls.__dict__.get("__doc__"))
        module = cls.__module__.removeprefix("btczs.")
        lines.append(f"| `{cls.code}` | `{cls.__name__}` | `{module}` | {text} |")
    return [*lines, ""]


def import_everything() -> None:
    for module in pkgutil.walk_packages(btczs.__path__, "btczs."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)


def walk_subclasses(cls: type[BtczsError]) -> Iterator[type[BtczsError]]:
    yield cls
    for child in cls.__subclasses__():
        yield from walk_subclasses(child)


# ---------------------------------------------------------------------- API


def make_api_page() -> str:
    lines = [
        "# Operations of the HTTP API",
        "",
        NOTE,
        "",
        "Parameters and answers in full: `GET /openapi.json` of a running node. A parameter in",
        "brackets may be left out. How to use them: [the guide](../guide/api.md).",
        "",
        "| operation | what | query |",
        "|---|---|---|",
    ]
    for route in sorted(ROUTES, key=lambda route: (route.path, route.method)):
        query = " ".join(
            f"`{param.name}`" if param.required else f"[`{param.name}`]"
            for param in route.params
            if param.where == "query"
        )
        lines.append(f"| `{route.method} {route.path}` | {flatten(route.summary)} | {query} |")
    return "\n".join(lines) + "\n"


# ---------------------------------------------------------------------- text and files


def first_paragraph(text: str | None) -> str:
    return flatten((text or "").split("\n\n", 1)[0])


def flatten(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


PAGES = {
    "api.md": make_api_page,
    "clarity-costs.md": lambda: make_costs_page(NOTE),
    "clarity-errors.md": lambda: make_clarity_errors_page(NOTE),
    "clarity-words.md": lambda: make_words_page(NOTE),
    "errors.md": make_errors_page,
    "networks.md": make_networks_page,
}


def main() -> int:
    parser = argparse.ArgumentParser(description="Make the reference pages from the code.")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    options = parser.parse_args()
    stale = []
    for name, make in PAGES.items():
        path, page = TARGET / name, make()
        if path.is_file() and path.read_text() == page:
            continue
        stale.append(name)
        if not options.check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(page)
            print(f"wrote docs/reference/{name}")
    if options.check and stale:
        print(f"out of date: {', '.join(stale)}; run `make docs`")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
