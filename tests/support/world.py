"""All simulated providers as of one moment, to run commands against."""

from datetime import UTC, datetime

from billfold.simulators.apart import serving_apart as served

__all__ = ["NOW", "served"]

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
