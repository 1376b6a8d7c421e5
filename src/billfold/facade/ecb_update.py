"""Fetching the ECB's reference rates: only where somebody asks for it, by the one transport."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import aiohttp
from yarl import URL

from billfold.accounts.account import HeldToken
from billfold.costs.ecb_cache import VARIABLE, cache_file, keep
from billfold.costs.ecb_file import read_ecb_file
from billfold.costs.ecb_rates import PUBLISHER, known_days
from billfold.costs.rate_table import RateTable
from billfold.errors import ConfigError, DriftError, ProviderError
from billfold.http.auth import Unsigned
from billfold.http.client import Client
from billfold.http.deadline import Deadline, DeadlineLike
from billfold.http.exchange import Exchange
from billfold.http.login import Login
from billfold.http.proxies import chosen_proxy, require_proxy
from billfold.http.retry import RetryPolicy
from billfold.http.transport import Transport, utc_now
from billfold.http.urls import parse_base_url
from billfold.leaving import alone
from billfold.secret import Secret
from billfold.wire import Problem

# https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates
ECB_URL = f"https://{PUBLISHER}/stats/eurofxref"
_FILE = "/eurofxref-hist.zip"
_ACCEPT = "application/zip, application/octet-stream, */*;q=0.1"
_OUTCOME = "the exchange rates were not fetched, and those at hand stay"
_REFUSED = (401, 403)


async def update_rates(
    *,
    base_url: str = ECB_URL,
    session: aiohttp.ClientSession | None = None,
    proxy: str | None = None,
    deadline: DeadlineLike = None,
    retry: RetryPolicy | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> RateTable:
    """Fetch the ECB's reference rates, keep them in the user's cache, and return their table.

    ``base_url`` is that of the folder which has ``eurofxref-hist.zip``, of a mirror for example;
    ``deadline`` is in seconds. What was kept before stays after any error: ConfigError for an
    address, a proxy or a cache that cannot be used, ProviderError where nothing came, DriftError
    for what is no such file, ends in the future or lacks days that were known before.
    """
    path = cache_file()
    if path is None:
        raise ConfigError(
            f"there is no folder to keep exchange rates in: name one by ${VARIABLE}, "
            "or install the extra cli"
        )
    url = parse_base_url(base_url)
    if proxy is not None:
        require_proxy(proxy, "proxy")
    options = {"policy": retry or RetryPolicy(), "clock": clock}
    async with Transport.over(session, concurrency=1, **options) as transport:
        client = _client(transport, url, proxy).within(Deadline.after(deadline))
        try:
            content = await client.get_bytes(_FILE, _ACCEPT)
        except ProviderError as error:
            failure = _not_fetched(error)
        else:
            # In a thread: to look at three hundred thousand rates takes half a second.
            return await asyncio.to_thread(_kept, content, path, url, clock())
    raise failure


def _client(transport: Transport, url: URL, proxy: str | None) -> Client:
    nobody = HeldToken(Secret("no-token"))
    return Client(
        Exchange(
            transport=transport,
            provider="ecb",
            account="ECB",
            base_url=url,
            login=Login(source=nobody, origin=url.origin(), auth=Unsigned()),
            problem=lambda _: Problem(),
            proxy=chosen_proxy(proxy, url, owned=transport.owned),
        )
    )


def _kept(content: bytes, path: Path, url: URL, now: datetime) -> RateTable:
    """Keep what was fetched, if it is what it should be. Raises DriftError."""
    try:
        file = read_ecb_file(content)
        file.require_all(known_days())
        if file.newest_day > now.date():
            raise ValueError(f"it ends on {file.newest_day}, which lies ahead")
        return keep(path, content, f"{url}{_FILE}", now)
    except ValueError as error:
        reason = f"{url.host}: the reply is not the ECB's file of rates: {error}"
    raise DriftError(f"{_OUTCOME}: {reason}", provider="ecb", account="ECB")


def _not_fetched(error: ProviderError) -> ProviderError:
    if error.status in _REFUSED:  # no token would help
        error.reword(f"{error.status} the server does not give the file to everybody")
    return alone(error.introduced(_OUTCOME))
