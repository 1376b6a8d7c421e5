"""Laws of what is declared: the adapter's methods, the records' owners, the simulator's habits."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from billfold.adapter import Adapter, streams, wrong_signatures
from billfold.answer import Answer
from billfold.model import Stream, Usage
from billfold.simulators.json_text import is_numeral, is_text, last_key
from billfold.simulators.serving import Simulation
from billfold.testing.harness import Case, Places, Subject
from billfold.testing.laws.numbers import leaves
from billfold.testing.rules import LawBroken, Rule, of_account, require, some
from billfold.wire import Problem

METHODS = "what an adapter is"
OWNED = "law 5, an account's records are its own"
HABITS = "the simulator's habits"

OF_TABLE = Rule(METHODS, "give it methods of billfold.adapter.METHODS, with the same arguments")
SIMULATED = Rule(
    METHODS, "give the simulation the adapter's `provider`, and the `auth` it declares"
)
GENERATOR = Rule(METHODS, "write `async def` and `yield Reading(...)`, and return nothing")
NO_PROBLEM = Rule(METHODS, "return Problem() for an error body that is not what it should be")
OWN_RECORDS = Rule(OWNED, "make each record anew for each account, and share none between them")
SAME_BILLING = Rule(OWNED, "give charges their usage's billing_account_id and sub_account_id")
AMOUNTS = Rule(HABITS, "give Habits.amounts a pattern of the keys that your replies' money has")
ENUMS = Rule(HABITS, "give Habits.enums the keys of your open value sets, or frozenset() for none")
ROUTES = Rule(
    HABITS,
    "give Habits.pages and Habits.queries templates of the simulation's routes, and each "
    "PagedRoute the key of its rows",
)

# What a proxy, a broken server or another version of the provider may send with an error.
_ERROR_BODIES = (
    *(b"", b"\xff", b"[" * 100_000, b"<html></html>"),
    *b'null 0 "text" [] [{}] {} {"error":null} {"error":"text"} {"error":{}} {"errors":[]}'.split(),
    *(b'{"errors": [null]}', b'{"message": 1, "code": {}}'),
)


async def methods(subject: Subject) -> None:
    """Require that the methods are as the core calls them, and the simulator is the adapter's."""
    adapter, simulation = subject.adapter, subject.simulation()
    offered = streams(adapter)
    require(offered, OF_TABLE, f"{adapter.__name__} has no method for any stream")
    for sentence in wrong_signatures(adapter):
        raise LawBroken(OF_TABLE, sentence)
    for stream in offered:
        returns = inspect.iscoroutinefunction(getattr(adapter, stream))
        require(not returns, GENERATOR, f"{stream} returns its readings and does not yield them")
    for body in _ERROR_BODIES:
        _require_problem(adapter, body)
    providers = f"the simulator is of {simulation.provider!r}, the adapter of {adapter.provider!r}"
    require(simulation.provider == adapter.provider, SIMULATED, providers)
    auths = f"the simulator reads {simulation.auth!r}, the adapter sends {adapter.declares.auth!r}"
    require(simulation.auth == adapter.declares.auth, SIMULATED, auths)


def _require_problem(adapter: type[Adapter], body: bytes) -> None:
    about = f"Declaration.problem, given {body!r},"
    try:
        problem = adapter.declares.problem(body)
    except Exception as error:
        raise LawBroken(NO_PROBLEM, f"{about} raises {error!r}") from error
    require(isinstance(problem, Problem), NO_PROBLEM, f"{about} returns {problem!r}")


async def owned(subject: Subject) -> None:
    """Require that records and charges say whose they are, whoever is read beside them."""
    first = subject.simulation().samples[0].name
    for case in subject.cases():
        together = await subject.answer(case)
        alone = await subject.answer(case, 1)
        about = f"{case}: the records of {first} are others when more accounts are read with it"
        require(of_account(together.items, first) == list(alone.items), OWN_RECORDS, about)
        if case.stream is Stream.USAGE:
            for usage in together:
                _require_same_billing(case, usage)


def _require_same_billing(case: Case, usage: Usage) -> None:
    for name in ("account", "billing_account_id", "sub_account_id"):
        expected = getattr(usage, name)
        for charge in usage.charges:
            stated = getattr(charge, name)
            about = f"charge {charge.id} has the {name} {stated!r} in a usage of {expected!r}"
            require(expected in (None, stated), SAME_BILLING, f"{case}: {about}")


async def habits(subject: Subject) -> None:
    """Require that the habits fit the replies: a fault that changes nothing would pass."""
    simulation = subject.simulation()
    declared = simulation.habits
    routes: dict[str, Places] = {}
    for case in subject.cases():
        expected = await subject.baseline(case)
        routes |= expected.routes
        keys = _keys(expected.routes.values(), is_numeral)
        about = f"{case} has money, and Habits.amounts matches none of the keys {some(keys)}"
        matches = any(map(declared.is_amount, keys))
        require(matches or not _has_money(expected.answer), AMOUNTS, about)
    used = declared.enums & _keys(routes.values(), is_text)
    about = f"no reply has a text under any of the keys of Habits.enums ({some(declared.enums)})"
    require(used or not declared.enums, ENUMS, about)
    _require_routes(simulation, routes)


def _has_money(answer: Answer[Any]) -> bool:
    sums = [leaf for _, leaf in leaves(answer.totals(partial=True), "")]
    return any(isinstance(leaf, Decimal) and leaf for leaf in sums)


def _keys(replies: Iterable[Places], fits: Callable[[Any], bool]) -> set[str]:
    return {
        last_key(path)
        for places in replies
        for path, values in places.items()
        if any(map(fits, values))
    }


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
