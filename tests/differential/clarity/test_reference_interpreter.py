"""A few random programs on both sides; `python -m tests.differential.clarity` runs many."""

import pytest
from tests.differential.clarity import ours
from tests.differential.clarity.campaign import program_of, run
from tests.differential.clarity.comparison import compare
from tests.differential.clarity.emulation import run_as_there
from tests.differential.clarity.generator import Program, generate
from tests.differential.clarity.mutations import tokens_of
from tests.differential.clarity.oracle import Oracle, missing

PROGRAMS = 150
FIRST_SEED = 7_000
ACCEPTED_SHARE_MIN = 0.6
GENERATED = 60

needs_oracle = pytest.mark.skipif(missing() is not None, reason=str(missing()))


@needs_oracle
@pytest.mark.slow
@pytest.mark.timeout(180)
def test_both_interpreters_agree() -> None:
    summary = run(range(FIRST_SEED, FIRST_SEED + PROGRAMS))
    shown = "\n\n".join(
        f"seed {finding.seed}: {finding.differences}\n{finding.program.code}"
        for finding in summary.findings
    )
    assert not summary.findings, shown
    assert summary.counts["programs"] == PROGRAMS
    assert summary.counts["values of deployments compared"] > 0


MAP_OF_NOTHING = "0 (define-private (f (x (list 2 int))) (map + (list 1 2) x)) (f (list))"


def program_with(code: str) -> Program:
    return Program(id=1, version=6, code=code, setup=(), calls=())


@needs_oracle
def test_the_former_map_is_explained() -> None:
    program = program_with(MAP_OF_NOTHING)
    with Oracle() as oracle:
        theirs = oracle.run(program)
    former = run_as_there(program, "map")
    assert compare(program, ours.run(program), theirs)[0].explained is not None
    assert compare(program, former, theirs) == []


@needs_oracle
def test_a_wrong_machine_is_found() -> None:
    right, wrong = program_with("0 (* 3 4)"), program_with("0 (+ 3 4)")
    with Oracle() as oracle:
        found = compare(wrong, ours.run(wrong), oracle.run(right))
    assert [(d.what, d.explained) for d in found] == [("value", None)]


def test_generated_programs_are_mostly_accepted() -> None:
    """A generator whose programs are refused would test little."""
    reports = [ours.run(generate(seed)) for seed in range(GENERATED)]
    reached = sum(report.deployment.stage in (None, "runtime") for report in reports)
    assert reached >= ACCEPTED_SHARE_MIN * GENERATED


def test_a_seed_is_always_the_same_program() -> None:
    assert program_of(5) == program_of(5)
    assert program_of(5) != program_of(6)


def test_tokens_give_the_text_again() -> None:
    for seed in range(GENERATED):
        code = program_of(seed).code
        assert "".join(tokens_of(generate(seed).code)) == generate(seed).code
        assert code
