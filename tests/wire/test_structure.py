"""What a body will take is told before it is decoded, and looking at one takes no more than it."""

import gc
import time
from collections.abc import Callable
from decimal import Decimal
from itertools import count, islice
from typing import Any

import msgspec
import pytest

from billfold import DriftError
from billfold.http.remarks import Remarks
from billfold.wire import decode
from billfold.wire.cosmetic import Cosmetic
from billfold.wire.structure import has_more_marks, most_marks

MIB = 1024 * 1024


class Rows(msgspec.Struct):
    data: list[dict[str, Any]] = []


class Row(msgspec.Struct):
    amount: Decimal
    name: str = ""
    note: Cosmetic[str] = None


@pytest.mark.parametrize(
    ("body", "marks"),
    [(b"0", 0), (b"[]", 1), (b"[0,0,0]", 3), (b'{"a":[{},{}]}', 6), (b'"a, b: c"', 2)],
)
def test_marks_are_what_stands_between_values(body: bytes, marks: int) -> None:
    padded = body.ljust(10)
    assert has_more_marks(padded, marks - 1) or marks == 0
    assert not has_more_marks(padded, marks)


def test_a_budget_grows_with_the_largest_body_and_a_small_one_is_always_decoded() -> None:
    assert most_marks(32 * MIB) == 2 * MIB
    assert most_marks(1) == 100_000


# What a key says is remembered: a second try with the same few keys would be faster than any other.
_NEVER_SEEN = count()

BODIES: dict[str, Callable[[int], bytes]] = {
    "lists": lambda n: b'{"data":[' + b",".join([b"[]"] * n) + b"]}",
    "numbers": lambda n: b'{"data":[' + b",".join([b"1.5"] * n) + b"]}",
    "numbers unread": lambda n: b'{"x":[' + b",".join([b"1.5"] * n) + b"]}",
    "rows with keys of their own": lambda n: (
        b'{"x":[' + b",".join(b'{"k%d":[]}' % i for i in islice(_NEVER_SEEN, n)) + b"]}"
    ),
    "read rows with keys of their own": lambda n: (
        b'{"data":[' + b",".join(b'{"k%d":[]}' % i for i in islice(_NEVER_SEEN, n)) + b"]}"
    ),
    "keys": lambda n: b'{"x":{' + b",".join(b'"%d":0' % i for i in islice(_NEVER_SEEN, n)) + b"}}",
    "keys at the top": lambda n: (
        b"{" + b",".join(b'"%d":0' % i for i in islice(_NEVER_SEEN, n)) + b"}"
    ),
    "a key twice": lambda n: b'{"x":{' + b",".join([b'"a":0'] * n) + b"}}",
    "nested": lambda n: b'{"x":' + b"[" * n + b"]" * n + b"}",
}


@pytest.mark.parametrize("name", BODIES)
def test_the_time_to_look_at_values_grows_with_their_number(name: str) -> None:
    few, many = _fastest(name, 5_000, tries=5), _fastest(name, 300_000, tries=1)
    # What grows with the square takes 3,600 times as long; what outgrows the processor's caches, 200.
    assert many < 1_000 * max(few, 0.001)
    # So many are looked at, and not refused: with the square, 900 times as long.
    few, many = _fastest(name, 500, tries=5), _fastest(name, 15_000, tries=1)
    assert many < 300 * max(few, 0.001)


def _fastest(name: str, values: int, *, tries: int) -> float:
    return min(_seconds(BODIES[name](values)) for _ in range(tries))


def _seconds(body: bytes) -> float:
    """Return the processor's seconds of looking at a body, without what the collector adds."""
    gc.disable()
    began, remarks = time.process_time(), Remarks()
    try:
        decode(body, Rows)
        remarks.look("/x", msgspec.json.decode(body), Rows)
    except (DriftError, msgspec.ValidationError, RecursionError):
        pass
    finally:
        gc.enable()
    return time.process_time() - began


def test_too_many_keys_to_look_at_are_a_gap() -> None:
    remarks = Remarks()
    remarks.look("/x", {"x": {str(number): 0 for number in range(20_001)}}, Rows)
    (remark,) = remarks
    assert remark.text == "/x is of too many keys to look for what was not read"
    assert remark.gap


def test_keys_that_are_many_are_still_looked_at() -> None:
    remarks = Remarks()
    rows = [{f"k{number}": 1} for number in range(100)]
    remarks.look("/x", {"x": [*rows, {"price": 5}]}, Rows)
    (remark,) = remarks
    assert remark.text == "rows of money not read in /x: `$.x[100].price`"


def rows(count: int, name: str, amount: str = "1.50") -> bytes:
    row = f'{{"amount": "{amount}", "name": "{name}", "a": [{",".join("0" * 50)}]}}'.encode()
    return b"[" + b",".join([row] * count) + b"]"


@pytest.mark.parametrize("count", [10, 10_000])
def test_a_name_that_looks_like_an_odd_number_is_a_name_in_a_body_of_any_size(count: int) -> None:
    read = decode(rows(count, "2024_10"), list[Row])
    assert (len(read), read[0].name, read[0].amount) == (count, "2024_10", Decimal("1.50"))


@pytest.mark.parametrize("count", [10, 10_000])
def test_an_odd_number_is_refused_in_a_body_of_any_size(count: int) -> None:
    with pytest.raises(DriftError, match=r"at `\$\[0\]\.amount`"):
        decode(rows(count, "a", "1_0"), list[Row])
