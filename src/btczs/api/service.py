"""What handlers share: the node, the options, and the little state the API itself has."""

from btczs.api.backend import Backend
from btczs.api.options import ApiOptions
from btczs.api.ratelimit import TokenBuckets
from btczs.api.websocket.hub import Hub


class ApiService:
    """One per application."""

    def __init__(self, backend: Backend, options: ApiOptions) -> None:
        self.backend = backend
        self.options = options
        self.hub = Hub(backend, options)
        self.faucet_buckets = TokenBuckets(
            max(1, options.faucet_requests_per_hour), 3600, options.faucet_requests_burst
        )

    @property
    def transaction_body_max(self) -> int:
        """Bytes of a request that carries a transaction: hexadecimal, and JSON around it."""
        return 2 * self.backend.network.limits.transaction_bytes_max + 4096
