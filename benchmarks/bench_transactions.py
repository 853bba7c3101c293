"""What it costs to decode and authenticate transactions, beside bare key recovery.

The baseline is one call of the signature library's recovery on the same transactions. The bar for a
transfer: decoding and authenticating it takes at most twice that.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from benchmarks.floor import prepare_recoveries, recover_all, signed
from benchmarks.harness import Bar, Samples, Size, Table, for_each, medians, timed
from btczs.codec.clarity.values import (
    BufferValue,
    ContractPrincipal,
    SomeValue,
    StandardPrincipal,
    TupleValue,
    UIntValue,
    Value,
)
from btczs.crypto.hashes import sha256
from btczs.crypto.secp256k1 import compute_public_key, recover
from btczs.ledger.blocks import Block, BlockHeader, decode_block, encode_block
from btczs.ledger.transactions import (
    Transaction,
    compute_txid,
    decode_transaction,
    encode_transaction,
    make_contract_call,
    make_token_transfer,
    sign_origin,
    verify_transaction,
)
from btczs.ledger.transactions.batch import authenticate_many
from btczs.ledger.transactions.builders import multi_sig, single_sig
from btczs.ledger.transactions.conditions import P2SH
from btczs.ledger.transactions.signer_hash import compute_single_signer
from btczs.networks import load_network
from btczs.primitives import ChainHeight, Hash20, Hash32, TimestampS

ROUNDS = 9
THREADS = 2
FLOOR = "bare recovery (the library's C function)"
EVERYTHING = "transfer: everything"
FLOOR_SHARE_MIN = 0.5
NETWORK = load_network("devnet")
SECRETS = [sha256(b"bench %d" % i) for i in range(3)]
KEYS = [compute_public_key(secret) for secret in SECRETS]
BOB = StandardPrincipal(26, Hash20(bytes(range(20))))


def run(size: Size) -> list[Table]:
    count = size.pick(1_000, 100)
    transfers = [encode_transaction(make_transfer(nonce)) for nonce in range(count)]
    calls = [encode_transaction(make_call(nonce)) for nonce in range(count)]
    multis = [encode_transaction(make_multi(nonce)) for nonce in range(count // 4)]
    with ThreadPoolExecutor(THREADS) as executor:
        rows = _measure(
            {
                FLOOR: bare_recovery(transfers),
                "recover": recover_alone(transfers),
                "transfer: decode": each(decode_transaction, transfers),
                "transfer: initial and signed hash": each_decoded(signed, transfers),
                "transfer: id": each(compute_txid, transfers),
                "transfer: hash of the key": each(lambda _: signer(KEYS[0]), transfers),
                "transfer: encode": each_decoded(lambda tx, _: encode_transaction(tx), transfers),
                EVERYTHING: each(verify, transfers),
                f"{EVERYTHING}, {THREADS} threads": batch(transfers, executor),
                "transfer: in a block, decode only": whole_block(transfers),
                "contract call: decode": each(decode_transaction, calls),
                "contract call: everything": each(verify, calls),
                "2 of 3 keys: everything": each(verify, multis),
            }
        )
    bars: tuple[Bar, ...] = ()
    if not size.quick:
        share = rows[FLOOR] / rows[EVERYTHING]
        bars = (Bar("a transfer's share of the floor's rate", share, FLOOR_SHARE_MIN),)
    title = "decode and authenticate, without executing"
    return [Table(title, "transaction", FLOOR, rows, bars=bars)]


def _measure(rounds: "dict[str, Round]") -> dict[str, float]:
    samples: Samples = {}
    for _ in range(ROUNDS):
        for name, (count, work) in rounds.items():
            timed(samples, name, count, work)
    return medians(samples)


def make_transfer(nonce: int) -> Transaction:
    origin = single_sig(KEYS[0], nonce=nonce, fee=1000)
    return sign_origin(make_token_transfer(NETWORK, origin, BOB, 5), SECRETS[0])


def make_call(nonce: int) -> Transaction:
    contract = ContractPrincipal(26, Hash20(bytes(20)), "kv-store")
    fields = (("amount", UIntValue(7)), ("who", SomeValue(BOB)))
    arguments: list[Value] = [UIntValue(1), BufferValue(bytes(32)), TupleValue(fields)]
    origin = single_sig(KEYS[0], nonce=nonce, fee=1000)
    call = make_contract_call(NETWORK, origin, contract, "set-value", arguments)
    return sign_origin(call, SECRETS[0])


def make_multi(nonce: int) -> Transaction:
    origin = multi_sig(KEYS, 2, nonce=nonce, fee=1000, hash_mode=P2SH)
    tx = make_token_transfer(NETWORK, origin, BOB, 5)
    return sign_origin(sign_origin(tx, SECRETS[0]), SECRETS[1])


def verify(raw: bytes) -> object:
    return verify_transaction(decode_transaction(raw), raw, NETWORK)


def signer(key: bytes) -> bytes:
    return compute_single_signer(0, key)


Round = tuple[int, Callable[[], object]]
"""How many transactions are in a round, and what to do with them."""


def bare_recovery(raws: list[bytes]) -> Round:
    prepared = prepare_recoveries(raws)
    return len(raws), lambda: recover_all(prepared)


def recover_alone(raws: list[bytes]) -> Round:
    pairs = [signed(decode_transaction(raw), raw) for raw in raws]
    return len(raws), lambda: for_each(recover, pairs)


def each(work: Callable[[bytes], object], raws: list[bytes]) -> Round:
    items = [(raw,) for raw in raws]
    return len(raws), lambda: for_each(work, items)


def each_decoded(work: Callable[[Transaction, bytes], object], raws: list[bytes]) -> Round:
    decoded = [(decode_transaction(raw), raw) for raw in raws]
    return len(raws), lambda: for_each(work, decoded)


def batch(raws: list[bytes], executor: ThreadPoolExecutor) -> Round:
    return len(raws), lambda: authenticate_many(raws, NETWORK, executor)


def whole_block(raws: list[bytes]) -> Round:
    hash20, hash32 = Hash20(bytes(20)), Hash32(bytes(32))
    header = BlockHeader(0, ChainHeight(1), 0, hash20, hash32, hash32, hash32, TimestampS(0))
    encoded = encode_block(Block(header, tuple(raws)))
    return len(raws), lambda: decode_block(encoded)
