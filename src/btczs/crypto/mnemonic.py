"""BIP-39: a secret as 12 to 24 English words.

The words are `bip39_english.txt`, the word list of BIP-39 (MIT licence), byte for byte; the tests
compare its digest with the published one. Other languages are not offered.
"""

import hashlib
import secrets
import unicodedata
from functools import cache
from importlib import resources
from typing import ClassVar

from btczs.crypto.hashes import sha256
from btczs.primitives import InvalidInput

WORD_COUNTS = (12, 15, 18, 21, 24)
WORD_LIST_SHA256 = "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda"

_BITS_PER_WORD = 11
_PBKDF2_ROUNDS = 2048
_TEXT_LENGTH_MAX = 1024
"""24 words of 8 letters have 215 characters; the rest is room for spaces."""


class InvalidMnemonic(InvalidInput):
    """Words that are not a BIP-39 mnemonic. Field: `position` of the wrong word (from 1), or 0."""

    code: ClassVar[str] = "invalid_mnemonic"

    def __init__(self, reason: str, position: int = 0) -> None:
        super().__init__(reason)
        self.position = position


@cache
def word_list() -> tuple[str, ...]:
    """The 2048 words, in order."""
    text = resources.files(__package__).joinpath("bip39_english.txt").read_text("ascii")
    return tuple(text.split())


@cache
def _word_index() -> dict[str, int]:
    return {word: i for i, word in enumerate(word_list())}


def mnemonic_generate(words: int = 24) -> str:
    """A new mnemonic of `words` words, from the randomness of the operating system."""
    if words not in WORD_COUNTS:
        raise InvalidMnemonic(f"a mnemonic has 12, 15, 18, 21 or 24 words, not {words}")
    return mnemonic_from_entropy(secrets.token_bytes(words * 4 // 3))


def mnemonic_from_entropy(entropy: bytes) -> str:
    """The mnemonic that stands for `entropy` (16, 20, 24, 28 or 32 bytes)."""
    words = len(entropy) * 3 // 4
    if words not in WORD_COUNTS or len(entropy) % 4:
        raise InvalidMnemonic(f"entropy has 16, 20, 24, 28 or 32 bytes, not {len(entropy)}")
    checksum_bits = len(entropy) // 4
    checksum = sha256(entropy)[0] >> (8 - checksum_bits)
    n = int.from_bytes(entropy, "big") << checksum_bits | checksum
    listed = word_list()
    shifts = range((words - 1) * _BITS_PER_WORD, -1, -_BITS_PER_WORD)
    return " ".join(listed[n >> shift & 2047] for shift in shifts)


def mnemonic_to_entropy(mnemonic: str) -> bytes:
    """Inverse of `mnemonic_from_entropy`, any case and spacing. Raises `InvalidMnemonic`."""
    words = _split(mnemonic)
    if len(words) not in WORD_COUNTS:
        raise InvalidMnemonic(f"a mnemonic has 12, 15, 18, 21 or 24 words, not {len(words)}")
    index = _word_index()
    n = 0
    for position, word in enumerate(words, 1):
        number = index.get(word)
        if number is None:
            raise InvalidMnemonic(_explain(word, position), position)
        n = n << _BITS_PER_WORD | number
    checksum_bits = len(words) // 3
    entropy = (n >> checksum_bits).to_bytes(len(words) * 4 // 3, "big")
    if sha256(entropy)[0] >> (8 - checksum_bits) != n & ((1 << checksum_bits) - 1):
        raise InvalidMnemonic(
            "every word is in the list but the checksum does not match: "
            "a word is wrong or two have changed places"
        )
    return entropy


def mnemonic_verify(mnemonic: str) -> None:
    """Raises `InvalidMnemonic`, which says what is wrong, unless the mnemonic is valid."""
    mnemonic_to_entropy(mnemonic)


def mnemonic_to_seed(mnemonic: str, passphrase: str = "") -> bytes:
    """The 64-byte seed of a valid mnemonic and a passphrase. Raises `InvalidMnemonic`."""
    mnemonic_verify(mnemonic)
    password = " ".join(_split(mnemonic)).encode()
    salt = unicodedata.normalize("NFKD", "mnemonic" + passphrase).encode()
    return hashlib.pbkdf2_hmac("sha512", password, salt, _PBKDF2_ROUNDS)


def _split(mnemonic: str) -> list[str]:
    if len(mnemonic) > _TEXT_LENGTH_MAX:
        raise InvalidMnemonic(f"a mnemonic has at most {_TEXT_LENGTH_MAX} characters")
    return unicodedata.normalize("NFKD", mnemonic).lower().split()


def _explain(word: str, position: int) -> str:
    import difflib  # slow to import, and needed only here

    close = difflib.get_close_matches(word[:16], word_list(), n=3)
    hint = f"; did you mean {' or '.join(close)}?" if close else ""
    return f"word {position} ({word[:16]!r}) is not in the BIP-39 English word list{hint}"
