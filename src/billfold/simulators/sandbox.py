"""Serve every installed simulator, and write the ``billfold.toml`` that reaches them."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path

from attrs import frozen

from billfold.accounts.account import Account
from billfold.accounts.written import accounts_toml
from billfold.adapter import find
from billfold.errors import ConfigError
from billfold.simulators.serving import (
    REQUESTS_PER_MINUTE,
    Sample,
    Simulation,
    find_simulator,
    installed_simulators,
    serving,
)


@frozen
class Served:
    """One simulator that is being served, and its base URL."""

    simulation: Simulation
    url: str

    @property
    def provider(self) -> str:
        """Whom it simulates."""
        return self.simulation.provider


@asynccontextmanager
async def running(
    now: datetime, *, port: int = 0, providers: Collection[str] = ()
) -> AsyncIterator[tuple[Served, ...]]:
    """Serve every installed simulator (or some) as it is at ``now``.

    They take ``port`` and those after it; 0 takes free ones. Raises ConfigError for a port that
    cannot be used, and for a provider without a simulator.
    """
    chosen = sorted(set(providers)) or list(installed_simulators())
    simulations = [find_simulator(provider)(now) for provider in chosen]
    async with AsyncExitStack() as stack:
        served: list[Served] = []
        for simulation in simulations:
            wanted = port and port + len(served)
            try:
                url = await stack.enter_async_context(serving(simulation, port=wanted))
            except (OSError, OverflowError) as error:
                number = getattr(error, "errno", None)
                reason = os.strerror(number) if number else "there is no such port"
                about = f"port {wanted} cannot be used for {simulation.provider}: {reason}"
                raise ConfigError(f"{about}; try another --port") from None
            served.append(Served(simulation, url))
        yield tuple(served)


def _samples(served: Collection[Served]) -> Iterator[tuple[Served, Sample]]:
    return ((server, sample) for server in served for sample in server.simulation.samples)


def accounts(served: Collection[Served]) -> tuple[Account, ...]:
    """Return the accounts that the simulators know, with their tokens."""
    samples = _samples(served)
    return tuple(sample.account(find(server.provider), server.url) for server, sample in samples)


def configuration(served: Collection[Served], folder: Path) -> str:
    """Return a ``billfold.toml`` for the same accounts, with their tokens in files in ``folder``.

    Only the owner can read those files.
    """
    tables = []
    for number, (server, sample) in enumerate(_samples(served), 1):
        file = folder.resolve() / f"{number}-{server.provider}.token"
        file.touch(0o600, exist_ok=False)
        file.write_text(sample.token, "utf-8")
        tables.append(
            {
                "name": sample.name,
                "provider": server.provider,
                **sample.settings,
                "token_file": str(file),
                "base_url": server.url,
                "requests_per_minute": REQUESTS_PER_MINUTE,
            }
        )
    return accounts_toml(tables) + "\n"
