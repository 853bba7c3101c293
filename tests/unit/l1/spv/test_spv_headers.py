"""The header chain: most work wins, rules are applied in context, memory is bounded."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from btczs.crypto.hashes import sha256d
from btczs.crypto.merkle import bitcoin_merkle_root
from btczs.l1 import InvalidProofOfWork, L1Params, get_params, wire
from btczs.l1.bitcoin.header import Header
from btczs.l1.bitcoin.transaction import Transaction
from btczs.l1.bitcoinz.difficulty import compute_next_bits
from btczs.l1.bitcoinz.equihash import get_tag, solve_equihash
from btczs.l1.bitcoinz.header import Header as BitcoinzHeader
from btczs.l1.bitcoinz.header import encode_equihash_input
from btczs.l1.parts import NO_INDEX, TxIn, TxOut
from btczs.l1.pow import compute_work, verify_pow
from btczs.l1.spv import HeaderChain, InvalidHeader, build_merkle_proof, verify_in_chain
from btczs.l1.spv.context import compute_expected_bits, compute_median_time
from btczs.l1.spv.errors import (
    ForkTooDeep,
    NotInChain,
    TimeTooNew,
    TimeTooOld,
    TooManyBranches,
    UnknownParent,
    WrongAnchor,
    WrongBits,
    WrongVersion,
)
from btczs.primitives import DecodeError, Hash32, L1Height, TimestampS, Zat
from btczs.primitives.units import ZERO_HASH

PARAMS = get_params("bitcoin", "regtest")
BITCOINZ = get_params("bitcoinz", "regtest")
BITS = 0x207FFFFF
START_TIME = 1_600_000_000
_numbers = iter(range(1, 1 << 30))


def mine(prev: Hash32, time: int, bits: int = BITS, root: Hash32 | None = None) -> bytes:
    root = root or sha256d(next(_numbers).to_bytes(4, "big"))
    for nonce in range(1000):
        header = Header(4, prev, root, TimestampS(time), bits, nonce)
        try:
            verify_pow(PARAMS, header, 1)
        except InvalidProofOfWork:
            continue
        return wire.encode_header(header)
    raise AssertionError("no nonce found")


def hash_of(raw: bytes) -> Hash32:
    return sha256d(raw)


def grow(prev: Hash32, height: int, count: int) -> list[bytes]:
    """`count` headers on top of the header `prev` at `height`."""
    headers = []
    for offset in range(count):
        raw = mine(prev, START_TIME + 600 * (height + 1 + offset))
        headers.append(raw)
        prev = hash_of(raw)
    return headers


def make_chain(**options: int) -> HeaderChain:
    return HeaderChain(PARAMS, L1Height(0), [PARAMS.genesis_header], **options)


def add_all(chain: HeaderChain, headers: list[bytes]) -> None:
    for raw in headers:
        chain.add(raw)


def test_it_grows_and_counts_confirmations() -> None:
    chain = make_chain()
    headers = grow(PARAMS.genesis_hash, 0, 5)
    for height, raw in enumerate(headers, 1):
        added = chain.add(raw)
        assert (added.header.height, added.is_new, added.is_best) == (height, True, True)
        assert added.fork is None
        assert added.header.raw == raw
    assert chain.tip.hash == hash_of(headers[-1])
    assert [chain.confirmations(hash_of(raw)) for raw in headers] == [5, 4, 3, 2, 1]
    assert chain.confirmations(ZERO_HASH) == 0
    again = chain.add(headers[2])
    assert (again.is_new, again.is_best) == (False, True)
    found = chain.at(3)
    assert found is not None
    assert found.hash == hash_of(headers[2])
    assert chain.at(6) is None
    assert chain.at(-1) is None


def test_more_work_wins_and_the_first_seen_wins_among_equals() -> None:
    chain = make_chain()
    trunk = grow(PARAMS.genesis_hash, 0, 3)
    add_all(chain, trunk)
    ours = grow(hash_of(trunk[-1]), 3, 2)
    theirs = grow(hash_of(trunk[-1]), 3, 3)
    add_all(chain, ours)
    add_all(chain, theirs[:2])
    assert chain.tip.hash == hash_of(ours[-1]), "as much work, but seen later"
    assert chain.confirmations(hash_of(theirs[0])) == 0
    fork = chain.fork_point(hash_of(theirs[1]))
    assert fork is not None
    assert fork.hash == hash_of(trunk[-1])
    added = chain.add(theirs[2])
    assert added.fork is not None
    assert added.fork.height == 3
    assert chain.tip.hash == hash_of(theirs[-1])
    assert chain.confirmations(hash_of(ours[0])) == 0
    assert chain.side_headers == 2


HARD = 0x1D00FFFF


def unworked(prev: Hash32, bits: int) -> bytes:
    """A header without proof of work, for tests that switch its verification off."""
    root = sha256d(next(_numbers).to_bytes(4, "big"))
    return wire.encode_header(Header(4, prev, root, TimestampS(START_TIME), bits, 0))


def grow_unworked(prev: Hash32, bits: int, count: int) -> list[bytes]:
    headers = []
    for _ in range(count):
        headers.append(unworked(prev, bits))
        prev = hash_of(headers[-1])
    return headers


@pytest.fixture
def _any_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("btczs.l1.spv.chain.verify_header", lambda *_args, **_kwargs: None)


@pytest.mark.usefixtures("_any_work")
def test_work_counts_and_not_length() -> None:
    chain = make_chain()
    add_all(chain, grow_unworked(PARAMS.genesis_hash, BITS, 20))
    (hard,) = grow_unworked(PARAMS.genesis_hash, HARD, 1)
    added = chain.add(hard)
    assert added.is_best
    assert (chain.tip.height, chain.tip.hash) == (1, hash_of(hard))
    assert chain.tip.work == compute_work(BITS) + compute_work(HARD), "genesis included"
    assert chain.side_headers == 20


@pytest.mark.usefixtures("_any_work")
def test_a_side_branch_of_little_work_cannot_grow_without_bound() -> None:
    chain = make_chain(side_branches_max=2, reorg_depth_max=5)
    add_all(chain, grow_unworked(PARAMS.genesis_hash, HARD, 3))
    tip = chain.tip
    with pytest.raises(TooManyBranches):
        add_all(chain, grow_unworked(PARAMS.genesis_hash, BITS, 1000))
    assert chain.side_headers == 2 * 2 * 5
    assert chain.tip == tip
    assert chain.add(unworked(tip.hash, HARD)).is_best


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 4)), min_size=1, max_size=25))
def test_the_tip_is_the_one_with_most_work_in_any_tree(growth: list[tuple[int, int]]) -> None:
    chain = make_chain(side_branches_max=100)
    nodes: list[tuple[Hash32, int]] = [(PARAMS.genesis_hash, 0)]
    parents: dict[Hash32, Hash32] = {}
    best = nodes[0]
    for where, count in growth:
        prev, height = nodes[where % len(nodes)]
        for raw in grow(prev, height, count):
            added = chain.add(raw)
            height += 1
            parents[hash_of(raw)] = prev
            prev = hash_of(raw)
            nodes.append((prev, height))
            if height > best[1]:
                best = (prev, height)
            assert added.is_best == (best[0] == prev)
            assert (chain.tip.hash, chain.tip.height) == best
    path = [best[0]]
    while path[-1] in parents:
        path.append(parents[path[-1]])
    path.reverse()
    for height, block_hash in enumerate(path):
        found = chain.at(height)
        assert found is not None
        assert found.hash == block_hash
    for block_hash, _ in nodes:
        expected = block_hash
        while expected not in path:
            expected = parents[expected]
        fork = chain.fork_point(block_hash)
        assert fork is not None
        assert fork.hash == expected
    assert chain.side_headers == len(nodes) - len(path)


def test_headers_that_break_a_rule_change_nothing() -> None:
    chain = make_chain()
    headers = grow(PARAMS.genesis_hash, 0, 12)
    add_all(chain, headers)
    tip = chain.tip
    time = START_TIME + 600 * 13

    def refuse(raw: bytes, error: type[Exception], now: int | None = None) -> None:
        with pytest.raises(error):
            chain.add(raw, now=None if now is None else TimestampS(now))
        assert chain.tip == tip
        assert chain.side_headers == 0

    refuse(mine(ZERO_HASH, time), UnknownParent)
    refuse(mine(tip.hash, time, bits=0x207FFFFE), WrongBits)
    refuse(mine(tip.hash, START_TIME), TimeTooOld)
    median = START_TIME + 600 * 7
    refuse(mine(tip.hash, median), TimeTooOld)
    refuse(mine(tip.hash, time), TimeTooNew, now=time - 7201)
    refuse(b"", DecodeError)
    refuse(mine(tip.hash, time) + b"\0", DecodeError)
    honest = mine(tip.hash, time)
    for nonce in range(1000):
        raw = honest[:76] + nonce.to_bytes(4, "little")
        if hash_of(raw)[31] >= 0x80:
            refuse(raw, InvalidProofOfWork)
            break
    else:
        raise AssertionError("every nonce proves work")
    assert chain.add(mine(tip.hash, time), now=TimestampS(time - 7200)).is_best
    assert chain.tip.hash != tip.hash
    assert chain.add(mine(tip.hash, median + 1)).is_new


def test_a_fork_deeper_than_a_reorganisation_may_go_is_refused() -> None:
    chain = make_chain(reorg_depth_max=5)
    headers = grow(PARAMS.genesis_hash, 0, 10)
    add_all(chain, headers)
    with pytest.raises(ForkTooDeep):
        chain.add(grow(hash_of(headers[3]), 4, 1)[0])
    side = grow(hash_of(headers[4]), 5, 7)
    add_all(chain, side)
    assert chain.tip.hash == hash_of(side[-1])


def test_side_branches_are_forgotten_when_they_can_no_longer_win() -> None:
    chain = make_chain(reorg_depth_max=4)
    headers = grow(PARAMS.genesis_hash, 0, 12)
    add_all(chain, headers[:3])
    side = grow(hash_of(headers[1]), 2, 1)
    add_all(chain, side)
    assert chain.side_headers == 1
    add_all(chain, headers[3:])
    assert chain.side_headers == 0
    assert chain.get(hash_of(side[0])) is None
    with pytest.raises(UnknownParent):
        chain.add(grow(hash_of(side[0]), 3, 1)[0])


def test_the_number_of_side_branches_is_bounded() -> None:
    chain = make_chain(side_branches_max=3)
    headers = grow(PARAMS.genesis_hash, 0, 20)
    add_all(chain, headers)
    for _ in range(3):
        add_all(chain, grow(hash_of(headers[14]), 15, 2))
    with pytest.raises(TooManyBranches):
        chain.add(grow(hash_of(headers[12]), 13, 1)[0])
    heavier = grow(hash_of(headers[17]), 18, 1)
    add_all(chain, heavier)
    assert chain.get(hash_of(heavier[0])) is not None
    assert chain.side_headers == 5, "the lightest branch of two gave way"


def test_a_dropped_branch_leaves_its_shared_part_to_the_other() -> None:
    chain = make_chain(side_branches_max=2)
    headers = grow(PARAMS.genesis_hash, 0, 10)
    add_all(chain, headers)
    shared = grow(hash_of(headers[4]), 5, 2)
    first, second = grow(hash_of(shared[-1]), 7, 1), grow(hash_of(shared[-1]), 7, 2)
    add_all(chain, shared + first + second)
    heavier = grow(hash_of(headers[7]), 8, 1)
    add_all(chain, heavier)
    assert chain.get(hash_of(first[0])) is None
    winner = grow(hash_of(second[-1]), 9, 2)
    add_all(chain, winner)
    assert chain.tip.hash == hash_of(winner[-1])


def test_old_headers_leave_the_memory() -> None:
    chain = make_chain(reorg_depth_max=3, keep_max=30)
    headers = grow(PARAMS.genesis_hash, 0, 50)
    add_all(chain, headers)
    assert chain.at(20) is None
    assert chain.get(hash_of(headers[19])) is None
    assert chain.at(21) is not None
    assert chain.confirmations(hash_of(headers[19])) == 0
    assert chain.side_headers == 0


def test_an_anchor_that_does_not_fit_is_refused() -> None:
    headers = grow(PARAMS.genesis_hash, 0, 3)
    with pytest.raises(WrongAnchor):
        HeaderChain(PARAMS, L1Height(0), [])
    with pytest.raises(WrongAnchor):
        HeaderChain(PARAMS, L1Height(0), headers)
    with pytest.raises(WrongAnchor):
        HeaderChain(PARAMS, L1Height(1), [headers[0], headers[2]])
    chain = HeaderChain(PARAMS, L1Height(1), headers)
    assert chain.tip.height == 3


def test_a_reorganisation_may_replace_trusted_headers() -> None:
    headers = grow(PARAMS.genesis_hash, 0, 4)
    chain = HeaderChain(PARAMS, L1Height(1), headers, side_branches_max=1)
    winner = grow(hash_of(headers[0]), 1, 4)
    other = grow(hash_of(headers[1]), 2, 1)
    add_all(chain, other)
    for raw in winner[:-1]:
        with pytest.raises(TooManyBranches):
            chain.add(raw)
        break
    chain = HeaderChain(PARAMS, L1Height(1), headers)
    add_all(chain, other + winner)
    assert chain.tip.hash == hash_of(winner[-1])
    assert chain.confirmations(hash_of(headers[3])) == 0
    assert chain.side_headers == 4


def test_a_proof_needs_a_header_of_the_best_chain_and_confirmations() -> None:
    coinbase = Transaction(
        inputs=(TxIn(ZERO_HASH, NO_INDEX, b"\x51\x51"),), outputs=(TxOut(Zat(1), b"\x51\x51"),)
    )
    payment = Transaction(inputs=(TxIn(ZERO_HASH, 5),), outputs=(TxOut(Zat(1), b"\x51\x51"),))
    txids = [coinbase.txid, payment.txid]
    root, _ = bitcoin_merkle_root(txids)
    chain = make_chain()
    block = mine(PARAMS.genesis_hash, START_TIME + 600, root=root)
    raw = wire.encode_transaction(payment)
    proof = build_merkle_proof(block, txids, 1)
    with pytest.raises(NotInChain):
        verify_in_chain(PARAMS, chain, proof, raw, 1)
    chain.add(block)
    assert verify_in_chain(PARAMS, chain, proof, raw, 1).block_hash == hash_of(block)
    with pytest.raises(NotInChain) as caught:
        verify_in_chain(PARAMS, chain, proof, raw, 2)
    assert (caught.value.confirmations, caught.value.needed) == (1, 2)
    add_all(chain, grow(PARAMS.genesis_hash, 0, 2))
    with pytest.raises(NotInChain):
        verify_in_chain(PARAMS, chain, proof, raw, 1)


# Difficulty rules

# Published cases of Bitcoin's rule: height of the last block of a period, time of its first and
# last block, bits before and after.
RETARGETS = [
    (32255, 1261130161, 1262152739, 0x1D00FFFF, 0x1D00D86A),
    (2015, 1231006505, 1233061996, 0x1D00FFFF, 0x1D00FFFF),
    (68543, 1279008237, 1279297671, 0x1C05A3F4, 0x1C0168FD),
    (46367, 1263163443, 1269211443, 0x1C387F6F, 0x1D00E1FD),
]


@pytest.mark.parametrize(("last", "first_time", "last_time", "before", "after"), RETARGETS)
def test_bitcoin_changes_its_difficulty_every_2016_blocks(
    last: int, first_time: int, last_time: int, before: int, after: int
) -> None:
    params = get_params("bitcoin", "mainnet")
    view = {last: (last_time, before), last - 2015: (first_time, before)}
    assert compute_expected_bits(params, last + 1, last_time, view.get) == after
    assert compute_expected_bits(params, last, last_time, {last - 1: (1, before)}.get) == before
    assert compute_expected_bits(params, last + 1, last_time, {last: (1, before)}.get) is None
    assert compute_expected_bits(params, last + 1, last_time, {}.get) is None


def test_litecoin_counts_the_whole_period_after_the_first() -> None:
    params = get_params("litecoin", "mainnet")
    bits = 0x1C05A3F4
    view = {4031: (2016 * 150, bits), 2016: (2016 * 75, bits), 2015: (0, bits), 0: (0, bits)}
    assert compute_expected_bits(params, 4032, 0, view.get) == bits, "on schedule since block 2015"
    view[2015] = (2016 * 150, bits)  # the same blocks, but first and last at the same time
    assert compute_expected_bits(params, 4032, 0, view.get) == 0x1C0168FD
    assert compute_expected_bits(params, 2016, 0, view.get) == bits, "here from block 0 on"


def test_the_test_network_lets_late_blocks_be_easy() -> None:
    params = get_params("bitcoin", "testnet")
    limit, hard = 0x1D00FFFF, 0x1C05A3F4
    view = {4032: (1000, hard), 4033: (1600, limit), 4034: (2200, limit)}
    assert compute_expected_bits(params, 4035, 2200 + 1201, view.get) == limit
    assert compute_expected_bits(params, 4035, 2200 + 1200, view.get) == hard
    assert compute_expected_bits(params, 4035, 2200, {4034: (2200, limit)}.get) is None


def test_the_median_of_fewer_headers_exists_only_next_to_genesis() -> None:
    assert compute_median_time(0, {0: (5, 0)}.get) == 5
    assert compute_median_time(2, {0: (5, 0), 1: (9, 0), 2: (7, 0)}.get) == 7
    assert compute_median_time(50, {50: (5, 0), 49: (5, 0)}.get) is None
    assert compute_median_time(-1, {}.get) is None


# BitcoinZ: real Equihash solutions of the regtest parameters


def solve(params: L1Params, prev: Hash32, time: int, bits: int, version: int = 4) -> bytes:
    root = sha256d(next(_numbers).to_bytes(4, "big"))
    for nonce in range(2000):
        fixed = (version, prev, root, ZERO_HASH, TimestampS(time), bits, nonce.to_bytes(32, "big"))
        data = encode_equihash_input(BitcoinzHeader(*fixed, b""))
        for solution in solve_equihash(48, 5, get_tag(48, 5), data):
            header = BitcoinzHeader(*fixed, solution)
            try:
                verify_pow(params, header, 1)
            except InvalidProofOfWork:
                continue
            return wire.encode_header(header)
    raise AssertionError("no solution found")


@pytest.fixture(scope="module")
def bitcoinz_headers() -> list[bytes]:
    return list(_mine_bitcoinz(20))


def _mine_bitcoinz(count: int) -> Iterator[bytes]:
    view = {0: (1_482_971_059, 0x200F0F0F)}
    prev = BITCOINZ.genesis_hash
    for height in range(1, count + 1):
        time = view[height - 1][0] + (150 if height % 3 else 50)
        bits = compute_next_bits(BITCOINZ, height - 1, view.__getitem__, time)
        raw = solve(BITCOINZ, prev, time, bits)
        view[height] = (time, bits)
        prev = sha256d(raw)
        yield raw


def make_bitcoinz_chain() -> HeaderChain:
    return HeaderChain(BITCOINZ, L1Height(0), [BITCOINZ.genesis_header])


def test_bitcoinz_headers_are_verified_with_their_difficulty(bitcoinz_headers: list[bytes]) -> None:
    chain = make_bitcoinz_chain()
    add_all(chain, bitcoinz_headers)
    assert chain.tip.height == 20
    assert chain.tip.bits != 0x200F0F0F, "the rule of block 15 and later is in force"
    late = HeaderChain(BITCOINZ, L1Height(17), bitcoinz_headers[16:18])
    add_all(late, bitcoinz_headers[18:])
    assert late.tip.hash == chain.tip.hash, "without context the rule cannot be applied"


@pytest.mark.parametrize(
    ("offset", "error"),
    [(177 - 1, InvalidProofOfWork), (140, DecodeError), (110, InvalidProofOfWork)],
    ids=["solution", "solution size", "nonce"],
)
def test_a_changed_bitcoinz_header_is_refused(
    bitcoinz_headers: list[bytes], offset: int, error: type[Exception]
) -> None:
    chain = make_bitcoinz_chain()
    raw = bytearray(bitcoinz_headers[0])
    assert len(raw) == 177
    raw[offset] ^= 1
    with pytest.raises(error):
        chain.add(bytes(raw))


def test_bitcoinz_wrong_difficulty_version_and_time_are_refused(
    bitcoinz_headers: list[bytes],
) -> None:
    chain = make_bitcoinz_chain()
    add_all(chain, bitcoinz_headers)
    tip = chain.tip
    bits = compute_next_bits(
        BITCOINZ, tip.height, lambda h: (chain.at(h).time, chain.at(h).bits), tip.time + 150
    )
    with pytest.raises(WrongBits):
        chain.add(solve(BITCOINZ, tip.hash, tip.time + 150, 0x200F0F0F))
    with pytest.raises(WrongVersion):
        chain.add(solve(BITCOINZ, tip.hash, tip.time + 150, bits, version=3))
    with pytest.raises(TimeTooOld):
        chain.add(solve(BITCOINZ, tip.hash, tip.time - 5000, bits))
    raw = solve(BITCOINZ, tip.hash, tip.time + 150, bits)
    with pytest.raises(TimeTooNew):  # below height 159300: two hours
        chain.add(raw, now=TimestampS(tip.time + 150 - 7201))
    assert chain.add(raw).is_best


def test_all_header_errors_are_one_family() -> None:
    codes = {error.code for error in InvalidHeader.__subclasses__()}
    assert len(codes) == len(InvalidHeader.__subclasses__()) >= 8
