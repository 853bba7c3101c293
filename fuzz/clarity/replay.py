"""`python -m fuzz.clarity.replay TARGET FILE…`: runs inputs again and says how long they took."""

import argparse
import time
from pathlib import Path

from fuzz.clarity.targets import TARGETS, load_check


def main() -> None:
    """The exception of the first input that breaks a promise leaves it."""
    parser = argparse.ArgumentParser(prog="python -m fuzz.clarity.replay", description=__doc__)
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("files", nargs="+", type=Path)
    args = parser.parse_args()
    check = load_check(args.target)
    for path in args.files:
        start = time.thread_time()
        check(path.read_bytes())
        print(f"{path.name}: {time.thread_time() - start:.3f} s")  # noqa: T201


if __name__ == "__main__":
    main()
