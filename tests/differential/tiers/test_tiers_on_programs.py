"""A few random programs in both tiers; `python -m tests.differential.tiers` runs many."""

import msgspec
import pytest
from tests.differential.clarity.generator import Call, Program
from tests.differential.tiers import generator, pipelines
from tests.differential.tiers.campaign import Summary, judge, program_of, run
from tests.differential.tiers.comparison import differences

from btczs.vm.clarity.compiler import support

PROGRAMS = 100
FIRST_SEED = 7_000
COMPARED_SHARE_MIN = 0.8
"""Of the calls: a tier that leaves nearly everything to the other would agree with it."""


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_both_tiers_agree() -> None:
    summary = run(range(FIRST_SEED, FIRST_SEED + PROGRAMS))
    shown = "\n\n".join(
        f"seed {finding.seed}: {finding.differences}\n{finding.program.code}"
        for finding in summary.findings
    )
    assert not summary.findings, shown
    compared = summary.counts["calls compared"]
    assert compared >= COMPARED_SHARE_MIN * (
        compared + summary.counts["calls left to the interpreter"]
    )
    assert summary.counts["under limits"] > 0


@pytest.mark.parametrize("seed", range(4))
def test_programs_agree(seed: int) -> None:
    """As above, without waiting long."""
    assert judge(program_of(seed)) == ()


def test_a_wrong_tier_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    program = Program(
        id=1,
        version=6,
        code="(define-public (f (a int)) (ok (/ a 3)))",
        setup=(),
        calls=(Call("f", ("00" + "ff" * 15 + "f9",), False),),
    )
    summary = Summary()
    assert judge(program, summary) == ()
    assert summary.counts["calls compared"] == 1
    monkeypatch.setitem(support.NAMESPACE, "quotient", lambda a, b: a // b)
    (found,) = judge(program)
    assert found.startswith("value: compiled OkValue(value=IntValue(value=-3))")


def test_generators_repeat_themselves() -> None:
    for generate in (generator.generate, pipelines.generate):
        assert generate(5) == generate(5)
        assert msgspec.structs.astuple(generate(5)) != msgspec.structs.astuple(generate(6))


def test_an_outcome_does_not_differ_from_itself() -> None:
    from btczs.vm.clarity import Machine
    from btczs.vm.clarity.runtime.memory import MemoryChain, MemoryState

    machine = Machine(MemoryState(), MemoryChain())
    one, two = (machine.evaluate(None, text) for text in ("(+ 1 2)", "(+ 1 2 3)"))
    assert differences(one, one) == []
    assert [found.split(":")[0] for found in differences(one, two)] == ["value", "cost"]
