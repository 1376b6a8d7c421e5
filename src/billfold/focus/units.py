"""The units of FOCUS: plural, capitalised, GB and GiB kept apart."""

from __future__ import annotations

from collections.abc import Mapping

# By the provider's word in lower case and singular. Other words are not guessed.
UNITS: Mapping[str, str] = {
    "second": "Seconds",
    "minute": "Minutes",
    "hour": "Hours",
    "day": "Days",
    "month": "Months",
    "quantity": "Units",
    "unit": "Units",
    "piece": "Units",
    "request": "Requests",
    "mb": "MB",
    "gb": "GB",
    "tb": "TB",
    "mib": "MiB",
    "gib": "GiB",
    "tib": "TiB",
    "gb_hour": "GB-Hours",
    "gib_hour": "GiB-Hours",
    "tb_hour": "TB-Hours",
    "gb_month": "GB-Months",
    "gib_month": "GiB-Months",
    "tb_month": "TB-Months",
    "node_hour": "Node-Hours",
}


def focus_unit(unit: str | None) -> str | None:
    """Return FOCUS' word for a provider's unit, or None for a unit that is not known."""
    word = (unit or "").strip().lower().replace("-", "_").replace(" ", "_")
    return UNITS.get(word) or UNITS.get(word.removesuffix("s"))
