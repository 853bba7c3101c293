"""Chains as data."""

import pytest

from btczs.l1 import UnknownChain, get_params
from btczs.l1.sighash import branch_id_at

MAIN = get_params("bitcoinz", "mainnet")


@pytest.mark.parametrize(
    ("chain", "network"), [("zcash", "mainnet"), ("bitcoinz", "main"), ("", "")]
)
def test_unknown_names_are_refused(chain: str, network: str) -> None:
    with pytest.raises(UnknownChain):
        get_params(chain, network)


def test_upgrades_move_on_regtest_only() -> None:
    moved = get_params("bitcoinz", "regtest", {"overwinter": 1, "sapling": 1, "canopy": 250})
    assert [moved.is_active("sapling", h) for h in (0, 1)] == [False, True]
    assert [moved.is_active("canopy", h) for h in (249, 250)] == [False, True]
    assert get_params("bitcoinz", "regtest").is_active("canopy", 250) is False
    with pytest.raises(UnknownChain):
        get_params("bitcoinz", "mainnet", {"canopy": 1})
    with pytest.raises(UnknownChain):
        get_params("bitcoinz", "regtest", {"nu5": 1})
    with pytest.raises(UnknownChain):
        MAIN.is_active("segwit", 1)


def test_the_branch_follows_the_height() -> None:
    heights = (0, 328_499, 328_500, 1_734_999, 1_735_000, 5_000_000)
    branches = (0, 0, 0x76B809BB, 0x76B809BB, 0xE9FF75A6, 0xE9FF75A6)
    assert tuple(branch_id_at(MAIN, h) for h in heights) == branches
    regtest = get_params("bitcoinz", "regtest", {"overwinter": 10, "sapling": 20})
    assert [branch_id_at(regtest, h) for h in (9, 10, 20, 300)] == [
        0,
        0x5BA81B19,
        0x76B809BB,
        0xE9FF75A6,
    ]
    assert branch_id_at(get_params("bitcoin", "mainnet"), 900_000) == 0


def test_the_subsidy_halves() -> None:
    heights = (0, 839_999, 840_000, 1_680_000, 10**9)
    assert [MAIN.compute_subsidy(h) for h in heights] == [
        12_500 * 10**8,
        12_500 * 10**8,
        6_250 * 10**8,
        3_125 * 10**8,
        0,
    ]


def test_every_network_is_complete_and_hashable() -> None:
    seen = {
        get_params(chain, network)
        for chain in ("bitcoinz", "bitcoin", "litecoin")
        for network in ("mainnet", "testnet", "regtest")
    }
    assert len(seen) == 9
    assert {params.pow_algorithm for params in seen} == {"equihash", "sha256d", "scrypt"}
    for params in seen:
        assert len(params.magic) == 4
        assert (
            bool(params.equihash) == (params.digishield is not None) == (params.chain == "bitcoinz")
        )
