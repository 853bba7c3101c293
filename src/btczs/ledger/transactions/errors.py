"""What can be wrong with a transaction: one exception per failure."""

from typing import ClassVar

from btczs.primitives import DecodeError, InvalidInput


class InvalidTransaction(DecodeError):
    """A field holds what the format does not allow. Fields: `field`, `reason`."""

    code: ClassVar[str] = "invalid_transaction"

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field, self.reason = field, reason


class TransactionTooLarge(DecodeError):
    """More bytes than a transaction may have. Fields: `size`, `limit`."""

    code: ClassVar[str] = "transaction_too_large"

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(f"a transaction has at most {limit} bytes, this has {size}")
        self.size, self.limit = size, limit


class AuthError(InvalidInput):
    """The transaction is not authorised by those it names."""

    code: ClassVar[str] = "auth"


class WrongChainId(AuthError):
    """Made for another chain. Fields: `expected`, `actual`."""

    code: ClassVar[str] = "wrong_chain_id"

    def __init__(self, expected: int, actual: int) -> None:
        super().__init__(f"this chain is 0x{expected:08x}, the transaction is for 0x{actual:08x}")
        self.expected, self.actual = expected, actual


class WrongVersion(AuthError):
    """Made for another kind of network. Fields: `expected`, `actual` (version bytes)."""

    code: ClassVar[str] = "wrong_version"

    def __init__(self, expected: int, actual: int) -> None:
        super().__init__(f"the version byte is 0x{actual:02x}, this network's is 0x{expected:02x}")
        self.expected, self.actual = expected, actual


class ConditionFailed(AuthError):
    """A spending condition does not hold. `role` is `origin` or `sponsor`."""

    code: ClassVar[str] = "condition_failed"

    def __init__(self, role: str, reason: str) -> None:
        super().__init__(f"{role}: {reason}")
        self.role, self.reason = role, reason


class BadSignature(ConditionFailed):
    """No public key can be recovered from a signature (so also if it is missing: all zero)."""

    code: ClassVar[str] = "bad_signature"


class HighS(ConditionFailed):
    """A signature has the higher of its two s values. It would give a transaction two ids."""

    code: ClassVar[str] = "high_s"


class KeyEncodingMismatch(ConditionFailed):
    """An uncompressed key in a mode that needs compressed ones."""

    code: ClassVar[str] = "key_encoding_mismatch"


class InvalidPublicKey(ConditionFailed):
    """A public key of a multisig condition is not a point of the curve."""

    code: ClassVar[str] = "invalid_public_key"


class SignatureCount(ConditionFailed):
    """Too few or too many signatures. Fields: `role`, `required`, `present`, `keys`."""

    code: ClassVar[str] = "signature_count"

    def __init__(self, role: str, required: int, present: int, keys: int) -> None:
        super().__init__(role, f"{required} of {keys} signatures are needed, {present} are here")
        self.required, self.present, self.keys = required, present, keys


class SignerMismatch(ConditionFailed):
    """The keys are not those of the named signer. Fields: `role`, `expected`, `actual` (hex)."""

    code: ClassVar[str] = "signer_mismatch"

    def __init__(self, role: str, expected: bytes, actual: bytes) -> None:
        super().__init__(role, f"the keys hash to {actual.hex()}, the signer is {expected.hex()}")
        self.expected, self.actual = expected.hex(), actual.hex()


class SigningError(InvalidInput):
    """A transaction cannot be signed as asked."""

    code: ClassVar[str] = "signing"
