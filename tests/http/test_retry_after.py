"""When a provider says to come back."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billfold.http.retry_after import retry_at

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def wait(
    headers: dict[str, str], *, status: int = 429, in_body: float | None = None
) -> float | None:
    moment = retry_at(headers, status=status, in_body=in_body, now=NOW)
    return None if moment is None else (moment - NOW).total_seconds()


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        (" 7 ", 7),
        ("1.5", 1.5),
        ("Fri, 20 Nov 2026 12:01:00 GMT", 60),
        ("Friday, 20-Nov-26 12:01:00 GMT", 60),
        ("Fri Nov 20 12:01:00 2026", 60),
        ("Fri, 20 Nov 2026 14:01:00 +0200", 60),
        ("Fri, 20 Nov 2026 11:59:00 GMT", 0),
    ],
)
def test_retry_after_is_seconds_fractions_or_a_date(value: str, seconds: float) -> None:
    assert wait({"Retry-After": value}) == seconds


@pytest.mark.parametrize(
    "value",
    [
        "",
        "soon",
        "-5",
        "1.5.2",
        "12 s",
        "٣",
        "Fri, 32 Nov 2026 12:00:00 GMT",
        "Fri, 20 Nov 2026 25:00:00 GMT",
        "Fri, 31 Dec 9999 23:59:59 -0500",
        "Fri, 20 Nov 2026 12:00:00 +99999999999999999999",
    ],
)
def test_an_unreadable_retry_after_is_none(value: str) -> None:
    assert wait({"Retry-After": value}) is None


def test_nothing_said_is_none() -> None:
    assert wait({}) is None


def test_a_date_is_read_against_the_servers_own_clock() -> None:
    headers = {
        "Date": "Fri, 20 Nov 2026 09:00:00 GMT",
        "Retry-After": "Fri, 20 Nov 2026 09:01:00 GMT",
    }
    assert wait(headers) == 60


@pytest.mark.parametrize(
    ("headers", "in_body", "seconds"),
    [
        ({"retry-after-ms": "250"}, None, 0.25),
        ({"retry-after-ms": "250", "Retry-After": "1"}, None, 0.25),
        ({"Retry-After": "1"}, 9.0, 1),
        ({}, 2.5, 2.5),
        ({"RateLimit-Reset": "30"}, None, 30),
        ({"X-RateLimit-Reset": "1795176060"}, None, 60),
        ({"X-RateLimit-Reset": "1795176060000"}, None, 60),
        ({"X-RateLimit-Reset": "30"}, 4.0, 4),
    ],
)
def test_the_most_exact_word_counts(
    headers: dict[str, str], in_body: float | None, seconds: float
) -> None:
    assert wait(headers, in_body=in_body) == seconds


def test_the_reset_of_a_limit_means_nothing_beside_another_status() -> None:
    assert wait({"RateLimit-Reset": "30"}, status=503) is None


@given(
    st.sampled_from(["Retry-After", "retry-after-ms", "RateLimit-Reset", "Date"]),
    st.text(alphabet="0123456789 ,:+-.FriSatNovDecGMTZabc\x00é", max_size=40)
    | st.text(max_size=20),
)
def test_no_header_breaks_anything(name: str, value: str) -> None:
    moment = retry_at({name: value}, status=429, in_body=None, now=NOW)
    assert moment is None or moment.tzinfo is UTC


@pytest.mark.parametrize("value", ["99999999999", "9" * 20])
def test_a_wait_of_centuries_is_ten_years(value: str) -> None:
    assert wait({"Retry-After": value}) == 315_360_000


def test_a_wait_in_the_body_may_be_anything_that_is_a_number() -> None:
    assert wait({}, in_body=1e300) == 315_360_000
    assert wait({}, in_body=-5.0) == 0
    assert wait({}, in_body=float("nan")) is None
    assert wait({}, in_body=Decimal("1.5")) == 1.5  # type: ignore[arg-type]


def test_a_clock_from_the_first_year_to_the_last_is_ten_years() -> None:
    headers = {
        "Date": "Mon, 01 Jan 0001 00:00:00 GMT",
        "Retry-After": "Fri, 31 Dec 9999 00:00:00 GMT",
    }
    assert wait(headers) == 315_360_000
