"""Finding blocks by what a caller gave, with the real node's errors."""

import re

from btczs.l1.regtest.chain import BlockEntry
from btczs.l1.regtest.node import RegtestNode
from btczs.l1.regtest.rpc.faults import RpcCode, RpcFault
from btczs.l1.regtest.rpc.values import read_block_hash

_HEIGHT = re.compile(r"-?[1-9][0-9]*|[0-9]+")
_HEIGHT_DIGITS_MAX = 10


def find_block(node: RegtestNode, text: str) -> BlockEntry:
    """The known block of this hash."""
    block_hash = read_block_hash(text)
    entry = None if block_hash is None else node.chain.tree.entries.get(block_hash)
    if entry is None:
        raise RpcFault(RpcCode.INVALID_ADDRESS_OR_KEY, "Block not found")
    return entry


def find_active_block(node: RegtestNode, height: int) -> BlockEntry:
    """The block at a height of the active chain; -1 is the tip, -2 the one before, and so on."""
    tip_height = node.tip_entry.height
    index = height + tip_height + 1 if height < 0 else height
    if not 0 <= index <= tip_height:
        raise RpcFault(RpcCode.INVALID_PARAMETER, "Block height out of range")
    return node.chain.tree.active[index]


def find_block_or_height(node: RegtestNode, text: str) -> BlockEntry:
    """By hash, or by height if the text is shorter than a hash."""
    if len(text) >= 64:
        return find_block(node, text)
    if len(text) > _HEIGHT_DIGITS_MAX or _HEIGHT.fullmatch(text) is None:
        raise RpcFault(RpcCode.INVALID_PARAMETER, "Invalid block height parameter")
    return find_active_block(node, int(text))
