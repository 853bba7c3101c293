"""Replication of a chain: how one application is driven to the same state on many machines.

A chain is an `Application` in the sense of ABCI 2.0 and knows nothing of how it is replicated.
`local.LocalEngine` drives one application inside one process, with any number of virtual signers:
devnet, tests, and users of one machine.
"""

from btczs.engine.application import (
    Application,
    ExtendedVote,
    FinalizeRequest,
    FinalizeResponse,
    ProposalRefused,
)
from btczs.engine.local import LocalEngine, Voter

__all__ = [
    "Application",
    "ExtendedVote",
    "FinalizeRequest",
    "FinalizeResponse",
    "LocalEngine",
    "ProposalRefused",
    "Voter",
]
