"""The kind of an error in the words of the reference interpreter's tools."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType


def _load(name: str) -> ModuleType:
    """A helper of the tests over vectors, which is not in a package."""
    path = Path(__file__).parents[2] / "vectors" / "clarity" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"clarity_vectors_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_errors = _load("reference_errors")
UNKNOWN: str = _errors.UNKNOWN
_RUNTIME = re.compile(r"[Rr]untime [Ee]rror while interpreting [^:]*: (.*)$", re.DOTALL)
_NO_METHOD = re.compile(r"Method '.*' does not exist on contract")
_DEPLOYMENT = re.compile(r"^Contract deployment runtime error: \S+ -> (.*)$", re.DOTALL)


def kind_and_stage(text: str) -> tuple[str, str]:
    """(kind, stage) of an error; stage is runtime or static (which covers the parser there)."""
    if match := _RUNTIME.search(text):
        return _errors.kind_of_debug(match[1]), "runtime"
    if _NO_METHOD.search(text):
        return "UndefinedFunction", "runtime"
    if match := _DEPLOYMENT.search(text):
        text = match[1]
    return _errors.kind_of_text(text), "static"


def same_kind(ours: str, theirs: str) -> bool:
    """Whether the two names mean the same."""
    return bool(_errors.same_kind(ours, theirs))
