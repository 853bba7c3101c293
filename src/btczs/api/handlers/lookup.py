"""Finding what a path names."""

from btczs.api.errors import NotFound
from btczs.indexer.view import BlockRow, IndexView


def find_block(view: IndexView, ref: int | bytes | None) -> BlockRow:
    """The block of a height, a hash or id, or the latest (None). Raises `NotFound`."""
    if ref is None:
        block = view.latest_block()
    elif isinstance(ref, int):
        block = view.block_by_height(ref)
    else:
        block = view.block_by_hash(ref)
    if block is None:
        named = "latest" if ref is None else ref if isinstance(ref, int) else "0x" + ref.hex()
        raise NotFound(f"cannot find block {named}")
    return block
