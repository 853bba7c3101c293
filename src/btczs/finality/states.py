"""The five states of a transaction that people see."""

from enum import StrEnum

from btczs.primitives import ChainHeight


class TransactionState(StrEnum):
    """In order: each state includes the ones before."""

    PENDING = "pending"
    MINED = "mined"
    SIGNED = "signed"
    ANCHORED = "anchored"
    FINAL = "final"


def compute_state(
    height: ChainHeight | None,
    signed_height: ChainHeight,
    anchored_height: ChainHeight,
    final_height: ChainHeight,
) -> TransactionState:
    """State of a transaction in the block at `height`; None while it is in no block.

    The other heights are those of the newest block in each state.
    """
    if height is None:
        return TransactionState.PENDING
    if height <= final_height:
        return TransactionState.FINAL
    if height <= anchored_height:
        return TransactionState.ANCHORED
    if height <= signed_height:
        return TransactionState.SIGNED
    return TransactionState.MINED
