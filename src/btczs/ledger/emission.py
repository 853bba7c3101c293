"""The emission schedule: what an epoch adds to the supply.

One epoch is one sortition. Epochs without a winner are not lost: the next winner receives what
accrued. The schedule alone would issue more than the cap, so the cap decides in the end.
"""

from btczs.networks import Token
from btczs.primitives import BaseUnits, EpochNumber


def compute_reward(epoch: EpochNumber, token: Token) -> BaseUnits:
    """Coinbase that the schedule gives to `epoch`, before the cap, in base units.

    Halves every `token.halving_epochs` epochs; integer division rounds down.
    Source: specification "Reward Schedule"; the ranges are half-open, [0, 210000) first.
    """
    return BaseUnits(token.reward_initial >> (epoch // token.halving_epochs))


def compute_accrued(
    first_epoch: EpochNumber, last_epoch: EpochNumber, issued: BaseUnits, token: Token
) -> BaseUnits:
    """Coinbase of the epochs `first_epoch` to `last_epoch`, both included, in base units.

    `issued` is everything issued before (genesis and coinbases); the result never lifts it above
    `token.supply_max`. No epochs (`last_epoch < first_epoch`) give 0. The cost grows with the
    number of halvings, not of epochs.

    Invariant: the sum over all tenures and the genesis never exceeds `token.supply_max`.
    """
    interval = token.halving_epochs
    total = 0
    start, stop = int(first_epoch), last_epoch + 1
    while start < stop:
        reward = token.reward_initial >> (start // interval)
        if reward == 0:  # every later interval gives 0 too
            break
        end = min(stop, (start // interval + 1) * interval)
        total += reward * (end - start)
        start = end
    return BaseUnits(max(0, min(total, token.supply_max - issued)))
