"""What makes a block final.

A block that the elected miner signed is *mined*. It is *signed* when signers of at least 70 % of
the weight have signed it or a block above it. It is *anchored* when a winning commit on layer 1
names it or a block above it, and *final* when that commit has enough layer-1 confirmations.

`signatures` holds the signer set and the certificate; `states` the five public states.
"""

from btczs.finality.signatures import (
    Certificate,
    InvalidCertificate,
    Signer,
    SignerSet,
    decode_certificate,
    encode_certificate,
    verify_certificate,
)
from btczs.finality.states import TransactionState, compute_state

__all__ = [
    "Certificate",
    "InvalidCertificate",
    "Signer",
    "SignerSet",
    "TransactionState",
    "compute_state",
    "decode_certificate",
    "encode_certificate",
    "verify_certificate",
]
