"""Transactions found in third-party test files: every field, the id, and who signed."""

from typing import Any

import pytest
from vector_files import cases

from btczs.codec.c32 import encode_c32_address
from btczs.codec.clarity import encode_value
from btczs.codec.clarity.values import ContractPrincipal, Principal
from btczs.ledger.transactions import (
    Coinbase,
    CoinbaseToAlt,
    ConditionFailed,
    ContractCall,
    NakamotoCoinbase,
    Payload,
    PoisonMicroblock,
    SmartContract,
    TenureChange,
    TokenTransfer,
    Transaction,
    authenticate,
    compute_txid,
    decode_transaction,
    encode_transaction,
    verify_origin,
)
from btczs.ledger.transactions.addresses import condition_address
from btczs.ledger.transactions.conditions import (
    PublicKeyField,
    SingleSigCondition,
    SpendingCondition,
    SponsoredAuth,
)
from btczs.ledger.transactions.errors import BadSignature, SignerMismatch
from btczs.ledger.transactions.post_condition_codec import encode_post_condition
from btczs.ledger.transactions.post_conditions import (
    FungiblePostCondition,
    NonFungiblePostCondition,
    PostCondition,
    PoxPostCondition,
    StakingPostCondition,
    StxPostCondition,
)

FILE = "stacks/tx_vectors.json"

everything = pytest.mark.parametrize(
    "case", cases(FILE, "vectors"), ids=lambda case: case["decoded"]["tx_id"][2:14]
)


def decode(case: dict[str, Any]) -> tuple[Transaction, bytes]:
    raw = bytes.fromhex(case["hex"])
    return decode_transaction(raw), raw


@everything
def test_bytes_and_id(case: dict[str, Any]) -> None:
    tx, raw = decode(case)
    assert encode_transaction(tx) == raw
    assert compute_txid(raw).hex() == case["decoded"]["tx_id"].removeprefix("0x")


@everything
def test_head_and_authorization(case: dict[str, Any]) -> None:
    tx, _ = decode(case)
    expected = case["decoded"]
    assert (tx.version, tx.chain_id) == (expected["version"], expected["chain_id"])
    assert tx.anchor_mode == expected["anchor_mode"]
    assert tx.post_condition_mode == expected["post_condition_mode"]
    auth = expected["auth"]
    check_condition(tx.auth.origin, auth["origin_condition"], tx.version)
    assert isinstance(tx.auth, SponsoredAuth) == (auth["type_id"] == 5)
    if isinstance(tx.auth, SponsoredAuth):
        check_condition(tx.auth.sponsor, auth["sponsor_condition"], tx.version)


def check_condition(condition: SpendingCondition, expected: dict[str, Any], version: int) -> None:
    assert condition.hash_mode == expected["hash_mode"]
    assert condition.nonce == int(expected["nonce"])
    assert condition.fee == int(expected["tx_fee"])
    address = condition_address(condition, version)
    assert encode_c32_address(address.version, address.hash20) == expected["signer"]["address"]
    if isinstance(condition, SingleSigCondition):
        assert condition.key_encoding == expected["key_encoding"]
        assert condition.signature == unhex(expected["signature"])
        return
    assert condition.signatures_required == expected["signatures_required"]
    assert len(condition.fields) == len(expected["fields"])
    for field, wanted in zip(condition.fields, expected["fields"], strict=True):
        assert field.compressed == (wanted["type_id"] % 2 == 0)
        if isinstance(field, PublicKeyField):
            assert field.public_key == unhex(wanted["public_key"])
        else:
            assert field.signature == unhex(wanted["signature"])


@everything
def test_post_conditions(case: dict[str, Any]) -> None:
    tx, _ = decode(case)
    expected = case["decoded"]
    encoded = b"".join(map(encode_post_condition, tx.post_conditions))
    head = bytes((tx.post_condition_mode,)) + len(tx.post_conditions).to_bytes(4, "big")
    assert head + encoded == unhex(expected["post_conditions_buffer"])
    assert len(tx.post_conditions) == len(expected["post_conditions"])
    for condition, wanted in zip(tx.post_conditions, expected["post_conditions"], strict=True):
        check_post_condition(condition, wanted)


POST_CONDITION_KINDS = (
    StxPostCondition,
    FungiblePostCondition,
    NonFungiblePostCondition,
    StakingPostCondition,
    PoxPostCondition,
)


def check_post_condition(condition: PostCondition, expected: dict[str, Any]) -> None:
    assert type(condition) is POST_CONDITION_KINDS[expected["asset_info_id"]]
    assert condition.code == expected["condition_code"]
    if expected["principal"]["type_id"] == 1:
        assert condition.principal is None
    else:
        assert condition.principal is not None
        check_principal(condition.principal, expected["principal"])
    if isinstance(condition, FungiblePostCondition | NonFungiblePostCondition):
        contract, asset = condition.asset.contract, expected["asset"]
        address = encode_c32_address(contract.version, contract.hash20)
        assert address == asset["contract_address"]
        assert contract.name == asset["contract_name"]
        assert condition.asset.asset_name == asset["asset_name"]
    if isinstance(condition, NonFungiblePostCondition):
        assert encode_value(condition.value) == unhex(expected["asset_value"]["hex"])
    elif not isinstance(condition, PoxPostCondition):
        assert condition.amount == int(expected["amount"])


@everything
def test_payload(case: dict[str, Any]) -> None:
    tx, _ = decode(case)
    check_payload(tx.payload, case["decoded"]["payload"])


def check_payload(payload: Payload, expected: dict[str, Any]) -> None:
    kind = expected["type_id"]
    match payload:
        case TokenTransfer():
            assert kind == 0
            check_principal(payload.recipient, expected["recipient"])
            assert payload.amount == int(expected["amount"])
            assert payload.memo == unhex(expected["memo_hex"])
        case SmartContract():
            assert kind == (1 if payload.clarity_version is None else 6)
            assert payload.clarity_version == expected.get("clarity_version")
            assert payload.name == expected["contract_name"]
            assert payload.code == expected["code_body"]
        case ContractCall():
            assert kind == 2
            check_principal(payload.contract, expected)
            assert payload.function_name == expected["function_name"]
            arguments = b"".join(map(encode_value, payload.arguments))
            count = len(payload.arguments).to_bytes(4, "big")
            assert count + arguments == unhex(expected["function_args_buffer"])
        case PoisonMicroblock():
            assert kind == 3
            assert payload.header_1 == unhex(expected["microblock_header_1"]["buffer"])
            assert payload.header_2 == unhex(expected["microblock_header_2"]["buffer"])
        case Coinbase():
            assert kind == 4
            assert payload.payload == unhex(expected["payload_buffer"])
        case CoinbaseToAlt():
            assert kind == 5
            assert payload.payload == unhex(expected["payload_buffer"])
            check_principal(payload.recipient, expected["recipient"])
        case TenureChange():
            assert kind == 7
            assert payload.consensus_hash == unhex(expected["tenure_consensus_hash"])
            assert payload.prev_consensus_hash == unhex(expected["prev_tenure_consensus_hash"])
            assert payload.burn_view == unhex(expected["burn_view_consensus_hash"])
            assert payload.prev_block_id == unhex(expected["previous_tenure_end"])
            assert payload.prev_blocks == expected["previous_tenure_blocks"]
            assert payload.cause == expected["cause"]
            assert payload.pubkey_hash == unhex(expected["pubkey_hash"])
        case NakamotoCoinbase():
            assert kind == 8
            assert payload.payload == unhex(expected["payload_buffer"])
            assert payload.vrf_proof == unhex(expected["vrf_proof"])
            if payload.recipient is None:
                assert expected["recipient"] is None
            else:
                check_principal(payload.recipient, expected["recipient"])


def check_principal(principal: Principal, expected: dict[str, Any]) -> None:
    assert encode_c32_address(principal.version, principal.hash20) == expected["address"]
    name = principal.name if isinstance(principal, ContractPrincipal) else None
    assert name == expected.get("contract_name")


@everything
def test_who_signed(case: dict[str, Any]) -> None:
    """The outcome of an independent implementation; where it is absent, that of the library.

    The library re-encodes first, so it also refuses signatures over bytes it cannot represent.
    """
    tx, raw = decode(case)
    outcome = case.get("python_auth")
    if outcome is None:
        outcome = "valid" if case["stacksjs"].get("origin_signature_valid") else "invalid"
    if outcome == "valid":
        assert authenticate(tx, raw).txid == compute_txid(raw)
        return
    with pytest.raises(expected_failure(outcome)):
        authenticate(tx, raw)


def expected_failure(outcome: str) -> type[ConditionFailed]:
    if "mismatch" in outcome:
        return SignerMismatch
    if "recover" in outcome:
        return BadSignature
    return ConditionFailed


@everything
def test_origin_signature_that_the_library_accepts(case: dict[str, Any]) -> None:
    """What it does not accept is the matter of the test above."""
    tx, raw = decode(case)
    if case["stacksjs"].get("origin_signature_valid"):
        verify_origin(tx, raw)


def unhex(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))
