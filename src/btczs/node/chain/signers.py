"""The signer set in the state. In this version the genesis names it for good."""

import msgspec

from btczs.finality.signatures import SignerSet
from btczs.store.kv import Reader

SIGNERS_KEY = b"fin/signers"

encode_signer_set = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(SignerSet).decode


def get_signer_set(state: Reader) -> SignerSet:
    raw = state.get(SIGNERS_KEY)
    assert raw is not None, "the genesis writes the signer set"
    return _decode(raw)
