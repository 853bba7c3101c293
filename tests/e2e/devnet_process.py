"""A devnet in a process of its own, so that it can be killed.

Imported, this is `DevnetProcess`; run, it is the process: it prints one line of JSON with its ports,
and ends in good order when its standard input ends, so that it never outlives the test.
"""

import asyncio
import json
import logging
import os
import select
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any

START_S_MAX = 30.0
STOP_S_MAX = 20.0


class DevnetProcess:
    """`start` it, `kill` it as a power cut would, `start` it again on the same data and ports."""

    def __init__(self, data: Path, *, l1_block_time_s: float = 1.0, miners: int = 2) -> None:
        self.data = data
        self.log = data.with_name(f"{data.name}.log")
        self.settings = {"data": str(data), "l1_block_time_s": l1_block_time_s, "miners": miners}
        self.ports = {"api_port": 0, "l1_port": 0}
        self.exit_code: int | None = None
        """Of the last process that was ended; minus the signal if a signal ended it."""
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Of the HTTP API."""
        return f"http://127.0.0.1:{self.ports['api_port']}"

    @property
    def l1_url(self) -> str:
        """Of layer 1's JSON-RPC."""
        return f"http://127.0.0.1:{self.ports['l1_port']}"

    def start(self) -> None:
        """Returns when it listens: on any free ports the first time, on the same ones later."""
        self.launch()
        try:
            self.ports = json.loads(self._read_line())
        except BaseException:
            self.kill()
            raise

    def launch(self) -> None:
        """Starts it and does not wait."""
        assert self._process is None, "it runs already"
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, __file__, json.dumps({**self.settings, **self.ports})],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
            )

    def kill(self) -> None:
        """SIGKILL, and no restart before the process is gone."""
        process = self._process
        self._process = None
        if process is not None:
            process.kill()
            self.exit_code = process.wait()
            self._close_pipes(process)

    def stop(self) -> int:
        """Ends it in good order and gives its exit code."""
        process = self._process
        assert process is not None, "it does not run"
        assert process.stdin is not None
        process.stdin.close()
        try:
            return process.wait(STOP_S_MAX)
        finally:
            self.kill()

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def get_log_tail(self) -> str:
        """The last lines it wrote: for the message of a failing test."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-40:])

    def __enter__(self) -> "DevnetProcess":
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()

    def _read_line(self) -> bytes:
        process = self._process
        assert process is not None
        assert process.stdout is not None
        deadline = time.monotonic() + START_S_MAX
        line = b""
        while not line.endswith(b"\n"):
            left = max(0.0, deadline - time.monotonic())
            ready, _, _ = select.select([process.stdout], [], [], left)
            piece = os.read(process.stdout.fileno(), 4096) if ready else b""
            if not piece:
                raise AssertionError(f"the devnet did not start:\n{self.get_log_tail()}")
            line += piece
        return line

    @staticmethod
    def _close_pipes(process: subprocess.Popen[bytes]) -> None:
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


async def run(settings: dict[str, Any]) -> None:
    """The life of the process."""
    from btczs.node.devnet import Devnet
    from btczs.node.options import DevnetOptions

    data = Path(settings.pop("data"))
    devnet = Devnet(DevnetOptions(data=data, rpc_port=None, **settings))
    await devnet.start()
    server = devnet.node.server
    assert server is not None
    print(json.dumps({"api_port": server.port, "l1_port": devnet.l1_server.port}), flush=True)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_reader(sys.stdin.fileno(), stop.set)
    await devnet.run_until(stop)
    asyncio.get_running_loop().remove_reader(sys.stdin.fileno())
    await devnet.stop()


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    asyncio.run(run(json.loads(sys.argv[1])))
