"""Simplified payment verification: believe a transaction without holding its block.

Two questions make one answer. *Is the transaction in the block?* A `MerkleProof` (our compact form)
or a `MerkleBlock` (the node's `gettxoutproof`) leads from the transaction to the root in a header.
*Is the block in the best chain?* A `HeaderChain` verifies proof of work, difficulty and time of
every header and follows the branch with the most work. `verify_in_chain` asks both.

Invariants
    - A leaf is believed only with the transaction's bytes, which must parse completely; on BitcoinZ
      as version 4 or later. No leaf and no node on a branch may be 64 bytes that pass for the other
      (CVE-2017-12842).
    - Equal neighbours outside a padding slot, wrong padding, a depth that does not fit the count,
      an index outside the block, unused hashes, bits or bytes are refused (CVE-2012-2459 and the
      malleability of proofs).
    - The best tip has the most cumulative work; the first seen wins among equals.
    - Everything here is pure and bounded: no clock, no I/O; the current time is an argument.

The header does not commit to the number of transactions, so `count` and `index` are only as good as
the shape of the branch: rely on the txid, never on the index. A coinbase is flagged
(`is_coinbase`); do not take one as a deposit.

Entry points: `verify_in_chain`, `verify_merkle_proof`, `build_merkle_proof`, `decode_merkle_block`,
`verify_merkle_block`, `extract_merkle_proof`, `HeaderChain`. Errors are in `errors`.
"""

from btczs.l1.spv.branch import (
    MerkleProof,
    ProvenTransaction,
    build_merkle_proof,
    decode_merkle_proof,
    encode_merkle_proof,
    verify_merkle_proof,
)
from btczs.l1.spv.chain import ChainHeader, HeaderAdded, HeaderChain, verify_in_chain
from btczs.l1.spv.errors import InvalidHeader, InvalidMerkleProof
from btczs.l1.spv.partial import (
    MerkleBlock,
    build_merkle_block,
    decode_merkle_block,
    encode_merkle_block,
    extract_merkle_proof,
    merkle_block_from_proof,
    verify_merkle_block,
)

__all__ = [
    "ChainHeader",
    "HeaderAdded",
    "HeaderChain",
    "InvalidHeader",
    "InvalidMerkleProof",
    "MerkleBlock",
    "MerkleProof",
    "ProvenTransaction",
    "build_merkle_block",
    "build_merkle_proof",
    "decode_merkle_block",
    "decode_merkle_proof",
    "encode_merkle_block",
    "encode_merkle_proof",
    "extract_merkle_proof",
    "merkle_block_from_proof",
    "verify_in_chain",
    "verify_merkle_block",
    "verify_merkle_proof",
]
