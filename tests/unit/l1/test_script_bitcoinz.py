"""Spending on BitcoinZ: what the chain allows, and what its nodes relay."""

import msgspec
import pytest

from btczs.crypto.hashes import hash160, sha256
from btczs.crypto.secp256k1 import ORDER, compute_public_key
from btczs.l1 import SighashUndefined, get_params
from btczs.l1.bitcoin.transaction import Transaction as BitcoinTransaction
from btczs.l1.bitcoinz.transaction import OVERWINTER_GROUP, Transaction
from btczs.l1.parts import TxIn, TxOut
from btczs.l1.script import templates
from btczs.l1.script.errors import ScriptFailed, UnsupportedScript
from btczs.l1.script.interpreter import verify_input
from btczs.l1.signing import multisig_script_sig, sign_input, sign_p2pkh_input
from btczs.l1.wire import with_script_sig
from btczs.primitives import Hash32, Zat

PARAMS = get_params("bitcoinz", "regtest", {"overwinter": 1, "sapling": 1, "canopy": 100})
HEIGHT = 50
AMOUNT = Zat(12_345)
SECRETS = [sha256(b"secret %d" % n) for n in range(15)]
KEYS = [compute_public_key(secret) for secret in SECRETS]


def make(script_sig: bytes = b"", **changes: object) -> Transaction:
    tx = Transaction(
        inputs=(TxIn(Hash32(b"\1" * 32), 0, script_sig, 0xFFFF_FFFE), TxIn(Hash32(b"\2" * 32), 1)),
        outputs=(TxOut(Zat(1000), templates.p2pkh(hash160(KEYS[0]))),),
    )
    return msgspec.structs.replace(tx, **changes)


def reason_of(
    script: bytes, script_sig: bytes = b"", *, policy: bool = False, **changes: object
) -> str:
    """Why the output script `script` is not spent so; "ok" if it is."""
    tx = make(script_sig, **changes)
    try:
        verify_input(PARAMS, tx, 0, script, AMOUNT, HEIGHT, policy=policy)
    except ScriptFailed as failed:
        return failed.reason
    return "ok"


def code(text: str) -> bytes:
    return bytes.fromhex(text)


# --- opcode by opcode -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "script",
    [
        # constants, size, equality
        "51", "4f", "60", "01ff", "00 00 87", "02abcd 82 52 88 02abcd 87", "4f 0181 87", "5a 010a 87",
        # conditionals, also nested and not executed
        "51 63 51 67 00 68", "00 63 00 67 51 68", "00 64 51 68", "00 63 00 63 00 67 00 68 00 67 51 68",
        "00 63 6a 67 51 68", "51 63 51 67 6a 67 51 68 51", "00 63 62 50 ba 68 51",
        # stack
        "51 00 6b 76 6c 87 91 69", "51 00 6d 51", "51 52 6e 6d 52 88 51 87", "51 52 53 6f 6d 6d 6d 51",
        "51 52 53 54 70 52 88 51 88 51", "51 52 53 54 55 56 71 52 88 51 88 51",
        "51 52 53 54 72 52 88 51 88 54 88 53 87", "51 73 88 51", "00 73 91", "74 91", "00 74 51 87",
        "51 75 51", "51 00 52 77 77 52 87", "51 52 78 51 88 51", "53 52 51 51 79 52 88 51",
        "53 52 51 52 7a 53 88 74 52 87", "51 52 53 7b 51 88 53 88 52 87", "51 52 7c 51 88 52 87",
        "51 52 7d 52 88 51 88 52 87",
        # numbers
        "51 8b 52 87", "51 8c 00 87", "51 8f 4f 87", "4f 90 51 87", "00 91", "52 92 51 87",
        "52 53 93 55 87", "52 53 94 4f 87", "51 52 9a", "00 52 9b", "52 52 9c", "52 52 9d 51", "52 53 9e",
        "52 53 9f", "53 52 a0", "52 52 a1", "52 52 a2", "52 53 a3 52 87", "52 53 a4 53 87",
        "52 52 53 a5", "53 52 53 a5 91", "02ff7f 8b 03008000 87", "03 ffffff 8f 01 01 93 03feffff 9c 91",
        # hashes of the empty string
        "00 a6 14 9c1185a5c5e9fc54612808977ee8f548b2258d31 87",
        "00 a7 14 da39a3ee5e6b4b0d3255bfef95601890afd80709 87",
        "00 a8 20 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 87",
        "00 a9 14 b472a266d0bd89c13706a4132ccfb16f7c3b9fcb 87",
        "00 aa 20 5df6e0e2761359d30a8275058e299fcc0381534545f55cf43e41983f5d4c9456 87",
        # no-operations: on this chain CHECKSEQUENCEVERIFY is one
        "51 61", "51 b0 b3 b4 b5 b6 b7 b8 b9", "51 b2", "00 b2 91",
        # a multisig of nobody; its dummy may be anything
        "00 00 00 ae", "55 00 00 ae", "00 00 05 ffffffffff 51 ae",
    ],
)  # fmt: skip
def test_scripts_that_succeed(script: str) -> None:
    assert reason_of(code(script)) == "ok"


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("", "eval_false"), ("00", "eval_false"), ("0180", "eval_false"), ("51 6d", "invalid_stack_operation"),
        ("51 6a", "op_return"), ("51 63", "unbalanced_conditional"), ("68 51", "unbalanced_conditional"),
        ("67 51", "unbalanced_conditional"), ("63 51 68", "unbalanced_conditional"), ("00 69", "verify"),
        ("51 52 88 51", "equalverify"), ("51 52 9d 51", "numequalverify"), ("6c", "invalid_altstack_operation"),
        ("51 62", "bad_opcode"), ("51 50", "bad_opcode"), ("51 ba", "bad_opcode"), ("51 ff", "bad_opcode"),
        ("51 89", "bad_opcode"), ("51 05 00", "bad_opcode"),
        ("51 00 63 65 68", "bad_opcode"), ("51 00 63 66 68", "bad_opcode"),
        ("51 00 63 7e 68", "disabled_opcode"), ("51 00 63 95 68", "disabled_opcode"),
        ("51 00 63 ab 68", "disabled_opcode"), ("51 ab", "disabled_opcode"),
        ("05 0000000001 8b", "scriptnum"), ("51 4f 79", "invalid_stack_operation"),
        ("51 51 79", "invalid_stack_operation"), ("ac", "invalid_stack_operation"), ("00 00 ac", "eval_false"),
        ("00 00 ad 51", "checksigverify"), ("00 00 51 ae", "invalid_stack_operation"),
        ("00 00 4f ae", "pubkey_count"), ("00 00 0115 ae", "pubkey_count"), ("00 4f 00 ae", "sig_count"),
        ("00 51 00 ae", "sig_count"), ("00 ae", "invalid_stack_operation"), ("00 00 51 00 51 ae", "eval_false"), ("00 00 51 00 51 af 51", "checkmultisigverify"),
        ("4f b1", "negative_locktime"), ("51 b1", "unsatisfied_locktime"),
    ],
)  # fmt: skip
def test_scripts_that_fail(script: str, reason: str) -> None:
    assert reason_of(code(script)) == reason


def test_bounds() -> None:
    assert reason_of(b"\x51" + b"\x61" * 201) == "ok"
    assert reason_of(b"\x51" + b"\x61" * 202) == "op_count"
    assert reason_of(b"\x51" * 1000) == "ok"
    assert reason_of(b"\x51" * 1001) == "stack_size"
    assert reason_of(b"\x51" * 999 + b"\x6b\x51\x6b" + b"\x51" * 2) == "stack_size"
    assert reason_of(b"\x4d\x08\x02" + bytes(519) + b"\x01") == "ok"
    assert reason_of(b"\x4d\x09\x02" + bytes(520) + b"\x01") == "push_size"
    assert reason_of(b"\x00\x63\x4d\x09\x02" + bytes(521) + b"\x68\x51") == "push_size"
    filler = (b"\x4d\x08\x02" + bytes(520) + b"\x75") * 19
    assert reason_of(filler + b"\x51" * (10_000 - len(filler))) == "ok"
    assert reason_of(filler + b"\x51" * (10_001 - len(filler))) == "script_size"
    assert reason_of(b"\x51", b"\x51" * 10_001) == "script_size"


def test_each_key_of_a_multisig_counts_as_an_operation() -> None:
    keys = b"\x00" * 20 + b"\x01\x14"
    once = b"\x00\x00" + keys + b"\xaf"
    assert reason_of(once * 9 + b"\x61" * 12 + b"\x51") == "ok"
    assert reason_of(once * 9 + b"\x61" * 13 + b"\x51") == "op_count"


def test_a_push_only_policy_of_p2sh_is_consensus() -> None:
    redeem = b"\x51"
    script = templates.p2sh(hash160(redeem))
    assert reason_of(script, templates.push(redeem)) == "ok"
    assert reason_of(script, b"\x61" + templates.push(redeem)) == "sig_pushonly"
    assert reason_of(script, b"\x50" + templates.push(redeem)) == "bad_opcode"
    assert reason_of(script, templates.push(b"\x52")) == "eval_false"
    assert reason_of(script, b"") == "invalid_stack_operation"
    assert reason_of(templates.p2sh(hash160(b"\x00")), templates.push(b"\x00")) == "eval_false"
    assert reason_of(templates.p2sh(hash160(b"")), b"\x00") == "eval_false"
    assert reason_of(templates.p2sh(hash160(b"")), b"\x51\x00") == "ok"


def test_witness_programs_mean_nothing_here() -> None:
    """Anyone can spend them in a block; nodes do not relay such a spend."""
    for script in (templates.p2tr(b"\7" * 32), b"\x51\x20" + b"\7" * 32):
        assert reason_of(script) == "ok"
        assert reason_of(script, policy=True) == "cleanstack"


@pytest.mark.parametrize(
    ("script", "script_sig", "reason"),
    [
        ("51", "51", "cleanstack"),
        ("75 51", "0105", "minimaldata"),
        ("75 51", "4c0105", "minimaldata"),
        ("75 51", "0181", "minimaldata"),
        ("75 51", "4d0100ff", "minimaldata"),
        ("8b", "020500", "scriptnum"),
        ("b2 51", "", "discourage_upgradable_nops"),
        ("b0 51", "", "discourage_upgradable_nops"),
        ("00 63 b9 68 51", "", "ok"),
        ("51 00 00 ae", "", "sig_nulldummy"),
        ("00 020505 ac 91", "", "pubkeytype"),
    ],
)
def test_policy_asks_for_more_than_consensus(script: str, script_sig: str, reason: str) -> None:
    assert reason_of(code(script), code(script_sig)) == "ok"
    assert reason_of(code(script), code(script_sig), policy=True) == reason


# --- lock times -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "lock_time", "reason"),
    [
        (0, 0, "ok"),
        (100, 99, "unsatisfied_locktime"),
        (100, 100, "ok"),
        (100, 499_999_999, "ok"),
        (100, 500_000_000, "unsatisfied_locktime"),
        (500_000_000, 499_999_999, "unsatisfied_locktime"),
        (500_000_000, 500_000_000, "ok"),
        (2**32 - 1, 2**32 - 1, "ok"),
        (2**32, 2**32 - 1, "unsatisfied_locktime"),
        (2**39, 2**32 - 1, "scriptnum"),
    ],
)
def test_coins_locked_until_a_height_or_time(wanted: int, lock_time: int, reason: str) -> None:
    script = templates.push_number(wanted) + code("b1 75 51")
    assert reason_of(script, lock_time=lock_time) == reason
    assert reason_of(script, lock_time=lock_time, policy=True) == reason
    final = (msgspec.structs.replace(make().inputs[0], sequence=0xFFFF_FFFF),)
    assert reason_of(script, lock_time=lock_time, inputs=final) != "ok"


# --- signatures -----------------------------------------------------------------------------------


def verify(tx: Transaction, script: bytes, *, height: int = HEIGHT, policy: bool = True) -> None:
    verify_input(PARAMS, tx, 0, script, AMOUNT, height, policy=policy)


def refusal(tx: Transaction, script: bytes, *, height: int = HEIGHT, policy: bool = False) -> str:
    with pytest.raises(ScriptFailed) as caught:
        verify(tx, script, height=height, policy=policy)
    return caught.value.reason


PKH = templates.p2pkh(hash160(KEYS[0]))


def signed_p2pkh(**changes: object) -> Transaction:
    tx = sign_p2pkh_input(PARAMS, make(**changes), 0, SECRETS[0], AMOUNT, HEIGHT)
    assert isinstance(tx, Transaction)
    return tx


def test_a_signed_spend_holds_for_exactly_what_it_covers() -> None:
    tx = signed_p2pkh()
    verify(tx, PKH)
    replace = msgspec.structs.replace
    output = tx.outputs[0]
    for changed in (
        replace(tx, outputs=(replace(output, value=Zat(999)),)),
        replace(tx, outputs=(*tx.outputs, output)),
        replace(tx, lock_time=1),
        replace(tx, expiry_height=1),
        replace(tx, value_balance=Zat(1)),
        replace(tx, shielded_spends=(bytes(384),)),
        replace(tx, shielded_outputs=(bytes(948),)),
        replace(tx, joinsplits=(bytes(1698),), joinsplit_key=bytes(32)),
        replace(tx, inputs=(tx.inputs[0], replace(tx.inputs[1], prev_index=7))),
        replace(tx, inputs=(tx.inputs[0], replace(tx.inputs[1], sequence=7))),
        replace(tx, inputs=tx.inputs[:1]),
    ):
        assert refusal(changed, PKH) == "eval_false"
    with pytest.raises(ScriptFailed):
        verify_input(PARAMS, tx, 0, PKH, AMOUNT + 1, HEIGHT)
    verify(replace(tx, binding_signature=b"x" * 64), PKH)
    assert refusal(tx, templates.p2pkh(hash160(KEYS[1]))) == "equalverify"


def test_signing_another_input_keeps_the_signature() -> None:
    both = sign_p2pkh_input(PARAMS, signed_p2pkh(), 1, SECRETS[1], AMOUNT, HEIGHT)
    assert isinstance(both, Transaction)
    verify(both, PKH)
    verify_input(PARAMS, both, 1, templates.p2pkh(hash160(KEYS[1])), AMOUNT, HEIGHT, policy=True)


def test_an_upgrade_of_the_chain_voids_signatures_made_before() -> None:
    tx = signed_p2pkh()
    verify(tx, PKH, height=99)
    assert refusal(tx, PKH, height=100) == "eval_false"
    later = sign_p2pkh_input(PARAMS, make(), 0, SECRETS[0], AMOUNT, 100)
    assert isinstance(later, Transaction)
    verify(later, PKH, height=100)
    assert refusal(later, PKH, height=99) == "eval_false"


def test_versions_before_4_are_signed_their_own_way() -> None:
    before = get_params("bitcoinz", "mainnet")
    old = make(version=1, overwintered=False, group_id=0)
    tx = sign_p2pkh_input(before, old, 0, SECRETS[0], AMOUNT, 1000)
    verify_input(before, tx, 0, PKH, AMOUNT, 1000, policy=True)
    verify_input(before, tx, 0, PKH, AMOUNT + 1, 328_500)  # commits neither to amount nor branch
    third = make(version=3, group_id=OVERWINTER_GROUP)
    tx = sign_p2pkh_input(PARAMS, third, 0, SECRETS[0], AMOUNT, HEIGHT)
    verify_input(PARAMS, tx, 0, PKH, AMOUNT, HEIGHT, policy=True)
    with pytest.raises(ScriptFailed):
        verify_input(PARAMS, tx, 0, PKH, AMOUNT + 1, HEIGHT)


@pytest.mark.parametrize("hash_type", [1, 2, 3, 0x81, 0x82, 0x83])
def test_hash_types_leave_parts_open(hash_type: int) -> None:
    unsigned = make()
    signature = sign_input(
        PARAMS, unsigned, 0, SECRETS[0], PKH, AMOUNT, HEIGHT, hash_type=hash_type
    )
    script_sig = templates.push(signature) + templates.push(KEYS[0])
    tx = with_script_sig(unsigned, 0, script_sig)
    assert isinstance(tx, Transaction)
    verify(tx, PKH)
    replace = msgspec.structs.replace
    extra_output = replace(tx, outputs=(*tx.outputs, tx.outputs[0]))
    other_sequence = replace(tx, inputs=(tx.inputs[0], replace(tx.inputs[1], sequence=1)))
    other_prevout = replace(tx, inputs=(tx.inputs[0], replace(tx.inputs[1], prev_index=9)))
    base, anyone = hash_type & 0x1F, hash_type & 0x80
    for changed, open_part in (
        (extra_output, base in (2, 3)),
        (other_sequence, base in (2, 3) or anyone),
        (other_prevout, anyone),
    ):
        if open_part:
            verify(changed, PKH)
        else:
            assert refusal(changed, PKH) == "eval_false"


def test_unknown_hash_types_are_valid_but_not_relayed() -> None:
    unsigned = make()
    signature = sign_input(PARAMS, unsigned, 0, SECRETS[0], PKH, AMOUNT, HEIGHT, hash_type=4)
    script_sig = templates.push(signature) + templates.push(KEYS[0])
    tx = with_script_sig(unsigned, 0, script_sig)
    assert isinstance(tx, Transaction)
    verify(tx, PKH, policy=False)
    assert refusal(tx, PKH, policy=True) == "sig_hashtype"


def test_high_s_is_valid_but_not_relayed() -> None:
    tx = signed_p2pkh()
    signature = tx.inputs[0].script_sig[1 : 1 + tx.inputs[0].script_sig[0]]
    r_size = signature[3]
    s = ORDER - int.from_bytes(signature[6 + r_size : -1], "big")
    raw = s.to_bytes(33, "big")
    body = signature[2 : 4 + r_size] + b"\x02\x21" + raw
    high = bytes((0x30, len(body))) + body + signature[-1:]
    changed = with_script_sig(tx, 0, templates.push(high) + templates.push(KEYS[0]))
    assert isinstance(changed, Transaction)
    assert changed.txid != tx.txid
    verify(changed, PKH, policy=False)
    assert refusal(changed, PKH, policy=True) == "sig_high_s"


def test_der_is_strict_by_consensus() -> None:
    tx = signed_p2pkh()
    size = tx.inputs[0].script_sig[0]
    signature = tx.inputs[0].script_sig[1 : 1 + size]
    r_size = signature[3]
    padded = bytes((0x30, signature[1] + 1, 2, r_size + 1, 0)) + signature[4:]
    for broken in (padded, signature[:-1], signature[:5], b"\x30", b"\x31" + signature[1:]):
        changed = with_script_sig(tx, 0, templates.push(broken) + templates.push(KEYS[0]))
        assert isinstance(changed, Transaction)
        assert refusal(changed, PKH) == "sig_der"


def test_multisig_needs_signatures_in_the_order_of_the_keys() -> None:
    redeem = templates.multisig(11, KEYS)
    script = templates.p2sh(hash160(redeem))
    unsigned = make()
    signatures = [
        sign_input(PARAMS, unsigned, 0, secret, redeem, AMOUNT, HEIGHT) for secret in SECRETS
    ]

    def spend(chosen: list[bytes]) -> Transaction:
        tx = with_script_sig(unsigned, 0, multisig_script_sig(chosen, redeem))
        assert isinstance(tx, Transaction)
        return tx

    verify(spend(signatures[:11]), script)
    verify(spend(signatures[4:]), script)
    verify(spend(signatures[:5] + signatures[9:]), script)
    assert refusal(spend(signatures[1:11] + signatures[:1]), script) == "eval_false"
    assert refusal(spend([signatures[0]] * 11), script) == "eval_false"
    assert refusal(spend([*signatures[:10], b""]), script) == "eval_false"
    assert refusal(spend(signatures[:10]), script) == "invalid_stack_operation"
    dummy = with_script_sig(unsigned, 0, b"\x51" + multisig_script_sig(signatures[:11], redeem)[1:])
    assert isinstance(dummy, Transaction)
    verify(dummy, script, policy=False)
    assert refusal(dummy, script, policy=True) == "sig_nulldummy"


def test_signatures_stay_in_the_script_that_they_sign() -> None:
    """Unlike Bitcoin, this chain never cuts a signature out of a script."""
    tail = templates.push(KEYS[0]) + b"\xac"
    unsigned = make()
    signature = sign_input(PARAMS, unsigned, 0, SECRETS[0], tail, AMOUNT, HEIGHT)
    tx = with_script_sig(unsigned, 0, templates.push(signature))
    assert isinstance(tx, Transaction)
    verify(tx, tail, policy=False)
    assert refusal(tx, templates.push(signature) + b"\x75" + tail) == "eval_false"


def test_there_must_be_such_an_input() -> None:
    for index in (-1, 2, 10**6):
        with pytest.raises(SighashUndefined):
            verify_input(PARAMS, make(), index, b"\x51", AMOUNT, HEIGHT)


# --- the other chains -----------------------------------------------------------------------------


def test_taproot_is_never_taken_for_valid() -> None:
    tx = BitcoinTransaction(
        inputs=(TxIn(Hash32(b"\1" * 32), 0),), outputs=(), witnesses=((b"anything" * 8,),)
    )
    script = templates.p2tr(b"\7" * 32)
    for chain in ("bitcoin", "litecoin"):
        with pytest.raises(UnsupportedScript):
            verify_input(get_params(chain, "mainnet"), tx, 0, script, AMOUNT, 3_000_000)
    verify_input(get_params("bitcoin", "mainnet"), tx, 0, script, AMOUNT, 709_631)


def test_rules_begin_at_their_heights() -> None:
    params = get_params("bitcoin", "mainnet")
    inputs = (TxIn(Hash32(b"\1" * 32), 0, b"", 0),)
    tx = BitcoinTransaction(inputs=inputs, outputs=(TxOut(Zat(1), b""),), version=1)
    locked = templates.push_number(9) + code("b1 75 51")
    relative = templates.push_number(9) + code("b2 75 51")
    program = templates.p2wpkh(hash160(KEYS[0]))
    for script, height in ((locked, 388_381), (relative, 419_328), (program, 481_824)):
        verify_input(params, tx, 0, script, AMOUNT, height - 1)
        with pytest.raises(ScriptFailed):
            verify_input(params, tx, 0, script, AMOUNT, height)


def test_bitcoin_spends_are_signed_by_the_original_rule() -> None:
    params = get_params("bitcoin", "regtest")
    unsigned = BitcoinTransaction(
        inputs=(TxIn(Hash32(b"\1" * 32), 0),), outputs=(TxOut(Zat(1), PKH),)
    )
    tx = sign_p2pkh_input(params, unsigned, 0, SECRETS[0], AMOUNT, 10)
    verify_input(params, tx, 0, PKH, AMOUNT, 10, policy=True)
    with pytest.raises(SighashUndefined):
        sign_p2pkh_input(PARAMS, unsigned, 0, SECRETS[0], AMOUNT, 10)
