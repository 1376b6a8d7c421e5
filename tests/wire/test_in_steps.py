"""A body that is decoded in steps says what it does at once, and loses no key unseen."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from billfold.wire.in_steps import EVERYTHING, everything

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5),
    lambda values: (
        st.lists(values, max_size=4) | st.dictionaries(st.text(max_size=2), values, max_size=4)
    ),
    max_leaves=20,
)


def in_steps(body: bytes, most: int) -> tuple[Any, bool, int]:
    """Return what a body says, whether it has surely no key twice, and how many pauses it took."""
    steps, pauses = everything(body, most), 0
    try:
        while True:
            next(steps)
            pauses += 1
    except StopIteration as end:
        return *end.value, pauses


@given(VALUES, st.sampled_from([None, 1]), st.integers(1, 40))
def test_steps_of_any_size_say_the_same(value: Any, indent: int | None, most: int) -> None:
    body = json.dumps(value, indent=indent).encode()
    assert in_steps(body, most)[0] == EVERYTHING.decode(body)


def test_rows_are_decoded_some_at_a_time_and_numbers_from_their_text() -> None:
    rows = ",".join(f'{{"cost":{n}.10}}' for n in range(100))
    tree, is_sure, pauses = in_steps(f'{{"data":[{rows}],"more":false}}'.encode(), 200)
    assert (is_sure, tree["more"], pauses) == (True, False, 10)  # 15 rows at a time
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
