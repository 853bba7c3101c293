"""What the operator of a node can set about its API. The defaults are safe on a public address."""

import msgspec

from btczs.primitives import BaseUnits


class ApiOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Bounds of the API."""

    requests_per_s: int = 200
    """Per client address; 0 switches the limit off."""
    requests_burst: int = 1000
    limit_loopback: bool = False
    """Whether clients on this machine are limited too."""

    body_bytes_max: int = 65_536
    """Of all requests but those that carry a transaction, whose bound is the network's."""
    body_timeout_s: int = 30

    ws_connections_max: int = 1000
    ws_subscriptions_max: int = 100
    """Per connection."""
    ws_queue_max: int = 512
    """Messages that wait for one connection; a slower reader is disconnected."""
    ws_message_bytes_max: int = 65_536
    ws_ping_interval_s: int = 5
    ws_ping_timeout_s: int = 20

    faucet_amount: BaseUnits = BaseUnits(50_000_000_000)
    """500 coins."""
    faucet_requests_per_hour: int = 60
    """Per address and per client."""
    faucet_requests_burst: int = 5
