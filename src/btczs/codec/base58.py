"""Base 58 and base58check: addresses and keys of layer 1.

BitcoinZ addresses carry two prefix bytes (`t1…`, `t3…`), Bitcoin's one, private keys one, extended
keys four; so the prefix is bytes and the reader says how many it expects.
"""

from btczs.codec.errors import InvalidAddress
from btczs.crypto.hashes import sha256d

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

TEXT_LENGTH_MAX = 256
"""Reading n digits costs n²; an extended key has 111."""

_DIGITS = {c: i for i, c in enumerate(ALPHABET)}
_CHECKSUM_LENGTH = 4


def base58_encode(data: bytes) -> str:
    """`data` in base 58; each leading zero byte is one `1`."""
    stripped = data.lstrip(b"\0")
    n = int.from_bytes(stripped, "big")
    digits: list[str] = []
    while n:
        n, digit = divmod(n, 58)
        digits.append(ALPHABET[digit])
    digits.append("1" * (len(data) - len(stripped)))
    return "".join(reversed(digits))


def base58_decode(text: str) -> bytes:
    """Inverse of `base58_encode`. Raises `InvalidAddress`."""
    if len(text) > TEXT_LENGTH_MAX:
        raise InvalidAddress(text, f"longer than {TEXT_LENGTH_MAX} characters")
    n = 0
    for character in text:
        digit = _DIGITS.get(character)
        if digit is None:
            raise InvalidAddress(text, f"{character!r} is not a base-58 digit")
        n = n * 58 + digit
    zeros = len(text) - len(text.lstrip("1"))
    return bytes(zeros) + n.to_bytes((n.bit_length() + 7) // 8, "big")


def base58check_encode(prefix: bytes, payload: bytes) -> str:
    """`prefix ‖ payload ‖ checksum` in base 58."""
    data = prefix + payload
    return base58_encode(data + sha256d(data)[:_CHECKSUM_LENGTH])


def base58check_decode(text: str, prefix_len: int) -> tuple[bytes, bytes]:
    """Prefix (of `prefix_len` bytes) and payload. Raises `InvalidAddress`."""
    raw = base58_decode(text)
    if len(raw) < prefix_len + _CHECKSUM_LENGTH:
        raise InvalidAddress(text, "it is too short")
    data, checksum = raw[:-_CHECKSUM_LENGTH], raw[-_CHECKSUM_LENGTH:]
    if sha256d(data)[:_CHECKSUM_LENGTH] != checksum:
        raise InvalidAddress(text, "the checksum does not match; is there a typing mistake?")
    return data[:prefix_len], data[prefix_len:]
