"""Layer-1 addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from btczs.codec.errors import InvalidAddress
from btczs.l1 import get_params
from btczs.l1.address import (
    HASH_BYTES,
    L1Address,
    address_script,
    decode_l1_address,
    encode_l1_address,
    script_address,
)
from btczs.l1.script import templates

ALL = [
    get_params(chain, network)
    for chain in ("bitcoinz", "bitcoin", "litecoin")
    for network in ("mainnet", "testnet", "regtest")
]
MAIN = get_params("bitcoinz", "mainnet")
REGTEST = get_params("bitcoinz", "regtest")


def test_the_burn_address() -> None:
    burn = L1Address("p2pkh", bytes(20))
    assert encode_l1_address(MAIN, burn) == "t1Hsc1LR8yKnbbe3twRp88p6vFfC5t7DLbs"
    assert encode_l1_address(REGTEST, burn) == "tm9iMLAuYMzJ6jtFLcA7rzUmfreGuKvr7Ma"
    assert decode_l1_address(MAIN, "t1Hsc1LR8yKnbbe3twRp88p6vFfC5t7DLbs") == burn


@pytest.mark.parametrize(
    ("chain", "network", "kind", "start"),
    [
        ("bitcoinz", "mainnet", "p2pkh", "t1"),
        ("bitcoinz", "mainnet", "p2sh", "t3"),
        ("bitcoinz", "testnet", "p2pkh", "tm"),
        ("bitcoinz", "regtest", "p2sh", "t2"),
        ("bitcoin", "mainnet", "p2pkh", "1"),
        ("bitcoin", "mainnet", "p2sh", "3"),
        ("bitcoin", "regtest", "p2wpkh", "bcrt1q"),
        ("bitcoin", "mainnet", "p2tr", "bc1p"),
        ("litecoin", "mainnet", "p2pkh", "L"),
        ("litecoin", "mainnet", "p2sh", "M"),
        ("litecoin", "regtest", "p2wsh", "rltc1q"),
    ],
)
@given(data=st.data())
def test_addresses_begin_as_people_know_them(
    chain: str, network: str, kind: str, start: str, data: st.DataObject
) -> None:
    size = HASH_BYTES[kind]
    raw = data.draw(st.binary(min_size=size, max_size=size))
    text = encode_l1_address(get_params(chain, network), L1Address(kind, raw))  # type: ignore[arg-type]
    assert text.startswith(start)
    if chain == "bitcoinz":
        assert len(text) == 35


@given(
    st.sampled_from(ALL), st.sampled_from(sorted(HASH_BYTES)), st.binary(min_size=32, max_size=32)
)
def test_addresses_round_trip_through_text_and_script(params, kind, raw) -> None:  # type: ignore[no-untyped-def]
    address = L1Address(kind, raw[: HASH_BYTES[kind]])
    script = address_script(address)
    assert script_address(script) == address
    assert templates.classify(script).kind == kind
    if params.bech32_hrp is None and kind not in ("p2pkh", "p2sh"):
        with pytest.raises(InvalidAddress):
            encode_l1_address(params, address)
        return
    text = encode_l1_address(params, address)
    assert decode_l1_address(params, text) == address
    for other in ALL:
        if params.network == "mainnet" != other.network and other.chain == params.chain:
            with pytest.raises(InvalidAddress):
                decode_l1_address(other, text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "t1",
        "t1Hsc1LR8yKnbbe3twRp88p6vFfC5t7DLbt",
        "t1Hsc1LR8yKnbbe3twRp88p6vFfC5t7DLb",
        "T1HSC1LR8YKNBBE3TWRP88P6VFFC5T7DLBS",
        "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2",
        "t1Hsc1LR8yKnbbe3twRp88p6vFfC5t7DLb0",
        "x" * 10_000,
        "\u2603",
    ],
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(InvalidAddress):
        decode_l1_address(MAIN, text)


def test_litecoin_reads_its_old_script_addresses_and_writes_new_ones() -> None:
    params = get_params("litecoin", "mainnet")
    bitcoin = get_params("bitcoin", "mainnet")
    address = L1Address("p2sh", b"\7" * 20)
    old = encode_l1_address(bitcoin, address)
    assert decode_l1_address(params, old) == address
    assert encode_l1_address(params, address) != old


def test_a_hash_of_another_size_is_refused() -> None:
    with pytest.raises(InvalidAddress):
        L1Address("p2pkh", bytes(32))


def test_other_scripts_have_no_address() -> None:
    assert script_address(templates.op_return(b"hello")) is None
    assert script_address(b"") is None
    assert script_address(b"\x51") is None
