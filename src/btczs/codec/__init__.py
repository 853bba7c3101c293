"""Byte and text formats that several systems share.

- `stream`: `Reader` and `Writer`, the two small classes under every binary format.
- `compact`: Bitcoin's compact size.
- `c32`, `base58`, `bech32`: addresses as text, on layer 2 and layer 1.
- `clarity`: Clarity values and principals (SIP-005).

Codecs here do no input or output and keep no state. Formats that belong to one chain (transactions,
headers) are with that chain: `l1`, `ledger`.

Invariants
- Reading never goes beyond the data and never allocates what the data cannot hold.
- Each value has one binary encoding; longer or reordered forms are refused.
- Bad data raises `DecodeError` (or its subclass that names the format), nothing else.
"""

from btczs.codec.compact import read_compact, write_compact
from btczs.codec.errors import InvalidAddress
from btczs.codec.stream import Reader, TooMany, TrailingBytes, Truncated, Writer

__all__ = [
    "InvalidAddress",
    "Reader",
    "TooMany",
    "TrailingBytes",
    "Truncated",
    "Writer",
    "read_compact",
    "write_compact",
]
