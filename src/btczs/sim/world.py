"""What a simulation starts from: network, genesis, keys and layer 1. The same in every run."""

from functools import partial

import msgspec

from btczs.codec.clarity import principal_text
from btczs.codec.clarity.values import StandardPrincipal
from btczs.consensus.pox.operations import is_operation
from btczs.crypto.hashes import hash160, sha256
from btczs.crypto.secp256k1 import compute_public_key
from btczs.l1.address import L1Address, encode_l1_address
from btczs.l1.params import L1Params, get_params
from btczs.l1.script.templates import p2pkh
from btczs.ledger.genesis import (
    Genesis,
    GenesisAccount,
    GenesisSigner,
    L1Anchor,
    convert_genesis,
)
from btczs.networks import Network, load_network
from btczs.node.chain.assembly import MinerSecrets
from btczs.primitives import BaseUnits, L1Height, TimestampS
from btczs.primitives.units import hash_hex
from btczs.testing import FakeL1

START = TimestampS(1_736_726_400)
SIGNER_WEIGHTS = (3, 2, 2, 2, 1)
"""Signed with 7 of 10: the first may sleep, or two of the others."""
USER_AMOUNT = BaseUnits(17_000)
"""Five of these leave so little below the cap of `minimal` that emission runs into it."""
MINER_COUNT, USER_COUNT = 4, 5
ACTIVATIONS = {"overwinter": 1, "sapling": 1, "canopy": 1}


class Key(msgspec.Struct, frozen=True):
    """A secret key and what follows from it."""

    secret: bytes
    public_key: bytes
    principal: StandardPrincipal


class World(msgspec.Struct, frozen=True):
    network: Network
    params: L1Params
    genesis: Genesis
    l1: FakeL1
    users: tuple[Key, ...]
    signers: tuple[Key, ...]
    miners: tuple[MinerSecrets, ...]


def make_world() -> World:
    network = load_network("minimal")
    params = get_params("bitcoinz", "regtest", ACTIVATIONS)
    users = tuple(derive_key(f"user {i}", network) for i in range(USER_COUNT))
    signers = tuple(derive_key(f"signer {i}", network) for i in range(len(SIGNER_WEIGHTS)))
    miners = tuple(_make_miner(i, users) for i in range(MINER_COUNT))
    l1 = FakeL1(
        params,
        partial(is_operation, network.pox.magic),
        [get_l1_script(m) for m in miners],
        START,
    )
    l1.mine(max(network.pox.first_l1_height - 1, MINER_COUNT))
    genesis = _make_genesis(network, params, l1, users, signers)
    return World(network, params, genesis, l1, users, signers, miners)


def derive_key(label: str, network: Network) -> Key:
    secret = sha256(b"btczs sim " + label.encode())
    public_key = compute_public_key(secret)
    principal = StandardPrincipal(network.address_version_single, hash160(public_key))
    return Key(secret, public_key, principal)


def get_l1_script(miner: MinerSecrets) -> bytes:
    return p2pkh(hash160(compute_public_key(miner.l1_secret)))


def _make_miner(place: int, users: tuple[Key, ...]) -> MinerSecrets:
    """All but the first miner pay their rewards to users, so that coins keep going round."""
    secrets = [sha256(b"btczs sim miner %d %d" % (place, kind)) for kind in range(3)]
    recipient = users[place].principal if place else None
    return MinerSecrets(secrets[0], secrets[1], secrets[2], recipient)


def _make_genesis(
    network: Network,
    params: L1Params,
    l1: FakeL1,
    users: tuple[Key, ...],
    signers: tuple[Key, ...],
) -> Genesis:
    anchor = l1.tip()
    assert anchor is not None
    rewards = (L1Address("p2pkh", hash160(b"reward %d" % i)) for i in range(3))
    named = zip(signers, SIGNER_WEIGHTS, strict=True)
    genesis = convert_genesis(
        {
            "network": network.name,
            "timestamp": START,
            "accounts": tuple(
                GenesisAccount(principal_text(u.principal), USER_AMOUNT) for u in users
            ),
            "signers": tuple(
                GenesisSigner(f"signer-{i}", key.public_key.hex(), weight)
                for i, (key, weight) in enumerate(named)
            ),
            "reward_addresses": tuple(encode_l1_address(params, a) for a in rewards),
        },
        network,
    )
    return msgspec.structs.replace(
        genesis, l1_anchor=L1Anchor(L1Height(anchor.height), hash_hex(anchor.hash))
    )
