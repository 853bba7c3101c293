"""Errors as clients see them: a status and JSON with a stable code, never a traceback."""

from typing import Any, ClassVar

from btczs.codec.errors import InvalidAddress
from btczs.primitives import BtczsError, InvalidInput, Unavailable


class ApiError(InvalidInput):
    """A request that is answered with an error. Field: `message`; the status is the class's."""

    code: ClassVar[str] = "bad_request"
    status: ClassVar[int] = 400


class NotFound(ApiError):
    code: ClassVar[str] = "not_found"
    status: ClassVar[int] = 404


class MethodNotAllowed(ApiError):
    code: ClassVar[str] = "method_not_allowed"
    status: ClassVar[int] = 405


class BadParameter(ApiError):
    """A parameter of the path or the query is wrong. Field: `parameter`."""

    code: ClassVar[str] = "bad_parameter"

    def __init__(self, parameter: str, reason: str) -> None:
        super().__init__(f"{parameter}: {reason}")
        self.parameter = parameter


class BadBody(ApiError):
    code: ClassVar[str] = "bad_body"


class BodyTooLarge(ApiError):
    """Field: `bytes_max`."""

    code: ClassVar[str] = "body_too_large"
    status: ClassVar[int] = 413

    def __init__(self, bytes_max: int) -> None:
        super().__init__(f"the body may have at most {bytes_max} bytes")
        self.bytes_max = bytes_max


class UriTooLong(ApiError):
    """Field: `bytes_max`."""

    code: ClassVar[str] = "uri_too_long"
    status: ClassVar[int] = 414

    def __init__(self, bytes_max: int) -> None:
        super().__init__(f"path and query may have at most {bytes_max} bytes")
        self.bytes_max = bytes_max


class BodyTimeout(ApiError):
    code: ClassVar[str] = "body_timeout"
    status: ClassVar[int] = 408


class TooManyRequests(ApiError):
    """Field: `retry_after_s`."""

    code: ClassVar[str] = "too_many_requests"
    status: ClassVar[int] = 429

    def __init__(self, message: str, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


STATUS_BY_CODE: dict[str, int] = {
    "faucet_disabled": 403,
    "l1_not_found": 404,
    InvalidAddress.code: 400,
}


def to_status(error: BtczsError) -> int:
    """The HTTP status of an error."""
    if isinstance(error, ApiError):
        return error.status
    if error.code in STATUS_BY_CODE:
        return STATUS_BY_CODE[error.code]
    return 503 if isinstance(error, Unavailable) else 400


def to_body(error: BtczsError) -> dict[str, Any]:
    """`{"error": code, "message": text}` and the error's public fields that are plain JSON."""
    return {
        key: value
        for key, value in error.to_json().items()
        if isinstance(value, str | bool | None) or (isinstance(value, int) and abs(value) < 2**53)
    }
