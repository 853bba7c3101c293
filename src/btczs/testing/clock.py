"""`MockClock`: time that passes when told to."""

from btczs.primitives import TimestampS


class MockClock:
    """Seconds since 1970. Never goes back."""

    def __init__(self, start: TimestampS) -> None:
        self._now = start

    def now(self) -> TimestampS:
        return self._now

    def advance(self, seconds: int) -> TimestampS:
        """Lets `seconds` pass. Gives the new time."""
        assert seconds >= 0, "time does not go back"
        self._now = TimestampS(self._now + seconds)
        return self._now
