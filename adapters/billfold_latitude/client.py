"""What we ask Latitude.sh: the projects, and the current billing cycle of each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import aclosing
from functools import partial
from typing import Any, ClassVar, Never

from attrs import Attribute, field, frozen

from billfold.adapter import Declaration, Reading, Readings, side_by_side
from billfold.errors import ConfigError, ForbiddenError, NotFoundError, ProviderError, RequestError
from billfold.http.client import Client, Query
from billfold.http.urls import segment
from billfold.model import Balance, Credential, State, Stream, Usage
from billfold.period import Period
from billfold_latitude import parse, wire
from billfold_latitude.catalogue import CATALOGUE
from billfold_latitude.projects import listed

_BILLING = "/billing/usage"

Teams = Callable[[], Coroutine[Any, Any, wire.Teams]]


def _named(
    _: object, attribute: Attribute[tuple[str, ...] | None], value: tuple[str, ...] | None
) -> None:
    if value is not None and ("" in value or not value):
        raise ConfigError(
            f"{attribute.name} lists project ids; leave it out to ask for every project"
        )


def _known(_: object, attribute: Attribute[str | None], value: str | None) -> None:
    if value is not None and parse.usable(value) is None:
        raise ConfigError(
            f'{attribute.name} is a currency code of ISO 4217, three capital letters like "USD", not {value!r}'
        )


@frozen
class Latitude:
    """Bare metal, virtual machines and storage, billed per project in cycles of its own.

    ``projects`` are ids; left out, every project of the key's team. ``currency`` is used only where the team does not say.
    """

    provider: ClassVar[str] = parse.PROVIDER
    declares: ClassVar[Declaration] = Declaration(
        title="Latitude.sh",
        base_url="https://api.latitude.sh",
        token_env="LATITUDESH_BEARER",
        url_env="LATITUDESH_API_URL",
        problem=parse.problem,
        requests_per_minute=60,
        headers={
            "Accept": "application/vnd.api+json, application/json;q=0.9, */*;q=0.1",
            # The version stored with the membership is shared by all of a user's keys and may change under us.
            "API-Version": "2023-06-01",
        },
        offers={
            Stream.BALANCES: "credit per team, with the provider's sign",
            Stream.USAGE: "each project's current billing cycle only",
        },
        catalogue=CATALOGUE,
    )

    projects: tuple[str, ...] | None = field(default=None, validator=_named)
    currency: str | None = field(default=None, validator=_known)

    async def check(self, client: Client) -> Readings[Credential]:
        """Ask for the key's team."""
        yield Reading((parse.credential(client.account, await client.get("/team", wire.Teams)),))

    async def balances(self, client: Client) -> Readings[Balance]:
        """Read one credit balance per team; every project repeats it, so the first one that states it speaks for its team."""
        teams, state = _teams(client), State.COMPLETE
        told: dict[str | None, Reading[Balance]] = {}
        async with aclosing(self._projects(client)) as batches:
            async for found in batches:
                groups: dict[str | None, list[wire.Project]] = {}
                for project in found.items:
                    team = (await _team(project, teams)).id
                    if team not in told or not told[team].items:
                        groups.setdefault(team, []).append(project)
                asked = iter(groups)
                async for reading in side_by_side(
                    partial(self._credit, client, teams, group) for group in groups.values()
                ):
                    told[next(asked)], state = reading, reading.state
                    if reading.items:
                        yield reading
                for aside in _aside(found, state):
                    yield aside
        for reading in told.values():
            if not reading.items:
                yield reading

    async def usage(self, client: Client, period: Period | None) -> Readings[Usage]:
        """Read each project's current cycle, whatever the period: a cycle is never cut (contract section 6)."""
        teams, state = _teams(client), State.COMPLETE
        async with aclosing(self._projects(client)) as batches:
            async for found in batches:
                reads = [
                    partial(self._cycle, client, teams, period, project) for project in found.items
                ]
                async for reading in side_by_side(reads):
                    state = reading.state
                    yield reading
                for aside in _aside(found, state):
                    yield aside

    async def _cycle(
        self, client: Client, teams: Teams, period: Period | None, project: wire.Project
    ) -> Reading[Usage]:
        bill = await _billing(client, project)
        cycle = parse.cycle(bill)
        state, detail = parse.reach(period, cycle)
        if state is State.UNAVAILABLE:
            return Reading((), cycle, state, detail)
        payer = await _team(project, teams)
        request = client.source(_BILLING, _of(project))
        usage = parse.usage(
            client.account,
            project,
            payer,
            parse.currency(payer, self.currency),
            period,
            bill,
            request,
        )
        if parse.silent(bill):
            state = State.PARTIAL
            detail = "; ".join(
                filter(None, (detail, f"{project.id}: neither a price nor lines are stated"))
            )
        return Reading((usage,), cycle, state, detail)

    async def _credit(
        self, client: Client, teams: Teams, projects: list[wire.Project]
    ) -> Reading[Balance]:
        payer = await _team(projects[0], teams)
        code = parse.currency(payer, self.currency)
        bill = await _first([partial(_billing, client, project) for project in projects])
        balance = parse.balance(client.account, payer, code, bill, client.now())
        if balance is None:
            return Reading(
                state=State.UNAVAILABLE,
                detail=f"team {payer.name or payer.id}: no credit balance is stated",
            )
        return Reading((balance,))

    async def _projects(self, client: Client) -> Readings[wire.Project]:
        """Find the projects: a batch per page, then what was odd; or the configured ones, then those that failed."""
        if self.projects is None:
            async with aclosing(listed(client)) as batches:
                async for batch in batches:
                    yield batch
            return
        reads = [
            reading
            async for reading in side_by_side(
                partial(_project, client, name) for name in self.projects
            )
        ]
        # An id and a slug may name the same project, whose cents count once.
        yield Reading(
            tuple({project.id: project for reading in reads for project in reading.items}.values())
        )
        for reading in reads:
            if reading.error is not None:
                yield reading


def _aside(found: Reading[wire.Project], state: State) -> tuple[Reading[Never], ...]:
    """Pass on what went wrong or was odd in finding projects; what was only odd shares the state of what they answered."""
    if found.error is None and found.detail is None:
        return ()
    return (
        Reading(
            (),
            None,
            state if found.state is State.COMPLETE else found.state,
            found.detail,
            found.error,
        ),
    )


def _teams(client: Client) -> Teams:
    """Ask ``/team`` when it is first needed, and only once; whoever needs it first asks, so no task outlives them."""
    lock = asyncio.Lock()
    told: list[wire.Teams | ProviderError] = []

    async def ask() -> wire.Teams:
        async with lock:
            if not told:
                try:
                    told.append(await client.get("/team", wire.Teams))
                except ProviderError as error:
                    told.append(error)
        if isinstance(told[0], ProviderError):
            raise told[0]
        return told[0]

    return ask


async def _team(project: wire.Project, teams: Teams) -> parse.Team:
    """Tell who pays for a project; a key that may not read ``/team`` leaves it at what the project says."""
    payer = parse.team(project)
    if payer.id is not None and payer.currency is not None:
        return payer
    try:
        stated = await teams()
    except (ForbiddenError, NotFoundError):
        return payer
    return parse.team(project, stated.data or ())


async def _project(client: Client, name: str) -> Reading[wire.Project]:
    reply = await client.get(f"/projects/{segment(name)}", wire.OneProject)
    return Reading((reply.data,))


def _of(project: wire.Project) -> Query:
    return (("filter[project]", project.id),)


async def _billing(client: Client, project: wire.Project) -> wire.Billing:
    reply = await client.get(_BILLING, wire.Usage, _of(project))
    return parse.billing(project.id, reply)


async def _first(reads: list[Callable[[], Coroutine[Any, Any, wire.Billing]]]) -> wire.Billing:
    """Return what the first project that states the credit says, else one that does not; refusals count when all refuse."""
    silent: list[wire.Billing] = []
    refused: list[ForbiddenError | RequestError] = []
    for read in reads:
        try:
            bill = await read()
        except (ForbiddenError, RequestError) as error:
            refused.append(error)
            continue
        if bill.available_credit_balance is not None:
            return bill
        silent.append(bill)
    if not silent:
        raise refused[-1]
    return silent[0]
