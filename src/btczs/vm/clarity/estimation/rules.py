"""What words cost that evaluate their arguments and then do one thing: as data.

Ordinary functions bring their cost function and its input from the registry of the interpreter;
`RULES` are the special ones, each as the interpreter charges it. How an argument is taken is one
letter:

    o  owned: its size is paid for if it comes from a variable
    r  read in place
    s  read in place, paid for by its size in the end
    b  as `s`, but only if all went well
    m  perhaps not evaluated at all
    n  a name or a number written in the source, not evaluated

The last letter counts for all further arguments.
"""

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

import msgspec

from btczs.vm.clarity.estimation.results import item_shape
from btczs.vm.clarity.estimation.shapes import SIZE_MAX, Shape
from btczs.vm.clarity.interpreter.natives import registry
from btczs.vm.clarity.names import ClarityVersion
from btczs.vm.clarity.runtime.consensus_buffers import serialized_sizes

Bounds: TypeAlias = tuple[int, int]
Input: TypeAlias = Callable[[Sequence[Shape], ClarityVersion], Bounds]
"""Least and greatest input of a cost function, from the arguments that were evaluated."""


class Charge(msgspec.Struct, frozen=True):
    """A cost function and its input; `is_certain` is False where some do not come to pay it."""

    cost: str
    input: Input
    is_certain: bool = True


class Rule(msgspec.Struct, frozen=True):
    """How arguments are taken, what is paid before them (without input), and what after."""

    takes: str
    before: str | None = None
    after: tuple[Charge, ...] = ()


def nothing(_args: Sequence[Shape], _version: ClarityVersion) -> Bounds:
    return 0, 0


def count(args: Sequence[Shape], _version: ClarityVersion) -> Bounds:
    return len(args), len(args)


def sizes(args: Sequence[Shape], _version: ClarityVersion) -> Bounds:
    return sum([arg.low.size for arg in args]), sum([arg.high.size for arg in args])


def encoded(args: Sequence[Shape], _version: ClarityVersion) -> Bounds:
    return sum([arg.low.encoded for arg in args]), sum([arg.high.encoded for arg in args])


def lengths(args: Sequence[Shape], _version: ClarityVersion) -> Bounds:
    return sum([arg.shortest for arg in args]), sum([arg.longest for arg in args])


def of(place: int, input: Input) -> Input:
    """`input` of one argument only."""
    return lambda args, version: input(args[place : place + 1], version)


def _smaller_size(args: Sequence[Shape], version: ClarityVersion) -> Bounds:
    """Comparisons: from Clarity 2 on, strings can be compared."""
    if version == 1:
        return 2, 2
    return min(arg.low.size for arg in args), min(arg.high.size for arg in args)


def _item_sizes(args: Sequence[Shape], _version: ClarityVersion) -> Bounds:
    """`append`: the larger of the list's item type and the type of the item."""
    held, item = args[0].parts[0], args[1]
    return item.low.size, max(held.high.size, item.high.size)


def _slice_size(args: Sequence[Shape], _version: ClarityVersion) -> Bounds:
    return 0, args[0].longest * item_shape(args[0]).high.size


def _decoded(args: Sequence[Shape], version: ClarityVersion) -> Bounds:
    """`from-consensus-buff?`: from Clarity 5 on, no bytes count as one."""
    least, most = lengths(args, version)
    return (max(least, 1), max(most, 1)) if version >= 5 else (least, most)


def _stored(args: Sequence[Shape], version: ClarityVersion) -> Bounds:
    """By encoded size. Values with fields too many are refused, and charged by the size that the
    types allow; a guard (`restrict-assets?`) may forget the refusal, but not the cost."""
    least, most = encoded(args, version)
    return least, 2 * SIZE_MAX if any(arg.is_mixed for arg in args) else most


def _entry(args: Sequence[Shape], version: ClarityVersion) -> Bounds:
    """`map-set`: key, value, and that there is one."""
    least, most = _stored(args, version)
    return least + 1, most + 1


def _new_entry(args: Sequence[Shape], version: ClarityVersion) -> Bounds:
    """`map-insert`: the key alone if it is taken."""
    return args[0].low.encoded, _entry(args, version)[1]


def _lost_entry(args: Sequence[Shape], version: ClarityVersion) -> Bounds:
    return args[0].low.encoded, _stored(args, version)[1] + 1


def _token(takes: str, cost: str, before: str | None = None) -> Rule:
    """`nft-…`: by the encoded id."""
    return Rule(takes, before, (Charge(cost, of(0, encoded)),))


def _comparison(cost: str) -> Rule:
    return Rule("r", None, (Charge(cost, _smaller_size),))


RULES: Final[dict[str, Rule]] = {
    "<": _comparison("le"),
    "<=": _comparison("leq"),
    ">": _comparison("ge"),
    ">=": _comparison("geq"),
    "print": Rule("s", None, (Charge("print", sizes),)),
    "list": Rule("o", None, (Charge("list_cons", sizes),)),
    "append": Rule("os", None, (Charge("append", _item_sizes),)),
    "concat": Rule("o", None, (Charge("concat", lengths),)),
    "as-max-len?": Rule("on", None, (Charge("as_max_len", nothing),)),
    "slice?": Rule("orr", None, (Charge("slice", _slice_size, is_certain=False),)),
    "replace-at?": Rule("brb", None, (Charge("replace_at", of(0, sizes)),)),
    "to-ascii?": Rule("r", None, (Charge("to_ascii", sizes),)),
    "from-consensus-buff?": Rule("nr", None, (Charge("from_consensus_buff", _decoded),)),
    "is-standard": Rule("r", "is_standard"),
    "principal-destruct?": Rule("o", "principal_destruct"),
    "principal-construct?": Rule("rrb", "principal_construct"),
    "principal-of?": Rule("r", "principal_of"),
    "secp256k1-recover?": Rule("r", "secp256k1recover"),
    "secp256k1-verify": Rule("rrm", "secp256k1verify"),
    "secp256r1-verify": Rule("rrm", "secp256r1verify"),
    "contract-of": Rule("n", "contract_of"),
    "contract-hash?": Rule("r", None, (Charge("contract_hash", nothing, is_certain=False),)),
    "map-set": Rule("ns", None, (Charge("set_entry", _entry),)),
    "map-insert": Rule("ns", None, (Charge("set_entry", _new_entry),)),
    "map-delete": Rule("nr", None, (Charge("set_entry", _lost_entry),)),
    "var-set": Rule("ns", None, (Charge("set_var", _stored),)),
    "ft-get-balance": Rule("nr", "ft_balance"),
    "ft-get-supply": Rule("n", "ft_get_supply"),
    "ft-mint?": Rule("nr", "ft_mint"),
    "ft-transfer?": Rule("nr", "ft_transfer"),
    "ft-burn?": Rule("nr", "ft_burn"),
    "nft-get-owner?": _token("nr", "nft_owner"),
    "nft-mint?": _token("nbr", "nft_mint"),
    "nft-transfer?": _token("nbr", "nft_transfer"),
    "nft-burn?": _token("nbr", "nft_burn", before="nft_burn"),
    "stx-get-balance": Rule("r", "stx_balance"),
    "stx-account": Rule("r", "stx_account"),
    "stx-transfer?": Rule("r", "stx_transfer"),
    "stx-transfer-memo?": Rule("r", "stx_transfer_memo"),
    "stx-burn?": Rule("r", "stx_transfer"),
    "get-block-info?": Rule("nr", "block_info"),
    "get-stacks-block-info?": Rule("nr", "block_info"),
    "get-tenure-info?": Rule("nr", "block_info"),
    "get-burn-block-info?": Rule("nr", "burn_block_info"),
    "get-btcz-block-info?": Rule("nr", "block_info"),
    "get-btcz-tx-sender": Rule("r", None, (Charge("get_bitcoin_tx_output", lengths),)),
    "verify-btcz-merkle-proof": Rule("r", None, (
        Charge("block_info", nothing),
        Charge("get_bitcoin_tx_output", of(0, lengths)),
        Charge("verify_merkle_proof", encoded),
    )),
    "at-block": Rule("n"),
}  # fmt: skip
"""`at-block` stops every execution, so there is nothing to bound."""

_INPUTS: Final[dict[str, Input]] = {
    "ed25519-verify": of(0, lengths),
    "get-bitcoin-tx-output?": of(0, lengths),
    "verify-merkle-proof": of(4, lengths),
}
"""Ordinary functions charged neither by the number of arguments nor by their encoded size."""


def rule_of(word: str) -> Rule:
    """The rule of a native function that has no code of its own in this package."""
    rule = RULES.get(word)
    if rule is not None:
        return rule
    native = registry.NATIVE_TABLE[word]
    assert native.cost is not None, f"{word} has neither a rule nor code of its own"
    input: Input = count
    if native.input is not None:
        input = encoded if native.input is serialized_sizes else _INPUTS[word]
    return Rule("o", None, (Charge(native.cost.name, input),))


__all__ = ["RULES", "Charge", "Rule", "encoded", "lengths", "rule_of", "sizes"]
