"""Proof of work of a header at a height, on every chain; cheap rejections first.

Only the genesis block is exempt: it is known by its hash, and BitcoinZ's does not meet its own
target. That `bits` are the ones the difficulty rule asks for needs the branch before the header:
`bitcoinz.difficulty.compute_next_bits` gives them, the caller compares.
"""

from hashlib import scrypt

from btczs.l1.bitcoin import header as btc_header
from btczs.l1.bitcoinz import header as btcz_header
from btczs.l1.bitcoinz.equihash import Shape, get_shape_of_size, get_tag, verify_equihash
from btczs.l1.errors import InvalidProofOfWork, InvalidSolution
from btczs.l1.params import L1Params
from btczs.l1.target import compute_target, compute_work, target_to_bits
from btczs.l1.wire import Header
from btczs.primitives.units import hash_hex

__all__ = [
    "compute_target",
    "compute_work",
    "get_allowed_equihash",
    "target_to_bits",
    "verify_pow",
]


def verify_pow(params: L1Params, header: Header, height: int) -> None:
    """Raises `InvalidProofOfWork` unless `header` proves its work at `height`.

    Checks the target's range, the Equihash parameters of the height, the hash against the target,
    and the Equihash solution (`InvalidSolution`).
    """
    if height == 0:
        if header.hash != params.genesis_hash:
            raise InvalidProofOfWork(f"{hash_hex(header.hash)} is not the genesis block")
        return
    target = compute_target(header.bits)
    if target > params.pow_limit:
        raise InvalidProofOfWork(f"bits {header.bits:08x} are easier than the network allows")
    if isinstance(header, btcz_header.Header):
        shape = _get_shape(params, header, height)
        _verify_hash(header.hash, target)
        data = btcz_header.encode_equihash_input(header)
        verify_equihash(shape.n, shape.k, get_tag(shape.n, shape.k), data, header.solution)
    elif params.pow_algorithm == "scrypt":
        raw = btc_header.encode_header(header)
        _verify_hash(scrypt(raw, salt=raw, n=1024, r=1, p=1, dklen=32), target)
    else:
        _verify_hash(header.hash, target)


def get_allowed_equihash(params: L1Params, height: int) -> list[tuple[int, int]]:
    """The (n, k) that a block at `height` may use; two while one era passes into the next."""
    return [
        (era.n, era.k)
        for era in params.equihash
        if era.first_height <= height and (era.last_height is None or height <= era.last_height)
    ]


def _get_shape(params: L1Params, header: btcz_header.Header, height: int) -> Shape:
    shape = get_shape_of_size(len(header.solution))
    if (shape.n, shape.k) not in get_allowed_equihash(params, height):
        raise InvalidSolution(f"({shape.n},{shape.k}) is not allowed at height {height}")
    return shape


def _verify_hash(digest: bytes, target: int) -> None:
    if int.from_bytes(digest, "little") > target:
        raise InvalidProofOfWork(f"{hash_hex(digest)} does not meet its target")
