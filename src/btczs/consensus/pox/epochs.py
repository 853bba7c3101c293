"""Heights of layer 1 and epochs: every `k` layer-1 blocks make one epoch, with one sortition.

BitcoinZ makes a block every 150 s and a tenure should last about 10 minutes, hence k = 4 there.
The sortition of an epoch happens at its last block.
"""

from btczs.networks import Pox
from btczs.primitives import EpochNumber, L1Height


def get_epoch(height: L1Height, pox: Pox) -> EpochNumber:
    """Epoch of the layer-1 block at `height`; negative before the first."""
    return EpochNumber((height - pox.first_l1_height) // pox.l1_blocks_per_epoch)


def get_epoch_start(epoch: EpochNumber, pox: Pox) -> L1Height:
    """First layer-1 height of the epoch."""
    return L1Height(pox.first_l1_height + epoch * pox.l1_blocks_per_epoch)


def get_epoch_end(epoch: EpochNumber, pox: Pox) -> L1Height:
    """Last layer-1 height of the epoch: where its sortition happens."""
    return L1Height(get_epoch_start(epoch, pox) + pox.l1_blocks_per_epoch - 1)


def is_epoch_end(height: L1Height, epoch: EpochNumber, pox: Pox) -> bool:
    """Whether the sortition of `epoch` happens at `height`."""
    return height == get_epoch_end(epoch, pox)


def get_reward_cycle(epoch: EpochNumber, pox: Pox) -> int:
    return epoch // pox.reward_cycle_epochs


def is_prepare_phase(epoch: EpochNumber, pox: Pox) -> bool:
    """Whether commits are burned: in the prepare phase, which ends the cycle, and in epoch 0 of it.

    Source: reference of the Stacks wire formats, section 2.2 ("window = 1 in the prepare phase and
    in its mod-0 block").
    """
    position = epoch % pox.reward_cycle_epochs
    return position == 0 or position >= pox.reward_cycle_epochs - pox.prepare_phase_epochs


def get_commit_modulus(epoch: EpochNumber, pox: Pox) -> int:
    """The modulus that a commit meant for `epoch` carries: (epoch - 1) mod 5 in the reference."""
    return (epoch - 1) % pox.commit_modulus
