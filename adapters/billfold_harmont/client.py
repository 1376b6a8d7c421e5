"""What we ask Harmont: balance, ledger and usage of an organization, or of every one the token can see."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

from attrs import frozen

from billfold.adapter import Declaration, Reading, Readings, doubts, side_by_side, together
from billfold.adapter.pagination import Pages
from billfold.errors import NotFoundError
from billfold.http.client import Client, Query
from billfold.http.urls import segment
from billfold.model import Balance, Credential, DailyCost, LedgerEntry, State, Stream, Usage
from billfold.period import Period, utc_text
from billfold_harmont import parse, wire
from billfold_harmont.catalogue import CATALOGUE

_PAGE = ("limit", "100")


@frozen
class Harmont:
    """Hosted CI, billed by the second from a prepaid US dollar ledger.

    ``org`` is the organization's slug; left out, every organization that the token can see.
    """

    provider: ClassVar[str] = parse.PROVIDER
    declares: ClassVar[Declaration] = Declaration(
        title="Harmont",
        base_url="https://api.harmont.dev",
        token_env="HARMONT_TOKEN",
        url_env="HARMONT_API_URL",
        settings_env={"org": "HARMONT_ORG"},
        problem=parse.problem,
        offers={
            Stream.BALANCES: "prepaid USD, may be negative",
            Stream.USAGE: "any window; one charge per job lease",
            Stream.DAILY: "any window",
            Stream.LEDGER: "every entry, newest first",
        },
        catalogue=CATALOGUE,
    )

    org: str | None = None

    async def check(self, client: Client) -> Readings[Credential]:
        """Ask whom the token belongs to, and for the balance where an organization is configured."""
        user = await client.get("/api/v0/user", wire.User)
        if self.org is not None:
            await _balance(client, self.org)
        yield Reading((parse.credential(client.account, user),))

    async def balances(self, client: Client) -> Readings[Balance]:
        """Read every organization's balance; the reply has no time, so it is stamped on arrival."""
        orgs, gaps = await self._orgs(client)
        async for reading in side_by_side(partial(_balance, client, org) for org in orgs):
            yield reading
        for gap in gaps:
            yield gap

    async def usage(self, client: Client, period: Period | None) -> Readings[Usage]:
        """Read leases month by month; a lease belongs wholly to the window its start lies in, so months add up."""
        window = period or Period.month_of(client.now())
        orgs, gaps = await self._orgs(client)
        months = [
            partial(_usage, client, org, period, month)
            for org in orgs
            for month in window.split_months()
        ]
        async for reading in side_by_side(months):
            yield reading
        for gap in gaps:
            yield gap

    async def daily(self, client: Client, period: Period | None) -> Readings[DailyCost]:
        """Read costs per UTC day, month by month."""
        window = period or Period.month_of(client.now())
        orgs, gaps = await self._orgs(client)
        async for reading in side_by_side(
            partial(_daily, client, org, month) for org in orgs for month in window.split_months()
        ):
            yield reading
        for gap in gaps:
            yield gap

    async def ledger(self, client: Client, period: Period | None) -> Readings[LedgerEntry]:
        """Read the ledger from the newest entry to the page that reaches beyond the period."""
        orgs, gaps = await self._orgs(client)
        for org in orgs:
            pages = _transactions(client, org, period)
            async for rows in pages:
                yield Reading(parse.ledger(client.account, org, rows, period), period)
            yield Reading(
                (), period, State.PARTIAL if pages.doubtful else State.COMPLETE, pages.note
            )
        for gap in gaps:
            yield gap

    async def _orgs(self, client: Client) -> tuple[list[str], tuple[Reading[Any], ...]]:
        """List the organizations to ask, and what is doubtful about that list."""
        if self.org is not None:
            return [self.org], ()
        pages = _organizations(client)
        found = [row.slug async for rows in pages for row in rows]
        if not found:
            raise NotFoundError("the token belongs to no organization")
        return found, doubts(pages, "organizations")


def _organizations(client: Client) -> Pages[wire.Organizations, wire.Organization, str]:
    async def fetch(cursor: str | None) -> wire.Organizations:
        return await client.get("/api/v0/organizations", wire.Organizations, _page(cursor))

    return Pages(fetch, lambda page: page.data, lambda row: row.slug, lambda page: page.next_cursor)


def _transactions(
    client: Client, org: str, period: Period | None
) -> Pages[wire.Transactions, wire.Transaction, str]:
    async def fetch(cursor: str | None) -> wire.Transactions:
        return await client.get(
            f"/api/v0/billing/transactions/{segment(org)}", wire.Transactions, _page(cursor)
        )

    def follow(page: wire.Transactions) -> str | None:
        # Entries come newest first and the API has no date filter: a page that reaches beyond the period ends the walk.
        return None if period is not None and parse.older(page.data, period) else page.next_cursor

    return Pages(fetch, lambda page: page.data, lambda row: row.id, follow)


def _page(cursor: str | None) -> Query:
    return (_PAGE,) if cursor is None else (_PAGE, ("cursor", cursor))


def _window(window: Period) -> Query:
    return (("from", utc_text(window.start)), ("to", utc_text(window.end)))


async def _balance(client: Client, org: str) -> Reading[Balance]:
    reply = await client.get(f"/api/v0/billing/balance/{segment(org)}", wire.Balance)
    return Reading((parse.balance(client.account, org, reply, client.now()),))


async def _usage(
    client: Client, org: str, requested: Period | None, window: Period
) -> Reading[Usage]:
    path, query = f"/api/v0/billing/usage/{segment(org)}", _window(window)
    breakdown, summary = await together(
        client.get(f"{path}/breakdown", wire.Breakdown, query),
        client.get(path, wire.Summary, query),
    )
    asked = client.source(f"{path}/breakdown", query)
    usage = parse.usage(client.account, org, requested, window, breakdown, summary, asked)
    return Reading((usage,), window)


async def _daily(client: Client, org: str, window: Period) -> Reading[DailyCost]:
    reply = await client.get(
        f"/api/v0/billing/usage/{segment(org)}/series", wire.Series, _window(window)
    )
    days = parse.daily(client.account, org, reply, window)
    gaps = parse.gaps(days, window)
    detail = f"no costs are given for {', '.join(map(str, gaps))}" if gaps else None
    return Reading(days, window, State.PARTIAL if gaps else State.COMPLETE, detail)
