"""What only the store on disk can do wrong: locks, other processes, limits, damage."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from btczs.store import StateStore, StoreBusy, StoreCorrupt, StoreFull, StoreLocked
from btczs.store import lmdb as lmdb_module
from btczs.store.errors import ReadOnlyStore, StoreFailed, StoreMissing
from btczs.store.lmdb import LmdbKV


def run_python(code: str, *arguments: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_what_was_written_is_there_after_reopening(tmp_path: Path) -> None:
    kv = LmdbKV(tmp_path / "deep" / "kv")
    kv.write({b"a": b"1", b"b": b"2"})
    kv.write({b"a": None})
    kv.close()
    kv = LmdbKV(tmp_path / "deep" / "kv")
    assert list(kv.scan(b"", None)) == [(b"b", b"2")]
    kv.close()


def test_every_commit_is_synchronised(tmp_path: Path) -> None:
    kv = LmdbKV(tmp_path)
    flags = kv._env.flags()
    assert (flags["sync"], flags["metasync"], flags["map_async"]) == (True, True, False)
    kv.close()


def test_a_second_writer_in_this_process_is_refused(tmp_path: Path) -> None:
    kv = LmdbKV(tmp_path)
    with pytest.raises(StoreLocked) as caught:
        LmdbKV(tmp_path)
    assert str(tmp_path) in str(caught.value)
    kv.close()
    LmdbKV(tmp_path).close()


OPEN = """
import sys
from btczs.store.lmdb import LmdbKV
from btczs.store import StoreLocked
try:
    LmdbKV(sys.argv[1])
except StoreLocked as error:
    print(error)
else:
    print("opened")
"""


def test_a_second_writer_process_is_refused_until_the_first_ends(tmp_path: Path) -> None:
    kv = LmdbKV(tmp_path)
    refused = run_python(OPEN, tmp_path)
    assert f"is open for writing by process {os.getpid()}" in refused.stdout
    kv.write({b"still": b"works"})
    kv.close()
    assert run_python(OPEN, tmp_path).stdout == "opened\n"


READ = """
import sys
from btczs.store import StateStore
from btczs.store.lmdb import LmdbKV
store = StateStore(LmdbKV(sys.argv[1], read_only=True, map_size=1 << 20), 4)
print(store.version, store.root.hex(), store.get(b"k"), flush=True)
sys.stdin.readline()
print(store.get(b"k"), len(store.get(b"large")), store.refresh(), store.root.hex(), flush=True)
"""


def test_a_reading_process_sees_new_commits_even_when_the_map_has_grown(tmp_path: Path) -> None:
    kv = LmdbKV(tmp_path, map_size=1 << 20)
    store = StateStore(kv, 4)
    store.commit(0, {b"k": b"old"})
    root_old = store.root
    with subprocess.Popen(
        [sys.executable, "-c", READ, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == f"0 {root_old.hex()} b'old'\n"
        store.commit(1, {b"k": b"new", b"large": bytes(1 << 20)}, {b"x": bytes(1 << 22)})
        out, _ = reader.communicate("\n", timeout=60)
    assert out == f"b'new' {1 << 20} 1 {store.root.hex()}\n"
    store.close()


def test_reading_only_refuses_writes_and_missing_stores(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing):
        LmdbKV(tmp_path / "none", read_only=True)
    assert not (tmp_path / "none").exists()
    LmdbKV(tmp_path / "kv").close()
    kv = LmdbKV(tmp_path / "kv", read_only=True)
    with pytest.raises(ReadOnlyStore):
        kv.write({b"a": b"1"})
    kv.close()


def test_the_map_grows_on_demand_up_to_its_limit(tmp_path: Path) -> None:
    kv = LmdbKV(tmp_path, map_size_max=1 << 22, map_size=1 << 17)
    for number in range(4):
        kv.write({b"%d" % number: bytes(1 << 19)})
    with pytest.raises(StoreFull):
        kv.write({b"small": b"1", b"too much": bytes(1 << 22)})
    assert [key for key, _ in kv.scan(b"", None)] == [b"0", b"1", b"2", b"3"]
    kv.write({b"0": None, b"small": b"1"})
    kv.close()
    kv = LmdbKV(tmp_path, map_size_max=1 << 22, map_size=1 << 17)
    assert kv.get(b"small") == b"1"
    kv.close()


def test_growing_waits_for_snapshots_of_other_threads(tmp_path: Path) -> None:
    kv = LmdbKV(tmp_path, map_size=1 << 17)
    kv.write({b"a": b"1"})
    opened, release, seen = threading.Event(), threading.Event(), []

    def read() -> None:
        with kv.snapshot() as view:
            opened.set()
            release.wait(30)
            seen.append((view.get(b"a"), view.get(b"large")))

    thread = threading.Thread(target=read)
    thread.start()
    assert opened.wait(30)
    threading.Timer(0.2, release.set).start()
    kv.write({b"large": bytes(1 << 20)})
    thread.join(30)
    assert seen == [(b"1", None)]
    assert len(kv.get(b"large") or b"") == 1 << 20
    kv.close()


def test_growing_does_not_wait_for_a_snapshot_that_cannot_end(tmp_path: Path) -> None:
    kv = LmdbKV(tmp_path, map_size=1 << 17)
    started = time.monotonic()
    with kv.snapshot(), pytest.raises(StoreBusy):
        kv.write({b"large": bytes(1 << 20)})
    assert time.monotonic() - started < lmdb_module.GROW_WAIT_S / 2
    kv.write({b"large": bytes(1 << 20)})
    kv.close()


def test_growing_gives_up_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lmdb_module, "GROW_WAIT_S", 0.05)
    kv = LmdbKV(tmp_path, map_size=1 << 17)
    opened, release = threading.Event(), threading.Event()

    def read() -> None:
        with kv.snapshot():
            opened.set()
            release.wait(30)

    thread = threading.Thread(target=read)
    thread.start()
    assert opened.wait(30)
    with pytest.raises(StoreBusy):
        kv.write({b"large": bytes(1 << 20)})
    release.set()
    thread.join(30)
    kv.write({b"large": bytes(1 << 20)})
    kv.close()


def test_a_file_of_another_kind_is_reported_as_corrupt(tmp_path: Path) -> None:
    (tmp_path / "data.mdb").write_bytes(b"not a database, certainly" * 1000)
    for read_only in (False, True):
        with pytest.raises(StoreCorrupt):
            LmdbKV(tmp_path, read_only=read_only)
    (tmp_path / "data.mdb").unlink()
    LmdbKV(tmp_path).close()  # the failed attempt has released its lock


def test_a_path_that_cannot_be_a_folder_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreFailed):
        LmdbKV(tmp_path / "file")


DISK_LIMIT = """
import resource, sys
from btczs.primitives import Unavailable
from btczs.store import StateStore
from btczs.store.lmdb import LmdbKV
store = StateStore(LmdbKV(sys.argv[1]), 4)
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, resource.RLIM_INFINITY))
try:
    for version in range(1000):
        store.commit(version, {b"k%d" % version: bytes(100_000)})
        print(version, store.root.hex(), flush=True)
except Unavailable as error:
    assert store.get(b"k%d" % version) is None
    print(store.version, store.root.hex(), flush=True)
    print(error.code)
"""


def test_a_disk_that_takes_no_more_leaves_the_last_commit(tmp_path: Path) -> None:
    lines = run_python(DISK_LIMIT, tmp_path).stdout.splitlines()
    assert lines[-1] in ("store_full", "store_failed")
    assert len(lines) > 3
    assert lines[-2] == lines[-3]  # memory still names the last acknowledged version
    store = StateStore(LmdbKV(tmp_path), 4)
    assert f"{store.version} {store.root.hex()}" == lines[-2]
    store.check()
    store.commit(store.version + 1, {b"goes on": b"1"})
    store.close()


def test_using_a_closed_store_is_a_failure_not_a_crash(tmp_path: Path) -> None:
    kv = LmdbKV(tmp_path)
    kv.write({b"a": b"1"})
    with kv.snapshot() as view:
        kv.close()
        with pytest.raises(StoreFailed):
            view.get(b"a")
    for use in (
        lambda: kv.get(b"a"),
        lambda: kv.write({b"a": b"2"}),
        lambda: next(kv.scan(b"", None)),
    ):
        with pytest.raises(StoreFailed):
            use()
