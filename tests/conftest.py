"""Fixtures for everything."""

import gc
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from billfold import Account, Billfold, RetryPolicy, Secret
from billfold.adapter import find
from support.mocked import Mocked
from support.world import NOW, served, simulating

pytest_plugins = ["billfold.testing.plugin"]

# A busy machine is no failure, and the same examples every time make a failure everybody's.
settings.register_profile(
    "billfold", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("reliability", settings.get_profile("billfold"), max_examples=400)
settings.load_profile("billfold")

# A shell that starts the tests in the background has them ignore Ctrl-C, which some of them send
# and wait for.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Thousands of tests that are collected are no garbage: nothing looks for it among them, neither
# while they become more nor in any pass later.
gc.disable()

# No test goes by the width of the terminal of whoever runs them.
os.environ.pop("COLUMNS", None)

# No test reads the exchange rates that whoever runs them has fetched.
os.environ["BILLFOLD_CACHE"] = os.devnull

TOKEN = "token-that-tests-send-0123456789"
QUICK = RetryPolicy(backoff=0.001, backoff_max=0.002, patience=5)


def pytest_collection_finish() -> None:
    """Look for garbage from now on, among what tests make."""
    gc.freeze()
    gc.enable()


@pytest.fixture
def mocked() -> Iterator[Mocked]:
    """Canned replies instead of the network.

    ``http://127.0.0.1`` still reaches real local servers.
    """
    with Mocked(passthrough=["http://127.0.0.1"]) as canned:
        yield canned


@pytest.fixture
def fold_of() -> Callable[..., Billfold]:
    """Make a Billfold of one account.

    ``async with fold_of("harmont", org="acme") as fold``. Retries do not dawdle.
    """

    def make(
        provider: str, base_url: str | None = None, name: str = "acct", **settings: Any
    ) -> Billfold:
        account = Account(
            name, find(provider)(**settings), Secret(TOKEN), base_url, requests_per_minute=100_000
        )
        return Billfold([account], clock=lambda: NOW, retry=QUICK)

    return make


@pytest.fixture
async def simulated() -> AsyncIterator[Callable[..., Any]]:
    """Serve simulators as of NOW.

    ``fold, simulation = await simulated("harmont")``; the fold has their sample accounts.
    """
    async with simulating() as start:
        yield start


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Serve every simulator as of NOW to commands, and give the billfold.toml that reaches them."""
    with served(NOW, tmp_path_factory.mktemp("world")) as config:
        yield config
