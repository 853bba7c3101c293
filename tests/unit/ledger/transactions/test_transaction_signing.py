"""Signing and authentication, all modes: what is signed verifies, and nothing else does."""

import random
from itertools import product

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from btczs.codec.clarity.values import ContractPrincipal, StandardPrincipal, UIntValue
from btczs.crypto.hashes import hash160, sha256
from btczs.crypto.secp256k1 import ORDER, InvalidKey, compute_public_key
from btczs.ledger.transactions import (
    Authenticated,
    Transaction,
    authenticate,
    compute_txid,
    decode_transaction,
    encode_transaction,
    make_contract_call,
    make_contract_deploy,
    make_token_transfer,
    sign_origin,
    sign_sponsor,
    verify_origin,
    verify_transaction,
)
from btczs.ledger.transactions.builders import multi_sig, single_sig
from btczs.ledger.transactions.conditions import (
    ANY_ORDER_MODES,
    MULTI_SIG_MODES,
    P2PKH,
    P2SH,
    P2SH_ANY_ORDER,
    P2WPKH_P2SH,
    P2WSH_ANY_ORDER,
    P2WSH_P2SH,
    SEGWIT_MODES,
    SPONSOR_SENTINEL,
    MultiSigCondition,
    PublicKeyField,
    SignatureField,
    SingleSigCondition,
    SpendingCondition,
    SponsoredAuth,
    StandardAuth,
)
from btczs.ledger.transactions.errors import (
    AuthError,
    BadSignature,
    ConditionFailed,
    HighS,
    InvalidPublicKey,
    KeyEncodingMismatch,
    SignatureCount,
    SignerMismatch,
    SigningError,
    WrongChainId,
    WrongVersion,
)
from btczs.ledger.transactions.signer_hash import compute_multi_signer, compute_redeem_script
from btczs.ledger.transactions.signing import set_sponsor
from btczs.networks import load_network
from btczs.primitives import InvalidInput, OutOfRange

DEVNET, MAINNET = load_network("devnet"), load_network("mainnet")
BOB = StandardPrincipal(26, bytes(range(20)))
SECRETS = [sha256(b"key %d" % i) for i in range(8)]
PUBLIC = [compute_public_key(secret) for secret in SECRETS]
UNCOMPRESSED = [compute_public_key(secret, compressed=False) for secret in SECRETS]


def transfer(origin: SpendingCondition, *, sponsored: bool = False) -> Transaction:
    return make_token_transfer(DEVNET, origin, BOB, 1_000, b"memo", sponsored=sponsored)


def check(tx: Transaction) -> Authenticated:
    raw = encode_transaction(tx)
    return verify_transaction(decode_transaction(raw), raw, DEVNET)


def alice(**changes: int) -> SingleSigCondition:
    return single_sig(PUBLIC[0], **{"nonce": 3, "fee": 400, **changes})


def with_origin(tx: Transaction, origin: SpendingCondition) -> Transaction:
    return msgspec.structs.replace(tx, auth=StandardAuth(origin))


def test_one_key() -> None:
    tx = sign_origin(transfer(alice()), SECRETS[0])
    authenticated = check(tx)
    assert authenticated.origin == StandardPrincipal(26, hash160(PUBLIC[0]))
    assert authenticated.payer == authenticated.origin
    assert (authenticated.origin_nonce, authenticated.payer_nonce) == (3, 3)
    assert authenticated.fee == 400
    assert authenticated.txid == compute_txid(encode_transaction(tx))
    assert not authenticated.is_sponsored


def test_one_uncompressed_key() -> None:
    origin = single_sig(UNCOMPRESSED[0], nonce=0, fee=1)
    authenticated = check(sign_origin(transfer(origin), SECRETS[0]))
    assert authenticated.origin == StandardPrincipal(26, hash160(UNCOMPRESSED[0]))


def test_one_key_in_a_segwit_script_has_a_multi_signature_address() -> None:
    authenticated = check(sign_origin(transfer(alice(hash_mode=P2WPKH_P2SH)), SECRETS[0]))
    program = b"\x00\x14" + hash160(PUBLIC[0])
    assert authenticated.origin == StandardPrincipal(21, hash160(program))


@pytest.mark.parametrize(("mode", "version"), [(P2PKH, 22), (P2WPKH_P2SH, 20)])
def test_addresses_of_the_main_network(mode: int, version: int) -> None:
    tx = make_token_transfer(MAINNET, alice(hash_mode=mode), BOB, 1)
    raw = encode_transaction(sign_origin(tx, SECRETS[0]))
    authenticated = verify_transaction(decode_transaction(raw), raw, MAINNET)
    assert authenticated.origin.version == version


def test_calls_and_deployments() -> None:
    contract = ContractPrincipal(26, bytes(20), "store")
    call = make_contract_call(DEVNET, alice(), contract, "set-value", [UIntValue(1)])
    deploy = make_contract_deploy(DEVNET, alice(), "store", "(ok 1)", clarity_version=4)
    for tx in (call, deploy):
        assert check(sign_origin(tx, SECRETS[0])).tx.payload == tx.payload


@st.composite
def multi_signature_cases(draw: st.DrawFn) -> tuple[MultiSigCondition, list[int]]:
    """A condition of m of n keys, and which keys sign, in the order in which they do."""
    mode = draw(st.sampled_from(sorted(MULTI_SIG_MODES)))
    count = draw(st.integers(1, 7))
    required = draw(st.integers(1, min(count, 5)))
    choice = [PUBLIC] if mode in SEGWIT_MODES else [PUBLIC, UNCOMPRESSED]
    keys = [draw(st.sampled_from(choice))[i] for i in range(count)]
    signers = draw(st.permutations(range(count)))[:required]
    if mode not in ANY_ORDER_MODES:
        signers = sorted(signers)
    condition = multi_sig(keys, required, nonce=draw(nonces), fee=draw(nonces), hash_mode=mode)
    return condition, signers


nonces = st.integers(0, 2**64 - 1)


@settings(max_examples=150, deadline=None)
@given(multi_signature_cases())
def test_several_keys_in_every_mode(case: tuple[MultiSigCondition, list[int]]) -> None:
    condition, signers = case
    tx = transfer(condition)
    for present, index in enumerate(signers):
        with pytest.raises(SignatureCount) as caught:
            check(tx)
        assert caught.value.present == present
        tx = sign_origin(tx, SECRETS[index])
    authenticated = check(tx)
    assert authenticated.origin == StandardPrincipal(21, condition.signer)
    assert authenticated.fee == condition.fee


@pytest.mark.parametrize("mode", sorted(MULTI_SIG_MODES))
def test_five_of_seven(mode: int) -> None:
    tx = transfer(multi_sig(PUBLIC[:7], 5, nonce=0, fee=0, hash_mode=mode))
    for index in (0, 2, 3, 5, 6):
        tx = sign_origin(tx, SECRETS[index])
    check(tx)


def test_any_order_gives_the_same_bytes() -> None:
    made = set()
    for order in ([0, 1, 2], [2, 0, 1], [1, 2, 0]):
        tx = transfer(multi_sig(PUBLIC[:3], 3, nonce=0, fee=0, hash_mode=P2SH_ANY_ORDER))
        for index in order:
            tx = sign_origin(tx, SECRETS[index])
        made.add(encode_transaction(tx))
    assert len(made) == 1


def test_any_order_accepts_more_signatures_than_needed() -> None:
    tx = transfer(multi_sig(PUBLIC[:3], 2, nonce=0, fee=0, hash_mode=P2WSH_ANY_ORDER))
    for index in (2, 0, 1):
        tx = sign_origin(tx, SECRETS[index])
    check(tx)


def test_in_sequence_one_signature_more_is_refused() -> None:
    tx = transfer(multi_sig(PUBLIC[:3], 2, nonce=0, fee=0, hash_mode=P2SH))
    tx = sign_origin(sign_origin(tx, SECRETS[0]), SECRETS[1])
    with pytest.raises(SigningError, match="2 signatures"):
        sign_origin(tx, SECRETS[2])
    origin = tx.auth.origin
    assert isinstance(origin, MultiSigCondition)
    extra = (*origin.fields[:2], SignatureField(True, origin.fields[0].signature))  # type: ignore[union-attr]
    with pytest.raises(SignatureCount):
        check(with_origin(tx, msgspec.structs.replace(origin, fields=extra)))


def test_in_sequence_keys_sign_in_their_order() -> None:
    tx = transfer(multi_sig(PUBLIC[:3], 2, nonce=0, fee=0, hash_mode=P2WSH_P2SH))
    tx = sign_origin(tx, SECRETS[2])
    with pytest.raises(SigningError, match="before"):
        sign_origin(tx, SECRETS[0])


@pytest.mark.parametrize("mode", sorted(MULTI_SIG_MODES))
def test_a_key_signs_once_and_strangers_never(mode: int) -> None:
    tx = sign_origin(transfer(multi_sig(PUBLIC[:2], 2, nonce=0, fee=0, hash_mode=mode)), SECRETS[0])
    for secret in (SECRETS[0], SECRETS[5]):
        with pytest.raises(SigningError):
            sign_origin(tx, secret)


def test_a_key_may_stand_twice_and_then_signs_twice() -> None:
    tx = transfer(multi_sig([PUBLIC[0]] * 2, 2, nonce=0, fee=0, hash_mode=P2SH))
    check(sign_origin(sign_origin(tx, SECRETS[0]), SECRETS[0]))


@pytest.mark.parametrize(("keys", "required"), [(1, 0), (1, 2), (0, 0), (21, 1)])
def test_conditions_that_cannot_be_met_are_not_made(keys: int, required: int) -> None:
    with pytest.raises(SigningError):
        multi_sig(PUBLIC[:1] * keys, required, nonce=0, fee=0, hash_mode=P2SH)


def test_conditions_with_wrong_modes_or_keys_are_not_made() -> None:
    with pytest.raises(SigningError):
        single_sig(PUBLIC[0], nonce=0, fee=0, hash_mode=P2SH)
    with pytest.raises(SigningError):
        single_sig(UNCOMPRESSED[0], nonce=0, fee=0, hash_mode=P2WPKH_P2SH)
    with pytest.raises(SigningError):
        multi_sig(PUBLIC[:1], 1, nonce=0, fee=0, hash_mode=P2PKH)
    with pytest.raises(SigningError):
        multi_sig(UNCOMPRESSED[:2], 1, nonce=0, fee=0, hash_mode=P2WSH_P2SH)
    with pytest.raises(InvalidKey):
        single_sig(bytes(33), nonce=0, fee=0)
    with pytest.raises(InvalidKey):
        multi_sig([bytes(33)], 1, nonce=0, fee=0, hash_mode=P2SH)


@pytest.mark.parametrize("count", [16, 17, 20])
def test_redeem_scripts_push_counts_as_bitcoin_does(count: int) -> None:
    script = compute_redeem_script(PUBLIC[:1] * count, count)
    pushed = bytes([0x50 + count]) if count <= 16 else bytes([1, count])
    assert script == pushed + (b"\x21" + PUBLIC[0]) * count + pushed + b"\xae"


def test_signing_needs_the_right_key() -> None:
    with pytest.raises(SigningError):
        sign_origin(transfer(alice()), SECRETS[1])
    with pytest.raises(InvalidKey):
        sign_origin(transfer(alice()), bytes(32))


def test_too_long_a_memo_and_too_large_an_amount_are_refused() -> None:
    with pytest.raises(SigningError):
        make_token_transfer(DEVNET, alice(), BOB, 1, bytes(35))
    with pytest.raises(OutOfRange):
        encode_transaction(make_token_transfer(DEVNET, alice(), BOB, 2**64))


# Sponsors


def conditions_of(first: int) -> list[tuple[SpendingCondition, list[bytes]]]:
    """One condition of each kind, with the secrets that sign it."""
    secrets, keys = SECRETS[first : first + 3], PUBLIC[first : first + 3]
    single = [
        (single_sig(keys[0], nonce=1, fee=2, hash_mode=mode), secrets[:1])
        for mode in (P2PKH, P2WPKH_P2SH)
    ]
    multi = [
        (multi_sig(keys, 2, nonce=1, fee=2, hash_mode=mode), [secrets[0], secrets[2]])
        for mode in sorted(MULTI_SIG_MODES)
    ]
    return [*single, *multi]


@pytest.mark.parametrize(
    ("origin", "sponsor"),
    list(product(conditions_of(0), conditions_of(4))),
    ids=lambda pair: f"{pair[0].hash_mode:02x}",
)
def test_sponsors_of_every_kind(
    origin: tuple[SpendingCondition, list[bytes]], sponsor: tuple[SpendingCondition, list[bytes]]
) -> None:
    tx = transfer(origin[0], sponsored=True)
    for secret in origin[1]:
        tx = sign_origin(tx, secret)
    raw = encode_transaction(tx)
    verify_origin(tx, raw)
    with pytest.raises(ConditionFailed) as caught:
        authenticate(tx, raw)
    assert caught.value.role == "sponsor"
    tx = set_sponsor(tx, msgspec.structs.replace(sponsor[0], nonce=9, fee=777))
    for secret in sponsor[1]:
        tx = sign_sponsor(tx, secret)
    authenticated = check(tx)
    assert authenticated.is_sponsored
    assert authenticated.origin.hash20 == origin[0].signer
    assert authenticated.payer.hash20 == sponsor[0].signer
    assert (authenticated.origin_nonce, authenticated.payer_nonce) == (1, 9)
    assert authenticated.fee == 777


def sponsored() -> Transaction:
    tx = sign_origin(transfer(alice(fee=0), sponsored=True), SECRETS[0])
    tx = set_sponsor(tx, single_sig(PUBLIC[1], nonce=9, fee=777))
    return sign_sponsor(tx, SECRETS[1])


def test_a_sponsor_signs_after_the_origin() -> None:
    tx = set_sponsor(transfer(alice(), sponsored=True), single_sig(PUBLIC[1], nonce=9, fee=777))
    with pytest.raises(ConditionFailed) as caught:
        sign_sponsor(tx, SECRETS[1])
    assert caught.value.role == "origin"


def test_the_sponsor_signs_the_fee() -> None:
    tx = sponsored()
    assert isinstance(tx.auth, SponsoredAuth)
    cheaper = msgspec.structs.replace(tx.auth.sponsor, fee=1)
    changed = msgspec.structs.replace(tx, auth=SponsoredAuth(tx.auth.origin, cheaper))
    with pytest.raises(ConditionFailed) as caught:
        check(changed)
    assert caught.value.role == "sponsor"


def test_a_sponsored_transaction_cannot_be_stripped_of_its_sponsor() -> None:
    tx = sponsored()
    with pytest.raises(ConditionFailed) as caught:
        check(with_origin(tx, tx.auth.origin))
    assert caught.value.role == "origin"


def test_standard_transactions_take_no_sponsor() -> None:
    tx = sign_origin(transfer(alice()), SECRETS[0])
    with pytest.raises(SigningError):
        set_sponsor(tx, alice())
    with pytest.raises(SigningError):
        sign_sponsor(tx, SECRETS[0])


# What does not verify


def test_a_transaction_belongs_to_one_network() -> None:
    tx = sign_origin(transfer(alice()), SECRETS[0])
    raw = encode_transaction(tx)
    authenticate(tx, raw)
    with pytest.raises(WrongVersion) as version:
        verify_transaction(tx, raw, MAINNET)
    assert (version.value.expected, version.value.actual) == (0x00, 0x80)
    core = msgspec.structs.replace(DEVNET.btczs_network, chain_id=5)
    with pytest.raises(WrongChainId) as chain:
        verify_transaction(tx, raw, msgspec.structs.replace(DEVNET, btczs_network=core))
    assert (chain.value.expected, chain.value.actual) == (5, DEVNET.chain_id)


@pytest.mark.parametrize("version", [0x81, 0xFF])
def test_a_version_with_other_bits_is_not_this_networks(version: int) -> None:
    tx = sign_origin(msgspec.structs.replace(transfer(alice()), version=version), SECRETS[0])
    with pytest.raises(WrongVersion):
        check(tx)


def test_an_empty_signature() -> None:
    with pytest.raises(BadSignature) as caught:
        check(transfer(alice()))
    assert caught.value.to_json()["role"] == "origin"
    assert caught.value.code == "bad_signature"


def flip_s(signature: bytes) -> bytes:
    """The other signature of the same message by the same key."""
    s = ORDER - int.from_bytes(signature[33:], "big")
    return bytes([signature[0] ^ 1]) + signature[1:33] + s.to_bytes(32, "big")


@pytest.mark.parametrize("mode", [P2PKH, P2SH, P2SH_ANY_ORDER])
def test_high_s(mode: int) -> None:
    if mode == P2PKH:
        tx = sign_origin(transfer(alice()), SECRETS[0])
        origin = tx.auth.origin
        assert isinstance(origin, SingleSigCondition)
        flipped: SpendingCondition = msgspec.structs.replace(
            origin, signature=flip_s(origin.signature)
        )
    else:
        multi = multi_sig(PUBLIC[:1], 1, nonce=0, fee=0, hash_mode=mode)
        tx = sign_origin(transfer(multi), SECRETS[0])
        assert isinstance(tx.auth.origin, MultiSigCondition)
        field = tx.auth.origin.fields[0]
        assert isinstance(field, SignatureField)
        again = SignatureField(True, flip_s(field.signature))
        flipped = msgspec.structs.replace(tx.auth.origin, fields=(again,))
    check(tx)
    with pytest.raises(HighS):
        check(with_origin(tx, flipped))


def test_another_signer() -> None:
    tx = sign_origin(transfer(alice()), SECRETS[0])
    stolen = msgspec.structs.replace(tx.auth.origin, signer=hash160(PUBLIC[1]))
    with pytest.raises(SignerMismatch) as caught:
        check(with_origin(tx, stolen))
    assert caught.value.expected == hash160(PUBLIC[1]).hex()


def test_uncompressed_keys_are_refused_in_segwit_modes() -> None:
    tx = sign_origin(transfer(alice(hash_mode=P2WPKH_P2SH)), SECRETS[0])
    with pytest.raises(KeyEncodingMismatch):
        check(with_origin(tx, msgspec.structs.replace(tx.auth.origin, key_encoding=1)))
    for mode in (P2WSH_P2SH, P2WSH_ANY_ORDER):
        multi = multi_sig(PUBLIC[:2], 1, nonce=0, fee=0, hash_mode=mode)
        tx = sign_origin(transfer(multi), SECRETS[0])
        assert isinstance(tx.auth.origin, MultiSigCondition)
        for index in (0, 1):
            fields = list(tx.auth.origin.fields)
            fields[index] = msgspec.structs.replace(fields[index], compressed=False)
            changed = msgspec.structs.replace(tx.auth.origin, fields=tuple(fields))
            with pytest.raises(KeyEncodingMismatch):
                check(with_origin(tx, changed))


def test_a_listed_key_that_is_no_point() -> None:
    multi = multi_sig(PUBLIC[:2], 1, nonce=0, fee=0, hash_mode=P2SH)
    tx = sign_origin(transfer(multi), SECRETS[0])
    assert isinstance(tx.auth.origin, MultiSigCondition)
    fields = (tx.auth.origin.fields[0], PublicKeyField(True, b"\x05" + bytes(32)))
    with pytest.raises(InvalidPublicKey):
        check(with_origin(tx, msgspec.structs.replace(tx.auth.origin, fields=fields)))


@pytest.mark.parametrize("mode", sorted(ANY_ORDER_MODES | {P2SH}))
def test_a_condition_that_requires_nothing_is_refused(mode: int) -> None:
    """Its address exists, and without this rule anybody could spend from it."""
    key = PublicKeyField(True, PUBLIC[0])
    nobody = MultiSigCondition(mode, bytes(20), 0, 0, (key,), 0)
    with pytest.raises(SignatureCount):
        check(transfer(nobody))
    with pytest.raises(SignatureCount):
        check(transfer(msgspec.structs.replace(nobody, fields=())))


def test_requiring_less_than_the_address_says_changes_the_address() -> None:
    multi = multi_sig(PUBLIC[:3], 2, nonce=0, fee=0, hash_mode=P2SH)
    lowered = msgspec.structs.replace(multi, signatures_required=1)
    tx = sign_origin(transfer(lowered), SECRETS[0])
    with pytest.raises(SignerMismatch) as caught:
        check(tx)
    assert caught.value.actual == compute_multi_signer(P2SH, PUBLIC[:3], 1).hex()


def _signed_samples() -> list[bytes]:
    multi = multi_sig(PUBLIC[:3], 2, nonce=1, fee=2, hash_mode=P2SH)
    any_order = multi_sig(PUBLIC[:3], 2, nonce=1, fee=2, hash_mode=P2SH_ANY_ORDER)
    samples = [sign_origin(transfer(alice()), SECRETS[0]), sponsored()]
    for condition in (multi, any_order):
        samples.append(sign_origin(sign_origin(transfer(condition), SECRETS[0]), SECRETS[2]))
    return [encode_transaction(tx) for tx in samples]


def test_every_byte_is_authorised() -> None:
    """Whatever byte is changed: it does not decode, does not verify, or somebody else signed it."""
    rng = random.Random(7)
    for raw in _signed_samples():
        tx = decode_transaction(raw)
        owner = authenticate(tx, raw)
        for at in range(len(raw)):
            changed = bytearray(raw)
            changed[at] ^= 1 << rng.randrange(8)
            try:
                other = authenticate(decode_transaction(bytes(changed)), bytes(changed))
            except InvalidInput:
                continue
            assert (other.origin, other.payer) != (owner.origin, owner.payer), at


def test_the_key_encoding_of_a_placeholder_is_not_signed_by_the_origin() -> None:
    """The origin signs a fixed sentinel, so that it need not know the sponsor."""
    tx = sign_origin(transfer(alice(), sponsored=True), SECRETS[0])
    for sponsor in (SPONSOR_SENTINEL, single_sig(UNCOMPRESSED[3], nonce=5, fee=6)):
        changed = set_sponsor(tx, sponsor)
        verify_origin(changed, encode_transaction(changed))


def test_all_failures_are_auth_errors_with_codes_of_their_own() -> None:
    kinds = [
        WrongChainId,
        WrongVersion,
        BadSignature,
        HighS,
        KeyEncodingMismatch,
        InvalidPublicKey,
        SignatureCount,
        SignerMismatch,
    ]
    assert len({kind.code for kind in kinds}) == len(kinds)
    assert all(issubclass(kind, AuthError) for kind in kinds)
