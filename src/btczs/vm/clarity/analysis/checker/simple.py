"""Natives that need no code of their own: their types, as data.

`SIMPLE` are functions in the narrow sense, which `map`, `filter` and `fold` accept. `EXPECTING` are
forms: each argument is checked against the type of its place as it is read, so contracts may be
cast to traits there and an error comes before later arguments are looked at. Neither can be used
in the other's place.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from btczs.codec.clarity.types import (
    BOOL,
    INT,
    PRINCIPAL,
    UINT,
    VALUE_SIZE_MAX,
    ValueType,
    ascii_type,
    buffer_type,
    list_type,
    optional_type,
    response_type,
    utf8_type,
)
from btczs.vm.clarity.analysis.checker.arguments import exactly
from btczs.vm.clarity.analysis.checker.signatures import (
    Comparison,
    CountedNumbers,
    Fixed,
    Numbers,
    OneOf,
    Shift,
    Signature,
    Variadic,
)
from btczs.vm.clarity.limits import CONTRACT_NAME_LENGTH_MAX
from btczs.vm.clarity.reader.syntax import Form
from btczs.vm.clarity.types.parse import make_tuple_type

if TYPE_CHECKING:
    from btczs.vm.clarity.analysis.checker.checker import TypeChecker

BUFFER_MAX: Final = buffer_type(VALUE_SIZE_MAX)
ASCII_MAX: Final = ascii_type(VALUE_SIZE_MAX)
UTF8_MAX: Final = utf8_type(VALUE_SIZE_MAX // 4)
CONTRACT_NAME: Final = ascii_type(CONTRACT_NAME_LENGTH_MAX)
DONE: Final = response_type(BOOL, UINT)
"""What everything that moves assets returns."""

MEMO_LENGTH: Final = 34
PROOF_DEPTH_MAX: Final = 24
"""Hashes in a Merkle branch of Bitcoin: the bound of the native that verifies one."""

_DIGITS = 40
_HASHABLE = (BUFFER_MAX, UINT, INT)
_TEXT = (ASCII_MAX, UTF8_MAX)
_NUMBER = (INT, UINT)
_PRINCIPAL_PARTS = make_tuple_type(
    [
        ("version", buffer_type(1)),
        ("hash-bytes", buffer_type(20)),
        ("name", optional_type(CONTRACT_NAME)),
    ]
)
_STX_ACCOUNT = make_tuple_type([("unlocked", UINT), ("locked", UINT), ("unlock-height", UINT)])
_OUTPUT = make_tuple_type(
    [("script", buffer_type(1024)), ("amount", UINT), ("txid", buffer_type(32))]
)
_NO_PRINCIPAL = make_tuple_type([("error_code", UINT), ("value", optional_type(PRINCIPAL))])

_FROM_BUFFER_16 = (buffer_type(16),)

SIMPLE: Final[dict[str, Signature]] = {
    "+": Numbers(),
    "-": Numbers(),
    "*": Numbers(),
    "/": Numbers(),
    "bit-and": Numbers(),
    "bit-or": Numbers(),
    "bit-xor": Numbers(),
    "sqrti": CountedNumbers(1),
    "log2": CountedNumbers(1),
    "bit-not": CountedNumbers(1),
    "mod": CountedNumbers(2),
    "pow": CountedNumbers(2),
    "xor": CountedNumbers(2),
    "bit-shift-left": Shift(),
    "bit-shift-right": Shift(),
    "<": Comparison(numbers_only=False),
    "<=": Comparison(numbers_only=False),
    ">": Comparison(numbers_only=False),
    ">=": Comparison(numbers_only=False),
    "and": Variadic(BOOL, BOOL),
    "or": Variadic(BOOL, BOOL),
    "not": Fixed((BOOL,), BOOL),
    "to-int": Fixed((UINT,), INT),
    "to-uint": Fixed((INT,), UINT),
    "is-standard": Fixed((PRINCIPAL,), BOOL),
    "buff-to-int-le": Fixed(_FROM_BUFFER_16, INT),
    "buff-to-int-be": Fixed(_FROM_BUFFER_16, INT),
    "buff-to-uint-le": Fixed(_FROM_BUFFER_16, UINT),
    "buff-to-uint-be": Fixed(_FROM_BUFFER_16, UINT),
    "string-to-int?": OneOf(_TEXT, optional_type(INT)),
    "string-to-uint?": OneOf(_TEXT, optional_type(UINT)),
    "int-to-ascii": OneOf(_NUMBER, ascii_type(_DIGITS)),
    "int-to-utf8": OneOf(_NUMBER, utf8_type(_DIGITS)),
    "hash160": OneOf(_HASHABLE, buffer_type(20)),
    "sha256": OneOf(_HASHABLE, buffer_type(32)),
    "sha512": OneOf(_HASHABLE, buffer_type(64)),
    "sha512/256": OneOf(_HASHABLE, buffer_type(32)),
    "keccak256": OneOf(_HASHABLE, buffer_type(32)),
    "stx-get-balance": Fixed((PRINCIPAL,), UINT),
    "stx-account": Fixed((PRINCIPAL,), _STX_ACCOUNT),
    "stx-burn?": Fixed((UINT, PRINCIPAL), DONE),
    "principal-destruct?": Fixed((PRINCIPAL,), response_type(_PRINCIPAL_PARTS, _PRINCIPAL_PARTS)),
    "contract-hash?": Fixed((PRINCIPAL,), response_type(buffer_type(32), UINT)),
}

CLARITY_1: Final[dict[str, Signature]] = {
    word: Comparison(numbers_only=True) for word in ("<", "<=", ">", ">=")
}
"""What Clarity 1 has otherwise: it orders numbers only."""


class Expecting:
    """A form whose arguments are read against the types of their places.

    `lookup`: it also pays for a type lookup of nothing, as the transfers of the native token do.
    """

    def __init__(
        self, parameters: Sequence[ValueType], returns: ValueType, *, lookup: bool = False
    ) -> None:
        self.parameters = parameters
        self.returns = returns
        self.lookup = lookup

    def __call__(self, checker: "TypeChecker", form: Form) -> ValueType:
        args = exactly(form, len(self.parameters))
        if self.lookup:
            checker.charges.step("analysis_type_lookup", 0)
        for arg, parameter in zip(args, self.parameters):
            checker.expect(arg, parameter)
        return self.returns


EXPECTING: Final[dict[str, Expecting]] = {
    "principal-of?": Expecting((buffer_type(33),), response_type(PRINCIPAL, UINT)),
    "secp256k1-recover?": Expecting(
        (buffer_type(32), buffer_type(65)), response_type(buffer_type(33), UINT)
    ),
    "secp256k1-verify": Expecting((buffer_type(32), buffer_type(65), buffer_type(33)), BOOL),
    "secp256k1-decompress?": Expecting((buffer_type(33),), response_type(buffer_type(65), UINT)),
    "secp256r1-verify": Expecting((buffer_type(32), buffer_type(64), buffer_type(33)), BOOL),
    "ed25519-verify": Expecting((BUFFER_MAX, buffer_type(64), buffer_type(32)), BOOL),
    "verify-merkle-proof": Expecting(
        (
            buffer_type(32),
            buffer_type(32),
            UINT,
            UINT,
            list_type(PROOF_DEPTH_MAX, buffer_type(32)),
        ),
        BOOL,
    ),
    "get-bitcoin-tx-output?": Expecting((BUFFER_MAX, UINT), response_type(_OUTPUT, UINT)),
    "stx-transfer?": Expecting((UINT, PRINCIPAL, PRINCIPAL), DONE, lookup=True),
    "stx-transfer-memo?": Expecting(
        (UINT, PRINCIPAL, PRINCIPAL, buffer_type(MEMO_LENGTH)), DONE, lookup=True
    ),
}

PRINCIPAL_CONSTRUCTED: Final = response_type(PRINCIPAL, _NO_PRINCIPAL)
