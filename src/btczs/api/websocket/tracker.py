"""How far each watched transaction has come, so that only advances are told."""

from btczs.api.backend import Tip
from btczs.api.shapes.transactions import state_at
from btczs.finality.states import TransactionState
from btczs.primitives import ChainHeight

_ORDER = {state: rank for rank, state in enumerate(TransactionState)}


class StatusTracker:
    """The mined ones among the watched transactions: height, and the last state told."""

    def __init__(self) -> None:
        self._mined: dict[bytes, tuple[ChainHeight, TransactionState]] = {}

    def __len__(self) -> int:
        return len(self._mined)

    def put(self, txid: bytes, height: ChainHeight, tip: Tip) -> None:
        self._mined[txid] = (height, state_at(height, tip))

    def discard(self, txid: bytes) -> None:
        self._mined.pop(txid, None)

    def undo_from(self, height: ChainHeight) -> None:
        """Blocks at `height` and above are not what they were."""
        undone = [txid for txid, (mined_at, _) in self._mined.items() if mined_at >= height]
        for txid in undone:
            del self._mined[txid]

    def advance(self, tip: Tip) -> list[bytes]:
        """The transactions whose state is further than the last one told, lowest block first."""
        advanced: list[tuple[ChainHeight, bytes]] = []
        for txid, (height, before) in self._mined.items():
            now = state_at(height, tip)
            if now is not before:
                self._mined[txid] = (height, now)
            if _ORDER[now] > _ORDER[before]:
                advanced.append((height, txid))
        return [txid for _, txid in sorted(advanced)]
