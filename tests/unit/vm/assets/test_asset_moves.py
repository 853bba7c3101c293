"""What moved, through nested scopes."""

import pytest
from contract_world import ALICE, BOB, CONTRACT
from hypothesis import given
from hypothesis import strategies as st

from btczs.codec.clarity.values import TRUE, UIntValue
from btczs.vm.clarity.runtime.assets import U128_MAX, AssetMoves
from btczs.vm.clarity.runtime.errors import ArithmeticOverflow
from btczs.vm.clarity.runtime.events import AssetIdentifier
from btczs.vm.clarity.runtime.values import CallableContract

TOKEN = AssetIdentifier(CONTRACT, "token")


def test_a_committed_scope_adds_to_the_one_around() -> None:
    moves = AssetMoves()
    moves.record_stx_transfer(ALICE, 5)
    moves.begin()
    moves.record_stx_transfer(ALICE, 7)
    moves.record_stx_burn(ALICE, 2)
    moves.record_nft(BOB, TOKEN, TRUE)
    assert moves.current.stx_sent == {ALICE: 7}
    moves.commit()
    assert moves.current.stx_sent == {ALICE: 12}
    assert moves.current.stx_burned == {ALICE: 2}
    assert moves.current.nfts == {BOB: {TOKEN: [TRUE]}}
    assert moves.depth == 0


def test_a_scope_rolled_back_leaves_nothing() -> None:
    moves = AssetMoves()
    moves.record_ft(ALICE, TOKEN, 1)
    moves.begin()
    moves.record_ft(ALICE, TOKEN, 9)
    moves.record_stacking(ALICE, 3)
    moves.record_pox_action(ALICE)
    moves.roll_back()
    assert moves.current.tokens == {ALICE: {TOKEN: 1}}
    assert not moves.current.stacked
    assert not moves.current.pox_actions


def test_a_contract_known_by_its_trait_is_the_same_owner() -> None:
    moves = AssetMoves()
    moves.record_stx_transfer(CallableContract(CONTRACT.version, CONTRACT.hash20, "subject"), 1)
    moves.record_stx_transfer(CONTRACT, 1)
    assert moves.current.stx_sent == {CONTRACT: 2}


def test_a_sum_beyond_128_bits_stops_in_the_scope() -> None:
    moves = AssetMoves()
    moves.record_ft(ALICE, TOKEN, U128_MAX)
    with pytest.raises(ArithmeticOverflow):
        moves.record_ft(ALICE, TOKEN, 1)


def test_a_sum_beyond_128_bits_stops_where_scopes_join_and_not_before() -> None:
    moves = AssetMoves()
    moves.record_ft(ALICE, TOKEN, U128_MAX)
    moves.begin()
    moves.record_ft(ALICE, TOKEN, 1)
    with pytest.raises(ArithmeticOverflow):
        moves.commit()
    assert moves.depth == 0


def test_different_senders_and_tokens_do_not_add_up() -> None:
    moves = AssetMoves()
    moves.record_ft(ALICE, TOKEN, U128_MAX)
    moves.record_ft(BOB, TOKEN, U128_MAX)
    moves.record_ft(ALICE, AssetIdentifier(CONTRACT, "other"), U128_MAX)
    assert sum(len(by_token) for by_token in moves.current.tokens.values()) == 3


steps = st.lists(
    st.one_of(
        st.just("begin"),
        st.just("commit"),
        st.just("roll_back"),
        st.tuples(st.sampled_from(["stx", "ft", "nft"]), st.integers(1, 9)),
    ),
    max_size=40,
)


@given(steps)
def test_scopes_agree_with_a_list_of_what_was_done(actions: list[object]) -> None:
    moves = AssetMoves()
    done: list[tuple[str, int]] = []
    marks: list[int] = []
    for action in actions:
        if action == "begin":
            moves.begin()
            marks.append(len(done))
        elif action == "commit" and marks:
            moves.commit()
            marks.pop()
        elif action == "roll_back" and marks:
            moves.roll_back()
            del done[marks.pop() :]
        elif isinstance(action, tuple):
            kind, amount = action
            done.append(action)
            if kind == "stx":
                moves.record_stx_transfer(ALICE, amount)
            elif kind == "ft":
                moves.record_ft(ALICE, TOKEN, amount)
            else:
                moves.record_nft(ALICE, TOKEN, UIntValue(amount))
    current, since = moves.current, done[marks[-1] if marks else 0 :]
    # The innermost scope holds what was done since its mark.
    assert current.stx_sent.get(ALICE, 0) == sum(n for kind, n in since if kind == "stx")
    assert current.tokens.get(ALICE, {}).get(TOKEN, 0) == sum(n for k, n in since if k == "ft")
    ids = [value.value for value in current.nfts.get(ALICE, {}).get(TOKEN, [])]  # type: ignore[union-attr]
    assert ids == [n for kind, n in since if kind == "nft"]
