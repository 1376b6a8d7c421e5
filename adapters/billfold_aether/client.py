"""What is read from Aether: the current UTC month of one organization, or of all."""

import re
from contextlib import aclosing
from datetime import datetime, timedelta
from functools import partial
from operator import attrgetter
from typing import Any, ClassVar

from attrs import evolve, field, frozen

from billfold.adapter import (
    BillfoldError,
    Client,
    ConfigError,
    Declaration,
    DriftError,
    Parts,
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
from billfold.model import Credential, DailyCost, PaymentMethod, Subscription, Usage
from billfold.period import Period, gaps
from billfold.wire import letting_go
from billfold_aether import daily_spend, parse, usage, wire
from billfold_aether.catalogue import CATALOGUE
from billfold_aether.turning import of_one_month

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
# The provider's clock decides which month is current; ours only rules out those that cannot be.
_CLOCK_DIFFERENCE = timedelta(days=2)
_ID = attrgetter("id")
_CURRENT_ONLY = "only the current UTC month"


def _uuid_or_none(_: object, __: object, org: str | None) -> None:
    if org is not None and not _UUID.fullmatch(org):
        raise ConfigError(f"org is an organization's UUID, not {org!r}; leave it out for every one")


@frozen
class Aether:
    """Managed Kubernetes, billed after the fact in euros; only the current UTC month can be read.

    ``org`` is the organization's UUID; without it, all that the token reaches are read.
    """

    provider: ClassVar[str] = "aether"
    declares: ClassVar[Declaration] = Declaration(
        title="Aether",
        base_url="https://api.aetherplatform.cloud",
        token_env="AETHER_TOKEN",
        url_env="AETHER_API_URL",
        settings_env={"org": "AETHER_ORG_ID"},
        reach=lambda adapter: None if adapter.org is None else (adapter.org,),
        requests_per_minute=100,
        problem=parse.problem,
        offers={
            Stream.USAGE: "current month: flat fees, autoscaling by day",
            Stream.DAILY: "current month, autoscaling only",
            Stream.SUBSCRIPTIONS: "flat fees of the current month",
            Stream.PAYMENT_METHODS: "cards",
        },
        only_current=frozenset({Stream.USAGE, Stream.DAILY}),
        catalogue=CATALOGUE,
    )

    org: str | None = field(default=None, validator=_uuid_or_none)

    async def check(self, client: Client) -> Readings[Credential]:
        """List the organizations, or read the shortest billing reply of the configured one."""
        orgs = await self._organizations(client)
        if self.org is not None:
            try:
                await _spend(client, orgs.items[0])
            except BillfoldError as error:
                raise error.of_part(self.org) from error.__cause__
        yield Reading((parse.credential(orgs.items),))
        if orgs.error is not None:
            yield Reading(state=State.FAILED, error=orgs.error)

    async def usage(self, client: Client, period: Period | None) -> Readings[Usage]:
        """Read the month to date, of a period that has it all; no other is to be had (5.1)."""
        months = _possible_months(client.now())
        if period is not None and not any(_has_all(period, month) for month in months):
            found: Readings[Usage] = self._forgotten(client, period)
        else:
            orgs = await self._organizations(client)
            found = of_one_month(orgs.stream(partial(_usage, client, period), _ID))
        async with aclosing(found) as readings:
            async for reading in readings:
                yield reading

    async def daily(self, client: Client, period: Period | None) -> Readings[DailyCost]:
        """Read what autoscaling cost on each UTC day of the month that begins in the period."""
        months = _possible_months(client.now())
        if period is not None and not any(period.overlaps(month) for month in months):
            found: Readings[DailyCost] = self._forgotten(client, period)
        else:
            orgs = await self._organizations(client)
            found = of_one_month(orgs.stream(partial(_daily, client, period), _ID))
        async with aclosing(found) as readings:
            async for reading in readings:
                yield reading

    async def subscriptions(self, client: Client) -> Readings[Subscription]:
        """Read the flat fees of the current month."""
        orgs = await self._organizations(client)
        async with aclosing(orgs.read(partial(_subscriptions, client), _ID)) as readings:
            async for reading in readings:
                yield reading

    async def payment_methods(self, client: Client) -> Readings[PaymentMethod]:
        """Read every organization's cards."""
        orgs = await self._organizations(client)
        async with aclosing(orgs.read(partial(_payment_methods, client), _ID)) as readings:
            async for reading in readings:
                yield reading

    async def _forgotten(self, client: Client, period: Period) -> Readings[Any]:
        """Yield that a period is not to be had, of each organization that is reached now.

        What a store has of it may be of fewer: the list says whose it is, and since when they are
        there. Where it fails, a store has what it has, and the failure is shown.
        """
        orgs, month = Parts[wire.Organization](()), Period.month_of(client.now())
        if self.org is None and period.start < client.now():
            try:
                orgs = await self._organizations(client)
            except BillfoldError as error:
                orgs = Parts((), error)
        if not orgs.items:
            yield _unavailable(period)
        for org in orgs.items:
            yield evolve(_of(org, _unavailable(period), month), part=org.id)
        if orgs.error is not None:
            yield Reading(state=State.FAILED, error=orgs.error)

    async def _organizations(self, client: Client) -> Parts[wire.Organization]:
        if self.org is not None:
            return Parts((wire.Organization(self.org),))
        pages = cursor_pages(
            client,
            "/api/v1/organizations",
            wire.Organizations,
            rows=lambda page: page.items,
            row_id=_ID,
            next_cursor=lambda page: page.next_cursor,
            query=(("limit", "100"),),  # the largest page there is (section 1.1)
        )
        listed = await all_parts(pages, "organizations")
        if listed.note is not None:
            client.remarks.note(listed.note, gap=False)
        orgs = (
            wire.Organization(row.id, row.name, row.created_at) for row in listed.items if row.id
        )
        return Parts(tuple(orgs), listed.error)


def _possible_months(now: datetime) -> set[Period]:
    return {Period.month_of(now - _CLOCK_DIFFERENCE), Period.month_of(now + _CLOCK_DIFFERENCE)}


def _has_all(requested: Period | None, month: Period) -> bool:
    return requested is None or requested.encloses(month)


def _unavailable(requested: Period | None, month: Period | None = None) -> Reading[Any]:
    current = "its current UTC month" if month is None else f"its current UTC month, {month}"
    detail = f"Aether answers only for {current}, not for {requested}"
    return Reading(state=State.UNAVAILABLE, detail=detail)


def _of(org: wire.Organization, reading: Reading[Any], month: Period) -> Reading[Any]:
    """Return that a period is not to be had of an organization that is billed for a month now."""
    return evolve(reading, covers=month, since=org.created_at)


def _month_state(client: Client, month: Period) -> tuple[State, list[str]]:
    """Return how well a month answers for the current one, and in words why it does not.

    One that is over by our clock is not by the provider's, which answers for no other: more may
    come, whatever day it is (section 5.1).
    """
    now = client.now()
    is_over = month.end <= now
    if month not in _possible_months(now):
        state = State.PARTIAL if is_over else State.DIFFERENT_WINDOW
        return state, [f"the reply is about {month}, and it is {now:%Y-%m-%d}"]
    if not is_over:
        return State.COMPLETE, []
    return State.PARTIAL, [f"Aether still answers for {month}, so by its clock that is not over"]


def _bill_state(client: Client, bill: wire.Usage) -> tuple[State, list[str]]:
    """Return the same of a usage reply, which may be about more than a month, or less."""
    state, notes = _month_state(client, parse.billed_month(bill))
    late = parse.ends_late(bill)
    short = parse.is_short(bill, client.now() - _CLOCK_DIFFERENCE)
    if short:
        state = State.PARTIAL
    elif late:
        state = _at_most(State.DIFFERENT_WINDOW, state)
    return state, [*notes, *late, *short]


def _at_most(best: State, state: State) -> State:
    """Return a state, or the best one that there can be where it says more."""
    return best if state is State.COMPLETE else state


def _beside(state: State, requested: Period, covers: Period, month: Period) -> list[Reading[Any]]:
    """Return that the rest of a period is not to be had; another window says so by itself."""
    if state is not State.PARTIAL:
        return []
    return [_unavailable(rest, month) for rest in gaps(requested, [covers])]


def _billing_path(org: wire.Organization, reply: str) -> str:
    return f"/api/v1/organizations/{segment(org.id)}/billing/{reply}"


async def _bill(client: Client, org: wire.Organization) -> wire.Usage:
    bill = await client.get(_billing_path(org, "usage"), wire.Usage)
    parse.check_owner(org, bill.org_id, "$.org_id")
    await in_turns(parse.check_rows.steps(org, bill.items or (), "items"))
    parse.check_rows(org, bill.subscriptions or (), "subscriptions")
    return bill


async def _spend(client: Client, org: wire.Organization) -> daily_spend.Spend:
    reply = await client.get(_billing_path(org, "daily-spend"), wire.DailySpend)
    if reply.org_id is not None:
        parse.check_owner(org, reply.org_id, "$.org_id")
    return daily_spend.spend(reply, Period.month_of(client.now()))


async def _spend_or_error(
    client: Client, org: wire.Organization
) -> tuple[daily_spend.Spend | None, BillfoldError | None]:
    try:
        return await _spend(client, org), None
    except BillfoldError as error:
        return None, error


async def _bill_and_spend(
    client: Client, org: wire.Organization
) -> tuple[wire.Usage, daily_spend.Spend | None, BillfoldError | None]:
    bill, (spend, error) = await together(_bill(client, org), _spend_or_error(client, org))
    return bill, daily_spend.of_bill(bill, spend), error


async def _usage(
    client: Client, requested: Period | None, org: wire.Organization
) -> Readings[Usage]:
    bill, spend, error = await _bill_and_spend(client, org)
    # When the month rolls over between the two calls, both are read again (section 5.2).
    for _ in range(2):
        if spend is None or spend.month == parse.billed_month(bill):
            break
        bill, spend, error = await _bill_and_spend(client, org)
    month = parse.billed_month(bill)
    if spend is not None and spend.month != month:
        months = f"daily-spend is of {spend.month} and usage of {month}, also when read again"
        spend, error = None, DriftError(months)
    if not _has_all(requested, month):
        yield _of(org, _unavailable(requested, month), month)
        return
    records = await in_turns(parse.records.steps(bill))
    bill_request = client.source(_billing_path(org, "usage"))
    spend_request = client.source(_billing_path(org, "daily-spend"))
    used = await in_turns(
        usage.usage.steps(org, requested, bill, records, spend, bill_request, spend_request)
    )
    error = error or daily_spend.lacks_days(bill, spend)
    state, notes = _bill_state(client, bill)
    if requested not in (None, month):
        state = _at_most(State.DIFFERENT_WINDOW, state)
        notes = [_CURRENT_ONLY, *notes]
    if error is not None or records.conflicts:
        state = State.PARTIAL
    missing = "autoscaling by day could not be read and is what the total has beyond the flat fees"
    notes += [*([] if error is None else [missing]), *records.notes]
    notes += parse.absent_lists(bill, used)
    detail, items = "; ".join(notes) or None, [*(bill.items or ())]
    del bill, records
    await in_turns(letting_go(items))
    yield Reading((used,), month, state, detail, error, since=org.created_at)
    for rest in _beside(state, requested or month, month, month):
        yield rest


async def _daily(
    client: Client, requested: Period | None, org: wire.Organization
) -> Readings[DailyCost]:
    spend = await _spend(client, org)
    window = daily_spend.days_of_month(spend.month, requested)
    if window is None:
        days = f"whole UTC days of its current month, {spend.month}"
        detail = f"Aether answers only for {days}, and none begins in {requested}"
        yield _of(org, Reading(state=State.UNAVAILABLE, detail=detail), spend.month)
        return
    incomplete, notes = daily_spend.find_holes(spend, window, client.now())
    state, old = _month_state(client, spend.month)
    if requested not in (None, window):
        state = _at_most(State.DIFFERENT_WINDOW, state)
    if incomplete:
        state = State.PARTIAL
    detail = "; ".join(("autoscaling only, flat fees are in usage", *old, *notes))
    costs = daily_spend.daily_costs(org, spend, window)
    yield Reading(costs, window, state, detail, since=org.created_at)
    for rest in _beside(state, requested or window, window, spend.month):
        yield rest


async def _subscriptions(client: Client, org: wire.Organization) -> Reading[Subscription]:
    bill = await _bill(client, org)
    state, notes = _bill_state(client, bill)
    return Reading(usage.subscriptions(org, bill), state=state, detail="; ".join(notes) or None)


async def _payment_methods(client: Client, org: wire.Organization) -> Reading[PaymentMethod]:
    reply = await client.get(_billing_path(org, "payment-methods"), wire.PaymentMethods)
    parse.check_rows(org, reply.items, "items")
    nameless = [f"`$.items[{index}]`" for index, row in enumerate(reply.items) if not row.id]
    state = State.PARTIAL if nameless else State.COMPLETE
    detail = f"left out, as they have no id: {', '.join(nameless)}" if nameless else None
    return Reading(tuple(parse.payment_methods(org, reply)), state=state, detail=detail)
