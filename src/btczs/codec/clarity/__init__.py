"""Clarity values and principals: the data of layer-2 transactions, contracts and events.

A value is an immutable struct (`model`) with one encoding in bytes (`values`), one text (`text`)
and one type (`types`). The bytes are what is signed, hashed and stored; two values are the same if
and only if their bytes are.

Entry points
- `decode_value`, `read_value`, `encode_value`: bytes (SIP-005).
- `repr_value`, `type_text`: what clients are shown.
- `infer_type`: the type consensus checks, with its size.
- `encode_principal`, `read_principal`, `principal_text`, `parse_principal`: accounts and contracts.

Invariants
- `encode_value(decode_value(raw)) == raw` for every `raw` that decodes.
- Decoding raises `DecodeError` and nothing else, in time linear in the length of the data.
- A decoded value has a type: lists are homogeneous, tuples are not empty, names are legal.

The structs themselves are imported from `btczs.codec.clarity.values`.
"""

from btczs.codec.clarity.errors import (
    InvalidClarityValue,
    InvalidPrincipal,
    UnencodableValue,
    UntypedValue,
)
from btczs.codec.clarity.principals import (
    encode_principal,
    parse_principal,
    principal_text,
    read_principal,
)
from btczs.codec.clarity.types import infer_type
from btczs.codec.clarity.values import (
    Principal,
    Value,
    decode_value,
    encode_value,
    read_value,
    repr_value,
    type_text,
)

__all__ = [
    "InvalidClarityValue",
    "InvalidPrincipal",
    "Principal",
    "UnencodableValue",
    "UntypedValue",
    "Value",
    "decode_value",
    "encode_principal",
    "encode_value",
    "infer_type",
    "parse_principal",
    "principal_text",
    "read_principal",
    "read_value",
    "repr_value",
    "type_text",
]
