"""What we ask Aether: the current UTC month of an organization, or of every one the token can reach."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import partial
from typing import Any, ClassVar

from attrs import evolve, field, frozen

from billfold.adapter import Declaration, Reading, Readings, doubts, side_by_side, together
from billfold.adapter.pagination import Pages
from billfold.errors import BillfoldError, ConfigError, DriftError, NotFoundError
from billfold.http.client import Client
from billfold.http.urls import segment
from billfold.model import Credential, DailyCost, PaymentMethod, State, Stream, Subscription, Usage
from billfold.period import Period
from billfold_aether import parse, wire
from billfold_aether import usage as charges
from billfold_aether.catalogue import CATALOGUE

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
# The provider's clock decides which month is current; ours only spares it questions it cannot answer.
_CLOCKS_APART = timedelta(days=2)
_ROLLOVER_TRIES = 3


def _uuid(_: object, __: object, org: str | None) -> None:
    if org is not None and not _UUID.fullmatch(org):
        raise ConfigError(
            f"org: Aether wants the organization's UUID, like 7c1e55a9-04d3-4b8f-9a62-e3b70f18d4c6, not {org!r}; "
            "leave it out for every organization the token reaches"
        )


@frozen
class Aether:
    """Managed Kubernetes, billed after the fact in euros; only the current UTC month can be asked for.

    ``org`` is the organization's UUID; left out, every organization that the token reaches.
    """

    provider: ClassVar[str] = parse.PROVIDER
    declares: ClassVar[Declaration] = Declaration(
        title="Aether",
        base_url="https://api.aetherplatform.cloud",
        token_env="AETHER_TOKEN",
        url_env="AETHER_API_URL",
        settings_env={"org": "AETHER_ORG_ID"},
        requests_per_minute=100,
        problem=parse.problem,
        offers={
            Stream.USAGE: "current month: flat fees, autoscaling by day",
            Stream.DAILY: "current month, autoscaling only",
            Stream.SUBSCRIPTIONS: "flat fees of the current month",
            Stream.PAYMENT_METHODS: "cards",
        },
        catalogue=CATALOGUE,
    )

    org: str | None = field(default=None, validator=_uuid)

    async def check(self, client: Client) -> Readings[Credential]:
        """List the organizations, or read the shortest billing reply of the configured one."""
        orgs, _ = await self._orgs(client)
        if self.org is not None:
            await _spend(client, orgs[0])
        yield Reading((parse.credential(client.account, orgs),))

    async def usage(self, client: Client, period: Period | None) -> Readings[Usage]:
        """Read the month to date; any other period than that very month is unavailable (section 5.1)."""
        if period is not None and period not in _current(client.now()):
            yield _out_of_reach(period)
            return
        orgs, gaps = await self._orgs(client)
        async for reading in side_by_side(partial(_usage, client, org, period) for org in orgs):
            if reading.items or reading.error is None:
                yield evolve(reading, error=None)
            if reading.error is not None:
                yield Reading(state=State.FAILED, error=reading.error)
        for gap in gaps:
            yield gap

    async def daily(self, client: Client, period: Period | None) -> Readings[DailyCost]:
        """Read autoscaling costs per UTC day; of a period, the days of the current month that begin in it."""
        if period is not None and not any(
            period.overlaps(month) for month in _current(client.now())
        ):
            yield _out_of_reach(period)
            return
        orgs, gaps = await self._orgs(client)
        async for reading in side_by_side(partial(_daily, client, org, period) for org in orgs):
            yield reading
        for gap in gaps:
            yield gap

    async def subscriptions(self, client: Client) -> Readings[Subscription]:
        """Read the flat fees of the current month."""
        orgs, gaps = await self._orgs(client)
        async for reading in side_by_side(partial(_subscriptions, client, org) for org in orgs):
            yield reading
        for gap in gaps:
            yield gap

    async def payment_methods(self, client: Client) -> Readings[PaymentMethod]:
        """Read every organization's cards."""
        orgs, gaps = await self._orgs(client)
        async for reading in side_by_side(partial(_payment_methods, client, org) for org in orgs):
            yield reading
        for gap in gaps:
            yield gap

    async def _orgs(
        self, client: Client
    ) -> tuple[tuple[wire.Organization, ...], tuple[Reading[Any], ...]]:
        """List the organizations to ask, and what is doubtful about that list."""
        if self.org is not None:
            return (wire.Organization(self.org),), ()
        pages = _organizations(client)
        found = [row async for rows in pages for row in rows]
        if not found:
            raise NotFoundError("the token reaches no organization")
        return tuple(found), doubts(pages, "organizations")


def _organizations(client: Client) -> Pages[wire.Organizations, wire.Organization, str]:
    async def fetch(cursor: str | None) -> wire.Organizations:
        query = [("limit", "100"), *([] if cursor is None else [("cursor", cursor)])]
        return await client.get("/api/v1/organizations", wire.Organizations, query)

    return Pages(
        fetch,
        lambda page: page.items,
        lambda row: row.id.lower(),
        lambda page: page.next_cursor or None,
    )


def _current(now: datetime) -> set[Period]:
    """Return the months that may be the provider's current one."""
    return {Period.month_of(now - _CLOCKS_APART), Period.month_of(now + _CLOCKS_APART)}


def _out_of_reach(period: Period | None, month: Period | None = None) -> Reading[Any]:
    which = "" if month is None else f", {month}"
    return Reading(
        state=State.UNAVAILABLE,
        detail=f"Aether answers only for its current UTC month{which}, not for {period}",
    )


def _billing(org: wire.Organization, what: str) -> str:
    return f"/api/v1/organizations/{segment(org.id)}/billing/{what}"


async def _bill(client: Client, org: wire.Organization) -> wire.Usage:
    reply = await client.get(_billing(org, "usage"), wire.Usage)
    parse.owned(org, (("$.org_id", reply.org_id), *parse.owners(reply.items)))
    return reply


async def _spend(client: Client, org: wire.Organization) -> parse.Spend:
    return parse.spend(await client.get(_billing(org, "daily-spend"), wire.DailySpend))


async def _spend_or_error(client: Client, org: wire.Organization) -> parse.Spend | BillfoldError:
    try:
        return await _spend(client, org)
    except BillfoldError as error:
        return error


async def _one_month(
    client: Client, org: wire.Organization
) -> tuple[wire.Usage, parse.Spend | None, BillfoldError | None]:
    """Read the bill, and the days it is made of or why not; when the month rolls over in between, both are read again."""
    for _ in range(_ROLLOVER_TRIES):
        bill, spent = await together(_bill(client, org), _spend_or_error(client, org))
        if isinstance(spent, BillfoldError):
            return bill, None, spent
        if spent.month == parse.billed_in(bill):
            return bill, spent, None
    raise DriftError("usage and daily-spend tell of different months, and still do when read again")


async def _usage(client: Client, org: wire.Organization, period: Period | None) -> Reading[Usage]:
    bill, spent, error = await _one_month(client, org)
    month = parse.billed_in(bill)
    if period not in (None, month):
        return _out_of_reach(period, month)
    _, repeats, conflicts = parse.once(bill.items)
    notes = [
        "autoscaling by day could not be read and is what the total has beyond the flat fees"
        if error
        else "",
        f"{repeats} records repeated, counted once" if repeats else "",
        f"{conflicts} records contradict another of the same id, the first was kept"
        if conflicts
        else "",
    ]
    state = State.PARTIAL if error or conflicts else State.COMPLETE
    asked, asked_days = (client.source(_billing(org, what)) for what in ("usage", "daily-spend"))
    usage = charges.usage(client.account, org, period, bill, spent, asked, asked_days)
    return Reading((usage,), month, state, "; ".join(filter(None, notes)) or None, error)


async def _daily(
    client: Client, org: wire.Organization, period: Period | None
) -> Reading[DailyCost]:
    spent = await _spend(client, org)
    window = parse.whole_days(spent.month, period)
    if window is None:
        detail = f"Aether answers only for whole UTC days of its current month, {spent.month}, and none begins in {period}"
        return Reading(state=State.UNAVAILABLE, detail=detail)
    doubtful, notes = parse.doubts(spent, window, client.now())
    state = (
        State.PARTIAL
        if doubtful
        else State.COMPLETE
        if period in (None, window)
        else State.DIFFERENT_WINDOW
    )
    detail = "; ".join(("autoscaling only, flat fees are in usage", *notes))
    return Reading(parse.daily(client.account, org, spent, window), window, state, detail)


async def _subscriptions(client: Client, org: wire.Organization) -> Reading[Subscription]:
    return Reading(charges.subscriptions(client.account, org, await _bill(client, org)))


async def _payment_methods(client: Client, org: wire.Organization) -> Reading[PaymentMethod]:
    reply = await client.get(_billing(org, "payment-methods"), wire.PaymentMethods)
    parse.owned(org, parse.owners(reply.items))
    return Reading(parse.payment_methods(client.account, org, reply))
