"""The house style, as far as a program can check it."""

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINES_MAX = 400
"""A module is 60 to 300 lines; beyond this it is two ideas."""

MODULES = sorted((ROOT / "src").rglob("*.py"))


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_every_module_says_what_it_is(path: Path) -> None:
    assert ast.get_docstring(tree(path)), "a module starts with a docstring"


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_every_module_is_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LINES_MAX


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_no_error_is_swallowed(path: Path) -> None:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ExceptHandler):
            only_pass = len(node.body) == 1 and isinstance(node.body[0], ast.Pass)
            assert not only_pass, f"line {node.lineno}: except: pass"
            assert node.type is not None, f"line {node.lineno}: bare except"


CORE = ("primitives", "networks", "crypto", "codec", "ledger", "consensus", "finality")
EFFECTS = {"asyncio", "logging", "random", "secrets", "socket", "time", "threading", "httpx"}
ALLOWED_EFFECTS = {
    ("crypto/hd.py", "secrets"),  # new mnemonics
    ("crypto/mnemonic.py", "secrets"),
}


@pytest.mark.parametrize(
    "path",
    [p for p in MODULES if p.relative_to(ROOT / "src/btczs").parts[0] in CORE],
    ids=name,
)
def test_the_core_has_no_effects_and_no_floats(path: Path) -> None:
    inside = str(path.relative_to(ROOT / "src/btczs"))
    for node in ast.walk(tree(path)):
        modules = []
        if isinstance(node, ast.Import):
            modules = [alias.name.split(".")[0] for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = [(node.module or "").split(".")[0]]
        for module in modules:
            assert module not in EFFECTS or (inside, module) in ALLOWED_EFFECTS, module
        if isinstance(node, ast.Constant):
            assert not isinstance(node.value, float), f"line {node.lineno}: a float"


def tracked_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    return [ROOT / p for p in listed.stdout.decode().split("\0") if p and (ROOT / p).is_file()]


def test_lock_files_name_no_hosts() -> None:
    for path in tracked_files():
        if path.suffix == ".lock" or path.name in {"package-lock.json", ".npmrc"}:
            assert "://" not in path.read_text(), f"{name(path)} names a host"


def test_nothing_names_a_path_of_one_machine() -> None:
    pattern = re.compile(rb"(^|[^a-zA-Z0-9_.])/(home|root|work|Users)/[a-z]")
    for path in tracked_files():
        if path != Path(__file__).resolve():
            assert not pattern.search(path.read_bytes()), name(path)


def test_every_package_is_in_the_layout() -> None:
    layout = (ROOT / "docs/layout.md").read_text()
    for package in sorted((ROOT / "src/btczs").rglob("__init__.py")):
        inside = package.parent.relative_to(ROOT / "src/btczs")
        if inside.parts:
            assert f"`{inside}/`" in layout, f"docs/layout.md lacks {inside}/"
