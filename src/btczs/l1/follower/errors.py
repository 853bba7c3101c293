"""Why a follower stops: a node that lies, another chain, or a file that cannot be used."""

from typing import ClassVar

from btczs.primitives import BtczsError, InvalidInput, Unavailable
from btczs.primitives.units import hash_hex


class LyingNode(InvalidInput):
    """The node served a block that is not what it says. Nothing of it was stored.
    Fields: `height`, `reason`."""

    code: ClassVar[str] = "l1_lying_node"

    def __init__(self, height: int, reason: str) -> None:
        super().__init__(f"the layer-1 node served an invalid block {height}: {reason}")
        self.height, self.reason = height, reason


class WrongChain(InvalidInput):
    """The node is on another chain or network. Fields: `genesis`, `expected`."""

    code: ClassVar[str] = "l1_wrong_chain"

    def __init__(self, genesis: bytes, expected: bytes) -> None:
        super().__init__(
            f"the layer-1 node's genesis block is {hash_hex(genesis)}, not {hash_hex(expected)}: "
            "it runs another chain or network"
        )
        self.genesis, self.expected = hash_hex(genesis), hash_hex(expected)


class NotFollowed(InvalidInput):
    """No facts of this height: not reached yet, before the start, or pruned. Field: `height`."""

    code: ClassVar[str] = "l1_not_followed"

    def __init__(self, height: int, reason: str) -> None:
        super().__init__(f"no facts of layer-1 block {height}: {reason}")
        self.height = height


class TransactionAbsent(InvalidInput):
    """The block does not contain the transaction. Fields: `height`, `txid`."""

    code: ClassVar[str] = "l1_transaction_absent"

    def __init__(self, height: int, txid: bytes) -> None:
        super().__init__(f"layer-1 block {height} does not contain {hash_hex(txid)}")
        self.height, self.txid = height, hash_hex(txid)


class WrongStore(BtczsError):
    """The file belongs to another chain, start or format. Field: `reason`."""

    code: ClassVar[str] = "l1_follower_store"

    def __init__(self, reason: str) -> None:
        super().__init__(f"the follower's file cannot be used: {reason}; remove it to start anew")
        self.reason = reason


class StoreUnavailable(Unavailable):
    """The file is locked, or the disk failed. Field: `reason`."""

    code: ClassVar[str] = "l1_follower_store_unavailable"

    def __init__(self, reason: str) -> None:
        super().__init__(f"the follower's file is unavailable: {reason}")
        self.reason = reason
