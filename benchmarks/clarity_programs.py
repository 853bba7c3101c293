"""The Clarity programs that are measured, for every executor the same text and the same calls.

A program is a contract, calls that prepare its state, and one call that is repeated. What the
repeated call must return is in `expected`, as the reference implementation prints it: an executor
that is fast and wrong does not count.
"""

import hashlib

import msgspec

VERSION = 6
MODULUS = 1_000_000_007
NUMBERS = 1000
NESTED = 100
HASHES = 500
RECORDS = 200


class Program(msgspec.Struct, frozen=True):
    """`calls_inside` tells how many steps one call makes, for a time per step."""

    name: str
    source: str
    function: str
    expected: str
    calls_inside: int
    setup: tuple[str, ...] = ()
    """Public functions without arguments that are called once before."""


def _uints(count: int, first: int = 0) -> str:
    return "(list " + " ".join(f"u{i}" for i in range(first, first + count)) + ")"


_TOKEN = """
(define-constant ERR-SAME (err u1))
(define-constant ERR-AMOUNT (err u2))
(define-constant ERR-BALANCE (err u3))
(define-map balances principal uint)

(define-read-only (get-balance (owner principal))
  (default-to u0 (map-get? balances owner)))

(define-public (mint)
  (begin
    (map-set balances tx-sender u1000000000000)
    (ok true)))

(define-public (transfer (amount uint) (sender principal) (recipient principal))
  (let ((from (default-to u0 (map-get? balances sender)))
        (to (default-to u0 (map-get? balances recipient))))
    (asserts! (not (is-eq sender recipient)) ERR-SAME)
    (asserts! (> amount u0) ERR-AMOUNT)
    (asserts! (>= from amount) ERR-BALANCE)
    (map-set balances sender (- from amount))
    (map-set balances recipient (+ to amount))
    (ok true)))
"""

TOKEN_TRANSFER = Program(
    name="token transfer",
    source=_TOKEN
    + """
(define-public (run)
  (transfer u1 tx-sender 'ST1PQHQKV0RJXZFY1DGX8MNSNYVE3VGZJSRTPGZGM))
""",
    function="run",
    expected="(ok true)",
    calls_inside=1,
    setup=("mint",),
)

HUNDRED_TRANSFERS = Program(
    name="100 transfers in one call",
    source=_TOKEN
    + f"""
(define-constant STEPS {_uints(NESTED)})
(define-private (step (i uint) (result (response bool uint)))
  (begin
    (try! result)
    (transfer u1 tx-sender 'ST1PQHQKV0RJXZFY1DGX8MNSNYVE3VGZJSRTPGZGM)))
(define-public (run)
  (fold step STEPS (ok true)))
""",
    function="run",
    expected="(ok true)",
    calls_inside=NESTED,
    setup=("mint",),
)


def _polynomial(rounds: int, numbers: range) -> int:
    acc = 0
    for _ in range(rounds):
        for x in numbers:
            acc = (acc * 31 + x) % MODULUS
    return acc


FOLD = Program(
    name="fold of 1000",
    source=f"""
(define-constant NUMBERS {_uints(NUMBERS, first=1)})
(define-private (step (x uint) (acc uint))
  (mod (+ (* acc u31) x) u{MODULUS}))
(define-public (run)
  (ok (fold step NUMBERS u0)))
""",
    function="run",
    expected=f"(ok u{_polynomial(1, range(1, NUMBERS + 1))})",
    calls_inside=NUMBERS,
)

NESTED_FOLD = Program(
    name="fold of 100 x 100",
    source=f"""
(define-constant NUMBERS {_uints(NESTED)})
(define-private (inner (x uint) (acc uint))
  (mod (+ (* acc u31) x) u{MODULUS}))
(define-private (outer (y uint) (acc uint))
  (fold inner NUMBERS acc))
(define-public (run)
  (ok (fold outer NUMBERS u0)))
""",
    function="run",
    expected=f"(ok u{_polynomial(NESTED, range(NESTED))})",
    calls_inside=NESTED * NESTED,
)


def _hash_chain(count: int) -> str:
    acc = bytes(32)
    for _ in range(count):
        acc = hashlib.sha256(acc).digest()
    return acc.hex()


SHA256_CHAIN = Program(
    name="500 chained sha256",
    source=f"""
(define-constant STEPS {_uints(HASHES)})
(define-constant START 0x{"00" * 32})
(define-private (step (i uint) (acc (buff 32)))
  (sha256 acc))
(define-public (run)
  (ok (fold step STEPS START)))
""",
    function="run",
    expected=f"(ok 0x{_hash_chain(HASHES)})",
    calls_inside=HASHES,
)


def _records() -> str:
    kept = [(i, i * i) for i in range(RECORDS) if i % 3 == 0]
    best = max(value for _, value in kept)
    return f"(ok (tuple (best u{best}) (count u{len(kept)}) (total u{sum(v for _, v in kept)})))"


TUPLES_AND_LISTS = Program(
    name="tuples and lists",
    source=f"""
(define-constant STEPS {_uints(RECORDS)})
(define-private (make (i uint))
  {{id: i, value: (* i i), tag: none}})
(define-private (is-third (record {{id: uint, value: uint, tag: (optional uint)}}))
  (is-eq (mod (get id record) u3) u0))
(define-private (mark (record {{id: uint, value: uint, tag: (optional uint)}}))
  (merge record {{tag: (some (get id record))}}))
(define-private (add
    (record {{id: uint, value: uint, tag: (optional uint)}})
    (acc {{count: uint, total: uint, best: uint}}))
  (merge acc {{
    count: (+ (get count acc) u1),
    total: (+ (get total acc) (get value record)),
    best: (if (> (get value record) (get best acc)) (get value record) (get best acc))
  }}))
(define-public (run)
  (let ((records (map make STEPS))
        (kept (map mark (filter is-third records)))
        (longer (unwrap! (as-max-len? (append kept (make u1)) u{RECORDS}) (err u1)))
        (shorter (unwrap! (slice? longer u0 (- (len longer) u1)) (err u2))))
    (asserts! (is-eq shorter kept) (err u3))
    (ok (fold add shorter {{count: u0, total: u0, best: u0}}))))
""",
    function="run",
    expected=_records(),
    calls_inside=RECORDS,
)

PROGRAMS = (
    TOKEN_TRANSFER,
    HUNDRED_TRANSFERS,
    FOLD,
    NESTED_FOLD,
    SHA256_CHAIN,
    TUPLES_AND_LISTS,
)
