"""One process of atheris that feeds one target until its time is over.

`python -m fuzz.clarity.engine TARGET ARGUMENTS-OF-LIBFUZZER…`, started by `run`. Modules of btczs
are instrumented while they are imported, so nothing of btczs may be imported before.
"""

import os
import random
import sys
from collections.abc import Callable

import atheris

from fuzz.clarity.mutate_values import mutate_value
from fuzz.clarity.targets import TARGETS, corpus_of, crashes_of, load_check

LAUNCHER = "BTCZS_FUZZ_LAUNCHER"
"""Environment: the program by which libFuzzer starts this one again, which merging does."""


def main() -> None:
    """Feeds the target that the first argument names."""
    sys.argv[0] = os.environ.get(LAUNCHER, sys.argv[0])
    target = sys.argv.pop(1)
    assert target in TARGETS, target
    with atheris.instrument_imports(include=["btczs.vm", "btczs.codec"]):
        check = load_check(target)
        for path in sorted(corpus_of(target).glob("*"))[:50]:
            check(path.read_bytes())  # also imports what is imported late
        from fuzz.clarity.findings import Findings
    findings = Findings(crashes_of(target))
    mutator = _change_value if target == "codec" else _make_mutator(target)

    def run_one(data: bytes) -> None:
        findings.run(check, data)

    atheris.Setup(sys.argv, run_one, custom_mutator=mutator)
    atheris.Fuzz()


def _change_value(data: bytes, size_max: int, seed: int) -> bytes:
    """Half of the changes keep counts in order; the first byte chooses the question."""
    rng = random.Random(seed)
    if rng.randrange(2) == 0 or len(data) < 2 or data[0] % 4 > 1:
        return bytes(atheris.Mutate(data, size_max))
    return (data[:1] + mutate_value(data[1:], rng))[:size_max]


def _make_mutator(target: str) -> Callable[[bytes, int, int], bytes]:
    """Half of the changes keep brackets in order (of programs to be analysed: three quarters)."""
    from fuzz.clarity.mutate import Programs
    from fuzz.clarity.texts import to_text

    programs = Programs([to_text(path.read_bytes()) for path in corpus_of(target).glob("*")])
    of_bytes = 4 if target == "analysis" else 2

    def mutate(data: bytes, size_max: int, seed: int) -> bytes:
        rng = random.Random(seed)
        if rng.randrange(of_bytes) == 0:
            return bytes(atheris.Mutate(data, size_max))
        text = programs.mutate(to_text(data), rng, size_max)
        return text.encode("utf-8", "surrogatepass")[:size_max]

    return mutate


if __name__ == "__main__":
    main()
