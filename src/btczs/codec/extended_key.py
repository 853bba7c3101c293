"""Extended keys (BIP-32) as text: `xprv…`, `xpub…`, `tprv…`, `tpub…`."""

from btczs.codec.base58 import base58check_decode, base58check_encode
from btczs.codec.errors import InvalidAddress
from btczs.codec.stream import Reader, Writer
from btczs.crypto.hd import ExtendedKey
from btczs.crypto.secp256k1 import InvalidKey
from btczs.primitives import InvalidInput

VERSIONS = {
    "xprv": bytes.fromhex("0488ade4"),
    "xpub": bytes.fromhex("0488b21e"),
    "tprv": bytes.fromhex("04358394"),
    "tpub": bytes.fromhex("043587cf"),
}
"""The four bytes before a serialised key. BitcoinZ uses Bitcoin's; `t…` is for test networks."""

_PAYLOAD_LENGTH = 74


def encode_extended_key(kind: str, key: ExtendedKey) -> str:
    """The text of `key`; `kind` is `xprv`, `xpub`, `tprv` or `tpub`. Raises `InvalidInput`."""
    version = VERSIONS.get(kind)
    if version is None or kind.endswith("prv") != key.is_private:
        raise InvalidInput(f"{kind[:10]!r} is not a form of this key")
    writer = Writer().u8(key.depth).raw(key.parent_fingerprint).u32(key.child_number)
    writer.raw(key.chain_code).raw((b"\0" + key.key) if key.is_private else key.key)
    return base58check_encode(version, bytes(writer))


def decode_extended_key(text: str) -> tuple[str, ExtendedKey]:
    """The kind and the key. Raises `InvalidAddress`, which never repeats the key."""
    try:
        version, payload = base58check_decode(text, 4)
    except InvalidAddress as error:
        raise InvalidAddress("extended key", error.reason) from None
    kind = next((kind for kind, known in VERSIONS.items() if known == version), None)
    if kind is None or len(payload) != _PAYLOAD_LENGTH:
        raise InvalidAddress("extended key", "unknown version or wrong length")
    reader = Reader(payload)
    depth, fingerprint, number = reader.u8(), reader.take(4), reader.u32()
    chain_code, material = reader.take(32), reader.take(33)
    if kind.endswith("prv") and material[0] != 0:
        raise InvalidAddress("extended key", "a private key begins with a zero byte")
    raw_key = material[1:] if kind.endswith("prv") else material
    try:
        return kind, ExtendedKey(raw_key, chain_code, depth, fingerprint, number)
    except InvalidKey as error:
        raise InvalidAddress("extended key", str(error)) from error
