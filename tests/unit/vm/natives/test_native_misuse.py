"""Any function on any arguments gives a value or one of the errors of the language.

Analysis excludes most of this. Programs also run without it, and a mistake in it must not become a
crash.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from native_programs import HERE, NoContracts

from btczs.codec.clarity.values import (
    NONE,
    AsciiValue,
    BoolValue,
    BufferValue,
    ContractPrincipal,
    ErrValue,
    IntValue,
    OkValue,
    SomeValue,
    StandardPrincipal,
    UIntValue,
    Utf8Value,
)
from btczs.primitives import Hash20
from btczs.vm.clarity.costs import CostMeter
from btczs.vm.clarity.errors import ClarityError
from btczs.vm.clarity.interpreter import Environment, Execution, LocalContext
from btczs.vm.clarity.interpreter.natives import (
    NATIVE_TABLE,
    arithmetic,
    bitcoin,
    bitwise,
    conversions,
    hashing,
    iteration,
    logic,
    options,
    principals,
    sequences,
    signatures,
    tuples,
)
from btczs.vm.clarity.reader import Span
from btczs.vm.clarity.reader.syntax import Atom, Form, Literal, Program
from btczs.vm.clarity.runtime.contracts import Contract
from btczs.vm.clarity.runtime.memory import MemoryChain, MemoryState
from btczs.vm.clarity.runtime.typing import make_list, make_tuple, type_of
from btczs.vm.clarity.runtime.values import CallableContract

GROUPS = (
    arithmetic, bitcoin, bitwise, conversions, hashing, iteration, logic, options, principals,
    sequences, signatures, tuples,
)  # fmt: skip
MODULES = {group.__name__ for group in GROUPS}
NAMES = sorted(n for n, native in NATIVE_TABLE.items() if native.function.__module__ in MODULES)
NOWHERE = Span(1, 1, 1, 1)

LEAVES = st.one_of(
    st.integers(-(2**127), 2**127 - 1).map(IntValue),
    st.integers(0, 2**128 - 1).map(UIntValue),
    st.integers(0, 5).map(UIntValue),
    st.booleans().map(BoolValue),
    st.sampled_from([0, 1, 16, 20, 32, 33, 64, 65, 66]).flatmap(
        lambda n: st.binary(min_size=n, max_size=n).map(BufferValue)
    ),
    st.sampled_from(["", "a", "12", "a-name"]).map(AsciiValue),
    st.sampled_from(["", "é", "-3"]).map(Utf8Value),
    st.just(NONE),
    st.just(StandardPrincipal(26, Hash20(bytes(20)))),
    st.just(ContractPrincipal(22, Hash20(bytes(20)), "c")),
    st.just(CallableContract(22, Hash20(bytes(20)), "c")),
)


def listed(items):
    try:
        return make_list(items)
    except ClarityError:
        return make_list(items[:1])


VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        inner.map(SomeValue),
        inner.map(OkValue),
        inner.map(ErrValue),
        st.lists(inner, max_size=3).map(listed),
        st.dictionaries(st.sampled_from("abc"), inner, min_size=1).map(
            lambda fields: make_tuple(list(fields.items()))
        ),
    ),
    max_leaves=5,
)
EXPRESSIONS = st.one_of(
    *[VALUES.map(lambda value: Literal(value, NOWHERE))] * 3,
    st.sampled_from(["x", "a", "+", "not", "int", "none", "nothing", "append"]).map(
        lambda name: Atom(name, NOWHERE)
    ),
    st.just(Form((), NOWHERE)),
    st.just(Form((Atom("a", NOWHERE), Literal(IntValue(1), NOWHERE)), NOWHERE)),
    st.just(Form((Atom("buff", NOWHERE), Literal(IntValue(9), NOWHERE)), NOWHERE)),
)


def environment(version):
    chain = MemoryChain()
    contract = Contract(HERE, version, "", Program(HERE, "", (), (), 0))
    execution = Execution(MemoryState(chain), chain, NoContracts(), CostMeter())
    inner = LocalContext()
    inner.variables["x"] = make_list([IntValue(1), IntValue(2)])
    return Environment(execution, contract, HERE, HERE, None, inner)


def test_the_groups_hold_what_they_should():
    assert len(NAMES) > 70


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_any_arguments(name, data):
    native = NATIVE_TABLE[name]
    env = environment(data.draw(st.sampled_from([1, 2, 4, 6])))
    try:
        if native.special:
            value = native.function(data.draw(st.lists(EXPRESSIONS, max_size=5)), env)
        else:
            value = native.apply(data.draw(st.lists(VALUES, max_size=5)), env)
    except ClarityError:
        return
    assert type_of(value).size > 0
