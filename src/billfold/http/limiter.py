"""How many requests a credential may send in a minute."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aiolimiter import AsyncLimiter


def rate_limiter(requests_per_minute: int | None) -> AsyncLimiter | None:
    """Return a limiter of so many requests in *any* minute.

    A burst of a quarter, and the rest evenly; None is no limit.
    """
    if requests_per_minute is None:
        return None
    # It looks up its own version as it is imported, which takes a hundredth of a command's start.
    from aiolimiter import AsyncLimiter

    burst = max(1, requests_per_minute // 4)
    steady = max(requests_per_minute - burst, 1)
    return AsyncLimiter(burst, burst * 60 / steady)
