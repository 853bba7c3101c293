"""Compiled code against the interpreter, on every program of the vectors.

The vectors mostly hold expressions, not functions. Each top-level expression becomes the body of a
public function here, and is called in both tiers; what analysis refuses is not run by either.
"""

from collections.abc import Iterator
from pathlib import Path
from sys import path as import_path
from typing import Any

import pytest
from vector_files import cases
from worlds import TRANSIENT, docs_chain

_PROJECT = str(Path(__file__).parents[3])
if _PROJECT not in import_path:
    import_path.append(_PROJECT)

from tests.differential.tiers.comparison import BothTiers, Limits, Request  # noqa: E402

from btczs.codec.clarity.types import ValueType  # noqa: E402
from btczs.codec.clarity.values import ContractPrincipal, StandardPrincipal  # noqa: E402
from btczs.vm.clarity.analysis import NoContracts, analyze  # noqa: E402
from btczs.vm.clarity.costs import UNLIMITED, CostMeter  # noqa: E402
from btczs.vm.clarity.errors import ClarityError  # noqa: E402
from btczs.vm.clarity.names import DEFINES, LATEST, VERSIONS, ClarityVersion  # noqa: E402
from btczs.vm.clarity.reader import parse  # noqa: E402
from btczs.vm.clarity.reader.span import Span  # noqa: E402
from btczs.vm.clarity.reader.syntax import Atom, Expr, Form  # noqa: E402
from btczs.vm.clarity.runtime.memory import MemoryState  # noqa: E402

BALANCE = 1_000_000_000_000
GROUPS = 8
SOURCE_MAX = 20_000
"""Characters of a program; longer ones test limits of the reader."""

Source = tuple[ClarityVersion, str]


def sources() -> Iterator[Source]:
    """Every program of the vectors, with the version to run it at."""
    for case in cases("clarity/docs_examples.json"):
        for segment in case.get("segments") or []:
            yield _version(case), segment["code"]
        if case.get("example"):
            yield _version(case), case["example"]
    for name in ("core_tests", "wasm_crosscheck"):
        for case in cases(f"clarity/{name}.json"):
            yield _version(case), case["code"]
    for case in cases("clarity/trap_vectors.json"):
        yield case["clarity_version"], case["code"]
    for case in cases("clarity/consensus_snapshots.json"):
        if case.get("contract_code"):
            for version in VERSIONS:
                yield version, case["contract_code"]


def _version(case: dict[str, Any]) -> ClarityVersion:
    return case.get("run_version") or LATEST


def groups() -> list[list[Source]]:
    """The programs, each once, in a few groups."""
    found = [each for each in dict.fromkeys(sources()) if len(each[1]) <= SOURCE_MAX]
    return [found[start::GROUPS] for start in range(GROUPS)] if found else []


def contract() -> ContractPrincipal:
    assert isinstance(TRANSIENT, StandardPrincipal)
    return ContractPrincipal(TRANSIENT.version, TRANSIENT.hash20, "probe")


def as_functions(code: str, version: ClarityVersion) -> tuple[str, list[str]]:
    """The program with each top-level expression as a function, and their names.

    Raises `ClarityError` for a program that analysis refuses.
    """
    program = parse(contract(), code, version, CostMeter(UNLIMITED))
    types = analyze(program, version, NoContracts(), CostMeter(UNLIMITED)).types
    parts: list[str] = []
    names: list[str] = []
    for expr in program.expressions:
        text = _text(code, expr.span)
        if _is_definition(expr):
            parts.append(text)
            continue
        name = f"probe-{len(names)}"
        body = text if _is_response(types.get(expr.id)) else f"(ok {text})"
        parts.append(f"(define-public ({name}) {body})")
        names.append(name)
    return "\n".join(parts), names


def _is_definition(expr: Expr) -> bool:
    head = expr.items[0] if isinstance(expr, Form) and expr.items else None
    return isinstance(head, Atom) and head.name in DEFINES


def _is_response(type_: ValueType | None) -> bool:
    return type_ is not None and type_.kind == "response"


def _text(code: str, span: Span) -> str:
    lines = code.split("\n")[span.line - 1 : span.end_line]
    lines[-1] = lines[-1][: span.end_column]
    lines[0] = lines[0][span.column - 1 :]
    return "\n".join(lines)


@pytest.mark.slow
@pytest.mark.parametrize("group", groups())
def test_tiers_agree(group: list[Source]) -> None:
    found: list[str] = []
    compared = left = 0
    for version, code in group:
        try:
            wrapped, names = as_functions(code, version)
        except ClarityError:
            continue
        state = MemoryState()
        state.mint(TRANSIENT, BALANCE)
        both = BothTiers(state, docs_chain())
        if both.machine.deploy(contract(), wrapped, version).error is not None:
            continue
        for name in names:
            verdict = both.judge(Request(contract(), name, (), TRANSIENT), Limits(UNLIMITED))
            compared += verdict.fallback is None
            left += verdict.fallback is not None
            found += [f"{each}\nin {name} at version {version}\n{wrapped}"
                      for each in verdict.differences]  # fmt: skip
    assert not found, "\n\n".join(found)
    assert compared > left, "a tier that leaves nearly everything to the other agrees with it"
