"""An overlay is a dict above its base: reads, order, nesting, marks."""

from collections.abc import Iterator

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from btczs.store import InvalidKey, InvalidValue, MemoryKV, Overlay

KEYS = st.binary(min_size=1, max_size=2).map(lambda key: bytes(b % 4 for b in key))
VALUES = st.binary(max_size=2)


class OverlayMachine(RuleBasedStateMachine):
    """A stack of nested overlays, each with marks, against a stack of plain dicts."""

    def __init__(self) -> None:
        super().__init__()
        kv = MemoryKV()
        base: dict[bytes, bytes | None] = {bytes([a, b]): b"base" for a in range(4) for b in (0, 3)}
        kv.write(base)
        self.overlays = [Overlay(kv)]
        self.models = [{k: v for k, v in base.items() if v is not None}]
        self.marks: list[list[tuple[int, dict[bytes, bytes]]]] = [[]]

    @rule(key=KEYS, value=VALUES)
    def put(self, key: bytes, value: bytes) -> None:
        self.overlays[-1].put(key, value)
        self.models[-1][key] = value

    @rule(key=KEYS)
    def delete(self, key: bytes) -> None:
        self.overlays[-1].delete(key)
        self.models[-1].pop(key, None)

    @rule()
    def checkpoint(self) -> None:
        self.marks[-1].append((self.overlays[-1].checkpoint(), dict(self.models[-1])))

    @precondition(lambda self: self.marks[-1])
    @rule(back=st.integers(0, 3))
    def revert(self, back: int) -> None:
        marks = self.marks[-1]
        index = max(0, len(marks) - 1 - back)
        mark, model = marks[index]
        del marks[index + 1 :]  # the mark itself may be returned to again
        self.overlays[-1].revert(mark)
        self.models[-1] = dict(model)

    @precondition(lambda self: len(self.overlays) < 4)
    @rule()
    def nest(self) -> None:
        self.overlays.append(Overlay(self.overlays[-1]))
        self.models.append(dict(self.models[-1]))
        self.marks.append([])

    @precondition(lambda self: len(self.overlays) > 1)
    @rule()
    def merge(self) -> None:
        self.overlays[-1].merge()
        assert self.overlays.pop().changes() == {}
        self.models[-2:] = [self.models[-1]]
        self.marks.pop()

    @precondition(lambda self: len(self.overlays) > 1)
    @rule()
    def discard(self) -> None:
        self.overlays[-1].discard()
        self.overlays.pop()
        self.models.pop()
        self.marks.pop()

    @rule(start=st.just(b"") | KEYS, stop=st.none() | KEYS)
    def scan(self, start: bytes, stop: bytes | None) -> None:
        expected = sorted(
            (k, v) for k, v in self.models[-1].items() if start <= k and (stop is None or k < stop)
        )
        assert list(self.overlays[-1].scan(start, stop)) == expected

    @rule(key=KEYS)
    def get(self, key: bytes) -> None:
        assert self.overlays[-1].get(key) == self.models[-1].get(key)

    @invariant()
    def changes_lead_from_base_to_top(self) -> None:
        for index in range(1, len(self.overlays)):
            below = dict(self.models[index - 1])
            for key, value in self.overlays[index].changes().items():
                if value is None:
                    below.pop(key, None)
                else:
                    below[key] = value
            assert below == self.models[index]

    def teardown(self) -> None:
        for overlay, model in zip(self.overlays, self.models, strict=True):
            assert list(overlay.scan(b"", None)) == sorted(model.items())


OverlayMachine.TestCase.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)
TestOverlay = OverlayMachine.TestCase


def test_changes_is_a_copy_relative_to_the_base() -> None:
    kv = MemoryKV()
    kv.write({b"a": b"1", b"b": b"2"})
    overlay = Overlay(kv)
    overlay.put(b"a", b"9")
    overlay.delete(b"b")
    overlay.delete(b"never")
    changes = overlay.changes()
    assert changes == {b"a": b"9", b"b": None, b"never": None}
    changes[b"c"] = b"mine"
    assert overlay.get(b"c") is None
    assert kv.get(b"a") == b"1"


def test_reverting_below_a_merge_undoes_the_merge() -> None:
    outer = Overlay(MemoryKV())
    outer.put(b"k", b"1")
    mark = outer.checkpoint()
    inner = Overlay(outer)
    inner.put(b"k", b"2")
    inner.put(b"new", b"3")
    inner.merge()
    assert (outer.get(b"k"), outer.get(b"new")) == (b"2", b"3")
    outer.revert(mark)
    assert outer.changes() == {b"k": b"1"}


def test_a_discarded_overlay_forgets_changes_and_marks() -> None:
    overlay = Overlay(MemoryKV())
    overlay.checkpoint()
    overlay.put(b"k", b"1")
    overlay.discard()
    assert overlay.changes() == {}
    with pytest.raises(AssertionError):
        overlay.revert(0)
    assert overlay.checkpoint() == 0


def test_misuse_stops_at_once() -> None:
    overlay = Overlay(MemoryKV())
    with pytest.raises(AssertionError):
        overlay.merge()
    mark = overlay.checkpoint()
    overlay.put(b"k", b"1")
    later = overlay.checkpoint()
    overlay.revert(mark)
    with pytest.raises(AssertionError):
        overlay.revert(later)


@pytest.mark.parametrize("key", [b"", b"k" * 511])
def test_keys_the_state_cannot_hold_are_refused_early(key: bytes) -> None:
    overlay = Overlay(MemoryKV())
    with pytest.raises(InvalidKey) as caught:
        overlay.put(key, b"v")
    assert (caught.value.length, caught.value.limit) == (len(key), 510)
    with pytest.raises(InvalidKey):
        overlay.delete(key)
    assert overlay.changes() == {}


def test_values_up_to_one_mebibyte_are_accepted() -> None:
    overlay = Overlay(MemoryKV())
    overlay.put(b"k" * 510, bytes(4 << 20))
    with pytest.raises(InvalidValue) as caught:
        overlay.put(b"k", bytes((4 << 20) + 1))
    assert caught.value.limit == 4 << 20
    assert list(overlay.changes()) == [b"k" * 510]


def test_a_scan_in_progress_does_not_see_later_changes() -> None:
    overlay = Overlay(MemoryKV())
    overlay.put(b"a", b"1")
    overlay.put(b"b", b"2")

    def consume() -> Iterator[tuple[bytes, bytes]]:
        for key, value in overlay.scan(b"", None):
            overlay.put(key + b"!", value)
            overlay.delete(b"b")
            yield key, value

    assert list(consume()) == [(b"a", b"1"), (b"b", b"2")]
    assert list(overlay.scan(b"", None)) == [(b"a", b"1"), (b"a!", b"1"), (b"b!", b"2")]
