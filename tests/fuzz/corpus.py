"""Valid inputs, made with our own encoders."""

from functools import cache

from chain_kit import Kit

from btczs.codec.clarity import encode_value, principal_text
from btczs.codec.clarity.values import (
    NONE,
    TRUE,
    AsciiValue,
    BufferValue,
    ContractPrincipal,
    ErrValue,
    IntValue,
    ListValue,
    OkValue,
    SomeValue,
    StandardPrincipal,
    UIntValue,
    Utf8Value,
    Value,
    make_tuple,
)
from btczs.consensus.pox.l1_update import L1BlockFacts, L1Update, encode_l1_update
from btczs.finality.signatures import encode_certificate
from btczs.l1.spv import build_merkle_block, build_merkle_proof
from btczs.l1.spv import encode_merkle_block as encode_partial
from btczs.l1.spv import encode_merkle_proof as encode_branch
from btczs.l1.wire import decode_block, encode_header, encode_transaction
from btczs.ledger.devnet import devnet_accounts
from btczs.ledger.transactions import (
    Coinbase,
    CoinbaseToAlt,
    NakamotoCoinbase,
    PoisonMicroblock,
    TenureChange,
    Transaction,
    make_contract_call,
    make_contract_deploy,
    make_token_transfer,
    sign_origin,
    sign_sponsor,
)
from btczs.ledger.transactions import encode_transaction as encode_l2
from btczs.ledger.transactions.builders import make_transaction, multi_sig, single_sig
from btczs.ledger.transactions.post_conditions import (
    AssetInfo,
    FungiblePostCondition,
    NonFungiblePostCondition,
    StxPostCondition,
)
from btczs.ledger.transactions.signing import set_sponsor
from btczs.networks import load_network
from btczs.node.chain.assembly import assemble_block
from btczs.primitives import Hash20, Hash32

NETWORK = load_network("devnet")
A, B, C = devnet_accounts()[:3]
POOL = ContractPrincipal(26, Hash20(bytes(20)), "pool")
FEE = 1000


@cache
def make_kit() -> Kit:
    """A chain in its first tenure, with a certificate. Shared: do not change it."""
    kit = Kit()
    kit.start()
    kit.make_block([transfer(0)])
    return kit


def transfer(nonce: int, amount: int = 10) -> bytes:
    origin = single_sig(A.public_key, nonce=nonce, fee=FEE)
    return encode_l2(
        sign_origin(make_token_transfer(NETWORK, origin, B.principal, amount), A.secret)
    )


@cache
def clarity_values() -> tuple[bytes, ...]:
    values: list[Value] = [
        IntValue(-5),
        UIntValue(2**128 - 1),
        TRUE,
        NONE,
        BufferValue(b"\0\xff" * 9),
        AsciiValue("hello"),
        Utf8Value("h\u00e9 \U0001f600"),
        StandardPrincipal(26, Hash20(b"\x07" * 20)),
        POOL,
    ]
    nested: Value = ListValue((UIntValue(1), UIntValue(2)))
    values += [OkValue(nested), ErrValue(NONE), make_tuple(a=nested, bb=SomeValue(TRUE))]
    for _ in range(12):
        nested = SomeValue(nested)
    return tuple(encode_value(value) for value in [*values, nested])


@cache
def transactions() -> tuple[bytes, ...]:
    """Every payload, every kind of authorisation, post-conditions."""
    origin = single_sig(A.public_key, nonce=0, fee=FEE)
    asset = AssetInfo(POOL, "coin")
    conditions = (
        StxPostCondition(None, 1, 5),
        FungiblePostCondition(B.principal, asset, 3, 7),
        NonFungiblePostCondition(POOL, asset, UIntValue(4), 0x10),
    )
    hash20, hash32 = Hash20(b"\1" * 20), Hash32(b"\2" * 32)
    payloads = (
        Coinbase(bytes(32)),
        CoinbaseToAlt(bytes(32), POOL),
        NakamotoCoinbase(bytes(32), B.principal, bytes(80)),
        TenureChange(hash20, hash20, hash20, hash32, 3, 0, hash20),
    )
    made: list[Transaction] = [
        make_token_transfer(NETWORK, origin, POOL, 5, b"memo"),
        make_contract_call(
            NETWORK, origin, POOL, "go", (UIntValue(1), NONE), post_conditions=conditions
        ),
        make_contract_deploy(NETWORK, origin, "pool", "(define-data-var a int 0)"),
        make_contract_deploy(NETWORK, origin, "pool", "(ok 1)", clarity_version=2),
        *(make_transaction(NETWORK, origin, payload) for payload in payloads),
    ]
    segwit = single_sig(A.public_key, nonce=0, fee=FEE, hash_mode=2)
    made.append(make_token_transfer(NETWORK, segwit, B.principal, 5))
    raws = [encode_l2(sign_origin(tx, A.secret)) for tx in made]
    keys = [key.public_key for key in (A, B, C)]
    for mode in (1, 3, 5, 7):
        condition = multi_sig(keys, 2, nonce=0, fee=FEE, hash_mode=mode)
        tx = make_token_transfer(NETWORK, condition, C.principal, 9)
        raws.append(encode_l2(sign_origin(sign_origin(tx, A.secret), B.secret)))
    lent = single_sig(A.public_key, nonce=0, fee=0)
    tx = sign_origin(make_token_transfer(NETWORK, lent, B.principal, 5, sponsored=True), A.secret)
    tx = set_sponsor(tx, single_sig(B.public_key, nonce=0, fee=FEE))
    raws.append(encode_l2(sign_sponsor(tx, B.secret)))
    poison = PoisonMicroblock(bytes(132), b"\1" * 132)
    raws.append(encode_l2(make_transaction(NETWORK, origin, poison)))
    return tuple(raws)


@cache
def l1_blocks() -> tuple[bytes, ...]:
    node = make_kit().node
    heights = (1, 50, 110, node.tip().height - 1, node.tip().height)
    return tuple(node.get_block_raw(node.block_hash_at(height)) for height in heights)


@cache
def l1_parts() -> dict[str, tuple[bytes, ...]]:
    """Headers, transactions and both forms of Merkle proofs."""
    params = make_kit().params
    headers, txs, branches, partials = [], [], [], []
    for raw in l1_blocks():
        block = decode_block(params, raw)
        header = encode_header(block.header)
        raws = [encode_transaction(tx) for tx in block.transactions]
        txids = [tx.txid for tx in block.transactions]
        headers.append(header)
        txs += raws
        last = len(txids) - 1
        branches.append(encode_branch(build_merkle_proof(header, txids, last)))
        partials.append(encode_partial(build_merkle_block(header, txids, {0, last})))
    return {
        "header": tuple(headers),
        "tx": tuple(txs),
        "branch": tuple(branches),
        "partial": tuple(partials),
    }


def bitcoin_transactions() -> tuple[bytes, ...]:
    """One without witness, one with: the marker, one item of 71 bytes."""
    head, tail = b"\2\0\0\0", bytes(4)
    spend = b"\1" + b"\7" * 32 + bytes(4) + b"\0" + b"\xff" * 4
    pay = b"\1" + (5000).to_bytes(8, "little") + b"\x16\0\x14" + b"\3" * 20
    witness = b"\1\x47" + b"\4" * 71
    return head + spend + pay + tail, head + b"\0\1" + spend + pay + witness + tail


@cache
def l1_updates() -> tuple[bytes, ...]:
    node, l1 = make_kit().node, make_kit().l1
    tip = node.tip().height
    blocks = []
    for height in range(tip - 2, tip + 1):
        facts = l1.facts_at(height)
        blocks.append(L1BlockFacts(facts.header, facts.selected))
    fork = node.block_hash_at(tip - 3)
    return (encode_l1_update(L1Update(tip - 3, fork, tuple(blocks))),)


@cache
def l2_blocks() -> tuple[bytes, ...]:
    tables, tip = make_kit().chain.tables, make_kit().chain.tip
    raws = [tables.get_block_bytes(height) for height in range(tip.height + 1)]
    return tuple(raw for raw in raws if raw is not None)


@cache
def certificates() -> tuple[bytes, ...]:
    chain = make_kit().chain
    found = [chain.tables.get_certificate(height) for height in range(chain.tip.height + 1)]
    made = tuple(encode_certificate(one) for one in found if one is not None)
    assert made, "the chain has signed blocks"
    return made


@cache
def records() -> tuple[bytes, ...]:
    chain = make_kit().chain
    raws = [chain.tables.get_record_bytes(height) for height in range(chain.tip.height + 1)]
    return tuple(raw for raw in raws if raw is not None)


def make_proposal(kit: Kit, nonce: int) -> bytes:
    """A good block on the tip of `kit`, as a message."""
    raws = kit.chain.senders.authenticate([transfer(nonce)])
    made = assemble_block(kit.chain, kit.miners[kit.elected()], raws, kit.now)
    assert not made.skipped
    return made.message


def principals() -> tuple[str, ...]:
    return (principal_text(A.principal), principal_text(POOL))
