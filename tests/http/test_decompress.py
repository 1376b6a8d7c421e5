"""Compressed replies are read like any other, and a bomb goes off harmlessly.

All against a real local server.
"""

import asyncio
import gzip
import tracemalloc
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal

import pytest
from aiohttp import web
from attrs import frozen
from msgspec import Struct

from billfold import Account, Balance, BalanceKind, DriftError, Money, ProviderError, Secret
from billfold.adapter import Declaration, Reading
from billfold.facade.billfold import Billfold
from billfold.http.client import Client
from billfold.simulators.faults.connections import bomb
from billfold.wire import Problem
from support import lines

BODY = b'{"amount": 12.50}'


class Row(Struct, frozen=True):
    amount: Decimal


@frozen
class Toy:
    """Reads one amount as its only balance."""

    provider = "toy"
    declares = Declaration(
        "Toy",
        "https://toy.example",
        "TOY",
        "TOY_URL",
        problem=lambda body: Problem(message=body.decode()),
    )

    async def balances(self, client: Client):
        row = await client.get("/", Row)
        yield Reading(
            (Balance(Money(row.amount, "EUR"), BalanceKind.PREPAID, "toy", client.now()),)
        )


@asynccontextmanager
async def answering(
    body: bytes, coding: str, status: int = 200
) -> AsyncIterator[tuple[Billfold, list[web.Request]]]:
    """Give a Billfold whose one provider answers this."""
    seen: list[web.Request] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        seen.append(request)
        if coding == "bomb":
            return await bomb(request, answer)
        return web.Response(
            body=body,
            status=status,
            headers={"Content-Encoding": coding, "Content-Type": "application/json"},
        )

    async with (
        lines.answering(answer) as url,
        Billfold([Account("toy", Toy(), Secret("a-token"), url)]) as fold,
    ):
        yield fold, seen


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(BODY)),
        ("GZIP ", gzip.compress(BODY)),
        ("gzip", gzip.compress(BODY[:7]) + gzip.compress(BODY[7:])),
        ("x-gzip", gzip.compress(BODY)),
        ("deflate", zlib.compress(BODY)),
        ("identity, gzip", gzip.compress(BODY)),
        ("identity", BODY),
        ("", BODY),
        ("utf-8", BODY),
        ("UTF8", BODY),
        ("iso-8859-1", BODY),
        ("binary", BODY),
        ("utf-8", b"\xef\xbb\xbf" + BODY),
        ("gzip", gzip.compress(b"\xef\xbb\xbf" + BODY)),
    ],
)
async def test_a_reply_is_read_exactly_however_it_is_encoded(coding: str, packed: bytes) -> None:
    async with answering(packed, coding) as (fold, seen):
        answer = await fold.balances()
    assert [str(balance.amount.amount) for balance in answer] == ["12.50"]
    assert [request.headers["Accept-Encoding"] for request in seen] == ["gzip, deflate"]


@pytest.mark.parametrize(
    ("coding", "packed", "message"),
    [
        ("br", b"\x0b\x02\x80", "compressed as 'br', which was not accepted"),
        ("gzip, br", BODY, "compressed as 'gzip, br', which was not accepted"),
        ("zstd", BODY, "compressed as 'zstd', which was not accepted"),
        ("gzip", BODY, "not compressed as it claims"),
        ("gzip", gzip.compress(BODY)[:-12], "ends in the middle of its compression"),
        ("gzip", gzip.compress(BODY)[:-1], "ends in the middle of its compression"),
        (
            "gzip",
            gzip.compress(BODY) + gzip.compress(BODY)[:5],
            "ends in the middle of its compression",
        ),
        ("deflate", zlib.compress(BODY)[:-1], "ends in the middle of its compression"),
        ("gzip", b"", "is empty"),
    ],
)
async def test_what_cannot_be_unpacked_is_drift_and_asked_once(
    coding: str, packed: bytes, message: str
) -> None:
    async with answering(packed, coding) as (fold, seen):
        answer = await fold.balances()
    (failure,) = answer.failures
    assert isinstance(failure, DriftError)
    assert message in failure.message
    assert (failure.provider, failure.account) == ("toy", "toy")
    assert len(seen) == 1


async def test_an_error_after_a_byte_order_mark_is_read() -> None:
    async with answering(b"\xef\xbb\xbfno such plan", "", status=403) as (fold, _):
        answer = await fold.balances()
    assert answer.failures[0].message.startswith("403 no such plan")


async def test_an_error_that_cannot_be_unpacked_still_has_its_status() -> None:
    async with answering(b"no gzip", "gzip", status=403) as (fold, _):
        answer = await fold.balances()
    (failure,) = answer.failures
    assert isinstance(failure, ProviderError)
    assert failure.status == 403


async def test_a_megabyte_that_unpacks_to_a_gigabyte_takes_little_memory_and_lets_others_work() -> (
    None
):
    turns = 0

    async def turn() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    async with answering(b"", "bomb") as (fold, _):
        turning = asyncio.create_task(turn())
        tracemalloc.start()
        answer = await fold.balances()
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        turning.cancel()
    assert "unpacks to over 100 times its size" in answer.failures[0].message
    assert peak < 50 * 1024 * 1024
    assert turns > 10
