"""Hashes, signatures, verifiable randomness, Merkle trees and HD keys."""
