"""The interpreter against btclib's engine, an independent one with Bitcoin Core's error codes.

Random scripts out of every opcode family, signed and unsigned, under consensus and policy rules:
both must give the same verdict and, where they refuse, the same reason.
"""

import random

import msgspec
import pytest
from btclib.exceptions import ScriptError
from btclib.script.engine import ScriptFlag
from btclib.script.engine import verify_input as oracle_verify
from btclib.tx.tx import Tx as OracleTx
from btclib.tx.tx_out import TxOut as OracleOut

from btczs.crypto.hashes import hash160, sha256
from btczs.crypto.secp256k1 import ORDER, compute_public_key, sign_der
from btczs.l1 import get_params
from btczs.l1.bitcoin.sighash import compute_legacy_sighash, compute_witness_sighash
from btczs.l1.bitcoin.transaction import Transaction, encode_transaction
from btczs.l1.parts import TxIn, TxOut
from btczs.l1.script import templates
from btczs.l1.script.checker import InputChecker
from btczs.l1.script.errors import ScriptFailed
from btczs.l1.script.flags import BITCOIN_POLICY, Flag
from btczs.l1.script.interpreter import verify_script
from btczs.l1.script.opcodes import DISABLED, Op
from btczs.l1.wire import with_script_sig
from btczs.primitives import Zat

REGTEST = get_params("bitcoin", "regtest")
AMOUNT = 50_000

CONSENSUS = Flag.P2SH | Flag.CLTV | Flag.CSV | Flag.WITNESS | Flag.NULLDUMMY
RULES = {
    "none": Flag(0),
    "p2sh": Flag.P2SH,
    "consensus": CONSENSUS,
    "policy": CONSENSUS | BITCOIN_POLICY,
}
ORACLE_FLAGS = {
    Flag.P2SH: "P2SH",
    Flag.STRICTENC: "STRICTENC",
    Flag.LOW_S: "LOW_S",
    Flag.NULLDUMMY: "NULLDUMMY",
    Flag.MINIMALDATA: "MINIMALDATA",
    Flag.DISCOURAGE_NOPS: "DISCOURAGE_UPGRADABLE_NOPS",
    Flag.CLEANSTACK: "CLEANSTACK",
    Flag.CLTV: "CHECKLOCKTIMEVERIFY",
    Flag.CSV: "CHECKSEQUENCEVERIFY",
    Flag.WITNESS: "WITNESS",
    Flag.NULLFAIL: "NULLFAIL",
    Flag.MINIMALIF: "MINIMALIF",
    Flag.WITNESS_PUBKEYTYPE: "WITNESS_PUBKEYTYPE",
    Flag.DISCOURAGE_WITNESS: "DISCOURAGE_UPGRADABLE_WITNESS_PROGRAM",
    Flag.CONST_SCRIPTCODE: "CONST_SCRIPTCODE",
}
SECRETS = [sha256(bytes((n,))) for n in range(4)]
KEYS = [compute_public_key(secret) for secret in SECRETS]
KEYS_LONG = [compute_public_key(secret, compressed=False) for secret in SECRETS]


def ours(tx: Transaction, script: bytes, flags: Flag) -> str:
    checker = InputChecker(REGTEST, tx, 0, AMOUNT, 0)
    try:
        verify_script(tx.inputs[0].script_sig, script, tx.get_witness(0), flags, checker)
    except ScriptFailed as failed:
        return failed.reason
    return "ok"


def theirs(tx: Transaction, script: bytes, flags: Flag) -> str:
    oracle_flags = ScriptFlag.DERSIG
    for flag, name in ORACLE_FLAGS.items():
        if flags & flag:
            oracle_flags |= ScriptFlag[name]
    oracle_tx = OracleTx.parse(encode_transaction(tx), check_validity=False)
    prevouts = [OracleOut(AMOUNT, script, check_validity=False) for _ in tx.inputs]
    try:
        oracle_verify(prevouts, oracle_tx, 0, oracle_flags)
    except ScriptError as error:
        return error.code.name.lower()
    return "ok"


def assert_same(tx: Transaction, script: bytes, flags: Flag) -> str:
    """Both give this verdict."""
    mine, oracle = ours(tx, script, flags), theirs(tx, script, flags)
    if mine != oracle:
        # For OP_IF on an empty stack the two kinds of node have different names.
        context = (tx.inputs[0].script_sig.hex(), script.hex(), tx.get_witness(0))
        pair = ("unbalanced_conditional", "invalid_stack_operation")
        assert (mine, oracle) == pair, (mine, oracle, context)
    return mine


def build(script_sig: bytes, rng: random.Random, witness: tuple[bytes, ...] = ()) -> Transaction:
    inputs = (
        TxIn(sha256(b"a"), 0, script_sig, rng.choice((0, 5, 0xFFFFFFFE, 0xFFFFFFFF, 1 << 22 | 7))),
        TxIn(sha256(b"b"), 1, b"", 0xFFFFFFFF),
    )
    outputs = tuple(
        TxOut(Zat(1000 + n), templates.p2pkh(hash160(KEYS[0]))) for n in range(rng.choice((1, 2)))
    )
    witnesses = (witness, ()) if witness else ()
    return Transaction(
        inputs=inputs,
        outputs=outputs,
        lock_time=rng.choice((0, 5, 499_999_999, 500_000_000, 0xFFFFFFFF)),
        version=rng.choice((1, 2)),
        witnesses=witnesses,
    )


NUMBERS = (0, 1, -1, 2, 16, 17, 127, 128, 255, 256, 32767, -32768, 2**31 - 1, -(2**31) + 1, 2**31)
ODD_PUSHES = (b"\x01\x05", b"\x4c\x01\x05", b"\x4d\x01\x00\x07", b"\x02\x05\x00", b"\x01\x80",
              b"\x4e\x02\x00\x00\x00\x11\x22", b"\x4c\x05\x01", b"\x4f", b"\x50")  # fmt: skip
ALL_OPS = [op for op in Op if op > Op.OP_16]
COMMON_OPS = [
    op
    for op in ALL_OPS
    if Op.OP_TOALTSTACK <= op <= Op.OP_HASH256 and op not in DISABLED and "RESERVED" not in op.name
]


def random_script(rng: random.Random, length: int) -> bytes:
    parts = []
    for _ in range(length):
        kind = rng.random()
        if kind < 0.45:
            parts.append(templates.push_number(rng.choice(NUMBERS)))
        elif kind < 0.50:
            parts.append(rng.choice(ODD_PUSHES))
        elif kind < 0.55:
            parts.append(templates.push(rng.choice(KEYS + KEYS_LONG)))
        elif kind < 0.92:
            parts.append(bytes((rng.choice(COMMON_OPS),)))
        else:
            parts.append(bytes((rng.choice(ALL_OPS),)))
    if rng.random() < 0.3:
        cut = rng.randrange(len(parts) + 1)
        branch = bytes((rng.choice((Op.OP_IF, Op.OP_NOTIF)),))
        parts = [*parts[:cut], b"\x51", branch, *parts[cut:], b"\x67", b"\x52", b"\x68"]
    return b"".join(parts)


def wrap(script: bytes, rng: random.Random, how: str) -> tuple[bytes, Transaction]:
    """The output script and a transaction that spends it, `script` being bare, P2SH or P2WSH."""
    stack = [
        rng.choice((b"", b"\x01", b"\x02", b"\x05\x00", b"ab")) for _ in range(rng.randrange(5))
    ]
    if how == "p2wsh":
        return templates.p2wsh(sha256(script)), build(b"", rng, (*stack, script))
    pushes = b"".join(map(templates.push, stack))
    if how == "p2sh":
        return templates.p2sh(hash160(script)), build(pushes + templates.push(script), rng)
    return script, build(pushes, rng)


@pytest.mark.parametrize("rules", list(RULES))
@pytest.mark.parametrize("how", ["bare", "p2sh", "p2wsh"])
def test_random_scripts_give_the_same_verdict_as_the_oracle(rules: str, how: str) -> None:
    rng = random.Random(f"{rules}/{how}")
    verdicts: set[str] = set()
    for _ in range(300):
        script, tx = wrap(random_script(rng, rng.randrange(1, 12)), rng, how)
        verdicts.add(assert_same(tx, script, RULES[rules]))
    if how == "p2wsh" and not RULES[rules] & Flag.WITNESS:
        assert verdicts == {"ok"}  # without the rule the program is just two pushes
    elif how == "p2sh" and not RULES[rules] & Flag.P2SH:
        assert verdicts <= {"ok", "eval_false"}
    else:
        assert "ok" in verdicts
        assert len(verdicts) > 6


HASH_TYPES = (1, 2, 3, 0x81, 0x82, 0x83, 0, 4, 0x80, 0xFF)


def sign(tx: Transaction, who: int, code: bytes, hash_type: int, *, witness: bool) -> bytes:
    if witness:
        digest = compute_witness_sighash(tx, 0, code, AMOUNT, hash_type)
    else:
        digest = compute_legacy_sighash(tx, 0, code, hash_type)
    return sign_der(SECRETS[who], digest) + bytes((hash_type,))


def damage(signature: bytes, rng: random.Random) -> bytes:
    """Mostly leaves it alone; else empties, bends, lengthens it, or makes its s high."""
    kind = rng.random()
    if kind < 0.6:
        return signature
    if kind < 0.68:
        return b""
    if kind < 0.76:
        return with_high_s(signature)
    if kind < 0.84:
        return signature[:-1] + bytes((rng.choice(HASH_TYPES),))
    at = rng.randrange(len(signature))
    return signature[:at] + bytes((rng.randrange(256),)) + signature[at + rng.randrange(2) :]


def with_high_s(signature: bytes) -> bytes:
    r_size = signature[3]
    s = ORDER - int.from_bytes(signature[6 + r_size : -1], "big")
    raw = s.to_bytes((s.bit_length() + 8) // 8, "big")
    body = signature[2 : 4 + r_size] + bytes((2, len(raw))) + raw
    return bytes((0x30, len(body))) + body + signature[-1:]


def any_key(rng: random.Random, who: int) -> bytes:
    compressed, long = KEYS[who], KEYS_LONG[who]
    hybrid = bytes((6 + (long[-1] & 1),)) + long[1:]
    wrong_hybrid = bytes((7 - (long[-1] & 1),)) + long[1:]
    others = (long, hybrid, wrong_hybrid, compressed[:-1], b"\x05" + compressed[1:], b"")
    return compressed if rng.random() < 0.7 else rng.choice(others)


def signature_script(rng: random.Random) -> tuple[bytes, list[int], bool]:
    """A script that checks signatures, who must sign, and whether a dummy item is needed."""
    verify = rng.random() < 0.2
    tail = b"\x51" if verify else rng.choice((b"", b"", b"", b"\x91"))
    separator = rng.choice((b"", b"", b"\xab", b"\x51\x63\xab\x68"))
    if rng.random() < 0.5:
        body = separator + templates.push(any_key(rng, 0)) + bytes((0xAC + verify,))
        return body + tail, [0], False
    count = rng.randrange(0, 5)
    required = rng.randrange(0, count + 1)
    keys = b"".join(templates.push(any_key(rng, who)) for who in range(count))
    numbers = templates.push_number(required), templates.push_number(count)
    body = separator + numbers[0] + keys + numbers[1] + bytes((0xAE + verify,))
    return body + tail, sorted(rng.sample(range(count), required)), True


@pytest.mark.parametrize("rules", list(RULES))
@pytest.mark.parametrize("how", ["bare", "p2sh", "p2wsh", "p2sh-p2wsh", "p2wpkh"])
def test_signed_spends_give_the_same_verdict_as_the_oracle(rules: str, how: str) -> None:
    rng = random.Random(f"signed/{rules}/{how}")
    verdicts: set[str] = set()
    for _ in range(200):
        script, signers, needs_dummy = signature_script(rng)
        witness = how in ("p2wsh", "p2sh-p2wsh", "p2wpkh")
        if how == "p2wpkh":
            key = any_key(rng, 0)
            script, signers, needs_dummy = templates.p2pkh(hash160(key)), [0], False
        unsigned = build(b"", rng)
        at = script.find(b"\xab") + 1 if script.startswith((b"\xab", b"\x51\x63\xab")) else 0
        hash_type = rng.choice(HASH_TYPES) if rng.random() < 0.3 else 1
        signatures = [
            damage(sign(unsigned, who, script[at:], hash_type, witness=witness), rng)
            for who in signers
        ]
        if rng.random() < 0.1:
            rng.shuffle(signatures)
        dummy = [rng.choice((b"", b"", b"", b"\x01"))] if needs_dummy else []
        stack = [*dummy, *signatures]
        if how == "p2wpkh":
            stack.append(key)
        pushes = b"".join(map(templates.push, stack))
        script_sig, items, output = pushes, (), script
        if how == "p2sh":
            script_sig, output = pushes + templates.push(script), templates.p2sh(hash160(script))
        elif how == "p2wpkh":
            script_sig, items, output = b"", tuple(stack), templates.p2wpkh(hash160(key))
        elif how == "p2wsh":
            script_sig, items, output = b"", (*stack, script), templates.p2wsh(sha256(script))
        elif how == "p2sh-p2wsh":
            program = templates.p2wsh(sha256(script))
            script_sig = templates.push(program) + rng.choice((b"", b"", b"", b"\x51"))
            items, output = (*stack, script), templates.p2sh(hash160(program))
        signed = msgspec.structs.replace(
            with_script_sig(unsigned, 0, script_sig), witnesses=(items, ()) if items else ()
        )
        verdicts.add(assert_same(signed, output, RULES[rules]))
    assert "ok" in verdicts
    if not (witness and not RULES[rules] & Flag.WITNESS) and (how, rules) != ("p2sh", "none"):
        assert len(verdicts) > 2


def test_signatures_inside_the_script_are_cut_out_of_what_they_sign() -> None:
    """Bitcoin's original rule: found at opcode boundaries, also the empty one, also repeatedly."""
    rng = random.Random(5)
    verdicts = set()
    for _ in range(150):
        unsigned = build(b"", rng)
        tail = templates.push(KEYS[0]) + b"\xac"
        code = rng.choice((b"", b"\x00\x75", b"\x51\x75")) + tail
        signature = sign(unsigned, 0, code, 1, witness=False)
        copies = rng.choice((b"", templates.push(signature), templates.push(signature) * 2))
        script = copies + code
        spend = with_script_sig(unsigned, 0, templates.push(signature))
        verdicts.add(assert_same(spend, script, RULES["consensus"]))
        verdicts.add(assert_same(spend, script, RULES["policy"]))
    assert {"ok", "sig_findanddelete"} <= verdicts
