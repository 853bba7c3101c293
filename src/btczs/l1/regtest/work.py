"""A header's own proof of work, refused with the real node's two reasons.

The real node looks at the Equihash solution before the hash, `l1.pow.verify_pow` the other way
round (it is cheaper); the verdict is the same, the reason reported is not. Hence the two steps.
"""

from btczs.l1.bitcoinz.equihash import get_tag, verify_equihash
from btczs.l1.bitcoinz.header import Header, encode_equihash_input
from btczs.l1.errors import InvalidProofOfWork, InvalidSolution
from btczs.l1.params import L1Params
from btczs.l1.pow import compute_target
from btczs.l1.regtest.errors import BlockRejected


def get_equihash(params: L1Params) -> tuple[int, int]:
    """(n, k) of the network: regtest has one pair at all heights."""
    assert len(params.equihash) == 1, "the embedded node serves regtest only"
    return params.equihash[0].n, params.equihash[0].k


def verify_solution(params: L1Params, header: Header) -> None:
    """Raises `BlockRejected` unless the Equihash solution is one of the header and nonce."""
    n, k = get_equihash(params)
    try:
        verify_equihash(n, k, get_tag(n, k), encode_equihash_input(header), header.solution)
    except InvalidSolution as error:
        raise BlockRejected("invalid-solution", error.reason) from error


def is_below_target(params: L1Params, block_hash: bytes, bits: int) -> bool:
    """Whether the hash meets the target that `bits` stand for, itself within the network's limit."""
    try:
        target = compute_target(bits)
    except InvalidProofOfWork:
        return False
    return target <= params.pow_limit and int.from_bytes(block_hash, "little") <= target


def verify_target(params: L1Params, header: Header) -> None:
    """Raises `BlockRejected` unless the hash meets the target."""
    if not is_below_target(params, header.hash, header.bits):
        raise BlockRejected("high-hash")
