"""Signatures: published vectors, and every wrong length before it reaches the C library."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from btczs.crypto import secp256k1
from btczs.crypto.hashes import sha256
from btczs.crypto.secp256k1 import ORDER, InvalidKey, InvalidSignature
from btczs.primitives import InvalidInput

SECRET = (7).to_bytes(32, "big")
DIGEST = sha256(b"message")

# BIP-340, test-vectors.csv, index 0 to 3: secret, x-only key, aux, message, signature.
BIP340 = [
    (
        "0000000000000000000000000000000000000000000000000000000000000003",
        "F9308A019258C31049344F85F89D5229B531C845836F99B08601F113BCE036F9",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "E907831F80848D1069A5371B402410364BDF1C5F8307B0084C55F1CE2DCA8215"
        "25F66A4A85EA8B71E482A74F382D2CE5EBEEE8FDB2172F477DF4900D310536C0",
    ),
    (
        "B7E151628AED2A6ABF7158809CF4F3C762E7160F38B4DA56A784D9045190CFEF",
        "DFF1D77F2A671C5F36183726DB2341BE58FEAE1DA2DECED843240F7B502BA659",
        "0000000000000000000000000000000000000000000000000000000000000001",
        "243F6A8885A308D313198A2E03707344A4093822299F31D0082EFA98EC4E6C89",
        "6896BD60EEAE296DB48A229FF71DFE071BDE413E6D43F917DC8DCF8C78DE3341"
        "8906D11AC976ABCCB20B091292BFF4EA897EFCB639EA871CFA95F6DE339E4B0A",
    ),
    (
        "C90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B14E5C9",
        "DD308AFEC5777E13121FA72B9CC1B7CC0139715309B086C960E18FD969774EB8",
        "C87AA53824B4D7AE2EB035A2B5BBBCCC080E76CDC6D1692C4B0B62D798E6D906",
        "7E2D58D8B3BCDF1ABADEC7829054F90DDA9805AAB56C77333024B9D0A508B75C",
        "5831AAEED7B44BB74E5EAB94BA9D4294C49BCF2A60728D8B4C200F50DD313C1B"
        "AB745879A5AD954A72C45A91C3A51D3C7ADEA98D82F8481E0E1E03674A6F3FB7",
    ),
    (
        "0B432B2677937381AEF05BB02A66ECD012773062CF3FA2549E44F58ED2401710",
        "25D1DFF95105F5253C4022F628A996AD3A0D95FBF21D468A1B33F8C160D8F517",
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
        "7EB0509757E246F19449885651611CB965ECC1A187DD51B64FDA1EDC9637D5EC"
        "97582B9CB13DB3933705B32BA982AF5AF25FD78881EBB32771FC5922EFC66EA3",
    ),
]


@pytest.mark.parametrize(("secret", "public", "aux", "message", "signature"), BIP340)
def test_bip340(secret: str, public: str, aux: str, message: str, signature: str) -> None:
    sk, pk, extra, digest, wanted = map(bytes.fromhex, (secret, public, aux, message, signature))
    assert secp256k1.sign_schnorr(sk, digest, extra) == wanted
    secp256k1.verify_schnorr(pk, digest, wanted)
    assert secp256k1.compute_public_key(sk)[1:] == pk
    for damaged in (wanted[:-1] + bytes([wanted[-1] ^ 1]), bytes([wanted[0] ^ 1]) + wanted[1:]):
        with pytest.raises(InvalidSignature):
            secp256k1.verify_schnorr(pk, digest, damaged)


def test_rfc6979_signature_of_a_published_case() -> None:
    """Private key 1 over SHA-256("Satoshi Nakamoto"): the vector that many wallets share."""
    secret, digest = (1).to_bytes(32, "big"), sha256(b"Satoshi Nakamoto")
    der = secp256k1.sign_der(secret, digest)
    assert der.hex() == (
        "3045022100934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8"
        "02202442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5"
    )
    secp256k1.verify_der(secp256k1.compute_public_key(secret), digest, der)


def test_der_with_high_s_is_accepted_as_in_blocks() -> None:
    recoverable = secp256k1.sign_recoverable(SECRET, DIGEST)
    r, s = recoverable[1:33], int.from_bytes(recoverable[33:], "big")
    high = (ORDER - s).to_bytes(32, "big")
    body = _der_integer(r) + _der_integer(high)
    der = b"\x30" + bytes([len(body)]) + body
    secp256k1.verify_der(secp256k1.compute_public_key(SECRET), DIGEST, der)


def _der_integer(raw: bytes) -> bytes:
    stripped = raw.lstrip(b"\0")
    if stripped[0] & 0x80:
        stripped = b"\0" + stripped
    return b"\x02" + bytes([len(stripped)]) + stripped


@settings(max_examples=40)
@given(st.integers(1, ORDER - 1), st.binary(min_size=32, max_size=32))
def test_recovery_gives_back_the_signer(secret: int, digest: bytes) -> None:
    key = secret.to_bytes(32, "big")
    signature = secp256k1.sign_recoverable(key, digest)
    assert secp256k1.is_low_s(signature)
    assert secp256k1.recover(signature, digest) == secp256k1.compute_public_key(key)
    assert secp256k1.recover(signature, digest, compressed=False) == secp256k1.compute_public_key(
        key, compressed=False
    )


def test_every_recovery_id_gives_another_key_or_an_error() -> None:
    signature = secp256k1.sign_recoverable(SECRET, DIGEST)
    signer = secp256k1.compute_public_key(SECRET)
    found: dict[int, bytes] = {}
    for recovery_id in range(4):
        try:
            found[recovery_id] = secp256k1.recover(bytes([recovery_id]) + signature[1:], DIGEST)
        except InvalidSignature:
            continue
    assert found[signature[0]] == signer
    assert found[signature[0] ^ 1] != signer
    # Ids 2 and 3 say that r was reduced by the order: impossible for this r.
    assert set(found) == {0, 1}
    for recovery_id in range(4, 256):
        with pytest.raises(InvalidSignature):
            secp256k1.recover(bytes([recovery_id]) + signature[1:], DIGEST)


@pytest.mark.parametrize("recovery_id", [2, 3])
def test_the_rare_recovery_ids_work_where_r_is_small(recovery_id: int) -> None:
    """r + n is an x coordinate of the curve: the ids 2 and 3 mean that point."""
    field = 2**256 - 2**32 - 977
    for r in range(1, 1000):
        x = r + ORDER
        if pow(x**3 + 7, (field - 1) // 2, field) == 1:
            break
    signature = bytes([recovery_id]) + r.to_bytes(32, "big") + (1).to_bytes(32, "big")
    key = secp256k1.recover(signature, DIGEST)
    secp256k1.verify_public_key(key)
    body = _der_integer(r.to_bytes(32, "big")) + _der_integer((1).to_bytes(32, "big"))
    secp256k1.verify_der(key, DIGEST, b"\x30" + bytes([len(body)]) + body)


def test_a_recoverable_signature_with_high_s_is_refused() -> None:
    signature = secp256k1.sign_recoverable(SECRET, DIGEST)
    s = ORDER - int.from_bytes(signature[33:], "big")
    high = bytes([signature[0] ^ 1]) + signature[1:33] + s.to_bytes(32, "big")
    assert not secp256k1.is_low_s(high)
    with pytest.raises(InvalidSignature):
        secp256k1.recover(high, DIGEST)


@pytest.mark.parametrize("r", [0, ORDER, 2**256 - 1])
def test_r_must_be_in_range(r: int) -> None:
    signature = bytes([0]) + r.to_bytes(32, "big") + (1).to_bytes(32, "big")
    with pytest.raises(InvalidSignature):
        secp256k1.recover(signature, DIGEST)


WRONG_LENGTHS: dict[str, Callable[[bytes], object]] = {
    "digest of sign_der": lambda b: secp256k1.sign_der(SECRET, b),
    "digest of recover": lambda b: secp256k1.recover(bytes(65), b),
    "digest of sign_schnorr": lambda b: secp256k1.sign_schnorr(SECRET, b),
    "secret of sign_der": lambda b: secp256k1.sign_der(b, DIGEST),
    "secret of compute_public_key": secp256k1.compute_public_key,
    "public of verify_public_key": secp256k1.verify_public_key,
    "public of verify_schnorr": lambda b: secp256k1.verify_schnorr(b, DIGEST, bytes(64)),
    "signature of verify_schnorr": lambda b: secp256k1.verify_schnorr(
        bytes.fromhex(BIP340[0][1]), DIGEST, b
    ),
    "signature of verify_der": lambda b: secp256k1.verify_der(
        secp256k1.compute_public_key(SECRET), DIGEST, b
    ),
    "signature of recover": lambda b: secp256k1.recover(b, DIGEST),
    "tweak of tweak_add_secret": lambda b: secp256k1.tweak_add_secret(SECRET, b),
    "tweak of tweak_add_public": lambda b: secp256k1.tweak_add_public(
        secp256k1.compute_public_key(SECRET), b
    ),
}


@pytest.mark.parametrize("name", WRONG_LENGTHS)
@pytest.mark.parametrize("length", [0, 1, 31, 34, 63, 66, 100])
def test_a_wrong_length_raises(name: str, length: int) -> None:
    with pytest.raises(InvalidInput):
        WRONG_LENGTHS[name](b"\x02" * length)


@pytest.mark.parametrize("secret", [0, ORDER, 2**256 - 1])
def test_a_secret_out_of_range_is_refused(secret: int) -> None:
    with pytest.raises(InvalidKey):
        secp256k1.compute_public_key(secret.to_bytes(32, "big"))


def test_a_point_that_is_not_on_the_curve_is_refused() -> None:
    with pytest.raises(InvalidKey):
        secp256k1.verify_public_key(b"\x02" + (5).to_bytes(32, "big"))
    with pytest.raises(InvalidKey):
        secp256k1.verify_schnorr((5).to_bytes(32, "big"), DIGEST, bytes(64))


def test_tweaking_secret_and_public_key_agree() -> None:
    tweak = sha256(b"tweak")
    tweaked = secp256k1.compute_public_key(secp256k1.tweak_add_secret(SECRET, tweak))
    assert tweaked == secp256k1.tweak_add_public(secp256k1.compute_public_key(SECRET), tweak)


def test_a_tweak_to_zero_or_infinity_is_refused() -> None:
    opposite = (ORDER - 7).to_bytes(32, "big")
    with pytest.raises(InvalidKey):
        secp256k1.tweak_add_secret(SECRET, opposite)
    with pytest.raises(InvalidKey):
        secp256k1.tweak_add_public(secp256k1.compute_public_key(SECRET), opposite)


def test_both_encodings_are_the_same_point() -> None:
    short = secp256k1.compute_public_key(SECRET)
    long = secp256k1.compute_public_key(SECRET, compressed=False)
    assert secp256k1.convert_public_key(short, compressed=False) == long
    assert secp256k1.convert_public_key(long, compressed=True) == short
