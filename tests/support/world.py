"""All simulated providers as of one moment, to run commands or a group of accounts against."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from billfold import Account, Billfold, RetryPolicy, Secret
from billfold.adapter import find
from billfold.simulators import Simulation
from billfold.simulators.apart import serving_apart as served
from billfold.simulators.serving import installed_simulators, serving
from support.lines import QUICK

__all__ = ["NOW", "served", "simulating"]

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@asynccontextmanager
async def simulating() -> AsyncIterator[Callable[..., Any]]:
    """Give what serves providers' simulators as of NOW, with a fold of their sample accounts."""
    async with AsyncExitStack() as stack:

        async def start(*providers: str, retry: RetryPolicy = QUICK) -> tuple[Billfold, Simulation]:
            accounts = []
            for provider in providers:
                simulation = installed_simulators()[provider](NOW)
                url = await stack.enter_async_context(serving(simulation))
                accounts += [
                    Account(
                        sample.name,
                        find(provider)(**sample.settings),
                        Secret(sample.token),
                        url,
                        100_000,
                    )
                    for sample in simulation.samples
                ]
            fold = await stack.enter_async_context(
                Billfold(accounts, clock=lambda: NOW, retry=retry)
            )
            return fold, simulation

        yield start
