"""`restrict-assets?` and `as-contract?`: results, scopes, costs, memory and errors."""

import pytest
from contract_world import ALICE, BOB_TEXT, CONTRACT, FUNDS, World, charged, result, shown

from btczs.codec.clarity import principal_text
from btczs.codec.clarity.values import BufferValue
from btczs.vm.clarity.limits import ALLOWANCES_MAX, MEMORY_MAX
from btczs.vm.clarity.names import ClarityVersion

SEND = f"(try! (stx-transfer? u5 tx-sender {BOB_TEXT}))"
FT = "(define-fungible-token t) (ft-mint? t u10 tx-sender)"
SEND_FT = f"(try! (ft-transfer? t u5 tx-sender {BOB_TEXT}))"
NFT = "(define-non-fungible-token n uint) (nft-mint? n u1 tx-sender)"
SEND_NFT = f"(try! (nft-transfer? n u1 tx-sender {BOB_TEXT}))"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (f"(restrict-assets? tx-sender ((with-stx u5)) {SEND} u7)", "(ok u7)"),
        (f"(restrict-assets? tx-sender ((with-stx u4)) {SEND} u7)", "(err u0)"),
        (f"(restrict-assets? tx-sender () {SEND} u7)", "(err u128)"),
        (f"(restrict-assets? {BOB_TEXT} () {SEND} u7)", "(ok u7)"),
        (f"(as-contract? ((with-stx u5)) {SEND} u7)", "(ok u7)"),
        (f"(as-contract? () {SEND} u7)", "(err u128)"),
        (f"(as-contract? ((with-all-assets-unsafe)) {SEND} u7)", "(ok u7)"),
        ("(as-contract? () (list tx-sender contract-caller))",
         "(ok (list {c} {c}))"),
        (FT + f'(restrict-assets? tx-sender ((with-ft current-contract "t" u5)) {SEND_FT} u7)',
         "(ok u7)"),
        (FT + f'(restrict-assets? tx-sender ((with-ft current-contract "*" u4)) {SEND_FT} u7)',
         "(err u0)"),
        (NFT + '(restrict-assets? tx-sender ((with-stx u1) '
         f'(with-nft current-contract "n" (list u1))) {SEND_NFT} u7)', "(ok u7)"),
        (NFT + '(restrict-assets? tx-sender ((with-stx u1) '
         f'(with-nft current-contract "n" (list u2))) {SEND_NFT} u7)', "(err u1)"),
        (f"(restrict-assets? tx-sender ((with-stx u5)) {SEND} "
         "(try! (stx-burn? u1 tx-sender)) u7)", "(err u0)"),
        # An inner scope is checked by itself; what it keeps counts outside as well.
        (f"(restrict-assets? tx-sender ((with-stx u5)) (try! (restrict-assets? tx-sender "
         f"((with-stx u5)) {SEND} u1)) u7)", "(ok u7)"),
        (f"(restrict-assets? tx-sender ((with-stx u5)) (is-err (restrict-assets? tx-sender "
         f"((with-stx u4)) {SEND} u1)))", "(ok true)"),
        (f"(restrict-assets? tx-sender ((with-stx u5)) {SEND} (restrict-assets? tx-sender "
         f"((with-stx u5)) {SEND} u1))", "(err u0)"),
    ],
)  # fmt: skip
def test_results(source: str, expected: str) -> None:
    assert result(source).replace("'", "") == expected.replace("{c}", principal_text(CONTRACT))


def test_a_breach_undoes_the_body_and_nothing_else() -> None:
    world = World()
    outcome = world.run(
        "(define-data-var x uint u1) (var-set x u2)"
        f"(restrict-assets? tx-sender ((with-stx u4)) (var-set x u3) (print u1) {SEND} u7)"
        "(var-get x)"
    )
    assert shown(outcome) == "u2"
    assert outcome.events == ()
    assert not outcome.moves.current.stx_sent
    assert world.state.stx_account(ALICE).unlocked == FUNDS


def test_what_is_allowed_stands_in_the_moves_of_the_contract() -> None:
    outcome = World().run(f"(as-contract? ((with-stx u5)) {SEND} u7)")
    assert outcome.moves.current.stx_sent == {CONTRACT: 5}


@pytest.mark.parametrize(
    ("limit", "expected"),
    [("u5", "(err u9)"), ("u4", "(ok (err u0))")],
)
def test_an_early_return_goes_on_only_if_no_allowance_is_broken(limit: str, expected: str) -> None:
    world = World()
    world.deploy(
        "(define-public (f) (ok (restrict-assets? tx-sender "
        f"((with-stx {limit})) {SEND} (asserts! false (err u9)) u7)))"
    )
    assert shown(world.call("f")) == expected


@pytest.mark.parametrize(("limit", "expected"), [("u5", "DivisionByZero"), ("u4", "(err u0)")])
def test_an_abort_goes_on_only_if_no_allowance_is_broken(limit: str, expected: str) -> None:
    body = f"{SEND} (/ u1 u0)"
    assert result(f"(restrict-assets? tx-sender ((with-stx {limit})) {body})") == expected


def test_an_error_that_no_block_can_hold_goes_on_at_once() -> None:
    assert result(f"(restrict-assets? tx-sender () {SEND} (var-get nothing))") == "Unreachable"


@pytest.mark.parametrize(
    ("source", "kind", "version"),
    [
        ("(restrict-assets? tx-sender ())", "Unreachable", 6),
        ("(restrict-assets? tx-sender u1 u1)", "Unreachable", 6),
        ("(restrict-assets? u1 () u1)", "Expect", 6),
        ("(as-contract? ())", "Unreachable", 6),
        ("(as-contract? (u1) u1)", "Unreachable", 6),
        ("(as-contract? (()) u1)", "Unreachable", 6),
        ("(as-contract? ((+ u1 u1)) u1)", "Unreachable", 6),
        ("(as-contract? ((with-stx)) u1)", "IncorrectArgumentCount", 6),
        ("(as-contract? ((with-stx 1)) u1)", "Expect", 6),
        ("(as-contract? ((with-pox u1)) u1)", "IncorrectArgumentCount", 6),
        ("(as-contract? ((with-pox)) u1)", "(ok u1)", 6),
        ("(as-contract? ((with-pox)) u1)", "Unreachable", 5),
        ("(as-contract? ((with-stacking u1)) u1)", "(ok u1)", 5),
        ("(as-contract? ((with-stacking u1)) u1)", "Unreachable", 6),
        ("(as-contract? ((with-staking u1)) u1)", "(ok u1)", 6),
        ("(as-contract? ((with-all-assets-unsafe u1)) u1)", "IncorrectArgumentCount", 6),
        ('(as-contract? ((with-ft tx-sender "t" u1)) u1)', "ExpectedContractPrincipalValue", 6),
        ('(as-contract? ((with-ft current-contract "1t" u1)) u1)', "BadTokenName", 6),
        ("(as-contract? ((with-ft current-contract u1 u1)) u1)", "Expect", 6),
        ('(as-contract? ((with-nft current-contract "n" u1)) u1)', "Expect", 6),
        ("(with-stx u1)", "Unreachable", 6),
    ],
)
def test_refusals(source: str, kind: str, version: ClarityVersion) -> None:
    assert result(source, version) == kind


def test_cost_is_by_the_number_of_allowances() -> None:
    meter = charged("(restrict-assets? tx-sender ((with-stx u1) (with-stx u2)) u7)")
    assert meter.inputs("restrict_assets") == [2]
    meter = charged("(as-contract? ((with-stx u1)) u7)")
    assert meter.inputs("as_contract_safe") == [1]


@pytest.mark.parametrize(("count", "expected"), [(128, "(ok u7)"), (129, "Unreachable")])
def test_restrict_assets_has_a_bound_of_allowances(count: int, expected: str) -> None:
    assert ALLOWANCES_MAX == 128
    allowances = "(with-stx u1) " * count
    assert result(f"(restrict-assets? tx-sender ({allowances}) u7)") == expected


def test_memory_is_given_back() -> None:
    world = World()
    once = world.run("(as-contract? ((with-stx u1)) u7)").memory_peak
    world = World()
    source = "(as-contract? ((with-stx u1)) u7)"
    twice = world.run(source + source).memory_peak
    assert twice - once == len(source), "the source, and nothing of the first allowance"


def test_memory_of_amounts_is_counted_only_once() -> None:
    world = World()
    world.run("(let ((x u1)) (as-contract? ((with-stx x) (with-staking x)) u7))")
    assert world.meter.taken.count(16) >= 2
    # `with-stx` looks at its amount, the others keep it.
    assert world.meter.inputs("lookup_variable_size") == [16]


def test_too_much_memory_in_allowances() -> None:
    """In `restrict-assets?` no block can contain it; in `as-contract?` it is an abort."""
    world = World()
    ids = "(list " + "b " * 100 + ")"
    nft = f'(with-nft current-contract "n" {ids}) '
    world.deploy(
        "(define-public (f (b (buff 10000))) (ok (restrict-assets? tx-sender ("
        + nft * 120
        + ") u7)))"
        "(define-public (g (b (buff 10000))) (ok (as-contract? (" + nft * 120 + ") u7)))"
    )
    argument = BufferValue(bytes(10_000))
    assert MEMORY_MAX < 120 * 100 * 10_000
    assert shown(world.call("f", argument)) == "RestrictAssetsMemoryExceeded"
    assert shown(world.call("g", argument)) == "MemoryBalanceExceeded"
