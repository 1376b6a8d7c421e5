"""A server that ends leaves no connection behind."""

from __future__ import annotations

import asyncio
import gc
import socket
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from billfold.simulators.serving import installed_simulators, serving

NOW = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.mark.parametrize("turns", range(5))
async def test_a_connection_that_comes_in_while_the_server_ends_is_closed(turns: int) -> None:
    async with serving(installed_simulators()["harmont"](NOW)) as url:
        port = urlsplit(url).port
        client = socket.create_connection(("127.0.0.1", port))
        for _ in range(turns):  # in which the loop accepts it, or has begun to
            await asyncio.sleep(0)
    with client:
        assert open_connections(port) == []


def open_connections(port: int | None) -> list[asyncio.Transport]:
    return [
        each
        for each in gc.get_objects()
        if isinstance(each, asyncio.Transport)
        and not each.is_closing()
        and (each.get_extra_info("sockname") or ("", 0))[1] == port
    ]
