"""A simulated chain does what tests of contracts ask of it."""

from pathlib import Path

import pytest

from btczs.codec.clarity.types import INT, UINT, buffer_type, list_type, optional_type
from btczs.codec.clarity.values import (
    NONE,
    BufferValue,
    IntValue,
    ListValue,
    SomeValue,
    UIntValue,
    decode_value,
    encode_value,
)
from btczs.workbench import DeploymentFailed, ExpectationFailed, SimulatedChain, WrongArgument
from btczs.workbench.accounts import ADDRESSES
from btczs.workbench.project import (
    InvalidProject,
    collect_programs,
    read_project,
    read_sources,
)
from btczs.workbench.texts import value_source
from btczs.workbench.values import Err, Ok, to_clarity, to_python

COUNTER = """
(define-constant LIMIT u100)
(define-data-var count uint u0)
(define-map given principal uint)
(define-fungible-token gold)
(define-non-fungible-token ticket (string-ascii 4))
(define-read-only (get-count) (var-get count))
(define-private (twice (n uint)) (* n u2))
(define-public (add (n uint))
  (let ((total (+ (var-get count) n)))
    (asserts! (<= total LIMIT) (err u402))
    (map-set given tx-sender n)
    (print {event: "add", n: n})
    (var-set count total)
    (ok total)))
(define-public (mint (n uint) (to principal) (memo (optional (buff 4))))
  (begin
    (try! (nft-mint? ticket "vip" to))
    (print memo)
    (ft-mint? gold n to)))
(define-public (pick (l (list 3 {a: int, b: (optional bool)})))
  (ok (unwrap! (element-at? l u0) (err false))))
"""


@pytest.fixture
def chain() -> SimulatedChain:
    chain = SimulatedChain()
    chain.deploy("counter", COUNTER)
    return chain


def test_calls_change_the_state_and_tell_what_they_did(chain: SimulatedChain) -> None:
    result = chain.call("counter", "add", 5, sender="wallet_1")
    assert result.expect_ok(5) == result.ok == 5
    assert result.value == Ok(5)
    result.expect_print({"event": "add", "n": 5})
    assert result.cost.write_count > 0
    assert chain.var("counter", "count") == chain.read("counter", "get-count").value == 5
    assert chain.map_entry("counter", "given", "wallet_1") == 5
    assert chain.map_entry("counter", "given", "wallet_2") is None
    assert [to_python(v) for v in chain.map_values("counter", "given")] == [5]
    assert chain.constant("counter", "LIMIT") == 100
    assert chain.private("counter", "twice", 21).value == 42


def test_a_failing_call_changes_nothing(chain: SimulatedChain) -> None:
    assert chain.call("counter", "add", "u101").err == 402
    assert chain.call("counter", "add", 2**128 - 1).value == Err(402)
    assert chain.var("counter", "count") == 0
    assert chain.call("counter", "add", 1).is_ok
    chain.call("counter", "add", 2**128 - 1).expect_abort("ArithmeticOverflow")


def test_wrong_expectations_say_what_happened(chain: SimulatedChain) -> None:
    result = chain.call("counter", "add", 5)
    with pytest.raises(ExpectationFailed, match=r"\(counter.add u5\).*\(err …\).*\(ok u5\)"):
        result.expect_err()
    for wrong in (
        lambda: result.expect_ok(6),
        lambda: result.expect_none(),
        lambda: result.expect_some(),
        lambda: result.expect_abort(),
        lambda: result.expect_print(1),
        lambda: result.expect(5),
    ):
        with pytest.raises(ExpectationFailed):
            wrong()


def test_arguments_become_what_the_contract_declares(chain: SimulatedChain) -> None:
    chain.call("counter", "mint", 7, "wallet_2", b"\x01").expect_ok(True)
    chain.call("counter", "mint", 7, "wallet_3", None).expect_err(1)
    assert chain.ft_balance("counter", "gold", "wallet_2") == 7
    assert chain.ft_supply("counter", "gold") == 7
    assert chain.nft_owner("counter", "ticket", "vip") == ADDRESSES["wallet_2"]
    assert chain.nft_owner("counter", "ticket", "abc") is None
    wallet = chain.accounts.wallet_2
    assert chain.assets()[wallet]["counter.gold"] == 7
    assert chain.assets()[wallet]["counter.ticket"] == 1
    picked = chain.call("counter", "pick", [{"a": -1, "b": None}])
    picked.expect_ok({"a": -1, "b": None})
    for wrong in (-1, 1.5, True, [], {"a": 1}):
        with pytest.raises(WrongArgument):
            chain.call("counter", "add", wrong)
    for args in ((), (1, 2)):
        with pytest.raises(WrongArgument):
            chain.call("counter", "add", *args)
    for call in (
        lambda: chain.call("counter", "nothing"),
        lambda: chain.call("nobody", "add", 1),
        lambda: chain.call("counter", "add", 1, sender="nobody"),
        lambda: chain.call("counter", "add", "(+ u1"),
        lambda: chain.map_entry("counter", "nothing", 1),
        lambda: chain.deploy("both", "1", path="x"),
    ):
        with pytest.raises(WrongArgument):
            call()


def test_a_refused_deployment_raises_or_tells() -> None:
    chain = SimulatedChain()
    assert chain.try_deploy("bad", "(+ 1 u1)").error is not None
    with pytest.raises(DeploymentFailed, match="TypeError"):
        chain.deploy("bad", "(+ 1 u1)")
    with pytest.raises(WrongArgument):
        chain.analysis("bad")


def test_blocks_pass_when_told_and_can_be_undone(chain: SimulatedChain) -> None:
    height, l1_height, time = chain.height, chain.l1_height, chain.time
    with chain.undone():
        assert chain.mine(3) == height + 3
        assert chain.mine_l1(2) == l1_height + 2
        assert chain.time > time
        chain.call("counter", "add", 5)
        chain.deploy("other", "(define-constant a 1)")
    assert (chain.height, chain.l1_height, chain.time) == (height, l1_height, time)
    assert chain.var("counter", "count") == 0
    assert len(chain.contracts) == 1


def test_what_is_typed_is_a_transaction_where_it_can_be(chain: SimulatedChain) -> None:
    assert chain.execute("counter", "(add (+ u1 u2))").function == "add"
    assert chain.execute("counter", "(twice u4)").value == 8
    assert chain.execute("counter", "(map-get? given 'deployer)").value == 3
    assert chain.execute("counter", "(add").error is not None
    assert chain.execute("counter", "(add (/ u1 u0))").error is not None
    assert chain.execute("counter", '(is-eq ".counter" ".counter")').value is True


def test_contracts_of_others_have_their_address(chain: SimulatedChain) -> None:
    chain.deploy("mine", "(define-read-only (me) tx-sender)", sender="wallet_5")
    address = f"{ADDRESSES['wallet_5']}.mine"
    assert chain.read(address, "me", sender="wallet_1").value == ADDRESSES["wallet_1"]
    assert chain.evaluate("(contract-call? .mine me)").value == ADDRESSES["deployer"]


def test_values_of_python_and_clarity_correspond(chain: SimulatedChain) -> None:
    for value, kind, given in [
        (IntValue(-3), INT, -3),
        (UIntValue(3), UINT, 3),
        (BufferValue(b"ab"), buffer_type(4), b"ab"),
        (ListValue((IntValue(1),)), list_type(2, INT), [1]),
        (NONE, optional_type(INT), None),
        (SomeValue(IntValue(5)), optional_type(INT), 5),
    ]:
        assert to_clarity(given, kind, chain) == value
        assert to_python(value) == given


@pytest.mark.parametrize(
    "text",
    [
        "-5", "u7", "true", "0x00ff", '"a\\"\\\\\\n"', 'u"\\u{1F98A} b"', "none", "(some (ok 1))",
        "(err u5)", "(list 1 2)", "{a: 1, b: {c: u2}}", "'ST000000000000000000042DB08Y.token",
    ],
)  # fmt: skip
def test_the_text_of_a_value_is_that_value(chain: SimulatedChain, text: str) -> None:
    value = chain.text(text)
    assert value_source(value) == text
    assert decode_value(encode_value(value)) == value


def write_project(folder: Path) -> None:
    (folder / "contracts").mkdir()
    (folder / "contracts/base.clar").write_text("(define-read-only (one) u1)")
    (folder / "contracts/top.clar").write_text("(define-read-only (two) (contract-call? .low one))")
    (folder / "Clarinet.toml").write_text(
        '[contracts.low]\npath = "contracts/base.clar"\nclarity_version = 2\n'
        '[contracts.top]\npath = "contracts/top.clar"\nclarity_version = 3\n'
    )


def test_a_project_names_its_contracts_and_what_they_need(tmp_path: Path) -> None:
    write_project(tmp_path)
    (source,) = read_sources([tmp_path / "contracts/top.clar"])
    assert (source.name, source.version) == ("top", 3)
    chain = SimulatedChain()
    order = [s.name for s, _ in collect_programs([source], chain.accounts.deployer)]
    assert order == ["low", "top"]
    assert all(result.error is None for result in chain.deploy_all([source]))
    assert chain.analysis("low").version == 2
    assert chain.read("top", "two").value == 1


def test_broken_projects_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "Clarinet.toml"
    for text in ("[", "[contracts.a]\n", "[contracts.a]\npath = 'a'\nclarity_version = 9\n"):
        path.write_text(text)
        with pytest.raises(InvalidProject):
            read_project(path)
    (tmp_path / "9.clar").write_text("1")
    path.unlink()
    with pytest.raises(InvalidProject):
        read_sources([tmp_path / "9.clar"])
    with pytest.raises(InvalidProject):
        read_sources([tmp_path / "missing.clar"])
