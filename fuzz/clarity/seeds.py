"""Where the corpora began: small programs and values, all of them our own.

`python -m fuzz.clarity.seeds` writes them into the corpora (names `seed-…`). The programs: some
written here, the examples of every word in the documentation, and some that the generator of the
differential tests makes.
"""

import hashlib
from collections.abc import Iterator

from tests.differential.clarity.generator import generate

from btczs.codec.clarity import encode_value
from btczs.codec.clarity.values import (
    NONE,
    TRUE,
    AsciiValue,
    BufferValue,
    ContractPrincipal,
    ErrValue,
    IntValue,
    ListValue,
    OkValue,
    SomeValue,
    StandardPrincipal,
    UIntValue,
    Utf8Value,
    Value,
    make_tuple,
)
from btczs.primitives import Hash20
from btczs.workbench.words import WORDS
from fuzz.clarity.targets import corpus_of

GENERATED = 40
PROGRAMS = (
    """;; a token
(impl-trait .traits.payer)
(define-fungible-token coin)
(define-public (pay (amount uint) (to principal)) ;; why
  (begin (asserts! (> amount u0) (err u1)) (ft-mint? coin amount to)))""",
    """(use-trait payer .traits.payer)
(define-public (forward (who <payer>) (n uint))
  (match (contract-call? who pay n tx-sender) done (ok done) code (err (+ code u1))))
(define-public (direct) (contract-call? .token pay u5 'ST000000000000000000002AMW42H))
(define-private (inner (w (optional <payer>))) (match w p (contract-of p) tx-sender))""",
    """(define-trait shop ((buy (uint (list 3 {a: (buff 2)})) (response bool uint))))
(define-map owners {id: uint, at: (buff 2)} {who: principal, n: (optional int)})
(define-data-var total uint u0)
(define-read-only (owner (id uint)) (map-get? owners {id: id, at: 0x00ff}))
(define-public (buy (id uint))
  (let ((old (var-get total)) (new (+ old id)) (raw 0x00fF) (t u"a\\u{1f600}\\n\\"x"))
    (map-set owners {at: raw, id: new} (merge {who: tx-sender, n: none} {n: (some -5)}))
    (var-set total new)
    (print {event: "buy", text: t})
    (ok (len t))))""",
    """(define-private (add (a int) (b int)) (+ a b))
(define-private (big (a int)) (> a 2))
(define-constant numbers (list 1 2 3 4))
(fold add (map add numbers (filter big numbers)) 0)
(define-read-only (cut (l (list 9 uint))) (slice? (concat l (list u1)) u1 u3))
(as-max-len? (append numbers 5) u5)
(element-at? numbers u1) (index-of? numbers 3) (replace-at? numbers u0 9)""",
    """(define-read-only (hashes (b (buff 64)))
  {a: (sha256 b), b: (hash160 b), c: (sha512/256 b), d: (keccak256 b), e: (sha512 b)})
(to-consensus-buff? {a: (list u1 u2), b: (some "text")})
(from-consensus-buff? {a: int} 0x0c00000001016100000000000000000000000000000000ff)
(principal-destruct? 'ST000000000000000000002AMW42H)
(string-to-int? "12") (int-to-utf8 -7) (buff-to-uint-le 0x0102)""",
    """(define-non-fungible-token deed uint)
(define-public (go)
  (as-contract? ((with-stx u5) (with-ft .token "coin" u1) (with-nft .token "deed" (list u1)))
    (try! (stx-transfer? u1 tx-sender 'ST000000000000000000002AMW42H)) true))
(define-public (keep) (restrict-assets? tx-sender ((with-stx u1)) (nft-mint? deed u1 tx-sender)))
(nft-get-owner? deed u1)""",
    """(define-private (a) (b)) (define-private (b) (c)) (define-private (c) u1)
(define-constant k (begin (asserts! true u1) (if (is-eq 1 2) (some u1) none)))
(define-read-only (r) (default-to u3 k)) (at-block 0x00 (r))""",
    "(a) {b: .c.d} <e> ;; f\n" * 3,
    "(" * 60 + "{a: " * 20 + "1" + "}" * 20 + ")" * 60,
    "(+ 1 " * 60 + "1" + ")" * 60,
    'u"\\u{10ffff}\\u{0}" "\\\\" 0x 0 u0 - <= <t> .x (list) (tuple (a 1)) none',
    "(let (" + "".join(f"(v{n} {n}) " for n in range(60)) + ") (+ v1 v59))",
    "(list " + "(list u1 u2) " * 40 + ")",
)

_TRAITS = """(use-trait payer .traits.payer)
(use-trait box .traits.box)
(define-trait mine ((pay (uint principal) (response bool uint))))
(define-private (one (p <payer>)) (contract-call? p pay u1 tx-sender))
(define-private (with-mine (m <mine>)) (contract-call? m pay u2 tx-sender))
(define-private (many (l (list 3 <payer>))) (map one l))
(define-private (maybe (o (optional <payer>))) (match o p (one p) (err u0)))
(define-private (either (r (response <payer> uint))) (match r p (one p) e (err e)))
(define-private (inside (t {p: <payer>, n: uint})) (one (get p t)))
(define-private (deep (l (list 2 (optional {p: (response <payer> <box>)})))) (len l))
(define-constant known .token)
"""
USES = (
    "(define-public (go (p <payer>)) (one p))",
    "(define-public (go) (one .token))",
    "(define-public (go (p <payer>)) (with-mine p))",
    "(define-public (go (p <payer>)) (ok (many (list p p))))",
    "(define-public (go (p <payer>)) (ok (many (list p .token))))",
    "(define-public (go) (ok (many (list .token .router))))",
    "(define-public (go (l (list 3 <payer>))) (ok (many l)))",
    "(define-public (go (p <payer>)) (maybe (some p)))",
    "(define-public (go) (maybe (some .token)))",
    "(define-public (go) (maybe none))",
    "(define-public (go (p <payer>)) (either (ok p)))",
    "(define-public (go) (either (if true (ok .token) (err u3))))",
    "(define-public (go (p <payer>)) (inside {n: u1, p: p}))",
    "(define-public (go) (inside {n: u1, p: .token}))",
    "(define-public (go (p <payer>) (b <box>)) (ok (deep (list (some {p: (ok p)}) none))))",
    "(define-public (go) (ok (deep (list (some {p: (err .box)})))))",
    "(define-public (go (p <payer>)) (let ((q p) (r (some q))) (maybe r)))",
    "(define-public (go (p <payer>)) (one (if true p p)))",
    "(define-public (go) (one (if true .token .router)))",
    "(define-public (go (p <payer>)) (contract-call? .router send p))",
    "(define-public (go) (contract-call? .router send .token))",
    "(define-public (go (p <payer>)) (contract-call? .router send-all (list p) (some p)))",
    "(define-public (go) (contract-call? .router send-all (list .token) none))",
    "(define-public (go) (contract-call? known pay u1 tx-sender))",
    "(define-public (go) (one known))",
    "(define-public (go (b <box>)) (begin (try! (contract-call? b put none)) (ok true)))",
    "(define-public (go (b <box>)) (contract-call? b look))",
    "(define-public (go (b <box>)) (contract-call? b pay u1 tx-sender))",
    "(define-read-only (go (p <payer>)) (contract-of p))",
    "(define-read-only (go (p <payer>)) (contract-call? .token held (contract-of p)))",
    "(define-public (go) (ok (contract-call? .token get-last)))",
    "(impl-trait .traits.loop) (define-public (go (p <payer>) (n uint)) (one p))",
    "(impl-trait .traits.loop) (define-public (go (p <mine>) (n uint)) (ok true))",
    "(impl-trait .traits.box) (define-public (put (n (optional int))) (ok 1))",
    "(impl-trait .traits.none)",
    "(impl-trait .nowhere.payer)",
    "(use-trait other .nowhere.payer) (define-public (go (o <other>)) (contract-call? o pay u1))",
    "(define-trait wide ((pay (uint principal) (response bool uint)) (more () (response int int))))"
    " (define-public (go (w <wide>)) (one w))",
    "(define-trait narrow ((pay (uint) (response bool uint))))"
    " (define-public (go (n <narrow>)) (one n))",
    "(define-trait uses ((go (<payer> (list 2 <mine>)) (response <box> uint))))",
    "(define-public (go (p <payer>)) (ok (list p .token tx-sender)))",
    "(define-data-var kept (optional principal) none)"
    " (define-public (go (p <payer>)) (ok (var-set kept (some (contract-of p)))))",
)
"""Each after `_TRAITS`: contracts as values, in every place where one can stand."""


def programs() -> Iterator[str]:
    """Every program to start from."""
    yield from PROGRAMS
    for use in USES:
        yield _TRAITS + use
    for word in WORDS.values():
        for example in word.examples:
            yield example.code
    for seed in range(GENERATED):
        yield generate(seed).code


def values() -> Iterator[bytes]:
    """Values, each under the questions of the codec target; and types with what fits them."""
    account = StandardPrincipal(26, Hash20(b"\7" * 20))
    contract = ContractPrincipal(22, Hash20(bytes(20)), "pool-x")
    nested: Value = ListValue((UIntValue(1), UIntValue(2**128 - 1)))
    row = make_tuple(a=nested, bb=SomeValue(TRUE), c=account)
    flat = (IntValue(-5), UIntValue(7), TRUE, NONE, BufferValue(b"\0\xff" * 9), account, contract)
    texts = (AsciiValue("hello"), Utf8Value("h\u00e9 \U0001f600"))
    deep: Value = NONE
    for _ in range(14):
        deep = SomeValue(deep)
    compound = (OkValue(nested), ErrValue(NONE), row, ListValue((row, row)), ListValue(()), deep)
    for value in (*flat, *texts, nested, *compound):
        raw = encode_value(value)
        yield b"\0" + raw
        yield b"\1" + raw
    for choice in range(16):
        yield bytes([2, choice, 1, 0, 3, 0, 0, 0, 0]) + bytes(20)
        yield bytes([3, choice, 2, 1, 3, choice, 5, 1, 0, 4, *range(60)])
    yield b"\0ST000000000000000000002AMW42H.name"


def main() -> None:
    """Writes the seeds."""
    texts = [source.encode() for source in programs()]
    for target, inputs in (("reader", texts), ("analysis", texts), ("codec", list(values()))):
        folder = corpus_of(target)
        folder.mkdir(parents=True, exist_ok=True)
        for data in inputs:
            (folder / f"seed-{hashlib.sha256(data).hexdigest()[:12]}").write_bytes(data)


if __name__ == "__main__":
    main()
