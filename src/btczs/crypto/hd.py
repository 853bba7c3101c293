"""HD keys (BIP-32): many keys from one seed, by path.

`m/44'/5757'/0'/0/i` are the accounts of layer 2 (the path of Stacks wallets), and
`m/44'/177'/0'/0/i` those of BitcoinZ (coin type 1 on every test network). A path is read from left
to right; `'` or `h` marks a hardened step, which needs the private key.

Mnemonics are in `mnemonic`; their functions can be imported from here too.
"""

import hashlib
import hmac
import re
from typing import ClassVar

import msgspec

from btczs.crypto.hashes import hash160
from btczs.crypto.mnemonic import mnemonic_generate, mnemonic_to_seed, mnemonic_verify
from btczs.crypto.secp256k1 import (
    ORDER,
    InvalidKey,
    compute_public_key,
    tweak_add_public,
    tweak_add_secret,
    verify_public_key,
)
from btczs.primitives import InvalidInput

__all__ = [
    "HARDENED",
    "ExtendedKey",
    "InvalidPath",
    "l1_account_secret",
    "master_key",
    "mnemonic_generate",
    "mnemonic_to_seed",
    "mnemonic_verify",
    "parse_path",
    "stacks_account_secret",
]

HARDENED = 1 << 31
STACKS_COIN_TYPE = 5757
DEPTH_MAX = 255
SEED_LENGTH_MIN, SEED_LENGTH_MAX = 16, 64

_STEP = re.compile(r"(\d{1,10})(['hH]?)", re.ASCII)


class InvalidPath(InvalidInput):
    """Text that is not a derivation path, or a path that this key cannot follow."""

    code: ClassVar[str] = "invalid_path"


class ExtendedKey(msgspec.Struct, frozen=True):
    """A key with its chain code: private (32 bytes) or public (33 bytes, compressed)."""

    key: bytes
    chain_code: bytes
    depth: int = 0
    parent_fingerprint: bytes = bytes(4)
    child_number: int = 0

    def __post_init__(self) -> None:
        if len(self.key) == 32:
            compute_public_key(self.key)  # raises InvalidKey
        else:
            verify_public_key(self.key)
        if len(self.key) == 65 or len(self.chain_code) != 32:
            raise InvalidKey("an extended key has a key of 32 or 33 bytes and a chain code of 32")
        if not 0 <= self.depth <= DEPTH_MAX or not 0 <= self.child_number < 1 << 32:
            raise InvalidKey("the depth or the child number is out of range")
        is_root = self.parent_fingerprint == bytes(4) and self.child_number == 0
        if len(self.parent_fingerprint) != 4 or (self.depth == 0 and not is_root):
            raise InvalidKey("a master key has no parent and no child number")

    def __repr__(self) -> str:
        """Without the key, so that secrets stay out of logs."""
        kind = "private" if self.is_private else "public"
        return f"<ExtendedKey {kind} depth={self.depth} fingerprint={self.fingerprint.hex()}>"

    @property
    def is_private(self) -> bool:
        return len(self.key) == 32

    @property
    def secret(self) -> bytes:
        """The private key. Raises `InvalidKey` if this is a public one."""
        if not self.is_private:
            raise InvalidKey("a public extended key has no private key")
        return self.key

    @property
    def public_key(self) -> bytes:
        return compute_public_key(self.key) if self.is_private else self.key

    @property
    def fingerprint(self) -> bytes:
        return hash160(self.public_key)[:4]

    def neuter(self) -> "ExtendedKey":
        """The public half."""
        return msgspec.structs.replace(self, key=self.public_key)

    def child(self, number: int) -> "ExtendedKey":
        """Child `number`; hardened from 2^31 on.

        Raises `InvalidPath`, or (with probability 2^-127) `InvalidKey` for a child that BIP-32
        skips.
        """
        if not 0 <= number < 1 << 32:
            raise InvalidPath(f"a child number is below 2^32, not {number}")
        if self.depth >= DEPTH_MAX:
            raise InvalidPath(f"a path has at most {DEPTH_MAX} steps")
        if number < HARDENED:
            material = self.public_key
        elif self.is_private:
            material = b"\0" + self.key
        else:
            raise InvalidPath("a hardened step needs the private key")
        digest = hmac.digest(self.chain_code, material + number.to_bytes(4, "big"), hashlib.sha512)
        add = tweak_add_secret if self.is_private else tweak_add_public
        return ExtendedKey(
            key=add(self.key, digest[:32]),
            chain_code=digest[32:],
            depth=self.depth + 1,
            parent_fingerprint=self.fingerprint,
            child_number=number,
        )

    def derive(self, path: str) -> "ExtendedKey":
        """The key at `path`, relative to this one; a leading `m/` is allowed. Raises as `child`."""
        key = self
        for number in parse_path(path):
            key = key.child(number)
        return key


def master_key(seed: bytes) -> ExtendedKey:
    """The root of the tree of a seed (16 to 64 bytes)."""
    if not SEED_LENGTH_MIN <= len(seed) <= SEED_LENGTH_MAX:
        raise InvalidKey(f"a seed has 16 to 64 bytes, not {len(seed)}")
    digest = hmac.digest(b"Bitcoin seed", seed, hashlib.sha512)
    if not 0 < int.from_bytes(digest[:32], "big") < ORDER:
        raise InvalidKey("this seed has no master key; take another one")
    return ExtendedKey(key=digest[:32], chain_code=digest[32:])


def parse_path(path: str) -> list[int]:
    """`m/44'/5757'/0'/0/3` as child numbers. Raises `InvalidPath`, which names the wrong step."""
    steps = path.split("/", DEPTH_MAX + 2)
    if steps[0] in ("m", "M"):
        steps = steps[1:]
    if len(steps) > DEPTH_MAX:
        raise InvalidPath(f"a path has at most {DEPTH_MAX} steps")
    numbers = []
    for step in steps:
        match = _STEP.fullmatch(step)
        if match is None or int(match[1]) >= HARDENED:
            raise InvalidPath(f"{step[:20]!r} is not a step: a number below 2^31, ' if hardened")
        numbers.append(int(match[1]) + (HARDENED if match[2] else 0))
    return numbers


def stacks_account_secret(seed: bytes, index: int) -> bytes:
    """The private key (32 bytes) of layer-2 account `index`: `m/44'/5757'/0'/0/index`."""
    return _account_secret(seed, STACKS_COIN_TYPE, index)


def l1_account_secret(seed: bytes, coin_type: int, index: int) -> bytes:
    """The private key of layer-1 account `index`: `m/44'/coin_type'/0'/0/index`.

    `coin_type`: 177 for BitcoinZ, 0 Bitcoin, 2 Litecoin; 1 on every test network.
    """
    return _account_secret(seed, coin_type, index)


def _account_secret(seed: bytes, coin_type: int, index: int) -> bytes:
    return master_key(seed).derive(f"m/44'/{coin_type}'/0'/0/{index}").secret
