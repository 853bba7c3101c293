"""Both key-value stores behave as one sorted dict with atomic writes."""

import tempfile
from contextlib import ExitStack
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from btczs.store import KV, InvalidKey, MemoryKV, Reader
from btczs.store.kv import KEY_BYTES_MAX, prefix_end
from btczs.store.lmdb import LmdbKV

KEYS = st.one_of(
    st.binary(min_size=1, max_size=3),
    st.sampled_from([b"a" * KEY_BYTES_MAX, b"\xff", b"\xff\xff", b"\x00"]),
)
VALUES = st.binary(max_size=5)


def model_scan(model: dict[bytes, bytes], start: bytes, stop: bytes | None) -> list[Any]:
    return sorted((k, v) for k, v in model.items() if start <= k and (stop is None or k < stop))


class KVMachine(RuleBasedStateMachine):
    """MemoryKV and LmdbKV side by side with a dict; snapshots remember their moment."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        folder = self.stack.enter_context(tempfile.TemporaryDirectory())
        self.stores: list[KV] = [MemoryKV(), LmdbKV(folder)]
        self.model: dict[bytes, bytes] = {}
        self.snapshots: list[tuple[ExitStack, list[Reader], dict[bytes, bytes]]] = []

    @rule(changes=st.dictionaries(KEYS, st.none() | VALUES, max_size=6))
    def write(self, changes: dict[bytes, bytes | None]) -> None:
        for store in self.stores:
            store.write(changes)
        for key, value in changes.items():
            if value is None:
                self.model.pop(key, None)
            else:
                self.model[key] = value

    @rule(changes=st.dictionaries(KEYS, VALUES, max_size=3), bad=st.sampled_from([b"", b"k" * 512]))
    def refused_write(self, changes: dict[bytes, bytes], bad: bytes) -> None:
        for store in self.stores:
            with pytest.raises(InvalidKey):
                store.write({**changes, bad: b"v"})

    @rule()
    def open_snapshot(self) -> None:
        stack = ExitStack()
        views = [stack.enter_context(store.snapshot()) for store in self.stores]
        self.snapshots.append((stack, views, dict(self.model)))

    @rule(index=st.integers(0, 5))
    def close_snapshot(self, index: int) -> None:
        if index < len(self.snapshots):
            self.snapshots.pop(index)[0].close()

    @rule(start=st.one_of(st.just(b""), KEYS), stop=st.none() | KEYS)
    def scan(self, start: bytes, stop: bytes | None) -> None:
        for store in self.stores:
            assert list(store.scan(start, stop)) == model_scan(self.model, start, stop)

    @rule(key=KEYS)
    def get(self, key: bytes) -> None:
        for store in self.stores:
            assert store.get(key) == self.model.get(key)

    @invariant()
    def snapshots_stay(self) -> None:
        for _, views, model in self.snapshots:
            for view in views:
                assert list(view.scan(b"", None)) == sorted(model.items())
                for key in (b"a", *model):
                    assert view.get(key) == model.get(key)

    def teardown(self) -> None:
        for stack, _, _ in self.snapshots:
            stack.close()
        for store in self.stores:
            store.close()
        self.stack.close()


KVMachine.TestCase.settings = settings(max_examples=30, stateful_step_count=20, deadline=None)
TestKV = KVMachine.TestCase


@pytest.mark.parametrize("key", [b"", b"k" * (KEY_BYTES_MAX + 1)])
def test_keys_that_no_store_can_hold_are_refused(kv: KV, key: bytes) -> None:
    with pytest.raises(InvalidKey) as caught:
        kv.get(key)
    assert caught.value.length == len(key)
    with pytest.raises(InvalidKey):
        kv.write({b"good": b"1", key: b"2"})
    assert kv.get(b"good") is None
    with kv.snapshot() as view, pytest.raises(InvalidKey):
        view.get(key)


def test_a_scan_cannot_start_beyond_the_longest_key(kv: KV) -> None:
    kv.write({b"k" * KEY_BYTES_MAX: b"1"})
    assert list(kv.scan(b"k" * KEY_BYTES_MAX, None)) == [(b"k" * KEY_BYTES_MAX, b"1")]
    assert list(kv.scan(b"", b"k" * 600)) == [(b"k" * KEY_BYTES_MAX, b"1")]
    with pytest.raises(InvalidKey):
        list(kv.scan(b"k" * (KEY_BYTES_MAX + 1), None))


def test_a_scan_in_progress_does_not_see_a_write(kv: KV) -> None:
    kv.write({b"a": b"1", b"b": b"2", b"c": b"3"})
    running = kv.scan(b"", None)
    assert next(running) == (b"a", b"1")
    kv.write({b"b": None, b"c": b"9", b"d": b"4"})
    assert list(running) == [(b"b", b"2"), (b"c", b"3")]
    assert list(kv.scan(b"", None)) == [(b"a", b"1"), (b"c", b"9"), (b"d", b"4")]


def test_empty_and_large_values_are_values(kv: KV) -> None:
    large = bytes(range(256)) * 20_000
    kv.write({b"empty": b"", b"large": large})
    assert (kv.get(b"empty"), kv.get(b"large"), kv.get(b"none")) == (b"", large, None)
    kv.write({b"empty": None, b"none": None})
    assert list(kv.scan(b"", None)) == [(b"large", large)]


def test_closing_twice_is_allowed(kv: KV) -> None:
    kv.close()
    kv.close()


EDGES = st.lists(st.sampled_from([0, 1, 254, 255]), max_size=3).map(bytes)


@given(st.sets(EDGES, max_size=30), EDGES)
def test_prefix_end_bounds_exactly_the_keys_with_the_prefix(
    keys: set[bytes], prefix: bytes
) -> None:
    end = prefix_end(prefix)
    inside = {key for key in keys if prefix <= key and (end is None or key < end)}
    assert inside == {key for key in keys if key.startswith(prefix)}
