"""Every installed provider's simulator on loopback, and the accounts and the ``billfold.toml`` that reach them."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path

from attrs import frozen

from billfold.accounts.account import Account
from billfold.adapter import find
from billfold.errors import ConfigError
from billfold.secret import Secret
from billfold.simulators.simulation import Sample, Simulation, serving, simulators

# The fakes keep their providers' rate limits; a demonstration should not spend its time waiting politely for itself.
_REQUESTS_PER_MINUTE = 6000


@frozen
class Served:
    """One simulator under way, and its base URL."""

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
    """Serve every installed simulator (or some) as it is at ``now``, on ``port`` and those after it; 0 takes free ones.

    Raises ConfigError for a port that cannot be had, and for a provider without a simulator.
    """
    installed = simulators()
    if unknown := [provider for provider in providers if provider not in installed]:
        raise ConfigError(
            f"no simulator is installed for {unknown[0]!r}; there are: {', '.join(installed) or 'none'}"
        )
    async with AsyncExitStack() as stack:
        served: list[Served] = []
        for provider in [name for name in installed if not providers or name in providers]:
            simulation, wanted = installed[provider](now), port and port + len(served)
            try:
                url = await stack.enter_async_context(serving(simulation, port=wanted))
            except (OSError, OverflowError) as error:
                reason = (
                    os.strerror(error.errno)
                    if isinstance(error, OSError) and error.errno
                    else "there is no such port"
                )
                raise ConfigError(
                    f"port {wanted} cannot be used for {provider}: {reason}; try another --port"
                ) from None
            served.append(Served(simulation, url))
        yield tuple(served)


def _samples(served: Collection[Served]) -> Iterator[tuple[Served, Sample]]:
    return ((one, sample) for one in served for sample in one.simulation.samples)


def accounts(served: Collection[Served]) -> tuple[Account, ...]:
    """Make the accounts that the simulators know, tokens in hand."""
    return tuple(
        Account(
            sample.name,
            find(one.provider)(**sample.settings),
            Secret(sample.token),
            one.url,
            _REQUESTS_PER_MINUTE,
        )
        for one, sample in _samples(served)
    )


def configuration(served: Collection[Served], folder: Path) -> str:
    """Write ``billfold.toml`` for the same accounts; the tokens go to files in ``folder`` that only the owner can read."""
    tables = []
    for number, (one, sample) in enumerate(_samples(served), 1):
        file = folder.resolve() / f"{number}-{one.provider}.token"
        file.touch(0o600, exist_ok=False)
        file.write_text(sample.token, "utf-8")
        table = {
            "name": sample.name,
            "provider": one.provider,
            **sample.settings,
            "token_file": str(file),
            "base_url": one.url,
            "requests_per_minute": _REQUESTS_PER_MINUTE,
        }
        # Texts, whole numbers, truth values and lists of them look the same in JSON and TOML.
        tables.append(
            "\n".join(
                ["[[accounts]]", *(f"{key} = {json.dumps(value)}" for key, value in table.items())]
            )
        )
    return "\n\n".join(tables) + "\n"
