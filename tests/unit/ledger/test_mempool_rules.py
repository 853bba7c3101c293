"""Which transactions may wait, and the answer that clients get if not."""

import msgspec
import pytest
from ledger_world import (
    FEE,
    KEYS,
    NETWORK,
    STRANGER,
    A,
    B,
    C,
    D,
    World,
    authenticated,
    signed,
    transfer,
    with_limits,
)

from btczs.codec.clarity.values import ContractPrincipal, StandardPrincipal
from btczs.ledger import rejections
from btczs.ledger.mempool import Admitted, Rejected
from btczs.ledger.transactions import (
    encode_transaction,
    make_contract_call,
    make_contract_deploy,
    sign_origin,
)
from btczs.ledger.transactions.builders import make_transaction, single_sig
from btczs.ledger.transactions.payloads import (
    Coinbase,
    CoinbaseToAlt,
    NakamotoCoinbase,
    PoisonMicroblock,
    TenureChange,
)
from btczs.networks import load_network
from btczs.primitives import Hash20

POOL = ContractPrincipal(26, Hash20(bytes(20)), "pool")


def refuse(world: World, raw: bytes, error: type[Rejected]) -> tuple[str, dict | None]:
    """Admission raises `error` and changes nothing; gives the answer for clients."""
    before, stored = list(world.pool.entries()), list(world.kv.scan(b"", None))
    with pytest.raises(error) as caught:
        world.admit(raw)
    assert list(world.pool.entries()) == before
    assert list(world.kv.scan(b"", None)) == stored
    reason, data = caught.value.to_reason()
    msgspec.json.encode(data)
    return reason, data


def payload_of_miner(payload: object) -> bytes:
    origin = single_sig(A.public_key, nonce=0, fee=FEE)
    return signed(make_transaction(NETWORK, origin, payload), A)


def test_a_good_transfer_waits() -> None:
    world = World()
    raw = transfer(A, 0)
    txid = authenticated(raw).txid
    assert world.admit(raw) == Admitted(txid)
    entry = world.pool.get(txid)
    assert (entry.raw, entry.received_at, entry.tenure, entry.fee) == (raw, 7, 1, FEE)
    assert (len(world.pool), world.pool.bytes_total) == (1, len(raw))


def test_posting_again_what_waits_is_success() -> None:
    world = World()
    first = world.admit(transfer(A, 0))
    assert world.admit(transfer(A, 0)) == Admitted(first.txid, None, already=True)
    assert len(world.pool) == 1


@pytest.mark.parametrize("raw", [b"", b"\x80", b"\xff" * 200, transfer(A, 0) + b"\0"])
def test_bytes_that_are_no_transaction(raw: bytes) -> None:
    reason, data = refuse(World(), raw, rejections.Deserialization)
    assert reason == "Deserialization"
    assert data["message"]


def test_a_transaction_beyond_the_networks_size() -> None:
    raw = transfer(A, 0)
    world = World(with_limits(transaction_bytes_max=len(raw) - 1))
    assert refuse(world, raw, rejections.Deserialization)[0] == "Deserialization"
    World(with_limits(transaction_bytes_max=len(raw))).admit(raw)


def test_a_signature_of_somebody_else() -> None:
    raw = transfer(A, 0)
    damaged = raw[:60] + bytes([raw[60] ^ 1]) + raw[61:]
    reason, data = refuse(World(), damaged, rejections.SignatureValidation)
    assert reason == "SignatureValidation"
    assert data["message"]


@pytest.mark.parametrize("change", [{"chain_id": 0x80000001}, {"version": 0}])
def test_a_transaction_for_another_chain(change: dict[str, int]) -> None:
    tx = msgspec.structs.replace(authenticated(transfer(A, 0)).tx, **change)
    raw = encode_transaction(sign_origin(tx, A.secret))
    assert refuse(World(), raw, rejections.SignatureValidation)[0] == "SignatureValidation"


def test_a_fee_below_the_minimum() -> None:
    answer = refuse(World(), transfer(A, 0, fee=999), rejections.FeeTooLow)
    assert answer == ("FeeTooLow", {"expected": 1000, "actual": 999})


def test_a_nonce_that_is_used() -> None:
    world = World()
    world.mine([transfer(A, 0), transfer(A, 1)])
    answer = refuse(world, transfer(A, 1, 11), rejections.BadNonce)
    assert answer == (
        "BadNonce",
        {"expected": 2, "actual": 1, "is_origin": True, "principal": A.address},
    )
    answer = refuse(world, transfer(B, 0, sponsor=A, sponsor_nonce=0), rejections.BadNonce)
    assert answer[1] == {"expected": 2, "actual": 0, "is_origin": False, "principal": A.address}


def test_a_self_sponsored_transaction_has_one_nonce() -> None:
    world = World()
    refuse(world, transfer(A, 0, sponsor=A, sponsor_nonce=1), rejections.BadNonce)
    world.admit(transfer(A, 0, sponsor=A, sponsor_nonce=0))
    assert world.pool.nonces(A.principal, world.state).waiting == (0,)


def test_at_most_25_of_one_account_wait() -> None:
    world = World(balance=1_000_000)
    for nonce in range(25):
        world.admit(transfer(A, nonce))
    reason, data = refuse(world, transfer(A, 25), rejections.TooMuchChaining)
    assert reason == "TooMuchChaining"
    assert data == {
        "expected": 24,
        "actual": 25,
        "principal": A.address,
        "is_origin": True,
        "message": "Nonce would exceed chaining limit in mempool",
    }
    world.mine(world.select(count_max=1))
    world.admit(transfer(A, 25))


def test_the_chaining_limit_holds_for_sponsors_too() -> None:
    world = World(with_limits(mempool_chaining_max=3))
    for nonce, origin in enumerate((A, C, D)):
        world.admit(transfer(origin, 0, sponsor=B, sponsor_nonce=nonce))
    _, data = refuse(
        world, transfer(KEYS[4], 0, sponsor=B, sponsor_nonce=3), rejections.TooMuchChaining
    )
    assert (data["expected"], data["actual"], data["is_origin"]) == (2, 3, False)
    assert data["principal"] == B.address


def test_one_accounts_share_of_bytes_is_bounded() -> None:
    size = len(transfer(A, 0))
    world = World(with_limits(transaction_bytes_max=size))
    world.admit(transfer(A, 0))
    world.admit(transfer(A, 1))
    _, data = refuse(world, transfer(A, 2), rejections.TooMuchChaining)
    assert "bytes" in data["message"]
    world.admit(transfer(B, 0))
    world.admit(transfer(A, 1, fee=2 * FEE))


def test_a_gap_in_the_nonces_may_be_filled_later() -> None:
    world = World()
    world.admit(transfer(A, 2))
    assert world.select() == []
    world.admit(transfer(A, 0))
    assert [t.origin_nonce for t in world.select()] == [0]
    world.admit(transfer(A, 1))
    assert [t.origin_nonce for t in world.select()] == [0, 1, 2]


def test_a_higher_fee_replaces() -> None:
    world = World()
    old = world.admit(transfer(A, 0, fee=FEE))
    new = world.admit(transfer(A, 0, fee=FEE + 1))
    assert new == Admitted(authenticated(transfer(A, 0, fee=FEE + 1)).txid, replaced=old.txid)
    assert world.pool.get(old.txid) is None
    dropped = world.pool.get_dropped(old.txid)
    assert (dropped.status, dropped.replaced_by) == ("dropped_replace_by_fee", new.txid)
    assert dropped.raw == transfer(A, 0, fee=FEE)


def test_an_equal_or_lower_fee_does_not_replace() -> None:
    world = World()
    world.admit(transfer(A, 0, fee=FEE + 5))
    for fee in (FEE + 5, FEE + 4):
        answer = refuse(world, transfer(A, 0, 11, fee=fee), rejections.ConflictingNonceInMempool)
        assert answer == ("ConflictingNonceInMempool", None)


def test_a_sponsor_replaces_by_its_own_nonce() -> None:
    world = World()
    old = world.admit(transfer(A, 0, sponsor=B, sponsor_nonce=0))
    refuse(world, transfer(C, 0, sponsor=B, sponsor_nonce=0), rejections.ConflictingNonceInMempool)
    new = world.admit(transfer(C, 0, fee=2 * FEE, sponsor=B, sponsor_nonce=0))
    assert new.replaced == old.txid
    assert world.pool.nonces(A.principal, world.state).waiting == ()


def test_who_replaces_two_pays_more_than_both() -> None:
    world = World()
    world.admit(transfer(A, 0))
    world.admit(transfer(B, 0))
    refuse(world, transfer(A, 0, fee=2 * FEE, sponsor=B), rejections.ConflictingNonceInMempool)
    world.admit(transfer(A, 0, fee=2 * FEE + 1, sponsor=B))
    assert len(world.pool) == 1


def test_everything_that_waits_must_be_payable_together() -> None:
    world = World(balance=10_000)
    world.admit(transfer(A, 0, 5_000))
    answer = refuse(world, transfer(A, 1, 3_001), rejections.NotEnoughFunds)
    assert answer == (
        "NotEnoughFunds",
        {"expected": f"0x{10_001:032x}", "actual": f"0x{10_000:032x}"},
    )
    world.admit(transfer(A, 1, 3_000))


def test_a_replacement_is_counted_instead_of_what_it_replaces() -> None:
    world = World(balance=10_000)
    world.admit(transfer(A, 0, 9_000))
    refuse(world, transfer(A, 0, 9_000, fee=FEE + 1), rejections.NotEnoughFunds)
    world.admit(transfer(A, 0, 8_000, fee=2_000))


def test_a_sponsor_pays_for_all_it_sponsors() -> None:
    world = World(balance=10_000)
    world.admit(transfer(A, 0, 10_000, fee=6_000, sponsor=B))
    refuse(
        world,
        transfer(C, 0, 1, fee=4_001, sponsor=B, sponsor_nonce=1),
        rejections.NotEnoughFunds,
    )
    refuse(world, transfer(B, 1, 3_001), rejections.NotEnoughFunds)
    world.admit(transfer(B, 1, 3_000))


def test_an_account_without_coins() -> None:
    answer = refuse(World(), transfer(KEYS[8], 0), rejections.NotEnoughFunds)
    assert answer[1]["actual"] == "0x" + "0" * 32


@pytest.mark.parametrize(
    ("raw", "error", "reason"),
    [
        (
            transfer(A, 0, to=A.principal),
            rejections.TransferRecipientCannotEqualSender,
            "TransferRecipientCannotEqualSender",
        ),
        (
            transfer(A, 0, 0),
            rejections.TransferAmountMustBePositive,
            "TransferAmountMustBePositive",
        ),
        (
            transfer(A, 0, to=StandardPrincipal(22, Hash20(bytes(20)))),
            rejections.BadAddressVersionByte,
            "BadAddressVersionByte",
        ),
        (
            payload_of_miner(Coinbase(bytes(32))),
            rejections.NoCoinbaseViaMempool,
            "NoCoinbaseViaMempool",
        ),
        (
            payload_of_miner(CoinbaseToAlt(bytes(32), STRANGER)),
            rejections.NoCoinbaseViaMempool,
            "NoCoinbaseViaMempool",
        ),
        (
            payload_of_miner(NakamotoCoinbase(bytes(32), None, bytes(80))),
            rejections.NoCoinbaseViaMempool,
            "NoCoinbaseViaMempool",
        ),
        (
            payload_of_miner(
                TenureChange(
                    Hash20(bytes(20)),
                    Hash20(bytes(20)),
                    Hash20(bytes(20)),
                    bytes(32),
                    1,
                    0,
                    Hash20(bytes(20)),
                )
            ),
            rejections.NoTenureChangeViaMempool,
            "NoTenureChangeViaMempool",
        ),
        (
            signed(
                make_contract_call(
                    NETWORK, single_sig(A.public_key, nonce=0, fee=9_000), POOL, "join"
                ),
                A,
            ),
            rejections.NoSuchContract,
            "NoSuchContract",
        ),
    ],
)
def test_payloads_that_are_refused_without_data(
    raw: bytes, error: type[Rejected], reason: str
) -> None:
    assert refuse(World(), raw, error) == (reason, None)


def test_contracts_wait_for_their_activation() -> None:
    origin = single_sig(A.public_key, nonce=0, fee=60_000)
    raw = signed(make_contract_deploy(NETWORK, origin, "pool", "(+ 1 1)"), A)
    reason, data = refuse(World(), raw, rejections.NotActivated)
    assert reason == "ServerFailureOther"
    assert data == {"message": "contracts are not activated on this network yet"}
    poison = payload_of_miner(PoisonMicroblock(bytes(132), b"\x01" + bytes(131)))
    assert refuse(World(), poison, rejections.NotActivated)[0] == "ServerFailureOther"


def test_what_a_miner_could_not_process_is_refused_for_a_while() -> None:
    world = World()
    txid = world.admit(transfer(A, 0)).txid
    dropped = world.pool.drop(txid, "dropped_problematic", "it took too long", world.tenure)
    assert dropped == world.pool.get_dropped(txid)
    assert refuse(world, transfer(A, 0), rejections.TemporarilyBlacklisted) == (
        "TemporarilyBlacklisted",
        None,
    )
    world.admit(transfer(A, 0, 11))
    assert world.pool.drop(txid, "dropped_problematic", "", world.tenure) is None


def test_what_was_dropped_otherwise_may_come_back() -> None:
    world = World()
    txid = world.admit(transfer(A, 0)).txid
    world.pool.drop(txid, "dropped_stale_garbage_collect", "old", world.tenure)
    world.admit(transfer(A, 0))
    assert world.pool.get(txid) is not None
    assert world.pool.get_dropped(txid) is None, "it waits: the old status is wrong now"


def test_a_batch_gives_one_outcome_each_and_sees_its_earlier_ones() -> None:
    world = World(balance=10_000)
    outcomes = world.pool.admit_many(
        [
            transfer(A, 0, 4_000),
            b"nonsense",
            transfer(A, 1, 4_001),
            authenticated(transfer(A, 1, 4_000)),
            transfer(A, 0, 4_000),
        ],
        world.state,
        7,
        1,
    )
    assert [type(outcome) for outcome in outcomes] == [
        Admitted,
        rejections.Deserialization,
        rejections.NotEnoughFunds,
        Admitted,
        Admitted,
    ]
    assert outcomes[4].already
    assert len(world.pool) == 2


def test_one_replaced_earlier_in_the_batch_is_judged_like_a_new_one() -> None:
    world = World()
    first = transfer(A, 0, fee=FEE)
    old = world.admit(first).txid
    replaced, refused = world.pool.admit_many(
        [transfer(A, 0, fee=FEE + 1), first], world.state, 7, 1
    )
    assert isinstance(replaced, Admitted)
    assert replaced.replaced == old
    assert isinstance(refused, rejections.ConflictingNonceInMempool)
    assert len(world.pool) == 1


def test_a_bad_signature_is_refused_each_time_it_stands_in_a_batch() -> None:
    world = World()
    good = transfer(A, 0)
    bad = good[:60] + bytes([good[60] ^ 1]) + good[61:]
    outcomes = world.pool.admit_many([bad, good, bad], world.state, 7, 1)
    assert [type(outcome) for outcome in outcomes] == [
        rejections.SignatureValidation,
        Admitted,
        rejections.SignatureValidation,
    ]


def test_every_reason_of_the_reference_has_its_class() -> None:
    names = [
        "Serialization",
        "Deserialization",
        "SignatureValidation",
        "FeeTooLow",
        "BadNonce",
        "NotEnoughFunds",
        "NoSuchContract",
        "NoSuchPublicFunction",
        "BadFunctionArgument",
        "ContractAlreadyExists",
        "ConflictingNonceInMempool",
        "TooMuchChaining",
        "TransferRecipientCannotEqualSender",
        "TransferAmountMustBePositive",
        "BadAddressVersionByte",
        "BadTransactionVersion",
        "NoCoinbaseViaMempool",
        "NoTenureChangeViaMempool",
        "EstimatorError",
        "TemporarilyBlacklisted",
        "ServerFailureNoSuchChainTip",
        "ServerFailureDatabase",
        "ServerFailureOther",
    ]
    for name in names:
        assert getattr(rejections, name).reason == name
    codes = [c.code for c in vars(rejections).values() if isinstance(c, type) and "code" in vars(c)]
    assert len(codes) == len(set(codes))
    exists = rejections.ContractAlreadyExists("ST1.pool")
    assert exists.to_reason() == ("ContractAlreadyExists", {"contract_identifier": "ST1.pool"})


def test_a_contract_of_another_network_is_no_recipient() -> None:
    assert load_network("mainnet").address_version_multi == 20
    foreign = ContractPrincipal(20, POOL.hash20, "pool")
    refuse(World(), transfer(A, 0, to=foreign), rejections.BadAddressVersionByte)
