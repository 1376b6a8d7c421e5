"""What is read from Harmont: balance, ledger and usage of one organization, or of all."""

from functools import partial
from operator import itemgetter
from typing import ClassVar

from attrs import frozen

from billfold.adapter import (
    BillfoldError,
    Client,
    Declaration,
    Pages,
    Parts,
    Query,
    Reading,
    Readings,
    State,
    Stream,
    all_parts,
    cursor_pages,
    segment,
    together,
)
from billfold.model import Balance, Credential, DailyCost, LedgerEntry, Usage
from billfold.period import Period, utc_text
from billfold_harmont import parse, usage, wire
from billfold_harmont.catalogue import CATALOGUE


@frozen
class Harmont:
    """Hosted CI, billed by the second from a prepaid US dollar ledger.

    ``org`` is the organization's slug; without it, every organization that the token sees is read.
    """

    provider: ClassVar[str] = "harmont"
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
        """Read whom the token belongs to, and the balance of the configured organization."""
        user = await client.get("/api/v0/user", wire.User)
        if self.org is not None:
            await _balance(client, self.org)
        yield Reading((parse.credential(user),))

    async def balances(self, client: Client) -> Readings[Balance]:
        """Read every organization's balance, as of the time of the reply (section 3.1)."""
        orgs = await self._organizations(client)
        async for reading in orgs.read(partial(_balance, client)):
            yield reading

    async def usage(self, client: Client, period: Period | None) -> Readings[Usage]:
        """Read leases month by month; each belongs wholly to that of its start (section 3.3)."""
        months = await self._months(client, period)
        async for reading in months.read(partial(_usage, client, period), itemgetter(0)):
            yield reading

    async def daily(self, client: Client, period: Period | None) -> Readings[DailyCost]:
        """Read the costs of each UTC day, month by month."""
        months = await self._months(client, period)
        async for reading in months.read(partial(_daily, client), itemgetter(0)):
            yield reading

    async def ledger(self, client: Client, period: Period | None) -> Readings[LedgerEntry]:
        """Read each ledger page by page, from its newest entry to the period's start."""
        orgs = await self._organizations(client)
        for org in orgs.items:
            pages = _transactions(client, org, period)
            try:
                async for rows in pages:
                    yield Reading(parse.ledger_entries(org, rows, period), period, part=org)
            except BillfoldError as error:
                yield Reading(state=State.FAILED, error=error, part=org)
            else:
                state = State.PARTIAL if pages.doubtful else State.COMPLETE
                yield Reading((), period, state, pages.note, part=org)
        if orgs.error is not None:
            yield Reading(state=State.FAILED, error=orgs.error)

    async def _organizations(self, client: Client) -> Parts[str]:
        if self.org is not None:
            return Parts((self.org,))
        pages = cursor_pages(
            client,
            "/api/v0/organizations",
            wire.Organizations,
            rows=lambda page: page.data,
            row_id=lambda row: row.slug,
            next_cursor=lambda page: page.next_cursor,
            query=(("limit", "100"),),  # the largest page
        )
        orgs = await all_parts(pages, "organizations")
        return Parts(tuple(org.slug for org in orgs.items), orgs.error)

    async def _months(self, client: Client, period: Period | None) -> Parts[tuple[str, Period]]:
        orgs = await self._organizations(client)
        months = (period or Period.month_of(client.now())).split_months()
        return Parts(tuple((org, month) for org in orgs.items for month in months), orgs.error)


def _transactions(
    client: Client, org: str, period: Period | None
) -> Pages[wire.Transactions, wire.Transaction, str]:
    return cursor_pages(
        client,
        f"/api/v0/billing/transactions/{segment(org)}",
        wire.Transactions,
        rows=lambda page: page.data,
        row_id=lambda row: row.id,
        next_cursor=lambda page: page.next_cursor,
        query=(("limit", "100"),),
        # The ledger cannot be asked for a window, but it comes newest first.
        enough=lambda page: period is not None and parse.reaches_before(page.data, period),
    )


def _window_query(window: Period) -> Query:
    return (("from", utc_text(window.start)), ("to", utc_text(window.end)))


async def _balance(client: Client, org: str) -> Reading[Balance]:
    reply = await client.get(f"/api/v0/billing/balance/{segment(org)}", wire.Balance)
    return Reading((parse.balance(org, reply, client.now()),))


async def _usage(
    client: Client, requested: Period | None, month: tuple[str, Period]
) -> Reading[Usage]:
    org, window = month
    query, path = _window_query(window), f"/api/v0/billing/usage/{segment(org)}"
    breakdown, summary = await together(
        client.get(f"{path}/breakdown", wire.Breakdown, query),
        client.get(path, wire.Summary, query),
    )
    request = client.source(f"{path}/breakdown", query)
    used = usage.usage(org, requested, window, breakdown, summary, request)
    return Reading((used,), window)


async def _daily(client: Client, month: tuple[str, Period]) -> Reading[DailyCost]:
    org, window = month
    path = f"/api/v0/billing/usage/{segment(org)}/series"
    series = await client.get(path, wire.Series, _window_query(window))
    days = parse.daily_costs(org, series, window)
    missing = parse.missing_days(days, window)
    if not missing:
        return Reading(days, window)
    detail = f"no costs are given for {', '.join(map(str, missing))}"
    return Reading(days, window, State.PARTIAL, detail)
