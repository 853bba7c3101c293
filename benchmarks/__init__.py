"""Benchmarks: `python -m benchmarks`, or `make bench`. See README.md for how to read them.

Every module `bench_<name>` has a function `run(size) -> list[Table]`; `harness` has the rest.
"""
