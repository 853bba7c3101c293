"""How numbers, signatures and public keys must be written in scripts."""

from btczs.crypto.secp256k1 import HALF_ORDER, ORDER
from btczs.l1.script.errors import Reason, ScriptFailed
from btczs.l1.script.flags import Flag

NUMBER_BYTES_MAX = 4


def is_true(item: bytes) -> bool:
    """Zero and negative zero are false, of whatever length; everything else is true."""
    return any(item[:-1]) or (len(item) > 0 and item[-1] not in (0x00, 0x80))


def decode_number(item: bytes, *, minimal: bool, size_max: int = NUMBER_BYTES_MAX) -> int:
    """A stack item as a number. Raises `ScriptFailed` if it is too long or, with `minimal`, padded.

    Results of arithmetic may be longer than operands may be: they are then no operands.
    """
    size = len(item)
    if size > size_max:
        raise ScriptFailed(Reason.SCRIPTNUM)
    if size == 0:
        return 0
    last = item[-1]
    if minimal and last & 0x7F == 0 and (size == 1 or not item[-2] & 0x80):
        raise ScriptFailed(Reason.SCRIPTNUM)
    magnitude = int.from_bytes(item[:-1] + bytes((last & 0x7F,)), "little")
    return -magnitude if last & 0x80 else magnitude


def verify_signature_encoding(signature: bytes, flags: Flag) -> None:
    """Raises `ScriptFailed`. The empty signature is well-formed, and never valid."""
    if not signature:
        return
    if not is_der_signature(signature):
        raise ScriptFailed(Reason.SIG_DER)
    if flags & Flag.LOW_S and _is_high_s(signature):
        raise ScriptFailed(Reason.SIG_HIGH_S)
    if flags & Flag.STRICTENC and not 1 <= signature[-1] & 0x7F <= 3:
        raise ScriptFailed(Reason.SIG_HASHTYPE)


def verify_key_encoding(key: bytes, flags: Flag, *, witness: bool) -> None:
    """Raises `ScriptFailed`: by policy a key is 33 bytes 02/03.. or 65 bytes 04.., in witness
    scripts compressed. Consensus also knows the hybrid forms 06/07."""
    compressed = len(key) == 33 and key[0] in (2, 3)
    if flags & Flag.STRICTENC and not compressed and not (len(key) == 65 and key[0] == 4):
        raise ScriptFailed(Reason.PUBKEYTYPE)
    if witness and flags & Flag.WITNESS_PUBKEYTYPE and not compressed:
        raise ScriptFailed(Reason.WITNESS_PUBKEYTYPE)


def is_der_signature(signature: bytes) -> bool:
    """BIP 66: 30 size 02 size R 02 size S hashtype, the numbers positive and not padded."""
    size = len(signature)
    if not 9 <= size <= 73 or signature[0] != 0x30 or signature[1] != size - 3:
        return False
    r_size = signature[3]
    if 5 + r_size >= size:
        return False
    s_size = signature[5 + r_size]
    if r_size + s_size + 7 != size:
        return False
    return _is_der_integer(signature, 2, r_size) and _is_der_integer(signature, 4 + r_size, s_size)


def _is_der_integer(signature: bytes, start: int, size: int) -> bool:
    if signature[start] != 0x02 or size == 0 or signature[start + 2] & 0x80:
        return False
    padded = size > 1 and signature[start + 2] == 0 and not signature[start + 3] & 0x80
    return not padded


def _is_high_s(signature: bytes) -> bool:
    r_size = signature[3]
    r = int.from_bytes(signature[4 : 4 + r_size], "big")
    s = int.from_bytes(signature[6 + r_size : -1], "big")
    # The nodes' parser makes zeros of both numbers if one is not below the group order.
    return r < ORDER and HALF_ORDER < s < ORDER
