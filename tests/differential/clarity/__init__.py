"""Random Clarity programs, run here and in the reference interpreter, must give the same.

`python -m tests.differential.clarity --programs 20000 --seed 1` runs as many as wanted; the test
beside runs a few. Needs Node.js and `npm ci` in the folder `node`.

- `generator`: well-typed programs of every version, `mutations`: almost well-typed ones.
- `oracle`: the reference interpreter in WebAssembly, behind a pipe. `ours`: the machine here.
- `comparison`: what counts as a difference, and the rules for the ones that are explained.
- `reduction`: the smallest part of a program that still differs.
"""
