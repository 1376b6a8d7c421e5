"""A month's bills come after it, and what corrects or pays them later still: plain syncs find them."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from attrs import define, field

from billfold import Account, Answer, Billfold, History, Invoice, Period, Secret, State, Stream
from billfold.store.catching_up import unfinished
from billfold.store.sync import questions, sync
from billfold_bnerd import Bnerd
from support.mocked import Mocked

ORG = "83e0d7b1-5f42-4c96-9a18-7bd3f60c25e4"
BASE = "https://api.bnerd.cloud"
METERING = f"{BASE}/invoices?organization_id={ORG}"
LEGAL = f"{BASE}/organizations/{ORG}/invoices"
OCTOBER, NOVEMBER, DECEMBER = (Period.month(2026, month) for month in (10, 11, 12))
WHY = "bills, credits, cancellations and payments of a month come after it"
ACCOUNT = Account("cloud", Bnerd(ORG), Secret("token-0123456789"))
BILL = {
    **{"id": 1, "number": "R-1", "type": "INVOICE", "is_draft": False, "due_date": "2026-11-19"},
    **{"document_date": "2026-11-05", "amount": 3570, "amount_net": 3000, "currency": "EUR"},
    "status": "open",
}
CANCELLED = BILL | {"cancel_id": 2}
STORNO = {
    **{"id": 2, "number": "S-2", "type": "STORNO", "is_draft": False, "ref_id": 1},
    **{"document_date": "2026-11-20", "amount": -3570, "amount_net": -3000, "currency": "EUR"},
}


def day(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}T06:00:00+00:00")


@define
class Cron:
    """A plain ``billfold sync`` of invoices on some days, of what is listed then."""

    mocked: Mocked
    folder: Path
    metering: list[dict[str, Any]] = field(factory=list)
    legal: list[dict[str, Any]] = field(factory=list)

    async def sync(self, *days: str) -> list[Period]:
        """Sync on each day; return which months the last one asked for that were over."""
        self._list()
        again = []
        for now in map(day, days):
            clock = partial(datetime.fromtimestamp, now.timestamp(), UTC)
            async with (
                Billfold([ACCOUNT], clock=clock) as fold,
                History(self.folder) as history,
            ):
                again = unfinished(history.book, [ACCOUNT], (Stream.INVOICES,), now)
                wanted = [*questions([ACCOUNT], None, (Stream.INVOICES,), now), *again]
                async for outcome in sync(fold, history.book, wanted, clock=clock):
                    assert outcome.reading.is_whole
        return [each.period for each in again if each.period is not None]

    def _list(self) -> None:
        self.mocked.clear()
        self.mocked.get(METERING, payload=self.metering, repeat=True)
        self.mocked.get(LEGAL, payload=self.legal, repeat=True)
        for row in self.metering:
            self.mocked.get(f"{BASE}/invoices/{row['id']}", payload=row, repeat=True)

    async def kept(self, at: str, month: Period = OCTOBER) -> Answer[Invoice]:
        async with History(self.folder, clock=lambda: day(at)) as history:
            return await history.invoices(month)


@pytest.fixture
def cron(mocked: Mocked, tmp_path: Path) -> Cron:
    return Cron(mocked, tmp_path)


def totals(answer: Answer[Invoice]) -> dict[str, dict[str, str]]:
    return {
        str(kind): {currency: str(money) for currency, money in each.items()}
        for kind, each in answer.totals().items()
    }


async def statuses(cron: Cron, at: str) -> list[str | None]:
    return [bill.status for bill in await cron.kept(at)]


async def test_bills_that_come_days_after_their_month_are_kept_by_a_plain_sync(cron: Cron) -> None:
    """30.00 metered, 35.70 with the tax of 19 %, both listed from 5 November on."""
    assert await cron.sync("2026-10-20", "2026-10-31") == []
    assert await cron.sync("2026-11-01", "2026-11-02") == [OCTOBER]
    early = await cron.kept("2026-11-04")
    assert [(row.state, row.detail) for row in early.coverage] == [
        (
            State.COMPLETE,
            f"read at 2026-11-02T06:00:00Z: not final from 2026-09-03 on: {WHY}",
        )
    ]
    assert [*early] == []
    cron.legal = [BILL]
    cron.metering = [
        {"id": "7aacb6d3-3ed6-5396-9ac6-2cdfacbbfdce", "organization_id": ORG}
        | {"period": "2026-10", "total": {"cents": 3000, "currency_iso": "EUR"}, "items": []}
    ]
    assert await cron.sync("2026-11-05") == [OCTOBER]
    expected = {"metering": {"EUR": "30.00 EUR"}, "legal": {"EUR": "35.70 EUR"}}
    assert totals(await cron.kept("2026-11-05")) == expected
    assert await cron.sync("2026-11-06", "2026-12-01") == [OCTOBER, NOVEMBER]
    assert totals(await cron.kept("2026-12-01")) == expected
    assert [*await cron.kept("2026-12-01", NOVEMBER)] == []


async def test_a_cancellation_of_the_month_after_makes_a_kept_month_nothing(cron: Cron) -> None:
    """35.70 of 5 November less 35.70 of 20 November: both bill October."""
    await cron.sync("2026-10-31", "2026-11-01")
    cron.legal = [BILL]
    await cron.sync("2026-11-06")
    assert totals(await cron.kept("2026-11-19")) == {"legal": {"EUR": "35.70 EUR"}}
    cron.legal = [STORNO, CANCELLED]
    await cron.sync("2026-11-21")
    assert totals(await cron.kept("2026-11-21")) == {"legal": {"EUR": "0.00 EUR"}}
    await cron.sync("2026-12-01")
    assert totals(await cron.kept("2026-12-01")) == {"legal": {"EUR": "0.00 EUR"}}


async def test_a_payment_of_the_month_after_is_kept(cron: Cron) -> None:
    await cron.sync("2026-10-31", "2026-11-01")
    cron.legal = [BILL]
    await cron.sync("2026-11-06")
    assert await statuses(cron, "2026-11-06") == ["open"]
    cron.legal = [BILL | {"status": "paid", "paid_at": "2026-11-11"}]
    await cron.sync("2026-11-11")
    assert await statuses(cron, "2026-11-11") == ["paid"]
    assert totals(await cron.kept("2026-11-11")) == {"legal": {"EUR": "35.70 EUR"}}


async def test_sixty_days_after_its_end_a_month_is_final_and_not_asked_for_any_more(
    cron: Cron,
) -> None:
    """October is: on 31 December, by a reading of that day."""
    cron.legal = [BILL]
    await cron.sync("2026-10-31", "2026-11-01")
    assert await cron.sync("2026-12-30") == [OCTOBER, NOVEMBER]
    (row,) = (await cron.kept("2026-12-30")).coverage
    assert row.detail == f"read at 2026-12-30T06:00:00Z: not final from 2026-10-31 on: {WHY}"
    assert await cron.sync("2026-12-31") == [OCTOBER, NOVEMBER]
    (row,) = (await cron.kept("2026-12-31")).coverage
    assert (row.state, row.detail) == (State.COMPLETE, None)
    assert await cron.sync("2027-01-15") == [NOVEMBER, DECEMBER]
    assert totals(await cron.kept("2027-01-15")) == {"legal": {"EUR": "35.70 EUR"}}


async def test_who_syncs_once_a_month_asks_until_it_is_final_too(cron: Cron) -> None:
    """A payment in December is found by the sync of 1 January, which is the last that asks."""
    cron.legal = [BILL]
    assert await cron.sync("2026-10-01", "2026-11-01") == [OCTOBER]
    assert await cron.sync("2026-12-01") == [OCTOBER, NOVEMBER]
    cron.legal = [BILL | {"status": "paid", "paid_at": "2026-12-20"}]
    assert await cron.sync("2027-01-01") == [OCTOBER, NOVEMBER, DECEMBER]
    assert await statuses(cron, "2027-01-01") == ["paid"]
    assert OCTOBER not in await cron.sync("2027-02-01")
