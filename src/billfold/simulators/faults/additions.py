"""Faults of more: money that nobody knows, and further pages that nobody told of."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from aiohttp.web import Request, StreamResponse

from billfold.simulators.faults.bodies import NEW, json_body, mutated
from billfold.simulators.faults.fault import Effect, Habits, Handler
from billfold.simulators.json_text import Number, as_decimal, is_numeral, parse, rewritten
from billfold.wire.rows import shown_rows
from billfold.wire.words import may_be_money

NEW_FEE, NEW_CREDITS = f"{NEW}_fee", f"{NEW}_credits"
OTHER_CURRENCY = {"invoice_currency": "ISK"}
# How rows say that they are void, or were taken back: by a flag, a status, when, what did it.
VOIDED: Mapping[str, dict[str, Any]] = {
    "flag": {"voided": True},
    "state": {"billing_status": "refunded"},
    "refund": {"refund_id": "billfold-new"},
    "times": {"status_transitions": {"voided_at": "2026-10-05T00:00:00Z"}},
    "amount": {"amount_refunded": Number("1.11")},
}

_MANY = 1_000_000
# How replies say that there is more: by a header or another status, or by members of the body.
PAGE_HEADERS: Mapping[str, Mapping[str, str]] = {
    "link": {"Link": '</billfold-new?page=2>; rel="next"'},
    "next-page": {"X-Next-Page": "2"},
    "own-name": {"X-Billfold-Next-Page": "2"},
    "total": {"X-Total-Count": str(_MANY)},
    "range": {"Content-Range": f"items 0-1/{_MANY}"},
    "206": {},
    "202": {},
}
PAGE_MEMBERS: Mapping[str, dict[str, Any]] = {
    "token": {"nextPageToken": "billfold-new"},
    "path": {"next_page_path": "/billfold-new?page=2"},
    "more": {"has_more": True},
    "cursors": {"paging": {"cursors": {"after": "billfold-new"}}},
    "pages": {"meta": {"page": {"current": 1, "last": _MANY}}},
    "count": {"total_count": _MANY},
    "counted": {"pagination": {"total": _MANY}},
    "bare-total": {"total": _MANY},
    "meta-total": {"meta": {"total": _MANY}},
}
_NEXT = "/billfold-new?page=2"
# How an object says that a list in it goes on: what follows on the list's name, and what it says.
LIST_MEMBERS: Mapping[str, tuple[str, Any]] = {
    "list-next": ("_next", _NEXT),
    "list-cursor": ("_cursor", "billfold-new"),
    "list-links": ("_links", [{"rel": "next", "href": _NEXT}]),
}
# The same of a list in a row, without its name.
ROW_MEMBERS: Mapping[str, dict[str, Any]] = {
    "row-next": {"next": _NEXT},
    "row-links": {"links": [{"rel": "next", "href": _NEXT}]},
}
# Beside money it may be an amount, and counts rows where a reply has none.
BARE_TOTAL = "bare-total"
# Announces one row more than a reply has, by a header that counts rows.
ONE_MORE = "one-more"
# States the size of a page, of which a reply has as many rows.
FULL_PAGE = "full"
# Those that count rows, and say nothing beside a reply that has none.
COUNTING = frozenset({"total", "count", "counted", "meta-total", BARE_TOTAL, ONE_MORE, FULL_PAGE})


def holds_amount(value: object, habits: Habits) -> bool:
    """Return whether this is an object with an amount, and more than an amount and its currency."""
    if not isinstance(value, dict) or may_be_money(value):
        return False
    return any(
        may_be_money(member) if isinstance(member, dict) else is_numeral(member)
        for key, member in value.items()
        if habits.is_amount(key)
    )


def extra_amount(place: str | None = None) -> Effect:
    """Add an amount that nobody knows beside those of one place, or of all."""
    return _beside_amounts(place, {NEW_FEE: Number("7.77")})


def extra_rows(place: str | None = None) -> Effect:
    """Add rows of money that nobody knows beside the amounts of one place, or of all.

    Only the key of their list says that they are money.
    """
    row = {"description": "billfold", "value": Number("-7.77")}
    return _beside_amounts(place, {NEW_CREDITS: [row]})


def other_currency(place: str | None = None) -> Effect:
    """Say under another key that the amounts of one place, or of all, are in another currency."""
    return _beside_amounts(place, OTHER_CURRENCY)


def voided(place: str | None = None, form: str = "flag") -> Effect:
    """Say of the amounts of one place, or of all, that they are void, under a new key.

    A form is one of flag, state, refund, times and amount.
    """
    return _beside_amounts(place, VOIDED[form])


def total_row(place: str | None = None, *, first: bool = False) -> Effect:
    """End the lists of rows with amounts, or the one at a place, by a row that adds them up.

    Or let them begin with it.
    """

    def changed(tree: Any, habits: Habits) -> Any:
        def visit(path: str, key: str, value: Any) -> Any:
            if not isinstance(value, list) or place not in (None, path):
                return value
            sums = _sums([row for row in value if holds_amount(row, habits)], habits)
            row = {"name": "Total", "description": "Total", **sums}
            return ([row, *value] if first else [*value, row]) if sums else value

        return rewritten(tree, visit)

    return mutated(changed)


def _sums(rows: list[dict[str, Any]], habits: Habits) -> dict[str, Any]:
    """Return what each key of an amount adds up to over several rows; nothing for fewer."""
    sums: dict[str, Decimal] = {}
    for row in rows:
        for key, member in row.items():
            amount = as_decimal(member) if habits.is_amount(key) else None
            if amount is not None:
                sums[key] = sums.get(key, Decimal(0)) + amount
    return {key: Number(format(amount, "f")) for key, amount in sums.items()} if rows[1:] else {}


def _beside_amounts(place: str | None, members: dict[str, Any]) -> Effect:
    def changed(tree: Any, habits: Habits) -> Any:
        def visit(path: str, key: str, value: Any) -> Any:
            fits = path == place if place is not None else holds_amount(value, habits)
            return {**value, **members} if fits and isinstance(value, dict) else value

        return rewritten(tree, visit)

    return mutated(changed)


def more_pages(form: str) -> Effect:
    """Say of every reply that it is one page of several: by link, range, total, token, count ..."""
    if form in PAGE_MEMBERS:
        return mutated(lambda tree, _: _merged(tree, PAGE_MEMBERS[form]))
    if form == FULL_PAGE:
        return mutated(lambda tree, _: _merged(tree, {"page": 1, "per_page": shown_rows(tree)}))
    if form in LIST_MEMBERS or form in ROW_MEMBERS:
        return _in_objects(form)
    if form not in (*PAGE_HEADERS, ONE_MORE):
        bodies = *PAGE_MEMBERS, *LIST_MEMBERS, *ROW_MEMBERS
        forms = ", ".join((*PAGE_HEADERS, ONE_MORE, FULL_PAGE, *bodies))
        raise ValueError(f"a form is one of {forms}")

    async def effect(request: Request, handler: Handler) -> StreamResponse:
        response = await handler(request)
        body = json_body(response)
        if body is not None:
            more = {"X-Total-Count": str(_row_count(parse(body)) + 1)}
            response.headers.update(more if form == ONE_MORE else PAGE_HEADERS[form])
            if form.isdecimal():
                response.set_status(int(form))
        return response

    return effect


def lists_of_objects(place: str, value: object, form: str) -> list[str]:
    """Return the keys of the lists in an object that a form says to go on: around rows, or in one.

    A form of rows is about the rows of the outermost lists.
    """
    is_there = (
        place.count("[") == 1 and place.endswith("]") if form in ROW_MEMBERS else "[" not in place
    )
    if not is_there or not isinstance(value, dict):
        return []
    lists = [(key, each) for key, each in value.items() if isinstance(each, list)]
    return [key for key, each in lists if each and isinstance(each[0], dict)]


def _in_objects(form: str) -> Effect:
    """Say beside each list of objects, around rows or in them, that it goes on."""

    def members(lists: list[str]) -> dict[str, Any]:
        if form in ROW_MEMBERS:
            return ROW_MEMBERS[form]
        ending, value = LIST_MEMBERS[form]
        return {f"{key}{ending}": value for key in lists}

    def changed(tree: Any, _: Habits) -> Any:
        def visit(path: str, key: str, value: Any) -> Any:
            lists = lists_of_objects(path, value, form)
            return {**value, **members(lists)} if lists else value

        return rewritten(tree, visit)

    return mutated(changed)


def known_until(text: str, key: str = "data_until") -> Effect:
    """Say of every reply that is an object that it knows what it states until a time."""
    return mutated(lambda tree, _: _merged(tree, {key: text}))


def not_ready(members: Mapping[str, Any]) -> Effect:
    """Say of every reply that is an object, by some members, that it is not ready."""
    return mutated(lambda tree, _: _merged(tree, members))


def _row_count(tree: Any) -> int:
    members = tree.values() if isinstance(tree, dict) else [tree]
    return sum(len(member) for member in members if isinstance(member, list))


def _merged(tree: Any, members: Mapping[str, Any]) -> Any:
    if not isinstance(tree, dict):
        return tree
    merged = {
        key: _merged(tree[key], value)
        if isinstance(tree.get(key), dict) and isinstance(value, dict)
        else value
        for key, value in members.items()
    }
    return {**tree, **merged}
