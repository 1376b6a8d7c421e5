"""A large body is shaped and looked at some rows at a time, and is what it is at once."""

from collections.abc import Generator
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from billfold.wire import DriftError, Unread, decode, unread
from billfold.wire.decoding import decoding
from billfold.wire.pieces import cut, dropping, shaping
from billfold.wire.unread import no_unread


class Row(Struct, gc=False):
    id: str
    cost: Decimal | None = None


class Inner(Struct):
    rows: list[Row] | None = None
    fees: tuple[Row, ...] = ()


class Bill(Struct):
    data: Inner
    rows: list[Row | None] = []
    either: list[Row] | dict[str, Row] = []
    total: Decimal | None = None


def finished(steps: Generator[None, None, Any]) -> tuple[Any, int]:
    """Return what steps come to, and how many pauses they took."""
    pauses = 0
    try:
        while True:
            next(steps)
            pauses += 1
    except StopIteration as end:
        return end.value, pauses


COSTS = st.decimals(allow_nan=False, allow_infinity=False, places=2, max_value=10**6) | st.none()
ROWS = st.lists(st.fixed_dictionaries({"id": st.text(max_size=3), "cost": COSTS}), max_size=9)
# Now and then a row that does not fit, and a value that is none of the shape's.
ODD = st.lists(st.one_of(st.none(), st.just({"id": 5}), st.just("x")), max_size=1)
LISTS = st.builds(lambda rows, odd: rows + odd, ROWS, ODD)
BILLS = st.fixed_dictionaries(
    {"data": st.fixed_dictionaries({"rows": LISTS | st.none(), "fees": ROWS})},
    optional={"rows": LISTS, "either": ROWS, "total": COSTS, "more": st.integers()},
)


@given(BILLS, st.integers(1, 4))
def test_what_is_shaped_some_rows_at_a_time_is_what_it_is_at_once(tree: Any, most: int) -> None:
    try:
        whole = msgspec.convert(tree, Bill)
    except msgspec.ValidationError:
        with pytest.raises(msgspec.ValidationError):
            finished(shaping(tree, Bill, most))
    else:
        assert finished(shaping(tree, Bill, most))[0] == whole


def test_shaping_pauses_after_so_many_rows_and_leaves_the_body_as_it_was() -> None:
    rows = [{"id": str(number)} for number in range(10)]
    tree = {"data": {"rows": rows}}
    bill, pauses = finished(shaping(tree, Bill, 4))
    assert (pauses, [row.id for row in bill.data.rows]) == (3, [str(n) for n in range(10)])
    assert tree == {"data": {"rows": [{"id": str(number)} for number in range(10)]}}


@given(BILLS, st.integers(1, 4))
def test_pieces_are_all_of_a_body_and_each_row_is_in_one(tree: Any, most: int) -> None:
    pieces = list(cut(tree, most))
    assert together(pieces) == tree
    longest = [longest_list(piece) for piece in pieces]
    assert max(longest, default=0) <= most


def together(pieces: list[Any]) -> Any:
    """Return what pieces are of."""
    if type(pieces[0]) is list:
        return [row for piece in pieces for row in piece]
    if type(pieces[0]) is not dict:
        return pieces[0]
    keys = dict.fromkeys(key for piece in pieces for key in piece)
    return {key: together([piece[key] for piece in pieces if key in piece]) for key in keys}


def longest_list(node: Any) -> int:
    """Return how many rows the longest list has that only objects are around."""
    if type(node) is dict:
        return max(map(longest_list, node.values()), default=0)
    return len(node) if type(node) is list else 0


WORDS = st.sampled_from(["id", "cost", "rows", "price", "fees", "currency", "count", "note"])
CELLS = st.sampled_from([None, 0, 5, Decimal("1.50"), "EUR", "7.25 EUR", "text", True])
CELLS_AND_MORE = st.recursive(
    CELLS, lambda cells: st.lists(cells, max_size=2) | st.dictionaries(WORDS, cells), max_leaves=6
)
UNKNOWN_ROWS = st.lists(st.dictionaries(WORDS, CELLS_AND_MORE, max_size=4), max_size=7)


@given(
    st.fixed_dictionaries(
        {"data": st.fixed_dictionaries({"rows": UNKNOWN_ROWS, "fees": UNKNOWN_ROWS})},
        optional={"more": UNKNOWN_ROWS, "price": CELLS},
    ),
    st.integers(1, 3),
)
def test_money_that_is_not_read_is_missed_in_no_piece(tree: Any, most: int) -> None:
    known, _ = finished(no_unread(tree, Bill, most))
    found = unread(tree, Bill)
    if known is not None:
        assert (known, known.may_state_currency) == (found, found.may_state_currency)


def test_rows_without_unread_money_are_known_to_have_none() -> None:
    tree = {"data": {"rows": [{"id": "a", "note": "x"}] * 5}}
    known, pauses = finished(no_unread(tree, Bill, 2))
    assert (known, pauses) == (Unread(), 5)  # three of rows, and the rest of two objects
    tree = {"data": {"rows": [*tree["data"]["rows"], {"price": 5}]}}
    assert finished(no_unread(tree, Bill, 2))[0] is None


LINE = '{"id":"%d","cost":%d.10}'


def body(last: str) -> bytes:
    """Return more than a MiB of rows, and one more."""
    rows = ",".join(LINE % (number, number) for number in range(40_000))
    return f'{{"data":{{"rows":[{rows},{last}]}},"total":"7.50"}}'.encode()


def test_a_large_body_is_decoded_in_many_steps_and_says_the_same() -> None:
    large = body('{"id":"last","cost":0.0333333333333333333333}')
    (bill, _, is_large), pauses = finished(decoding(large, Bill, []))
    assert (bill, is_large) == (msgspec.json.decode(large, type=Bill), True)
    assert bill.data.rows[-1].cost == Decimal("0.0333333333333333333333")
    assert pauses > 2 * 40  # to shape them and to look for odd numerals, a thousand rows a step


@pytest.mark.parametrize(
    ("last", "place"),
    [
        ('{"id":7}', "`$.data.rows[40000].id`"),
        ('{"id":"x","cost":"1_0"}', "`$.data.rows[40000].cost`"),
        ('{"id":"x","cost":true}', "`$.data.rows[40000].cost`"),
    ],
)
def test_the_place_of_what_does_not_fit_is_that_in_the_body(last: str, place: str) -> None:
    with pytest.raises(DriftError) as error:
        decode(body(last), Bill)
    assert place in str(error.value)


class Tagged(Struct, frozen=True):
    rows: tuple[Row | None, ...] | None = None
    name: str = ""


class Looked(Struct):
    rows: list[Row] = []

    def __post_init__(self) -> None:
        self.rows = self.rows[:1]


def test_rows_are_put_into_a_frozen_whole_and_missing_ones_among_them() -> None:
    tree = {"rows": [{"id": "a"}, None, {"id": "b"}], "name": "x"}
    made, pauses = finished(shaping(tree, Tagged, 1))
    assert (made, pauses) == (Tagged((Row("a"), None, Row("b")), "x"), 3)


def test_a_shape_that_looks_at_its_rows_has_them_when_it_does() -> None:
    assert finished(shaping({"rows": [{"id": "a"}, {"id": "b"}]}, Looked, 1))[0].rows == [Row("a")]


def test_a_body_that_was_shaped_is_let_go_of_some_rows_at_a_time() -> None:
    rows = [{"id": str(number)} for number in range(10)]
    tree = {"data": {"rows": rows}, "more": [{}] * 10}
    bill, _ = finished(shaping(tree, Bill, 4))
    assert finished(dropping(tree, Bill, 4))[1] == 2
    assert (len(rows), len(tree["more"]), len(bill.data.rows)) == (2, 10, 10)
    assert finished(dropping(tree, msgspec.Raw, 4))[1] == 2
    assert len(tree["more"]) == 2
