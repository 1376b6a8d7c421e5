"""Bytes become exact shapes, or an error that says where and quotes nothing."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from billfold import DriftError, Money, Period
from billfold.wire import Cosmetic, Time, decode, fingerprint, parse_rows


class Row(msgspec.Struct, frozen=True):
    amount: Decimal
    at: Time | None = None
    name: str | None = None


class Page(msgspec.Struct, frozen=True):
    data: tuple[Row, ...]


@pytest.mark.parametrize(
    "text", ["0.1", "12.340", "1e2", "-0.000001", "9" * 60, "0.30000000000000004", "1E-7"]
)
def test_a_number_is_read_from_its_own_text(text: str) -> None:
    row = decode(f'{{"amount": {text}}}'.encode(), Row)
    assert row.amount.as_tuple() == Decimal(text).as_tuple()


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_every_decimal_is_read_exactly_as_number_or_as_text(number: Decimal) -> None:
    assert decode(f'{{"amount": "{number}"}}'.encode(), Row).amount == number
    assert decode(f'{{"amount": {number}}}'.encode(), Row).amount == number


def test_unknown_fields_are_ignored_and_missing_optional_ones_are_none() -> None:
    row = decode(b'{"amount": 1, "brand_new": {"deep": [1.5, null]}}', Row)
    assert (row.amount, row.at, row.name) == (Decimal(1), None, None)


def test_a_time_is_aware() -> None:
    assert decode(b'{"amount": 1, "at": "2026-10-01T02:00:00+02:00"}', Row).at == datetime(
        2026, 10, 1, tzinfo=UTC
    )


@pytest.mark.parametrize(
    "text",
    [
        "2026-10-31T23:59:59.999999999Z",
        "2026-10-31t23:59:59.9999995Z",
        "2026-11-01 00:59:59.999999999999+01:00",
    ],
)
def test_the_last_nanosecond_of_a_month_is_not_the_next_month(text: str) -> None:
    row = decode(f'{{"at": "{text}", "amount": 31.99999999999}}'.encode(), Row)
    assert row.at == datetime(2026, 10, 31, 23, 59, 59, 999999, tzinfo=UTC)
    assert row.amount == Decimal("31.99999999999")


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (
            b'{"data": [{"amount": 1}, {"amount": []}]}',
            r"Expected `decimal`, got `array` - at `\$\.data\[1\]\.amount`",
        ),
        (b'{"data": [{"amount": true}]}', r"got `bool` - at `\$\.data\[0\]\.amount`"),
        (b'{"data": [{"amount": "personal"}]}', r"at `\$\.data\[0\]\.amount`"),
        (b'{"data": [{"amount": 1e99999999999999999999}]}', r"at `\$\.data\[0\]\.amount`"),
        (b'{"data": [{"amount": null}]}', r"got `null` - at `\$\.data\[0\]\.amount`"),
        (
            b'{"data": [{"name": "personal"}]}',
            r"missing required field `amount` - at `\$\.data\[0\]`",
        ),
        (b'{"data": [{"amount": 1, "name": 5}]}', r"at `\$\.data\[0\]\.name`"),
        (
            b'{"data": [{"amount": 1, "at": "2026-10-01T00:00:00"}]}',
            r"timezone component - at `\$\.data\[0\]\.at`",
        ),
        (
            b'{"data": [{"amount": 1, "at": "2026-10-01"}]}',
            r"Invalid RFC3339 .* at `\$\.data\[0\]\.at`",
        ),
        (b'{"data": [{"amount": 1, "at": 1790812800}]}', r"at `\$\.data\[0\]\.at`"),
        (b'{"data": {"personal": 1}}', r"Expected `array`, got `object` - at `\$\.data`"),
        (b"[]", "Expected `object`, got `array`"),
        (b"null", "got `null`"),
        (b'"personal"', "got `str`"),
    ],
)
def test_what_does_not_fit_is_drift_with_its_path(body: bytes, told: str) -> None:
    with pytest.raises(DriftError, match=told) as caught:
        decode(body, Page)
    assert "personal" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"<html><body>personal</body></html>", "is HTML"),
        (b"\n<!doctype html>personal", "is HTML"),
        (b'{"data": [{"amount": 1', "is not readable JSON"),
        (b'{"data": []} personal', "is not readable JSON"),
        (b"personal", "is not readable JSON"),
        (b'{"data": [{"amount": NaN}]}', "is not readable JSON"),
        (b'{"data": [{"amount": Infinity}]}', "is not readable JSON"),
        (b'{"data": [{"amount": -Infinity}]}', "is not readable JSON"),
        (b'{"data": [{"amount": 0x10}]}', "is not readable JSON"),
        (b'{"data": [{"amount": 1.}]}', "is not readable JSON"),
        (b'{"data": [{"amount": 1, "name": "\xff\xfepersonal"}]}', "is no text in UTF-8"),
        (b'{"data": [{"amount": 1, "name": "\\ud800"}]}', "is not readable JSON"),
        (b'\xef\xbb\xbf{"data": []}', "is not readable JSON"),
        (b'{"deep": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "is nested too deep"),
        (b"[" * 100_000, "^the reply is nested too deep$"),
    ],
)
def test_what_is_no_json_is_drift_and_named(body: bytes, told: str) -> None:
    with pytest.raises(DriftError, match=told) as caught:
        decode(body, Page)
    assert "personal" not in str(caught.value)
    assert len(str(caught.value)) < 200


@given(st.binary(max_size=200))
def test_any_bytes_are_a_page_or_drift(body: bytes) -> None:
    try:
        read: object = decode(body, Page)
    except DriftError as error:
        read = error
    assert isinstance(read, Page | DriftError)


def test_any_cut_of_a_reply_is_drift() -> None:
    whole = b'{"data": [{"amount": 12.34, "at": "2026-10-01T00:00:00Z", "name": "a"}]}'
    for length in range(len(whole)):
        with pytest.raises(DriftError):
            decode(whole[:length], Page)


def test_rows_are_read_in_order() -> None:
    assert parse_rows("$.data", [1, 2, 3], lambda n: Money.minor(n, "EUR")) == tuple(
        Money.minor(n, "EUR") for n in (1, 2, 3)
    )
    assert parse_rows("$.data", [], str) == ()


@pytest.mark.parametrize(
    "read",
    [
        lambda number: Money(number, "EUR"),
        lambda number: Money.minor(1, f"no currency {number}"),
        lambda number: Period.days(date(2026, 10, 2), date(2026, 10, 1)),
        lambda number: int(Decimal("Infinity")),
    ],
)
def test_a_value_that_no_model_can_hold_is_drift_at_its_row(read) -> None:
    with pytest.raises(DriftError, match=r"does not fit its contract: .* at `\$\.data\[2\]`"):
        parse_rows(
            "$.data",
            [0, 0, Decimal("NaN")],
            lambda number: read(number) if isinstance(number, Decimal) else number,
        )


def test_a_bug_in_reading_is_raised_as_it_is() -> None:
    with pytest.raises(KeyError):
        parse_rows("$.data", [{}], lambda row: row["missing"])


def test_fingerprints_tell_apart_what_python_hashes_alike() -> None:
    assert hash(Row(Decimal(-1))) == hash(Row(Decimal(-2)))
    assert fingerprint(Row(Decimal(-1))) != fingerprint(Row(Decimal(-2)))
    assert fingerprint(Row(Decimal(-1), name="a")) == fingerprint(Row(Decimal(-1), name="a"))


@pytest.mark.parametrize(
    "body",
    [
        b'{"amount": 1, "amount": 2}',
        b'{"amount": 1, "other": {"a": [], "a": []}}',
        b'{"amount": 1, "\\u0061mount": 2}',
        b'{"amount": 1, "a\\u003a": 1, "a:": 2}',
        b'{"amount": ' + b"7" * 400 + b', "amount": 2}',
    ],
)
def test_a_key_that_stands_twice_is_drift_because_no_one_knows_which_value_counts(
    body: bytes,
) -> None:
    with pytest.raises(DriftError, match=r"the key '(amount|a|a:)' twice in one object"):
        decode(body, Row)


@pytest.mark.parametrize(
    "body",
    [
        b'{"amount": 5, "name": "10:00:00", "\\u003a": {"amount": 1}}',
        b'{"amount": 5, "rows": [{"id": 1}, {"id": 1}], "rate": 1e400}',
        b'{"amount": 5, "big": ' + b"7" * 5000 + b"}",
    ],
)
def test_colons_and_numbers_beyond_floats_are_no_double_keys(body: bytes) -> None:
    assert decode(body, Row).amount == 5


def test_a_reply_that_is_no_object_at_all_names_the_root() -> None:
    with pytest.raises(DriftError, match=r"at `\$`"):
        decode(b"null", Row)


class Lease(msgspec.Struct, frozen=True):
    cents: Decimal
    name: Cosmetic[str] = None
    number: Cosmetic[Decimal] = None
    ended_at: Cosmetic[Time] = None
    month: Cosmetic[int] = None


class Leases(msgspec.Struct, frozen=True):
    data: tuple[Lease, ...]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ('"1_0"', "$.data[1].amount"),
        ('"\uff11\uff10"', "$.data[1].amount"),
        ('"\\uff11"', "$.data[1].amount"),
        ('"\u0661\u0662"', "$.data[1].amount"),
        ('"1\u00a0"', "$.data[1].amount"),
        ('"NaN"', "$.data[1].amount"),
        ('"-sNaN12"', "$.data[1].amount"),
        ('"Infinity"', "$.data[1].amount"),
    ],
)
def test_text_that_only_python_reads_as_a_number_is_drift(text: str, path: str) -> None:
    body = f'{{"data": [{{"amount": 1}}, {{"amount": {text}}}]}}'.encode()
    with pytest.raises(DriftError, match=re.escape(f"at `{path}`")):
        decode(body, Page)


@pytest.mark.parametrize("text", ["12.50", " 12.50", "+12.50", "1250e-2", "\\u0031\\u0032.50"])
def test_a_numeral_that_can_mean_one_thing_only_is_a_number(text: str) -> None:
    assert decode(f'{{"amount": "{text}"}}'.encode(), Row).amount == Decimal("12.50")


def test_names_of_any_script_beside_amounts_are_names() -> None:
    row = decode('{"amount": "12.50", "name": "\uff11_\uff12"}'.encode(), Row)
    assert (row.amount, row.name) == (Decimal("12.50"), "\uff11_\uff12")


def test_a_long_text_of_odd_signs_is_looked_at_once() -> None:
    body = b'{"amount": 1, "name": "' + b"_" * 2_000_000 + b'x"}'
    assert decode(body, Row).amount == 1
    with pytest.raises(DriftError, match=r"\$\.amount"):
        decode(b'{"amount": "' + b"1" * 2_000_000 + b'_1"}', Row)


@pytest.mark.parametrize(
    ("field", "value", "read"),
    [
        ("name", "7", "7"),
        ("name", "1.50", "1.50"),
        ("name", "1e400", "1e400"),
        ("name", "null", None),
        ("number", '"7"', Decimal(7)),
        ("number", "123456789012345678901234567890", Decimal("123456789012345678901234567890")),
        ("ended_at", "1790812800", datetime(2026, 10, 1, tzinfo=UTC)),
        ("month", '"4"', 4),
        ("month", "5.0", 5),
    ],
)
def test_a_cosmetic_value_is_read_where_it_can_mean_one_thing_only(
    field: str, value: str, read: object
) -> None:
    left_out: list[str] = []
    body = f'{{"data": [{{"cents": 12.340, "{field}": {value}}}]}}'.encode()
    (lease,) = decode(body, Leases, left_out).data
    assert (getattr(lease, field), str(lease.cents), left_out) == (read, "12.340", [])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", '{"text": "lint"}'),
        ("name", "[]"),
        ("name", "true"),
        ("number", '"1_0"'),
        ("number", '"NaN"'),
        ("number", "[]"),
        ("ended_at", '"yesterday"'),
        ("ended_at", '"2026-10-01T00:00:00"'),
        ("ended_at", "1e400"),
        ("month", "5.5"),
        ("month", "1e400"),
    ],
)
def test_a_cosmetic_value_that_does_not_fit_is_left_out_and_named(field: str, value: str) -> None:
    left_out: list[str] = []
    body = f'{{"data": [{{"cents": 1}}, {{"cents": 12.340, "{field}": {value}}}]}}'.encode()
    _, lease = decode(body, Leases, left_out).data
    assert (getattr(lease, field), str(lease.cents)) == (None, "12.340")
    assert left_out == [f"$.data[1].{field}"]


class Discount(msgspec.Struct, frozen=True):
    value: Cosmetic[Decimal] = None
    name: Cosmetic[str] = None


class Discounted(msgspec.Struct, frozen=True):
    cents: Decimal
    best: Cosmetic[Discount] = None
    discounts: Cosmetic[tuple[Cosmetic[Discount], ...]] = None
    tags: Cosmetic[dict[str, Cosmetic[str]]] = None


@pytest.mark.parametrize(
    ("rest", "read", "left_out"),
    [
        ('"best": []', {}, ["best"]),
        ('"best": {"value": "7,5", "name": "x"}', {"best": Discount(None, "x")}, ["best.value"]),
        ('"discounts": {}', {}, ["discounts"]),
        (
            '"discounts": [3, {"value": 1.50, "name": []}, {"value": "1_0"}, {"name": "y"}]',
            {
                "discounts": (
                    None,
                    Discount(Decimal("1.50")),
                    Discount(),
                    Discount(name="y"),
                )
            },
            ["discounts[0]", "discounts[1].name", "discounts[2].value"],
        ),
        ('"tags": {"a": {}, "b": "c"}', {"tags": {"a": None, "b": "c"}}, ["tags[...]"]),
        ('"tags": []', {}, ["tags"]),
    ],
)
def test_what_is_odd_in_a_cosmetic_value_loses_nothing_beside_it(
    rest: str, read: dict[str, object], left_out: list[str]
) -> None:
    told: list[str] = []
    body = f'{{"cents": 0.10000000000000000000000000000000000000001, {rest}}}'.encode()
    row = decode(body, Discounted, told)
    assert row == Discounted(Decimal("0.10000000000000000000000000000000000000001"), **read)  # type: ignore[arg-type]
    assert told == [f"$.{path}" for path in left_out]


class Tier(msgspec.Struct, frozen=True):
    price: Decimal


class Tiered(msgspec.Struct, frozen=True):
    tier: Cosmetic[Tier] = None


def test_a_numeral_that_only_python_reads_takes_the_cosmetic_value_that_needs_it_along() -> None:
    left_out: list[str] = []
    assert decode(b'{"tier": {"price": "1_0"}}', Tiered, left_out) == Tiered()
    assert left_out == ["$.tier"]


def test_an_amount_that_does_not_fit_is_drift_beside_cosmetic_values_that_do_not() -> None:
    left_out: list[str] = []
    body = b'{"data": [{"cents": 1, "name": []}, {"cents": []}]}'
    with pytest.raises(DriftError, match=r"Expected `decimal`, .* at `\$\.data\[1\]\.cents`"):
        decode(body, Leases, left_out)
    assert left_out == []


@pytest.mark.parametrize(
    "rest", [b'{"cents": NaN}]}', b'{"cents"', b'{"cents": 1, "x": "\\ud800"}]}', b'], "data": []}']
)
def test_what_is_no_json_behind_an_odd_value_is_drift(rest: bytes) -> None:
    with pytest.raises(DriftError):
        decode(b'{"data": [{"cents": 1, "name": []}, ' + rest, Leases)
