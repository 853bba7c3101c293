"""Facts about blocks: forms that take the name of a property and a height."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from btczs.codec.clarity.types import (
    PRINCIPAL,
    UINT,
    ValueType,
    buffer_type,
    list_type,
    optional_type,
)
from btczs.vm.clarity.analysis import errors
from btczs.vm.clarity.analysis.checker.arguments import at_least, exactly, name_in
from btczs.vm.clarity.reader.syntax import Form
from btczs.vm.clarity.types.parse import make_tuple_type

if TYPE_CHECKING:
    from btczs.vm.clarity.analysis.checker.checker import TypeChecker

HASH: Final = buffer_type(32)
_REWARD_ADDRESS = make_tuple_type([("version", buffer_type(1)), ("hashbytes", HASH)])
_REWARD_ADDRESSES = make_tuple_type([("addrs", list_type(2, _REWARD_ADDRESS)), ("payout", UINT)])

BLOCK_1: Final[dict[str, ValueType]] = {
    "time": UINT,
    "vrf-seed": HASH,
    "header-hash": HASH,
    "id-header-hash": HASH,
    "burnchain-header-hash": HASH,
    "miner-address": PRINCIPAL,
}
BLOCK_2: Final[dict[str, ValueType]] = BLOCK_1 | {
    "miner-spend-winner": UINT,
    "miner-spend-total": UINT,
    "block-reward": UINT,
}
BURN_BLOCK: Final[dict[str, ValueType]] = {"header-hash": HASH, "pox-addrs": _REWARD_ADDRESSES}
STACKS_BLOCK: Final[dict[str, ValueType]] = {
    "id-header-hash": HASH,
    "header-hash": HASH,
    "time": UINT,
}
TENURE: Final[dict[str, ValueType]] = {
    "time": UINT,
    "vrf-seed": HASH,
    "burnchain-header-hash": HASH,
    "miner-address": PRINCIPAL,
    "miner-spend-winner": UINT,
    "miner-spend-total": UINT,
    "block-reward": UINT,
}


class PropertyForm:
    """`(word property height)`: an optional of the type of the property.

    `nameless` and `unknown` are the kinds for a property that is no name, and for one that does
    not exist. `counted`: whether more than two arguments are refused.
    """

    def __init__(
        self,
        properties: Mapping[str, ValueType],
        nameless: type[errors.StaticKind],
        unknown: Callable[..., errors.StaticKind],
        *,
        counted: bool = True,
    ) -> None:
        self.properties = properties
        self.nameless = nameless
        self.unknown = unknown
        self.counted = counted

    def __call__(self, checker: "TypeChecker", form: Form) -> ValueType:
        args = exactly(form, 2) if self.counted else at_least(form, 2)
        word = name_in(args[0], self.nameless)
        found = self.properties.get(word)
        if found is None:
            raise self.unknown(word, span=args[0].span)
        checker.expect(args[1], UINT)
        return optional_type(found)


def _block_info(properties: Mapping[str, ValueType]) -> PropertyForm:
    return PropertyForm(
        properties,
        errors.GetBlockInfoExpectPropertyName,
        errors.NoSuchBlockInfoProperty,
        counted=False,
    )


BLOCK_INFO_1: Final = _block_info(BLOCK_1)
"""What Clarity 1 can ask of a block."""

CHAIN: Final[dict[str, PropertyForm]] = {
    "get-block-info?": _block_info(BLOCK_2),
    "get-burn-block-info?": PropertyForm(
        BURN_BLOCK, errors.GetBurnBlockInfoExpectPropertyName, errors.NoSuchBlockInfoProperty
    ),
    "get-stacks-block-info?": PropertyForm(
        STACKS_BLOCK,
        errors.GetStacksBlockInfoExpectPropertyName,
        errors.NoSuchStacksBlockInfoProperty,
    ),
    "get-tenure-info?": PropertyForm(
        TENURE, errors.GetTenureInfoExpectPropertyName, errors.NoSuchTenureInfoProperty
    ),
}
