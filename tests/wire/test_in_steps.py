"""A body that is decoded in steps says what it does at once, and loses no key unseen."""

import json
import sys
from types import FrameType
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from billfold.wire.in_steps import EVERYTHING, everything

# What looks like the marks between rows, and like the beginning of one.
TEXTS = st.text(max_size=5) | st.text(',{}[]":\\é \n', max_size=8) | st.just('},{"a":')
NUMBERS = st.integers(-(2**53), 2**53) | st.sampled_from([1.5, -0.25, 1e20])
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda values: (
        st.lists(values, max_size=5)
        | st.dictionaries(st.sampled_from(["a", "b"]) | TEXTS, values, max_size=4)
    ),
    max_leaves=30,
)
ROW = st.fixed_dictionaries({"a": VALUES}, optional={"rows": st.lists(VALUES), "b": VALUES})
BODIES = VALUES | st.lists(ROW) | st.fixed_dictionaries({"data": st.lists(ROW), "more": VALUES})


def in_steps(body: bytes, most: int) -> tuple[Any, bool, list[int]]:
    """Return what a body says, whether it has no key twice, and the bytes of its parts."""
    parts = list[int]()

    def decode(part: bytes) -> tuple[Any, bool]:
        parts.append(len(part))
        return next_of(everything(part, len(part)))

    return *next_of(everything(body, most, decode)), parts


def next_of(steps: Any) -> Any:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


@given(
    BODIES,
    st.sampled_from([None, 1]),
    st.booleans(),
    st.sampled_from([(",", ":"), (" , ", ": ")]),
    st.integers(1, 90),
)
@example([{"a": [{"a": 1}, {"a": '},{"a":'}], "b": 2}] * 9, None, False, (",", ":"), 20)
def test_steps_of_any_size_say_the_same(
    value: Any, indent: int | None, ascii_only: bool, marks: tuple[str, str], most: int
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only, separators=marks)
    body = text.encode()
    assert in_steps(body, most)[:2] == (EVERYTHING.decode(body), True)


@given(BODIES, st.integers(1, 60), st.data())
def test_steps_refuse_what_is_refused_at_once_and_read_what_is_read(
    value: Any, most: int, data: st.DataObject
) -> None:
    body = bytearray(json.dumps(value).encode())
    at = data.draw(st.integers(0, len(body) - 1))
    match data.draw(st.sampled_from(["cut", "lose", "put"])):
        case "cut":
            del body[at:]
        case "lose":
            del body[at]
        case _:
            body[at:at] = data.draw(
                st.sampled_from([b",", b"}", b"{", b"]", b"[", b'"', b":", b"1", b"\xff"])
            )
    try:
        whole = EVERYTHING.decode(body)
    except msgspec.DecodeError:
        with pytest.raises(msgspec.DecodeError):
            in_steps(bytes(body), most)
    else:
        assert in_steps(bytes(body), most)[0] == whole


@given(BODIES, st.integers(1, 60), st.data())
def test_a_key_that_stands_twice_anywhere_is_never_sure(
    value: Any, most: int, data: st.DataObject
) -> None:
    body = json.dumps(value).encode()
    places = [at for at in range(len(body)) if body.startswith(b'{"a"', at)]
    places = [
        at for at in places if json.loads(body[:at] + b'{"\\u0061":0,' + body[at + 1 :]) == value
    ]
    if places:
        at = data.draw(st.sampled_from(places))
        twice = body[:at] + b'{"\\u0061":0,' + body[at + 1 :]
        assert not in_steps(twice, most)[1]


SHAPES = {
    "rows": lambda row, n: {"data": [row(i) for i in range(n)], "more": False},
    "rows alone": lambda row, n: [row(i) for i in range(n)],
    "rows within": lambda row, n: {"data": {"attributes": {"rows": [row(i) for i in range(n)]}}},
    "two lists": lambda row, n: {
        "first": [row(i) for i in range(n)],
        "second": [row(i) for i in range(n)],
    },
    "rows of one row": lambda row, n: [{"id": 0, "rows": [row(i) for i in range(n)]}],
    "a map of rows": lambda row, n: {"data": {f"id-{i}": row(i) for i in range(n)}},
    "numbers": lambda row, n: {"data": [*range(n)]},
    "lists": lambda row, n: [[i, [i]] for i in range(n)],
}
ROWS = {
    "flat": lambda i: {"id": i, "name": f"row {i}"},
    "with rows that begin alike": lambda i: {
        "id": i,
        "rows": [{"id": n} for n in range(30)],
        "z": 1,
    },
    "with texts like rows": lambda i: {"id": i, "name": '},{"id":1'},
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("indent", [None, 2])
def test_no_step_decodes_much_more_than_it_may(shape: str, row: str, indent: int | None) -> None:
    value = SHAPES[shape](ROWS[row], 1_500)
    body, most = json.dumps(value, indent=indent).encode(), 20_000
    tree, is_sure, parts = in_steps(body, most)
    assert (tree, is_sure) == (value, True)
    assert max(parts) < 2.1 * most


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("row", ROWS)
def test_between_two_pauses_one_cut_is_tried(shape: str, row: str) -> None:
    body = json.dumps(SHAPES[shape](ROWS[row], 1_500)).encode()
    assert max(tried_in_each_step(body, 20_000)) <= 1


CUT = (list[msgspec.Raw], dict[str, msgspec.Raw])


def tried_in_each_step(body: bytes, most: int) -> list[int]:
    """Return how often each step reads a part of a body as a list or an object, in vain or not."""
    tried = [0]

    def count(_: FrameType, event: str, called: Any) -> None:
        if event == "c_call" and called.__name__ == "decode":
            decoder = getattr(called, "__self__", None)
            tried[-1] += getattr(decoder, "type", None) in CUT

    steps = everything(body, most)
    sys.setprofile(count)
    try:
        for _ in steps:
            tried.append(0)
    finally:
        sys.setprofile(None)
    return tried


def test_numbers_are_of_their_own_text() -> None:
    rows = ",".join(f'{{"cost":{n}.10}}' for n in range(100))
    tree, is_sure, parts = in_steps(f'{{"data":[{rows}],"more":false}}'.encode(), 200)
    assert (is_sure, tree["more"]) == (True, False)
    assert 5 < len(parts) < 20
    assert [str(row["cost"]) for row in tree["data"]] == [f"{n}.10" for n in range(100)]


@pytest.mark.parametrize(
    "body",
    [
        b'{"data":[{"a":1},{"a":2,"a":3}]}',
        b'{"data":[{"a":1},{"a":2}],"data":[{"a":3}]}',
        b'{"data":{"rows":[{"a":1},{"a":2}],"rows":[]}}',
    ],
)
def test_a_key_that_stands_twice_is_never_sure(body: bytes) -> None:
    assert [in_steps(body, most)[1] for most in (1, 10, 1_000)] == [False] * 3


@pytest.mark.parametrize(
    "body", [b'{"data":[{"a":1},{"a":2}', b'[{"a":1},{"a":}]', b'{"a":1} more', b"[{}]]"]
)
def test_what_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        in_steps(body, 1)
