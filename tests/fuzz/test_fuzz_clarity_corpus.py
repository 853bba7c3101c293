"""Every input that coverage-guided runs found worth keeping, run again; and the harness itself.

`fuzz/clarity/README.md` tells how to look for more.
"""

import random
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from mutations import bounded

from btczs.codec.clarity import decode_value, encode_value
from btczs.codec.clarity.values import TRUE, ListValue, UIntValue, make_tuple
from btczs.primitives import DecodeError

PROJECT = Path(__file__).parents[2]
if str(PROJECT) not in sys.path:
    sys.path.insert(0, str(PROJECT))

from fuzz.clarity.findings import KEPT_PER_KIND, Findings, SlowInput, timed  # noqa: E402
from fuzz.clarity.mutate import Programs, spans  # noqa: E402
from fuzz.clarity.mutate_values import mutate_value  # noqa: E402
from fuzz.clarity.run import CORPUS_BYTES_MAX, summary  # noqa: E402
from fuzz.clarity.targets import INPUT_TIME_S_MAX, TARGETS, corpus_of, load_check  # noqa: E402
from fuzz.clarity.texts import to_text  # noqa: E402

PARTS = 4
INPUTS_MIN = 60
"""A corpus that was lost is noticed."""


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("target", TARGETS)
def test_no_input_of_the_corpus_breaks_a_promise(target: str, part: int) -> None:
    paths = sorted(path for path in corpus_of(target).iterdir() if path.is_file())
    assert len(paths) >= INPUTS_MIN
    check = load_check(target)
    for path in paths[part::PARTS]:
        with bounded(f"{target} {path.name}"):
            check(path.read_bytes())


def test_the_corpora_stay_small() -> None:
    sizes = [path.stat().st_size for name in TARGETS for path in corpus_of(name).iterdir()]
    assert sum(sizes) <= CORPUS_BYTES_MAX


def test_findings_are_kept_once_per_kind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def check(data: bytes) -> None:
        assert data[0] != 1, "a one"
        if data[0] == 2:
            raise KeyError(data)

    findings = Findings(tmp_path)
    for number in range(40):
        findings.run(check, bytes([number % 4, number]))
    kept = [path for path in tmp_path.iterdir() if not path.suffix]
    assert len(kept) == 2 * KEPT_PER_KIND
    assert {path.read_bytes()[0] for path in kept} == {1, 2}
    assert summary(capsys.readouterr().out)["findings"] == len(kept)


def test_slow_inputs_are_findings(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter((0.0, INPUT_TIME_S_MAX - 0.1, 0.0, INPUT_TIME_S_MAX + 0.1, 0.0, 9.0))
    monkeypatch.setattr(time, "thread_time", lambda: next(clock))
    timed(bytes.hex, b"fast enough")
    with pytest.raises(SlowInput):
        timed(bytes.hex, b"too slow")
    timed(bytes.hex, bytes(65_537))  # what is larger may take longer


def test_mutations_are_bounded_and_differ() -> None:
    source = '(define-public (f (x uint)) (ok {a: (+ x u1), b: "(\\"" }))'
    programs = Programs([source])
    made = {programs.mutate(source, random.Random(seed), 200) for seed in range(200)}
    assert len(made) > 50
    assert max(map(len, made)) <= 200
    assert spans(["(", "a", " ", "(", ")"]) == [(1, 2), (3, 5)]


def test_mutations_of_values_keep_counts_in_order() -> None:
    row = make_tuple(a=UIntValue(1), b=ListValue((TRUE, TRUE)))
    raw = encode_value(ListValue((row, row)))
    made = {mutate_value(raw, random.Random(seed)) for seed in range(200)}
    decoded = set()
    for changed in made:
        with suppress(DecodeError):
            decoded.add(decode_value(changed))
    assert len(made) > 100
    assert len(decoded) > 10
    assert mutate_value(b"", random.Random(1)) != b""


def test_any_bytes_are_a_text() -> None:
    assert to_text(b"\xed\xa0\x80a") == "\ud800a"
    assert to_text(b"\xff(") == "ÿ("
