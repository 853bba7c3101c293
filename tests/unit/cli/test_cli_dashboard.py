"""The dashboard: a whole picture in every size, and a line for everything that happens."""

import asyncio
import io
from collections.abc import Iterator

import msgspec
import pytest
from rich.console import Console
from sample_view import make_view

from btczs.cli.dashboard import Page, render
from btczs.cli.devnet import run
from btczs.cli.live import _Keys, compute_events, describe_event, print_welcome
from btczs.node.dashboard_view import DashboardView, L1View

SNAPSHOT_80 = """\
 btczs  devnet  up 3 min 12 s  mempool 17                  http://127.0.0.1:3999
╭─ layer 1 · BitcoinZ ─────────────────╮╭─ mining ─────────────────────────────╮
│ height 1,152   next block in 2 s     ││ tenure 57  by miner-1  for 1m        │
│ height hash                  txs age ││ epoch winner         commits  burned │
│   1152 ad3c20000…              2  0s ││    60 miner-0              2 25k zat │
│   1151 8df62a51a…              3  3s ││    59 miner-1              2 25k zat │
│   1150 0e5d3b6f6…              2  6s ││    58 miner-0              2 25k zat │
╰──────────────────────────────────────╯╰──────────────────────────────────────╯
"""


def draw(view: DashboardView, width: int, height: int, page: Page = "main") -> str:
    console = Console(width=width, height=height, file=io.StringIO(), color_system=None)
    with console.capture() as captured:
        console.print(render(view, width, height, page), height=height)
    return captured.get()


def test_the_upper_part_at_80_columns() -> None:
    assert draw(make_view(), 80, 24).startswith(SNAPSHOT_80)


@pytest.mark.parametrize(("width", "height"), [(80, 24), (100, 30), (120, 40), (200, 60), (40, 10)])
@pytest.mark.parametrize("page", ["main", "accounts"])
def test_it_fills_the_terminal_and_no_more(width: int, height: int, page: Page) -> None:
    lines = draw(make_view(problems=("a problem " * 30,)), width, height, page).splitlines()
    assert len(lines) == height
    assert all(len(line) <= width for line in lines)


def test_all_that_matters_is_on_a_small_terminal() -> None:
    text = draw(make_view(), 80, 24)
    for wanted in ("tenure 57", "1152", "903", "4/4", "◑ signed", "● final", "○ pending", "acc-0",
                   "× dropped", "a accounts", "q quit"):  # fmt: skip
        assert wanted in text, wanted


def test_a_problem_is_seen() -> None:
    assert "! layer 1 is silent" in draw(make_view(problems=("layer 1 is silent",)), 80, 24)


def test_secrets_are_only_on_the_page_that_says_what_they_are() -> None:
    view = make_view()
    assert not any(account.secret in draw(view, 200, 60) for account in view.accounts)
    for width, height in ((80, 24), (160, 30)):
        page = draw(view, width, height, "accounts")
        assert "DEVELOPMENT ONLY" in page
        assert all(account.secret in page and account.address in page for account in view.accounts)


def test_a_devnet_that_has_just_begun() -> None:
    empty = DashboardView(network="devnet", time=0, uptime_s=0, l1=L1View(0, "00" * 32))
    text = draw(empty, 80, 24)
    assert "no tenure yet" in text
    assert "no block yet" in text


def test_what_happens_is_told_once_and_in_order() -> None:
    after = make_view()
    before = msgspec.structs.replace(
        after,
        l1=L1View(1151, after.l1.blocks[1].hash, None, after.l1.blocks[1:]),
        blocks=after.blocks[1:],
        transactions=(
            msgspec.structs.replace(after.transactions[0], state="unknown"),
            *after.transactions[1:],
        ),
    )
    events = compute_events(before, after)
    assert [event["event"] for event in events] == ["l1_block", "block", "transaction"]
    assert [describe_event(event).split()[0] for event in events] == ["layer", "block", "tx"]
    assert compute_events(after, after) == []
    assert compute_events(after, before)[0] == {"event": "l1_rewind", "from": 1152, "to": 1151}


def test_the_welcome_shows_how_to_begin() -> None:
    view = make_view()
    console = Console(width=160, file=io.StringIO())
    print_welcome(console, view)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert "DEVELOPMENT ONLY" in text
    assert "btczs send --from account-0" in text
    assert all(account.secret in text for account in view.accounts)
    assert all(endpoint.url in text for endpoint in view.endpoints)


def test_keys() -> None:
    stop = asyncio.Event()
    keys = _Keys(stop)
    pages = []
    for key in "axad":
        keys.handle(key)
        pages.append(keys.page)
    assert pages == ["accounts", "accounts", "main", "main"]
    assert not stop.is_set()
    keys.handle("q")
    assert stop.is_set()


class FakeDevnet:
    """Runs for a moment; `fails` is the error of ours that ends it."""

    def __init__(self, fails: Exception | None = None) -> None:
        self.calls: list[str] = []
        self._fails = fails
        self._views: Iterator[DashboardView] = iter(())

    async def start(self) -> None:
        self.calls.append("start")

    def view(self) -> DashboardView:
        return make_view()

    async def run_until(self, stop: asyncio.Event) -> None:
        assert not stop.is_set()
        await asyncio.sleep(0.01)
        if self._fails:
            raise self._fails
        await asyncio.sleep(0.01)

    async def stop(self) -> None:
        self.calls.append("stop")


def test_a_devnet_is_always_stopped(capsys: pytest.CaptureFixture[str]) -> None:
    good = FakeDevnet()
    asyncio.run(run(good, is_live=False))
    assert good.calls == ["start", "stop"]
    assert "DEVELOPMENT ONLY" in capsys.readouterr().out
    bad = FakeDevnet(RuntimeError("ours"))
    with pytest.raises(RuntimeError, match="ours"):
        asyncio.run(run(bad, is_live=False, as_json=True))
    assert bad.calls == ["start", "stop"]
