"""Laws of money unread: what a reply has beyond what is read of it is named, or makes a hole."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from functools import partial
from typing import Any

from attrs import frozen

from billfold.answer import Answer
from billfold.model import Stream
from billfold.simulators.faults import (
    Effect,
    extra_amount,
    extra_rows,
    more_pages,
    other_currency,
    total_row,
    voided,
)
from billfold.simulators.faults.additions import (
    BARE_TOTAL,
    COUNTING,
    FULL_PAGE,
    LIST_MEMBERS,
    NEW_CREDITS,
    NEW_FEE,
    ONE_MORE,
    PAGE_HEADERS,
    PAGE_MEMBERS,
    ROW_MEMBERS,
    VOIDED,
    holds_amount,
    lists_of_objects,
)
from billfold.simulators.faults.fault import Habits
from billfold.simulators.json_text import is_numeral
from billfold.testing.harness import Baseline, Case, Harness, Places, Subject
from billfold.testing.laws.holes import require_honest
from billfold.testing.rules import Rule, require, require_total, states, totals
from billfold.wire import in_body
from billfold.wire.rows import shown_rows

UNREAD = "law 11, no money unread"

AMOUNT_NAMED = Rule(
    UNREAD,
    "decode with the client's shapes, and name in not_read what is known; what is read as Raw or "
    "dict is named in Reading(..., detail=) by its own adapter",
)
AMOUNT_KEEPS_STATE = Rule(
    UNREAD,
    "a single amount beside a stated total changes no state: name it, and answer as ever; or give "
    "Habits.undocumented the route whose body nobody documented",
)
ROWS_ARE_A_HOLE = Rule(
    UNREAD, "say State.PARTIAL and the path where rows of money are not read, or use shapes"
)
CURRENCY_IS_A_HOLE = Rule(
    UNREAD,
    "decode with the client's shapes, which notice the currency of another key, or read money in "
    "the currency that its reply states",
)
VOID_IS_A_HOLE = Rule(
    UNREAD,
    "decode with the client's shapes, which notice a row that says that it is void, or read in "
    "its status whether it counts",
)
TOTAL_ROW = Rule(
    UNREAD,
    "require of a row what makes it one (an id, a product, its own times), and name what has none",
)
PAGES_ARE_A_HOLE = Rule(
    UNREAD,
    "read lists by cursor_pages, numbered_pages or linked_pages and pass on what they say; ask "
    "announced_pages about bodies read as Raw",
)


async def amounts(subject: Subject) -> int:
    """Require that a new amount beside known ones is named, and changes no state and no total."""
    readings = await beside(subject, extra_amount)
    for reading in readings:
        documented = reading.route not in subject.simulation().habits.undocumented
        kept = reading.answer.complete or not documented
        require(kept, AMOUNT_KEEPS_STATE, reading.about)
        reading.require_total(AMOUNT_KEEPS_STATE)
    return _require_named(readings, NEW_FEE, AMOUNT_NAMED)


async def rows(subject: Subject) -> int:
    """Require that new rows of money beside known amounts make their account partial, by name."""
    readings = await beside(subject, extra_rows)
    for reading in readings:
        hole = not reading.answer.complete or not reading.names(NEW_CREDITS)
        require(hole, ROWS_ARE_A_HOLE, reading.about)
        reading.require_total(ROWS_ARE_A_HOLE)
    return _require_named(readings, NEW_CREDITS, ROWS_ARE_A_HOLE)


async def currencies(subject: Subject) -> int:
    """Require that amounts whose currency another key says to be another are not called known."""
    return await _require_noticed(subject, other_currency, _amount_places, CURRENCY_IS_A_HOLE)


async def void_rows(subject: Subject) -> int:
    """Require that amounts which say that they are void, in a new key, are not called known."""
    tried = [
        await _require_noticed(
            subject, partial(voided, form=form), _places_without_status, VOID_IS_A_HOLE
        )
        for form in VOIDED
    ]
    return sum(tried)


async def total_rows(subject: Subject) -> int:
    """Require that a first or last row which adds the others up is not counted, or is a hole."""
    readings = [
        reading
        for first in (False, True)
        for reading in await beside(subject, partial(total_row, first=first), lists_of_amounts)
    ]
    for reading in readings:
        if reading.answer.complete and isinstance(totals(reading.expected), Mapping):
            reading.require_total(TOTAL_ROW)
    return len(readings)


@frozen
class Reading:
    """What a stream answered with new money in a place of a route's replies."""

    case: Case
    route: str
    place: str
    answer: Answer[Any]
    expected: Answer[Any]

    @property
    def about(self) -> str:
        """What was tried, and how it came out."""
        place = f"{self.place} of {self.route}"
        return f"{self.case} with new money in {place} is {states(self.answer)}"

    def names(self, key: str) -> bool:
        """Return whether the new key is named in a detail or an error."""
        details = [row.detail or "" for row in self.answer.coverage]
        return key in " ".join([*details, *(error.message for error in self.answer.failures)])

    def require_total(self, rule: Rule) -> None:
        """Require that new money is added to nothing."""
        if not self.answer.failures:
            require_total(rule, self.about, self.answer, totals(self.expected))


async def beside(
    subject: Subject,
    effect_at: Callable[[str], Effect],
    places_of: Callable[[Places, Habits], Iterable[str]] | None = None,
) -> list[Reading]:
    """Return what each stream answers with an effect at each of some places of its replies."""
    readings: list[Reading] = []
    async for case, expected, harness in _complete_cases(subject):
        habits = harness.simulation.habits
        if case.stream is Stream.PAYMENT_METHODS:  # which have no money
            continue
        for route, places in expected.routes.items():
            for place in (places_of or _money_places)(places, habits):
                harness.inject(effect_at(place), at=route)
                answer = await harness.read(case, 1)
                require_honest(case, answer)
                readings.append(Reading(case, route, place, answer, expected.answer))
    return readings


async def _require_noticed(
    subject: Subject,
    effect_at: Callable[[str], Effect],
    places_of: Callable[[Places, Habits], Iterable[str]],
    rule: Rule,
) -> int:
    """Require that each place makes a hole of a stream: a balance need not read the bill beside."""
    readings = await beside(subject, effect_at, places_of)
    noticed = {
        (reading.route, reading.place) for reading in readings if not reading.answer.complete
    }
    for reading in readings:
        require((reading.route, reading.place) in noticed, rule, reading.about)
    return len(readings)


def _require_named(readings: list[Reading], key: str, rule: Rule) -> int:
    """Require that each place is named by a stream: balances need not read the bill beside them."""
    named = {(reading.route, reading.place) for reading in readings if reading.names(key)}
    for reading in readings:
        require((reading.route, reading.place) in named, rule, reading.about)
    return len(readings)


def _money_places(places: Places, habits: Habits) -> Iterable[str]:
    """Return the places of objects with amounts, and the whole reply's."""
    return [
        place
        for place, values in places.items()
        if any(
            holds_amount(value, habits) or (place == "$" and isinstance(value, dict))
            for value in values
        )
    ]


def _amount_places(places: Places, habits: Habits) -> Iterable[str]:
    """Return the places of objects with amounts that are mere numbers, without their currency."""
    return [
        place
        for place, values in places.items()
        if any(
            is_numeral(member) and habits.is_amount(key)
            for each in values
            if holds_amount(each, habits)
            for key, member in each.items()
        )
    ]


def _places_without_status(places: Places, habits: Habits) -> Iterable[str]:
    """Return the places of objects with amounts whose status does not say whether they count."""
    return [
        place
        for place in _amount_places(places, habits)
        if not any(
            isinstance(each, dict) and {"status", "state"} & {*each} for each in places[place]
        )
    ]


def lists_of_amounts(places: Places, habits: Habits) -> Iterable[str]:
    """Return the places of lists with several rows of amounts."""
    return [
        place
        for place, values in places.items()
        if any(
            isinstance(each, list) and sum(holds_amount(row, habits) for row in each) > 1
            for each in values
        )
    ]


async def pages(subject: Subject) -> int:
    """Require that a reply which says that there are more pages is never called complete."""
    count = 0
    async for case, expected, harness in _complete_cases(subject):
        for route, places in expected.routes.items():
            paged = harness.simulation.habits.paging(route) is not None
            # A list of pages need not be read to its end for a period.
            whole = Case(case.stream) if paged else case
            habits = harness.simulation.habits
            for form in _forms(places, paged, has_money=_has_money(places, habits)):
                harness.inject(more_pages(form), at=route)
                answer = await harness.read(whole, 1)
                require_honest(whole, answer)
                about = f"{whole}, where {route} announces more pages by {form!r}"
                require(not answer.complete, PAGES_ARE_A_HOLE, f"{about}, is {states(answer)}")
                count += 1
    return count


def _has_money(places: Places, habits: Habits) -> bool:
    values = (value for each in places.values() for value in each if isinstance(value, dict))
    return any(habits.is_amount(key) for value in values for key in value)


def _forms(places: Places, paged: bool, *, has_money: bool) -> list[str]:
    """Return the forms that fit a route's replies; a list that has pages has its own members."""
    outer = ("$", *(place for place in places if place.count(".") == 1 and "[" not in place))
    is_list = any(isinstance(value, list) for place in outer for value in places[place])
    is_object = all(isinstance(value, dict) for value in places["$"]) and not paged
    counted = () if paged else (ONE_MORE,)  # a page has fewer rows than its list
    # One that says how many rows there are in all, or none, is not full by its page's size.
    is_full = is_object and all(shown_rows(value) and not in_body(value) for value in places["$"])
    forms = [*PAGE_HEADERS, *counted, *(PAGE_MEMBERS if is_object else ())]
    forms += [FULL_PAGE] if is_full else []
    forms += [form for form in (*LIST_MEMBERS, *ROW_MEMBERS) if not paged and _fits(places, form)]
    fit = [form for form in forms if is_list or form not in COUNTING]
    return [form for form in fit if form != BARE_TOTAL or not has_money]


def _fits(places: Places, form: str) -> bool:
    each = ((place, value) for place, values in places.items() for value in values)
    return any(lists_of_objects(place, value, form) for place, value in each)


async def _complete_cases(subject: Subject) -> AsyncGenerator[tuple[Case, Baseline, Harness], None]:
    for case in subject.short_cases():
        expected: Baseline = await subject.baseline(case, 1)
        if not expected.answer.complete:
            continue
        with subject.serve() as harness:
            yield case, expected, harness
