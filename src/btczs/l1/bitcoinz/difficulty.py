"""BitcoinZ's difficulty: DigiShield over 13 blocks, damped by 4, clamped.

The parameters are `params.digishield`: the clamp is 34 % on the main and test networks and 0 on
regtest, where the divide-before-multiply of the last step still lets the target drift down.
"""

from collections.abc import Callable

from btczs.l1.params import Digishield, L1Params
from btczs.l1.target import compute_target, target_to_bits
from btczs.primitives import InvalidInput

MEDIAN_BLOCKS = 11

GetTimeBits = Callable[[int], tuple[int, int]]
"""(time, bits) of the block at a height of the branch in question."""


def compute_next_bits(
    params: L1Params, last_height: int | None, get: GetTimeBits, block_time: int | None = None
) -> int:
    """The `bits` that the block after `last_height` must have.

    `last_height` None asks for the genesis block. `block_time` is the new block's time: test
    networks let a late block have the easiest target; None leaves that rule out.
    """
    rules = params.digishield
    if rules is None:
        raise InvalidInput(f"{params.chain} has another difficulty rule")
    limit_bits = target_to_bits(params.pow_limit)
    if last_height is None or _is_reset(rules, last_height):
        return limit_bits
    if block_time is not None and _is_late(params, rules, last_height, get, block_time):
        return limit_bits
    first_height = last_height - rules.window_blocks
    if first_height < 0:
        return limit_bits
    total = sum(compute_target(get(h)[1]) for h in range(first_height + 1, last_height + 1))
    intended_s = rules.window_blocks * params.spacing_s
    span_s = compute_median_time(last_height, get) - compute_median_time(first_height, get)
    span_s = _clamp_span(rules, intended_s, span_s)
    # Divide first: the node does, and the lost remainder is consensus.
    target = total // rules.window_blocks // intended_s * span_s
    return target_to_bits(min(target, params.pow_limit))


def compute_median_time(height: int, get: GetTimeBits) -> int:
    """Median time past of the block at `height`: of it and the ten before it, in seconds.

    The next block's time must be later. With an even number, the upper of the two middle ones.
    """
    times = sorted(get(h)[0] for h in range(max(0, height - MEDIAN_BLOCKS + 1), height + 1))
    return times[len(times) // 2]


def _is_reset(rules: Digishield, last_height: int) -> bool:
    """Right after the change of Equihash parameters, as many blocks as the window has."""
    return rules.reset_height <= last_height < rules.reset_height + rules.window_blocks


def _is_late(
    params: L1Params, rules: Digishield, last_height: int, get: GetTimeBits, block_time: int
) -> bool:
    if rules.min_difficulty_height is None or last_height < rules.min_difficulty_height:
        return False
    return block_time > get(last_height)[0] + 6 * params.spacing_s


def _clamp_span(rules: Digishield, intended_s: int, span_s: int) -> int:
    excess = span_s - intended_s
    # C++ division rounds toward zero.
    damped = abs(excess) // rules.damping * (1 if excess >= 0 else -1)
    low = intended_s * (100 - rules.adjust_percent_max) // 100
    high = intended_s * (100 + rules.adjust_percent_max) // 100
    return min(max(intended_s + damped, low), high)
