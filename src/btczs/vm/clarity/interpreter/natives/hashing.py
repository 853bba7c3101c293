"""Hash functions: of a buffer, or of a number in its 16 bytes, least significant first."""

from collections.abc import Callable
from typing import Final

from btczs.codec.clarity.types import INT, UINT, VALUE_SIZE_MAX, buffer_type
from btczs.codec.clarity.values import BufferValue, IntValue, UIntValue, Value
from btczs.crypto import hashes
from btczs.vm.clarity.interpreter.natives.registry import native
from btczs.vm.clarity.runtime.consensus_buffers import serialized_sizes
from btczs.vm.clarity.runtime.errors import UnionTypeValueError
from btczs.vm.clarity.runtime.integers import hashed_bytes

_HASHABLE: Final = (INT, UINT, buffer_type(VALUE_SIZE_MAX))


def _hashing(digest: Callable[[bytes], bytes]) -> Callable[[list[Value]], Value]:
    def run(args: list[Value]) -> Value:
        value = args[0]
        if isinstance(value, BufferValue):
            return BufferValue(digest(value.data))
        if isinstance(value, (IntValue, UIntValue)):
            return BufferValue(digest(hashed_bytes(value.value)))
        raise UnionTypeValueError.of(_HASHABLE, value)

    return run


native("hash160", cost="hash160", input=serialized_sizes, arity=1)(_hashing(hashes.hash160))
native("sha256", cost="sha256", input=serialized_sizes, arity=1)(_hashing(hashes.sha256))
native("sha512", cost="sha512", input=serialized_sizes, arity=1)(_hashing(hashes.sha512))
native("sha512/256", cost="sha512t256", input=serialized_sizes, arity=1)(
    _hashing(hashes.sha512_256)
)
native("keccak256", cost="keccak256", input=serialized_sizes, arity=1)(_hashing(hashes.keccak256))
