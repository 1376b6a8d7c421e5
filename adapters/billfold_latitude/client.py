"""What we ask Latitude.sh: the projects, and the current billing cycle of each."""

from contextlib import aclosing
from functools import partial
from typing import ClassVar, Never

from attrs import field, frozen

from billfold.adapter import (
    Client,
    ConfigError,
    Declaration,
    ForbiddenError,
    NotFoundError,
    Parts,
    Query,
    Reading,
    Readings,
    State,
    Stream,
    in_turns,
)
from billfold.model import Balance, Credential, Usage
from billfold.period import Period
from billfold.wire import letting_go
from billfold_latitude import parse, usage, wire, without_total
from billfold_latitude.billed_lines import billed_once
from billfold_latitude.catalogue import CATALOGUE
from billfold_latitude.credits import Credits, Statement
from billfold_latitude.projects import NO_PROJECT, Teams, find_projects, naming, read_projects
from billfold_latitude.subscriptions import Bill, Subscriptions
from billfold_latitude.threshold import until_charged


def _check_projects(_: object, __: object, value: tuple[str, ...] | None) -> None:
    if value is not None and not (value and all(each.strip() for each in value)):
        raise ConfigError("projects lists project ids; leave it out to ask for every project")


def _capitals(value: str | None) -> str | None:
    return parse.usable_currency(value) or value


def _check_currency(_: object, __: object, value: str | None) -> None:
    if value is not None and parse.usable_currency(value) is None:
        raise ConfigError(f'currency is a code of ISO 4217 like "USD", not {value!r}')


@frozen
class Latitude:
    """Bare metal, virtual machines and storage, billed per project in cycles of its own.

    ``projects`` are ids or slugs; left out, every project of the key's team. ``currency`` is used
    only where the team does not state one.
    """

    provider: ClassVar[str] = "latitude"
    declares: ClassVar[Declaration] = Declaration(
        title="Latitude.sh",
        base_url="https://api.latitude.sh",
        token_env="LATITUDESH_BEARER",
        url_env="LATITUDESH_API_URL",
        reach=lambda adapter: parse.project_ids(adapter.projects),
        by_name=lambda adapter: parse.has_slugs(adapter.projects),
        token_of_one_payer=True,  # a key is of one team (section 1.2)
        project_of_one_payer=True,
        payer_of_one_currency=True,  # its team states it (section 2.4, G1)
        only_running_cycles=True,
        only_current=frozenset({Stream.USAGE}),
        billed_once=billed_once,
        problem=parse.problem,
        requests_per_minute=60,
        headers={
            "Accept": "application/vnd.api+json, application/json;q=0.9, */*;q=0.1",
            # The version stored with the membership may change.
            "API-Version": "2023-06-01",
        },
        offers={
            Stream.BALANCES: "credit per team, with the provider's sign",
            Stream.USAGE: "each project's current billing cycle only",
        },
        catalogue=CATALOGUE,
    )

    projects: tuple[str, ...] | None = field(default=None, validator=_check_projects)
    currency: str | None = field(default=None, converter=_capitals, validator=_check_currency)

    async def check(self, client: Client) -> Readings[Credential]:
        """Read the key's team, or who pays for its projects where it may not read ``/team``."""
        try:
            teams = await client.get("/team", wire.Teams)
        except (ForbiddenError, NotFoundError):
            yield Reading((await self._payers(client),))
        else:
            yield Reading((parse.credential(teams),))

    async def _payers(self, client: Client) -> Credential:
        """Return whom the first projects name; usage and balances need no more than they say."""
        async with aclosing(self._batches(client)) as batches:
            async for batch in batches:
                if batch.error is not None:
                    raise batch.error
                if batch.items:
                    return parse.payers(batch.items)
        return parse.payers(())

    async def balances(self, client: Client) -> Readings[Balance]:
        """Read a credit balance per team, as each of its projects states it (section 2.4, G2)."""
        credits, teams, state = Credits(), Teams(client), State.COMPLETE
        read = partial(self._read_credit, client, teams)
        async with aclosing(self._batches(client)) as batches:
            async for batch in batches:
                teams.learn(batch.items)
                stated = Parts(batch.items).read(read, lambda project: project.id)
                async with aclosing(stated):
                    async for statement in stated:
                        for reading in credits.add(statement):
                            state = reading.state
                            yield reading
                if batch.error is not None or batch.detail is not None:
                    yield _remark(batch, state)
        for reading in credits.doubts():
            yield reading

    async def usage(self, client: Client, period: Period | None) -> Readings[Usage]:
        """Read each project's current cycle, whatever the period; it is never cut (section 6)."""
        state, teams, subscriptions = State.COMPLETE, Teams(client), Subscriptions()
        read = partial(self._read_cycle, client, teams, period)
        async with aclosing(self._batches(client)) as batches:
            async for batch in batches:
                teams.learn(batch.items)
                cycles = Parts(batch.items).read(read, lambda project: project.id)
                async with aclosing(cycles):
                    async for cycle in cycles:
                        reading = await in_turns(subscriptions.usage(cycle))
                        state = reading.state
                        yield reading
                if batch.state is State.UNSUPPORTED:
                    yield _without_cycle(client, period, NO_PROJECT)
                elif batch.error is not None or batch.detail is not None:
                    yield _remark(batch, state)

    @property
    def _is_of_one_project(self) -> bool:
        return self.projects is not None and len(self.projects) == 1

    def _batches(self, client: Client) -> Readings[wire.Project]:
        if self.projects is None:
            return find_projects(client)
        return read_projects(client, self.projects)

    async def _read_cycle(
        self, client: Client, teams: Teams, period: Period | None, project: wire.Project
    ) -> Reading[Bill]:
        label, called = parse.label(project), parse.called(project)
        with naming(label):
            path, query = _request(project)
            reply = await client.get(path, wire.Usage, query)
            bill = parse.billing(project, reply)
            silence = f"{called}: neither a price nor lines are stated"
            silent = parse.is_silent(bill)
            if parse.is_unbilled(bill) and silent:
                return _without_cycle(client, period, silence, State.PARTIAL)
            if parse.is_unbilled(bill):
                nothing = f"{called} has no billing cycle, and nothing is billed for it"
                return _without_cycle(client, period, nothing)
            cycle = parse.cycle(bill)
            state, detail = parse.coverage(period, cycle, client.now())
            if period is None and detail is not None:
                detail = f"{called}: {detail}"
            if state is State.UNAVAILABLE:
                return Reading((), cycle, state, detail, since=parse.created_at(project))
            payer = await teams.payer(project)
            currency, request = self._currency_of(payer), client.source(path, query)
            reading = usage.usage.steps(project, payer, currency, period, bill, request)
            used, odd = await in_turns(reading)
        if silent:
            state, detail = State.PARTIAL, "; ".join(filter(None, (detail, silence)))
        for doubt in without_total.uncertain(bill):
            state, detail = State.PARTIAL, "; ".join(filter(None, (detail, f"{called}: {doubt}")))
        note = f"{called}: {odd}" if odd else None
        # An item that is billed to two projects is known by its lines, which takes a second one.
        lines = () if self._is_of_one_project else await in_turns(parse.item_lines.steps(reply))
        whole = None if lines else parse.whole_bill(reply)
        billed = Bill(label, called, used, currency, parse.nameless(reply), lines, whole)
        products = [*(bill.products or ())]
        del reply, bill, reading
        await in_turns(letting_go(products))
        since = parse.created_at(project)
        return Reading((billed,), cycle, state, detail, since=since, note=note)

    async def _read_credit(
        self, client: Client, teams: Teams, project: wire.Project
    ) -> Reading[Statement]:
        label = parse.label(project)
        with naming(label):
            path, query = _request(project)
            bill = parse.credit(project, await client.get(path, wire.UsageCredit, query))
            payer = await teams.payer(project)
            currency = self._currency_of(payer)
            balance = parse.balance(payer, currency, bill, client.now())
            charged = until_charged(label, currency, bill)
        return Reading((Statement(payer, label, balance, charged),))

    def _currency_of(self, payer: parse.Payer) -> str:
        """Return the currency of a team's money, which no bill names (section 2.4, G1)."""
        currency = payer.currency or self.currency
        if currency is not None:
            return currency
        name = payer.name or payer.id
        team = f"team {name}" if name else "the team"
        advice = 'set currency = "USD", or whichever it is billed in, for this account'
        raise ConfigError(f"{team} states no usable currency; {advice}", part=payer.id)


def _without_cycle(
    client: Client, period: Period | None, detail: str, running: State = State.COMPLETE
) -> Reading[Never]:
    return Reading((), None, parse.without_cycle(period, client.now(), running), detail)


def _remark(batch: Reading[wire.Project], state: State) -> Reading[Never]:
    """Return what failed or was odd in finding projects; what was only odd has the ``state``."""
    shown = state if batch.state is State.COMPLETE else batch.state
    return Reading((), None, shown, batch.detail, batch.error, batch.part)


def _request(project: wire.Project) -> tuple[str, Query]:
    return "/billing/usage", (("filter[project]", project.id),)
