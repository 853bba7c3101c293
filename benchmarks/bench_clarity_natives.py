"""How much time a runtime unit buys, native by native: where cheap code is slow.

A native whose units are worth much time is a way to fill a block with work that nobody paid for.
Each is called often in one transaction of compiled code, on arguments that are large where its
cost does not depend on them. The table is ordered by µs per 1,000 units; `+` is the baseline.
"""

import statistics
import time
from collections.abc import Callable

from benchmarks.bench_clarity import CONTRACT, SENDER
from benchmarks.harness import Size, Table
from btczs.vm.clarity import Machine
from btczs.vm.clarity.runtime.memory import MemoryChain, MemoryState

TURNS = 50
BASELINE = "+"

_KEY = "0x0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
_DIGEST = "0x" + "11" * 32
_SIGNATURE = "0x" + "22" * 64
_WIDE = "(list " + " ".join(f"u{i}" for i in range(500)) + ")"
_BYTES = "0x" + "ab" * 1000
_TEXT = '"' + "7" * 38 + '"'

EXPRESSIONS: dict[str, str] = {
    "+": "(+ n u1)",
    "*": "(* n u340282366920938463)",
    "/": "(/ n u7)",
    "pow": "(pow u3 u80)",
    "sqrti": "(sqrti u340282366920938463463374607431768211455)",
    "log2": "(log2 u340282366920938463463374607431768211455)",
    "is-eq of 500": "(is-eq WIDE WIDE)",
    "index-of in 500": "(index-of? WIDE u499)",
    "slice? of 500": "(slice? WIDE u1 u499)",
    "append to 500": "(append WIDE n)",
    "concat of 1 kB": "(concat BYTES BYTES)",
    "replace-at?": "(replace-at? WIDE u250 n)",
    "tuple": "{a: n, b: n, c: n}",
    "merge": "(merge {a: n, b: n} {b: u2, c: u3})",
    "sha256 of 1 kB": "(sha256 BYTES)",
    "sha512 of 1 kB": "(sha512 BYTES)",
    "keccak256 of 1 kB": "(keccak256 BYTES)",
    "hash160 of 1 kB": "(hash160 BYTES)",
    "secp256k1-verify": f"(secp256k1-verify {_DIGEST} {_SIGNATURE} {_KEY})",
    "secp256k1-recover?": f"(secp256k1-recover? {_DIGEST} {_SIGNATURE}01)",
    "secp256k1-decompress?": f"(secp256k1-decompress? {_KEY})",
    "secp256r1-verify": "(secp256r1-verify "
    + f"{_DIGEST} {_SIGNATURE} 0x036b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296)",
    "ed25519-verify": f"(ed25519-verify BYTES {_SIGNATURE} 0x{'58' + '66' * 31})",
    "principal-of?": f"(principal-of? {_KEY})",
    "string-to-uint?": f"(string-to-uint? {_TEXT})",
    "int-to-ascii": "(int-to-ascii n)",
    "to-consensus-buff?": "(to-consensus-buff? WIDE)",
    "from-consensus-buff?": "(from-consensus-buff? uint 0x01" + "00" * 16 + ")",
    "map-get?": "(map-get? store n)",
    "map-set": "(map-set store n n)",
    "var-set": "(var-set total n)",
    "ft-mint?": "(ft-mint? coin u1 tx-sender)",
    "stx-get-balance": "(stx-get-balance tx-sender)",
    "print": "(print n)",
}


def run(size: Size) -> list[Table]:
    rounds = size.pick(5, 2)
    measured = {name: _measure(code, rounds) for name, code in EXPRESSIONS.items()}
    # What an empty turn takes and costs is no part of the native.
    empty_us, empty_units = _measure("true", rounds)
    rows = {
        name: max(us - empty_us, 0.001) / max(units - empty_units, 1) * 1000
        for name, (us, units) in measured.items()
    }
    ordered = dict(sorted(rows.items(), key=lambda row: -row[1]))
    slowest = next(iter(ordered))
    notes = (
        f"units per µs: {1000 / rows[BASELINE]:,.0f} for {BASELINE}, "
        f"{1000 / ordered[slowest]:,.1f} for {slowest}",
        "the table of costs is the reference's; its signatures cost 38 units, whoever checks them",
    )
    return [Table("time that runtime units buy", "1,000 units", BASELINE, ordered, notes)]


def _measure(code: str, rounds: int) -> tuple[float, float]:
    """CPU µs and runtime units of one turn of a loop that evaluates `code`."""
    machine = Machine(MemoryState(), MemoryChain())
    source = f"""
    (define-constant WIDE {_WIDE})
    (define-constant BYTES {_BYTES})
    (define-constant TURNS (list {" ".join(f"u{i}" for i in range(TURNS))}))
    (define-fungible-token coin)
    (define-map store uint uint)
    (define-data-var total uint u0)
    (define-private (turn (n uint) (done bool)) (let ((result {code})) done))
    (define-public (run) (ok (fold turn TURNS true)))"""
    deployed = machine.deploy(CONTRACT, source)
    assert deployed.error is None, (code, deployed.error)
    outcome = machine.call(CONTRACT, "run", [], sender=SENDER)
    assert outcome.error is None, (code, outcome.error)
    call: Callable[[], object] = lambda: machine.call(CONTRACT, "run", [], sender=SENDER)  # noqa: E731
    samples = []
    for _ in range(rounds):
        started, count = time.process_time(), 0
        while time.process_time() - started < 0.02:
            call()
            count += 1
        samples.append((time.process_time() - started) / count * 1e6 / TURNS)
    return statistics.median(samples), outcome.cost.runtime / TURNS
