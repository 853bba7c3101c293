"""Random types, and values of a given type, for the property tests."""

from hypothesis import strategies as st

from btczs.codec.clarity.types import (
    BOOL,
    INT,
    PRINCIPAL,
    UINT,
    ValueType,
    ascii_type,
    buffer_type,
    list_type,
    optional_type,
    response_type,
    utf8_type,
)
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
    Value,
)
from btczs.primitives import Hash20
from btczs.vm.clarity.types.parse import make_tuple_type
from btczs.vm.clarity.types.typed import make_raw_list, make_tuple_value

ALICE = StandardPrincipal(26, Hash20(b"\x01" * 20))
TOKEN = ContractPrincipal(26, Hash20(b"\x02" * 20), "token")

_lengths = st.integers(0, 6)
_names = st.sampled_from(["a", "b", "key", "owner-id", "x?"])

leaf_types = st.one_of(
    st.sampled_from([INT, UINT, BOOL, PRINCIPAL]),
    st.builds(buffer_type, _lengths),
    st.builds(ascii_type, _lengths),
    st.builds(utf8_type, _lengths),
)


def _extend(inner: st.SearchStrategy[ValueType]) -> st.SearchStrategy[ValueType]:
    fields = st.dictionaries(_names, inner, min_size=1, max_size=3)
    return st.one_of(
        st.builds(list_type, _lengths, inner),
        st.builds(optional_type, inner),
        st.builds(response_type, inner, inner),
        fields.map(lambda found: make_tuple_type(list(found.items()))),
    )


types = st.recursive(leaf_types, _extend, max_leaves=6)


def relatives(value_type: ValueType) -> st.SearchStrategy[ValueType]:
    """Types that differ from `value_type` in their lengths only."""
    kind, parts = value_type.kind, value_type.parts
    inner = st.tuples(*map(relatives, parts))
    match kind:
        case "buff":
            return st.builds(buffer_type, _lengths)
        case "string-ascii":
            return st.builds(ascii_type, _lengths)
        case "string-utf8":
            return st.builds(utf8_type, _lengths)
        case "list":
            return st.builds(list_type, st.integers(1, 6), relatives(parts[0]))
        case "tuple":
            names = value_type.names
            return inner.map(lambda found: make_tuple_type(list(zip(names, found))))
        case "optional":
            return st.builds(optional_type, relatives(parts[0]))
        case "response":
            return st.builds(response_type, relatives(parts[0]), relatives(parts[1]))
        case _:
            return st.just(value_type)


def values_of(value_type: ValueType) -> st.SearchStrategy[Value]:
    """Values that `value_type` admits."""
    kind, parts, length = value_type.kind, value_type.parts, value_type.length
    match kind:
        case "int":
            return st.builds(IntValue, st.integers(-(2**127), 2**127 - 1))
        case "uint":
            return st.builds(UIntValue, st.integers(0, 2**128 - 1))
        case "bool":
            return st.builds(BoolValue, st.booleans())
        case "principal":
            return st.sampled_from([ALICE, TOKEN])
        case "buff":
            return st.builds(BufferValue, st.binary(max_size=length))
        case "string-ascii":
            return st.builds(AsciiValue, st.text(alphabet="abc !", max_size=length))
        case "string-utf8":
            return st.builds(Utf8Value, st.text(alphabet="aé漢😀", max_size=length))
        case "list":
            items = st.lists(values_of(parts[0]), max_size=length)
            return items.map(lambda found: make_raw_list(tuple(found)))
        case "tuple":
            names = value_type.names
            inner = st.tuples(*map(values_of, parts))
            return inner.map(lambda found: make_tuple_value(zip(names, found)))
        case "optional":
            return st.just(NONE) | st.builds(SomeValue, values_of(parts[0]))
        case "response":
            ok, err = map(values_of, parts)
            return st.builds(OkValue, ok) | st.builds(ErrValue, err)
        case _:
            raise AssertionError(f"no values of {kind}")
