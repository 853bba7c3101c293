"""What a user can choose about a devnet."""

from pathlib import Path

import msgspec


class DevnetOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Ports may be 0 (any free one) or None (not served)."""

    data: Path = Path(".btczs/devnet")
    reset: bool = False
    """Delete the folder's devnet first."""
    l1_block_time_s: float = 3.0
    miners: int = 2
    host: str = "127.0.0.1"
    api_port: int | None = 3999
    rpc_port: int | None = 20443
    l1_port: int = 11979
