"""The extension `btcz`: natives about blocks and transactions of the BitcoinZ layer 1.

Only contracts of a network with that extension know these words, and a contract that defines such
a name means its own function by it. Hashes are in internal byte order.

DEVIATION from the specification of these functions, whose shapes cannot hold real data: a
transaction has up to 100,000 bytes, not 1024; a proof has up to 24 hashes, not 14, for a block of
2 MB holds more than 2^14 transactions, and it comes with the index of the transaction and their
number, without which a branch proves nothing; a block is named by its hash, for its header has more
than 80 bytes. A transaction names no sender: what its first input reveals is a version and a hash,
and there may be none.
"""

from typing import Final

from btczs.codec.clarity.types import (
    BOOL,
    UINT,
    ValueType,
    buffer_type,
    list_type,
    optional_type,
    response_type,
)
from btczs.vm.clarity.analysis import errors
from btczs.vm.clarity.analysis.checker.chain import HASH, PropertyForm
from btczs.vm.clarity.analysis.checker.signatures import Handler
from btczs.vm.clarity.analysis.checker.simple import PROOF_DEPTH_MAX, Expecting
from btczs.vm.clarity.types.parse import make_tuple_type

EXTENSION: Final = "btcz"

TRANSACTION_BYTES_MAX: Final = 100_000

BLOCK: Final[dict[str, ValueType]] = {
    "header-hash": HASH,
    "merkle-root": HASH,
    "time": UINT,
    "confirmations": UINT,
}

_TRANSACTION = buffer_type(TRANSACTION_BYTES_MAX)
_ADDRESS = make_tuple_type([("version", buffer_type(1)), ("hash", buffer_type(20))])

BTCZ: Final[dict[str, Handler]] = {
    "get-btcz-block-info?": PropertyForm(
        BLOCK, errors.GetBlockInfoExpectPropertyName, errors.NoSuchBlockInfoProperty
    ),
    "verify-btcz-merkle-proof": Expecting(
        (_TRANSACTION, HASH, UINT, UINT, list_type(PROOF_DEPTH_MAX, HASH)),
        response_type(BOOL, UINT),
    ),
    "get-btcz-tx-sender": Expecting((_TRANSACTION,), optional_type(_ADDRESS)),
}
