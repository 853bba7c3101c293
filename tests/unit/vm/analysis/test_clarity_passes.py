"""The passes together: their order, what they leave behind, and what they cost."""

import pytest

from btczs.codec.clarity.values import ContractPrincipal
from btczs.vm.clarity.analysis import (
    ContractAnalysis,
    NoContracts,
    analyze,
    errors,
    order_definitions,
)
from btczs.vm.clarity.costs import UNLIMITED, CostMeter, ExecutionCost
from btczs.vm.clarity.errors import ClarityError, CostBalanceExceeded
from btczs.vm.clarity.names import ClarityVersion
from btczs.vm.clarity.reader import SNIPPET, read_program
from btczs.vm.clarity.reader.errors import TraitReferenceUnknown
from btczs.vm.clarity.types import type_text


class Deployed:
    """Contracts that were analysed before."""

    def __init__(self) -> None:
        self.contracts: dict[ContractPrincipal, ContractAnalysis] = {}

    def analysis_of(self, contract: ContractPrincipal) -> ContractAnalysis | None:
        return self.contracts.get(contract)

    def deploy(
        self, name: str, source: str, version: ClarityVersion = 6, meter: CostMeter | None = None
    ) -> ContractAnalysis:
        contract = ContractPrincipal(SNIPPET.version, SNIPPET.hash20, name)
        program = read_program(contract, source)
        analysis = analyze(program, version, self, meter or CostMeter(UNLIMITED))
        self.contracts[contract] = analysis
        return analysis


def refuse(source: str, version: ClarityVersion = 6) -> ClarityError:
    with pytest.raises(ClarityError) as caught:
        Deployed().deploy("own", source, version)
    return caught.value


def test_what_analysis_learns() -> None:
    found = Deployed().deploy(
        "own", "(define-private (f (x uint)) (list x y)) (define-constant y u1)"
    )
    assert found.order[0].items[1].name == "y"
    assert type_text(found.constants["y"]) == "uint"
    assert type_text(found.function("f").returns) == "(list 2 uint)"
    assert found.function("g") is None


def test_circles_are_reported_before_unknown_traits_and_those_before_the_rest() -> None:
    unknown = "(define-private (f (x <t>)) (nothing))"
    assert refuse(f"{unknown} (define-constant a a)").kind == "CircularReference"
    assert isinstance(refuse(unknown), TraitReferenceUnknown)


def test_writes_are_reported_before_types() -> None:
    source = "(define-private (g) (+ 1 true)) (define-read-only (f) (var-set v 1))"
    assert refuse(source).kind == "WriteAttemptedInReadOnly"


def test_types_are_reported_before_claims() -> None:
    deployed = Deployed()
    deployed.deploy("traits", "(define-trait t ((f () (response bool bool))))")
    for body, kind in (("(+ 1 true)", errors.TypeError), ("(ok 1)", errors.BadTraitImplementation)):
        with pytest.raises(kind):
            deployed.deploy("own", f"(impl-trait .traits.t) (define-public (f) {body})")
    deployed.deploy("own", "(impl-trait .traits.t) (define-public (f) (ok true))")


def test_a_refused_contract_has_paid_for_what_was_done() -> None:
    meter = CostMeter(UNLIMITED)
    program = read_program(SNIPPET, "(define-read-only (f) (var-set v 1))")
    with pytest.raises(errors.WriteAttemptedInReadOnly):
        analyze(program, 6, NoContracts(), meter)
    assert meter.total() == ExecutionCost(runtime=72)


def test_analysis_ends_at_the_limit() -> None:
    with pytest.raises(CostBalanceExceeded):
        Deployed().deploy("own", "(+ 1 2)", meter=CostMeter(ExecutionCost(5, 500, 200, 5, 500)))


def test_calls_of_other_contracts_are_checked_and_paid() -> None:
    deployed = Deployed()
    deployed.deploy("token", "(define-public (pay (amount uint)) (ok amount))")
    meter = CostMeter(UNLIMITED)
    deployed.deploy("own", "(contract-call? .token pay u1)", meter=meter)
    assert meter.read_count == 2  # its own storage, and the function
    for call, kind in (
        ("(contract-call? .token pay 1)", errors.TypeError),
        ("(contract-call? .token buy u1)", errors.NoSuchPublicFunction),
        ("(contract-call? .bank pay u1)", errors.NoSuchContract),
    ):
        with pytest.raises(kind):
            deployed.deploy("bad", call)


def test_definitions_can_be_ordered_alone() -> None:
    program = read_program(SNIPPET, "(print a) (define-constant a 1)")
    meter = CostMeter(UNLIMITED)
    assert order_definitions(program, meter) == program.expressions[::-1]
    assert meter.total() == ExecutionCost(runtime=72 + 141)


@pytest.mark.parametrize("version", [1, 2, 3, 4, 5, 6])
def test_all_versions_are_analysed(version: ClarityVersion) -> None:
    found = Deployed().deploy("own", "(define-public (f (x int)) (ok (* x x)))", version)
    assert found.version == version
    assert type_text(found.public_functions["f"].returns) == "(response int UnknownType)"
