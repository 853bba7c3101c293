"""What it costs to decode and authenticate transactions, beside bare key recovery.

    python benchmarks/bench_transactions.py [--count 2000] [--threads 2]

Each line is the median over interleaved rounds, in µs per transaction, and its ratio to one call of
the signature library's recovery on this machine in this run. Only ratios may be compared between
machines. The bar for a transfer: everything together at most twice a bare recovery.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from coincurve._libsecp256k1 import ffi, lib
from coincurve.context import GLOBAL_CONTEXT

from btczs.codec.clarity.values import (
    BufferValue,
    ContractPrincipal,
    SomeValue,
    StandardPrincipal,
    TupleValue,
    UIntValue,
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
from btczs.ledger.transactions.conditions import P2SH, SingleSigCondition
from btczs.ledger.transactions.sighash import compute_initial_sighash, compute_presign
from btczs.ledger.transactions.signer_hash import compute_single_signer
from btczs.networks import load_network

ROUNDS = 9
NETWORK = load_network("devnet")
SECRETS = [sha256(b"bench %d" % i) for i in range(3)]
KEYS = [compute_public_key(secret) for secret in SECRETS]
BOB = StandardPrincipal(26, bytes(range(20)))


def main() -> None:
    parser = argparse.ArgumentParser(description="Benchmarks of transactions")
    parser.add_argument("--count", type=int, default=1_000, help="transactions per round")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    transfers = [encode_transaction(make_transfer(nonce)) for nonce in range(arguments.count)]
    calls = [encode_transaction(make_call(nonce)) for nonce in range(arguments.count)]
    multis = [encode_transaction(make_multi(nonce)) for nonce in range(arguments.count // 4)]
    with ThreadPoolExecutor(arguments.threads) as executor:
        report(
            {
                "bare recovery (the library's C function)": bare_recovery(transfers),
                "recover": recover_alone(transfers),
                "transfer: decode": each(decode_transaction, transfers),
                "transfer: initial and signed hash": each_decoded(hashes, transfers),
                "transfer: id": each(compute_txid, transfers),
                "transfer: hash of the key": each(lambda _: signer(KEYS[0]), transfers),
                "transfer: encode": each_decoded(lambda tx, _: encode_transaction(tx), transfers),
                "transfer: everything": each(verify, transfers),
                f"transfer: everything, {arguments.threads} threads": batch(transfers, executor),
                "transfer: in a block, decode only": whole_block(transfers),
                "contract call: decode": each(decode_transaction, calls),
                "contract call: everything": each(verify, calls),
                "2 of 3 keys: everything": each(verify, multis),
            }
        )


def make_transfer(nonce: int) -> Transaction:
    origin = single_sig(KEYS[0], nonce=nonce, fee=1000)
    return sign_origin(make_token_transfer(NETWORK, origin, BOB, 5), SECRETS[0])


def make_call(nonce: int) -> Transaction:
    contract = ContractPrincipal(26, bytes(20), "kv-store")
    fields = (("amount", UIntValue(7)), ("who", SomeValue(BOB)))
    arguments = [UIntValue(1), BufferValue(bytes(32)), TupleValue(fields)]
    origin = single_sig(KEYS[0], nonce=nonce, fee=1000)
    call = make_contract_call(NETWORK, origin, contract, "set-value", arguments)
    return sign_origin(call, SECRETS[0])


def make_multi(nonce: int) -> Transaction:
    origin = multi_sig(KEYS, 2, nonce=nonce, fee=1000, hash_mode=P2SH)
    tx = make_token_transfer(NETWORK, origin, BOB, 5)
    return sign_origin(sign_origin(tx, SECRETS[0]), SECRETS[1])


def verify(raw: bytes) -> object:
    return verify_transaction(decode_transaction(raw), raw, NETWORK)


def hashes(tx: Transaction, raw: bytes) -> bytes:
    origin = tx.auth.origin
    initial = compute_initial_sighash(tx.auth, raw)
    return compute_presign(initial, 4, origin.fee, origin.nonce)


def signer(key: bytes) -> bytes:
    return compute_single_signer(0, key)


def signatures(raws: list[bytes]) -> list[tuple[bytes, bytes]]:
    pairs = []
    for raw in raws:
        tx = decode_transaction(raw)
        assert isinstance(tx.auth.origin, SingleSigCondition)
        pairs.append((tx.auth.origin.signature, hashes(tx, raw)))
    return pairs


Round = Callable[[], int]
"""One round; its result is the number of transactions in it."""


def bare_recovery(raws: list[bytes]) -> Round:
    context = GLOBAL_CONTEXT.ctx
    prepared = []
    for signature, digest in signatures(raws):
        parsed = ffi.new("secp256k1_ecdsa_recoverable_signature *")
        lib.secp256k1_ecdsa_recoverable_signature_parse_compact(
            context, parsed, signature[1:], signature[0]
        )
        prepared.append((parsed, digest))
    point = ffi.new("secp256k1_pubkey *")

    def run() -> int:
        for parsed, digest in prepared:
            assert lib.secp256k1_ecdsa_recover(context, point, parsed, digest)
        return len(prepared)

    return run


def recover_alone(raws: list[bytes]) -> Round:
    pairs = signatures(raws)

    def run() -> int:
        for signature, digest in pairs:
            recover(signature, digest)
        return len(pairs)

    return run


def each(work: Callable[[bytes], object], raws: list[bytes]) -> Round:
    def run() -> int:
        for raw in raws:
            work(raw)
        return len(raws)

    return run


def each_decoded(work: Callable[[Transaction, bytes], object], raws: list[bytes]) -> Round:
    decoded = [(decode_transaction(raw), raw) for raw in raws]

    def run() -> int:
        for tx, raw in decoded:
            work(tx, raw)
        return len(decoded)

    return run


def batch(raws: list[bytes], executor: ThreadPoolExecutor) -> Round:
    def run() -> int:
        return len(authenticate_many(raws, NETWORK, executor))

    return run


def whole_block(raws: list[bytes]) -> Round:
    hash20, hash32 = bytes(20), bytes(32)
    header = BlockHeader(0, 1, 0, hash20, hash32, hash32, hash32, 0)
    encoded = encode_block(Block(header, tuple(raws)))

    def run() -> int:
        return len(decode_block(encoded).transactions)

    return run


def report(rounds: dict[str, Round]) -> None:
    samples: dict[str, list[float]] = {name: [] for name in rounds}
    for _ in range(ROUNDS):
        for name, run in rounds.items():
            began = time.perf_counter()
            done = run()
            samples[name].append((time.perf_counter() - began) / done * 1e6)
    medians = {name: statistics.median(times) for name, times in samples.items()}
    bare = next(iter(medians.values()))
    print(f"{'':44}{'µs':>9}{'ratio':>8}")
    for name, median in medians.items():
        print(f"{name:44}{median:9.2f}{median / bare:8.2f}")
    alone = medians["transfer: everything"] - medians["recover"]
    print(f"{'transfer: everything except recover':44}{alone:9.2f}{alone / bare:8.2f}")


if __name__ == "__main__":
    main()
