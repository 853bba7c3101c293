"""What each native gives: at least one accepted example of every word, in every group."""

import pytest
from checker_world import type_of

from btczs.vm.clarity.names import KEYWORDS, NATIVES

ADDRESS = "'ST000000000000000000002AMW42H"
DONE = "(response bool uint)"
TOKENS = "(define-fungible-token ft u9) (define-non-fungible-token nft uint)"
MAP = "(define-map m {k: int} (buff 9))"
PARTS = "(tuple (hash-bytes (buff 20)) (name (optional (string-ascii 40))) (version (buff 1)))"

# (word, expression, type, version)
EXAMPLES = [
    ("+", "(+ 1 2 3)", "int", 1),
    ("-", "(- u1)", "uint", 1),
    ("*", "(* 1 2)", "int", 1),
    ("/", "(/ u1 u2)", "uint", 1),
    ("mod", "(mod 1 2)", "int", 1),
    ("pow", "(pow u1 u2)", "uint", 1),
    ("sqrti", "(sqrti 1)", "int", 1),
    ("log2", "(log2 u1)", "uint", 1),
    ("xor", "(xor 1 2)", "int", 1),
    ("bit-and", "(bit-and 1 2 3)", "int", 2),
    ("bit-or", "(bit-or u1)", "uint", 2),
    ("bit-xor", "(bit-xor 1 2)", "int", 2),
    ("bit-not", "(bit-not u1)", "uint", 2),
    ("bit-shift-left", "(bit-shift-left 1 u2)", "int", 2),
    ("bit-shift-right", "(bit-shift-right u1 u2)", "uint", 2),
    ("<", "(< 1 2)", "bool", 1),
    ("<=", '(<= "a" "bcd")', "bool", 2),
    (">", '(> u"a" u"b")', "bool", 2),
    (">=", "(>= 0x00 0x0102)", "bool", 2),
    ("and", "(and true)", "bool", 1),
    ("or", "(or true false)", "bool", 1),
    ("not", "(not true)", "bool", 1),
    ("is-eq", "(is-eq 0x00 0x0102 0x)", "bool", 1),
    ("if", "(if true 0x00 0x0102)", "(buff 2)", 1),
    ("let", "(let ((a 1) (b (+ a 1))) (is-eq a b) b)", "int", 1),
    ("begin", "(begin 1 u2)", "uint", 1),
    ("asserts!", "(asserts! true (err 1))", "bool", 1),
    ("match", "(match (some 1) v (+ v 1) 2)", "int", 1),
    ("match", "(match (if true (ok 1) (err u1)) v (some v) e none)", "(optional int)", 1),
    ("try!", "(try! (some 1))", "int", 1),
    ("unwrap!", "(unwrap! (some u1) false)", "uint", 1),
    ("unwrap-err!", "(unwrap-err! (if true (ok 1) (err u1)) false)", "uint", 1),
    ("unwrap-panic", "(unwrap-panic (some 0x00))", "(buff 1)", 1),
    ("unwrap-err-panic", "(unwrap-err-panic (err 0x00))", "(buff 1)", 1),
    ("default-to", "(default-to 0x00 (some 0x0102))", "(buff 2)", 1),
    ("some", "(some true)", "(optional bool)", 1),
    ("ok", "(ok 1)", "(response int UnknownType)", 1),
    ("err", "(err 1)", "(response UnknownType int)", 1),
    ("is-some", "(is-some none)", "bool", 1),
    ("is-none", "(is-none (some 1))", "bool", 1),
    ("is-ok", "(is-ok (err 1))", "bool", 1),
    ("is-err", "(is-err (ok 1))", "bool", 1),
    ("list", "(list)", "(list 0 UnknownType)", 1),
    ("list", "(list {a: 1} {a: 2, b: 3})", "(list 2 (tuple (a int)))", 1),
    ("list", "(list (list 0x00) (list) (list 0x0102 0x))", "(list 3 (list 2 (buff 2)))", 1),
    ("map", "(map + (list 1 2 3) (list 4 5))", "(list 2 int)", 1),
    ("map", "(define-private (f (c (buff 1))) (len c)) (map f 0x0102)", "(list 2 uint)", 1),
    ("fold", "(fold + (list 1 2) 0)", "int", 1),
    ("filter", "(filter is-standard (list tx-sender))", "(list 1 principal)", 2),
    ("append", "(append (list 0x00) 0x0102)", "(list 2 (buff 2))", 1),
    ("concat", '(concat "ab" "c")', "(string-ascii 3)", 1),
    ("concat", '(concat u"ab" u"c" u"" u"d")', "(string-utf8 4)", 6),
    ("as-max-len?", "(as-max-len? (list 1 2) u7)", "(optional (list 7 int))", 1),
    ("as-max-len?", "(as-max-len? 0x00 u1048576)", "(optional (buff 1048576))", 1),
    ("len", "(len 0x00)", "uint", 1),
    ("element-at", '(element-at u"abc" u1)', "(optional (string-utf8 1))", 1),
    ("element-at?", "(element-at? (list 1) u1)", "(optional int)", 2),
    ("index-of", "(index-of (list 1) 1)", "(optional uint)", 1),
    ("index-of?", '(index-of? "abc" "b")', "(optional uint)", 2),
    ("slice?", "(slice? 0x0102 u0 u1)", "(optional (buff 2))", 2),
    ("replace-at?", '(replace-at? "ab" u0 "c")', "(optional (string-ascii 2))", 2),
    ("tuple", "(tuple (b 1) (a u1))", "(tuple (a uint) (b int))", 1),
    ("get", "(get a {a: 1, b: u1})", "int", 1),
    ("get", "(get a (some {a: 1}))", "(optional int)", 1),
    ("merge", "(merge {a: 1, c: 1} {b: 1, a: true})", "(tuple (a bool) (b int) (c int))", 1),
    ("var-get", "(define-data-var v (buff 9) 0x) (var-get v)", "(buff 9)", 1),
    ("var-set", "(define-data-var v (buff 9) 0x) (var-set v 0x01)", "bool", 1),
    ("map-get?", f"{MAP} (map-get? m {{k: 1}})", "(optional (buff 9))", 1),
    ("map-set", f"{MAP} (map-set m {{k: 1}} 0x)", "bool", 1),
    ("map-insert", f"{MAP} (map-insert m {{k: 1}} 0x)", "bool", 1),
    ("map-delete", f"{MAP} (map-delete m {{k: 1}})", "bool", 1),
    ("ft-mint?", f"{TOKENS} (ft-mint? ft u1 tx-sender)", DONE, 1),
    ("ft-burn?", f"{TOKENS} (ft-burn? ft u1 tx-sender)", DONE, 1),
    ("ft-transfer?", f"{TOKENS} (ft-transfer? ft u1 tx-sender tx-sender)", DONE, 1),
    ("ft-get-balance", f"{TOKENS} (ft-get-balance ft tx-sender)", "uint", 1),
    ("ft-get-supply", f"{TOKENS} (ft-get-supply ft)", "uint", 1),
    ("nft-mint?", f"{TOKENS} (nft-mint? nft u1 tx-sender)", DONE, 1),
    ("nft-burn?", f"{TOKENS} (nft-burn? nft u1 tx-sender)", DONE, 1),
    ("nft-transfer?", f"{TOKENS} (nft-transfer? nft u1 tx-sender tx-sender)", DONE, 1),
    ("nft-get-owner?", f"{TOKENS} (nft-get-owner? nft u1)", "(optional principal)", 1),
    ("stx-transfer?", "(stx-transfer? u1 tx-sender tx-sender)", DONE, 1),
    ("stx-transfer-memo?", "(stx-transfer-memo? u1 tx-sender tx-sender 0x00)", DONE, 2),
    ("stx-burn?", "(stx-burn? u1 tx-sender)", DONE, 1),
    ("stx-get-balance", "(stx-get-balance tx-sender)", "uint", 1),
    (
        "stx-account",
        "(stx-account tx-sender)",
        "(tuple (locked uint) (unlock-height uint) (unlocked uint))",
        2,
    ),
    ("hash160", "(hash160 1)", "(buff 20)", 1),
    ("sha256", "(sha256 u1)", "(buff 32)", 1),
    ("sha512", "(sha512 0x00)", "(buff 64)", 1),
    ("sha512/256", "(sha512/256 1)", "(buff 32)", 1),
    ("keccak256", "(keccak256 1)", "(buff 32)", 1),
    ("secp256k1-recover?", "(secp256k1-recover? 0x 0x)", "(response (buff 33) uint)", 1),
    ("secp256k1-verify", "(secp256k1-verify 0x 0x 0x)", "bool", 1),
    ("secp256k1-decompress?", "(secp256k1-decompress? 0x)", "(response (buff 65) uint)", 6),
    ("secp256r1-verify", "(secp256r1-verify 0x 0x 0x)", "bool", 4),
    ("ed25519-verify", "(ed25519-verify 0x 0x 0x)", "bool", 6),
    ("verify-merkle-proof", "(verify-merkle-proof 0x 0x u0 u1 (list 0x))", "bool", 6),
    (
        "get-bitcoin-tx-output?",
        "(get-bitcoin-tx-output? 0x u0)",
        "(response (tuple (amount uint) (script (buff 1024)) (txid (buff 32))) uint)",
        6,
    ),
    ("to-int", "(to-int u1)", "int", 1),
    ("to-uint", "(to-uint 1)", "uint", 1),
    ("buff-to-int-le", "(buff-to-int-le 0x)", "int", 2),
    ("buff-to-int-be", "(buff-to-int-be 0x)", "int", 2),
    ("buff-to-uint-le", "(buff-to-uint-le 0x)", "uint", 2),
    ("buff-to-uint-be", "(buff-to-uint-be 0x)", "uint", 2),
    ("string-to-int?", '(string-to-int? "1")', "(optional int)", 2),
    ("string-to-uint?", '(string-to-uint? u"1")', "(optional uint)", 2),
    ("int-to-ascii", "(int-to-ascii 1)", "(string-ascii 40)", 2),
    ("int-to-utf8", "(int-to-utf8 u1)", "(string-utf8 40)", 2),
    ("to-ascii?", "(to-ascii? 0x0102)", "(response (string-ascii 6) uint)", 4),
    ("to-ascii?", "(to-ascii? .a)", "(response (string-ascii 170) uint)", 4),
    ("to-consensus-buff?", "(to-consensus-buff? {a: (ok u1)})", "(optional (buff 25))", 2),
    ("to-consensus-buff?", "(to-consensus-buff? none)", "(optional (buff 1))", 2),
    (
        "from-consensus-buff?",
        "(from-consensus-buff? (list 2 {a: int}) 0x)",
        "(optional (list 2 (tuple (a int))))",
        2,
    ),
    ("is-standard", f"(is-standard {ADDRESS})", "bool", 2),
    ("principal-of?", "(principal-of? 0x)", "(response principal uint)", 1),
    (
        "principal-construct?",
        '(principal-construct? 0x00 0x00 "name")',
        "(response principal (tuple (error_code uint) (value (optional principal))))",
        2,
    ),
    ("principal-destruct?", f"(principal-destruct? {ADDRESS})", f"(response {PARTS} {PARTS})", 2),
    ("contract-hash?", "(contract-hash? tx-sender)", "(response (buff 32) uint)", 4),
    ("as-contract", "(as-contract tx-sender)", "principal", 1),
    (
        "as-contract?",
        "(as-contract? ((with-all-assets-unsafe)) tx-sender)",
        "(response principal uint)",
        4,
    ),
    ("restrict-assets?", "(restrict-assets? tx-sender () 1 true)", DONE, 4),
    ("with-stx", "(restrict-assets? tx-sender ((with-stx u1)) true)", DONE, 4),
    ("with-ft", '(restrict-assets? tx-sender ((with-ft .a "*" u1)) true)', DONE, 4),
    ("with-nft", '(restrict-assets? tx-sender ((with-nft .a "t" (list 1))) true)', DONE, 4),
    ("with-stacking", "(restrict-assets? tx-sender ((with-stacking u1)) true)", DONE, 5),
    ("with-staking", "(restrict-assets? tx-sender ((with-staking u1)) true)", DONE, 6),
    ("with-pox", "(restrict-assets? tx-sender ((with-pox)) true)", DONE, 6),
    ("with-all-assets-unsafe", "(as-contract? ((with-all-assets-unsafe)) true)", DONE, 4),
    ("print", "(print {a: 1})", "(tuple (a int))", 1),
    ("get-block-info?", "(get-block-info? miner-address u1)", "(optional principal)", 1),
    ("get-block-info?", "(get-block-info? block-reward u1)", "(optional uint)", 2),
    (
        "get-burn-block-info?",
        "(get-burn-block-info? pox-addrs u1)",
        "(optional (tuple (addrs (list 2 (tuple (hashbytes (buff 32)) (version (buff 1)))))"
        " (payout uint)))",
        2,
    ),
    ("get-stacks-block-info?", "(get-stacks-block-info? time u1)", "(optional uint)", 3),
    ("get-tenure-info?", "(get-tenure-info? vrf-seed u1)", "(optional (buff 32))", 3),
]

CHECKED_ELSEWHERE = {"contract-call?", "contract-of", "at-block"}  # other contracts; always refused


@pytest.mark.parametrize(("word", "source", "expected", "version"), EXAMPLES)
def test_a_native_gives_its_type_in_each_version_that_has_it(word, source, expected, version):
    first, last = NATIVES[word]
    for later in range(max(version, first), last + 1):
        assert type_of(source, later) == expected


def test_every_native_has_an_example():
    assert {example[0] for example in EXAMPLES} | CHECKED_ELSEWHERE == set(NATIVES)


@pytest.mark.parametrize("word", sorted(KEYWORDS))
def test_every_keyword_has_a_type_in_its_versions_alone(word):
    first, last = KEYWORDS[word]
    found = {type_of(word, version) for version in range(first, last + 1)}
    assert len(found) == 1
    assert found <= {
        "principal", "uint", "bool", "(optional principal)", "(optional UnknownType)"
    }  # fmt: skip
