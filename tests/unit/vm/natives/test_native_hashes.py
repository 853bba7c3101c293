"""Hash functions and signatures."""

import hashlib

import coincurve
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils
from hypothesis import given, settings
from hypothesis import strategies as st
from native_programs import answer, runtime_cost

from btczs.vm.clarity.runtime import signatures


def check(source, expected, version=6):
    assert answer(source, version) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("hash160", "b472a266d0bd89c13706a4132ccfb16f7c3b9fcb"),
        ("sha256", hashlib.sha256(b"").hexdigest()),
        ("sha512", hashlib.sha512(b"").hexdigest()),
        ("sha512/256", "c672b8d1ef56ed28ab87c3622c5114069bdd3ad7b8f9737498d0c01ecef0967a"),
        ("keccak256", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"),
    ],
)
def test_hashes_of_nothing(name, expected):
    check(f"({name} 0x)", f"0x{expected}")
    check(f"({name} true)", "UnionTypeValueError")
    check(f"({name})", "IncorrectArgumentCount")


def test_numbers_are_hashed_in_16_bytes_least_significant_first():
    one = (1).to_bytes(16, "little")
    minus_two = (-2).to_bytes(16, "little", signed=True)
    check("(sha256 1)", "0x" + hashlib.sha256(one).hexdigest())
    check("(sha256 u1)", "0x" + hashlib.sha256(one).hexdigest())
    check("(sha256 -2)", "0x" + hashlib.sha256(minus_two).hexdigest())


def test_cost_of_hashes_is_by_the_serialized_size():
    assert runtime_cost("(sha256 0x00)") == 16 + 38
    assert runtime_cost(f"(keccak256 0x{'00' * 507})") == 16 + 38 + 1


SECRET = coincurve.PrivateKey(bytes(range(1, 33)))
PUBLIC = SECRET.public_key.format()
DIGEST = hashlib.sha256(b"message").digest()
SIGNATURE = SECRET.sign_recoverable(DIGEST, hasher=None)
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


def high_s(signature):
    s = ORDER - int.from_bytes(signature[32:64], "big")
    return signature[:32] + s.to_bytes(32, "big") + bytes((signature[64] ^ 1,))


def buff(data):
    return "0x" + data.hex()


def test_recovery_accepts_both_forms_of_a_signature_and_verification_one():
    for signature in (SIGNATURE, high_s(SIGNATURE)):
        check(f"(secp256k1-recover? {buff(DIGEST)} {buff(signature)})", f"(ok {buff(PUBLIC)})")
    verify = f"(secp256k1-verify {buff(DIGEST)} {{}} {buff(PUBLIC)})"
    check(verify.format(buff(SIGNATURE)), "true")
    check(verify.format(buff(SIGNATURE[:64])), "true")
    check(verify.format(buff(high_s(SIGNATURE))), "false")
    check(verify.format(buff(SIGNATURE[:64] + b"\4")), "false")
    check(verify.format(buff(SIGNATURE[:63])), "false")
    check(verify.format(buff(bytes(64))), "false")
    check(verify.format(buff(b"\xff" * 64)), "false")
    check(verify.format(buff(SIGNATURE + b"\0")), "TypeValueError")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (f"(secp256k1-recover? {buff(DIGEST)} {buff(bytes(65))})", "(err u1)"),
        (f"(secp256k1-recover? {buff(DIGEST)} {buff(SIGNATURE[:64])})", "(err u2)"),
        (f"(secp256k1-recover? {buff(DIGEST)} {buff(SIGNATURE[:64] + bytes([4]))})", "(err u2)"),
        (f"(secp256k1-recover? {buff(DIGEST)} {buff(bytes(66))})", "TypeValueError"),
        ("(secp256k1-recover? 0x00 0x00)", "TypeValueError"),
        (f"(secp256k1-recover? {buff(DIGEST)} 1)", "TypeValueError"),
        (f"(secp256k1-verify {buff(DIGEST)} 0x00 (/ 1 0))", "false"),
        (f"(secp256k1-verify {buff(DIGEST)} {buff(SIGNATURE)} 0x02)", "TypeValueError"),
        (f"(secp256k1-verify {buff(DIGEST)} {buff(SIGNATURE)} 0x02{'ff' * 32})", "false"),
        (f"(secp256k1-decompress? 0x04{PUBLIC[1:].hex()})", "(err u1)"),
        ("(secp256k1-decompress? 0x02)", "TypeValueError"),
        ("(ed25519-verify 0x 0x00 0x00)", "TypeValueError"),
        ("(ed25519-verify 0x)", "Expect"),
        (f"(secp256r1-verify {buff(DIGEST)} 0x00 (/ 1 0))", "false"),
        (f"(secp256r1-verify {buff(DIGEST)} 0x{'00' * 65} 0x00)", "TypeValueError"),
        ("(secp256r1-verify 0x00 0x00 0x00)", "TypeValueError"),
        ("(secp256r1-verify 0x00)", "IncorrectArgumentCount"),
    ],
)
def test_malformed_input(source, expected):
    check(source, expected)


def test_decompression():
    check(
        f"(secp256k1-decompress? {buff(PUBLIC)})",
        f"(ok {buff(SECRET.public_key.format(compressed=False))})",
    )


def test_clarity_4_hashes_the_digest_again():
    key = ec.derive_private_key(7, ec.SECP256R1())
    point = key.public_key().public_numbers()
    public = bytes((2 + point.y % 2,)) + point.x.to_bytes(32, "big")
    prehashed = ec.ECDSA(utils.Prehashed(hashes.SHA256()))
    once = _compact(key.sign(DIGEST, prehashed))
    twice = _compact(key.sign(DIGEST, ec.ECDSA(hashes.SHA256())))
    for version, signature, expected in (
        (4, twice, "true"), (4, once, "false"), (5, once, "true"), (6, twice, "false"),
    ):  # fmt: skip
        source = f"(secp256r1-verify {buff(DIGEST)} {buff(signature)} {buff(public)})"
        check(source, expected, version)


def _compact(der):
    r, s = utils.decode_dss_signature(der)
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=64))
@settings(max_examples=20)
def test_ed25519_signatures(seed, message):
    key = ed25519.Ed25519PrivateKey.from_private_bytes(seed)
    public = key.public_key().public_bytes_raw()
    signature = key.sign(message)
    assert signatures.verify_ed25519(message, signature, public)
    assert not signatures.verify_ed25519(message + b"x", signature, public)


def test_cost_of_ed25519_is_by_the_message():
    source = "(ed25519-verify 0x{} 0x" + "00" * 64 + " 0x" + "01" * 32 + ")"
    assert runtime_cost(source.format("00")) == 16 + 39
    assert runtime_cost(source.format("00" * 1024)) == 16 + 39 + 2
