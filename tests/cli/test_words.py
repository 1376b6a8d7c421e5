"""Wrong use is told in a sentence that says what is wrong and what to do, before any request."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

# What only a reader of the code understands.
INTERNALS = re.compile(r"<class|Traceback|\\w+Error\\b|Exception|None\\b|\\bdecimal\\.")
FILES = {
    "comma.csv": b"date,base,quote,rate\n2026-10-01,EUR,USD,1,08\n",
    "semicolon.csv": b"date;base;quote;rate\n2026-10-01;EUR;USD;1,08\n",
    "quoted.csv": b'date,base,quote,rate\n2026-10-01,EUR,USD,"1,08"\n',
    "header.csv": b"Day,From,To,Rate\n2026-10-01,EUR,USD,1.08\n",
    "underscore.csv": b"date,base,quote,rate\n2026-10-01,EUR,USD,1_0\n",
    "utf16.csv": "date,base,quote,rate\n".encode("utf-16"),
    "utf16.toml": "[[rule]]\n".encode("utf-16"),
    "broken.toml": b"[[rule\n",
    "file": b"",
}
RATES = ("costs", "--in", "usd", "--rates")
PERIOD = ("costs", "--period")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((*RATES, "comma.csv"), "comma.csv: line 2: has 5 cells, not 4; a rate has a point"),
        ((*RATES, "semicolon.csv"), "line 1: the columns are date,base,quote,rate with commas"),
        ((*RATES, "quoted.csv"), "quoted.csv: line 2: '1,08' has a comma; write 1.08"),
        ((*RATES, "header.csv"), "header.csv: line 1: the columns are date,base,quote,rate"),
        ((*RATES, "underscore.csv"), "line 2: '1_0' is not a number; write it like 1234.56"),
        ((*RATES, "utf16.csv"), "utf16.csv: cannot be read: it is not UTF-8; save it as UTF-8"),
        ((*RATES, "folder"), "folder: cannot be read: Is a directory"),
        ((*RATES, ""), "'--rates': the name is empty"),
        (("costs", "--rules", "utf16.toml"), "it is not UTF-8; save it as UTF-8"),
        (("costs", "--rules", "broken.toml"), "broken.toml: is not TOML: "),
        (("costs", "--rules", " "), "'--rules': the name is empty"),
        (("allocate", "--check", ""), "'--check': the name is empty"),
        (("costs", "--in", "euro"), "--in: 'EURO' is not a currency code of ISO 4217"),
        (("costs", "--in", ""), "--in: '' is not a currency code of ISO 4217"),
        (("costs", "--in", "usd", "--constant", "eur=0,9"), "'0,9' has a comma; write 0.9"),
        (("costs", "--in", "usd", "--constant", "eur=1_0"), "'1_0' is not a number"),
        (("costs", "--in", "usd", "--constant", "eur=\uff11"), "'\uff11' is not a number"),
        (("costs", "--in", "usd", "--constant", ""), "write it like USD=1.08"),
        (("costs", "--by", "Provider"), "'Provider' is not a dimension; did you mean provider?"),
        (("costs", "--by", "provider;service"), "is not a dimension; did you mean"),
        (
            ("costs", "--by", "project"),
            "--by: 'project' is not a dimension; did you mean sub_account?",
        ),
        (("costs", "--by", "cost_center"), "is not a dimension; did you mean cost_centre?"),
        (("costs", "--by", "cost_centre"), "needs the rules that allocate: add --rules FILE"),
        (("trend", "--by", "tags"), "'tags' is not a dimension; did you mean tag:KEY?"),
        (("costs", "--top", "1_0"), "'1_0' is no whole number from 1 to"),
        (("costs", "--top", "\uff13"), "'\uff13' is no whole number from 1 to"),
        (("costs", "--format", "xml"), "'xml' is not one of 'table', 'json', 'csv'"),
        (("costs", "--compare", ""), "the choices are: previous, known:TIME"),
        (
            ("costs", "--compare", "known:"),
            "--compare: '' is no moment; write 2026-11-03 or 2026-11-03T12:00:00Z",
        ),
        ((*PERIOD, "2026-13"), "there is no month 13 in year 2026"),
        (
            (*PERIOD, "2026-10-31..2026-10-01"),
            "2026-10-31T00:00:00Z is not before its end 2026-10-01",
        ),
        ((*PERIOD, "10/2026"), "'10/2026' is not a period; write 2026-10, 2026-10-05"),
        (
            (*PERIOD, "october"),
            "--period: 'october' is not a period; write 2026-10, 2026-10-05, 2026-Q3",
        ),
        ((*PERIOD, "2026-10-01/2026-10-31"), "or a range like 2026-10-01..2026-10-15 (the end is"),
        ((*PERIOD, "\uff12\uff10\uff12\uff16-10"), "is not a period; write 2026-10"),
        ((*PERIOD, "lastmonth"), "is not a period; did you mean last-month? write 2026-10"),
        ((*PERIOD, "2026-Q5"), "'2026-Q5' is not a period"),
        ((*PERIOD, "7days"), "'7days' is not a period"),
        ((*PERIOD, ""), "'' is not a period; write 2026-10"),
        (
            ("--deadline", "1,5", "costs"),
            "'1,5' is not more than 0 seconds, written like 30 or 0.5",
        ),
        (("--deadline", "1_0", "costs"), "'1_0' is not more than 0 seconds"),
        (("--deadline", "inf", "costs"), "'inf' is not more than 0 seconds"),
        (("--deadline", "0", "costs"), "'0' is not more than 0 seconds"),
        (("--deadline", "", "costs"), "'' is not more than 0 seconds"),
        (("usage", "--acount", "ci"), "No such option: --acount. Did you mean --account?"),
        (("usage", "--lins"), "No such option: --lins. Did you mean --lines?"),
        (("--vrebose", "usage"), "No such option: --vrebose. Did you mean --verbose?"),
        (("rates", "update", "--baseurl", "x"), "--baseurl. Did you mean --base-url?"),
        (("usage", "-z"), "No such option: -z."),
        (("usage", "--zzzz"), "No such option: --zzzz."),
        (("--account", "Metall", "costs"), "named 'Metall'; did you mean 'metal'? there are: "),
        (("--account", "", "costs"), "no account is named ''; there are: "),
        (("--provider", "", "costs"), "no account has the provider ''; there are: "),
        (("--config", "", "costs"), "'--config' / '-c': the name is empty"),
        (("explain", ""), "there is nothing to explain: give an amount, like 142.82"),
        (("invoice", "cloud", ""), "the invoice's id is empty; give an id or number"),
        (("invoice", "nobody", "1"), "no account is named 'nobody'"),
        (("invoice", "cloud", "1", "--pdf", ""), "'--pdf': the name is empty"),
        (("export", "focus", "--out", ""), "'--out' / '-o': the name is empty"),
        (("export", "focus", "--out", "file"), "file is not a folder: name one to write into"),
        (("export", "focus", "--out", "x", "--file-format", "xml"), "'csv', 'parquet'"),
        (("focus", "explain", ""), "no FOCUS dataset has a column ''"),
        (("focus", "explain", "SkuID2"), "did you mean SkuId? docs/focus.md lists all of them"),
        (("sandbox", "--port", "1_0"), "'1_0' is no whole number from 0 to 65535"),
    ],
)
def test_wrong_words_are_told_what_is_wrong_and_what_to_do(
    billfold: Callable[..., Any],
    world: Path,
    tmp_path: Path,
    words: tuple[str, ...],
    says: str,
) -> None:
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "folder").mkdir()
    config = () if words[0] == "--config" else ("--config", world)
    ended = billfold(*config, *words)
    told = " ".join(ended.err.replace("│", " ").split())
    assert (ended.code, ended.out, says in told) == (2, "", True), told
    assert not INTERNALS.search(told)


@pytest.mark.parametrize("name", ["upper.csv", "bom.csv"])
def test_rates_as_spreadsheets_save_them_are_read(
    ask: Callable[..., Any], tmp_path: Path, name: str
) -> None:
    (tmp_path / "upper.csv").write_bytes(b"DATE, Base,quote,rate\r\n2026-10-31,eur,usd,1.08\r\n")
    (tmp_path / "bom.csv").write_bytes(
        b'\xef\xbb\xbfdate,base,quote,rate\n2026-10-31,EUR,USD,"1.08"\n'
    )
    command = ("--account", "cloud", "costs", "--period", "2026-10", "--by", "provider")
    ended = ask(*command, "--in", "usd", "--rates", name, "--rate-policy", "MONTH-END", "-f", "CSV")
    assert ended.code == 0, ended.err
    assert ended.out.splitlines()[1].startswith("bnerd,354.43445,EUR,382.7892060,USD,")  # x 1.08


def test_rules_with_a_byte_order_mark_and_windows_line_ends_are_read(
    ask: Callable[..., Any], tmp_path: Path
) -> None:
    rule = b'\xef\xbb\xbf[[rule]]\r\nmatch = { provider = "bnerd" }\r\ncost_centre = "shop"\r\n'
    (tmp_path / "rules.toml").write_bytes(rule)
    command = ("--account", "cloud", "costs", "--period", "2026-10", "--by", "cost_centre")
    ended = ask(*command, "--rules", "rules.toml", "-f", "csv")
    assert [line.split(",")[:2] for line in ended.out.splitlines()[1:]] == [["shop", "354.43445"]]
