"""The extension `btcz`: known where the network has it, and unknown elsewhere."""

import pytest
from checker_world import EMPTY

from btczs.vm.clarity.analysis import errors

BTCZ = frozenset({"btcz"})

EXAMPLES = [
    ("(get-btcz-block-info? header-hash u1)", "(optional (buff 32))"),
    ("(get-btcz-block-info? merkle-root u1)", "(optional (buff 32))"),
    ("(get-btcz-block-info? time u1)", "(optional uint)"),
    ("(get-btcz-block-info? confirmations u1)", "(optional uint)"),
    ("(verify-btcz-merkle-proof 0x 0x u0 u1 (list 0x))", "(response bool uint)"),
    (
        "(get-btcz-tx-sender 0x)",
        "(optional (tuple (hash (buff 20)) (version (buff 1))))",
    ),
]


@pytest.mark.parametrize(("source", "expected"), EXAMPLES)
@pytest.mark.parametrize("version", [1, 6])
def test_the_natives_of_the_extension(source, expected, version):
    assert EMPTY.type_of(source, version, BTCZ) == expected
    with pytest.raises(errors.UnknownFunction):
        EMPTY.check(source, version)


def test_a_transaction_is_given_in_full():
    whole = "(unwrap-panic (as-max-len? 0x u100000))"
    proof = f"(verify-btcz-merkle-proof {whole} 0x u0 u1 (list))"
    assert EMPTY.type_of(proof, 6, BTCZ) == "(response bool uint)"


def test_a_function_of_the_contract_goes_before_the_native():
    own = "(define-read-only (get-btcz-tx-sender (n uint)) n) (get-btcz-tx-sender u1)"
    for extensions in (frozenset[str](), BTCZ):
        assert EMPTY.type_of(own, 6, extensions) == "uint"


def test_the_natives_cannot_be_mapped():
    with pytest.raises(errors.IllegalOrUnknownFunctionApplication):
        EMPTY.check("(map get-btcz-tx-sender (list 0x00))", 6, extensions=BTCZ)


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("(get-btcz-block-info? nope u1)", errors.NoSuchBlockInfoProperty),
        ("(get-btcz-block-info? time 1)", errors.TypeError),
        ("(get-btcz-block-info? time)", errors.IncorrectArgumentCount),
        ("(verify-btcz-merkle-proof 0x 0x 0 u1 (list 0x))", errors.TypeError),
        ("(get-btcz-tx-sender (unwrap-panic (as-max-len? 0x u100001)))", errors.TypeError),
    ],
)
def test_what_the_extension_refuses(source, kind):
    with pytest.raises(kind):
        EMPTY.check(source, 6, extensions=BTCZ)
