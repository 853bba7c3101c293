"""What the documentation says about the code is so: names, numbers, snippets."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from btczs.codec.clarity.names import CONTRACT_NAME_LENGTH_MAX
from btczs.vm.clarity import limits
from btczs.vm.clarity.runtime import keys

ROOT = Path(__file__).resolve().parents[3]
DOCS = ROOT / "docs"

PROTOCOL = (DOCS / "protocol" / "clarity.md").read_text()


def rows(page: str) -> list[list[str]]:
    """The cells of all rows of all tables."""
    lines = [line for line in page.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


INVARIANTS = [row for row in rows((DOCS / "invariants.md").read_text()) if len(row) == 3]


@pytest.mark.parametrize("row", INVARIANTS, ids=lambda row: row[0][:60])
def test_the_tests_that_attack_an_invariant_exist(row: list[str]) -> None:
    """`file.py` names a file below tests/; the `test_…` after it stand in that file."""
    text = ""
    for name in re.findall(r"`([^`]+)`", row[2]):
        if name.endswith((".py", "/")):
            path = ROOT / "tests" / name
            is_simulation = name == "sim/" or name.startswith("sim.")
            assert path.exists() or is_simulation, name
            text = path.read_text() if path.is_file() else ""
        elif name.startswith("test_"):
            assert re.search(rf"^ *(?:async )?def {name}\b", text, re.MULTILINE), name


CONTRACT_INVARIANTS = (DOCS / "invariants.md").read_text().partition("## Contracts")[2]


@pytest.mark.parametrize(
    "place",
    sorted(
        {
            name
            for row in rows(CONTRACT_INVARIANTS.partition("\n## ")[0])
            for name in re.findall(r"`([a-z_.0-9]+:\w+)`", row[1])
        }
    ),
)
def test_the_functions_that_enforce_an_invariant_of_contracts_exist(place: str) -> None:
    module, _, name = place.partition(":")
    inside = module if module.startswith("workbench") else f"vm.clarity.{module}"
    path = ROOT / "src/btczs" / Path(*inside.split("."))
    file = path.with_suffix(".py") if path.with_suffix(".py").is_file() else path / "__init__.py"
    assert re.search(rf"^(?:def|class) {name}\b", file.read_text(), re.MULTILINE), place


def test_the_limits_of_the_language_are_those_of_the_code() -> None:
    table = PROTOCOL.partition("\n## Limits\n")[2].partition("\n## ")[0]
    told = {row[0].strip("`"): int(row[1].replace(",", "")) for row in rows(table)[1:]}
    assert told == {name: getattr(limits, name) for name in limits.__all__}


def test_the_longest_key_of_a_contract_is_as_long_as_the_protocol_says() -> None:
    prefix = 3 + 1 + 20 + 1 + CONTRACT_NAME_LENGTH_MAX
    told = re.search(r"A key has at most (\d+) bytes", PROTOCOL)
    assert told is not None
    assert int(told[1]) >= prefix + 1 + 1 + limits.NAME_LENGTH_MAX + 1 + keys.ID_BYTES_MAX


def test_every_decision_has_a_number_and_a_status() -> None:
    pages = sorted((DOCS / "adr").glob("*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for page in pages:
        text = page.read_text()
        assert text.startswith(f"# {page.name[:4]}. "), page.name
        for part in ("**Status:**", "**Decision.**"):
            assert part in text, f"{page.name} lacks {part}"


def snippets() -> list[str]:
    page = (DOCS / "guide" / "developer.md").read_text()
    return re.findall(r"^```python\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("code", snippets(), ids=lambda code: code.splitlines()[-1][:40])
def test_the_snippets_for_developers_run(code: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr


FILES_NAMED = re.findall(
    r"`((?:\w+/)*\w+\.py)`", (DOCS / "guide" / "clarity-learn.md").read_text() + PROTOCOL
)


@pytest.mark.parametrize("name", sorted(set(FILES_NAMED)))
def test_files_that_are_named_exist(name: str) -> None:
    vm = ROOT / "src/btczs/vm/clarity"
    places = [vm, vm / "interpreter", vm / "analysis", vm.parent, ROOT / "src/btczs", ROOT]
    parts = [ROOT / "src/btczs/codec/clarity", vm / "reader", vm / "runtime"]
    parts += [vm / "interpreter/natives", vm / "costs"]
    assert any((place / name).is_file() for place in [*places, *parts]), name
