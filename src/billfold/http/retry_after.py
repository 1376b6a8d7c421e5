"""When a provider says to come back: its headers, or what its error body says."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

# A reset that is larger than this many seconds is no wait but a time since 1970.
_EPOCH = 1_000_000_000
# One that is larger than this counts milliseconds since then.
_EPOCH_MILLISECONDS = 100 * _EPOCH
# Ten years of seconds: whoever says more says that there is no point in waiting.
_LONGEST = 315_360_000


def retry_at(
    headers: Mapping[str, str], *, status: int, in_body: float | None, now: datetime
) -> datetime | None:
    """Return when to try again, in UTC; None where nothing readable says so.

    Reads ``retry-after-ms``, ``Retry-After`` (seconds, fractions, an HTTP date), then ``in_body``
    (seconds), and, where the status is 429, ``RateLimit-Reset`` or ``X-RateLimit-Reset``. Dates are
    read against the server's own clock, which may differ from ours.
    """
    server_time = http_date(headers.get("Date")) or now
    milliseconds = _number(headers.get("retry-after-ms"))
    waits = [
        None if milliseconds is None else milliseconds / 1000,
        _seconds(headers.get("Retry-After"), server_time),
        in_body,
    ]
    if status == 429:
        waits += [
            _reset(headers.get(name), server_time)
            for name in ("RateLimit-Reset", "X-RateLimit-Reset")
        ]
    wait = next((seconds for seconds in waits if seconds is not None), None)
    if wait is None or math.isnan(wait):
        return None
    return now + timedelta(seconds=min(max(float(wait), 0), _LONGEST))


def http_date(text: str | None) -> datetime | None:
    """Return the time that an HTTP date says; None for one that is absent or unreadable."""
    if text is None:
        return None
    try:
        moment = parsedate_to_datetime(text.strip())
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _seconds(text: str | None, server_time: datetime) -> float | None:
    number = _number(text)
    if number is not None:
        return number
    moment = http_date(text)
    return None if moment is None else (moment - server_time).total_seconds()


def _reset(text: str | None, server_time: datetime) -> float | None:
    number = _number(text)
    if number is None or number < _EPOCH:
        return number
    seconds = number if number < _EPOCH_MILLISECONDS else number / 1000
    return seconds - server_time.timestamp()


def _number(text: str | None) -> float | None:
    """Return a number of seconds in plain digits, not negative; None for anything else."""
    text = (text or "").strip()
    if not text.isascii() or len(text) > 20 or not text.replace(".", "", 1).isdigit():
        return None
    return float(text)
