"""What a transaction does and under which conditions, as the Stacks API shows it."""

from typing import Any

from btczs.api.jsontext import to_hex
from btczs.codec.clarity import Value, encode_value, principal_text, repr_value, type_text
from btczs.codec.clarity.values import ContractPrincipal, Principal
from btczs.ledger.transactions import (
    Coinbase,
    CoinbaseToAlt,
    ContractCall,
    NakamotoCoinbase,
    Payload,
    PoisonMicroblock,
    SmartContract,
    TenureChange,
    TokenTransfer,
)
from btczs.ledger.transactions.post_conditions import (
    AssetInfo,
    FungiblePostCondition,
    NonFungiblePostCondition,
    PostCondition,
    PoxPostCondition,
    StakingPostCondition,
    StxPostCondition,
)

ANCHOR_MODES = {1: "on_chain_only", 2: "off_chain_only", 3: "any"}
POST_CONDITION_MODES = {1: "allow", 2: "deny", 3: "originator"}
TENURE_CAUSES = (
    "block_found",
    "extended",
    "extended_runtime",
    "extended_read_count",
    "extended_read_length",
    "extended_write_count",
    "extended_write_length",
)
_CONDITION_CODES = {
    0x01: "sent_equal_to",
    0x02: "sent_greater_than",
    0x03: "sent_greater_than_or_equal_to",
    0x04: "sent_less_than",
    0x05: "sent_less_than_or_equal_to",
    0x10: "sent",
    0x11: "not_sent",
    0x12: "maybe_sent",
    0x30: "performed",
    0x31: "not_performed",
    0x32: "maybe_performed",
}


def render_payload(payload: Payload, sender: str) -> dict[str, Any]:
    """`tx_type` and the object that belongs to it."""
    match payload:
        case TokenTransfer():
            transfer = {
                "recipient_address": principal_text(payload.recipient),
                "amount": str(payload.amount),
                "memo": to_hex(payload.memo),
            }
            return {"tx_type": "token_transfer", "token_transfer": transfer}
        case SmartContract():
            contract = {
                "clarity_version": payload.clarity_version,
                "contract_id": f"{sender}.{payload.name}",
                "source_code": payload.code,
            }
            return {"tx_type": "smart_contract", "smart_contract": contract}
        case ContractCall():
            return {"tx_type": "contract_call", "contract_call": _contract_call(payload)}
        case PoisonMicroblock():
            headers = {
                "microblock_header_1": to_hex(payload.header_1),
                "microblock_header_2": to_hex(payload.header_2),
            }
            return {"tx_type": "poison_microblock", "poison_microblock": headers}
        case TenureChange():
            return {"tx_type": "tenure_change", "tenure_change_payload": _tenure(payload)}
        case Coinbase() | CoinbaseToAlt() | NakamotoCoinbase():
            return {"tx_type": "coinbase", "coinbase_payload": _coinbase(payload)}
    raise AssertionError(f"a payload of unknown type: {type(payload)!r}")


def render_value(value: Value) -> dict[str, str]:
    """`{hex, repr}` of a Clarity value."""
    return {"hex": to_hex(encode_value(value)), "repr": repr_value(value)}


def render_post_condition(condition: PostCondition) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "principal": _condition_principal(condition.principal),
        "condition_code": _CONDITION_CODES[condition.code],
    }
    match condition:
        case StxPostCondition():
            return {**shown, "amount": str(condition.amount), "type": "stx"}
        case FungiblePostCondition():
            asset = _asset(condition.asset)
            return {**shown, "amount": str(condition.amount), "type": "fungible", "asset": asset}
        case NonFungiblePostCondition():
            return {
                **shown,
                "type": "non_fungible",
                "asset_value": render_value(condition.value),
                "asset": _asset(condition.asset),
            }
        case StakingPostCondition():
            return {**shown, "amount": str(condition.amount), "type": "staking"}
        case PoxPostCondition():
            return {**shown, "type": "pox"}
    raise AssertionError(f"a post-condition of unknown type: {type(condition)!r}")


def _contract_call(call: ContractCall) -> dict[str, Any]:
    # Names and declared types of arguments stand in the contract, not in the transaction.
    return {
        "contract_id": principal_text(call.contract),
        "function_name": call.function_name,
        "function_signature": "",
        "function_args": [
            {**render_value(value), "name": "", "type": type_text(value)}
            for value in call.arguments
        ],
    }


def _tenure(change: TenureChange) -> dict[str, Any]:
    return {
        "tenure_consensus_hash": to_hex(change.consensus_hash),
        "prev_tenure_consensus_hash": to_hex(change.prev_consensus_hash),
        "burn_view_consensus_hash": to_hex(change.burn_view),
        "previous_tenure_end": to_hex(change.prev_block_id),
        "previous_tenure_blocks": change.prev_blocks,
        "cause": TENURE_CAUSES[change.cause],
        "pubkey_hash": to_hex(change.pubkey_hash),
    }


def _coinbase(payload: Coinbase | CoinbaseToAlt | NakamotoCoinbase) -> dict[str, Any]:
    shown: dict[str, Any] = {"data": to_hex(payload.payload), "alt_recipient": None}
    if not isinstance(payload, Coinbase) and payload.recipient is not None:
        shown["alt_recipient"] = principal_text(payload.recipient)
    if isinstance(payload, NakamotoCoinbase):
        shown["vrf_proof"] = to_hex(payload.vrf_proof)
    return shown


def _condition_principal(principal: Principal | None) -> dict[str, str]:
    if principal is None:
        return {"type_id": "principal_origin"}
    if isinstance(principal, ContractPrincipal):
        return {
            "type_id": "principal_contract",
            "address": principal_text(principal.issuer),
            "contract_name": principal.name,
        }
    return {"type_id": "principal_standard", "address": principal_text(principal)}


def _asset(asset: AssetInfo) -> dict[str, str]:
    return {
        "asset_name": asset.asset_name,
        "contract_address": principal_text(asset.contract.issuer),
        "contract_name": asset.contract.name,
    }
