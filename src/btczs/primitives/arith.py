"""Checked integer arithmetic: a result outside its range raises, it never wraps."""

from typing import ClassVar

from btczs.primitives.errors import InvalidInput


class OutOfRange(InvalidInput):
    """A number left the range of its type. Fields: `range_name`, `value`."""

    code: ClassVar[str] = "out_of_range"

    def __init__(self, range_name: str, value: int) -> None:
        super().__init__(f"{_shorten(value)} does not fit {range_name}")
        self.range_name = range_name
        self.value = _shorten(value)


def _shorten(value: int) -> str:
    return str(value) if value.bit_length() <= 512 else f"a number of {value.bit_length()} bits"


class IntRange:
    """The integers from `minimum` to `maximum`, both included, and arithmetic that stays inside."""

    __slots__ = ("maximum", "minimum", "name")

    def __init__(self, name: str, minimum: int, maximum: int) -> None:
        self.name = name
        self.minimum = minimum
        self.maximum = maximum

    def check(self, value: int) -> int:
        """`value` unchanged. Raises `OutOfRange` if it is outside."""
        if self.minimum <= value <= self.maximum:
            return value
        raise OutOfRange(self.name, value)

    def add(self, a: int, b: int) -> int:
        return self.check(a + b)

    def sub(self, a: int, b: int) -> int:
        return self.check(a - b)

    def mul(self, a: int, b: int) -> int:
        return self.check(a * b)

    def __contains__(self, value: object) -> bool:
        return isinstance(value, int) and self.minimum <= value <= self.maximum

    def __repr__(self) -> str:
        return f"IntRange({self.name})"


U8 = IntRange("u8", 0, 2**8 - 1)
U16 = IntRange("u16", 0, 2**16 - 1)
U32 = IntRange("u32", 0, 2**32 - 1)
U64 = IntRange("u64", 0, 2**64 - 1)
U128 = IntRange("u128", 0, 2**128 - 1)
U256 = IntRange("u256", 0, 2**256 - 1)
I128 = IntRange("i128", -(2**127), 2**127 - 1)
