"""The versioned state against a list of dicts: commit, undo, reopen, refuse, survive failures."""

import threading
from collections.abc import Mapping

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from naive_tree import naive_root, naive_verify, same_bucket_keys

from btczs.store import (
    KV,
    InvalidKey,
    InvalidValue,
    MemoryKV,
    NoUndo,
    Overlay,
    StateStore,
    StoreCorrupt,
    StoreFull,
    WrongVersion,
    encode_state_proof,
    verify_state_proof,
)
from btczs.store.errors import StalePreparation
from btczs.store.records import FORMAT, Head, Undo, decode_head, decode_undo, encode_record

UNDO_MAX = 3
KEYS = st.sampled_from([*same_bucket_keys(6), b"a", b"b", b"c", b"\x00", b"\xff\xff", b"k" * 510])
VALUES = st.binary(max_size=2)
CHANGES = st.dictionaries(KEYS, st.none() | VALUES, max_size=8)


def image(kv: KV) -> list[tuple[bytes, bytes]]:
    """Everything in the store except undo records, which shrink by being used."""
    return [pair for pair in kv.scan(b"", None) if pair[0][:1] != b"u"]


def applied(model: dict[bytes, bytes], changes: Mapping[bytes, bytes | None]) -> dict[bytes, bytes]:
    merged = {**model, **changes}
    return {key: value for key, value in merged.items() if value is not None}


class StateMachine(RuleBasedStateMachine):
    """History of (state, side, image) per version; rollback must give every byte back."""

    def __init__(self) -> None:
        super().__init__()
        self.kv = MemoryKV()
        self.store = StateStore(self.kv, UNDO_MAX)
        self.history: list[tuple[dict[bytes, bytes], dict[bytes, bytes], object]] = [
            ({}, {}, image(self.kv))
        ]
        self.undoable = 0

    @rule(changes=CHANGES, side=CHANGES, way=st.sampled_from(["changes", "prepared", "overlay"]))
    def commit(
        self, changes: dict[bytes, bytes | None], side: dict[bytes, bytes | None], way: str
    ) -> None:
        state_before, side_before, image_before = self.history[-1]
        state = applied(state_before, changes)
        version = self.store.version + 1
        if way == "prepared":
            prepared = self.store.prepare(changes)
            assert image(self.kv) == image_before
            assert prepared.root == self.store.compute_root(changes) == naive_root(state)
            self.store.commit(version, prepared, side)
        elif way == "overlay":
            overlay = Overlay(self.store)
            for key, value in changes.items():
                overlay.delete(key) if value is None else overlay.put(key, value)
            assert dict(overlay.scan(b"", None)) == state
            self.store.commit(version, overlay.changes(), side)
        else:
            assert self.store.commit(version, changes, side) == naive_root(state)
        self.history.append((state, applied(side_before, side), image(self.kv)))
        self.undoable = min(self.undoable + 1, UNDO_MAX)

    @rule(back=st.integers(0, UNDO_MAX + 1))
    def rollback(self, back: int) -> None:
        target = self.store.version - back
        if back > self.undoable:
            with pytest.raises(NoUndo) as caught:
                self.store.rollback(target)
            assert caught.value.oldest == self.store.version - self.undoable
            return
        self.store.rollback(target)
        del self.history[len(self.history) - back :]
        self.undoable -= back

    @rule()
    def reopen(self) -> None:
        self.store = StateStore(self.kv, UNDO_MAX)

    @rule(key=KEYS)
    def prove(self, key: bytes) -> None:
        value = self.history[-1][0].get(key)
        raw = encode_state_proof(self.store.prove(key))
        verify_state_proof(self.store.root, key, value, raw)
        assert naive_verify(self.store.root, key, value, raw)

    @rule(key=KEYS)
    def get(self, key: bytes) -> None:
        assert self.store.get(key) == self.history[-1][0].get(key)
        assert self.store.side_get(key) == self.history[-1][1].get(key)

    @precondition(lambda self: self.store.version >= 0)
    @rule(wrong=st.sampled_from([-1, 0, 2]))
    def wrong_version(self, wrong: int) -> None:
        with pytest.raises(WrongVersion):
            self.store.commit(self.store.version + wrong, {b"a": b"never"})

    @invariant()
    def equals_the_model(self) -> None:
        state, side, picture = self.history[-1]
        assert self.store.version == len(self.history) - 2
        assert self.store.version_oldest == self.store.version - self.undoable
        assert self.store.root == naive_root(state)
        assert list(self.store.scan(b"", None)) == sorted(state.items())
        assert list(self.store.side_scan(b"", None)) == sorted(side.items())
        assert image(self.kv) == picture
        assert len(list(self.kv.scan(b"u", b"v"))) == self.undoable

    def teardown(self) -> None:
        self.store.check()


StateMachine.TestCase.settings = settings(max_examples=100, stateful_step_count=20, deadline=None)
TestState = StateMachine.TestCase


def test_both_backends_hold_the_same_bytes(kv: KV) -> None:
    store, double = StateStore(kv, 2), StateStore(twin := MemoryKV(), 2)
    for version in range(5):
        changes = {b"%d" % (number * version % 7): b"%d" % version for number in range(9)}
        for one in (store, double):
            one.commit(version, changes, {b"side": b"%d" % version})
    for one in (store, double):
        one.rollback(3)
        one.commit(4, {b"0": None})
    assert list(kv.scan(b"", None)) == list(twin.scan(b"", None))
    reopened = StateStore(kv, 2)
    assert (reopened.version, reopened.root) == (4, double.root)
    reopened.check()


def test_scans_stay_within_bounds_and_their_column(kv: KV) -> None:
    store = StateStore(kv, 1)
    store.commit(0, {b"\xff\xff": b"1", b"a": b"2", b"b": b"3"}, {b"a": b"side"})
    assert list(store.scan(b"a", b"b")) == [(b"a", b"2")]
    assert list(store.scan(b"b", None)) == [(b"b", b"3"), (b"\xff\xff", b"1")]
    assert list(store.side_scan(b"", None)) == [(b"a", b"side")]


def test_a_snapshot_stays_at_its_version(kv: KV) -> None:
    store = StateStore(kv, 2)
    root = store.commit(0, {b"a": b"0"}, {b"x": b"0"})
    with store.snapshot() as view:
        store.commit(1, {b"a": b"1", b"b": b"1"}, {b"x": b"1"})
        assert (view.version, view.root) == (0, root)
        assert (view.get(b"a"), view.get(b"b"), view.side_get(b"x")) == (b"0", None, b"0")
        assert list(view.scan(b"", None)) == [(b"a", b"0")]
        assert list(view.side_scan(b"", None)) == [(b"x", b"0")]
    with store.snapshot() as view:
        assert (view.version, view.get(b"b")) == (1, b"1")


def test_a_preparation_serves_one_state_only() -> None:
    store = StateStore(MemoryKV(), 2)
    store.commit(0, {b"a": b"0"})
    prepared = store.prepare({b"a": b"1"})
    rival = store.prepare({b"a": b"2"})
    assert store.commit(1, prepared) == prepared.root
    with pytest.raises(StalePreparation):
        store.commit(2, rival)
    with pytest.raises(WrongVersion):
        store.commit(1, rival)
    store.rollback(0)
    with pytest.raises(StalePreparation):  # same version and root again, and yet prepared before
        store.commit(1, rival)
    assert store.version == 0


def test_a_prepared_commit_does_not_compute_the_tree_again(monkeypatch: pytest.MonkeyPatch) -> None:
    store = StateStore(MemoryKV(), 2)
    prepared = store.prepare({b"a": b"1"})

    def refuse(*_: object) -> None:
        raise AssertionError("the tree was computed twice")

    monkeypatch.setattr("btczs.store.prepare.update_nodes", refuse)
    monkeypatch.setattr("btczs.store.prepare.compute_leaf", refuse)
    store.commit(0, prepared)
    with pytest.raises(AssertionError):
        store.prepare({b"a": b"2"})
    monkeypatch.undo()
    store.check()


def test_keys_and_values_out_of_bounds_change_nothing(kv: KV) -> None:
    store = StateStore(kv, 2)
    root = store.root
    for key in (b"", b"k" * 511):
        with pytest.raises(InvalidKey):
            store.prepare({b"good": b"1", key: b"2"})
        with pytest.raises(InvalidKey):
            store.commit(0, {b"good": b"1", key: None})
        with pytest.raises(InvalidKey):
            store.commit(0, {b"good": b"1"}, {key: b"2"})
    with pytest.raises(InvalidValue):
        store.commit(0, {b"good": bytes((4 << 20) + 1)})
    assert (store.version, store.root, list(kv.scan(b"", None))) == (-1, root, [])
    store.commit(0, {b"k" * 510: bytes(4 << 20)})
    store.check()


class FailingKV(MemoryKV):
    """Fails once: before the write, or after it (as an interrupt would)."""

    fail_before: BaseException | None = None
    fail_after: BaseException | None = None

    def write(self, changes: Mapping[bytes, bytes | None], /) -> None:
        before, after = self.fail_before, self.fail_after
        self.fail_before = self.fail_after = None
        if before is not None:
            raise before
        super().write(changes)
        if after is not None:
            raise after


@pytest.mark.parametrize("action", ["commit", "rollback"])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_failed_write_leaves_memory_and_disk_agreeing(action: str, moment: str) -> None:
    kv = FailingKV()
    store = StateStore(kv, 3)
    roots = [store.commit(version, {b"a": b"%d" % version}) for version in range(2)]
    error = StoreFull("no space") if moment == "before" else KeyboardInterrupt()
    setattr(kv, f"fail_{moment}", error)
    with pytest.raises(type(error)):
        store.commit(2, {b"a": b"2"}) if action == "commit" else store.rollback(0)
    expected = 1 if moment == "before" else {"commit": 2, "rollback": 0}[action]
    assert store.version == expected == StateStore(kv, 3).version
    assert store.get(b"a") == b"%d" % expected
    store.check()
    proof = store.prove(b"a")
    verify_state_proof(store.root, b"a", b"%d" % expected, proof)
    assert store.rollback(0) == roots[0]
    store.check()


DAMAGE = {
    "a value": {b"sa": b"other"},
    "a lost value": {b"sa": None},
    "an extra key": {b"szz": b"1"},
    "an empty bucket": {b"t\x00\x00": b""},
}


@pytest.mark.parametrize("changes", DAMAGE.values(), ids=DAMAGE.keys())
def test_check_finds_a_state_that_the_root_does_not_cover(
    kv: KV, changes: dict[bytes, bytes | None]
) -> None:
    store = StateStore(kv, 2)
    store.commit(0, {b"a": b"1", b"b": b"2"})
    store.check()
    kv.write(changes)
    with pytest.raises(StoreCorrupt):
        store.check()


def test_a_damaged_tree_or_head_is_found_when_opening(kv: KV) -> None:
    StateStore(kv, 2).commit(0, {b"a": b"1", b"b": b"2"})
    tree_key, entries = next(iter(kv.scan(b"t", b"u")))
    head = kv.get(b"mhead")
    assert head is not None
    damages: list[dict[bytes, bytes | None]] = [
        {tree_key: None},
        {tree_key: entries[:-1] + bytes([entries[-1] ^ 1])},
        {b"t\x00": entries},
        {b"t\x00\x00\x00": entries},
        {b"mhead": None},
        {b"mhead": b""},
        {b"mhead": head[:-1] + bytes([head[-1] ^ 1])},
        {b"mhead": encode_record(Head(FORMAT + 1, 0, bytes(32)))},
    ]
    for damage in damages:
        good = {key: kv.get(key) for key in damage}
        kv.write(damage)
        with pytest.raises(StoreCorrupt):
            StateStore(kv, 2)
        kv.write(good)
        StateStore(kv, 2).check()


def test_damaged_undo_is_refused_and_changes_nothing(kv: KV) -> None:
    store = StateStore(kv, 3)
    for version in range(3):
        store.commit(version, {b"a": b"%d" % version})
    key = b"u" + (1).to_bytes(8, "big")
    good = kv.get(key)
    assert good is not None
    lie = encode_record(Undo(store.root, {b"sa": b"never"}))
    for bad in (
        None,
        b"",
        b"12345",
        good[:-1],
        good + b"\x00",
        good[:20] + b"\xff" + good[21:],
        lie,
    ):
        kv.write({key: bad})
        before = list(kv.scan(b"", None))
        with pytest.raises(StoreCorrupt):
            store.rollback(0)
        assert list(kv.scan(b"", None)) == before
    kv.write({key: good})
    store.rollback(0)
    assert store.get(b"a") == b"0"


def test_a_flipped_bit_in_an_undone_side_table_is_noticed(kv: KV) -> None:
    """Side tables have no root: only the checksum of the record speaks for them."""
    store = StateStore(kv, 3)
    store.commit(0, {}, {b"receipt": b"paid"})
    store.commit(1, {}, {b"receipt": b"gone"})
    key = b"u" + (1).to_bytes(8, "big")
    record = kv.get(key)
    assert record is not None
    assert b"paid" in record
    kv.write({key: record.replace(b"paid", b"pahd")})
    with pytest.raises(StoreCorrupt, match="checksum"):
        store.rollback(0)


def test_fewer_undo_versions_prune_more_when_reopened(kv: KV) -> None:
    store = StateStore(kv, 5)
    for version in range(5):
        store.commit(version, {b"a": b"%d" % version})
    assert store.version_oldest == -1
    store = StateStore(kv, 2)
    store.commit(5, {})
    assert store.version_oldest == 3
    store.rollback(3)
    assert store.get(b"a") == b"3"
    with pytest.raises(NoUndo):
        store.rollback(4)


def test_records_round_trip_and_refuse_other_types() -> None:
    head, undo = Head(FORMAT, 7, bytes(32)), Undo(b"r" * 32, {b"sk": None, b"xk": b"", b"s": b"1"})
    assert decode_head(encode_record(head)) == head
    assert decode_undo(encode_record(undo)) == undo
    with pytest.raises(StoreCorrupt):
        decode_head(encode_record(undo))
    with pytest.raises(StoreCorrupt):
        decode_undo(encode_record(head))


def test_readers_in_other_threads_never_see_part_of_a_commit(kv: KV) -> None:
    """Every commit sets all keys to one value; a mixture would be a torn read."""
    store = StateStore(kv, 2)
    keys = [b"%d" % number for number in range(20)]
    store.commit(0, dict.fromkeys(keys, b"0"), {b"side": b"0"})
    stop, problems, looks = threading.Event(), [], []

    def read() -> None:
        while not stop.is_set():
            with store.snapshot() as view:
                values = {value for _, value in view.scan(b"", None)}
                values.add(view.side_get(b"side") or b"")
                if values != {b"%d" % view.version}:
                    problems.append((view.version, values))
            value, proof, version, root = store.get_proven(keys[0])
            verify_state_proof(root, keys[0], b"%d" % version, proof)
            looks.append(value)

    def guarded() -> None:
        try:
            read()
        except BaseException as error:
            problems.append(error)
            raise

    threads = [threading.Thread(target=guarded) for _ in range(2)]
    for thread in threads:
        thread.start()
    for version in range(1, 60):
        value = b"%d" % version
        store.commit(version, dict.fromkeys(keys, value), {b"side": value})
    stop.set()
    for thread in threads:
        thread.join(30)
    assert problems == []
    assert looks
