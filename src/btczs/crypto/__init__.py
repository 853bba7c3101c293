"""Cryptography: hashes, signatures, verifiable randomness, Merkle trees, HD keys.

Each module hides one library behind plain functions over `bytes`, so that a backend can be replaced
in one file:

- `hashes`: SHA-2, SHA-512/256, RIPEMD-160, Keccak, BLAKE2b, whatever provides them here.
- `secp256k1`: ECDSA (DER and recoverable) and BIP-340 Schnorr signatures (coincurve).
- `vrf`: ECVRF-ED25519-SHA512 of draft-irtf-cfrg-vrf-04 (libsodium through PyNaCl).
- `merkle`: roots and branches of Bitcoin's and Stacks' transaction trees.
- `mnemonic`, `hd`: BIP-39 words and BIP-32 keys.

Invariants
- Lengths, ranges and points are checked here, before a C library sees them.
- Verification raises an `InvalidInput` with a stable code; it never returns a truth value.
- Hashes are in internal byte order.
- Nothing here is random except `mnemonic_generate`; signatures and proofs are deterministic.

This package imports nothing on its own, since the libraries are slow to load: import the module
that is needed, such as `from btczs.crypto.merkle import bitcoin_merkle_root`.
"""

from btczs.crypto.errors import InvalidProof

__all__ = ["InvalidProof"]
