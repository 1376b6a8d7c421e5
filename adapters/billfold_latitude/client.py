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
    Parts,
    Reading,
    Readings,
    RequestError,
    State,
    Stream,
)
from billfold.model import Balance, Credential, Usage
from billfold.period import Period
from billfold_latitude import parse, wire
from billfold_latitude.catalogue import CATALOGUE
from billfold_latitude.projects import Teams, find_projects, read_projects

_Group = tuple[parse.Payer, list[wire.Project]]


def _check_projects(_: object, __: object, value: tuple[str, ...] | None) -> None:
    if value is not None and ("" in value or not value):
        raise ConfigError("projects lists project ids; leave it out to ask for every project")


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
    currency: str | None = field(default=None, validator=_check_currency)

    async def check(self, client: Client) -> Readings[Credential]:
        """Read the key's team."""
        yield Reading((parse.credential(await client.get("/team", wire.Teams)),))

    async def balances(self, client: Client) -> Readings[Balance]:
        """Read a credit balance per team: the first project's that states it (section 2.4, G2)."""
        teams, state = Teams(client), State.COMPLETE
        readings: dict[str | None, Reading[Balance]] = {}
        async with aclosing(self._batches(client)) as batches:
            async for batch in batches:
                stated = {team for team, reading in readings.items() if reading.items}
                groups = Parts(await _by_team(teams, batch.items, stated))
                credits = groups.read(partial(self._read_credit, client), lambda group: group[0].id)
                async with aclosing(credits):
                    async for reading in credits:
                        readings[reading.part], state = reading, reading.state
                        if reading.items:
                            yield reading
                if batch.error is not None or batch.detail is not None:
                    yield _remark(batch, state)
        for reading in readings.values():
            if not reading.items:
                yield reading

    async def usage(self, client: Client, period: Period | None) -> Readings[Usage]:
        """Read each project's current cycle, whatever the period; it is never cut (section 6)."""
        state = State.COMPLETE
        read = partial(self._read_cycle, client, Teams(client), period)
        async with aclosing(self._batches(client)) as batches:
            async for batch in batches:
                cycles = Parts(batch.items).read(read, lambda project: project.id)
                async with aclosing(cycles):
                    async for reading in cycles:
                        state = reading.state
                        yield reading
                if batch.error is not None or batch.detail is not None:
                    yield _remark(batch, state)

    def _batches(self, client: Client) -> Readings[wire.Project]:
        if self.projects is None:
            return find_projects(client)
        return read_projects(client, self.projects)

    async def _read_cycle(
        self, client: Client, teams: Teams, period: Period | None, project: wire.Project
    ) -> Reading[Usage]:
        bill, request = await _read_billing(client, project)
        cycle = parse.cycle(bill)
        state, detail = parse.coverage(period, cycle)
        if state is State.UNAVAILABLE:
            return Reading((), cycle, state, detail)
        payer = await teams.payer(project)
        usage = parse.usage(project, payer, self._currency_of(payer), period, bill, request)
        # An idle cycle says that it has no lines.
        if bill.price is None and bill.amount is None and bill.products is None:
            silence = f"{project.id}: neither a price nor lines are stated"
            state, detail = State.PARTIAL, "; ".join(filter(None, (detail, silence)))
        return Reading((usage,), cycle, state, detail)

    async def _read_credit(self, client: Client, group: _Group) -> Reading[Balance]:
        payer, projects = group
        currency = self._currency_of(payer)
        bill = await _first_with_credit(client, projects)
        balance = parse.balance(payer, currency, bill, client.now())
        if balance is None:
            detail = f"team {payer.name or payer.id}: no credit balance is stated"
            return Reading(state=State.UNAVAILABLE, detail=detail)
        return Reading((balance,))

    def _currency_of(self, payer: parse.Payer) -> str:
        """Return the currency of a team's money, which no bill names (section 2.4, G1)."""
        currency = payer.currency or self.currency
        if currency is not None:
            return currency
        name = payer.name or payer.id
        team = f"team {name}" if name else "the team"
        advice = 'set currency = "USD", or whichever it is billed in, for this account'
        raise ConfigError(f"{team} states no usable currency; {advice}", part=payer.id)


async def _by_team(
    teams: Teams, projects: tuple[wire.Project, ...], without: set[str | None]
) -> tuple[_Group, ...]:
    """Return projects with the team that pays for them, ``without`` those of some teams."""
    groups: dict[str | None, _Group] = {}
    for project in projects:
        payer = await teams.payer(project)
        if payer.id not in without:
            groups.setdefault(payer.id, (payer, []))[1].append(project)
    return tuple(groups.values())


def _remark(batch: Reading[wire.Project], state: State) -> Reading[Never]:
    """Return what failed or was odd in finding projects; what was only odd has the ``state``."""
    shown = state if batch.state is State.COMPLETE else batch.state
    return Reading((), None, shown, batch.detail, batch.error, batch.part)


async def _read_billing(client: Client, project: wire.Project) -> tuple[wire.Billing, str]:
    path, query = "/billing/usage", (("filter[project]", project.id),)
    reply = await client.get(path, wire.Usage, query)
    return parse.billing(project.id, reply), client.source(path, query)


async def _first_with_credit(client: Client, projects: list[wire.Project]) -> wire.Billing:
    """Return the first project's cycle that states the team's credit, else one that does not."""
    bills: list[wire.Billing] = []
    for number, project in enumerate(projects, 1):
        try:
            bill, _ = await _read_billing(client, project)
        except (ForbiddenError, RequestError):
            if number == len(projects) and not bills:
                raise
            continue
        bills.append(bill)
        if bill.available_credit_balance is not None:
            break
    return bills[-1]
