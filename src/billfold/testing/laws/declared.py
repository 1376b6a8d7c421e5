"""Laws of what is declared: the adapter's methods, the records' owners, the simulator's habits."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from billfold.adapter import Adapter, streams, wrong_signatures
from billfold.answer import Answer
from billfold.model import Charge, Stream, Usage
from billfold.simulators.faults.habits import Habits
from billfold.simulators.json_text import Number, as_decimal, last_key
from billfold.simulators.simulation import Simulation
from billfold.testing.answers import of_account, some
from billfold.testing.baseline import Places, baseline
from billfold.testing.harness import simulation_of
from billfold.testing.laws.numbers import leaves
from billfold.testing.rules import Rule, fail, require
from billfold.testing.subject import Case, Subject
from billfold.wire import Problem

METHODS = "what an adapter is"
OWNED = "law 5, an account's records are its own"
HABITS = "the simulator's habits"

SIGNATURE = Rule(METHODS, "give it the arguments of billfold.adapter.METHODS, by the same names")
GENERATOR = Rule(METHODS, "write `async def` and `yield Reading(...)`, and return nothing")
SOME_STREAM = Rule(METHODS, "give it at least one of the methods of billfold.adapter.METHODS")
SAME_PROVIDER = Rule(METHODS, "give the simulation the adapter's `provider`")
SAME_AUTH = Rule(METHODS, "give the simulation `auth=` what the adapter declares as `auth`")
NO_PROBLEM = Rule(METHODS, "return Problem() for an error body that is not what it should be")
OWN_RECORDS = Rule(OWNED, "make each record anew for each account, and share none between them")
SAME_BILLING = Rule(
    OWNED, "give a usage's charges the billing_account_id and sub_account_id of the usage"
)
AMOUNTS = Rule(
    HABITS, "give Habits.amounts a pattern of the keys under which your replies have money"
)
ENUMS = Rule(
    HABITS,
    "give Habits.enums the keys of your open value sets, or frozenset() where there are none",
)
ROUTES = Rule(
    HABITS,
    "give Habits.pages and Habits.queries templates of the simulation's routes, and each "
    "PagedRoute the key of its rows",
)

# What a proxy, a broken server or another version of the provider may send with an error.
_ERROR_BODIES = (
    *(b"", b"<html></html>", b"\xff", b"null", b"0", b'"text"', b"[]", b"[{}]", b"{}"),
    *(b'{"error": null}', b'{"error": "text"}', b'{"error": {}}', b'{"errors": []}'),
    *(b'{"errors": [null]}', b'{"message": 1, "code": {}}', b"[" * 100_000),
)


async def methods(subject: Subject) -> None:
    """Require that the methods are as the core calls them, and the simulator is the adapter's."""
    adapter, simulation = subject.adapter, simulation_of(subject)
    offered = streams(adapter)
    require(offered, SOME_STREAM, f"{adapter.__name__} has no method for any stream")
    for sentence in wrong_signatures(adapter):
        require(False, SIGNATURE, sentence)
    for stream in offered:
        generates = not inspect.iscoroutinefunction(getattr(adapter, stream.value))
        require(
            generates, GENERATOR, f"{stream.value} returns its readings and does not yield them"
        )
    for body in _ERROR_BODIES:
        _require_problem(adapter, body)
    providers = f"the simulator is of {simulation.provider!r}, the adapter of {adapter.provider!r}"
    require(simulation.provider == adapter.provider, SAME_PROVIDER, providers)
    auths = f"the simulator reads {simulation.auth!r}, the adapter sends {adapter.declares.auth!r}"
    require(simulation.auth == adapter.declares.auth, SAME_AUTH, auths)


def _require_problem(adapter: type[Adapter], body: bytes) -> None:
    about = f"Declaration.problem, given {body!r},"
    try:
        problem = adapter.declares.problem(body)
    except Exception as error:  # noqa: BLE001 - whatever it is, it hides what went wrong
        fail(NO_PROBLEM, f"{about} raises {error!r}")
    require(isinstance(problem, Problem), NO_PROBLEM, f"{about} returns {problem!r}")


async def owned(subject: Subject) -> None:
    """Require that records and charges say whose they are, whoever is read beside them."""
    for case in subject.cases():
        together = (await baseline(subject, case)).answer
        alone = (await baseline(subject, case, 1)).answer
        first = simulation_of(subject).samples[0].name
        require(
            of_account(together.items, first) == list(alone.items),
            OWN_RECORDS,
            f"{case}: the records of {first} are others when more accounts are read with it",
        )
        for usage in together:
            if isinstance(usage, Usage):
                for charge in usage.charges:
                    _require_same_billing(case, usage, charge)


def _require_same_billing(case: Case, usage: Usage, charge: Charge) -> None:
    for name in ("account", "billing_account_id", "sub_account_id"):
        expected, stated = getattr(usage, name), getattr(charge, name)
        about = f"{case}: charge {charge.id} has the {name} {stated!r} in a usage of {expected!r}"
        require(expected is None or stated == expected, SAME_BILLING, about)


async def habits(subject: Subject) -> None:
    """Require that the declared habits fit the replies.

    Otherwise a fault would pass because it changes nothing.
    """
    simulation = simulation_of(subject)
    routes: dict[str, Places] = {}
    for case in subject.cases():
        expected = await baseline(subject, case)
        routes |= expected.routes
        if _has_money(expected.answer):
            _require_amounts(case, simulation.habits, expected.routes.values())
    _require_enums(simulation.habits, routes.values())
    _require_routes(simulation, routes)


def _has_money(answer: Answer[Any]) -> bool:
    if answer.stream in (Stream.SUBSCRIPTIONS, Stream.PAYMENT_METHODS):
        return False
    sums = [leaf for _, leaf in leaves(answer.totals(partial=True), "")]
    return any(isinstance(leaf, Decimal) and leaf != 0 for leaf in sums)


def _require_amounts(case: Case, declared: Habits, replies: Iterable[Places]) -> None:
    keys = {
        last_key(path)
        for places in replies
        for path, values in places.items()
        if any(as_decimal(value) is not None for value in values)
    }
    about = f"{case} has money, and Habits.amounts matches none of the keys {some(keys)}"
    require(any(map(declared.is_amount, keys)), AMOUNTS, about)


def _require_enums(declared: Habits, replies: Iterable[Places]) -> None:
    keys = {
        last_key(path)
        for places in replies
        for path, values in places.items()
        if any(isinstance(value, str) and not isinstance(value, Number) for value in values)
    }
    about = f"no reply has a text under any of the keys of Habits.enums ({some(declared.enums)})"
    require(not declared.enums or declared.enums & keys, ENUMS, about)


def _require_routes(simulation: Simulation, routes: Mapping[str, Places]) -> None:
    declared = simulation.habits
    templates = {route.path for route in simulation.routes}
    for template in (*(paged.route for paged in declared.pages), *declared.queries):
        require(template in templates, ROUTES, f"the simulation has no route {template}")
    for paged in declared.pages:
        if paged.route in routes:
            rows = routes[paged.route].get(f"$.{paged.items}", ())
            about = f"the replies of {paged.route} have no list under {paged.items!r}"
            require(any(isinstance(value, list) for value in rows), ROUTES, about)
