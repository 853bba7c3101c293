"""Runs random programs in both tiers.

    python -m tests.differential.tiers --programs 20000 --seed 1 --workers 2

Program number n of seed s is always the same: `--seed` shifts the range. The exit code is 1 if a
difference was found.
"""

import argparse
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed

from tests.differential.tiers.campaign import Finding, Summary, run

CHUNK = 100
SEED_STRIDE = 10**9


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.differential.tiers")
    parser.add_argument("--programs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--no-reduction", action="store_true", help="show programs as they are")
    arguments = parser.parse_args()
    first = arguments.seed * SEED_STRIDE
    chunks = [
        range(start, min(start + CHUNK, first + arguments.programs))
        for start in range(first, first + arguments.programs, CHUNK)
    ]
    total, started = Summary(), time.monotonic()
    with ProcessPoolExecutor(arguments.workers) as pool:
        jobs = [pool.submit(run, chunk, reduced=not arguments.no_reduction) for chunk in chunks]
        for job in as_completed(jobs):
            summary = job.result()
            total.add(summary)
            for finding in summary.findings:
                _show_finding(finding)
            done, seconds = total.counts["programs"], time.monotonic() - started
            print(
                f"{done} programs, {total.counts['calls compared']} calls compared, "
                f"{len(total.findings)} findings, {done / seconds:.1f}/s",
                flush=True,
            )
    for title, counts in (("counts", total.counts), ("fallbacks", total.fallbacks)):
        print(f"\n{title}")
        for name, count in counts.most_common():
            print(f"{count:8}  {name}")
    return 1 if total.findings else 0


def _show_finding(finding: Finding) -> None:
    print(f"\n=== seed {finding.seed}, Clarity {finding.program.version}")
    for difference in finding.differences:
        print(difference)
    print(finding.program.code)
    print(f"calls {[(c.fn, list(c.args)) for c in finding.program.calls]}\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
