"""How many requests to an origin may be repeated, over all accounts."""

from __future__ import annotations

from msgspec import Struct

from billfold.errors import ProviderError, RateLimitedError

MOST = 100.0
PER_ANSWER = 0.2


class Quota(Struct, eq=False):
    """What is left for repetitions: a hundred, and one for every five requests that are answered.

    So a provider that is down is not asked five times by each of a thousand accounts. A repetition
    that succeeds costs nothing in the end, which is what a short outage takes. A rate limit (429)
    costs nothing either: it says itself when to come back, or is waited for ever longer.
    """

    left: float = MOST

    def take(self, error: ProviderError) -> bool:
        """Return whether a request that failed so may be repeated, and count it."""
        if isinstance(error, RateLimitedError):
            return True
        if self.left < 1:
            error.add(" (not tried again: too many requests to this provider failed)")
            return False
        self.left -= 1
        return True

    def give(self, count: float) -> None:
        """Count what was answered."""
        self.left = min(self.left + count, MOST)
