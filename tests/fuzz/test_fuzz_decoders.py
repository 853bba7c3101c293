"""Every decoder, fed with mutations of what it reads: a value that encodes back, or a typed error."""

# ruff: noqa: PT017  (either outcome of an input is right; an error must be typed)

import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from importlib import resources
from pathlib import Path
from typing import Any

import corpus
import msgspec
import pytest
from mutations import ROUNDS, bounded, make_random, mutate_bytes, mutate_text

from btczs.codec.base58 import base58check_decode
from btczs.codec.bech32 import decode_segwit, encode_segwit
from btczs.codec.c32 import decode_c32_address, encode_c32_address
from btczs.codec.clarity import decode_value, encode_value, parse_principal, principal_text
from btczs.codec.extended_key import decode_extended_key
from btczs.consensus.pox.l1_update import decode_l1_update, encode_l1_update
from btczs.consensus.pox.operations import parse_operation
from btczs.finality.signatures import decode_certificate, encode_certificate
from btczs.indexer.records import decode_record
from btczs.l1 import spv
from btczs.l1.address import decode_l1_address, encode_l1_address, script_address
from btczs.l1.params import get_params
from btczs.l1.wire import (
    decode_block,
    decode_header,
    decode_transaction,
    encode_block,
    encode_header,
    encode_transaction,
)
from btczs.ledger import blocks as l2blocks
from btczs.ledger import transactions as l2
from btczs.ledger.genesis import parse_genesis
from btczs.ledger.mempool import Dropped
from btczs.ledger.mempool.records import decode_dropped, encode_dropped
from btczs.ledger.receipts import decode_receipt, encode_receipt
from btczs.ledger.transactions import verify_transaction
from btczs.networks import parse_network
from btczs.node.chain.messages import decode_proposal
from btczs.primitives import BtczsError, Hash32, InvalidInput
from btczs.store import decode_state_proof, encode_state_proof
from btczs.store.records import decode_head, decode_undo
from btczs.store.records import encode_record as encode_store_record
from btczs.wallet import Wallet
from btczs.wallet.keystore import Keystore

CASES = 120 * ROUNDS
PEAK_BYTES_MAX = 8 * 1024 * 1024
"""Many times what the largest input here (a few kilobytes) could need."""

PARAMS = get_params("bitcoinz", "regtest")
BITCOIN = get_params("bitcoin", "mainnet")

Decode = Callable[[bytes], Any]
Encode = Callable[[Any], bytes]


def receipts() -> tuple[bytes, ...]:
    shown = [decode_record(raw) for raw in corpus.records()]
    return tuple(encode_receipt(t.receipt) for record in shown for t in record.transactions)


def dropped() -> tuple[bytes, ...]:
    txid = Hash32(bytes(32))
    gone = Dropped(txid, "dropped_replace_by_fee", "why \u00e9", txid, 1, 7, corpus.transfer(0))
    return (encode_dropped(gone),)


def state_proofs() -> tuple[bytes, ...]:
    store = corpus.make_kit().store
    return tuple(encode_state_proof(store.prove(key)) for key in (b"supply", b"nothing", b"acct/"))


def store_records() -> tuple[bytes, ...]:
    return tuple(value for _, value in list(corpus.make_kit().store._kv.scan(b"", None))[:40])


BINARY: dict[str, tuple[Callable[[], tuple[bytes, ...]], Decode, Encode | None]] = {
    "l1_header": (
        lambda: corpus.l1_parts()["header"],
        lambda raw: decode_header(PARAMS, raw),
        encode_header,
    ),
    "l1_tx": (
        lambda: corpus.l1_parts()["tx"],
        lambda raw: decode_transaction(PARAMS, raw),
        encode_transaction,
    ),
    "bitcoin_tx": (
        corpus.bitcoin_transactions,
        lambda raw: decode_transaction(BITCOIN, raw),
        encode_transaction,
    ),
    "l1_block": (corpus.l1_blocks, lambda raw: decode_block(PARAMS, raw), encode_block),
    "merkle_branch": (
        lambda: corpus.l1_parts()["branch"],
        lambda raw: spv.decode_merkle_proof(PARAMS, raw),
        spv.encode_merkle_proof,
    ),
    "merkle_block": (
        lambda: corpus.l1_parts()["partial"],
        lambda raw: spv.decode_merkle_block(PARAMS, raw),
        spv.encode_merkle_block,
    ),
    "l1_update": (corpus.l1_updates, decode_l1_update, encode_l1_update),
    "transaction": (corpus.transactions, l2.decode_transaction, l2.encode_transaction),
    "clarity": (corpus.clarity_values, decode_value, encode_value),
    "l2_block": (corpus.l2_blocks, l2blocks.decode_block, l2blocks.encode_block),
    "certificate": (corpus.certificates, decode_certificate, encode_certificate),
    "state_proof": (state_proofs, decode_state_proof, encode_state_proof),
    "receipt": (receipts, decode_receipt, None),
    "index_record": (corpus.records, decode_record, None),
    "dropped": (dropped, decode_dropped, None),
}


@pytest.mark.parametrize("name", BINARY)
def test_binary_formats(name: str) -> None:
    inputs, decode, encode = BINARY[name]
    raws, rng = inputs(), make_random(name)
    for raw in raws:
        again = encode(decode(raw)) if encode else raw
        assert again == raw, "the corpus is valid"
    decoded = 0
    tracemalloc.start()
    try:
        for case in range(CASES):
            raw = mutate_bytes(rng, rng.choice(raws), rng.choice(raws))
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
            with bounded(f"{name} case {case}: {raw[:400].hex()}"):
                try:
                    value = decode(raw)
                except InvalidInput as error:
                    assert error.code
                    msgspec.json.encode(str(error))
                else:
                    decoded += 1
                    if encode is not None:
                        assert encode(value) == raw
                peak = tracemalloc.get_traced_memory()[1] - before
                assert peak < PEAK_BYTES_MAX + 64 * len(raw)
    finally:
        tracemalloc.stop()
    assert decoded < CASES, "mutations that change nothing attack nothing"


@pytest.mark.parametrize("name", BINARY)
def test_every_truncation_is_refused(name: str) -> None:
    inputs, decode, _ = BINARY[name]
    raw = min(inputs(), key=len)
    for size in range(len(raw)) if len(raw) < 400 else range(0, len(raw), len(raw) // 200):
        with pytest.raises(InvalidInput):
            decode(raw[:size])


def test_signatures_of_mutated_transactions() -> None:
    rng, raws = make_random("authenticate"), corpus.transactions()
    for case in range(CASES):
        raw = mutate_bytes(rng, rng.choice(raws))
        with bounded(f"authenticate case {case}: {raw.hex()}"):
            try:
                verify_transaction(l2.decode_transaction(raw), raw, corpus.NETWORK)
            except InvalidInput:
                continue
            assert raw in raws, "a changed transaction still has valid signatures"


def test_merkle_proofs_that_decode_prove_nothing_else() -> None:
    rng, parts = make_random("spv"), corpus.l1_parts()
    for case in range(CASES):
        branch = mutate_bytes(rng, rng.choice(parts["branch"]))
        partial = mutate_bytes(rng, rng.choice(parts["partial"]))
        tx = rng.choice(parts["tx"])
        with bounded(f"spv case {case}: {branch.hex()} {partial.hex()}"):
            with suppress(InvalidInput):
                spv.verify_merkle_proof(PARAMS, spv.decode_merkle_proof(PARAMS, branch), tx)
            with suppress(InvalidInput):
                spv.verify_merkle_block(PARAMS, spv.decode_merkle_block(PARAMS, partial))


def test_operations_and_scripts_on_layer_1() -> None:
    rng, raws = make_random("operations"), corpus.l1_parts()["tx"]
    for case in range(CASES):
        raw = mutate_bytes(rng, rng.choice(raws))
        with bounded(f"operation case {case}: {raw.hex()}"):
            try:
                tx = decode_transaction(PARAMS, raw)
                for output in tx.outputs:
                    script_address(output.script)
                parse_operation(corpus.NETWORK.pox.magic, tx)
            except InvalidInput:
                continue


def test_proposals() -> None:
    rng = make_random("proposals")
    kinds = (corpus.l1_updates(), corpus.certificates(), corpus.l2_blocks())
    messages = [bytes([kind]) + raw for kind, raws in enumerate(kinds, 1) for raw in raws]
    for case in range(CASES):
        chosen = [mutate_bytes(rng, rng.choice(messages)) for _ in range(rng.randrange(4))]
        with bounded(f"proposal case {case}: {[raw.hex() for raw in chosen]}"):
            try:
                decode_proposal(chosen)
            except InvalidInput:
                continue


@pytest.mark.parametrize("decode", [decode_head, decode_undo])
def test_records_of_the_store(decode: Decode) -> None:
    """They are our own: an unreadable one is a typed error too."""
    rng, raws = make_random("store"), store_records()
    for case in range(CASES):
        raw = mutate_bytes(rng, rng.choice(raws))
        with bounded(f"store case {case}: {raw[:400].hex()}"):
            try:
                value = decode(raw)
            except BtczsError:
                continue
            assert encode_store_record(value)


SEGWIT = encode_segwit("bc", 0, b"\x07" * 20)
TEXT: dict[str, tuple[str, Callable[[str], Any], Callable[[Any], str] | None]] = {
    "principal": (corpus.principals()[1], parse_principal, principal_text),
    "c32": (
        encode_c32_address(26, b"\x07" * 20),
        decode_c32_address,
        lambda value: encode_c32_address(*value),
    ),
    "segwit": (
        SEGWIT,
        lambda text: decode_segwit("bc", text),
        lambda value: encode_segwit("bc", *value),
    ),
    "l1_address": (
        SEGWIT,
        lambda text: decode_l1_address(BITCOIN, text),
        lambda value: encode_l1_address(BITCOIN, value),
    ),
    "base58": (
        "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
        lambda text: base58check_decode(text, 1),
        None,
    ),
    "extended_key": ("xpub" + "6" * 107, decode_extended_key, None),
}


@pytest.mark.parametrize("name", TEXT)
def test_texts(name: str) -> None:
    valid, decode, encode = TEXT[name]
    rng = make_random(name)
    for case in range(CASES):
        text = mutate_text(rng, valid)
        with bounded(f"{name} case {case}: {text[:400]!r}"):
            try:
                value = decode(text)
            except InvalidInput:
                continue
            if encode is not None:
                assert decode(encode(value)) == value


@pytest.mark.parametrize("name", ["mainnet", "devnet", "minimal"])
def test_network_files(name: str) -> None:
    text = resources.files("btczs.networks").joinpath(f"{name}.toml").read_text()
    parse_network(text)
    rng = make_random(name)
    for case in range(CASES // 2):
        changed = mutate_toml(rng, text)
        with bounded(f"{name} case {case}: {changed}"):
            try:
                parse_network(changed)
            except InvalidInput as error:
                assert error.code == "invalid_network"


def test_genesis_files() -> None:
    genesis = corpus.make_kit().genesis
    entry = genesis.accounts[0]
    signer = msgspec.to_builtins(genesis.signers[0])
    lines = [f'network = "{genesis.network}"', f"timestamp = {genesis.timestamp}", "[[accounts]]"]
    lines += [f'principal = "{entry.principal}"', f"amount = {entry.amount}", "[[signers]]"]
    lines += [f"{k} = {v}" if isinstance(v, int) else f'{k} = "{v}"' for k, v in signer.items()]
    text, rng = "\n".join(lines), make_random("genesis")
    for case in range(CASES):
        changed = mutate_toml(rng, text)
        with bounded(f"genesis case {case}: {changed}"):
            try:
                parse_genesis(changed, corpus.NETWORK)
            except InvalidInput:
                continue


def mutate_toml(rng: Any, text: str) -> str:
    """Mostly one changed value, so that most of the file still reads."""
    if rng.randrange(3) == 0:
        return mutate_text(rng, text)
    lines = text.split("\n")
    places = [i for i, line in enumerate(lines) if "=" in line and not line.startswith("#")]
    at = rng.choice(places)
    key = lines[at].partition("=")[0]
    values = ("-1", "0", "1", str(2**63), str(2**63 - 1), str(-(2**63)), "1e400", "nan", '""')
    values += ("[]", "{}", "true", '"\\u0000"', "1979-05-27", "[[[[]]]]", '"x"', "9" * 5000)
    values += ("[" * 3000 + "]" * 3000,)
    lines[at] = f"{key}= {rng.choice(values)}"
    return "\n".join(lines)


def test_keystore_files(tmp_path: Path) -> None:
    path, rng = tmp_path / "wallet.json", make_random("keystore")
    words = "abandon " * 11 + "about"
    Keystore.create(path, Wallet(words, corpus.NETWORK), "password")
    raw = path.read_bytes()
    for case in range(CASES):
        changed = mutate_bytes(rng, raw)
        path.write_bytes(changed)
        with bounded(f"keystore case {case}: {changed!r}"):
            try:
                Keystore.load(path)
            except BtczsError as error:
                assert error.code
