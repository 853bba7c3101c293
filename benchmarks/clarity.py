"""The Clarity programs beside the reference interpreter and the floor: `python -m benchmarks.clarity`.

The same as `python -m benchmarks clarity`; what is measured stands in `bench_clarity`.
"""

import sys

from benchmarks.__main__ import run_all
from benchmarks.harness import Size

if __name__ == "__main__":
    sys.exit(run_all(["clarity"], Size("--quick" in sys.argv), as_json="--json" in sys.argv))
