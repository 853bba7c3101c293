"""Errors that several proofs share."""

from typing import ClassVar

from btczs.primitives import InvalidInput


class InvalidProof(InvalidInput):
    """A proof is malformed, or does not prove what it is said to prove."""

    code: ClassVar[str] = "invalid_proof"
