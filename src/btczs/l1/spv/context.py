"""What a header must obey besides its own proof of work: the difficulty rule and the clock.

The rules look back at earlier headers through `LookUp`. A view that begins in the middle of a chain
cannot answer for heights below its start; a rule that needs them is then not applied, and applies
as soon as it can (24 headers on BitcoinZ, a difficulty period on Bitcoin and Litecoin).
"""

from collections.abc import Callable

from btczs.l1 import wire
from btczs.l1.bitcoinz import difficulty
from btczs.l1.params import L1Params
from btczs.l1.pow import compute_target, target_to_bits, verify_pow
from btczs.l1.spv.errors import TimeTooNew, TimeTooOld, WrongBits, WrongVersion
from btczs.primitives import TimestampS

LookUp = Callable[[int], tuple[int, int] | None]
"""`(time, bits)` of the header at a height of the branch in question, None where not known."""

MEDIAN_WINDOW = 11
PERIOD_BLOCKS = 2016
"""Blocks between two changes of difficulty on Bitcoin and Litecoin."""

_BITCOINZ_FUTURE_S = ((364_400, 5 * 60), (159_300, 30 * 60), (0, 2 * 3600))
_FUTURE_S = 2 * 3600
_BITCOINZ_VERSION_MIN = 4


def verify_header(
    params: L1Params,
    header: wire.Header,
    height: int,
    look_up: LookUp,
    *,
    now: TimestampS | None = None,
) -> None:
    """Proof of work, claimed difficulty, version and time of a header that follows `height - 1`.

    The caller has checked the link to the parent. `now` is the node's clock; without it a header
    from the future is not refused. Raises `InvalidHeader` subclasses, or what `verify_pow` raises.
    """
    if params.chain == "bitcoinz" and header.version < _BITCOINZ_VERSION_MIN:
        raise WrongVersion(header.version)
    expected = compute_expected_bits(params, height, header.time, look_up)
    if expected is not None and header.bits != expected:
        raise WrongBits(header.bits, expected)
    median = compute_median_time(height - 1, look_up)
    if median is not None and header.time <= median:
        raise TimeTooOld(header.time, median)
    if now is not None and header.time > now + _get_future_limit(params, height):
        raise TimeTooNew(header.time, now + _get_future_limit(params, height))
    verify_pow(params, header, height)


def compute_median_time(last: int, look_up: LookUp) -> int | None:
    """Median of the times of the eleven headers up to `last` (fewer only next to genesis)."""
    times = []
    for height in range(last, max(last - MEDIAN_WINDOW, -1), -1):
        found = look_up(height)
        if found is None:
            return None
        times.append(found[0])
    return sorted(times)[len(times) // 2] if times else None


def compute_expected_bits(
    params: L1Params, height: int, block_time: int, look_up: LookUp
) -> int | None:
    """The `bits` the chain's rule gives the block at `height`; None if the view begins too late."""
    if params.digishield is not None:
        if look_up(max(0, height - get_context_blocks(params))) is None:
            return None
        return difficulty.compute_next_bits(params, height - 1, _strict(look_up), block_time)
    return _compute_period_bits(params, height, block_time, look_up)


def get_context_blocks(params: L1Params) -> int:
    """How many headers before the first one let all rules be applied from the start on.

    On Bitcoin and Litecoin that is enough for the times, and for the difficulty within a period.
    """
    if params.digishield is None:
        return MEDIAN_WINDOW
    return params.digishield.window_blocks + MEDIAN_WINDOW


def _strict(look_up: LookUp) -> Callable[[int], tuple[int, int]]:
    def get(height: int) -> tuple[int, int]:
        found = look_up(height)
        assert found is not None, "headers of a view are contiguous"
        return found

    return get


def _compute_period_bits(
    params: L1Params, height: int, block_time: int, look_up: LookUp
) -> int | None:
    """Bitcoin's and Litecoin's rule: constant within a period of 2016 blocks."""
    last = look_up(height - 1)
    if last is None:
        return None
    limit = target_to_bits(params.pow_limit)
    if height % PERIOD_BLOCKS:
        if params.network == "mainnet":
            return last[1]
        if block_time > last[0] + 2 * params.spacing_s:
            return limit
        return _find_ordinary_bits(height - 1, limit, look_up)
    if params.network == "regtest":
        return last[1]
    # Litecoin counts the intervals of the whole period, except in the first one.
    back = (
        PERIOD_BLOCKS
        if params.chain == "litecoin" and height != PERIOD_BLOCKS
        else PERIOD_BLOCKS - 1
    )
    first = look_up(height - 1 - back)
    if first is None:
        return None
    timespan = PERIOD_BLOCKS * params.spacing_s
    actual = min(max(last[0] - first[0], timespan // 4), timespan * 4)
    return target_to_bits(min(compute_target(last[1]) * actual // timespan, params.pow_limit))


def _find_ordinary_bits(height: int, limit: int, look_up: LookUp) -> int | None:
    """Bits of the last block of the period that did not use the test networks' exception."""
    while True:
        found = look_up(height)
        if found is None:
            return None
        if height % PERIOD_BLOCKS == 0 or found[1] != limit:
            return found[1]
        height -= 1


def _get_future_limit(params: L1Params, height: int) -> int:
    if params.chain != "bitcoinz":
        return _FUTURE_S
    return next(limit for start, limit in _BITCOINZ_FUTURE_S if height >= start)
