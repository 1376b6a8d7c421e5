"""What is read from Harmont: balance, ledger and usage of one organization, or of all."""

from collections import deque
from collections.abc import Sequence
from contextlib import aclosing
from functools import partial
from operator import attrgetter
from typing import ClassVar

from attrs import field, frozen
from msgspec.structs import replace

from billfold.adapter import (
    BillfoldError,
    Client,
    ConfigError,
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
    in_turns,
    segment,
    together,
)
from billfold.model import Balance, Charge, Credential, DailyCost, LedgerEntry, Usage
from billfold.money import Money
from billfold.period import Period, utc_text
from billfold.wire import in_slices, listed, one_case, taken
from billfold_harmont import parse, totals, usage, wire
from billfold_harmont.catalogue import CATALOGUE
from billfold_harmont.doubled import SHARED, Doubled, Odd
from billfold_harmont.elsewhere import Elsewhere
from billfold_harmont.halves import in_halves, in_one
from billfold_harmont.months import LATE_DATA, by_month
from billfold_harmont.outside import Outside
from billfold_harmont.repositories import Repositories, RepositoriesOnce


def _check_slug(_: object, __: object, org: str | None) -> None:
    if org is not None and not org.strip():
        raise ConfigError(f"org is an organization's slug, not {org!r}; leave it out for every one")


@frozen
class Harmont:
    """Hosted CI, billed by the second from a prepaid US dollar ledger.

    ``org`` is the organization's slug; without it, every organization that the token sees is read.
    ``repositories`` tags each charge with the repository of its pipeline, for one more list an
    organization.
    """

    provider: ClassVar[str] = "harmont"
    declares: ClassVar[Declaration] = Declaration(
        title="Harmont",
        base_url="https://api.harmont.dev",
        token_env="HARMONT_TOKEN",
        url_env="HARMONT_API_URL",
        settings_env={"org": "HARMONT_ORG"},
        reach=lambda adapter: None if adapter.org is None else (adapter.org,),
        # The ledger has an entry when it is made, whatever the job's start.
        late_data={Stream.USAGE: LATE_DATA, Stream.DAILY: LATE_DATA},
        problem=parse.problem,
        offers={
            Stream.BALANCES: "prepaid USD, may be negative",
            Stream.USAGE: "any window; one charge per job lease",
            Stream.DAILY: "any window",
            Stream.LEDGER: "every entry, newest first",
        },
        catalogue=CATALOGUE,
    )

    org: str | None = field(default=None, validator=_check_slug)
    repositories: bool = False

    async def check(self, client: Client) -> Readings[Credential]:
        """Read whom the token belongs to, and the balance of the configured organization."""
        user = await client.get("/api/v0/user", wire.User)
        if self.org is not None:
            try:
                await _balance(client, self.org)
            except BillfoldError as error:
                raise error.of_part(self.org) from error.__cause__
        yield Reading((parse.credential(user),))

    async def balances(self, client: Client) -> Readings[Balance]:
        """Read every organization's balance, as of the time of the reply (section 3.1)."""
        orgs = await self._organizations(client)
        async with aclosing(orgs.read(partial(_balance, client))) as readings:
            async for reading in readings:
                yield reading

    async def usage(self, client: Client, period: Period | None) -> Readings[Usage]:
        """Read leases month by month; each belongs wholly to that of its start (section 3.3).

        A month whose reply is too large to be read at once is read in halves, down to a day.
        """
        orgs = await self._organizations(client)
        months = _months(client, period)
        odd = Odd(len(orgs.items), len(months))
        repositories = RepositoriesOnce(client) if self.repositories else None

        read = partial(_usage, client, period, odd, repositories)
        read_months = by_month(orgs, months, partial(in_halves, read, odd.halve), client.now)
        async with aclosing(read_months) as readings:
            async for reading in readings:
                yield reading
        for reading in odd.readings():
            yield reading

    async def daily(self, client: Client, period: Period | None) -> Readings[DailyCost]:
        """Read the costs of each UTC day, month by month."""
        orgs = await self._organizations(client)
        months = _months(client, period)
        outside, elsewhere = Outside("days"), Elsewhere("days", len(months))
        read = partial(in_one, partial(_daily, client, outside, elsewhere))
        async with aclosing(by_month(orgs, months, read, client.now)) as readings:
            async for reading in readings:
                yield reading
        for reading in (*outside.readings(), *elsewhere.readings()):
            yield reading

    async def ledger(self, client: Client, period: Period | None) -> Readings[LedgerEntry]:
        """Read each ledger page by page, from its newest entry to the period's start."""
        orgs, shared = await self._organizations(client), Doubled(SHARED)
        async with aclosing(orgs.stream(partial(_ledger, client, period))) as readings:
            async for reading in readings:
                if len(orgs.items) > 1 and reading.part is not None:
                    shared.add(
                        (f"entry {one_case(entry.id)}" for entry in reading.items), reading.part
                    )
                yield reading
        for reading in shared.readings():
            yield reading

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
        if orgs.note is not None:
            client.remarks.note(orgs.note, gap=False)
        return Parts(tuple(org.slug for org in orgs.items if org.slug), orgs.error)


def _months(client: Client, period: Period | None) -> tuple[Period, ...]:
    now = client.now()
    return (period or Period.month_of(now)).months_begun(now)


async def _ledger(client: Client, period: Period | None, org: str) -> Readings[LedgerEntry]:
    pages = _transactions(client, org, period)
    odd: list[str] = []
    async for rows in pages:
        odd += parse.not_posted(rows, period)
        yield Reading(parse.ledger_entries(org, rows, period), period)
    state = State.PARTIAL if pages.doubtful or odd else State.COMPLETE
    doubt = f"may not have moved the balance, counted all the same: {listed(odd)}" if odd else None
    yield Reading((), period, state, "; ".join(filter(None, (pages.note, doubt))) or None)


def _transactions(
    client: Client, org: str, period: Period | None
) -> Pages[wire.Transactions, wire.Transaction, str]:
    return cursor_pages(
        client,
        f"/api/v0/billing/transactions/{segment(org)}",
        wire.Transactions,
        rows=attrgetter("data"),
        row_id=attrgetter("id"),  # without a call of ours for each
        next_cursor=attrgetter("next_cursor"),
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
    client: Client,
    requested: Period | None,
    odd: Odd,
    repositories: RepositoriesOnce | None,
    org: str,
    window: Period,
) -> Reading[Usage]:
    query, path = _window_query(window), f"/api/v0/billing/usage/{segment(org)}"
    breakdown, (recomputed, error) = await together(
        client.get(f"{path}/breakdown", wire.Breakdown, query),
        _recomputed_or_error(client, path, query),
    )
    request = client.source(f"{path}/breakdown", query)
    builds = await in_turns(parse.builds.steps(breakdown))
    rows, builds = deque(builds.rows), replace(builds, rows=())
    del breakdown  # so that each build is let go of as it was read
    named = Repositories() if repositories is None else await repositories.of(org)
    doubts, odd_builds = totals.Doubts(window), odd.of(window)

    def read(some: Sequence[tuple[int, wire.Build]]) -> list[Charge]:
        charges = usage.charges_of(org, named.by_pipeline, window, request, some)
        doubts.add(some)
        odd_builds.add(some)
        return charges

    charges = await in_turns(in_slices(taken(rows), read, weigh=parse.leases_in))
    used = await in_turns(
        usage.usage.steps(org, requested, window, doubts.across, charges, recomputed)
    )
    outside = totals.outside(doubts.across, window)
    await in_turns(odd.adding(org, odd_builds, outside, charges))
    gaps = doubts.gaps(builds.stated)
    if outside and (doubt := doubts.another_window(client.now())):
        gaps.append(doubt)
    if outside and recomputed is not None and used.stated_total is not None:
        gaps += totals.unlike(recomputed, used.stated_total, [cost for _, cost in outside])
    if named.error is not None:
        gaps.append(f"charges lack their repository: {named.error.message}")
    state = State.PARTIAL if builds.doubtful or gaps else State.COMPLETE
    detail = "; ".join([*builds.notes, *gaps]) or None
    note = None if error is None else f"the summary could not be read: {error.message}"
    return Reading((used,), window, state, detail, note=note)


async def _recomputed_or_error(
    client: Client, path: str, query: Query
) -> tuple[Money | None, BillfoldError | None]:
    """Return the summary's total, which is a mere check, or why there is none."""
    try:
        return usage.summary_total(await client.get(path, wire.Summary, query)), None
    except BillfoldError as error:
        return None, error


async def _daily(
    client: Client, outside: Outside, elsewhere: Elsewhere, org: str, window: Period
) -> Reading[DailyCost]:
    path = f"/api/v0/billing/usage/{segment(org)}/series"
    series = await client.get(path, wire.Series, _window_query(window))
    days = parse.daily_costs(org, series, window)
    missing = parse.missing_days(days, window, client.now())
    notes = [f"no costs are given for {listed(missing)}"] if missing else []
    if negative := [day.date for day in days if day.cost.amount < 0]:
        notes.append(f"below zero, as no cost is: {listed(negative)}")
    outside.add(org, window, parse.costs_outside(series, window))
    elsewhere.add(org, window, *parse.days_over(series, window, client.now()))
    if repeated := parse.repeated_days(series, window):
        notes.append(f"given twice, counted once: {listed(repeated)}")
    state = State.PARTIAL if notes else State.COMPLETE
    return Reading(days, window, state, "; ".join(notes) or None)
