"""What the node and its chain are: /v2/info, /v2/pox, status and health."""

from typing import Any, Final

from btczs import __version__
from btczs.api.backend import Backend, PoxView
from btczs.api.jsontext import to_hex
from btczs.api.routing import Call
from btczs.codec.clarity import principal_text
from btczs.codec.clarity.values import ContractPrincipal
from btczs.primitives import Hash20

SERVER_VERSION: Final = f"btczs {__version__}"

PARENT_NETWORK_MAINNET: Final = 0x17000000
PARENT_NETWORK_TESTNET: Final = 0xFF000000
PEER_VERSION: Final = 0x18000000
"""Stacks' numbers of its peer networks: clients use them to tell real from test networks."""

POX_CONTRACT_NAME: Final = "pox-4"

BLOCK_LIMIT: Final = {
    "write_length": 15_000_000,
    "write_count": 15_000,
    "read_length": 100_000_000,
    "read_count": 15_000,
    "runtime": 5_000_000_000,
}
"""Budget of contract code in one tenure (specification and Stacks agree)."""


async def get_root(call: Call) -> dict[str, Any]:
    network = call.service.backend.network
    return {
        "server_version": SERVER_VERSION,
        "network": network.name,
        "chain_id": network.chain_id,
        "documentation": "/openapi.json",
        "status": "/extended",
        "websocket": "/extended/v1/ws",
    }


async def get_info(call: Call) -> dict[str, Any]:
    backend = call.service.backend
    network, tip = backend.network, backend.tip()
    with backend.index.view() as view:
        final = view.block_by_height(tip.final_height)
    parent = PARENT_NETWORK_MAINNET if network.is_mainnet else PARENT_NETWORK_TESTNET
    return {
        "peer_version": PEER_VERSION,
        "pox_consensus": tip.l1_consensus_hash.hex(),
        "burn_block_height": tip.l1_height,
        # Stable is what lies under the last final block.
        "stable_pox_consensus": (bytes(20) if final is None else final.consensus_hash).hex(),
        "stable_burn_block_height": 0 if final is None else final.l1_height,
        "server_version": SERVER_VERSION,
        # Every client reads this field as the chain id.
        "network_id": network.chain_id,
        # With these two, the Leather wallet accepts a chain id that it does not know: it then
        # uses the rules of the parent network and signs with `network_id`.
        "parent_network_id": parent,
        "l1_subnet_governing_contract": principal_text(_boot_contract(backend, "btczs")),
        "stacks_tip_height": tip.height,
        "stacks_tip": tip.block_hash.hex(),
        "stacks_tip_consensus_hash": tip.consensus_hash.hex(),
        "genesis_chainstate_hash": tip.genesis_block_id.hex(),
        "unanchored_tip": None,
        "unanchored_seq": None,
        "tenure_height": tip.tenure_height,
        "exit_at_block_height": None,
        "is_fully_synced": bool(backend.health()["is_synced"]),
        "node_public_key": None,
        "node_public_key_hash": None,
        "last_pox_anchor": None,
        "stackerdbs": [],
        "btczs_network": network.name,
        "btczs_state_root": tip.state_root.hex(),
        "btczs_signed_height": tip.signed_height,
        "btczs_anchored_height": tip.anchored_height,
        "btczs_final_height": tip.final_height,
    }


async def get_pox(call: Call) -> dict[str, Any]:
    """No contract of stacking exists yet: no cycle is active and no version is listed."""
    backend = call.service.backend
    pox, supply, signers = backend.pox(), backend.supply(), backend.network.signers
    liquid = supply.issued - supply.burned
    contract_id = principal_text(_boot_contract(backend, POX_CONTRACT_NAME))
    return {
        "contract_id": contract_id,
        "pox_activation_threshold_ustx": 0,
        "first_burnchain_block_height": pox.first_l1_height,
        "current_burnchain_block_height": pox.l1_height,
        "prepare_phase_block_length": pox.prepare_phase_l1_blocks,
        "reward_phase_block_length": pox.reward_cycle_l1_blocks - pox.prepare_phase_l1_blocks,
        "reward_slots": 0,
        "rejection_fraction": None,
        "total_liquid_supply_ustx": liquid,
        "current_cycle": {
            "id": pox.reward_cycle,
            "min_threshold_ustx": signers.stake_min,
            "stacked_ustx": 0,
            "is_pox_active": False,
        },
        "next_cycle": _next_cycle(pox, signers.stake_min),
        "epochs": [
            {
                "epoch_id": "Epoch40",
                "start_height": 0,
                "end_height": 2**53 - 1,
                "block_limit": BLOCK_LIMIT,
                "network_epoch": 15,
            }
        ],
        "current_epoch": "Epoch40",
        "min_amount_ustx": signers.stake_min,
        "prepare_cycle_length": pox.prepare_phase_l1_blocks,
        "reward_cycle_id": pox.reward_cycle,
        "reward_cycle_length": pox.reward_cycle_l1_blocks,
        "rejection_votes_left_required": None,
        "next_reward_cycle_in": max(0, pox.next_cycle_l1_height - pox.l1_height),
        "contract_versions": [],
    }


async def get_status(call: Call) -> dict[str, Any]:
    tip = call.service.backend.tip()
    return {
        "server_version": SERVER_VERSION,
        "status": "ready",
        "chain_tip": {
            "block_height": tip.height,
            "block_hash": to_hex(tip.block_hash),
            "index_block_hash": to_hex(tip.block_id),
            "burn_block_height": tip.l1_height,
        },
    }


async def get_health(call: Call) -> dict[str, Any]:
    """Always 200 while the process answers; the fields tell the rest."""
    backend = call.service.backend
    height = backend.tip().height
    with backend.index.view() as view:
        indexed = view.last_height()
    return {
        "difference_from_max_peer": 0,
        "max_stacks_height_of_neighbors": height,
        "node_stacks_tip_height": height,
        "btczs_indexed_height": indexed,
        **backend.health(),
    }


def _next_cycle(pox: PoxView, stake_min: int) -> dict[str, Any]:
    prepare_start = pox.next_cycle_l1_height - pox.prepare_phase_l1_blocks
    return {
        "id": pox.reward_cycle + 1,
        "min_threshold_ustx": stake_min,
        "min_increment_ustx": 0,
        "stacked_ustx": 0,
        "prepare_phase_start_block_height": prepare_start,
        "blocks_until_prepare_phase": prepare_start - pox.l1_height,
        "reward_phase_start_block_height": pox.next_cycle_l1_height,
        "blocks_until_reward_phase": max(0, pox.next_cycle_l1_height - pox.l1_height),
        "ustx_until_pox_rejection": None,
    }


def _boot_contract(backend: Backend, name: str) -> ContractPrincipal:
    version = backend.network.address_version_single
    return ContractPrincipal(version, Hash20(bytes(20)), name)
