"""Reports which cases of the Clarity vectors were not judged, and why."""

import sys
from collections import Counter
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent
for _folder in (_HERE, _HERE.parent):
    if str(_folder) not in sys.path:
        sys.path.append(str(_folder))

CASES_SHOWN_MAX = 12


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Every case that was not judged, by category and reason (also under pytest-xdist)."""
    from exclusions import EXCLUDED

    found: dict[str, Counter[str]] = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", None) != "call":
                continue
            for name, value in getattr(report, "user_properties", ()):
                if name == EXCLUDED:
                    reason, case = value
                    found.setdefault(reason, Counter())[case] += 1
    if not found:
        return
    terminalreporter.section("Clarity vectors that were not judged")
    for reason in sorted(found):
        cases = found[reason]
        terminalreporter.write_line(f"{cases.total():6}  {reason}")
        for case, count in list(cases.items())[:CASES_SHOWN_MAX]:
            terminalreporter.write_line(f"          {case}" + (f" x{count}" if count > 1 else ""))
        if len(cases) > CASES_SHOWN_MAX:
            terminalreporter.write_line(f"          and {len(cases) - CASES_SHOWN_MAX} more")
