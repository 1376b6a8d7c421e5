"""The installed adapters.

Whatever packages register under the entry-point group ``billfold.adapters``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from billfold.adapter.declaration import Adapter
from billfold.errors import ConfigError

GROUP = "billfold.adapters"


@cache
def _installed() -> Mapping[str, EntryPoint]:
    entries = sorted(entry_points(group=GROUP), key=lambda entry: entry.name)
    return {entry.name: entry for entry in entries}


def installed() -> tuple[str, ...]:
    """Return the providers whose adapters are installed, sorted."""
    return tuple(_installed())


def find(provider: str) -> type[Adapter]:
    """Return an installed adapter's class.

    Raises ConfigError for a provider that no installed package offers.
    """
    entry = _installed().get(provider)
    if entry is None:
        names = ", ".join(installed()) or "none"
        raise ConfigError(f"no adapter is installed for provider {provider!r}; installed: {names}")
    adapter: type[Adapter] = entry.load()
    return adapter
