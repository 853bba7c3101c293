"""The smallest part of a program that still shows a difference."""

from collections.abc import Callable

import msgspec
from tests.differential.clarity.generator import Program
from tests.differential.clarity.mutations import tokens_of

ATTEMPTS_MAX = 400


def reduce(program: Program, differs: Callable[[Program], bool]) -> Program:
    """Drops calls, then expressions, largest first, while `differs` stays true."""
    attempts = 0

    def still(candidate: Program) -> bool:
        nonlocal attempts
        attempts += 1
        return attempts <= ATTEMPTS_MAX and differs(candidate)

    for calls in ((), program.calls[:1]):
        candidate = msgspec.structs.replace(program, calls=calls)
        if len(calls) < len(program.calls) and still(candidate):
            program = candidate
            break
    progress = True
    while progress and attempts < ATTEMPTS_MAX:
        progress = False
        tokens = tokens_of(program.code)
        for start, end in _expressions(tokens):
            for filler in ([], ["0"], ["true"], _inside(tokens, start, end)):
                if len(filler) >= end - start:
                    continue
                code = "".join(tokens[:start] + filler + tokens[end:])
                candidate = msgspec.structs.replace(program, code=code)
                if still(candidate):
                    program, progress = candidate, True
                    break
            if progress:
                break
    return program


def _expressions(tokens: list[str]) -> list[tuple[int, int]]:
    """Where expressions begin and end, the largest first."""
    found, open_ = [], []
    for i, token in enumerate(tokens):
        if token in ("(", "{"):
            open_.append(i)
        elif token in (")", "}") and open_:
            found.append((open_.pop(), i + 1))
    return sorted(found, key=lambda span: span[0] - span[1])


def _inside(tokens: list[str], start: int, end: int) -> list[str]:
    """The last argument of the expression, as a stand-in for all of it."""
    spans = list(_expressions(tokens[start + 1 : end - 1]))
    if not spans:
        return []
    last = max(spans, key=lambda span: span[1])
    return tokens[start + 1 + last[0] : start + 1 + last[1]]
