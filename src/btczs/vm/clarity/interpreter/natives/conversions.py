"""Numbers, text and bytes into one another."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from btczs.codec.clarity import encode_value, principal_text
from btczs.codec.clarity.types import (
    BOOL,
    INT,
    PRINCIPAL,
    UINT,
    VALUE_SIZE_MAX,
    ascii_type,
    buffer_type,
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
    SomeValue,
    StandardPrincipal,
    UIntValue,
    Utf8Value,
    Value,
)
from btczs.primitives import DecodeError
from btczs.vm.clarity.interpreter.natives.registry import native, special
from btczs.vm.clarity.reader.syntax import Expr
from btczs.vm.clarity.runtime import integers
from btczs.vm.clarity.runtime.consensus_buffers import (
    decode_typed,
    serialized_size,
    serialized_sizes,
)
from btczs.vm.clarity.runtime.errors import (
    Expect,
    TypeValueError,
    UnionTypeValueError,
    check_argument_count,
)
from btczs.vm.clarity.runtime.text_numbers import ascii_or_none, parse_integer
from btczs.vm.clarity.runtime.typing import make_ok, make_some, parse_type, size_of

if TYPE_CHECKING:
    from btczs.vm.clarity.interpreter.environment import Environment

INTEGER_BYTES_MAX: Final = 16
_BUFFER_16: Final = buffer_type(INTEGER_BYTES_MAX)
_BUFFER_MAX: Final = buffer_type(VALUE_SIZE_MAX)
_ASCII_MAX: Final = ascii_type(VALUE_SIZE_MAX)
_UTF8_MAX: Final = utf8_type(VALUE_SIZE_MAX // 4)
_TO_ASCII_BYTES_MAX: Final = 524_284
_TO_ASCII: Final = (INT, UINT, BOOL, PRINCIPAL, buffer_type(_TO_ASCII_BYTES_MAX), _UTF8_MAX)


def _from_buffer(big_endian: bool, signed: bool) -> Callable[[list[Value]], Value]:
    def run(args: list[Value]) -> Value:
        value = args[0]
        if not isinstance(value, BufferValue) or len(value.data) > INTEGER_BYTES_MAX:
            raise TypeValueError.of(_BUFFER_16, value)
        number = integers.from_bytes(value.data, big_endian=big_endian, signed=signed)
        return IntValue(number) if signed else UIntValue(number)

    return run


native("buff-to-int-le", cost="buff_to_int_le", arity=1)(_from_buffer(False, True))
native("buff-to-uint-le", cost="buff_to_uint_le", arity=1)(_from_buffer(False, False))
native("buff-to-int-be", cost="buff_to_int_be", arity=1)(_from_buffer(True, True))
native("buff-to-uint-be", cost="buff_to_uint_be", arity=1)(_from_buffer(True, False))


def _from_text(signed: bool) -> Callable[[list[Value]], Value]:
    def run(args: list[Value]) -> Value:
        value = args[0]
        if not isinstance(value, (AsciiValue, Utf8Value)):
            raise UnionTypeValueError.of((_ASCII_MAX, _UTF8_MAX), value)
        number = parse_integer(value.text, signed)
        if number is None:
            return NONE
        return SomeValue(IntValue(number) if signed else UIntValue(number))

    return run


native("string-to-int?", cost="string_to_int", arity=1)(_from_text(True))
native("string-to-uint?", cost="string_to_uint", arity=1)(_from_text(False))


def _to_text(text: type[AsciiValue] | type[Utf8Value]) -> Callable[[list[Value]], Value]:
    def run(args: list[Value]) -> Value:
        value = args[0]
        if not isinstance(value, (IntValue, UIntValue)):
            raise UnionTypeValueError.of((INT, UINT), value)
        return text(str(value.value))

    return run


native("int-to-ascii", cost="int_to_ascii", arity=1)(_to_text(AsciiValue))
native("int-to-utf8", cost="int_to_utf8", arity=1)(_to_text(Utf8Value))


@special("to-ascii?")
def to_ascii(args: Sequence[Expr], env: "Environment") -> Value:
    """The text of a simple value; `(err u1)` for text that a `string-ascii` cannot hold."""
    check_argument_count(1, args)
    value, _ = env.eval_ref(args[0])
    env.charge("to_ascii", size_of(value))
    text = _ascii_text(value)
    if text is None:
        return ErrValue(UIntValue(1))
    if len(text) > VALUE_SIZE_MAX:
        if isinstance(value, BufferValue):
            raise Expect("the text of the buffer is longer than a string may be")
        return ErrValue(UIntValue(1))
    return make_ok(AsciiValue(text))


def _ascii_text(value: Value) -> str | None:
    if isinstance(value, IntValue):
        return str(value.value)
    if isinstance(value, UIntValue):
        return f"u{value.value}"
    if isinstance(value, BoolValue):
        return "true" if value.value else "false"
    if value.__class__ in (StandardPrincipal, ContractPrincipal):
        assert isinstance(value, (StandardPrincipal, ContractPrincipal))
        return principal_text(value)
    if isinstance(value, BufferValue):
        return "0x" + value.data.hex()
    if isinstance(value, Utf8Value):
        return ascii_or_none(value.text)
    raise UnionTypeValueError.of(_TO_ASCII, value)


@native("to-consensus-buff?", cost="to_consensus_buff", input=serialized_sizes, arity=1)
def to_consensus_buff(args: list[Value]) -> Value:
    """The consensus bytes; `none` if an optional buffer cannot hold them."""
    if 4 + serialized_size(args[0]) + 1 > VALUE_SIZE_MAX:
        return NONE
    return SomeValue(BufferValue(encode_value(args[0])))


@special("from-consensus-buff?")
def from_consensus_buff(args: Sequence[Expr], env: "Environment") -> Value:
    """The value of the given type that the bytes are, all of them; else `none`."""
    check_argument_count(2, args)
    expected = parse_type(args[0], env.meter)
    value, _ = env.eval_ref(args[1])
    if not isinstance(value, BufferValue):
        raise TypeValueError.of(_BUFFER_MAX, value)
    length = len(value.data)
    env.charge("from_consensus_buff", max(length, 1) if env.version >= 5 else length)
    try:
        decoded = decode_typed(value.data, expected)
    except DecodeError:
        return NONE
    return make_some(decoded)
