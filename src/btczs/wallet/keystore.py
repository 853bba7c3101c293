"""A wallet in a file, encrypted with a password.

One JSON object. `kdf` (scrypt) makes a key of the password, `cipher` (ChaCha20-Poly1305) encrypts
mnemonic and passphrase. Names and addresses of the accounts are readable without the password, so
that a balance can be shown; they and every parameter are authenticated with the secret, so that a
changed file does not open.

The file is replaced as a whole (mode 0600), and is either the old or the new one after a crash.
"""

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from btczs.networks import load_network
from btczs.primitives import BtczsError
from btczs.wallet.accounts import Account
from btczs.wallet.errors import InvalidAccount, KeystoreCorrupt, KeystoreMissing, WrongPassword
from btczs.wallet.files import create_private, read_bounded, replace_private
from btczs.wallet.wallet import Wallet

VERSION: Final = 1
SCRYPT_N: Final = 2**15
SCRYPT_R: Final = 8
SCRYPT_P: Final = 1
"""32 MiB of memory and some tenths of a second for each guess."""

SCRYPT_MEMORY_MAX: Final = 256 * 1024 * 1024
SCRYPT_P_MAX: Final = 16
"""What a file may ask for: beyond it, somebody wants to keep this machine busy."""

FILE_BYTES_MAX: Final = 1024 * 1024
ACCOUNTS_MAX: Final = 1000

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}", re.ASCII)
_RESERVED = re.compile(r"account-\d+", re.ASCII)
"""Names of the devnet's prefunded accounts: one name must not mean two keys."""


class _Kdf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    n: int
    r: int
    p: int
    salt: str
    name: str = "scrypt"


class KeystoreAccount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An account of the keystore, as anybody can read it."""

    index: int
    name: str
    address: str


class _Public(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything but the ciphertext; authenticated."""

    version: int
    network: str
    accounts: tuple[KeystoreAccount, ...]
    kdf: _Kdf
    cipher: str
    nonce: str


class _File(_Public, frozen=True, forbid_unknown_fields=True):
    ciphertext: str


class _Secret(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    mnemonic: str
    passphrase: str


class Keystore:
    """An open file of a locked wallet. `unlock` gives the wallet."""

    __slots__ = ("_file", "path")

    def __init__(self, path: Path, file: _File) -> None:
        self.path = path
        self._file = file

    # ------------------------------------------------------------------ making and reading

    @classmethod
    def create(cls, path: Path, wallet: Wallet, password: str, count: int = 1) -> "Keystore":
        """Writes a new file with `count` accounts. Raises `KeystoreExists` if there is one."""
        if not 1 <= count <= ACCOUNTS_MAX:
            raise InvalidAccount(f"a keystore shows 1 to {ACCOUNTS_MAX} accounts, not {count}")
        shown = tuple(_show(account) for account in wallet.accounts(count))
        file = _encrypt(wallet, password, shown)
        create_private(path, _to_json(file))
        return cls(path, file)

    @classmethod
    def load(cls, path: Path) -> "Keystore":
        """Raises `KeystoreMissing`, `KeystoreCorrupt`."""
        raw = read_bounded(path, FILE_BYTES_MAX)
        if raw is None:
            raise KeystoreMissing(str(path), "there is no wallet here")
        try:
            file = msgspec.json.decode(raw, type=_File)
            load_network(file.network)
            _check(file)
        except (msgspec.MsgspecError, UnicodeError, RecursionError, ValueError) as error:
            raise KeystoreCorrupt(str(path), f"not a keystore: {error}") from error
        except BtczsError as error:
            raise KeystoreCorrupt(str(path), f"not a keystore: {error}") from error
        return cls(path, file)

    # ------------------------------------------------------------------ what is in it

    @property
    def network_name(self) -> str:
        return self._file.network

    @property
    def accounts(self) -> tuple[KeystoreAccount, ...]:
        return self._file.accounts

    def find(self, name: str) -> KeystoreAccount:
        """The account of that name, or at that index. Raises `InvalidAccount`."""
        for account in self.accounts:
            if name in (account.name, str(account.index)):
                return account
        known = ", ".join(account.name for account in self.accounts[:10])
        raise InvalidAccount(f"there is no account {name[:60]!r}; there are: {known}")

    def unlock(self, password: str) -> Wallet:
        """Raises `WrongPassword`."""
        secret = _decrypt(self.path, self._file, password)
        return Wallet(secret.mnemonic, load_network(self._file.network), secret.passphrase)

    def unlock_account(self, name: str, password: str) -> Account:
        """The account of that name with its key. Raises `InvalidAccount`, `WrongPassword`."""
        shown = self.find(name)
        return self.unlock(password).account(shown.index, shown.name)

    # ------------------------------------------------------------------ changing it

    def add_account(self, password: str, name: str | None = None) -> KeystoreAccount:
        """Shows the next account of the wallet too, under `name`. Raises `InvalidAccount`."""
        index = 1 + max((account.index for account in self.accounts), default=-1)
        name = f"wallet-{index}" if name is None else name
        if not _NAME.fullmatch(name) or name.isdigit():
            raise InvalidAccount(
                f"{name[:60]!r} is no name: up to 40 letters, digits, '_', '-' and '.', "
                "and not only digits"
            )
        if _RESERVED.fullmatch(name):
            raise InvalidAccount(f"{name} is the name of an account of the devnet; take another")
        if name in {account.name for account in self.accounts}:
            raise InvalidAccount(f"there is an account {name} already")
        if len(self.accounts) >= ACCOUNTS_MAX:
            raise InvalidAccount(f"a keystore shows at most {ACCOUNTS_MAX} accounts")
        wallet = self.unlock(password)
        added = _show(wallet.account(index, name))
        self._replace(_encrypt(wallet, password, (*self.accounts, added)))
        return added

    def change_password(self, old: str, new: str) -> None:
        """Encrypts the file anew. Raises `WrongPassword`."""
        self._replace(_encrypt(self.unlock(old), new, self.accounts))

    def _replace(self, file: _File) -> None:
        replace_private(self.path, _to_json(file))
        self._file = file

    def __repr__(self) -> str:
        return f"<Keystore {self.path} {self.network_name} accounts={len(self.accounts)}>"

    def __rich_repr__(self) -> Iterator[Any]:
        yield str(self.path)


# ---------------------------------------------------------------------- the cryptography


def _encrypt(wallet: Wallet, password: str, accounts: tuple[KeystoreAccount, ...]) -> _File:
    nonce = os.urandom(12)
    kdf = _Kdf(SCRYPT_N, SCRYPT_R, SCRYPT_P, os.urandom(16).hex())
    public = _Public(VERSION, wallet.network.name, accounts, kdf, "chacha20-poly1305", nonce.hex())
    plain = msgspec.json.encode(_Secret(wallet.mnemonic, wallet.passphrase))
    cipher = ChaCha20Poly1305(_derive_key(kdf, password))
    ciphertext = cipher.encrypt(nonce, plain, msgspec.json.encode(public))
    return _File(**msgspec.structs.asdict(public), ciphertext=ciphertext.hex())


def _decrypt(path: Path, file: _File, password: str) -> _Secret:
    fields = msgspec.structs.asdict(file)
    ciphertext = bytes.fromhex(fields.pop("ciphertext"))
    authenticated = msgspec.json.encode(_Public(**fields))
    cipher = ChaCha20Poly1305(_derive_key(file.kdf, password))
    try:
        plain = cipher.decrypt(bytes.fromhex(file.nonce), ciphertext, authenticated)
    except InvalidTag as error:
        raise WrongPassword(
            str(path), "the password is wrong, or the file has been changed"
        ) from error
    return msgspec.json.decode(plain, type=_Secret)


def _derive_key(kdf: _Kdf, password: str) -> bytes:
    return hashlib.scrypt(
        password.encode("utf-8", "surrogatepass"),
        salt=bytes.fromhex(kdf.salt),
        n=kdf.n,
        r=kdf.r,
        p=kdf.p,
        maxmem=SCRYPT_MEMORY_MAX + 2**20 * 8,
        dklen=32,
    )


def _check(file: _File) -> None:
    """Raises `ValueError` for parameters that are unknown or unbounded."""
    kdf = file.kdf
    if file.version != VERSION:
        raise ValueError(f"version {file.version} is not known here, only {VERSION}")
    if kdf.name != "scrypt" or file.cipher != "chacha20-poly1305":
        raise ValueError("unknown cryptography")
    is_power = kdf.n > 1 and kdf.n & (kdf.n - 1) == 0
    if not is_power or not 0 < kdf.r <= 64 or not 0 < kdf.p <= SCRYPT_P_MAX:
        raise ValueError("wrong parameters of scrypt")
    if 128 * kdf.n * kdf.r > SCRYPT_MEMORY_MAX:
        raise ValueError("scrypt would need too much memory")
    if len(bytes.fromhex(kdf.salt)) < 8 or len(bytes.fromhex(file.nonce)) != 12:
        raise ValueError("the salt or the nonce has the wrong length")
    if len(bytes.fromhex(file.ciphertext)) < 16:
        raise ValueError("the ciphertext is too short")
    if not 1 <= len(file.accounts) <= ACCOUNTS_MAX:
        raise ValueError("too many accounts, or none")


def _show(account: Account) -> KeystoreAccount:
    assert account.index is not None, "accounts of a wallet have an index"
    return KeystoreAccount(account.index, account.name, account.address)


def _to_json(file: _File) -> bytes:
    return msgspec.json.format(msgspec.json.encode(file), indent=2) + b"\n"
