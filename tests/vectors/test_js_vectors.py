"""Transactions that the JavaScript library made for this project's chain id, all kinds."""

from collections.abc import Iterator
from itertools import permutations
from typing import Any

import msgspec
import pytest
from vector_files import cases, load

from btczs.codec.c32 import encode_c32_address
from btczs.codec.clarity import encode_value, principal_text
from btczs.crypto.hashes import hash160
from btczs.crypto.secp256k1 import compute_public_key
from btczs.ledger.transactions import (
    ContractCall,
    SmartContract,
    TokenTransfer,
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
    COMPRESSED,
    EMPTY_SIGNATURE,
    SignatureField,
    SingleSigCondition,
    SpendingCondition,
    SponsoredAuth,
)
from btczs.ledger.transactions.errors import BadSignature, WrongChainId, WrongVersion
from btczs.ledger.transactions.payload_codec import encode_payload
from btczs.ledger.transactions.post_condition_codec import encode_post_condition
from btczs.ledger.transactions.sighash import compute_initial_sighash
from btczs.ledger.transactions.signing import set_sponsor
from btczs.networks import Network, load_network

FILE = "stacks/js_vectors.json"

everything = pytest.mark.parametrize(
    "case", cases(FILE, "vectors"), ids=lambda case: f"{case['name']}-{case['flavour']}"
)


def decode(case: dict[str, Any]) -> tuple[Transaction, bytes]:
    raw = bytes.fromhex(case["hex"])
    return decode_transaction(raw), raw


def network_of(case: dict[str, Any]) -> Network:
    network = load_network("mainnet" if case["version_byte"] == 0 else "testnet")
    core = msgspec.structs.replace(network.btczs_network, chain_id=int(case["chain_id"], 16))
    return msgspec.structs.replace(network, btczs_network=core)


def lacks_its_sponsor(tx: Transaction) -> bool:
    """The library leaves a placeholder with an empty signature."""
    if not isinstance(tx.auth, SponsoredAuth):
        return False
    sponsor = tx.auth.sponsor
    return isinstance(sponsor, SingleSigCondition) and sponsor.signature == EMPTY_SIGNATURE


@pytest.mark.parametrize("case", cases(FILE, "addresses"), ids=lambda case: case["address"])
def test_addresses_of_keys(case: dict[str, Any]) -> None:
    secret, compressed = bytes.fromhex(case["privateKey"])[:32], len(case["privateKey"]) == 66
    public_key = compute_public_key(secret, compressed=compressed)
    assert public_key.hex() == case["publicKey"]
    assert hash160(public_key).hex() == case["hash160"]
    assert encode_c32_address(case["version"], hash160(public_key)) == case["address"]


@everything
def test_bytes_hashes_and_fields(case: dict[str, Any]) -> None:
    tx, raw = decode(case)
    assert encode_transaction(tx) == raw
    assert compute_txid(raw).hex() == case["txid"]
    assert compute_initial_sighash(tx.auth, raw).hex() == case["sign_begin_sighash"]
    assert (tx.version, tx.chain_id) == (case["version_byte"], int(case["chain_id"], 16))
    assert tx.anchor_mode == case["anchor_mode"]
    assert tx.post_condition_mode == case["post_condition_mode"]
    assert encode_payload(tx.payload).hex() == case["payload_hex"]
    if "pcs_hex" in case:
        assert [encode_post_condition(pc).hex() for pc in tx.post_conditions] == case["pcs_hex"]


@everything
def test_payload(case: dict[str, Any]) -> None:
    payload = decode(case)[0].payload
    if isinstance(payload, TokenTransfer):
        if "amount" in case:
            assert payload.amount == int(case["amount"])
        if "memo" in case:
            assert payload.memo == case["memo"].encode().ljust(34, b"\0")
        if "recipient" in case:
            assert principal_text(payload.recipient) == case["recipient"]
    elif isinstance(payload, SmartContract):
        assert payload.name == case["contractName"]
        assert payload.code == case["codeBody"]
        assert payload.clarity_version == case.get("clarity_version")
    else:
        assert isinstance(payload, ContractCall)
        if "args_hex" in case:
            assert [encode_value(v).hex() for v in payload.arguments] == case["args_hex"]


@everything
def test_who_signed(case: dict[str, Any]) -> None:
    tx, raw = decode(case)
    verify_origin(tx, raw)
    if lacks_its_sponsor(tx):
        with pytest.raises(BadSignature) as caught:
            authenticate(tx, raw)
        assert caught.value.role == "sponsor"
        return
    authenticated = verify_transaction(tx, raw, network_of(case))
    if "sender" in case:
        assert principal_text(authenticated.origin) == case["sender"]
    payer = case.get("sponsor", case.get("sender"))
    if payer is not None:
        assert principal_text(authenticated.payer) == payer


@everything
def test_belongs_to_one_network_only(case: dict[str, Any]) -> None:
    tx, raw = decode(case)
    network = network_of(case)
    other_chain = msgspec.structs.replace(network.btczs_network, chain_id=network.chain_id ^ 1)
    with pytest.raises(WrongChainId):
        verify_transaction(tx, raw, msgspec.structs.replace(network, btczs_network=other_chain))
    flipped = network.transaction_version ^ 0x80
    with pytest.raises(WrongVersion):
        verify_transaction(tx, raw, msgspec.structs.replace(network, transaction_version=flipped))


@everything
def test_signing_anew_gives_the_same_bytes(case: dict[str, Any]) -> None:
    """Built from the fields with the published keys: signatures are deterministic (RFC 6979)."""
    tx, raw = decode(case)
    origin, origin_signers = blank(tx.auth.origin)
    anew = build(tx, origin, network_of(case), isinstance(tx.auth, SponsoredAuth))
    for secret in origin_signers:
        anew = sign_origin(anew, secret)
    if isinstance(tx.auth, SponsoredAuth):
        missing = lacks_its_sponsor(tx)
        sponsor, sponsor_signers = (tx.auth.sponsor, []) if missing else blank(tx.auth.sponsor)
        anew = set_sponsor(anew, sponsor)
        for secret in sponsor_signers:
            anew = sign_sponsor(anew, secret)
    assert encode_transaction(anew).hex() == raw.hex()


def build(
    tx: Transaction, origin: SpendingCondition, network: Network, sponsored: bool
) -> Transaction:
    payload = tx.payload
    match payload:
        case TokenTransfer():
            memo = payload.memo.rstrip(b"\0")
            return make_token_transfer(
                network, origin, payload.recipient, payload.amount, memo, sponsored=sponsored
            )
        case SmartContract():
            return make_contract_deploy(
                network,
                origin,
                payload.name,
                payload.code,
                clarity_version=payload.clarity_version,
                post_conditions=tx.post_conditions,
                post_condition_mode=tx.post_condition_mode,
                sponsored=sponsored,
            )
        case ContractCall():
            return make_contract_call(
                network,
                origin,
                payload.contract,
                payload.function_name,
                payload.arguments,
                post_conditions=tx.post_conditions,
                post_condition_mode=tx.post_condition_mode,
                sponsored=sponsored,
            )
        case _:
            pytest.skip("the library makes no such payload")


def blank(condition: SpendingCondition) -> tuple[SpendingCondition, list[bytes]]:
    """The condition without signatures, made from the keys in the file, and who has to sign."""
    secrets = {bytes.fromhex(a["privateKey"])[:32] for a in load(FILE)["addresses"]}
    for made, signers in candidates(condition, sorted(secrets)):
        if made.signer == condition.signer:
            return made, signers
    pytest.skip("the file does not have the keys of this transaction")


def candidates(
    condition: SpendingCondition, secrets: list[bytes]
) -> Iterator[tuple[SpendingCondition, list[bytes]]]:
    mode, nonce, fee = condition.hash_mode, condition.nonce, condition.fee
    if isinstance(condition, SingleSigCondition):
        for secret in secrets:
            key = compute_public_key(secret, compressed=condition.key_encoding == COMPRESSED)
            yield single_sig(key, nonce=nonce, fee=fee, hash_mode=mode), [secret]
        return
    fields, required = condition.fields, condition.signatures_required
    for chosen in permutations(secrets, len(fields)):
        keys = [compute_public_key(s, compressed=f.compressed) for s, f in zip(chosen, fields)]
        made = multi_sig(keys, required, nonce=nonce, fee=fee, hash_mode=mode)
        yield made, [s for s, f in zip(chosen, fields) if isinstance(f, SignatureField)]
