"""Every endpoint that an adapter reads, how to ask for it, and what its body comes to, counted without the adapter."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import UTC, datetime
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import Any

from attrs import field, frozen
from iso4217 import Currency

from billfold import Account, Answer, Billfold, Coverage, RetryPolicy, Secret, State, Stream
from billfold.adapter import find
from billfold.errors import BillfoldError
from billfold.model import InvoiceKind
from billfold.simulators.json_text import Number
from support.canned import Canned
from support.replies import reply

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
_TOKEN = "token-that-tests-send-0123456789"
_ONCE = RetryPolicy(attempts=1)
_EXACT = Context(prec=1000, traps=[Inexact, InvalidOperation])

Ask = Callable[[Billfold], Awaitable[Any]]
Sums = dict[str, Decimal]

# What an answer says of a body that it openly did without.
NOTHING_TOLD = object()


@frozen
class Endpoint:
    """One operation of a slice.

    ``ask`` is how a user reaches it; ``beside`` are the replies of others it needs. ``given`` are
    keys without which nothing can be understood, although the slice does not require them;
    ``sensible`` mends what a schema cannot say. ``counted`` adds the body's own money up per
    currency, or counts its rows; ``told`` does the same with what billfold answers.
    """

    provider: str
    path: str
    ask: Ask
    counted: Callable[[Any], Any]
    told: Callable[[Any], Any]
    settings: Mapping[str, Any] = field(factory=dict)
    beside: Mapping[str, bytes] = field(factory=dict)
    given: frozenset[str] = frozenset()
    sensible: Callable[[Any], Any] = lambda tree: tree
    then: bytes | None = None
    method: str = "get"

    def __str__(self) -> str:
        return f"{self.provider} {self.method.upper()} {self.path}"

    @property
    def folder(self) -> str:
        """Where findings about it are kept, below ``tests/tools/fuzz``."""
        name = re.sub(r"\W+", "_", self.path).strip("_")
        return f"{self.provider}/{name}"


async def read(endpoint: Endpoint, body: bytes) -> Answer[Any]:
    """Ask with this body as the endpoint's reply; an error becomes a failed answer."""
    bodies = [body] if endpoint.then is None else [body, endpoint.then]
    session: Any = Canned(
        {endpoint.path: bodies, **{path: [other] for path, other in endpoint.beside.items()}}
    )
    adapter = find(endpoint.provider)(**endpoint.settings)
    account = Account(
        "acct", adapter, Secret(_TOKEN), "http://127.0.0.1:1", requests_per_minute=10**9
    )
    async with Billfold([account], session=session, clock=lambda: NOW, retry=_ONCE) as fold:
        try:
            told = await endpoint.ask(fold)
        except BillfoldError as error:
            row = Coverage("acct", endpoint.provider, Stream.INVOICES, State.FAILED)
            return Answer(Stream.INVOICES, None, (), (row,), (error,))
    if isinstance(told, Answer):
        return told
    return Answer(
        Stream.INVOICES,
        None,
        (told,),
        (Coverage("acct", endpoint.provider, Stream.INVOICES, State.COMPLETE),),
    )


def reading(endpoint: Endpoint, body: bytes) -> Answer[Any]:
    """Do the same from where no loop runs."""
    return asyncio.run(read(endpoint, body))


def sum_by_currency(pairs: Iterable[tuple[str, Decimal] | None]) -> Sums:
    """Add up, without the zeros."""
    totals: Sums = {}
    for pair in pairs:
        if pair is not None:
            totals[pair[0]] = _EXACT.add(totals.get(pair[0], Decimal(0)), pair[1])
    return {currency: total for currency, total in totals.items() if total}


def cents(count: Any, currency: str = "USD") -> tuple[str, Decimal]:
    return currency, _EXACT.scaleb(Decimal(count), -Currency(currency).exponent)


def told_totals(answer: Answer[Any]) -> Sums:
    totals = answer.totals(partial=True)
    flat = [
        money
        for total in totals.values()
        for money in (total.values() if isinstance(total, dict) else [total])
    ]
    return sum_by_currency((money.currency, money.amount) for money in flat)


def told_rows(answer: Answer[Any]) -> int:
    return len(answer)


def once(rows: Iterable[dict[str, Any]], ident: str = "id") -> list[dict[str, Any]]:
    """Keep the first of each id."""
    seen: dict[str, dict[str, Any]] = {}
    for row in rows:
        seen.setdefault(str(row[ident]), row)
    return list(seen.values())


# Harmont

_H = "/api/v0/billing"


def _organizations(key: str, row: dict[str, str]) -> Callable[[Any], Any]:
    """Leave no list empty, and no organization twice in it.

    Told differently, it would be a doubt about the list.
    """
    (ident, *_) = row
    return lambda tree: {
        **tree,
        key: list({one[ident].lower(): one for one in tree[key]}.values()) or [row],
    }


def _short(tree: Any) -> Any:
    """Let no lease last longer than the calendar, and each begin in the month that is asked for."""
    for build in tree["data"]:
        for row in (build, *build["jobs"]):
            row["started_at"] = _in_november(row["started_at"])
            if row.get("duration_seconds") is not None:
                row["duration_seconds"] = Number(row["duration_seconds"][:9])
    return tree


def _in_november(time: str) -> str:
    """Move a time into November, far enough from its ends that no offset leads out of it."""
    return re.sub(
        r"^\d{4}-\d\d-(\d\d)", lambda date: f"2026-11-{min(max(int(date[1]), 3), 28):02}", time
    )


def _november(tree: Any) -> Any:
    days = tree["data"][:1] * 21 if tree["data"] else []
    return {
        **tree,
        "data": [{**row, "date": f"2026-11-{day:02}"} for day, row in enumerate(days, 1)],
    }


def _told_summary(answer: Answer[Any]) -> Any:
    """Return what a check says of the summary; nothing, where it is said to be unreadable."""
    if any("the summary" in (row.detail or "") for row in answer.coverage):
        return NOTHING_TOLD
    return sum_by_currency(
        (check.stated.currency, check.stated.amount) for check in answer.items[0].checks[1:]
    )


HARMONT = (
    Endpoint(
        "harmont", "/api/v0/user", lambda fold: fold.check(), lambda tree: 1, told_rows,
    ),
    Endpoint(
        "harmont", "/api/v0/organizations", lambda fold: fold.balances(),
        lambda tree: len(once(tree["data"], "slug")), told_rows,
        beside={f"{_H}/balance/{{org}}": b'{"balance_cents": 5}'}, then=b'{"data": [], "next_cursor": null}',
        sensible=_organizations("data", {"slug": "acme", "name": "Acme"}),
    ),
    Endpoint(
        "harmont", f"{_H}/balance/{{org}}", lambda fold: fold.balances(),
        lambda tree: sum_by_currency([cents(tree["balance_cents"])]), told_totals, {"org": "acme"},
    ),
    Endpoint(
        "harmont", f"{_H}/transactions/{{org}}", lambda fold: fold.ledger(),
        lambda tree: sum_by_currency(cents(row["amount_cents"]) for row in once(tree["data"])), told_totals, {"org": "acme"},
        then=b'{"data": [], "next_cursor": null}',
    ),
    Endpoint(
        "harmont", f"{_H}/usage/{{org}}", lambda fold: fold.usage(),
        lambda tree: sum_by_currency([cents(tree["total_cents"])]), _told_summary,
        {"org": "acme"}, {f"{_H}/usage/{{org}}/breakdown": b'{"data": []}'},
    ),
    Endpoint(
        "harmont", f"{_H}/usage/{{org}}/series", lambda fold: fold.daily(),
        lambda tree: sum_by_currency(cents(row["total_cents"]) for row in tree["data"] if row["date"] <= f"{NOW:%Y-%m-%d}"), told_totals,
        {"org": "acme"}, sensible=_november,
    ),
    Endpoint(
        "harmont", f"{_H}/usage/{{org}}/breakdown", lambda fold: fold.usage(),
        lambda tree: sum_by_currency(cents(_EXACT.minus(Decimal(row["total_cents"]))) for row in tree["data"]), told_totals,
        {"org": "acme"}, {f"{_H}/usage/{{org}}": b'{"total_cents": 7}'}, sensible=_short,
    ),
)  # fmt: skip

# Latitude.sh

_PROJECT = b'{"data": [{"id": "p1"}], "meta": {"stats": {"total": {"count": 1}}}}'
# It names no project, so that it may be anyone's.
_IDLE = re.sub(rb'"project": \{[^}]*\},', b"", reply("latitude", "get_billing_usage_idle"))
_L = {"currency": "USD"}


def _one_cycle(tree: Any) -> Any:
    bill = tree["data"]["attributes"]
    bill["period"] |= {"start": "2026-11-03T04:05:06+00:00", "end": "2026-12-03T04:05:06+00:00"}
    if "project" in bill:
        bill["project"]["id"] = "p1"
    return tree


def _some(key: str, row: dict[str, Any]) -> Callable[[Any], Any]:
    """Leave no list empty: a token without projects is told what it lacks."""
    return lambda tree: tree if tree[key] else {**tree, key: [row]}


def _named(project: Any) -> Any:
    """Let a project have an id: no URL asks for one without."""
    return {**project, "id": project["id"] or "p1"}


def _counted_pages(tree: Any) -> Any:
    tree = _some("data", {"id": "p1"})({**tree, "data": [*map(_named, tree["data"])]})
    return {**tree, "meta": {"stats": {"total": {"count": Number(len(once(tree["data"])))}}}}


def _billed(tree: Any) -> Sums:
    bill = tree["data"]["attributes"]
    if (total := _either(bill)) is not None:
        return sum_by_currency([cents(total)])
    return sum_by_currency(cents(_either(line) or 0) for line in bill.get("products") or ())


def _either(node: Mapping[str, Any]) -> Any:
    return node["amount"] if node.get("price") is None and "amount" in node else node.get("price")


LATITUDE = (
    Endpoint(
        "latitude", "/billing/usage", lambda fold: fold.usage(), _billed, told_totals, _L, {"/projects": _PROJECT},
        frozenset({"data", "attributes", "period", "start"}), _one_cycle,
    ),
    Endpoint(
        "latitude", "/projects", lambda fold: fold.usage(), lambda tree: len(once(tree["data"])), told_rows, _L,
        {"/billing/usage": _IDLE, "/team": b'{"data": []}'}, frozenset({"data", "id"}), _counted_pages,
        b'{"data": []}',
    ),
    Endpoint(
        "latitude", "/projects/{id_or_slug}", lambda fold: fold.usage(), lambda tree: 1, told_rows,
        {**_L, "projects": ("p1",)}, {"/billing/usage": _IDLE, "/team": b'{"data": []}'}, frozenset({"data", "id"}),
        lambda tree: {**tree, "data": _named(tree["data"])},
    ),
    Endpoint("latitude", "/team", lambda fold: fold.check(), lambda tree: 1, told_rows, given=frozenset({"data"})),
)  # fmt: skip

# Aether

_ORG = "e8a6307c-b25f-4d19-a3e4-50f9c8d1726b"
_A = "/api/v1/organizations/{orgID}/billing"
_SPEND = b'{"points": [{"date": "2026-11-01", "amount_eur": 1.5}], "total_eur": 1.5}'


def _this_month(tree: Any) -> Any:
    return {**_asked(tree), "org_id": _ORG, "period_start": "2026-11-01T00:00:00Z"}


def _asked(tree: Any) -> Any:
    """Let every row be of the organization that is asked."""
    return {**tree, "items": [{**row, "org_id": _ORG} for row in tree["items"]]}


def _first_days(tree: Any) -> Any:
    """Let there be a point for every day through NOW's, and a total that is theirs."""
    rows = [*tree["points"], *[{"amount_eur": Number(0)}] * NOW.day][: NOW.day]
    points = [{**point, "date": f"2026-11-{day:02}"} for day, point in enumerate(rows, 1)]
    total = sum_by_currency(("EUR", Decimal(point["amount_eur"])) for point in points).get(
        "EUR", Decimal(0)
    )
    return {**tree, "points": points, "total_eur": Number(format(total, "f"))}


AETHER = (
    Endpoint(
        "aether", "/api/v1/organizations", lambda fold: fold.daily(),
        lambda tree: len({row["id"].lower() for row in tree["items"]}), told_rows,
        beside={f"{_A}/daily-spend": _SPEND}, then=b'{"items": []}', sensible=_organizations("items", {"id": _ORG}),
    ),
    Endpoint(
        "aether", f"{_A}/usage", lambda fold: fold.usage(),
        lambda tree: sum_by_currency([("EUR", Decimal(tree["total_eur"]))]), told_totals,
        {"org": _ORG}, {f"{_A}/daily-spend": _SPEND}, sensible=_this_month,
    ),
    Endpoint(
        "aether", f"{_A}/daily-spend", lambda fold: fold.daily(),
        lambda tree: sum_by_currency(("EUR", Decimal(point["amount_eur"])) for point in tree["points"]), told_totals,
        {"org": _ORG}, sensible=_first_days,
    ),
    Endpoint(
        "aether", f"{_A}/payment-methods", lambda fold: fold.payment_methods(), lambda tree: len(tree["items"]), told_rows,
        {"org": _ORG}, sensible=_asked,
    ),
)  # fmt: skip

# b'nerd

_BORG = "83e0d7b1-5f42-4c96-9a18-7bd3f60c25e4"
_BILL = "0f0f0f0f-1234-4abc-8def-0123456789ab"
_B = {"org": _BORG}
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?")
_WRAPPERS = ("usage", "usages", "data", "items", "entries", "records", "results", "lines")
_COSTS = ("total", "cost", "amount", "price")
_DIGITS, _TENS = 80, 40  # what Money holds at most


def _rows(tree: Any) -> list[Any]:
    """Find the rows of a list, bare, nested or wrapped, as b'nerd's replies may come."""
    if isinstance(tree, dict):
        wrapped = [
            tree[key]
            for key in ("usage", "data", "items", "subscriptions", "invoices")
            if isinstance(tree.get(key), list)
        ]
        return _rows(wrapped[0]) if wrapped else [tree]
    return [row for rows in tree for row in (_rows(rows) if isinstance(rows, list) else [rows])]


def _once_each(tree: Any) -> list[Any]:
    """Leave out rows that only repeat others."""
    rows: list[Any] = []
    for row in _rows(tree):
        if row not in rows:
            rows.append(row)
    return rows


def _mine(row: Mapping[str, Any]) -> bool:
    """Tell whether a row is ours.

    It says so, or says nothing. Whatever else stands there, its money is not ours to count.
    """
    owner = row.get("organization_id")
    return owner is None or (isinstance(owner, str) and owner.lower() in ("", _BORG))


def _used(tree: Any) -> Sums:
    """Add rows up.

    A total stated over them decides what they come to in its currency, and says nothing of others.
    """
    rows = _leaves(tree, None)
    costs = [money for row in rows if _mine(row) and (money := _cost(row)) is not None]
    alone = isinstance(tree, dict) and rows != [tree] and all(map(_mine, [tree, *rows]))
    total = _money(tree.get("total")) if alone else None
    return sum_by_currency(
        costs if total is None else [total, *(money for money in costs if money[0] != total[0])]
    )


def _leaves(node: Any, owner: Any) -> list[Any]:
    """Walk down lists and what may be around them to the rows.

    A product's own row is not broken down: b'nerd's CONTRACT.md, section 3.1.

    A row that does not say whose it is is that of whatever stands around it.
    """
    if isinstance(node, list):
        return [leaf for inner in node for leaf in _leaves(inner, owner)]
    owner = node.get("organization_id") or owner
    inside = [node.get(key) for key in _WRAPPERS]
    lists = [inner for inner in inside if isinstance(inner, list) and inner]
    if lists and not ({"product", "product_id"} & node.keys() and _cost(node)):
        return _leaves(lists[0], owner)
    objects = [inner for inner in inside if isinstance(inner, dict)]
    around = [
        inner
        for inner in objects
        if any(isinstance(inner.get(key), list) and inner[key] for key in _WRAPPERS)
    ]
    if around and not {"product", "product_id"} & node.keys():
        return _leaves(around[0], owner)
    if objects and not node.keys() & set(_COSTS):
        return _leaves(objects[0], owner)
    return [{**node, "organization_id": owner} if owner else node]


def _cost(row: Mapping[str, Any]) -> tuple[str, Decimal] | None:
    """Find what a row costs.

    The first of its names that says anything: b'nerd's CONTRACT.md, section 3.2.
    """
    said = [row[name] for name in _COSTS if row.get(name) is not None]
    return _money(said[0]) if said else None


def _own(tree: Any) -> Any:
    rows = tree if isinstance(tree, list) else [tree]
    for row in rows:
        if "organization_id" in row:
            row["organization_id"] = _BORG
    return tree


def _money(node: Any) -> tuple[str, Decimal] | None:
    if not isinstance(node, dict):
        return None
    return _scaled(node.get("cents"), node.get("currency_iso"))


def _scaled(count: Any, currency: Any) -> tuple[str, Decimal] | None:
    if not isinstance(count, str) or not _NUMBER.fullmatch(count):
        return None
    try:
        money = cents(count, currency)
    except (TypeError, ValueError, ArithmeticError):
        return None
    return (
        money
        if len(Decimal(count).as_tuple().digits) <= _DIGITS and abs(money[1].adjusted()) < _TENS
        else None
    )


def _legal(row: Mapping[str, Any]) -> tuple[str, Decimal] | None:
    """Find what a document asks for, which a draft and an offer do not: b'nerd's CONTRACT.md, section 2.4."""
    if row.get("is_draft") is True or row.get("type") not in (None, "INVOICE", "STORNO"):
        return None
    count = row.get("amount")
    if isinstance(count, dict):
        return _money(count)
    found = _scaled(count, row.get("currency"))
    return found if found is not None and Decimal(count).as_tuple().exponent == 0 else None


BNERD = (
    Endpoint("bnerd", "/billing/usage", lambda fold: fold.usage(), _used, told_totals, _B, sensible=_own),
    Endpoint(
        "bnerd", "/subscriptions", lambda fold: fold.subscriptions(), lambda tree: sum(map(_mine, _once_each(tree))), told_rows, _B,
        sensible=_own,
    ),
    Endpoint(
        "bnerd", "/invoices", lambda fold: fold.invoices(kind=InvoiceKind.METERING),
        lambda tree: sum_by_currency(_money(row.get("total")) for row in _rows(tree) if _mine(row)), told_totals, _B,
        {"/invoices/{id}": b""}, sensible=lambda tree: [{k: v for k, v in row.items() if k != "id"} for row in _own(tree)],
    ),
    Endpoint(
        "bnerd", "/invoices/{id}", lambda fold: fold.invoice("acct", _BILL),
        lambda tree: sum_by_currency([_money(tree.get("total"))]), told_totals, _B,
        sensible=lambda tree: {**_own(tree), "id": _BILL} if isinstance(tree, dict) else tree,
    ),
    Endpoint(
        "bnerd", "/organizations/{id}/invoices", lambda fold: fold.invoices(kind=InvoiceKind.LEGAL),
        lambda tree: sum_by_currency(_legal(row) for row in once(filter(_mine, _rows(tree)))), told_totals, _B, sensible=_own,
    ),
    Endpoint(
        "bnerd", "/organizations/{id}/invoices/{invoice_id}", lambda fold: fold.invoice("acct", "RE-1"),
        lambda tree: sum_by_currency([_legal(tree)]), told_totals, _B,
        sensible=lambda tree: {**_own(tree), "id": "RE-1"},
    ),
    Endpoint(
        "bnerd", "/organizations/{id}/payment_methods", lambda fold: fold.payment_methods(),
        lambda tree: len(_once_each(tree)), told_rows, _B,
    ),
    Endpoint(
        "bnerd", "/organizations/{id}/payment_methods/create_and_attach",
        lambda fold: fold.account("acct").payment_methods.attach("pm_1"), lambda tree: 1, told_rows, _B, method="post",
    ),
    Endpoint(
        "bnerd", "/organizations/{id}/payment_methods/payment_intent",
        lambda fold: fold.account("acct").payment_methods.setup_intent(), lambda tree: 1, told_rows, _B, method="post",
        sensible=lambda tree: {**tree, "client_secret": f"seti_{tree['client_secret'].encode().hex()}"},
    ),
)  # fmt: skip

ENDPOINTS = (*HARMONT, *LATITUDE, *AETHER, *BNERD)
# Attaching a payment method is done whatever the body says, and answers None where it says nothing.
READ = tuple(one for one in ENDPOINTS if not one.path.endswith("create_and_attach"))
