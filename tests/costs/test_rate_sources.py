"""Where rates come from, and the messages about what is wrong there."""

from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest

from billfold import ConfigError
from billfold.costs.rate_sources import TableRates


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
        ("date,base,quote,rate\n2026-10-01,eur,EUR,1.10\n", "line 2: EUR is the base, .* worth 1"),
        ('date,base,quote,rate\n2026-10-01,EUR,USD,"1.10\n', "line 2: a quote is not closed"),
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


def test_a_table_as_a_spreadsheet_saves_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "rates.csv"
    file.write_bytes(
        b'\xef\xbb\xbf"Date","Base","Quote","Rate"\r\n2026-10-01,eur,usd,"1.08"\r\n\r\n'
    )
    assert TableRates.read(file).published("USD", date(2026, 10, 1)) == Decimal("1.08")


def test_a_table_is_known_by_the_hash_of_its_file_and_its_newest_day(tmp_path: Path) -> None:
    file = tmp_path / "rates.csv"
    file.write_bytes(
        b"date,base,quote,rate\n2026-10-01,EUR,USD,1.08\n2026-10-30,EUR,GBP,0.8\n2026-10-02,EUR,USD,1\n"
    )
    table = TableRates.read(file).table
    assert (table.name, table.newest_day) == ("rates.csv", date(2026, 10, 30))
    assert table.sha256 == sha256(file.read_bytes()).hexdigest()
    assert (table.fetched_at, table.url) == (None, None)
