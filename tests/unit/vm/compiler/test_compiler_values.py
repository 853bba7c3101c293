"""Plain values and tagged ones say the same: sizes, types, bytes."""

from typing import Any

from clarity_type_strategies import relatives, types, values_of
from hypothesis import given, settings
from hypothesis import strategies as st

from btczs.codec.clarity.decode import decode_value
from btczs.codec.clarity.encode import encode_value
from btczs.codec.clarity.types import BOOL, UINT, ValueType, list_type, optional_type, tuple_type
from btczs.codec.clarity.values import Value
from btczs.vm.clarity.compiler.encodings import decoder, encoder, fixed_size, measurer
from btczs.vm.clarity.compiler.operand import encoded_size_max
from btczs.vm.clarity.compiler.shapes import LooseList, is_rigid, refresher, sizer, type_maker
from btczs.vm.clarity.compiler.tagging import plain_tagger, tagger, untagger
from btczs.vm.clarity.runtime.consensus_buffers import decode_typed
from btczs.vm.clarity.runtime.plain import plain_value
from btczs.vm.clarity.types import admits, size_of
from btczs.vm.clarity.types.sanitize import sanitize
from btczs.vm.clarity.types.typed import type_of

Case = tuple[ValueType, Value]


def _case(type_: ValueType) -> st.SearchStrategy[Case]:
    return st.tuples(st.just(type_), values_of(type_))


typed_cases = types.flatmap(_case)
"""A type and a value of it whose own type follows from its contents."""

related_cases = st.tuples(types).flatmap(
    lambda found: st.tuples(relatives(found[0]), values_of(found[0]))
)


@given(typed_cases)
def test_tagging_and_back(case: Case) -> None:
    type_, value = case
    plain = untagger(type_)(value)
    again = tagger(type_)(plain)
    assert again == value
    assert type_of(again) == type_of(value)
    assert plain_tagger(type_)(plain) == plain_value(value)
    assert _same(untagger(type_)(again), plain)


@given(typed_cases)
def test_sizes_and_types(case: Case) -> None:
    type_, value = case
    plain = untagger(type_)(value)
    assert type_maker(type_)(plain) == type_of(value)
    assert sizer(type_)(plain) == size_of(value)
    if is_rigid(type_):
        assert type_of(value) == type_


@given(typed_cases)
def test_encoding(case: Case) -> None:
    type_, value = case
    plain = untagger(type_)(value)
    raw = encode_value(value)
    assert encoder(type_)(plain) == raw
    assert measurer(type_)(plain) == len(raw) <= encoded_size_max(type_)
    fixed = fixed_size(type_)
    assert fixed is None or fixed == len(raw)


@given(typed_cases)
def test_decoding_gives_the_declared_type(case: Case) -> None:
    """As the interpreter reads from the state: lists and tuples have the type they are kept as."""
    type_, value = case
    raw = encode_value(value)
    plain = decoder(type_)(raw)
    read = decode_typed(raw, type_)
    assert tagger(type_)(plain) == read
    assert type_maker(type_)(plain) == type_of(read)
    assert sizer(type_)(plain) == size_of(read)
    assert encoder(type_)(plain) == raw
    assert measurer(type_)(plain) == len(raw)
    assert plain_tagger(type_)(plain) == decode_value(raw)
    assert _same(untagger(type_)(read), plain) or type_of(read) == type_maker(type_)(plain)


@given(typed_cases)
def test_refreshing(case: Case) -> None:
    """As the interpreter fits a value where it is handed on."""
    type_, value = case
    loose = decoder(type_)(encode_value(value))
    fresh = refresher(type_)(loose)
    fitted = sanitize(type_, decode_typed(encode_value(value), type_))
    assert fitted is not None
    assert type_maker(type_)(fresh) == type_of(fitted)
    assert tagger(type_)(fresh) == fitted
    assert _same(refresher(type_)(fresh), fresh)


@given(types.flatmap(lambda found: st.tuples(relatives(found), values_of(found))))
@settings(max_examples=60)
def test_values_of_a_narrower_type(case: Case) -> None:
    """Where a wider type is expected, a value keeps its own."""
    wide, value = case
    if not admits(wide, value):
        return
    plain = untagger(wide)(value)
    assert type_maker(wide)(plain) == type_of(value)
    assert sizer(wide)(plain) == size_of(value)
    assert encoder(wide)(plain) == encode_value(value)


def _same(a: Any, b: Any) -> bool:
    """Equal, and every list and tuple is loose in both or in neither, with the same type."""
    if type(a) is not type(b) or getattr(a, "type", None) != getattr(b, "type", None):
        return False
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(_same, a, b))
    return bool(a == b)


def test_an_optional_in_an_optional_is_not_lost() -> None:
    type_ = optional_type(optional_type(optional_type(BOOL)))
    plains = [
        untagger(type_)(decode_value(bytes.fromhex(raw)))
        for raw in ("09", "0a09", "0a0a09", "0a0a0a04")
    ]
    assert plains == [None, (None,), ((None,),), ((False,),)]
    assert [encoder(type_)(plain).hex() for plain in plains] == ["09", "0a09", "0a0a09", "0a0a0a04"]


def test_what_is_read_keeps_its_declared_type() -> None:
    type_ = list_type(9, tuple_type(("a", "b"), (UINT, optional_type(UINT))))
    plain = decoder(type_)(bytes.fromhex("0b00000000"))
    assert isinstance(plain, LooseList)
    assert sizer(type_)(plain) == type_.size
    assert sizer(type_)(refresher(type_)(plain)) < type_.size
