"""Any record of any stream comes out of the store as it went in."""

import tempfile
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve, fields
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from billfold.answer import Answer
from billfold.coverage import Coverage
from billfold.model import RECORDS, WINDOWED, Charge, State, Stream
from billfold.store.account_reading import AccountReading
from billfold.store.book import Book
from billfold.store.booking import book
from billfold.store.reading_back import records, standing
from billfold.store.tables import TABLES
from store.world import OCTOBER
from support.records import record

NOW = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
EXAMPLES = settings.default.max_examples // 20
# All that a column of decimal(38,24) holds.
numbers = st.builds(
    lambda digits, places: Decimal(f"{digits}E{-places}"),
    st.integers(-(10**14 - 1), 10**14 - 1),
    st.integers(0, 24),
) | st.sampled_from(
    [Decimal("99999999999999.999999999999999999999999"), Decimal("1E+2"), Decimal("0E-7")]
)


@pytest.mark.parametrize("stream", TABLES, ids=str)
@settings(max_examples=EXAMPLES, phases=[Phase.generate])
@given(data=st.data(), account=st.text(min_size=1, max_size=8))
def test_any_record_is_answered_as_it_was_read(
    stream: Stream, data: st.DataObject, account: str
) -> None:
    drawn = data.draw(st.lists(record(RECORDS[stream], numbers), min_size=1, max_size=6))
    items = tuple(_own(each, number, account) for number, each in enumerate(drawn))
    # A usage is one of a project, and says nothing of others; so is what an organization has.
    one_of_each = {(each.billing_account_id or "").casefold(): each for each in items}
    fewer = items if stream is Stream.USAGE else tuple(one_of_each.values())
    with tempfile.TemporaryDirectory() as folder:
        store = Book(f"{folder}/it's a Ström")
        for stated in (items, fewer):
            (outcome,) = book(store, [_read(stream, account, stated)], "it's", lambda: NOW)
            assert not outcome.reading.unfit
            rows = standing(store, [account], stream, None)[account]
            assert _by_text(records(rows, account, stream)) == _by_text(stated)


def _read(stream: Stream, account: str, items: tuple[Any, ...]) -> AccountReading:
    row = Coverage(account, "scripted", stream, State.COMPLETE)
    requested = OCTOBER if stream in WINDOWED else None
    answer = Answer(stream, requested, items, (row,), (), (account,))
    return AccountReading(account, "scripted", "https://x", NOW, answer)


def _own(item: Any, number: int, account: str) -> Any:
    """Return a record that is told from the others, as the facade gives it."""
    names = {each.name for each in fields(type(item))}
    own: dict[str, Any] = {"provider": "scripted", "account": account}
    if "requested" in names:
        own |= {"requested": None, "sub_account_id": f"{item.sub_account_id}{number}"}
        own["charges"] = tuple(
            evolve(each, id=f"{each.id}{number}-{place}", provider="scripted", account=account)
            for place, each in enumerate(item.charges)
        )
    else:
        name = next(each for each in ("id", "scope", "billing_account_id") if each in names)
        own[name] = f"{getattr(item, name)}{number}"
    if "lines" in names:
        own["lines"] = tuple(
            evolve(each, id=f"{each.id}{place}") for place, each in enumerate(item.lines)
        )
    return evolve(item, **own)


def _by_text(items: tuple[Any, ...]) -> list[tuple[Any, list[str | None]]]:
    """Return records in an order of their own, with the sources that equality leaves out."""
    found = [(each, [_source(part) for part in getattr(each, "charges", ())]) for each in items]
    return sorted(found, key=lambda pair: _name(pair[0]))


def _source(charge: Charge) -> str | None:
    return charge.source


def _name(item: Any) -> str:
    names = ("sub_account_id", "id", "scope", "billing_account_id")
    return next(str(getattr(item, name)) for name in names if hasattr(item, name))
