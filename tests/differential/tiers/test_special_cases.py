"""Both tiers where only one of them keeps count of something, and at the edges of the machine."""

from collections.abc import Sequence

import msgspec
import pytest
from tests.differential.clarity.generator import BALANCE
from tests.differential.tiers.comparison import BLOCK, BothTiers, Limits, Request, Verdict

from btczs.codec.clarity.values import (
    AsciiValue,
    BoolValue,
    BufferValue,
    ContractPrincipal,
    IntValue,
    ListValue,
    StandardPrincipal,
    TupleValue,
    UIntValue,
    Utf8Value,
    Value,
)
from btczs.primitives import Hash20
from btczs.vm.clarity import CostMeter, Machine
from btczs.vm.clarity.costs import UNLIMITED
from btczs.vm.clarity.names import LATEST, VERSIONS, ClarityVersion
from btczs.vm.clarity.runtime.memory import MemoryChain, MemoryState

SENDER = StandardPrincipal(26, Hash20(bytes(20)))


class World:
    """Contracts of one sender, all of whose calls are judged."""

    def __init__(self, version: ClarityVersion = LATEST) -> None:
        state = MemoryState()
        state.mint(SENDER, BALANCE)
        self.both = BothTiers(state, MemoryChain())
        self.version = version

    def deploy(self, name: str, code: str) -> None:
        outcome = self.both.machine.deploy(contract(name), code, self.version)
        assert outcome.error is None, repr(outcome.error)

    def call(
        self, name: str, function: str, args: Sequence[Value] = (), limits: Limits = BLOCK
    ) -> Verdict:
        return self.both.judge(Request(contract(name), function, args, SENDER), limits)

    def same(
        self, name: str, function: str, args: Sequence[Value] = (), limits: Limits = BLOCK
    ) -> Verdict:
        """The verdict of a call that has to run compiled, with the same result."""
        verdict = self.call(name, function, args, limits)
        assert verdict.differences == ()
        assert verdict.fallback is None
        return verdict


def contract(name: str) -> ContractPrincipal:
    return ContractPrincipal(SENDER.version, SENDER.hash20, name)


def kind(verdict: Verdict) -> str:
    return type(verdict.outcome.error).__name__


def test_memory_that_writes_keep() -> None:
    """Two hundred writes of a megabyte are more than a transaction may hold."""
    world = World()
    writes = "(var-set held b) " * 200
    world.deploy(
        "main",
        "(define-data-var held (buff 1000000) 0x)"
        f"(define-public (f (b (buff 1000000))) (begin {writes} (ok true)))",
    )
    verdict = world.call("main", "f", [BufferValue(bytes(1_000_000))], Limits(UNLIMITED))
    assert verdict.differences == ()
    assert kind(verdict) == "MemoryBalanceExceeded"
    world.same("main", "f", [BufferValue(bytes(1000))], Limits(UNLIMITED))


def test_memory_that_writes_of_called_functions_keep() -> None:
    world = World()
    world.deploy(
        "main",
        """
(define-data-var held (buff 1000000) 0x)
(define-public (write (b (buff 1000000))) (begin (var-set held b) (ok true)))
(define-private (step (n uint) (b (buff 1000000))) (begin (is-ok (write b)) b))
(define-public (f (l (list 200 uint)) (b (buff 1000000))) (ok (len (fold step l b))))
""",
    )
    numbers = ListValue(tuple(map(UIntValue, range(200))))
    verdict = world.call("main", "f", [numbers, BufferValue(bytes(10**6))], Limits(UNLIMITED))
    assert verdict.differences == ()
    assert kind(verdict) == "MemoryBalanceExceeded"


def test_more_events_than_a_transaction_may_have() -> None:
    world = World()
    world.deploy(
        "main",
        """
(define-private (step (n uint) (b (buff 1000000))) (print b))
(define-public (f (l (list 60 uint)) (b (buff 1000000))) (ok (len (fold step l b))))
""",
    )
    for count in (40, 60):
        numbers = ListValue(tuple(map(UIntValue, range(count))))
        verdict = world.call("main", "f", [numbers, BufferValue(bytes(10**6))], Limits(UNLIMITED))
        assert verdict.differences == ()
        assert (verdict.outcome.error is not None) == (count == 60)


@pytest.mark.parametrize("calls", [40, 62, 63, 64, 65, 126, 127, 128, 129])
@pytest.mark.parametrize("version", [1, LATEST])
def test_depth_of_calls(calls: int, version: ClarityVersion) -> None:
    """A chain of functions: the depth that the interpreter counts includes natives."""
    world = World(version)
    functions = ["(define-private (f0 (a int)) a)"]
    functions += [f"(define-private (f{i} (a int)) (f{i - 1} a))" for i in range(1, calls)]
    world.deploy("main", f"{' '.join(functions)} (define-public (f) (ok (f{calls - 1} 1)))")
    verdict = world.call("main", "f")
    assert verdict.differences == ()
    if calls < 126:
        assert verdict.fallback is None


@pytest.mark.parametrize("calls", [30, 40, 41, 42, 43, 60, 62, 64, 70])
def test_depth_of_nested_natives_across_contracts(calls: int) -> None:
    world = World()
    nested = "(+ 1 " * calls + "1" + ")" * calls
    world.deploy("base", f"(define-public (give) (ok {nested}))")
    inside = "(+ 1 (unwrap-panic (contract-call? .base give)))"
    for _ in range(calls - 5):
        inside = f"(+ 1 {inside})"
    world.deploy("main", f"(define-public (f) (ok {inside}))")
    assert world.call("main", "f").differences == ()


TRAITS = """
(define-trait numbers ((give (uint) (response uint uint))))
(define-public (give (n uint)) (ok (+ n u1)))
"""
IMPLEMENTATION = """
(define-data-var n uint u0)
(define-public (give (m uint)) (begin (var-set n m) (if (> m u5) (err m) (ok m))))
"""


@pytest.mark.parametrize("declared", ["(impl-trait .base.numbers) ", ""])
@pytest.mark.parametrize("version", VERSIONS)
def test_calls_through_traits(version: ClarityVersion, declared: str) -> None:
    world = World(version)
    world.deploy("base", TRAITS)
    world.deploy("giver", declared + IMPLEMENTATION)
    world.deploy("wrong", "(define-public (give (m int)) (ok m))")
    world.deploy(
        "main",
        """
(use-trait numbers .base.numbers)
(define-public (via (t <numbers>) (n uint)) (contract-call? t give n))
(define-private (inside (t <numbers>) (n uint)) (contract-call? t give (+ n u1)))
(define-public (f (n uint)) (let ((a (try! (inside .giver n)))) (inside .giver a)))
(define-public (g (t <numbers>) (n uint)) (begin (is-ok (via t n)) (inside t n)))
""",
    )
    for number in (1, 5, 9):
        assert world.call("main", "f", [UIntValue(number)]).differences == ()
        for name in ("giver", "wrong", "base", "main", "nobody"):
            for function in ("via", "g"):
                args: list[Value] = [contract(name), UIntValue(number)]
                assert world.call("main", function, args).differences == ()


def test_entering_a_contract_again() -> None:
    """A contract that comes back through a trait: the function that runs may not run again."""
    world = World()
    world.deploy("base", TRAITS)
    world.deploy(
        "main",
        """
(use-trait numbers .base.numbers)
(define-data-var n uint u0)
(define-public (give (m uint)) (ok (+ m (var-get n))))
(define-public (f (t <numbers>)) (begin (var-set n u4) (contract-call? t give u1)))
""",
    )
    world.deploy(
        "back",
        """
(define-public (give (n uint)) (contract-call? .main give n))
""",
    )
    world.deploy("again", "(define-public (give (n uint)) (contract-call? .main f .back))")
    verdict = world.call("main", "f", [contract("back")])
    assert verdict.differences == ()
    assert verdict.outcome.committed
    verdict = world.call("main", "f", [contract("again")])
    assert verdict.differences == ()
    assert kind(verdict) == "CircularReference"


@pytest.mark.parametrize("version", VERSIONS)
def test_scopes_of_calls_that_fail(version: ClarityVersion) -> None:
    """Events, writes and moves of a call that returns an error are undone, at every level."""
    world = World(version)
    world.deploy(
        "base",
        """
(define-fungible-token coin)
(define-data-var n uint u0)
(define-public (move (fails bool))
  (begin
    (print "moving")
    (var-set n (+ (var-get n) u1))
    (unwrap-panic (ft-mint? coin u7 tx-sender))
    (unwrap-panic (ft-burn? coin u2 tx-sender))
    (unwrap-panic (stx-transfer? u3 tx-sender 'ST000000000000000000002AMW42H))
    (if fails (err u1) (ok (var-get n)))))
(define-read-only (look) (begin (print "looking") (var-get n)))
""",
    )
    world.deploy(
        "main",
        """
(define-public (own (fails bool)) (begin (print fails) (contract-call? .base move fails)))
(define-public (f (a bool) (b bool) (c bool))
  (begin
    (print (contract-call? .base look))
    (print (is-ok (own a)))
    (print (is-ok (contract-call? .base move b)))
    (own c)))
""",
    )
    for bits in range(8):
        args = [BoolValue(bool(bits >> i & 1)) for i in range(3)]
        world.same("main", "f", args)


def test_arguments_that_do_not_fit() -> None:
    """Whatever comes from outside: the same error, never something else."""
    world = World()
    world.deploy(
        "main",
        "(define-public (f (t {a: int, b: (list 2 uint)}) (l (list 2 (optional int)))) (ok t))",
    )
    a, b = ("a", IntValue(1)), ("b", ListValue((UIntValue(1),)))
    empty = ListValue(())
    given: tuple[list[Value], ...] = (
        [],
        [TupleValue((a, b))],
        [TupleValue((a, b)), empty, empty],
        [TupleValue((b, a)), empty],
        [TupleValue((a, b)), empty],
        [TupleValue((a,)), empty],
        [TupleValue((a, b, ("c", IntValue(1)))), empty],
        [TupleValue(()), empty],
        [TupleValue((a, b)), ListValue((IntValue(1), UIntValue(1)))],
        [TupleValue((("a", IntValue(1)), ("b", ListValue((UIntValue(1),) * 3)))), empty],
    )
    for args in given:
        verdict = world.call("main", "f", args)
        assert verdict.differences == (), args
    for name in ("g", "", "f "):
        assert world.call("main", name, []).differences == ()
    assert world.call("nobody", "f", []).differences == ()


def test_text_of_a_program_stays_data() -> None:
    """Characters that mean something while code is generated."""
    world = World()
    for number, data in enumerate(
        (b"@", b"#i1#", b"#i2#", b"'", b'"', b"\\", b"\n", b"{0}", b"@c =")
    ):
        text = data.hex()
        world.deploy(
            f"main-{number}",
            f"""
(define-private (step (n uint) (b (buff 8))) (if (is-eq b 0x{text}) b 0x{text}))
(define-public (f)
  (ok {{a: (fold step (list u1 u2) 0x{text}), b: (is-some (some 0x{text})),
    c: (default-to 0x{text} none)}}))
""",
        )
        outcome = world.same(f"main-{number}", "f").outcome
        assert data in repr(outcome.value).encode() or repr(data)[2:-1] in repr(outcome.value)


def test_a_contract_that_was_undone_is_forgotten() -> None:
    """Another one of the same name, as after a change of branch."""
    world = World()
    state = world.both.state
    mark = state.checkpoint()
    values = []
    for number in (1, 2):
        world.deploy("main", f"(define-public (f) (ok {number}))")
        values.append(world.same("main", "f").outcome.value)
        state.revert(mark)
        assert kind(world.call("main", "f")) == "NoSuchContract"
    assert [repr(value) for value in values] == [
        "OkValue(value=IntValue(value=1))",
        "OkValue(value=IntValue(value=2))",
    ]


@pytest.mark.parametrize("version", VERSIONS)
def test_who_calls(version: ClarityVersion) -> None:
    """Sender, caller and sponsor: an account, a contract, none."""
    world = World(version)
    world.deploy(
        "base",
        "(define-read-only (who) {s: tx-sender, c: contract-caller})"
        "(define-public (show) (begin (print (who)) (ok (who))))",
    )
    sponsor = ", p: tx-sponsor?" if version >= 2 else ""
    acting = "(as-contract (unwrap-panic (contract-call? .base show)))" if version <= 3 else "(who)"
    world.deploy(
        "main",
        f"""
(define-private (who) {{s: tx-sender, c: contract-caller{sponsor}}})
(define-public (f)
  (begin (print (who)) (print {acting}) (print (contract-call? .base who))
    (contract-call? .base show)))
(define-read-only (g) (begin (print (who)) (list (who) (who))))
""",
    )
    for sender in (SENDER, StandardPrincipal(22, Hash20(b"\x07" * 20)), contract("nobody")):
        for payer in (None, SENDER, contract("main")):
            for name, read in (("f", False), ("g", True), ("g", False), ("f", True)):
                request = Request(contract("main"), name, (), sender, read, payer)
                verdict = world.both.judge(request)
                assert verdict.differences == ()
                assert (verdict.fallback is None) == ((name, read) != ("f", True))


def test_a_meter_that_is_used_already() -> None:
    """Costs add up over calls; what is left to the interpreter is not charged twice."""
    world = World()
    world.deploy("main", "(define-public (f (a int)) (ok (+ a 1)))")
    args = [IntValue(5)]
    for limit in range(0, 4000, 250):
        meters = [CostMeter(msgspec.structs.replace(UNLIMITED, runtime=limit)) for _ in range(2)]
        machines = [
            Machine(world.both.state, MemoryChain(), tier=tier) for tier in ("auto", "interpreter")
        ]
        for _ in range(4):
            kinds = [
                type(machine.call(contract("main"), "f", args, sender=SENDER, meter=meter).error)
                for machine, meter in zip(machines, meters)
            ]
            assert kinds[0] is kinds[1]
            if kinds[0] is type(None):
                assert meters[0].total() == meters[1].total()


TEXTS: dict[str, tuple[str, list[Value]]] = {
    "buff": (
        "0x05",
        [BufferValue(bytes(data)) for data in ([], [1, 2], [1, 5], [5], [1, 2, 3, 4, 6], [5] * 8)],
    ),
    "string-ascii": ('"@"', [AsciiValue(text) for text in ("", "ab", "a@", "@", "ab@f", "#i1#")]),
    "string-utf8": (
        r'u"\u{E9}"',
        [
            Utf8Value(text)
            for text in ("", "ab", "ab\xe9", "\xe9b", "\U0001f98a", "\U0001f98a\xe9a")
        ],
    ),
}


@pytest.mark.parametrize("version", [1, LATEST])
@pytest.mark.parametrize("name", list(TEXTS))
def test_loops_over_text_that_stop(version: ClarityVersion, name: str) -> None:
    """Over bytes and characters, alone and beside lists: an abort counts the turns taken."""
    stop, values = TEXTS[name]
    one, all_ = f"({name} 1)", f"({name} 8)"
    world = World(version)
    world.deploy(
        "main",
        f"""
(define-private (sum (c {one}) (n uint)) (if (is-eq c {stop}) (/ n (- n n)) (+ n u1)))
(define-private (code (c {one}) (n uint)) (if (is-eq c {stop}) (- u0 n) n))
(define-private (keep (c {one})) (not (is-eq c {stop})))
(define-private (nested (c {one}) (t {all_}))
  (begin (print (fold sum (filter keep t) (len t))) (unwrap-panic (as-max-len? t u6))))
(define-private (tail (n uint) (t {all_})) (if (is-eq n u3) (unwrap-panic (as-max-len? t u2)) t))
(define-public (sums (t {all_})) (ok (fold sum t u1)))
(define-public (codes (t {all_})) (ok (map code t (list u0 u0 u2 u3 u4))))
(define-public (more (t {all_})) (ok (map code (concat t t) (list u0))))
(define-public (kept (t {all_})) (ok (fold sum (filter keep t) u1)))
(define-public (nests (t {all_})) (ok (fold nested t t)))
(define-public (tails (t {all_})) (ok (fold tail (list u1 u2 u3) t)))
""",
    )
    errors = set()
    for value in values:
        for function in ("sums", "codes", "more", "kept", "nests", "tails"):
            errors.add(kind(world.same("main", function, [value])))
    assert errors == {"NoneType", "DivisionByZero", "ArithmeticUnderflow", "UnwrapFailure"}
