"""A run over many programs in both tiers, with every difference reduced to a small program."""

from collections import Counter
from collections.abc import Callable, Iterable
from random import Random

import msgspec
from tests.differential.clarity import campaign as clarity_campaign
from tests.differential.clarity.generator import BALANCE, CONTRACT, Program, deployer_of
from tests.differential.clarity.reduction import reduce
from tests.differential.tiers import generator, pipelines
from tests.differential.tiers.comparison import AT_RUN_TIME, BothTiers, Limits, Request, Verdict

from btczs.codec.clarity import decode_value
from btczs.codec.clarity.values import ContractPrincipal
from btczs.vm.clarity.costs import UNLIMITED, ExecutionCost
from btczs.vm.clarity.runtime.memory import MemoryChain, MemoryState

LIMITED_SHARE = 0.2
"""Calls that are also made under limits close to what they cost."""


class Finding(msgspec.Struct):
    """A program on which the tiers differ."""

    seed: int
    differences: tuple[str, ...]
    program: Program


class Summary(msgspec.Struct):
    """What happened how often, why calls were not compiled, and the findings."""

    counts: Counter[str] = msgspec.field(default_factory=Counter)
    fallbacks: Counter[str] = msgspec.field(default_factory=Counter)
    findings: list[Finding] = []

    def add(self, other: "Summary") -> None:
        self.counts.update(other.counts)
        self.fallbacks.update(other.fallbacks)
        self.findings += other.findings


def program_of(seed: int) -> Program:
    """The program of `seed`, by turns from one of three generators."""
    match seed % 4:
        case 0:
            return generator.generate(seed)
        case 1:
            return pipelines.generate(seed)
    return clarity_campaign.program_of(seed)


def run(
    seeds: Iterable[int],
    *,
    reduced: bool = True,
    progress: Callable[[Summary], None] = lambda _: None,
) -> Summary:
    """Runs the programs of `seeds` in both tiers."""
    summary = Summary()
    for seed in seeds:
        program = program_of(seed)
        found = judge(program, summary)
        if found:
            if reduced:
                sort = _sort(found)
                program = reduce(program, lambda each: sort in map(_sort, [judge(each)]))
                found = judge(program) or found
            summary.findings.append(Finding(seed, found, program))
        progress(summary)
    return summary


def _sort(differences: tuple[str, ...]) -> str:
    """What differs, without the values."""
    return differences[0].split(":")[0] if differences else ""


def judge(program: Program, summary: Summary | None = None) -> tuple[str, ...]:
    """The differences at the first call of a program that has any."""
    counts = Counter[str]() if summary is None else summary.counts
    fallbacks = Counter[str]() if summary is None else summary.fallbacks
    counts["programs"] += 1
    state = MemoryState()
    deployer = deployer_of(program)
    state.mint(deployer, BALANCE)
    both = BothTiers(state, MemoryChain(is_regtest=False))

    def contract(name: str) -> ContractPrincipal:
        return ContractPrincipal(deployer.version, deployer.hash20, name)

    for setup in program.setup:
        outcome = both.machine.deploy(contract(setup.name), setup.code, setup.version)
        assert outcome.error is None, f"the set-up fails: {outcome.error}\n{setup.code}"
    main = contract(CONTRACT)
    deployed = both.machine.deploy(main, program.code, program.version)
    if deployed.error is not None:
        counts["refused"] += 1
        fallbacks[f"refused: {type(deployed.error).__name__}"] += 1
        return ()
    rng = Random(program.id)
    state.mint(main, BALANCE)
    for call in program.calls:
        args = [decode_value(bytes.fromhex(arg)) for arg in call.args]
        request = Request(main, call.fn, args, deployer, call.read)
        mark = state.checkpoint()
        verdict = both.judge(request, Limits(UNLIMITED))
        _count(verdict, counts, fallbacks)
        if verdict.differences:
            return verdict.differences
        if rng.random() < LIMITED_SHARE:
            after = state.changes()
            state.revert(mark)
            for limits in close_limits(verdict, rng):
                limited = both.judge_and_undo(request, limits)
                counts["under limits, fallback" if limited.fallback else "under limits"] += 1
                if limited.differences:
                    return (*limited.differences, f"under {limits}")
            again = both.judge(request, Limits(UNLIMITED))
            assert state.changes() == after, "a call gives different states"
            if again.differences:
                return (*again.differences, "the second time")
    return ()


def _count(verdict: Verdict, counts: Counter[str], fallbacks: Counter[str]) -> None:
    if verdict.fallback is not None:
        counts["calls left to the interpreter"] += 1
        reason = verdict.fallback
        if reason == AT_RUN_TIME:
            error = verdict.outcome.error
            reason += ": " + ("no error" if error is None else type(error).__name__)
        fallbacks[reason] += 1
        return
    counts["calls compared"] += 1
    if verdict.outcome.error is not None:
        counts[f"  compared: {type(verdict.outcome.error).__name__}"] += 1
    elif verdict.outcome.committed:
        counts["  compared: committed"] += 1


def close_limits(verdict: Verdict, rng: Random) -> list[Limits]:
    """Limits that the call keeps just so, or just not, and one somewhere below."""
    cost, peak = verdict.outcome.cost, verdict.outcome.memory_peak
    dimension = rng.choice(ExecutionCost.__struct_fields__)
    most = getattr(cost, dimension)

    def limit(value: int) -> Limits:
        return Limits(msgspec.structs.replace(UNLIMITED, **{dimension: max(value, 0)}))

    below = rng.randrange(most + 1)
    return [limit(most), limit(most - 1), limit(below), Limits(UNLIMITED, max(peak, 1)),
            Limits(UNLIMITED, max(peak - rng.randrange(1, 3000), 1))]  # fmt: skip
