"""Random Clarity values for the property tests."""

from hypothesis import strategies as st

from btczs.codec.clarity.types import infer_type
from btczs.codec.clarity.values import (
    AsciiValue,
    BoolValue,
    BufferValue,
    ContractPrincipal,
    ErrValue,
    IntValue,
    ListValue,
    NoneValue,
    OkValue,
    SomeValue,
    StandardPrincipal,
    TupleValue,
    UIntValue,
    Utf8Value,
    Value,
)
from btczs.primitives import Hash20, InvalidInput

ASCII = "".join(map(chr, range(0x20, 0x7F))) + "\t\n\r\x0c"

versions = st.integers(0, 31)
hashes = st.binary(min_size=20, max_size=20).map(Hash20)
contract_names = st.from_regex(r"[a-zA-Z][a-zA-Z0-9_-]{0,39}", fullmatch=True)
field_names = st.from_regex(r"[a-zA-Z][a-zA-Z0-9_!?+<>=/*-]{0,20}|[-+=/*]|[<>]=?", fullmatch=True)
standard = st.builds(StandardPrincipal, versions, hashes)
contracts = st.builds(ContractPrincipal, versions, hashes, contract_names)
principals = standard | contracts
leaves: st.SearchStrategy[Value] = st.one_of(
    st.builds(IntValue, st.integers(-(2**127), 2**127 - 1)),
    st.builds(UIntValue, st.integers(0, 2**128 - 1)),
    st.builds(BufferValue, st.binary(max_size=40)),
    st.builds(BoolValue, st.booleans()),
    st.just(NoneValue()),
    principals,
    st.builds(AsciiValue, st.text(alphabet=ASCII, max_size=20)),
    st.builds(Utf8Value, st.text(max_size=20)),
)


def _is_typed(value: Value) -> bool:
    try:
        infer_type(value)
    except InvalidInput:
        return False
    return True


def _extend(inner: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    fields = st.dictionaries(field_names, inner, min_size=1, max_size=4)
    return st.one_of(
        st.builds(OkValue, inner),
        st.builds(ErrValue, inner),
        st.builds(SomeValue, inner),
        fields.map(lambda d: TupleValue(tuple(sorted(d.items())))),
        # Items of one kind, so that most lists have a type.
        inner.flatmap(lambda v: st.lists(st.just(v) | st.just(NoneValue()), max_size=4)).map(
            lambda items: ListValue(tuple(items))
        ),
        st.lists(st.builds(UIntValue, st.integers(0, 100)), max_size=4).map(
            lambda items: ListValue(tuple(items))
        ),
    )


values = st.recursive(leaves, _extend, max_leaves=8).filter(_is_typed)
