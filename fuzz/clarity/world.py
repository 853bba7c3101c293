"""The small world that fuzzed contracts are deployed in, and arguments for their functions."""

from collections.abc import Sequence
from typing import Final

from btczs.codec.clarity.types import ValueType
from btczs.codec.clarity.values import (
    NONE,
    AsciiValue,
    BoolValue,
    BufferValue,
    ContractPrincipal,
    ErrValue,
    IntValue,
    ListValue,
    OkValue,
    SomeValue,
    StandardPrincipal,
    TupleValue,
    UIntValue,
    Utf8Value,
    Value,
)
from btczs.primitives import Hash20
from btczs.vm.clarity.analysis import ContractAnalysis
from btczs.vm.clarity.machine import Machine
from btczs.vm.clarity.runtime.memory import MemoryChain, MemoryState

ALICE: Final = StandardPrincipal(26, Hash20(b"\xa1" * 20))
FUZZED: Final = ContractPrincipal(26, ALICE.hash20, "fuzzed")
TOKEN: Final = ContractPrincipal(26, ALICE.hash20, "token")
BOX: Final = ContractPrincipal(26, ALICE.hash20, "box")
NEIGHBOURS: Final = {
    "traits": """
(define-trait payer ((pay (uint principal) (response bool uint))))
(define-trait box ((put ((optional int)) (response int uint)) (look () (response (buff 9) uint))))
(define-trait loop ((go (<payer> uint) (response bool uint))))""",
    "token": """
(impl-trait .traits.payer)
(define-fungible-token coin u1000000)
(define-non-fungible-token deed {id: uint})
(define-map notes principal (string-ascii 20))
(define-data-var last (optional principal) none)
(define-public (pay (amount uint) (to principal))
  (begin
    (var-set last (some to))
    (try! (ft-mint? coin amount to))
    (ok true)))
(define-public (note (text (string-ascii 20))) (ok (map-set notes tx-sender text)))
(define-read-only (held (who principal)) (ft-get-balance coin who))
(define-read-only (get-last) {last: (var-get last), list: (list 1 2 3)})""",
    "router": """
(use-trait payer .traits.payer)
(impl-trait .traits.payer)
(define-public (pay (amount uint) (to principal)) (stx-transfer? amount tx-sender to))
(define-public (send (p <payer>)) (contract-call? p pay u3 tx-sender))
(define-public (send-all (l (list 4 <payer>)) (o (optional <payer>)))
  (begin (match o p (try! (send p)) true) (ok (map send l))))""",
    "box": """
(impl-trait .traits.box)
(define-data-var held (optional int) none)
(define-public (put (n (optional int))) (begin (var-set held n) (ok (default-to 0 n))))
(define-public (look) (ok 0x0102))""",
}
"""Contracts that are there: traits, and contracts that have them or call others by them."""


class World:
    """A state with the neighbours in it. Undo what you do: `checkpoint` and `revert`."""

    def __init__(self) -> None:
        self.chain = MemoryChain()
        self.chain.advance_tenures(3)
        self.state = MemoryState(self.chain)
        self.state.mint(ALICE, 10**12)
        self._analyses: dict[ContractPrincipal, ContractAnalysis] = {}
        machine = Machine(self.state, self.chain, tier="interpreter")
        for name, source in NEIGHBOURS.items():
            contract = ContractPrincipal(26, ALICE.hash20, name)
            outcome = machine.deploy(contract, source)
            assert outcome.error is None, outcome.error
            self._analyses[contract] = machine.analysis(contract)

    def analysis_of(self, contract: ContractPrincipal) -> ContractAnalysis | None:
        """The `ContractsView` of analysis."""
        return self._analyses.get(contract)


def values_of(types: Sequence[ValueType], variant: int) -> list[Value]:
    """A value of each type: empty and small ones for even variants, full ones for odd."""
    return [value_of(one, variant + number) for number, one in enumerate(types)]


def value_of(wanted: ValueType, variant: int) -> Value:
    """A value of the type, as wire values are."""
    full = variant % 2 == 1
    length = min(wanted.length, 40) if full else 0
    match wanted.kind:
        case "int":
            return IntValue(-(2**127) if full else variant)
        case "uint":
            return UIntValue(2**128 - 1 if full else variant)
        case "bool":
            return BoolValue(full)
        case "principal":
            return TOKEN if full else ALICE
        case "callable" | "union":
            return BOX if wanted.trait is not None and wanted.trait.name == "box" else TOKEN
        case "buff":
            return BufferValue(b"\xff" * length)
        case "string-ascii":
            return AsciiValue("7" * length)
        case "string-utf8":
            return Utf8Value("\u00e9" * length)
        case "optional":
            return SomeValue(value_of(wanted.parts[0], variant // 2)) if full else NONE
        case "response":
            ok, err = wanted.parts
            side = OkValue(value_of(ok, variant // 2)) if full else None
            return side or ErrValue(value_of(err, variant // 2))
        case "list":
            count = min(length, 3)
            return ListValue(tuple(value_of(wanted.parts[0], n) for n in range(count)))
        case "tuple":
            parts = zip(wanted.names, wanted.parts)
            return TupleValue(tuple((name, value_of(part, variant)) for name, part in parts))
        case _:
            return NONE
