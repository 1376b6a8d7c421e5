"""The installed adapters.

Whatever packages register under the entry-point group ``billfold.adapters``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from msgspec import Struct

from billfold.adapter.declaration import Adapter, Declaration
from billfold.errors import ConfigError

GROUP = "billfold.adapters"


class NotUsable(Struct, frozen=True):
    """An adapter whose package cannot be used, and why, as a sentence."""

    provider: str
    reason: str


@cache
def registered(group: str) -> Mapping[str, tuple[EntryPoint, ...]]:
    """Return what packages register in a group, by name, sorted; several where names collide."""
    found: dict[str, list[EntryPoint]] = {}
    for entry in entry_points(group=group):
        found.setdefault(entry.name, []).append(entry)
    return {name: _different(found[name]) for name in sorted(found)}


def _different(entries: Sequence[EntryPoint]) -> tuple[EntryPoint, ...]:
    """Return entries of one name, each package's once, sorted by their packages."""
    if len(entries) < 2:  # whose package's whole description would be read for its name
        return tuple(entries)
    once = {(package(entry), entry.value): entry for entry in reversed(entries)}
    return tuple(once[key] for key in sorted(once))


def package(entry: EntryPoint) -> str:
    """Return the name and version of the distribution that registers something."""
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else "a package without a name"


def the_only(group: str, name: str) -> EntryPoint:
    """Return what one package registers. Raises ConfigError, naming them, where several do."""
    entries = registered(group)[name]
    entry, *others = entries
    if others:
        packages = " and ".join(f"{package(entry)} ({entry.value})" for entry in entries)
        raise ConfigError(
            f"{name!r} is registered in {group} more than once, by {packages}; "
            "uninstall all but one"
        )
    return entry


def load(entry: EntryPoint) -> Any:
    """Return what a package registers. Raises ConfigError for one that does not import."""
    try:
        return entry.load()
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a stranger's module raises anything
        cause = " ".join(f"{type(error).__name__}: {error}".split())
        raise ConfigError(
            f"the package {package(entry)}, which registers {entry.name!r}, "
            f"does not import: {cause[:300]}"
        ) from None


def installed() -> tuple[str, ...]:
    """Return the providers whose adapters are installed, sorted."""
    return tuple(registered(GROUP))


def look_up(provider: str) -> type[Adapter] | NotUsable:
    """Return an installed adapter's class, or why its package cannot be used.

    Raises ConfigError for a provider that no installed package offers, or more than one.
    """
    if provider not in registered(GROUP):
        names = ", ".join(installed()) or "none"
        near = get_close_matches(provider.casefold(), installed(), 1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        raise ConfigError(
            f"no adapter is installed for provider {provider!r}; {hint}installed: {names}"
        )
    entry = the_only(GROUP, provider)
    try:
        return _adapter(entry)
    except ConfigError as error:
        return NotUsable(provider, error.message)


def find(provider: str) -> type[Adapter]:
    """Return an installed adapter's class.

    Raises ConfigError for a provider that no installed package offers, that more than one does, or
    whose package does not import.
    """
    found = look_up(provider)
    if isinstance(found, NotUsable):
        raise ConfigError(found.reason)
    return found


def usable() -> tuple[tuple[type[Adapter], ...], tuple[str, ...]]:
    """Return the adapters that can be used, and a sentence about each of the others."""
    adapters, reasons = [], []
    for provider in installed():
        try:
            adapters.append(find(provider))
        except ConfigError as error:
            reasons.append(error.message)
    return tuple(adapters), tuple(reasons)


def token_variables() -> frozenset[str]:
    """Return the environment variables that the installed adapters declare for tokens."""
    return frozenset(adapter.declares.token_env for adapter in _all_that_import())


def _all_that_import() -> Iterator[type[Adapter]]:
    for entries in registered(GROUP).values():
        for entry in entries:
            try:
                yield _adapter(entry)
            except ConfigError:
                continue


def _adapter(entry: EntryPoint) -> type[Adapter]:
    adapter = load(entry)
    declared = isinstance(getattr(adapter, "declares", None), Declaration)
    if not isinstance(adapter, type) or not declared or adapter.provider != entry.name:  # type: ignore[attr-defined]
        raise ConfigError(
            f"the package {package(entry)} registers as the adapter {entry.name!r} what is none: "
            f"a class that declares itself, whose provider is {entry.name!r}"
        )
    return adapter
