"""What can go wrong in a wallet, each with a stable code."""

from typing import Any, ClassVar

from btczs.primitives import DecodeError, InvalidInput, Unavailable


class InvalidAmount(DecodeError):
    """Text that is no amount of coins. Field: `reason`."""

    code: ClassVar[str] = "invalid_amount"

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(f"{text[:60]!r} is not an amount: {reason}")
        self.reason = reason


class WrongNetwork(InvalidInput):
    """An address or a node of another network. Fields: `expected`, `actual`."""

    code: ClassVar[str] = "wrong_network"

    def __init__(self, what: str, expected: str, actual: str) -> None:
        super().__init__(f"{what} is of {actual}; this wallet works on {expected}")
        self.expected, self.actual = expected, actual


class InvalidAccount(InvalidInput):
    """No such account, or a name that cannot be one."""

    code: ClassVar[str] = "invalid_account"


class KeystoreError(InvalidInput):
    """A keystore file cannot be used. Field: `path`."""

    code: ClassVar[str] = "keystore"

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path


class KeystoreMissing(KeystoreError):
    """There is no keystore file."""

    code: ClassVar[str] = "keystore_missing"


class KeystoreExists(KeystoreError):
    """A new keystore would replace one that is there."""

    code: ClassVar[str] = "keystore_exists"


class KeystoreCorrupt(KeystoreError):
    """The file is no keystore of a version known here."""

    code: ClassVar[str] = "keystore_corrupt"


class WrongPassword(KeystoreError):
    """The password does not open the keystore, or the file was changed."""

    code: ClassVar[str] = "wrong_password"


class Refused(InvalidInput):
    """The node does not take a transaction. Fields: `reason`, `reason_data`, `txid`.

    `reason` is the node's word, such as `FeeTooLow` or `BadNonce`; `reason_data` its details.
    """

    code: ClassVar[str] = "refused"

    def __init__(
        self, reason: str, reason_data: dict[str, Any] | None, txid: str | None, message: str
    ) -> None:
        super().__init__(f"the node refused the transaction: {reason}: {message}")
        self.reason, self.reason_data, self.txid = reason, reason_data, txid


class TransactionFailed(InvalidInput):
    """A transaction that was waited for never will get there. Fields: `txid`, `status`."""

    code: ClassVar[str] = "transaction_failed"

    def __init__(self, txid: str, status: str, reason: str = "") -> None:
        super().__init__(f"{txid}: {status}" + (f" ({reason})" if reason else ""))
        self.txid, self.status = txid, status


class WaitTimeout(Unavailable):
    """A transaction is not that far yet. Fields: `txid`, `wanted`, `state` (the last one seen)."""

    code: ClassVar[str] = "wait_timeout"

    def __init__(self, txid: str, wanted: str, state: str | None, timeout_s: float) -> None:
        super().__init__(
            f"{txid} is {state or 'unknown'} after {timeout_s:g} s; it was to become {wanted}"
        )
        self.txid, self.wanted, self.state = txid, wanted, state


class NodeUnreachable(Unavailable):
    """Nobody answers at the API's address. Field: `url`."""

    code: ClassVar[str] = "node_unreachable"

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"no answer from {url}: {reason}")
        self.url = url


class ApiFailed(Unavailable):
    """The node answered with an error of its own, or with something unreadable.

    Fields: `status` (HTTP), `answer_code`.
    """

    code: ClassVar[str] = "api_failed"

    def __init__(self, status: int, answer_code: str, message: str) -> None:
        super().__init__(f"the node answered {status}: {message}")
        self.status, self.answer_code = status, answer_code


class ApiRefused(InvalidInput):
    """The node refuses a request (not a transaction). Fields: `status`, `answer_code`."""

    code: ClassVar[str] = "api_refused"

    def __init__(self, status: int, answer_code: str, message: str) -> None:
        super().__init__(f"the node answered {status}: {message}")
        self.status, self.answer_code = status, answer_code


class NotFound(ApiRefused):
    """The node knows no such thing."""

    code: ClassVar[str] = "not_found"


class FeeTooHigh(InvalidInput):
    """The node asks for a fee that no sane market has. Fields: `fee`, `limit`."""

    code: ClassVar[str] = "fee_too_high"

    def __init__(self, fee: int, limit: int) -> None:
        super().__init__(
            f"the node proposes a fee of {fee} base units, above the limit of {limit}; "
            "name a fee yourself if you want to pay it"
        )
        self.fee, self.limit = fee, limit
