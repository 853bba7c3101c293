"""How values look to people: states, ages, shortened hashes. One look everywhere."""

import time
from datetime import UTC, datetime
from typing import Final

from rich.text import Text

STATE_LOOKS: Final = {
    "pending": ("○", "yellow"),
    "mined": ("◔", "bright_blue"),
    "signed": ("◑", "cyan"),
    "anchored": ("◕", "magenta"),
    "final": ("●", "green"),
    "dropped": ("×", "red"),
}
"""The circle fills as a transaction comes closer to being final."""


def render_state(state: str) -> Text:
    """`◑ signed`, in its colour."""
    symbol, colour = STATE_LOOKS.get(state, ("?", "red"))
    return Text(f"{symbol} {state}", colour, no_wrap=True)


def shorten_hash(text: str, chars: int) -> str:
    """The first `chars` characters, without 0x."""
    digits = text.removeprefix("0x")
    return digits if len(digits) <= chars else digits[: chars - 1] + "…"


def shorten_address(text: str, chars: int) -> str:
    """`ST1P…ZGM`: both ends, since the beginnings are alike."""
    if len(text) <= chars:
        return text
    tail = max(1, chars // 2 - 1)
    return f"{text[: chars - tail - 1]}…{text[-tail:]}"


def format_duration(seconds: int) -> str:
    """`42 s`, `3 min 05 s`, `2 h 07 min`, `3 d 4 h`."""
    seconds = max(0, int(seconds))
    if seconds < 60:
        return f"{seconds} s"
    minutes, rest = divmod(seconds, 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes:02d} min"
    return f"{hours // 24} d {hours % 24} h"


def format_age(seconds: int) -> str:
    """One unit is enough for an age: `42s`, `3m`, `2h`, `9d`."""
    seconds = max(0, int(seconds))
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m")):
        if seconds >= size:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def format_count(number: int) -> str:
    """`950`, `12k`, `3M`: whole numbers only, rounded down."""
    for size, unit in ((10**9, "G"), (10**6, "M"), (10**4, "k")):
        if number >= size:
            return f"{number // (1000 if unit == 'k' else size)}{unit}"
    return str(number)


def format_time(timestamp: int) -> str:
    """`2026-01-31 12:00:00 UTC (3m ago)`."""
    moment = datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    return f"{moment} ({format_age(int(time.time()) - timestamp)} ago)"
