"""Networks are data, and a wrong number is named."""

from pathlib import Path

import pytest

from btczs.networks import NETWORK_NAMES, InvalidNetwork, load_network, parse_network
from btczs.networks import __file__ as networks_file


@pytest.mark.parametrize("name", NETWORK_NAMES)
def test_every_network_loads_under_its_name(name: str) -> None:
    assert load_network(name).name == name


def test_mainnet_has_the_numbers_of_the_specification() -> None:
    core = load_network("mainnet").btczs_network
    assert (core.chain_id, core.network_id, core.burn_fee_cap) == (0x80000001, 1, 5000)
    assert (core.peer_port, core.rpc_port, core.api_port) == (20444, 20443, 3999)
    assert (core.block_time_ms, core.microblock_time_ms) == (600_000, 30_000)
    l1 = load_network("mainnet").btcz_connection
    assert (l1.rpc_port, l1.network, l1.min_confirmations) == (1979, "mainnet", 6)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("chain_id = 0x80000001", "chain_id = 0x180000001", "btczs_network.chain_id"),
        ("network_id = 1", "network_id = -1", "btczs_network.network_id"),
        ("burn_fee_cap = 5000", "burn_fee_cap = 0", "btczs_network.burn_fee_cap"),
        ("peer_port = 20444", "peer_port = 70000", "btczs_network.peer_port"),
        ("rpc_port = 20443", "rpc_port = 20444", "btczs_network.api_port"),
        ("api_port = 3999", "api_port = 'x'", "btczs_network.api_port"),
        ("block_time_ms = 600000", "block_time_ms = 0", "btczs_network.block_time_ms"),
        (
            "microblock_time_ms = 30000",
            "microblock_time_ms = 700000",
            "btczs_network.microblock_time_ms",
        ),
        ("rpc_port = 1979", "rpc_port = 0", "btcz_connection.rpc_port"),
        ('rpc_host = "127.0.0.1"', 'rpc_host = ""', "btcz_connection.rpc_host"),
        ('network = "mainnet"', 'network = "moon"', "btcz_connection.network"),
        ("min_confirmations = 6", "min_confirmations = 0", "btcz_connection.min_confirmations"),
        ("threshold_permille = 700", "threshold_permille = 600", "signers.threshold_permille"),
        ("peer_port = 20444", "peer_prot = 20444", "btczs_network"),
    ],
)
def test_a_wrong_value_is_refused_with_the_name_of_its_field(
    old: str, new: str, field: str
) -> None:
    text = (Path(networks_file).parent / "mainnet.toml").read_text()
    assert old in text
    with pytest.raises(InvalidNetwork) as caught:
        parse_network(text.replace(old, new))
    assert caught.value.field == field
