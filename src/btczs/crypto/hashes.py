"""Hash functions, each one name, whatever library provides it on this machine.

SHA-512/256 and RIPEMD-160 are not guaranteed by `hashlib` (OpenSSL 3 may leave them out), so their
source is chosen once at import; the tests compare every source with published digests.
"""

import hashlib
from collections.abc import Callable
from importlib import import_module

from Crypto.Hash import RIPEMD160, SHA512
from Crypto.Hash import keccak as _keccak

from btczs.primitives import Hash20, Hash32

_sha256 = hashlib.sha256
_blake2b = hashlib.blake2b


def _choose_sha256_short() -> Callable[[bytes], "hashlib._Hash"]:
    """The SHA-256 inside Python, where it is: without OpenSSL's set-up, faster on short data."""
    for module in ("_sha256", "_sha2"):
        try:
            found: Callable[[bytes], hashlib._Hash] = import_module(module).sha256
        except (ImportError, AttributeError):
            continue
        return found
    return _sha256


sha256_short = _choose_sha256_short()


def sha256(data: bytes) -> Hash32:
    return Hash32(_sha256(data).digest())


def sha256d(data: bytes) -> Hash32:
    """SHA-256 twice: block hashes, transaction ids and checksums of Bitcoin."""
    return Hash32(_sha256(_sha256(data).digest()).digest())


def sha512(data: bytes) -> bytes:
    return hashlib.sha512(data).digest()


def blake2b_256(data: bytes, person: bytes) -> Hash32:
    """BLAKE2b with a 32-byte digest and a personalisation of at most 16 bytes (Zcash)."""
    return Hash32(_blake2b(data, digest_size=32, person=person).digest())


def _fallback_sha512_256(data: bytes) -> Hash32:
    return Hash32(SHA512.new(data, truncate="256").digest())


def _fallback_ripemd160(data: bytes) -> Hash20:
    return Hash20(RIPEMD160.new(data).digest())


def _fallback_keccak256(data: bytes) -> Hash32:
    return Hash32(_keccak.new(data=data, digest_bits=256).digest())


def _digest_with_copy(empty: "hashlib._Hash", data: bytes) -> bytes:
    """Copying an empty hash object is twice as fast as making one by name."""
    state = empty.copy()
    state.update(data)
    return state.digest()


def _choose_sha512_256() -> Callable[[bytes], Hash32]:
    try:
        empty = hashlib.new("sha512_256", b"")
    except ValueError:
        return _fallback_sha512_256
    return lambda data: Hash32(_digest_with_copy(empty, data))


def _choose_ripemd160() -> Callable[[bytes], Hash20]:
    try:
        empty = hashlib.new("ripemd160", b"")
    except ValueError:
        return _fallback_ripemd160
    return lambda data: Hash20(_digest_with_copy(empty, data))


def _choose_keccak256() -> Callable[[bytes], Hash32]:
    try:
        import sha3
    except ImportError:
        return _fallback_keccak256
    new = sha3.keccak_256
    return lambda data: Hash32(new(data).digest())


sha512_256 = _choose_sha512_256()
ripemd160 = _choose_ripemd160()
keccak256 = _choose_keccak256()


def hash160(data: bytes) -> Hash20:
    """RIPEMD-160 of SHA-256: the hash in addresses."""
    return ripemd160(_sha256(data).digest())
