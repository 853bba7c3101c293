"""Why a transaction is refused: one class per reason, with the data that clients parse.

The names and fields of `to_reason` are those of the `/v2/transactions` answer that unmodified
client libraries read. Execution raises the same classes as the mempool, so a rule has one error
wherever it is broken.
"""

from typing import Any, ClassVar

from btczs.codec.clarity.principals import principal_text
from btczs.codec.clarity.values import Principal
from btczs.primitives import InvalidInput


class TransactionRejected(InvalidInput):
    """The transaction cannot be in a block, or is not accepted into the mempool."""

    code: ClassVar[str] = "transaction_rejected"
    reason: ClassVar[str] = "ServerFailureOther"

    def to_reason(self) -> tuple[str, dict[str, Any] | None]:
        """`(reason, reason_data)` as the API answers them; None: the answer has no data."""
        return self.reason, self._data()

    def _data(self) -> dict[str, Any] | None:
        return None


class _WithMessage(TransactionRejected):
    """A reason whose data is the text of the error."""

    def _data(self) -> dict[str, Any] | None:
        return {"message": str(self)}


class Serialization(_WithMessage):
    """The transaction cannot be written in its canonical form."""

    code: ClassVar[str] = "serialization"
    reason: ClassVar[str] = "Serialization"


class Deserialization(_WithMessage):
    """The bytes are no transaction."""

    code: ClassVar[str] = "deserialization"
    reason: ClassVar[str] = "Deserialization"


class SignatureValidation(_WithMessage):
    """A signature, the chain id or the version does not hold."""

    code: ClassVar[str] = "signature_validation"
    reason: ClassVar[str] = "SignatureValidation"


class FeeTooLow(TransactionRejected):
    """Fields: `expected` (the least fee), `actual`, in base units."""

    code: ClassVar[str] = "fee_too_low"
    reason: ClassVar[str] = "FeeTooLow"

    def __init__(self, expected: int, actual: int) -> None:
        super().__init__(f"the fee must be {expected} base units or more, not {actual}")
        self.expected, self.actual = expected, actual

    def _data(self) -> dict[str, Any]:
        return {"expected": self.expected, "actual": self.actual}


class BadNonce(TransactionRejected):
    """Fields: `expected` (of the account), `actual`, `is_origin`, `principal` (text)."""

    code: ClassVar[str] = "bad_nonce"
    reason: ClassVar[str] = "BadNonce"

    def __init__(self, expected: int, actual: int, is_origin: bool, principal: Principal) -> None:
        self.expected, self.actual = expected, actual
        self.is_origin, self.principal = is_origin, principal_text(principal)
        super().__init__(f"the next nonce of {self.principal} is {expected}, not {actual}")

    def _data(self) -> dict[str, Any]:
        return {
            "expected": self.expected,
            "actual": self.actual,
            "is_origin": self.is_origin,
            "principal": self.principal,
        }


class NotEnoughFunds(TransactionRejected):
    """Fields: `expected` (what the account must have), `actual`, in base units."""

    code: ClassVar[str] = "not_enough_funds"
    reason: ClassVar[str] = "NotEnoughFunds"

    def __init__(self, expected: int, actual: int) -> None:
        super().__init__(f"{expected} base units are needed, the account has {actual}")
        self.expected, self.actual = expected, actual

    def _data(self) -> dict[str, Any]:
        return {"expected": f"0x{self.expected:032x}", "actual": f"0x{self.actual:032x}"}


class NoSuchContract(TransactionRejected):
    code: ClassVar[str] = "no_such_contract"
    reason: ClassVar[str] = "NoSuchContract"


class NoSuchPublicFunction(TransactionRejected):
    code: ClassVar[str] = "no_such_public_function"
    reason: ClassVar[str] = "NoSuchPublicFunction"


class BadFunctionArgument(_WithMessage):
    code: ClassVar[str] = "bad_function_argument"
    reason: ClassVar[str] = "BadFunctionArgument"


class ContractAlreadyExists(TransactionRejected):
    """Field: `contract_identifier` (text)."""

    code: ClassVar[str] = "contract_already_exists"
    reason: ClassVar[str] = "ContractAlreadyExists"

    def __init__(self, contract_identifier: str) -> None:
        super().__init__(f"{contract_identifier} exists already")
        self.contract_identifier = contract_identifier

    def _data(self) -> dict[str, Any]:
        return {"contract_identifier": self.contract_identifier}


class ConflictingNonceInMempool(TransactionRejected):
    """Another waiting transaction has the nonce, and this one does not pay more."""

    code: ClassVar[str] = "conflicting_nonce_in_mempool"
    reason: ClassVar[str] = "ConflictingNonceInMempool"


class TooMuchChaining(TransactionRejected):
    """Fields: `expected` (the highest nonce that may wait), `actual`, `is_origin`, `principal`."""

    code: ClassVar[str] = "too_much_chaining"
    reason: ClassVar[str] = "TooMuchChaining"

    def __init__(
        self, expected: int, actual: int, principal: Principal, is_origin: bool, message: str
    ) -> None:
        super().__init__(message)
        self.expected, self.actual = expected, actual
        self.is_origin, self.principal = is_origin, principal_text(principal)

    def _data(self) -> dict[str, Any]:
        return {
            "expected": self.expected,
            "actual": self.actual,
            "principal": self.principal,
            "is_origin": self.is_origin,
            "message": str(self),
        }


class TransferRecipientCannotEqualSender(TransactionRejected):
    code: ClassVar[str] = "transfer_recipient_cannot_equal_sender"
    reason: ClassVar[str] = "TransferRecipientCannotEqualSender"


class TransferAmountMustBePositive(TransactionRejected):
    code: ClassVar[str] = "transfer_amount_must_be_positive"
    reason: ClassVar[str] = "TransferAmountMustBePositive"


class BadAddressVersionByte(TransactionRejected):
    """A principal belongs to another network."""

    code: ClassVar[str] = "bad_address_version_byte"
    reason: ClassVar[str] = "BadAddressVersionByte"


class BadTransactionVersion(TransactionRejected):
    code: ClassVar[str] = "bad_transaction_version"
    reason: ClassVar[str] = "BadTransactionVersion"


class NoCoinbaseViaMempool(TransactionRejected):
    code: ClassVar[str] = "no_coinbase_via_mempool"
    reason: ClassVar[str] = "NoCoinbaseViaMempool"


class NoTenureChangeViaMempool(TransactionRejected):
    code: ClassVar[str] = "no_tenure_change_via_mempool"
    reason: ClassVar[str] = "NoTenureChangeViaMempool"


class EstimatorError(_WithMessage):
    code: ClassVar[str] = "estimator_error"
    reason: ClassVar[str] = "EstimatorError"


class TemporarilyBlacklisted(TransactionRejected):
    """The transaction was dropped a short while ago because a miner could not process it."""

    code: ClassVar[str] = "temporarily_blacklisted"
    reason: ClassVar[str] = "TemporarilyBlacklisted"


class ServerFailureNoSuchChainTip(TransactionRejected):
    code: ClassVar[str] = "server_failure_no_such_chain_tip"
    reason: ClassVar[str] = "ServerFailureNoSuchChainTip"


class ServerFailureDatabase(_WithMessage):
    code: ClassVar[str] = "server_failure_database"
    reason: ClassVar[str] = "ServerFailureDatabase"


class ServerFailureOther(_WithMessage):
    code: ClassVar[str] = "server_failure_other"
    reason: ClassVar[str] = "ServerFailureOther"


class NotActivated(ServerFailureOther):
    """The payload is of a kind that this network's rules do not execute. Field: `kind`."""

    code: ClassVar[str] = "not_activated"

    def __init__(self, kind: str) -> None:
        super().__init__(f"{kind} are not activated on this network yet")
        self.kind = kind


class OnlyAtTenureStart(ServerFailureOther):
    """A payload with which a miner opens a tenure stands in another place."""

    code: ClassVar[str] = "only_at_tenure_start"


class TransferWithPostConditions(ServerFailureOther):
    """A token transfer says itself what it moves: it carries no post-conditions."""

    code: ClassVar[str] = "transfer_with_post_conditions"
