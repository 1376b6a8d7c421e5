"""What is decoded once and then shaped is what decoding into the shape would give."""

import re
from datetime import date
from decimal import Decimal
from enum import Enum

import msgspec
from hypothesis import example, given
from hypothesis import strategies as st

from billfold import DriftError
from billfold.wire import Time, decode


class Row(msgspec.Struct, frozen=True):
    amount: Decimal
    at: Time | None = None


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Everything(msgspec.Struct, frozen=True):
    """A field of each type that shapes have."""

    amount: Decimal
    count: int | None = None
    name: str | None = None
    flag: bool | None = None
    at: Time | None = None
    day: date | None = None
    colour: Colour | None = None
    either: Colour | Row | float | bool | None = None
    rows: tuple[Row, ...] = ()
    named: dict[str, Decimal] | None = None
    amounts: list[Decimal] | None = None
    inside: "Everything | None" = None


def _written(members: list[tuple[str, str]]) -> str:
    inside = ", ".join(f'"{key}": {value}' for key, value in members)
    return f"{{{inside}}}"


_NUMBERS = st.one_of(
    st.integers(-(10**25), 10**25).map(str),
    st.decimals(allow_nan=False, allow_infinity=False).map(str),
    st.sampled_from(["0", "-0", "1.0", "1E5", "1e-7", "-0.00", "1e400", "12345678901234567890.5"]),
)
_TEXTS = st.one_of(
    st.sampled_from(["red", "1.5", "1_0", "NaN", "2026-10-01", "2026-10-01T00:00:00Z", "\u0661"]),
    st.sampled_from(["2026-10-01T00:00:00", "2026-10-01T02:00:00.5+02:00", "inf", " 7", "x:y"]),
    st.text(max_size=6),
).map(lambda text: msgspec.json.encode(text).decode())
_KEYS = st.sampled_from([*Everything.__struct_fields__, "other", "name"])
_VALUES = st.recursive(
    st.one_of(_NUMBERS, _TEXTS, st.sampled_from(["null", "true", "false"])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.lists(st.tuples(_KEYS, inner), max_size=4).map(_written),
    ),
    max_leaves=12,
)


def _odd(text: str) -> bool:
    return re.search(r'"(1_0|NaN|inf|\u0661|[^"]*[^\x00-\x7f][^"]*)"', text) is not None


@given(st.lists(st.tuples(_KEYS, _VALUES), max_size=6).map(_written))
@example('{"amount": 1, "inside": {"amount": 2, "inside": {"amount": "1_0"}}}')
@example('{"amount": 1, "amounts": [1, "1_0"]}')
@example('{"amount": 1, "named": {"a": "NaN"}}')
@example('{"amount": 1, "either": 1.5}')
@example('{"amount": 1, "count": 1.0}')
@example('{"amount": 12345678901234567890123, "count": 12345678901234567890123}')
def test_what_is_shaped_is_what_would_be_decoded_into_the_shape(text: str) -> None:
    body = text.encode()
    try:
        told = decode(body, Everything)
    except DriftError as error:
        told = error
    try:
        typed = msgspec.json.decode(body, type=Everything)
    except msgspec.DecodeError:
        assert isinstance(told, DriftError)
        return
    if isinstance(told, DriftError):
        assert "twice" in str(told) or (_odd(text) and "Invalid decimal string" in str(told))
    else:
        assert repr(told) == repr(typed)
