"""Paging reads every record once, and never ends quietly or loops."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from decimal import Decimal
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from billfold import DriftError, NotFoundError, TooLargeError
from billfold.adapter.pagination import Pages


class Row(msgspec.Struct, frozen=True):
    id: str
    amount: Decimal = Decimal(0)


class Page(msgspec.Struct, frozen=True):
    rows: tuple[Row, ...]
    next: str | None = None


def page(ids: str, follow: str | None = None) -> Page:
    return Page(tuple(Row(name) for name in ids), follow)


class Served:
    """Pages by their key, and the keys that were asked for."""

    def __init__(self, pages: dict[str | None, Page]) -> None:
        self.pages = pages
        self.asked: list[str | None] = []

    async def fetch(self, key: str | None) -> Page:
        self.asked.append(key)
        return self.pages[key]

    def paging(self, **options: object) -> Pages[Page, Row, str]:
        return Pages(
            self.fetch, lambda one: one.rows, lambda row: row.id, lambda one: one.next, **options
        )  # type: ignore[arg-type]


async def read(paging: Pages[Page, Row, str]) -> list[str]:
    return [row.id async for rows in paging for row in rows]


async def test_pages_are_followed_to_the_providers_end() -> None:
    served = Served({None: page("ab", "2"), "2": page("c", "3"), "3": page("de")})
    assert await read(served.paging()) == ["a", "b", "c", "d", "e"]
    assert served.asked == [None, "2", "3"]


async def test_a_page_that_is_too_large_is_not_told_to_ask_for_half_the_period() -> None:
    async def fetch(key: str | None) -> Page:
        raise TooLargeError(
            "the reply is over 32 MiB, the most that is read at once; "
            "half the period has a smaller one",
            account="ci",
        )

    paging: Pages[Page, Row, str] = Pages(
        fetch, lambda one: one.rows, lambda row: row.id, lambda one: one.next
    )
    with pytest.raises(TooLargeError) as caught:
        await read(paging)
    assert caught.value.account == "ci"
    assert caught.value.message == (
        "the reply is over 32 MiB, the most that is read at once; "
        "no period makes it smaller: give `Billfold` a larger `max_body`"
    )


async def test_an_empty_page_in_the_middle_is_no_end() -> None:
    served = Served({None: page("a", "2"), "2": page("", "3"), "3": page("b")})
    paging = served.paging()
    assert await read(paging) == ["a", "b"]
    assert paging.doubtful
    assert paging.note == "1 page without records, after which the list went on"


async def test_an_empty_last_page_is_nothing_odd() -> None:
    paging = Served({None: page("a", "2"), "2": page("")}).paging()
    assert await read(paging) == ["a"]
    assert not paging.doubtful
    assert paging.note is None


async def test_no_rows_at_all_is_one_empty_page() -> None:
    paging = Served({None: page("")}).paging()
    assert [rows async for rows in paging] == [[]]
    assert paging.note is None


async def test_the_first_key_may_be_given() -> None:
    served = Served({"1": page("a", "2"), "2": page("b")})
    assert await read(served.paging(first="1")) == ["a", "b"]


@pytest.mark.parametrize(
    "pages",
    [
        {None: page("ab", "A"), "A": page("cd", "A")},
        {None: page("ab", "A"), "A": page("cd", "B"), "B": page("ef", "A")},
    ],
    ids=["A,A", "A,B,A"],
)
async def test_a_repeated_cursor_ends_in_drift_after_what_was_read(
    pages: dict[str | None, Page],
) -> None:
    served, seen = Served(pages), []

    async def walk() -> None:
        async for rows in served.paging():
            seen.extend(row.id for row in rows)

    with pytest.raises(DriftError, match="repeats a page's cursor"):
        await walk()
    assert seen == [row.id for one in pages.values() for row in one.rows]
    assert len(served.asked) == len(pages)


async def test_going_back_to_the_first_page_by_its_key_is_a_repeated_cursor() -> None:
    served = Served({"1": page("a", "2"), "2": page("b", "1")})
    with pytest.raises(DriftError, match="repeats a page's cursor"):
        await read(served.paging(first="1"))


async def test_a_page_that_only_repeats_ends_in_drift() -> None:
    served = Served({None: page("ab", "2"), "2": page("ba", "3"), "3": page("c")})
    with pytest.raises(DriftError, match="only repeats records already read"):
        await read(served.paging())
    assert served.asked == [None, "2"]


async def test_a_last_page_that_only_repeats_is_the_end() -> None:
    paging = Served({None: page("ab", "2"), "2": page("b")}).paging()
    assert await read(paging) == ["a", "b"]
    assert paging.note == "1 record repeated over pages, counted once"


async def test_an_endless_list_ends_in_drift_at_the_cap() -> None:
    class Endless(Served):
        async def fetch(self, key: str | None) -> Page:
            self.asked.append(key)
            number = len(self.asked)
            return Page((Row(str(number)),), str(number))

    served = Endless({})
    with pytest.raises(DriftError, match="does not end within 7 pages"):
        await read(served.paging(cap=7))
    assert len(served.asked) == 7


async def test_the_last_page_within_the_cap_is_no_drift() -> None:
    assert await read(Served({None: page("a", "2"), "2": page("b")}).paging(cap=2)) == ["a", "b"]


async def test_a_record_shifted_to_the_next_page_counts_once_and_is_mentioned() -> None:
    paging = Served({None: page("abc", "2"), "2": page("cd", "3"), "3": page("de")}).paging()
    assert await read(paging) == ["a", "b", "c", "d", "e"]
    assert (paging.repeats, [*paging.conflicts]) == (2, [])
    assert paging.note == "2 records repeated over pages, counted once"


@pytest.mark.parametrize(("before", "after"), [("1.00", "2.00"), ("-1", "-2"), ("-0.01", "0.01")])
async def test_a_record_that_changed_between_pages_is_a_conflict(before: str, after: str) -> None:
    first, second = Row("a", Decimal(before)), Row("a", Decimal(after))
    paging = Served({None: Page((first,), "2"), "2": Page((second, Row("b")))}).paging()
    assert [row async for rows in paging for row in rows] == [first, Row("b")]
    assert (paging.repeats, [*paging.conflicts]) == (0, ["a"])
    assert paging.note == "1 record changed between pages, the first reading was kept: a"


async def test_both_kinds_of_repetition_are_mentioned() -> None:
    paging = Served(
        {None: page("ab", "2"), "2": Page((Row("a"), Row("b", Decimal(1)), Row("c")))}
    ).paging()
    assert await read(paging) == ["a", "b", "c"]
    assert paging.note == (
        "1 record repeated over pages, counted once; "
        "1 record changed between pages, the first reading was kept: b"
    )


async def test_the_next_page_and_no_further_one_loads_while_the_caller_is_busy() -> None:
    served = Served({None: page("a", "2"), "2": page("b", "3"), "3": page("c")})
    asked = []
    async for _ in served.paging():
        await asyncio.sleep(0)
        asked.append(list(served.asked))
    assert asked == [[None, "2"], [None, "2", "3"], [None, "2", "3"]]


async def test_a_page_that_fails_ahead_is_raised_after_the_one_before_it() -> None:
    served, seen = Served({None: page("a", "2")}), []

    async def walk() -> None:
        async for rows in served.paging():
            await asyncio.sleep(0)
            seen.extend(rows)

    with pytest.raises(KeyError, match="2"):
        await walk()
    assert seen == [Row("a")]


class Stuck(Served):
    """Every page but the first never comes."""

    async def fetch(self, key: str | None) -> Page:
        if key is not None:
            await asyncio.Event().wait()
        return await super().fetch(key)


async def test_leaving_early_cancels_the_page_on_its_way() -> None:
    served = Stuck({None: page("a", "2")})
    async with aclosing(aiter(served.paging())) as pages:
        assert await anext(pages) == [Row("a")]
        await asyncio.sleep(0)
        assert len(asyncio.all_tasks()) == 2
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_being_cancelled_cancels_the_page_on_its_way() -> None:
    served, seen = Stuck({None: page("a", "2")}), []

    async def walk() -> None:
        async for rows in served.paging():
            seen.extend(rows)

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(walk(), 0.01)
    assert seen == [Row("a")]
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_page_that_failed_ahead_and_is_not_asked_for_is_no_warning() -> None:
    async with aclosing(aiter(Served({None: page("a", "2")}).paging())) as pages:
        assert await anext(pages) == [Row("a")]
        await asyncio.sleep(0)
    assert asyncio.all_tasks() == {asyncio.current_task()}


def _pages(parts: Sequence[Sequence[int]]) -> dict[str | None, Page]:
    keys = [None, *(str(number) for number in range(1, len(parts)))]
    return {
        key: Page(tuple(Row(str(number)) for number in part), follow)
        for key, part, follow in zip(keys, parts, [*keys[1:], None], strict=True)
    }


class Slow(Served):
    """Pages that come one turn of the loop later, and a count of those under way."""

    under_way = 0

    async def fetch(self, key: str | None) -> Page:
        self.asked.append(key)
        self.under_way += 1
        try:
            await asyncio.sleep(0)
            if key == "bad":
                raise NotFoundError("404 gone")
            if key == "never":
                await asyncio.sleep(60)
            return self.pages[key]
        finally:
            self.under_way -= 1


async def test_one_page_is_read_ahead_and_never_more() -> None:
    served = Slow({None: page("a", "2"), "2": page("b", "3"), "3": page("c", "4"), "4": page("d")})
    for number, _ in enumerate([rows async for rows in _watched(served)], 1):
        assert number <= 4
    assert served.asked == [None, "2", "3", "4"]


async def _watched(served: Slow) -> AsyncIterator[list[Row]]:
    number = 0
    async for rows in served.paging():
        number += 1
        await asyncio.sleep(0.001)
        assert len(served.asked) <= number + 1
        assert served.under_way <= 1
        yield rows


async def test_a_page_that_fails_is_told_after_those_before_it() -> None:
    served, seen = Slow({None: page("a", "2"), "2": page("b", "bad")}), []

    async def walk() -> None:
        async for rows in served.paging():
            await asyncio.sleep(0.001)
            seen.extend(row.id for row in rows)

    with pytest.raises(NotFoundError, match="404 gone"):
        await walk()
    assert seen == ["a", "b"]


@pytest.mark.parametrize("ahead", ["never", "bad"])
async def test_leaving_early_ends_the_page_under_way(ahead: str) -> None:
    served = Slow({None: page("a", ahead)})
    async with aclosing(aiter(served.paging())) as pages:
        await anext(pages)
        await asyncio.sleep(0.001)
    assert served.under_way == 0
    assert asyncio.all_tasks() == {asyncio.current_task()}


@given(st.integers(0, 40), st.lists(st.integers(0, 40), max_size=8))
async def test_any_partition_into_pages_gives_every_row_once_in_order(
    count: int, cuts: list[int]
) -> None:
    rows, bounds = list(range(count)), [0, *sorted(min(cut, count) for cut in cuts), count]
    parts = [rows[start:end] for start, end in pairwise(bounds)]
    paging = Served(_pages(parts)).paging()
    assert await read(paging) == [str(row) for row in rows]
    assert (paging.repeats, [*paging.conflicts]) == (0, [])


@given(st.integers(4, 40), st.integers(2, 10), st.integers(1, 9))
async def test_pages_that_overlap_give_every_row_once_in_order(
    count: int, size: int, overlap: int
) -> None:
    step = max(size - overlap, 1)
    parts = [range(start, min(start + size, count)) for start in range(0, count, step)]
    served = Served(
        _pages(parts[: next(i for i, part in enumerate(parts) if part.stop == count) + 1])
    )
    paging = served.paging()
    assert await read(paging) == [str(row) for row in range(count)]
    assert paging.repeats == sum(len(one.rows) for one in served.pages.values()) - count


async def test_records_without_an_id_are_left_out_by_name_and_the_others_stand() -> None:
    first = Page((Row("a"), Row("")), "2")
    served = Served({None: first, "2": Page((Row(""), Row("b")))})
    paging = served.paging()
    assert await read(paging) == ["a", "b"]
    assert paging.doubtful
    assert paging.note == "2 records without an id left out (the first is 2 of page 1)"


async def test_a_uuid_in_other_letters_is_the_same_record_and_another_id_is_not() -> None:
    uuid = "83e0d7b1-5f42-4c96-9a18-7bd3f60c25e4"
    rows = (Row(uuid), Row(uuid.upper()), Row("proj_a"), Row("proj_A"))
    paging = Served({None: Page(rows)}).paging()
    assert await read(paging) == [uuid, "proj_a", "proj_A"]
    assert paging.doubtful
