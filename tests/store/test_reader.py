"""Accounts that are read at the same time are read by few queries, and each gets its own."""

import asyncio
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pytest
from attrs import define

from billfold import Billfold, Money, Stream
from billfold.errors import StoreError
from billfold.store.book import Book
from billfold.store.booking import book
from billfold.store.reader import Reader
from billfold.store.stored_accounts import stored_accounts
from store.world import OCTOBER
from store.writer import BEGAN, reading

NAMES = [f"account-{number}" for number in range(130)]


@define
class Counting:
    """A book that counts what it is asked, and that cannot be read while it ``fails``."""

    book: Book
    queries: int = 0
    fails: bool = False

    def query(self, *arguments: str) -> Any:
        """Ask the book."""
        self.queries += 1
        if self.fails:
            raise StoreError("the store is gone")
        return self.book.query(*arguments)

    def require(self, name: str) -> None:
        """Ask the book."""
        self.book.require(name)

    def rows(self, *arguments: str) -> Any:
        """Ask the book for rows."""
        answer = self.query(*arguments)
        return [] if answer is None else answer.to_pylist()


@pytest.fixture
def counting(tmp_path: Path) -> Counting:
    """Return a store of many accounts, account number n with n lines of two euros."""
    store = Book(str(tmp_path / "store"))
    readings = [reading(name, number % 3) for number, name in enumerate(NAMES)]
    book(store, readings, "first", lambda: BEGAN)
    return Counting(store)


async def test_many_accounts_are_read_by_few_queries(counting: Counting) -> None:
    reader = Reader(cast(Book, counting))
    found = await asyncio.gather(*(reader.read(name, Stream.USAGE, OCTOBER) for name in NAMES))
    # The first account alone, then a hundred of those that waited meanwhile, and the rest; two queries each.
    assert counting.queries == 6
    assert [each.rows and each.rows.num_rows for each in found] == [
        3 + 2 * (number % 3) for number, _ in enumerate(NAMES)
    ]


async def test_many_accounts_have_each_its_own(counting: Counting) -> None:
    later = BEGAN + timedelta(days=1)
    accounts = stored_accounts(cast(Book, counting), clock=lambda: later)
    async with Billfold(accounts, clock=lambda: later) as fold:
        answer = await fold.usage(OCTOBER)
    assert answer.complete
    # Line n of each kind: 1 euro of "new", and as many of "restated" as the reading's number.
    costs = {0: 1, 1: 2 + 2 * 1, 2: 3 + 3 * 2}
    assert {usage.account: usage.totals() for usage in answer} == {
        name: {"EUR": Money(Decimal(costs[number % 3]), "EUR")} for number, name in enumerate(NAMES)
    }


async def test_a_store_that_cannot_be_read_fails_each_account_and_is_read_again(
    counting: Counting,
) -> None:
    reader = Reader(cast(Book, counting))
    counting.fails = True
    asked = (reader.read(name, Stream.USAGE, OCTOBER) for name in NAMES[:3])
    errors = await asyncio.gather(*asked, return_exceptions=True)
    assert [str(error) for error in errors] == ["the store is gone"] * 3
    counting.fails = False
    found = await reader.read(NAMES[1], Stream.USAGE, OCTOBER)
    assert found.rows is not None
    assert found.rows.num_rows == 1 + 2 * 2


async def test_who_is_cancelled_while_waiting_takes_nothing_from_the_others(
    counting: Counting,
) -> None:
    reader = Reader(cast(Book, counting))
    first, second, third = (
        asyncio.create_task(reader.read(name, Stream.USAGE, OCTOBER)) for name in NAMES[:3]
    )
    await asyncio.sleep(0)
    second.cancel()
    found = [await task for task in (first, third)]
    assert [each.rows and each.rows.num_rows for each in found] == [1 + 2, 1 + 6]
    with pytest.raises(asyncio.CancelledError):
        await second
