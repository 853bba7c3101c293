"""Why a proof or a header is refused: one class per failure, each with a stable `code`."""

from typing import ClassVar

from btczs.crypto.errors import InvalidProof
from btczs.primitives import InvalidInput
from btczs.primitives.units import hash_hex


class InvalidMerkleProof(InvalidProof):
    """A Merkle proof that proves nothing. The subclasses say why."""

    code: ClassVar[str] = "merkle_proof"


class WrongCount(InvalidMerkleProof):
    """A block cannot hold that many transactions. Fields: `count`, `limit`."""

    code: ClassVar[str] = "merkle_proof_count"

    def __init__(self, count: int, limit: int) -> None:
        super().__init__(f"a block holds 1 to {limit} transactions, not {count}")
        self.count, self.limit = count, limit


class WrongIndex(InvalidMerkleProof):
    """The index lies outside the block. Fields: `index`, `count`."""

    code: ClassVar[str] = "merkle_proof_index"

    def __init__(self, index: int, count: int) -> None:
        super().__init__(f"index {index} in a block of {count} transactions")
        self.index, self.count = index, count


class WrongDepth(InvalidMerkleProof):
    """The number of siblings is not the depth of a tree of that size. Fields: `depth`, `expected`."""

    code: ClassVar[str] = "merkle_proof_depth"

    def __init__(self, depth: int, expected: int) -> None:
        super().__init__(f"{depth} siblings, a tree of this size has {expected} levels")
        self.depth, self.expected = depth, expected


class WrongPadding(InvalidMerkleProof):
    """The last node of an odd row must be paired with itself. Field: `level` (0 is the leaves)."""

    code: ClassVar[str] = "merkle_proof_padding"

    def __init__(self, level: int) -> None:
        super().__init__(f"the padding of the odd row at level {level} is not the node itself")
        self.level = level


class DuplicatedBranch(InvalidMerkleProof):
    """Two equal neighbours where no padding is (CVE-2012-2459). Field: `level`."""

    code: ClassVar[str] = "merkle_proof_duplicate"

    def __init__(self, level: int) -> None:
        super().__init__(f"two neighbours at level {level} are equal: the tree was duplicated")
        self.level = level


class WrongRoot(InvalidMerkleProof):
    """The branch leads to another root than the header's. Fields in display order."""

    code: ClassVar[str] = "merkle_proof_root"

    def __init__(self, computed: bytes, claimed: bytes) -> None:
        super().__init__("the branch does not lead to the Merkle root of the header")
        self.computed, self.claimed = hash_hex(computed), hash_hex(claimed)


class NodeAsTransaction(InvalidMerkleProof):
    """64 bytes that are a node and a transaction at once (CVE-2017-12842). Field: `level`."""

    code: ClassVar[str] = "merkle_proof_node_as_transaction"

    def __init__(self, level: int) -> None:
        super().__init__(f"64 bytes at level {level} can be read as a node and as a transaction")
        self.level = level


class WrongLeaf(InvalidMerkleProof):
    """The transaction is not the leaf the proof speaks of. Field: `reason`."""

    code: ClassVar[str] = "merkle_proof_leaf"

    def __init__(self, reason: str) -> None:
        super().__init__(f"the transaction is not the proven leaf: {reason}")
        self.reason = reason


class UnusedProofData(InvalidMerkleProof):
    """A partial tree carries more or fewer hashes or bits than it uses. Field: `what`."""

    code: ClassVar[str] = "merkle_proof_unused"

    def __init__(self, what: str) -> None:
        super().__init__(f"the partial tree and its data disagree: {what}")
        self.what = what


class NotInChain(InvalidMerkleProof):
    """The header is not in the best chain, or not deep enough. Fields: `hash`, `confirmations`, `needed`."""

    code: ClassVar[str] = "merkle_proof_not_in_chain"

    def __init__(self, block_hash: bytes, confirmations: int, needed: int) -> None:
        super().__init__(
            f"block {hash_hex(block_hash)} has {confirmations} confirmations, {needed} are needed"
        )
        self.hash, self.confirmations, self.needed = hash_hex(block_hash), confirmations, needed


class InvalidHeader(InvalidInput):
    """A header that cannot follow its parent. The subclasses say why."""

    code: ClassVar[str] = "l1_header"


class UnknownParent(InvalidHeader):
    """The header's parent is not known (any more). Field: `prev`."""

    code: ClassVar[str] = "l1_header_parent"

    def __init__(self, prev: bytes) -> None:
        super().__init__(f"the parent {hash_hex(prev)} is not known")
        self.prev = hash_hex(prev)


class WrongVersion(InvalidHeader):
    """A header version that the chain does not allow. Field: `version`."""

    code: ClassVar[str] = "l1_header_version"

    def __init__(self, version: int) -> None:
        super().__init__(f"header version {version} is too low")
        self.version = version


class WrongBits(InvalidHeader):
    """The header claims another difficulty than the chain's rule gives. Fields: `bits`, `expected`."""

    code: ClassVar[str] = "l1_header_bits"

    def __init__(self, bits: int, expected: int) -> None:
        super().__init__(f"bits {bits:08x}, the difficulty rule gives {expected:08x}")
        self.bits, self.expected = bits, expected


class TimeTooOld(InvalidHeader):
    """The time is not after the median of the eleven blocks before. Fields: `time`, `median`."""

    code: ClassVar[str] = "l1_header_time_too_old"

    def __init__(self, time: int, median: int) -> None:
        super().__init__(f"time {time} is not after the median time {median}")
        self.time, self.median = time, median


class TimeTooNew(InvalidHeader):
    """The time is too far in the future; the header may be valid later. Fields: `time`, `limit`."""

    code: ClassVar[str] = "l1_header_time_too_new"

    def __init__(self, time: int, limit: int) -> None:
        super().__init__(f"time {time} is after {limit}, the latest acceptable now")
        self.time, self.limit = time, limit


class ForkTooDeep(InvalidHeader):
    """The branch leaves the best chain deeper than a reorganisation may go. Fields: `depth`, `limit`."""

    code: ClassVar[str] = "l1_header_fork_too_deep"

    def __init__(self, depth: int, limit: int) -> None:
        super().__init__(f"the branch forks {depth} blocks below the tip, {limit} are allowed")
        self.depth, self.limit = depth, limit


class TooManyBranches(InvalidHeader):
    """No room for another side branch with so little work. Field: `limit`."""

    code: ClassVar[str] = "l1_header_branches"

    def __init__(self, limit: int) -> None:
        super().__init__(f"{limit} side branches with at least as much work are kept already")
        self.limit = limit


class WrongAnchor(InvalidHeader):
    """The trusted headers a chain starts from do not fit together. Field: `reason`."""

    code: ClassVar[str] = "l1_header_anchor"

    def __init__(self, reason: str) -> None:
        super().__init__(f"the trusted headers cannot start a chain: {reason}")
        self.reason = reason
