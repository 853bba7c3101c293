"""Compiled code against the interpreter, on random programs.

The interpreter defines what contract code does; compiled code must be its equal, in value, kind of
error, events, moves, state and every dimension of cost. What it leaves to the interpreter counts as
neither equal nor different, but it must leave no trace.

    python -m tests.differential.tiers --programs 20000 --seed 1
"""
