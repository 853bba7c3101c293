"""Divides the time of a run over the targets, and keeps what was found.

A run is a sequence of short rounds, each a process of its own: what is mended meanwhile is in the
next round, and one target does not wait for another. Every round starts from the corpus and from
what earlier rounds found. At the end `--merge` reduces that to the smallest set that reaches the
same, and adds it to the corpus.
"""

import argparse
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from fuzz.clarity.dictionary import dictionary_text
from fuzz.clarity.targets import HERE, INPUT_BYTES_MAX, TARGETS, corpus_of, crashes_of, work_of

ROOT: Final = HERE.parents[1]
MEMORY_MB_MAX: Final = 3_000
HANG_S_MAX: Final = 60
"""The process is ended by an input that takes longer; below this, slow inputs are only noted."""
ROUND_S: Final = 300
SHORT_BYTES_MAX: Final = 4_096
LONG_EVERY: Final = 3
"""Of so many rounds of a target one admits inputs of `INPUT_BYTES_MAX`, the others short ones:
short inputs find more ways through the code in the same time, long ones find what is slow."""
CORPUS_BYTES_MAX: Final = 2_000_000
"""Of all targets together."""


def main() -> None:
    """`python -m fuzz.clarity --target reader --minutes 60`."""
    parser = argparse.ArgumentParser(prog="python -m fuzz.clarity", description=__doc__)
    parser.add_argument("--target", action="append", choices=TARGETS, help="default: all")
    parser.add_argument("--minutes", type=int, default=60, help="of all targets together")
    parser.add_argument("--round", type=int, default=ROUND_S, help="seconds of one process")
    parser.add_argument(
        "--merge", action="store_true", help="only add what was found to the corpus"
    )
    args = parser.parse_args()
    targets = args.target or list(TARGETS)
    if args.merge:
        for target in targets:
            merge(target)
        return
    run(targets, args.minutes * 60, args.round)


def run(targets: list[str], seconds: int, round_s: int) -> None:
    """Rounds of the targets in turn until the time is over."""
    end = time.monotonic() + seconds
    number = 0
    while (left_s := end - time.monotonic()) > 5:
        turn, place = divmod(number, len(targets))
        is_long = turn % LONG_EVERY == LONG_EVERY - 1
        length_max = INPUT_BYTES_MAX if is_long else SHORT_BYTES_MAX
        number += 1
        told = run_round(targets[place], number, int(min(left_s, round_s)), length_max)
        _log(told)
        print(json.dumps(told), flush=True)  # noqa: T201


def run_round(target: str, number: int, seconds: int, length_max: int) -> dict[str, object]:
    """One process of one target; what it says of itself."""
    work, crashes = work_of(target), crashes_of(target)
    work.mkdir(parents=True, exist_ok=True)
    crashes.mkdir(parents=True, exist_ok=True)
    words = HERE / "work" / "clarity.dict"
    words.write_text(dictionary_text())
    log = HERE / "work" / f"{target}-{number:03}.log"
    arguments = [
        str(work),
        str(corpus_of(target)),
        f"-max_total_time={seconds}",
        f"-timeout={HANG_S_MAX}",
        f"-rss_limit_mb={MEMORY_MB_MAX}",
        f"-max_len={length_max}",
        f"-artifact_prefix={crashes}/",
        "-print_final_stats=1",
        "-use_value_profile=0",
    ]
    if target != "codec":
        arguments.append(f"-dict={words}")
    start = time.monotonic()
    with log.open("wb") as out:
        ended = subprocess.run(
            [sys.executable, "-m", "fuzz.clarity.engine", target, *arguments],
            cwd=ROOT,
            stdout=out,
            stderr=subprocess.STDOUT,
            check=False,
        )
    told = summary(log.read_text(errors="replace"))
    return {
        "target": target,
        "round": number,
        "length_max": length_max,
        "seconds": round(time.monotonic() - start),
        "exit": ended.returncode,
        **told,
    }


def summary(log: str) -> dict[str, int]:
    """Executions, edges and findings that libFuzzer's output tells."""
    states = re.findall(r"^#(\d+)\s.* cov: (\d+) ft: (\d+) corp: (\d+)/", log, re.MULTILINE)
    executions = re.search(r"number_of_executed_units:\s+(\d+)", log)
    last = states[-1] if states else ("0", "0", "0", "0")
    peak = re.search(r"peak_rss_mb:\s+(\d+)", log)
    return {
        "executions": int(executions.group(1) if executions else last[0]),
        "edges": int(last[1]),
        "features": int(last[2]),
        "inputs": int(last[3]),
        "peak_mb": int(peak.group(1)) if peak else 0,
        "findings": len(re.findall(r"^FINDING ", log, re.MULTILINE)),
    }


def merge(target: str) -> None:
    """Adds to the corpus the fewest inputs that reach what the work folder reaches."""
    corpus, work = corpus_of(target), work_of(target)
    small = HERE / "work" / f"{target}-merged"
    shutil.rmtree(small, ignore_errors=True)
    small.mkdir(parents=True)
    engine = [sys.executable, "-m", "fuzz.clarity.engine", target]
    launcher = HERE / "work" / f"{target}.sh"
    launcher.write_text(f'#!/bin/sh\nexec {shlex.join(engine)} "$@"\n')
    launcher.chmod(0o755)
    arguments = ["-set_cover_merge=1", f"-max_len={INPUT_BYTES_MAX}", str(small), str(work)]
    environment = {**os.environ, "BTCZS_FUZZ_LAUNCHER": str(launcher)}
    subprocess.run([*engine, *arguments], cwd=ROOT, env=environment, check=True)
    known = {path.read_bytes() for path in corpus.iterdir()}
    room = CORPUS_BYTES_MAX // len(TARGETS) - sum(map(len, known))
    for path in sorted(small.iterdir(), key=lambda path: path.stat().st_size):
        data = path.read_bytes()
        room -= len(data)
        if room < 0:
            break
        if data not in known:
            (corpus / path.name).write_bytes(data)


def _log(told: dict[str, object]) -> None:
    with (HERE / "work" / "rounds.jsonl").open("a") as out:
        out.write(json.dumps(told) + "\n")


def read_rounds(path: Path) -> list[dict[str, int | str]]:
    """What `_log` wrote."""
    return [json.loads(line) for line in path.read_text().splitlines()]
