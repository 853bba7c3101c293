"""The loop of mining on a node: template, work, submission.

Lock order: the miner's own lock first (one search at a time), then the node's; the node's lock is
free while the work is searched for, so the node answers meanwhile.
"""

import itertools
import threading
from functools import partial
from typing import Protocol

from btczs.l1.regtest import limits
from btczs.l1.regtest.block import Block
from btczs.l1.regtest.errors import BlockRejected
from btczs.l1.regtest.mining import BlockTemplate, solve_template
from btczs.primitives import Hash32, InvalidInput


class Chain(Protocol):
    """The node as the miner sees it."""

    def create_template(
        self, script: bytes | None = None, *, extra_nonce: int = 1
    ) -> BlockTemplate: ...

    def is_template_stale(self, template: BlockTemplate) -> bool: ...

    def submit_if_new(self, block: Block) -> bool: ...


class Miner:
    def __init__(self, node: Chain, seed: bytes) -> None:
        self._node = node
        self._seed = seed
        self._lock = threading.Lock()

    def mine_block(self, script: bytes | None) -> Hash32:
        with self._lock:
            # An old block can come out again (after `invalidate_block` the same chain, clock and
            # pool give the same one): then the next extra nonce makes another.
            for extra_nonce in itertools.count(1):
                template = self._node.create_template(script, extra_nonce=extra_nonce)
                is_stale = partial(self._node.is_template_stale, template)
                block = solve_template(template, seed=self._seed, is_stale=is_stale)
                if block is not None and self._submit(block):
                    return block.hash
        raise AssertionError("not reached")

    def _submit(self, block: Block) -> bool:
        try:
            return self._node.submit_if_new(block)
        except BlockRejected as error:
            raise AssertionError(f"the node refused its own block: {error}") from error

    def generate(self, count: int, script: bytes | None) -> list[Hash32]:
        if not 0 <= count <= limits.GENERATE_BLOCKS_MAX:
            raise InvalidInput(f"0 to {limits.GENERATE_BLOCKS_MAX} blocks can be generated at once")
        return [self.mine_block(script) for _ in range(count)]
