"""What the keys around rows rule out is what a look at all values finds nothing of."""

from datetime import UTC, datetime
from typing import Any

import hypothesis.strategies as st
from hypothesis import example, given
from msgspec import Struct

from billfold.wire.announced import in_body
from billfold.wire.stated_knowledge import known_until


class Row(Struct, frozen=True):
    id: str | None = None


class Body(Struct, frozen=True):
    data: tuple[Row, ...] | None = None
    rows: tuple[Row, ...] | None = None


KEYS = (
    *("id", "name", "data", "rows", "jobs", "links", "meta", "page", "usage", "attributes", "a"),
    *("next", "next_cursor", "total", "total_count", "jobs_count", "jobs_page", "has_more"),
    *("generated_at", "data_until", "updated_at", "job_id"),
)
SCALARS = st.sampled_from(
    (None, True, False, 0, 1, 7, "", "x", "https://a.test/?page=2", "2026-10-03T00:00:00Z")
)
BODIES = st.dictionaries(
    st.sampled_from(KEYS),
    st.recursive(
        SCALARS,
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)
        ),
        max_leaves=12,
    ),
    max_size=6,
)
# So many objects are gone through one by one, and say nothing.
MANY: dict[str, Any] = {"beside": {str(number): {} for number in range(41)}}


@given(BODIES, st.sampled_from([(), ("total",)]))
@example({"data": [{"jobs": [{}], "jobs_count": 7}]}, ())
@example({"data": [{"job_id": "x"}], "a": {"jobs_count": 7}}, ())
def test_pages_are_found_wherever_a_look_at_all_objects_finds_them(
    body: dict[str, Any], counts: tuple[str, ...]
) -> None:
    assert in_body(body, 1, counts) == in_body({**body, **MANY}, 1, counts)


@given(BODIES)
@example({"data": [], "meta": {"usage": {"data_until": "2026-10-03T00:00:00Z"}}})
def test_an_end_of_knowledge_is_found_wherever_a_look_at_all_objects_finds_it(
    body: dict[str, Any],
) -> None:
    assert known_until(body, Body) == known_until({**body, **MANY}, Body)


def test_both_are_found_beside_few_objects_and_beside_many() -> None:
    body = {"data": [{}], "meta": {"generated_at": "2026-10-03T00:00:00Z"}, "next_cursor": "x"}
    for each in (body, {**body, **MANY}):
        announced = in_body(each)
        assert announced is not None
        assert announced.unread() is not None
        expected = ("$.meta.generated_at", datetime(2026, 10, 3, tzinfo=UTC))
        assert known_until(each, Body) == expected
