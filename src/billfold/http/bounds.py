"""What callers may bound requests by: seconds and counts that are finite and above zero. Pure."""

from __future__ import annotations

from billfold.errors import ConfigError

# More seconds than this, some thirty thousand years, are no number that anybody meant.
_FOREVER = 1e12


def require_seconds(seconds: object, what: str) -> float:
    """Return a number of seconds. Raises ConfigError unless it is finite and above zero.

    A timer that is set to NaN would never fire, nor would any other timer of its loop.
    """
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise ConfigError(f"{what} is a number of seconds, not {type(seconds).__name__}")
    if not 0 < seconds < _FOREVER:
        shown = seconds if isinstance(seconds, float) or abs(seconds) < _FOREVER else "so many"
        raise ConfigError(f"{what} is a finite number of seconds above zero, not {shown}")
    return float(seconds)


def require_count(count: object, what: str) -> int:
    """Return a whole number. Raises ConfigError unless it is at least one."""
    if isinstance(count, bool) or not isinstance(count, int):
        raise ConfigError(f"{what} is a whole number, not {type(count).__name__}")
    if count < 1:
        shown = count if count > -_FOREVER else "so few"
        raise ConfigError(f"{what} is at least 1, not {shown}")
    return count
