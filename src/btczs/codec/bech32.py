"""Bech32 and bech32m: segwit addresses of Bitcoin and Litecoin (BIP-173, BIP-350).

Witness version 0 uses bech32, versions 1 to 16 bech32m; the other checksum is refused.
"""

from btczs.codec.errors import InvalidAddress
from btczs.primitives import InvalidInput

CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
TEXT_LENGTH_MAX = 90
"""BIP-173: beyond this length the checksum does not guarantee to find errors."""

_DIGITS = {c: i for i, c in enumerate(CHARSET)}
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_BECH32, _BECH32M = 1, 0x2BC830A3
_CHECKSUM_LENGTH = 6


def encode_segwit(hrp: str, version: int, program: bytes) -> str:
    """The address of a witness program. Raises `InvalidInput` for a program BIP-141 forbids."""
    reason = _program_fault(version, program)
    if reason is not None:
        raise InvalidInput(reason)
    data = [version, *_to_groups(program)]
    constant = _BECH32 if version == 0 else _BECH32M
    polymod = _polymod([*_expand(hrp), *data, *bytes(_CHECKSUM_LENGTH)]) ^ constant
    checksum = [(polymod >> 5 * (5 - i)) & 31 for i in range(_CHECKSUM_LENGTH)]
    return hrp + "1" + "".join(CHARSET[d] for d in data + checksum)


def decode_segwit(hrp: str, text: str) -> tuple[int, bytes]:
    """Witness version and program of an address whose prefix is `hrp`. Raises `InvalidAddress`."""
    if len(text) > TEXT_LENGTH_MAX:
        raise InvalidAddress(text, f"longer than {TEXT_LENGTH_MAX} characters")
    if not text.isascii() or (text != text.lower() and text != text.upper()):
        raise InvalidAddress(text, "it mixes upper and lower case, or is not ASCII")
    prefix, separator, digits = text.lower().rpartition("1")
    if not separator or prefix != hrp:
        raise InvalidAddress(text, f"it does not begin with {hrp}1")
    data = [_DIGITS.get(c, -1) for c in digits]
    if -1 in data:
        raise InvalidAddress(text, "it has a character that bech32 does not use")
    if len(data) < _CHECKSUM_LENGTH + 1:
        raise InvalidAddress(text, "it is too short")
    version = data[0]
    if _polymod([*_expand(hrp), *data]) != (_BECH32 if version == 0 else _BECH32M):
        raise InvalidAddress(text, "the checksum does not match; is there a typing mistake?")
    program = _from_groups(data[1:-_CHECKSUM_LENGTH])
    reason = "the padding is not zero" if program is None else _program_fault(version, program)
    if program is None or reason is not None:
        raise InvalidAddress(text, str(reason))
    return version, program


def _program_fault(version: int, program: bytes) -> str | None:
    if not 0 <= version <= 16:
        return f"a witness version is 0 to 16, not {version}"
    if not 2 <= len(program) <= 40:
        return f"a witness program has 2 to 40 bytes, not {len(program)}"
    if version == 0 and len(program) not in (20, 32):
        return f"a version 0 program has 20 or 32 bytes, not {len(program)}"
    return None


def _polymod(values: list[int]) -> int:
    checksum = 1
    for value in values:
        top = checksum >> 25
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value
        for i, generator in enumerate(_GENERATOR):
            if top >> i & 1:
                checksum ^= generator
    return checksum


def _expand(hrp: str) -> list[int]:
    return [ord(c) >> 5 for c in hrp] + [0] + [ord(c) & 31 for c in hrp]


def _to_groups(program: bytes) -> list[int]:
    padding = -len(program) * 8 % 5
    n = int.from_bytes(program, "big") << padding
    count = (len(program) * 8 + padding) // 5
    return [n >> 5 * i & 31 for i in reversed(range(count))]


def _from_groups(groups: list[int]) -> bytes | None:
    n = 0
    for group in groups:
        n = n << 5 | group
    padding = len(groups) * 5 % 8
    if padding >= 5 or n & ((1 << padding) - 1):
        return None
    return (n >> padding).to_bytes(len(groups) * 5 // 8, "big")
