"""What a BitcoinZ coinbase must pay on regtest, and to whom.

Before Canopy a community fee of 5 % is due in a range of heights; from Canopy on three ZIP-207
funding streams. The streams' heights are fixed by the network's parameters: moving Canopy's
activation does not move them. All shares are exact integers.
"""

from functools import cache

from btczs.l1.address import address_script, decode_l1_address
from btczs.l1.params import L1Params
from btczs.primitives import Zat


@cache
def _script_of(params: L1Params, address: str) -> bytes:
    return address_script(decode_l1_address(params, address))


def has_community_fee(params: L1Params, height: int) -> bool:
    fee = params.community_fee
    if fee is None or params.is_active("canopy", height):
        return False
    return fee.above_height < height <= fee.last_height


def compute_required_outputs(params: L1Params, height: int) -> list[tuple[bytes, Zat]]:
    """(script, value) that the coinbase at `height` must pay, in the order the real miner writes."""
    subsidy = params.compute_subsidy(height)
    fee = params.community_fee
    if fee is not None and has_community_fee(params, height):
        assert fee.address is not None, "the regtest fee has one fixed address"
        return [(_script_of(params, fee.address), Zat(subsidy * fee.percent // 100))]
    if not params.is_active("canopy", height):
        return []
    return sorted(
        (_script_of(params, stream.address), Zat(subsidy * stream.percent // 100))
        for stream in params.funding_streams
        if stream.first_height <= height < stream.end_height
    )
