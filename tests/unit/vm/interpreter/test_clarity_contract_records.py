"""Contracts in the state and in the cache."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st
from machine_world import ALICE, World, text

from btczs.codec.clarity.types import (
    BOOL,
    INT,
    PRINCIPAL,
    UINT,
    UNKNOWN,
    TraitIdentifier,
    ValueType,
    ascii_type,
    buffer_type,
    contract_type,
    list_type,
    optional_type,
    response_type,
    trait_type,
    tuple_type,
    union_type,
    utf8_type,
)
from btczs.codec.clarity.values import ContractPrincipal, IntValue, SomeValue
from btczs.codec.stream import Reader, Writer
from btczs.vm.clarity import ContractCache
from btczs.vm.clarity.interpreter.loading import PIECE_BYTES, ContractStore
from btczs.vm.clarity.reader.syntax import Program
from btczs.vm.clarity.runtime.contract_records import (
    ContractResults,
    decode_interface,
    decode_results,
    encode_interface,
    encode_results,
)
from btczs.vm.clarity.runtime.contracts import Contract
from btczs.vm.clarity.runtime.type_codec import TypeTable, read_types
from btczs.vm.clarity.runtime.values import CallableContract
from btczs.vm.clarity.types.typed import make_raw_list, make_tuple_value

SOMEWHERE = ContractPrincipal(ALICE.version, ALICE.hash20, "somewhere")
TRAIT = TraitIdentifier(SOMEWHERE, "counter")

LEAVES = st.sampled_from([UNKNOWN, INT, UINT, BOOL, PRINCIPAL]) | st.builds(
    lambda make, length: make(length),
    st.sampled_from([buffer_type, ascii_type, utf8_type]),
    st.integers(0, 5000),
)
CALLABLES = st.sampled_from([trait_type(TRAIT), contract_type(SOMEWHERE)])


def tuple_of(fields: dict[str, ValueType]) -> ValueType:
    names = tuple(sorted(fields))
    return tuple_type(names, tuple(fields[name] for name in names))


TYPES = st.recursive(
    LEAVES | CALLABLES | st.just(union_type((trait_type(TRAIT), contract_type(SOMEWHERE)))),
    lambda inner: st.one_of(
        st.builds(list_type, st.integers(0, 3), inner),
        st.builds(optional_type, inner),
        st.builds(response_type, inner, inner),
        st.dictionaries(st.sampled_from(["a", "b", "long-name?"]), inner, min_size=1).map(tuple_of),
    ),
    max_leaves=6,
)


@given(TYPES)
def test_types_come_back_from_bytes(value_type: ValueType) -> None:
    writer, table = Writer(), TypeTable()
    row = table.number(value_type)
    assert table.number(copy.deepcopy(value_type)) == row
    table.write(writer)
    reader = Reader(bytes(writer))
    assert read_types(reader)[row] == value_type
    reader.finish()


def test_constants_come_back_with_what_can_be_called_in_them() -> None:
    by_trait = CallableContract(SOMEWHERE.version, SOMEWHERE.hash20, SOMEWHERE.name, TRAIT)
    by_name = CallableContract(SOMEWHERE.version, SOMEWHERE.hash20, SOMEWHERE.name)
    constants = {
        "plain": SOMEWHERE,
        "trait": SomeValue(by_trait),
        "list": make_raw_list((by_name, by_name)),
        "tuple": make_tuple_value([("b", by_trait), ("a", SOMEWHERE), ("c", IntValue(-1))]),
    }
    limits = {"gold": 2**128 - 1, "sand": None, "none": 0}
    back = decode_results(encode_results(ContractResults(constants, limits)))
    assert back == ContractResults(constants, limits)
    assert [type(value) for value in back.constants.values()] == [
        type(constants[name]) for name in sorted(constants)
    ]


def test_an_interface_comes_back() -> None:
    world = World()
    world.deploy("traits", "(define-trait t ((g () (response bool bool))))")
    world.deploy(
        "c",
        """
        (define-trait t
          ((f ((list 3 uint) principal) (response {a: int} uint)) (g () (response bool bool))))
        (impl-trait .traits.t)
        (define-public (f (l (list 3 uint)) (p principal))
          (if (is-eq p tx-sender) (ok {a: 1}) (err u1)))
        (define-public (g) (if true (ok true) (err false)))
        (define-read-only (h (x (optional (string-utf8 5)))) x)
        (define-private (i) 1)
        """,
    )
    analysis = world.machine.analysis(world.id("c"))
    back = decode_interface(encode_interface(analysis), analysis.contract, analysis.version)
    for part in ("public_functions", "read_only_functions", "defined_traits", "implemented_traits"):
        assert getattr(back, part) == getattr(analysis, part), part
        assert getattr(back, part), part
    assert back.private_functions == {}


EVERYTHING = """
(define-constant fixed (list 1 2 3))
(define-constant height stacks-block-height)
(define-constant pair {a: (some (list "x")), b: .c})
(define-data-var v (list 10 int) fixed)
(define-map m {k: int} (string-ascii 5))
(define-fungible-token gold (+ u500 u500))
(define-fungible-token sand)
(define-non-fungible-token card (buff 4))
(define-trait t ((f (int) (response int int))))
(define-private (inner (x int)) (* x 2))
(define-public (f (x int))
  (begin
    (var-set v (list x (inner x)))
    (map-set m {k: x} "five")
    (try! (ft-mint? gold u900 tx-sender))
    (try! (nft-mint? card 0x01020304 tx-sender))
    (ok {fixed: fixed, height: height, pair: pair, m: (map-get? m {k: x}), v: (var-get v)})))
(define-public (more) (ft-mint? gold u101 tx-sender))
"""


def test_a_contract_from_the_state_is_the_contract_that_was_deployed() -> None:
    fresh, cached = World(), World()
    for world in (fresh, cached):
        world.deploy("c", EVERYTHING)
    fresh.machine._contracts = ContractStore(fresh.state, ContractCache())
    for function, args in (("f", ("21",)), ("more", ())):
        one, other = (world.call("c", function, *args) for world in (fresh, cached))
        assert text(one) == text(other)
        assert (one.cost, one.memory_peak, one.events) == (
            other.cost,
            other.memory_peak,
            other.events,
        )
    loaded = fresh.machine._contracts.get(fresh.id("c"))
    deployed = cached.machine._contracts.get(cached.id("c"))
    assert loaded is not None
    assert deployed is not None
    for part in set(Contract.__slots__) - {"analysis", "compiled", "program", "functions"}:
        assert getattr(loaded, part) == getattr(deployed, part), part
    assert loaded.functions.keys() == deployed.functions.keys()
    for name, function in loaded.functions.items():
        assert function.parameters == deployed.functions[name].parameters
        assert function.key == deployed.functions[name].key


@pytest.mark.parametrize(
    "define",
    ["(define-data-var x int (f 1))", "(define-constant x (f 1))", "(define-map x int int)"],
)
def test_a_name_that_was_free_when_it_was_used_does_not_stop_loading(define: str) -> None:
    world = World()
    later = f"{define} (define-private (f (x int)) 1) (define-public (g) (ok (f 5)))"
    deployed = world.machine.deploy(world.id("c"), later, analyse=False)
    if "define-map" in define:
        assert text(deployed) == "NameAlreadyUsed"
        return
    world.machine._contracts = ContractStore(world.state, ContractCache())
    assert text(world.call("c", "g")) == "(ok 1)"


def test_a_cached_contract_is_used_only_while_the_state_says_the_same() -> None:
    world = World()
    mark = world.state.checkpoint()
    world.deploy("c", "(define-public (f) (ok 1))")
    assert text(world.call("c", "f")) == "(ok 1)"
    world.state.revert(mark)
    assert text(world.call("c", "f")) == "NoSuchContract"
    world.deploy("c", "(define-public (f) (ok 2))")
    assert text(world.call("c", "f")) == "(ok 2)"


def test_the_fingerprint_covers_the_contracts_it_was_analysed_against() -> None:
    def fingerprint(other: str) -> bytes:
        world = World()
        world.deploy("a", other)
        world.deploy("b", "(define-public (f) (contract-call? .a g))")
        head = world.machine._contracts.head(world.id("b"))
        assert head is not None
        return head.fingerprint

    same = "(define-public (g) (ok 1))"
    assert fingerprint(same) == fingerprint(same)
    assert fingerprint(same) != fingerprint("(define-public (g) (ok u1))")


def test_contracts_are_analysed_against_interfaces_however_long_the_chain() -> None:
    world = World()
    world.deploy("c0", "(define-public (f) (ok 0))")
    for i in range(1, 300):
        world.deploy(f"c{i}", f"(define-public (f) (contract-call? .c{i - 1} f))")
    world.machine._contracts = ContractStore(world.state, ContractCache())
    assert list(world.machine.analysis(world.id("c299")).public_functions) == ["f"]
    assert len(world.machine._contracts._cache) == 1
    assert text(world.call("c60", "f")) == "(ok 0)"
    assert text(world.call("c299", "f")) == "MaxStackDepthReached"


def test_a_contract_that_was_not_analysed_is_unknown_to_analysis() -> None:
    world = World()
    world.deploy("a", "(define-public (f) (ok 1))", analyse=False)
    assert world.refuse("b", "(define-public (g) (contract-call? .a f))") == "NoSuchContract"


def test_the_cache_is_bounded() -> None:
    cache = ContractCache(contracts_max=3, source_bytes_max=100)

    def contract(name: str, size: int) -> Contract:
        contract_id = ContractPrincipal(ALICE.version, ALICE.hash20, name)
        made = Contract(contract_id, 6, "x" * size, Program(contract_id, "", (), (), 0))
        made.fingerprint = name.encode()
        return made

    made = {name: contract(name, 30) for name in "abcd"}
    for name in "abc":
        cache.put(made[name])
    assert cache.get(made["a"].id, b"a") is made["a"]
    cache.put(made["d"])  # "b" is the one that was not used for longest
    assert cache.get(made["b"].id, b"b") is None
    assert cache.get(made["a"].id, b"a") is made["a"]
    cache.put(contract("e", 90))
    assert len(cache) == 1
    cache.put(contract("f", 900))
    assert len(cache) == 1
    assert cache.get(made["a"].id, b"other") is None


def test_the_cache_is_bounded_in_the_bytes_of_constants() -> None:
    world = World()
    world.machine._contracts = ContractStore(world.state, ContractCache(data_bytes_max=1000))
    for name in "abc":
        world.deploy(name, f"(define-constant x 0x{'00' * 400}) (define-read-only (f) (len x))")
    assert len(world.machine._contracts._cache) == 2
    for name in "abcab":
        assert text(world.call(name, "f")) == "u400"
    assert len(world.machine._contracts._cache) == 2


DOUBLINGS = "(define-constant b0 0x00)" + "".join(
    f"(define-constant b{i + 1} (concat b{i} b{i}))" for i in range(19)
)


def test_constants_far_larger_than_a_value_of_the_state_are_kept() -> None:
    """And one that has several names is kept once."""
    world = World()
    more = "".join(f"(define-constant c{i} (concat 0x{i:02x} b19))" for i in range(8))
    same = "".join(f"(define-constant d{i} (concat b18 b18))" for i in range(30))
    world.deploy("c", f"{DOUBLINGS}{more}{same}(define-read-only (f) (list (len c7) (len d3)))")
    kept = sum(len(value) for _, value in world.state.scan_contract(world.id("c")))
    assert 9 << 19 < kept < 12 << 19
    world.machine._contracts = ContractStore(world.state, ContractCache())
    assert text(world.call("c", "f")) == f"(list u{(1 << 19) + 1} u{1 << 19})"


@pytest.mark.parametrize("length", [PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 5 * PIECE_BYTES])
def test_a_source_of_any_length_comes_back(length: int) -> None:
    world = World()
    code = "(define-read-only (f) 1)"
    source = code + " " * (length - len(code))
    world.deploy("c", source)
    world.machine._contracts = ContractStore(world.state, ContractCache())
    assert world.machine.source(world.id("c")) == source
    assert text(world.call("c", "f")) == "1"


def test_a_type_that_many_functions_share_is_kept_once() -> None:
    world = World()
    wide = " ".join(f"(field-{i} u1)" for i in range(500))
    many = "".join(f"(define-read-only (f{i}) {{x{i}: (g)}})" for i in range(100))
    world.deploy("c", f"(define-read-only (g) (tuple {wide})){many}")
    analysis = world.machine.analysis(world.id("c"))
    assert len(encode_interface(analysis)) < 20_000


def test_a_contract_that_is_not_complete_cannot_be_held() -> None:
    with pytest.raises(AssertionError):
        ContractCache().put(Contract(SOMEWHERE, 6, "", Program(SOMEWHERE, "", (), (), 0)))
