"""Blocks: the Nakamoto format, its hashes and the signatures on it.

A block is written and signed by the elected miner and signed by the signers; its format is that of
Stacks (SIP-021), so that indexers and explorers read it. This package knows the form only: who may
write a block and what it leads to is decided above.

Entry points
- `decode_block`, `encode_block`: bytes. A `Block` keeps its transactions as the bytes they came as.
- `block_hash`, `block_id`, `miner_signature_hash`, `compute_tx_merkle_root`: hashes.
- `sign_header`, `recover_miner`, `sign_as_signer`, `recover_signers`: signatures.

Invariants
- `encode_block(decode_block(raw)) == raw` for every `raw` that decodes.
- Decoding raises `DecodeError` and nothing else; each transaction in a decoded block decodes.
- A signature of the miner does not change what the miner signs, nor one of a signer the block's
  hash and id.

Versions 0 and 1 of the header are known; 1 adds the list of problematic transactions.
"""

from btczs.ledger.blocks.block import (
    BLOCK_BYTES_MAX,
    Block,
    DecodedBlock,
    decode_block,
    decode_block_header,
    decode_whole_block,
    encode_block,
    verify_tx_merkle_root,
)
from btczs.ledger.blocks.hashes import (
    block_hash,
    block_id,
    compute_tx_merkle_root,
    miner_signature_hash,
)
from btczs.ledger.blocks.header import BlockHeader, PoxTreatment, decode_header, encode_header
from btczs.ledger.blocks.signing import (
    recover_miner,
    recover_signers,
    sign_as_signer,
    sign_header,
)

__all__ = [
    "BLOCK_BYTES_MAX",
    "Block",
    "BlockHeader",
    "DecodedBlock",
    "PoxTreatment",
    "block_hash",
    "block_id",
    "compute_tx_merkle_root",
    "decode_block",
    "decode_block_header",
    "decode_header",
    "decode_whole_block",
    "encode_block",
    "encode_header",
    "miner_signature_hash",
    "recover_miner",
    "recover_signers",
    "sign_as_signer",
    "sign_header",
    "verify_tx_merkle_root",
]
