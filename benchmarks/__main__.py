"""Runs all benchmarks, or those named.

    python -m benchmarks [name...] [--json] [--quick] [--list]

The exit code is 1 if a bar is not met, so a script can tell.
"""

import argparse
import json
import os
import platform
import sys
from importlib import import_module
from pathlib import Path

from benchmarks.harness import Size, Table, show, to_data

PREFIX = "bench_"


def main() -> int:
    names = find_names()
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"of: {', '.join(names)}")
    parser.add_argument("--json", action="store_true", help="one JSON document")
    parser.add_argument("--quick", action="store_true", help="small sizes, to try it out")
    parser.add_argument("--list", action="store_true", help="the names of the benchmarks")
    arguments = parser.parse_args()
    if arguments.list:
        print("\n".join(names))
        return 0
    unknown = [name for name in arguments.names if name not in names]
    if unknown:
        parser.error(f"no benchmark {', '.join(unknown)}; there are: {', '.join(names)}")
    return run_all(arguments.names or names, Size(arguments.quick), as_json=arguments.json)


def find_names() -> list[str]:
    """Every module `bench_<name>` beside this one."""
    folder = Path(__file__).parent
    return sorted(path.stem.removeprefix(PREFIX) for path in folder.glob(f"{PREFIX}*.py"))


def run_all(names: list[str], size: Size, *, as_json: bool) -> int:
    machine = f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}"
    results: dict[str, list[Table]] = {}
    if not as_json:
        print(f"# {machine}" + (" (quick: these figures mean little)" if size.quick else ""))
    for name in names:
        tables = import_module(f"benchmarks.{PREFIX}{name}").run(size)
        results[name] = tables
        if not as_json:
            print(f"\n## {name}")
            for table in tables:
                print(f"\n{show(table)}", flush=True)
    if as_json:
        data = {name: [to_data(table) for table in tables] for name, tables in results.items()}
        print(json.dumps({"machine": machine, "quick": size.quick, "benchmarks": data}, indent=2))
    bars = [bar for tables in results.values() for table in tables for bar in table.bars]
    return 0 if all(bar.is_met for bar in bars) else 1


if __name__ == "__main__":
    sys.exit(main())
