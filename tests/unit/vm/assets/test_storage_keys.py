"""Storage keys: short, never ambiguous, one range per contract."""

from hypothesis import given
from hypothesis import strategies as st

from btczs.codec.clarity.values import ContractPrincipal
from btczs.primitives import Hash20
from btczs.store.kv import STATE_KEY_BYTES_MAX
from btczs.vm.clarity.runtime import keys

names = st.from_regex(r"[a-z][a-z0-9-]{0,12}", fullmatch=True)
contracts = st.builds(
    ContractPrincipal,
    st.integers(0, 31),
    st.sampled_from([Hash20(b"\x01" * 20), Hash20(b"\x02" * 20)]),
    names,
)
places = st.one_of(
    st.tuples(st.just("var"), contracts, names),
    st.tuples(st.just("supply"), contracts, names),
    st.tuples(st.just("part"), contracts, st.binary(min_size=1, max_size=8)),
    st.tuples(
        st.sampled_from(["map", "balance", "owner"]), contracts, names, st.binary(max_size=70)
    ),
)
_MAKERS = {
    "var": keys.var_key,
    "supply": keys.supply_key,
    "part": keys.contract_key,
    "map": keys.map_key,
    "balance": keys.balance_key,
    "owner": keys.owner_key,
}


def make(place: tuple) -> bytes:  # type: ignore[type-arg]
    return _MAKERS[place[0]](*place[1:])  # type: ignore[operator, no-any-return]


@given(places, places)
def test_two_places_have_two_keys(a: tuple, b: tuple) -> None:  # type: ignore[type-arg]
    assert (make(a) == make(b)) == (a == b)


@given(places, contracts)
def test_a_key_begins_like_its_contract_and_like_no_other(
    place: tuple,  # type: ignore[type-arg]
    other: ContractPrincipal,
) -> None:
    key = make(place)
    assert key.startswith(keys.contract_prefix(place[1]))
    if other != place[1]:
        assert not key.startswith(keys.contract_prefix(other))


def test_the_longest_names_and_keys_fit() -> None:
    contract = ContractPrincipal(26, Hash20(bytes(20)), "c" * 128)
    for encoded in (b"", b"k" * 64, b"k" * 65, b"k" * 1_000_000):
        assert len(keys.map_key(contract, "m" * 128, encoded)) <= STATE_KEY_BYTES_MAX


def test_a_long_map_key_is_told_from_its_hash() -> None:
    contract = ContractPrincipal(26, Hash20(bytes(20)), "c")
    long_key = b"k" * 65
    hashed = keys.map_key(contract, "m", long_key)
    table = keys.table_prefix(contract, keys.MAP, "m")
    assert keys.map_key(contract, "m", hashed[len(table) + 1 :]) != hashed
