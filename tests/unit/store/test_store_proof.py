"""The root is what the description says, and nothing but the truth can be proven under it."""

import random
from collections.abc import Callable
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from naive_tree import h, leaf, naive_root, naive_verify, same_bucket_keys

from btczs.primitives import DecodeError
from btczs.store import (
    InvalidProof,
    MemoryKV,
    StateProof,
    StateStore,
    decode_state_proof,
    encode_state_proof,
    verify_state_proof,
)
from btczs.store.tree import (
    SPLICE_CHANGES_MAX,
    EntryMissing,
    find_entry,
    join_entries,
    update_entries,
)

CROWD = same_bucket_keys(7)
KEYS = st.one_of(st.sampled_from(CROWD), st.binary(min_size=1, max_size=3))
STATES = st.dictionaries(KEYS, st.binary(max_size=4), max_size=12)


def make_store(state: dict[bytes, bytes]) -> StateStore:
    store = StateStore(MemoryKV(), undo_max=4)
    store.commit(0, state)
    return store


def test_the_empty_root_is_the_documented_one() -> None:
    node = sha256(bytes(5)).digest()
    for _ in range(16):
        node = sha256(b"\x01" + node + node).digest()
    assert StateStore(MemoryKV(), 1).root == node == naive_root({})
    # Frozen: every chain begins with it.
    assert node.hex() == "5350bf0c06787f1977cb398befdd025d9facb63ffa7a6fde9d9ba316e8c9ef8c"


@settings(max_examples=60, deadline=None)
@given(STATES, st.data())
def test_the_root_depends_on_the_pairs_alone(
    state: dict[bytes, bytes], data: st.DataObject
) -> None:
    keys = data.draw(st.permutations(sorted(state)))
    extra = data.draw(st.dictionaries(KEYS, st.binary(max_size=4), max_size=6))
    cut = data.draw(st.integers(0, len(keys)))
    store = make_store(extra)
    store.commit(1, {key: state[key] for key in keys[:cut]})
    gone = {key: None for key in extra if key not in state}
    store.commit(2, {**{key: state[key] for key in keys}, **gone})
    assert store.root == make_store(state).root == naive_root(state)
    store.check()


@settings(max_examples=60, deadline=None)
@given(STATES, KEYS, st.binary(max_size=4))
def test_proofs_show_presence_and_absence_and_no_other_value(
    state: dict[bytes, bytes], key: bytes, other: bytes
) -> None:
    store = make_store(state)
    for asked in (key, *state):
        value, proof, version, root = store.get_proven(asked)
        assert (value, version, root) == (state.get(asked), 0, store.root)
        raw = encode_state_proof(proof)
        assert decode_state_proof(raw) == proof == store.prove(asked)
        verify_state_proof(root, asked, value, proof)
        verify_state_proof(root, asked, value, raw)
        assert naive_verify(root, asked, value, raw)
        for lie in {None, other, b"", (value or b"") + b"x"} - {value}:
            with pytest.raises(InvalidProof):
                verify_state_proof(root, asked, lie, proof)
            assert not naive_verify(root, asked, lie, raw)
        for foreign in {key, *state} - {asked}:
            if h(foreign)[:2] != h(asked)[:2]:
                with pytest.raises(InvalidProof):
                    verify_state_proof(root, foreign, None, proof)


@pytest.mark.parametrize("value", [b"value", None], ids=["present", "absent"])
def test_a_proof_with_any_bit_flipped_is_refused(value: bytes | None) -> None:
    store = make_store({**dict.fromkeys(CROWD[1:4], b"v"), b"elsewhere": b"w"})
    if value is not None:
        store.commit(1, {CROWD[0]: value})
    raw = encode_state_proof(store.prove(CROWD[0]))
    verify_state_proof(store.root, CROWD[0], value, raw)
    for position in range(len(raw)):
        for bit in range(8):
            tampered = bytearray(raw)
            tampered[position] ^= 1 << bit
            with pytest.raises(InvalidProof):
                verify_state_proof(store.root, CROWD[0], value, bytes(tampered))
    for position in range(32):
        root = bytearray(store.root)
        root[position] ^= 1
        with pytest.raises(InvalidProof):
            verify_state_proof(bytes(root), CROWD[0], value, raw)


def fold(entries: bytes, siblings: tuple[bytes, ...], bucket: int) -> bytes:
    node = h(b"\x00", (len(entries) // 64).to_bytes(4, "big"), entries)
    for level, sibling in enumerate(siblings):
        pair = (sibling, node) if bucket >> level & 1 else (node, sibling)
        node = h(b"\x01", *pair)
    return node


A, B = sorted(CROWD[:2], key=h)
ROW_A, ROW_B = h(A) + h(b"1"), h(B) + h(b"2")
ROW_FOREIGN = h(b"foreign") + h(b"3")


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        (ROW_B + ROW_A, "ascending"),
        (ROW_A + ROW_A, "ascending"),
        (ROW_A + h(A) + h(b"another") + ROW_B, "ascending"),
        (ROW_FOREIGN, "another bucket"),
        (ROW_A + ROW_B[:63], "length"),
    ],
)
def test_a_tree_built_against_the_rules_proves_nothing(entries: bytes, reason: str) -> None:
    """Whoever could choose the root cannot use entries that are out of order or out of place."""
    siblings = tuple(h(bytes([level])) for level in range(16))
    root = fold(entries, siblings, int.from_bytes(h(A)[:2], "big"))
    for key, value in ((A, b"1"), (B, b"2"), (CROWD[2], None)):
        with pytest.raises(InvalidProof, match=reason):
            verify_state_proof(root, key, value, StateProof(entries, siblings))  # type: ignore[arg-type]
    good_root = fold(ROW_A + ROW_B, siblings, int.from_bytes(h(A)[:2], "big"))
    verify_state_proof(good_root, A, b"1", StateProof(ROW_A + ROW_B, siblings))  # type: ignore[arg-type]


def test_an_inner_node_cannot_pass_for_a_bucket() -> None:
    store = make_store({b"a": b"1"})
    proof = store.prove(b"a")
    for siblings in (proof.siblings[:-1], (*proof.siblings, proof.siblings[0]), ()):
        with pytest.raises(InvalidProof, match="siblings"):
            verify_state_proof(store.root, b"a", b"1", StateProof(proof.entries, siblings))


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda raw: raw[:3],
        lambda raw: raw[:-1],
        lambda raw: raw + b"\x00",
        lambda raw: b"\xff\xff\xff\xff" + raw[4:],
        lambda raw: (1 << 16).to_bytes(4, "big") + raw[4:],
        lambda raw: (0).to_bytes(4, "big") + raw[4:],
    ],
)
def test_what_is_not_an_encoded_proof_is_refused(damage: Callable[[bytes], bytes]) -> None:
    store = make_store({b"a": b"1"})
    raw = damage(encode_state_proof(store.prove(b"a")))
    with pytest.raises(DecodeError):
        decode_state_proof(raw)
    with pytest.raises(InvalidProof):
        verify_state_proof(store.root, b"a", b"1", raw)


@given(st.binary(max_size=700))
def test_random_bytes_never_crash_the_decoder(raw: bytes) -> None:
    with pytest.raises(InvalidProof):
        verify_state_proof(bytes(32), b"a", None, raw)


def test_a_value_hash_that_equals_a_key_hash_is_not_found_as_a_key() -> None:
    """The value of the first key is the second key, so its hash stands at an odd place."""
    state = {CROWD[0]: CROWD[1], CROWD[2]: CROWD[0], CROWD[3]: CROWD[4]}
    store = make_store(state)
    verify_state_proof(store.root, CROWD[1], None, store.prove(CROWD[1]))
    verify_state_proof(store.root, CROWD[4], None, store.prove(CROWD[4]))
    store.commit(1, {CROWD[1]: b"now", CROWD[0]: None})
    assert store.root == naive_root({CROWD[1]: b"now", CROWD[2]: CROWD[0], CROWD[3]: CROWD[4]})


@given(
    st.dictionaries(st.integers(0, 40), st.integers(0, 3), max_size=20),
    st.dictionaries(st.integers(0, 40), st.none() | st.integers(0, 3), max_size=9),
)
def test_splicing_and_merging_entries_agree_with_a_dict(
    old: dict[int, int], new: dict[int, int | None]
) -> None:
    def name(number: int) -> bytes:
        return number.to_bytes(32, "big")

    entries = join_entries([(name(k), name(v)) for k, v in old.items()])
    changes = [(name(k), None if v is None else name(v)) for k, v in new.items()]
    if any(v is None and k not in old for k, v in new.items()):
        with pytest.raises(EntryMissing):
            update_entries(entries, changes)
        return
    expected = {k: v for k, v in {**old, **new}.items() if v is not None}
    joined = join_entries([(name(k), name(v)) for k, v in expected.items()])
    assert update_entries(entries, changes) == joined
    for change in changes:
        entries = update_entries(entries, [change])
    assert entries == joined
    for number in expected:
        at, found = find_entry(joined, name(number))
        assert found
        assert joined[at : at + 32] == name(number)


def test_large_batches_into_one_bucket_take_the_merging_way() -> None:
    assert len(CROWD) > SPLICE_CHANGES_MAX
    rng = random.Random(5)
    state = {key: rng.randbytes(3) for key in CROWD}
    store = make_store(state)
    proof = store.prove(CROWD[0])
    assert h(b"\x00", (7).to_bytes(4, "big"), proof.entries) == leaf(
        [(h(key), h(value)) for key, value in state.items()]
    )
    assert store.root == naive_root(state)
