"""The reference interpreter behind a pipe: programs in, answers out; restarted when it dies."""

import contextlib
import json
import select
import shutil
import subprocess
from pathlib import Path
from typing import Any

import msgspec
from tests.differential.clarity.answers import Answer, Report
from tests.differential.clarity.generator import BALANCE, CONTRACT, Program, deployer_of
from tests.differential.clarity.reference_kinds import kind_and_stage

from btczs.codec.clarity import principal_text

FOLDER = Path(__file__).parent / "node"
PROGRAMS_PER_PROCESS = 400
"""A session gets slower with every contract that it holds."""
ANSWER_TIMEOUT_S = 60


class Died(Exception):
    """The reference interpreter stopped, or did not answer, while it ran a program."""


def missing() -> str | None:
    """Why the reference interpreter cannot run here; None if it can."""
    if shutil.which("node") is None:
        return "Node.js is not here"
    if not (FOLDER / "node_modules" / "@stacks" / "clarinet-sdk-wasm").is_dir():
        return f"the reference interpreter is not installed: npm ci in {FOLDER.name}"
    return None


class Oracle:
    """A process of the reference interpreter."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._done = 0

    def __enter__(self) -> "Oracle":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run(self, program: Program) -> Report:
        """Its answers. Raises `Died`."""
        if self._process is None or self._done >= PROGRAMS_PER_PROCESS:
            self._start()
        self._done += 1
        answer = self._ask(_question(program))
        if answer.get("setup_failed"):
            raise AssertionError(f"the set-up fails there: {answer['error']}")
        return Report(_answer(answer), tuple(_answer(call) for call in answer["calls"]))

    def close(self) -> None:
        if self._process is not None:
            with contextlib.suppress(BrokenPipeError):
                assert self._process.stdin is not None
                self._process.stdin.close()
            self._process.kill()
            self._process.wait()
            assert self._process.stdout is not None
            self._process.stdout.close()
        self._process = None

    def _start(self) -> None:
        self.close()
        self._process = subprocess.Popen(
            ["node", "driver.mjs"],
            cwd=FOLDER,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._done = 0
        ready = self._read()
        assert ready.get("ready"), f"no session: {ready}"

    def _ask(self, question: dict[str, Any]) -> dict[str, Any]:
        assert self._process is not None
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(question) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError as error:
            self.close()
            raise Died("the pipe broke") from error
        return self._read()

    def _read(self) -> dict[str, Any]:
        assert self._process is not None
        assert self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], ANSWER_TIMEOUT_S)
        line = self._process.stdout.readline() if ready else ""
        answer: dict[str, Any] = json.loads(line) if line.strip() else {"panic": "no answer"}
        if "panic" in answer:
            self.close()
            raise Died(answer["panic"])
        return answer


def _question(program: Program) -> dict[str, Any]:
    deployer = principal_text(deployer_of(program))
    return {
        "id": program.id,
        "deployer": deployer,
        "name": CONTRACT,
        "code": program.code,
        "version": program.version,
        "mint": [[deployer, BALANCE]],
        "setup": [msgspec.structs.asdict(setup) for setup in program.setup],
        "calls": [msgspec.structs.asdict(call) for call in program.calls],
    }


def _answer(answer: dict[str, Any]) -> Answer:
    if not answer["ok"]:
        kind, stage = kind_and_stage(answer["error"])
        return Answer(False, kind=kind, stage=stage, detail=answer["error"])
    prints = []
    for text in answer["events"]:
        event = json.loads(text)
        if event["event"] == "print_event":
            prints.append(event["data"]["raw_value"].removeprefix("0x"))
    value = answer["hex"]
    return Answer(True, value=value and value.removeprefix("0x"), prints=tuple(prints))
