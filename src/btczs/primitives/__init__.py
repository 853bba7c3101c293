"""What every other package is made of: units, checked arithmetic, errors.

*Units* (`units`) are `NewType`s, so that a height of layer 1 cannot be passed where a height of
layer 2 is meant, and money never crosses a module boundary as a bare `int`.

*Arithmetic* (`arith`) is done on ranges (`U64.add(a, b)`): a result outside the range raises, it
never wraps.

*Errors* (`errors`) form one tree. `InvalidInput` is somebody else's mistake and carries a stable
`code`; `Unavailable` is the world failing, and is retried by the shell; our own mistakes are
assertions and stop the node.

Nothing here imports anything else of `btczs`.
"""

from btczs.primitives.arith import I128, U8, U16, U32, U64, U128, U256, IntRange, OutOfRange
from btczs.primitives.errors import BtczsError, DecodeError, InvalidInput, Unavailable
from btczs.primitives.units import (
    BaseUnits,
    ChainHeight,
    EpochNumber,
    Hash20,
    Hash32,
    L1Height,
    Nonce,
    TenureHeight,
    TimestampS,
    Zat,
)

__all__ = [
    "I128",
    "U8",
    "U16",
    "U32",
    "U64",
    "U128",
    "U256",
    "BaseUnits",
    "BtczsError",
    "ChainHeight",
    "DecodeError",
    "EpochNumber",
    "Hash20",
    "Hash32",
    "IntRange",
    "InvalidInput",
    "L1Height",
    "Nonce",
    "OutOfRange",
    "TenureHeight",
    "TimestampS",
    "Unavailable",
    "Zat",
]
