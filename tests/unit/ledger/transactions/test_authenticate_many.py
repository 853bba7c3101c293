"""Many transactions at once: same results as one by one, in order, on any number of threads."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from btczs.codec.clarity.values import StandardPrincipal
from btczs.crypto.hashes import sha256
from btczs.crypto.secp256k1 import compute_public_key
from btczs.ledger.transactions import (
    Authenticated,
    decode_transaction,
    encode_transaction,
    make_token_transfer,
    sign_origin,
    verify_transaction,
)
from btczs.ledger.transactions.batch import CHUNK, authenticate_many
from btczs.ledger.transactions.builders import single_sig
from btczs.ledger.transactions.errors import BadSignature, InvalidTransaction, WrongVersion
from btczs.networks import load_network

DEVNET, MAINNET = load_network("devnet"), load_network("mainnet")
SECRET = sha256(b"batch")


def make(nonce: int, *, signed: bool = True) -> bytes:
    origin = single_sig(compute_public_key(SECRET), nonce=nonce, fee=10)
    tx = make_token_transfer(DEVNET, origin, StandardPrincipal(26, bytes(20)), 1)
    return encode_transaction(sign_origin(tx, SECRET) if signed else tx)


RAWS = [make(i, signed=i % 50 != 7) for i in range(CHUNK * 2 + 5)]
RAWS[20] = RAWS[20][:-1]
RAWS[21] = b"\x80" + RAWS[21][1:5] + b"\x09" + RAWS[21][6:]


@pytest.mark.parametrize("threads", [0, 1, 3])
def test_results_are_in_order_and_failures_stay_alone(threads: int) -> None:
    if threads == 0:
        outcomes = authenticate_many(RAWS, DEVNET)
    else:
        with ThreadPoolExecutor(threads) as executor:
            outcomes = authenticate_many(RAWS, DEVNET, executor)
    assert len(outcomes) == len(RAWS)
    for index, (raw, outcome) in enumerate(zip(RAWS, outcomes, strict=True)):
        if isinstance(outcome, Authenticated):
            assert outcome == verify_transaction(decode_transaction(raw), raw, DEVNET)
            assert outcome.origin_nonce == index
        elif index == 20:
            assert outcome.code == "truncated"
        elif index == 21:
            assert isinstance(outcome, InvalidTransaction)
        else:
            assert index % 50 == 7
            assert isinstance(outcome, BadSignature)


def test_without_a_network_the_chain_is_not_looked_at() -> None:
    [here] = authenticate_many(RAWS[:1], None)
    assert isinstance(here, Authenticated)
    [there] = authenticate_many(RAWS[:1], MAINNET)
    assert isinstance(there, WrongVersion)


def test_nothing_gives_nothing() -> None:
    assert authenticate_many([], DEVNET) == []
