"""Natives whose type is their own: they are printed, so that what they give is compared."""

# Productions have one signature, whether or not they look at all of it.
# ruff: noqa: ARG001

from tests.differential.clarity.expressions.core import expression, special
from tests.differential.clarity.scope import Scope
from tests.differential.clarity.shapes import (
    BOOL,
    INT,
    PRINCIPAL,
    UINT,
    ascii_string,
    buff,
    list_of,
    random_shape,
    utf8_string,
)


@special(since=2)
def principal_destruct(scope: Scope, depth: int) -> str:
    return f"(principal-destruct? {expression(scope, PRINCIPAL, depth)})"


@special(since=2)
def principal_construct(scope: Scope, depth: int) -> str:
    version = scope.rng.choice(("0x16", "0x1a", "0x05", "0x1f", "0x20", "0x"))
    name = scope.rng.choice(
        ("", ' "name"', ' ""', ' "1x"', " " + expression(scope, ascii_string(12), 0))
    )
    return f"(principal-construct? {version} {expression(scope, buff(20), 0)}{name})"


@special(since=1)
def principal_of(scope: Scope, depth: int) -> str:
    return f"(principal-of? {expression(scope, buff(33), depth)})"


@special(since=1)
def secp256k1_recover(scope: Scope, depth: int) -> str:
    return f"(secp256k1-recover? {expression(scope, buff(32), depth)} {expression(scope, buff(65), 0)})"


@special(since=4)
def to_ascii(scope: Scope, depth: int) -> str:
    held = scope.rng.choice((BOOL, UINT, INT, PRINCIPAL, buff(20), utf8_string(4)))
    return f"(to-ascii? {expression(scope, held, depth)})"


@special(since=4)
def contract_hash(scope: Scope, depth: int) -> str:
    known = [f".{name}" for name in scope.names.foreign]
    return f"(contract-hash? {scope.rng.choice([expression(scope, PRINCIPAL, depth), *known])})"


@special(since=2)
def to_consensus_buff(scope: Scope, depth: int) -> str:
    return f"(to-consensus-buff? {expression(scope, random_shape(scope.rng, 2), depth)})"


@special(since=2)
def from_consensus_buff(scope: Scope, depth: int) -> str:
    shape = random_shape(scope.rng, 1, responses=False)
    packed = f"(to-consensus-buff? {expression(scope, random_shape(scope.rng, 1), depth)})"
    return f"(from-consensus-buff? {shape} (default-to 0x00 {packed}))"


@special(since=2)
def stx_account(scope: Scope, depth: int) -> str:
    return f"(stx-account {expression(scope, PRINCIPAL, depth)})"


@special(since=3)
def future_block(scope: Scope, depth: int) -> str:
    word = scope.rng.choice(("get-stacks-block-info? time", "get-tenure-info? vrf-seed"))
    return f"({word} u99999999)"


@special(since=6)
def secp256k1_decompress(scope: Scope, depth: int) -> str:
    return f"(secp256k1-decompress? {expression(scope, buff(33), depth)})"


@special(since=6)
def ed25519_verify(scope: Scope, depth: int) -> str:
    signature, key = expression(scope, buff(64), 0), expression(scope, buff(32), 0)
    return f"(ed25519-verify {expression(scope, buff(32), depth)} {signature} {key})"


@special(since=6)
def verify_merkle_proof(scope: Scope, depth: int) -> str:
    leaf, root = (expression(scope, buff(32), 0) for _ in range(2))
    index, count = (scope.rng.choice(("u0", "u1", "u2", "u5")) for _ in range(2))
    siblings = expression(scope, list_of(2, buff(32)), 1)
    return f"(verify-merkle-proof {leaf} {root} {index} {count} {siblings})"


@special(since=6)
def concat_of_many(scope: Scope, depth: int) -> str:
    return f"(concat {' '.join(expression(scope, ascii_string(5), depth) for _ in range(3))})"


@special(since=2)
def network(scope: Scope, depth: int) -> str:
    return "{chain: chain-id, sponsor: tx-sponsor?, where: (list is-in-mainnet is-in-regtest)}"


@special(since=1)
def list_of_none(scope: Scope, depth: int) -> str:
    return scope.rng.choice(("(list none (some 1))", "(list (list) (list u1))", "(list)", "none"))
