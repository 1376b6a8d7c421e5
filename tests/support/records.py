"""Make any record of the model, for properties that hold for all of them."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

import attrs
from hypothesis import strategies as st

from billfold import Answer, Money, Period, State, Stream
from billfold.coverage import Coverage
from billfold.errors import KINDS, BillfoldError
from billfold.model import RECORDS
from billfold.period import utc

decimals = st.builds(
    Decimal.scaleb, st.integers(-(10**12), 10**12).map(Decimal), st.integers(-12, 12)
) | st.sampled_from([Decimal("1E+2"), Decimal("0.000001"), Decimal("0E-7"), Decimal("9" * 30)])
times = st.datetimes(
    datetime(2000, 1, 1),
    datetime(2040, 1, 1),
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=-9, minutes=-30))]),
)
moneys = st.builds(Money, decimals, st.sampled_from(["EUR", "USD", "JPY", "BRL"]))
currencies = st.sampled_from(["EUR", "USD", "JPY", "BRL"])
periods = st.builds(
    lambda start, length: Period(start, start + length),
    times,
    st.timedeltas(timedelta(microseconds=1), timedelta(days=400)),
)
texts = st.text(max_size=12)
PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: texts,
    bool: st.booleans(),
    int: st.integers(),
    datetime: times,
    Period: periods,
}


def _of(hint: Any, numbers: st.SearchStrategy[Decimal]) -> st.SearchStrategy[Any]:
    if hint in PLAIN:
        return PLAIN[hint]
    if hint is Decimal:
        return numbers
    if hint is Money:
        return st.builds(Money, numbers, currencies)
    if hint is NoneType:
        return st.none()
    arguments = get_args(hint)
    if isinstance(hint, UnionType):
        return st.one_of(*(_of(each, numbers) for each in arguments))
    if get_origin(hint) is tuple:
        return st.lists(_of(arguments[0], numbers), max_size=2).map(tuple)
    if get_origin(hint) is Mapping:
        return st.dictionaries(_of(arguments[0], numbers), _of(arguments[1], numbers), max_size=2)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return st.sampled_from(list(hint))
    return record(hint, numbers) if attrs.has(hint) else st.from_type(hint)


@cache
def record(kind: type, numbers: st.SearchStrategy[Decimal] = decimals) -> st.SearchStrategy[Any]:
    """Make records of one kind, every field drawn."""
    hints = get_type_hints(kind)
    fields = {each.name: _of(hints[each.name], numbers) for each in attrs.fields(kind)}
    return st.builds(kind, **fields)


errors: st.SearchStrategy[BillfoldError] = st.builds(
    lambda kind, message, fields: kind(message, **fields),
    st.sampled_from(list(KINDS.values())),
    texts,
    st.fixed_dictionaries(
        {},
        optional={
            "provider": texts,
            "account": texts,
            "status": st.integers(100, 599),
            "code": texts,
            "request_id": texts,
            "retry_at": times,
        },
    ),
)


@st.composite
def answers(draw: st.DrawFn) -> Answer[Any]:
    """Make answers of any stream."""
    stream = draw(st.sampled_from(list(Stream)))
    items = draw(st.lists(record(RECORDS[stream]), max_size=2).map(tuple))
    rows = st.builds(
        Coverage,
        texts,
        texts,
        st.just(stream),
        st.sampled_from(list(State)),
        st.none() | periods,
        st.none() | texts,
        st.none() | texts,
        st.none() | times.map(utc),
    )
    return Answer(
        stream,
        draw(st.none() | periods),
        items,
        tuple(draw(st.lists(rows, max_size=2))),
        tuple(draw(st.lists(errors, max_size=2))),
        *(tuple(draw(st.lists(texts, max_size=2))) for _ in range(2)),
    )
