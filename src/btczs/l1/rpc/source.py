"""What a reader of layer 1 asks a node for: implemented by `L1Client` and by doubles in tests."""

from collections.abc import Sequence
from typing import Protocol

from btczs.primitives import Hash32, L1Height


class L1Source(Protocol):
    """A node's best chain. Heights above its tip raise `RpcInvalidParameter`, unknown blocks
    `RpcNotFound`, and a node that does not answer `RpcUnavailable`."""

    async def get_block_count(self) -> L1Height: ...

    async def get_best_block_hash(self) -> Hash32: ...

    async def get_block_hash(self, height: int) -> Hash32: ...

    async def get_block_hashes(self, heights: Sequence[int]) -> list[Hash32]: ...

    async def get_block_raw(self, block_hash: Hash32) -> bytes: ...

    async def get_block_header_raw(self, block_hash: Hash32) -> bytes: ...
