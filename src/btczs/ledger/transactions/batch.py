"""Authenticating many transactions at once, on as many threads as the caller has.

Recovering a key takes most of the time and releases the interpreter's lock: on two free cores two
threads do 1.2 to 1.7 times the work of one, on busy ones nothing is gained
(`benchmarks/bench_transactions.py`). The threads are the caller's: without an executor everything
runs in the calling thread.
"""

from collections.abc import Sequence
from concurrent.futures import Executor
from typing import Final, TypeAlias

from btczs.ledger.transactions.authentication import authenticate, verify_transaction
from btczs.ledger.transactions.codec import decode_transaction
from btczs.ledger.transactions.model import Authenticated
from btczs.networks import Network
from btczs.primitives import InvalidInput

CHUNK: Final = 128
"""Transactions per task: long enough that handing a task over costs nothing beside it."""

Outcome: TypeAlias = Authenticated | InvalidInput


def authenticate_many(
    raws: Sequence[bytes], network: Network | None, executor: Executor | None = None
) -> list[Outcome]:
    """For each encoded transaction, in order: it authenticated, or why it is refused.

    One bad transaction does not spoil the others, so failures are results here. With `network`
    None the chain id and the version byte are not looked at.
    """
    if executor is None or len(raws) <= CHUNK:
        return [_authenticate_one(raw, network) for raw in raws]
    chunks = [raws[start : start + CHUNK] for start in range(0, len(raws), CHUNK)]
    results = executor.map(authenticate_many, chunks, [network] * len(chunks))
    return [outcome for chunk in results for outcome in chunk]


def _authenticate_one(raw: bytes, network: Network | None) -> Outcome:
    try:
        tx = decode_transaction(raw)
        if network is None:
            return authenticate(tx, raw)
        return verify_transaction(tx, raw, network)
    except InvalidInput as error:
        return error
