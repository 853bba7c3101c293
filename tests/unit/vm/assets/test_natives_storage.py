"""Variables and maps: results, what is charged, and failures."""

import pytest
from contract_world import CONTRACT, World, result, shown

from btczs.codec.clarity.values import BufferValue
from btczs.vm.clarity.runtime import storage

MAP = "(define-map m uint (string-ascii 10))"
KEY_BYTES = 17
VALUE_BYTES = 5 + 3  # "abc"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("(define-data-var x uint u1) (var-get x)", "u1"),
        ("(define-data-var x uint u1) (var-set x u2) (var-get x)", "u2"),
        ("(define-data-var x (list 5 int) (list)) (var-set x (list 1 2)) (var-get x)", "(list 1 2)"),
        (MAP + "(map-get? m u1)", "none"),
        (MAP + '(map-set m u1 "abc") (map-get? m u1)', '(some "abc")'),
        (MAP + '(list (map-insert m u1 "a") (map-insert m u1 "b"))', "(list true false)"),
        (MAP + '(map-set m u1 "a") (list (map-delete m u1) (map-delete m u1))', "(list true false)"),
        (MAP + '(map-set m u1 "a") (map-delete m u1) (map-get? m u1)', "none"),
        (MAP + '(map-set m u1 "a") (map-delete m u1) (map-insert m u1 "b")', "true"),
        ("(define-map t {a: int, b: int} bool) (map-set t {b: 2, a: 1} true)"
         "(map-get? t {a: 1, b: 2})", "(some true)"),
    ],
)  # fmt: skip
def test_results(source: str, expected: str) -> None:
    assert result(source) == expected


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("(var-get y)", "Unreachable"),
        ("(var-get 1)", "Unreachable"),
        ("(map-get? m u1)", "Unreachable"),
        ("(define-data-var x uint u1) (var-set x 1)", "TypeValueError"),
        ("(define-data-var x uint u1) (var-set x)", "IncorrectArgumentCount"),
        ("(define-data-var x uint u1) (var-set x u1 u2)", "IncorrectArgumentCount"),
        (MAP + '(map-set m 1 "abc")', "TypeValueError"),
        (MAP + '(map-set m u1 "abcdefghijk")', "TypeValueError"),
        (MAP + "(map-get? m 1)", "TypeValueError"),
        (MAP + "(map-delete m 1)", "TypeValueError"),
        ("(define-data-var x uint u1) (define-read-only (f) (var-set x u2)) (f)", "Unreachable"),
        (MAP + '(define-read-only (f) (map-set m u1 "a")) (f)', "Unreachable"),
        (MAP + "(define-read-only (f) (map-delete m u1)) (f)", "Unreachable"),
    ],
)
def test_failures(source: str, kind: str) -> None:
    assert result(source) == kind


def test_a_variable_is_paid_by_its_encoded_size() -> None:
    world = World()
    world.deploy(
        '(define-data-var s (string-ascii 100) "abc")'
        "(define-public (get_) (ok (var-get s)))"
        '(define-public (set_) (ok (var-set s "abcdef")))'
    )
    world.call("get_")
    assert world.meter.inputs("fetch_var") == [VALUE_BYTES]
    world.call("set_")
    assert world.meter.inputs("set_var") == [5 + 6]
    world.call("get_")
    assert world.meter.inputs("fetch_var") == [5 + 6]


def test_a_value_that_does_not_fit_is_paid_by_its_declared_size() -> None:
    world = World()
    world.run('(define-data-var s (string-ascii 100) "abc") (var-set s u1)')
    assert world.meter.inputs("set_var") == [4 + 100]
    world.run(MAP + "(map-set m u1 u1)")
    assert world.meter.inputs("set_entry") == [16 + 14]
    world.run(MAP + "(map-get? m 1)")
    assert world.meter.inputs("fetch_entry") == [16 + 14]
    world.run(MAP + "(map-delete m 1)")
    assert world.meter.inputs("set_entry") == [16]


def test_entries_are_paid_by_key_and_optional_value() -> None:
    world = World()
    world.deploy(
        MAP + "(define-public (get_) (ok (map-get? m u1)))"
        '(define-public (set_) (ok (map-set m u1 "abc")))'
        '(define-public (insert) (ok (map-insert m u1 "abc")))'
        "(define-public (delete) (ok (map-delete m u1)))"
    )

    def paid(function: str, cost: str) -> list[int]:
        assert shown(world.call(function)).startswith("(ok")
        return world.meter.inputs(cost)

    assert paid("get_", "fetch_entry") == [KEY_BYTES], "never set"
    assert paid("delete", "set_entry") == [KEY_BYTES], "not there"
    assert paid("insert", "set_entry") == [KEY_BYTES + 1 + VALUE_BYTES]
    assert paid("insert", "set_entry") == [KEY_BYTES], "there already"
    assert paid("get_", "fetch_entry") == [KEY_BYTES + 1 + VALUE_BYTES]
    assert paid("delete", "set_entry") == [KEY_BYTES + 1]
    assert paid("get_", "fetch_entry") == [KEY_BYTES + 1], "deleted is not the same as never set"
    assert paid("delete", "set_entry") == [KEY_BYTES]
    assert paid("set_", "set_entry") == [KEY_BYTES + 1 + VALUE_BYTES]


def test_a_write_takes_memory_that_nothing_gives_back() -> None:
    def peak(writes: int) -> int:
        world = World()
        body = " ".join(["(var-set x u2)"] * writes)
        world.deploy(f"(define-data-var x uint u1) (define-public (f) (begin {body} (ok true)))")
        outcome = world.call("f")
        # The source is held as well, and `begin` holds its arguments: one byte for each bool.
        return outcome.memory_peak - len(body) - writes

    assert peak(5) - peak(4) == KEY_BYTES


def test_large_entries_are_kept_whole() -> None:
    """The encoding of a value can be larger than the value counts."""
    world = World()
    world.deploy(
        "(define-data-var x (buff 1000000) 0x)"
        "(define-public (f (b (buff 1000000))) (ok (var-set x b)))"
    )
    assert shown(world.call("f", BufferValue(b"\x01" * 1_000_000))) == "(ok true)"
    raw = storage.get_var(world.state, CONTRACT, "x")
    assert raw is not None
    assert len(raw) == 1_000_005


def test_what_a_failed_call_wrote_is_gone() -> None:
    world = World()
    world.deploy(
        MAP + '(define-public (f) (begin (map-set m u1 "a") (err u1)))'
        "(define-public (g) (ok (map-get? m u1)))"
    )
    assert shown(world.call("f")) == "(err u1)"
    assert shown(world.call("g")) == "(ok none)"
    assert world.meter.inputs("fetch_entry") == [KEY_BYTES]
