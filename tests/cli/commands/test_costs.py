"""``billfold costs``: hand-computed numbers in every format, and holes that are never passed over.

October has 744 hours. What b'nerd charges account cloud is hours x units x price, in EUR:

- Compute M 3 x 744 x 0.038125 = 85.095, and (24 days and 18 hours) 594 x 0.038125 = 22.64625
- Block volume 900 x 744 x 0.000124 = 83.0304
- Load balancer 744 x 0.0145 = 10.788
- Compute S 2 x 744 x 0.0115 = 17.112
- Start-up credit 744 x -0.025 = -18.60
- Object storage (which has no name) 5200 x 744 x 0.000031 = 119.9328
- Support Plus (from the 18th, 23:00) 313 x 0.11 = 34.43

Together 354.43445. What Harmont debited account ci for October's leases is 142.82 USD, as its
ledger says.
"""

import csv
import io
import json
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from billfold import Period
from cli.conftest import RULES
from support.commands import commands
from support.world import NOW, served

OCTOBER = ("--period", "2026-10")


BOTH = ("--account", "ci", "--account", "cloud")


EURO = ("--in", "EUR", "--constant", "USD=1.25")


RATES = "date,base,quote,rate\n2026-10-01,EUR,USD,1.25\n2026-10-02,EUR,USD,1.6\n"


@pytest.fixture
def asked(ask: Callable[..., Any]) -> Callable[..., Any]:
    """Run a command that writes JSON and give what it wrote."""

    def go(*arguments: object, code: int = 0) -> Any:
        ended = ask(*arguments, "--format", "json")
        assert ended.code == code, ended.err
        return json.loads(ended.out)

    return go


def amounts(document: dict[str, Any]) -> dict[str, str]:
    return {
        "/".join(row["keys"].values()): row["converted"] or "+".join(row["native"].values())
        for row in document["rows"]
    }


def test_costs_by_provider_in_one_currency(asked: Callable[..., Any]) -> None:
    whole = asked(*BOTH, "costs", *OCTOBER, "--by", "provider", *EURO)
    again = asked(*BOTH, "costs", *OCTOBER, "--by", "provider", "--by", "account", *EURO)
    assert amounts(again) == {"bnerd/cloud": "354.43445", "harmont/ci": "114.256"}
    assert (whole["schema"], whole["role"], whole["complete"]) == (
        "billfold.costs/1",
        "usage charges",
        True,
    )
    assert amounts(whole) == {"bnerd": "354.43445", "harmont": "114.256"}  # 142.82 / 1.25
    assert whole["totals"] == {
        "native": {"EUR": "354.43445", "USD": "142.82"},
        "converted": "468.69045",
    }
    assert [
        (rate["base"], rate["quote"], rate["rate"], rate["source"], rate["day"])
        for rate in whole["rates"]
    ] == [("USD", "EUR", "0.8", "constant", None)]


def test_costs_by_service_add_up_to_what_usage_says(asked: Callable[..., Any]) -> None:
    whole = asked("--account", "cloud", "costs", *OCTOBER, "--by", "service")
    assert {service: Decimal(amount) for service, amount in amounts(whole).items()} == {
        "79c8e812-1edc-5d9e-977f-85238a24c278": Decimal("119.9328"),
        "Compute M": Decimal("107.74125"),
        "Block volume": Decimal("83.0304"),
        "Support Plus": Decimal("34.43"),
        "Compute S": Decimal("17.112"),
        "Load balancer": Decimal("10.788"),
        "Start-up credit": Decimal("-18.60"),
    }
    assert whole["totals"]["native"] == asked("--account", "cloud", "usage", *OCTOBER)["totals"]


def test_a_table_for_people_says_what_was_added_up_and_by_which_rate(
    ask: Callable[..., Any],
) -> None:
    ended = ask(*BOTH, "costs", *OCTOBER, "--by", "provider", *EURO)
    assert ended.code == 0
    title, head, _, bnerd, harmont, _, total, more, *rest = ended.out.splitlines()
    assert title == "Costs  2026-10  usage charges, by provider, in EUR"
    assert head.split() == ["Provider", "Lines", "Native", "EUR"]
    assert bnerd.split() == ["bnerd", "8", "354.43", "EUR", "354.43"]
    assert harmont.split() == ["harmont", "319", "142.82", "USD", "114.26"]
    assert (total.split(), more.split()) == (
        ["Total", "327", "354.43", "EUR", "468.69"],
        ["+", "142.82", "USD"],
    )
    assert "  1 USD = 0.8 EUR (constant)" in rest


def test_csv_never_mixes_currencies_in_a_cell(ask: Callable[..., Any]) -> None:
    ended = ask(*BOTH, "costs", *OCTOBER, "--by", "category", *EURO, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(ended.out)))
    assert [
        (row["category"], row["native"], row["native_currency"], row["converted"]) for row in rows
    ] == [
        ("usage", "373.03445", "EUR", "373.03445"),
        ("usage", "142.82", "USD", "114.256"),
        ("credit", "-18.60", "EUR", "-18.60"),
    ]
    assert {(row["converted_currency"], row["complete"], row["estimated"]) for row in rows} == {
        ("EUR", "true", "false")
    }


def test_two_currencies_never_become_one_without_a_rate(
    asked: Callable[..., Any], ask: Callable[..., Any]
) -> None:
    whole = asked(*BOTH, "costs", *OCTOBER, "--by", "month")
    assert whole["totals"] == {"native": {"EUR": "354.43445", "USD": "142.82"}, "converted": None}
    ended = ask(*BOTH, "costs", *OCTOBER, "--top", 1)
    assert (ended.code, ended.out) == (2, "")
    assert "--top: rows in several currencies have no common order" in ended.err


def test_a_missing_rate_is_wrong_use_and_says_what_is_missing(ask: Callable[..., Any]) -> None:
    ended = ask(*BOTH, "costs", *OCTOBER, "--in", "EUR", "--constant", "GBP=2")
    assert (ended.code, ended.out) == (2, "")
    assert "No USD rate for" in ended.err


def test_the_days_rate_converts_the_days_leases(
    asked: Callable[..., Any], world: Path, tmp_path: Path
) -> None:
    (tmp_path / "rates.csv").write_text(RATES)
    two_days = ("--period", "2026-10-01..2026-10-03", "--by", "day")
    native = amounts(asked("--account", "ci", "costs", *two_days))
    assert native == {"2026-10-01": "3.24", "2026-10-02": "5.30"}
    whole = asked("--account", "ci", "costs", *two_days, "--in", "EUR", "--rates", "rates.csv")
    assert amounts(whole) == {
        "2026-10-01": "2.592",
        "2026-10-02": "3.3125",
    }  # 3.24 / 1.25 and 5.30 / 1.6
    assert [(rate["day"], rate["source"]) for rate in whole["rates"]] == [
        ("2026-10-01", "rates.csv"),
        ("2026-10-02", "rates.csv"),
    ]
    monthly = asked(
        "--account",
        "ci",
        "costs",
        *two_days,
        "--in",
        "EUR",
        "--rates",
        "rates.csv",
        "--rate-policy",
        "month-average",
    )
    assert amounts(monthly)["2026-10-01"] == "2.30850"  # (1 / 1.25 + 1 / 1.6) / 2 = 0.7125


def test_an_average_of_rates_that_do_not_end_is_written_whole(
    asked: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "rates.csv").write_text(
        "date,base,quote,rate\n2026-10-01,EUR,USD,1.17\n2026-10-02,EUR,USD,1.18\n"
    )
    day = ("--period", "2026-10-01..2026-10-02", "--in", "EUR", "--rates", "rates.csv")
    view = asked("--account", "ci", "costs", *day, "--rate-policy", "month-average")
    # 1 / 1.17 and 1 / 1.18, each to forty decimals
    assert view["rates"][0]["numerator"] == "1.7021584818194987686513110241923801245835"
    assert view["rates"][0]["denominator"] == "2"
    # 3.24 USD are 3.24 * 1.702158... / 2 = 2.757496740547588... EUR, each charge of them rounded
    assert abs(Decimal(view["totals"]["converted"]) - Decimal("2.757496740548")) < Decimal("1e-10")


def test_rates_of_a_month_are_one_line_in_a_table(ask: Callable[..., Any], tmp_path: Path) -> None:
    days = [day for day in range(1, 32) if day not in (4, 10, 11)]
    (tmp_path / "rates.csv").write_text(
        "date,base,quote,rate\n" + "".join(f"2026-10-{day:02},EUR,USD,1.25\n" for day in days)
    )
    ended = ask("--account", "ci", "costs", *OCTOBER, "--in", "EUR", "--rates", "rates.csv")
    assert (
        "USD to EUR: rates.csv, 31 days from 2026-10-01 to 2026-10-31; "
        "3 days without a published rate use the last earlier one"
    ) in ended.out


def test_a_single_day_is_named_as_it_was_asked_for(ask: Callable[..., Any]) -> None:
    ended = ask("--account", "ci", "costs", "--period", "2026-10-05")
    assert ended.out.startswith("Costs  2026-10-05  usage charges")


def test_a_long_note_on_rates_is_indented_on_every_line(
    ask: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "rates.csv").write_text(
        "date,base,quote,rate\n"
        + "".join(f"2026-10-{day:02},EUR,USD,1.25\n" for day in range(1, 32) if day not in (4, 11))
    )
    monkeypatch.setenv("COLUMNS", "60")
    ended = ask("--account", "ci", "costs", *OCTOBER, "--in", "EUR", "--rates", "rates.csv")
    lines = ended.out.splitlines()
    first = next(number for number, line in enumerate(lines) if "USD to EUR" in line)
    assert "earlier" not in lines[first]
    assert all(line.startswith("  ") for line in lines[first : first + 3])


def test_rates_beyond_their_table_are_estimated_wherever_they_are_shown(
    asked: Callable[..., Any], ask: Callable[..., Any], tmp_path: Path
) -> None:
    table = tmp_path / "rates.csv"
    table.write_text("date,base,quote,rate\n2026-09-15,EUR,USD,1.25\n")
    two_days = ("--account", "ci", "costs", "--period", "2026-10-01..2026-10-03", "--by", "day")
    stale = (*two_days, "--in", "EUR", "--rates", "rates.csv", "--stale-rates", 17)
    assert ask(*stale[:-1], 16).code == 2  # of 2026-10-02 there is none yet
    whole = asked(*stale)
    assert amounts(whole) == {"2026-10-01": "2.592", "2026-10-02": "4.240"}  # 3.24 and 5.30 / 1.25
    assert [rate["estimated"] for rate in whole["rates"]] == [True, True]
    assert [row["estimated"] for row in whole["rows"]] == [True, True]
    assert whole["rate_tables"][0]["newest_day"] == "2026-09-15"
    rows = csv.DictReader(ask(*stale, "--format", "csv").out.splitlines())
    assert [row["estimated"] for row in rows] == ["true", "true"]
    shown = ask(*stale).out
    assert "2 estimated, after the table's end" in shown
    hashed = sha256(table.read_bytes()).hexdigest()[:12]
    assert f"rates.csv: to 2026-09-15, sha256 {hashed}" in shown


def test_the_ecbs_rates_are_offered_by_name(asked: Callable[..., Any]) -> None:
    ecb = asked("--account", "ci", "costs", *OCTOBER, "--in", "EUR", "--rates", "ecb")
    assert ecb == asked("--account", "ci", "costs", *OCTOBER, "--in", "EUR")
    assert [table["name"] for table in ecb["rate_tables"]] == ["ECB, built in"]


def test_a_total_over_a_hole_is_refused_in_every_format(ask: Callable[..., Any]) -> None:
    some = ("--account", "ci", "--account", "k8s")
    for form in ("table", "json", "csv"):
        ended = ask(*some, "costs", *OCTOBER, "--format", form)
        assert ended.code == 3
        assert "No total: the accounts above are missing or incomplete." in ended.err
        assert "--allow-partial" in ended.err
        assert "billfold sync, run while a month lasts, keeps what its provider" in ended.err
        assert "--spread" not in ended.err
        assert "incomplete: k8s (aether) unavailable" in ended.err
        assert "142.82" not in ended.out
        if form == "json":
            refused = json.loads(ended.out)
            assert (refused["complete"], refused["totals"], refused["rows"]) == (False, None, [])
            assert "k8s is unavailable" in refused["refused"]
            assert [row["state"] for row in refused["coverage"]] == ["unavailable", "complete"]
        elif form == "csv":  # what a total has as columns, and one row that says it is none
            rows = [*csv.DictReader(io.StringIO(ended.out))]
            assert [{name: text for name, text in row.items() if text} for row in rows] == [
                {"complete": "false"}
            ]
            accepted = ask(*some, "costs", *OCTOBER, "--format", form, "--allow-partial").out
            assert ended.out.splitlines()[0] == accepted.splitlines()[0]
        else:
            assert ended.out == ""


def test_an_accepted_hole_is_marked_in_every_format(ask: Callable[..., Any]) -> None:
    some = (
        "--account",
        "ci",
        "--account",
        "k8s",
        "costs",
        *OCTOBER,
        "--by",
        "provider",
        "--allow-partial",
    )
    table = ask(*some)
    assert table.code == 3
    assert table.out.splitlines()[0].endswith("incomplete")
    assert "142.82 USD  *" in table.out
    whole = ask(*some, "--format", "json")
    assert (whole.code, json.loads(whole.out)["complete"]) == (3, False)
    rows = ask(*some, "--format", "csv")
    assert (rows.code, rows.out.splitlines()[1:]) == (3, ["harmont,142.82,USD,,,319,false,,false"])


def test_where_nobody_answers_the_exit_code_says_so(ask: Callable[..., Any]) -> None:
    assert ask("--account", "k8s", "costs", *OCTOBER, "--allow-partial").code == 4
    for form in ("table", "json"):
        refused = ask("--account", "k8s", "costs", *OCTOBER, "--format", form)
        assert refused.code == 4
        assert "No total" in refused.err
        # There is no rest that could be shown.
        assert "--allow-partial" not in refused.out + refused.err


def test_the_current_period_is_each_providers_own(ask: Callable[..., Any]) -> None:
    both = ("--provider", "aether", "--provider", "latitude")
    done = ask(*both, "costs", "--by", "provider", "--format", "json")
    assert done.code == 0
    whole = json.loads(done.out)
    assert whole["asked"] == {
        "period": None,
        "accounts": ["k8s", "k8s-sandbox", "metal", "metal-br"],
        "left_out": ["cloud", "cloud-dev", "ci", "ci-legacy"],
    }
    assert (
        whole["totals"]["native"]["EUR"] == "601.7299999999999600"
    )  # the stated total, to the last digit
    assert Decimal(whole["totals"]["native"]["EUR"]) == Decimal("601.72999999999996")
    # Since 20 October 22:10:44 there are 43309 minutes up to midnight: 1149.90 + 43309 x 0.01275
    assert amounts(whole)["latitude"] == "1702.08975+950.8496380"


@pytest.mark.usefixtures("empty")
@pytest.mark.parametrize(
    "now", ["2024-02-29T00:00:00Z", "2026-12-31T23:59:59Z", "2027-03-01T06:30:00Z"]
)
def test_at_any_date_the_current_period_is_complete_and_the_month_before_is_last_month(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, now: str
) -> None:
    moment = datetime.fromisoformat(now)
    with served(moment, tmp_path) as config:
        ask = partial(commands(capsys, clock=lambda: moment), "--config", config)
        current = ask("costs", "--format", "json")
        before = ask("--account", "cloud", "costs", "-p", "last-month", "--format", "json")
    assert (current.code, before.code) == (0, 0)
    month = Period.month_of(moment).previous_month()
    assert Period.parse(json.loads(before.out)["asked"]["period"]["start"][:7]) == month


def test_the_largest_rows_and_one_for_the_others(
    asked: Callable[..., Any], ask: Callable[..., Any]
) -> None:
    whole = asked("--account", "cloud", "costs", *OCTOBER, "--by", "service,category", "--top", 2)
    assert {keys: Decimal(amount) for keys, amount in amounts(whole).items()} == {
        "79c8e812-1edc-5d9e-977f-85238a24c278/usage": Decimal("119.9328"),
        "Compute M/usage": Decimal("107.74125"),
        "(5 more)/": Decimal("126.7604"),  # 83.0304 + 34.43 + 17.112 + 10.788 - 18.60
    }
    assert (
        len(asked("--account", "cloud", "costs", *OCTOBER, "--by", "service", "--top", 50)["rows"])
        == 7
    )
    assert (
        "(5 more)"
        in ask("--account", "cloud", "costs", *OCTOBER, "--by", "service", "--top", 2).out
    )


def test_spreading_gives_every_cent_a_day_and_changes_no_total(asked: Callable[..., Any]) -> None:
    plain = asked("--account", "cloud", "costs", *OCTOBER, "--by", "day")
    assert amounts(plain) == {"(no day)": "354.43445"}
    spread = asked("--account", "cloud", "costs", *OCTOBER, "--by", "day", "--spread")
    assert len(spread["rows"]) == 31
    assert all(row["estimated"] for row in spread["rows"])
    assert sum(Decimal(amount) for amount in amounts(spread).values()) == Decimal("354.43445")
    assert Decimal(spread["totals"]["native"]["EUR"]) == Decimal("354.43445")


def test_a_change_is_split_into_usage_price_and_exchange(
    asked: Callable[..., Any], ask: Callable[..., Any]
) -> None:
    whole = asked(
        "--account", "cloud", "costs", *OCTOBER, "--by", "service", "--compare", "previous"
    )
    compared = whole["compared"]
    assert (compared["period"]["start"], compared["complete"]) == ("2026-09-01T00:00:00Z", True)
    rows = {row["keys"]["service"]: row for row in compared["rows"]}
    balancer = rows["Load balancer"]  # 720 hours in September, 744 in October, at 0.0145
    assert (balancer["before"], balancer["after"], balancer["currency"]) == (
        "10.44",
        "10.788",
        "EUR",
    )
    assert (
        Decimal(balancer["usage"]),
        Decimal(balancer["price"]),
        Decimal(balancer["exchange"]),
    ) == (Decimal("0.348"), 0, 0)
    assert Decimal(rows["Support Plus"]["mixed"]) == Decimal("34.43")  # it is new
    table = ask(
        "--account", "cloud", "costs", *OCTOBER, "--by", "service", "--compare", "previous"
    ).out
    assert "Change  from 2026-09" in table
    assert "%  Usage" in table
    assert ["Load", "balancer", "10.44", "10.79", "0.35", "EUR"] in [
        line.split()[:6] for line in table.splitlines()
    ]
    assert "mixed: new, ended or partly refunded" in table


def csv_rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def added(rows: list[dict[str, str]], column: str) -> Decimal:
    return sum((Decimal(row[column] or 0) for row in rows), Decimal(0))


def test_a_comparison_as_csv_has_the_change_beside_each_cost(ask: Callable[..., Any]) -> None:
    command = ("--account", "cloud", "costs", *OCTOBER, "--by", "service", "--compare", "previous")
    rows = csv_rows(ask(*command, "--format", "csv").out)
    balancer = next(row for row in rows if row["service"] == "Load balancer")
    # 720 hours in September, 744 in October, at 0.0145: 24 more of the same.
    assert (balancer["native"], balancer["before"], balancer["after"]) == (
        "10.788",
        "10.44",
        "10.788",
    )
    assert (balancer["change"], balancer["compared_currency"]) == ("0.348", "EUR")
    assert Decimal(balancer["usage"]) == Decimal("0.348")
    assert (balancer["compared_start"], balancer["compared_end"]) == (
        "2026-09-01T00:00:00Z",
        "2026-10-01T00:00:00Z",
    )
    assert added(rows, "native") == added(rows, "after") == Decimal("354.43445")
    effects = ("usage", "price", "exchange", "mixed")
    assert sum(added(rows, name) for name in effects) == added(rows, "change")
    assert list(rows[0])[-2:] == ["known_until", "complete"]
    assert {row["complete"] for row in rows} == {"true"}


def test_a_converted_comparison_as_csv_counts_each_group_once(ask: Callable[..., Any]) -> None:
    command = (*BOTH, "costs", *OCTOBER, "--by", "category", *EURO, "--compare", "previous")
    rows = csv_rows(ask(*command, "--format", "csv").out)
    assert [(row["category"], row["native_currency"], row["after"]) for row in rows] == [
        ("usage", "EUR", "487.29045"),  # 373.03445 and 142.82 USD / 1.25 = 114.256
        ("usage", "USD", ""),
        ("credit", "EUR", "-18.60"),
    ]
    # Of the largest alone, the others' changes have rows of their own; the sums stay.
    top = csv_rows(ask(*command, "--top", 1, "--format", "csv").out)
    assert added(top, "after") == added(rows, "after") == added(top, "converted")


def test_a_comparison_over_a_hole_is_marked_in_every_row_of_csv(ask: Callable[..., Any]) -> None:
    some = ("--account", "ci", "--account", "metal", "costs", *OCTOBER, "--compare", "previous")
    rows = csv_rows(ask(*some, "--allow-partial", "--format", "csv").out)
    assert rows
    assert {row["complete"] for row in rows} == {"false"}


def test_costs_of_a_window_that_is_not_over_say_until_when(ask: Callable[..., Any]) -> None:
    month = Period.month_of(NOW)
    command = ("--account", "cloud", "costs", "--period", str(month), "--by", "provider")
    assert f"Costs  {month}, so far, until {month}" in ask(*command).out.splitlines()[0]
    rows = csv_rows(ask(*command, "--format", "csv").out)
    assert rows
    assert all(datetime.fromisoformat(row["known_until"]) in month for row in rows)


def test_several_currencies_are_compared_each_by_itself(asked: Callable[..., Any]) -> None:
    compared = asked(*BOTH, "costs", *OCTOBER, "--by", "account", "--compare", "previous")[
        "compared"
    ]
    assert {(row["keys"]["account"], row["currency"]) for row in compared["rows"]} == {
        ("ci", "USD"),
        ("cloud", "EUR"),
    }


def test_a_comparison_over_a_hole_is_refused_or_marked(ask: Callable[..., Any]) -> None:
    some = ("--account", "ci", "--account", "metal", "costs", *OCTOBER, "--compare", "previous")
    assert ask(*some).code == 3
    table = ask(*some, "--allow-partial")
    assert "Change  from 2026-09  incomplete" in table.out
    assert table.code == 3


def test_a_comparison_with_a_period_that_misses_something_says_which(
    ask: Callable[..., Any],
) -> None:
    november = ("--account", "k8s", "costs", "--period", "2026-11", "--compare", "previous")
    for form in ("table", "json"):
        ended = ask(*november, "--format", form)
        assert ended.code == 3
        assert "incomplete: k8s (aether) unavailable" in ended.err
        assert "No comparison with 2026-10" in ended.err
        assert "the accounts above are missing" in ended.err
    header, row = ask(*november, "--format", "csv").out.splitlines()
    assert (",compared_start," in header, row.strip(",")) == (True, "2026-11-20T12:00:00Z,false")
    assert "No comparison with 2026-10" in json.loads(ended.out)["refused"]
    assert "k8s is unavailable" in json.loads(ended.out)["refused"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--by", "flavour"), "'flavour' is not a dimension"),
        (
            ("--by", "provider,,service"),
            "--by: a dimension's name is missing before or after a comma",
        ),
        (("--by", "provider,"), "--by: a dimension's name is missing before or after a comma"),
        (("--by", "provider, service,provider"), "--by: the dimension provider is named twice"),
        (("--by", "provider", "--by", "provider"), "--by: the dimension provider is named twice"),
        (
            ("--by", "service,cost_centre"),
            "--by cost_centre needs the rules that allocate: add --rules FILE",
        ),
        (("--in", "EURO"), "--in: 'EURO' is not a currency code"),
        (("--constant", "USD=1.2"), "add --in EUR"),
        (("--rate-policy", "month-end"), "add --in EUR"),
        (("--stale-rates", "9"), "add --in EUR"),
        (("--in", "EUR", "--constant", "USD"), "write it like USD=1.08"),
        (("--in", "EUR", "--constant", "USD=-1"), "a rate above zero"),
        (
            ("--in", "EUR", "--constant", "USD=1.25", "--constant", "USD=2"),
            "--constant USD=2: USD has a rate already, 1.25",
        ),
        (
            ("--in", "EUR", "--constant", "EUR=0.8"),
            "--constant EUR=0.8: EUR is the currency of --in, which is worth 1",
        ),
        (("--in", "EUR", "--constant", "USD=NaN"), "'NaN' is not a number; write it like 1234.56"),
        (("--in", "EUR", "--constant", "XXL=2"), "--constant XXL=2: 'XXL' is not a currency code"),
        (("--in", "EUR", "--rate-policy", "constant"), "--rate-policy constant needs the rate"),
        (
            ("--in", "EUR", "--constant", "USD=2", "--rate-policy", "month-end"),
            "--constant cannot be combined with --rates, --rate-policy or --stale-rates",
        ),
        (("--compare", "2026-09"), "the choices are: previous, known:TIME"),
        (("--compare", "previous"), "--compare needs a period"),
        (("--rates", "none.csv", "--in", "EUR"), "none.csv: cannot be read"),
        (("--rules", "none.toml"), "none.toml: cannot be read"),
        (("--top", "0"), "--top"),
    ],
)
def test_wrong_use_is_told_before_any_request(
    ask: Callable[..., Any], options: tuple[str, ...], says: str
) -> None:
    ended = ask("costs", *options)
    assert (ended.code, ended.out) == (2, "")
    assert says in " ".join(ended.err.replace("│", " ").split())


def test_costs_by_cost_centre_are_the_allocation(asked: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_text(RULES)
    whole = asked(*BOTH, "costs", *OCTOBER, "--by", "cost_centre", "--rules", "rules.toml", *EURO)
    assert {centre: Decimal(amount) for centre, amount in amounts(whole).items()} == {
        "(unallocated)": Decimal("320.00445"),
        "shop": Decimal("85.846"),  # 78.62 / 1.25 + 22.95
        "platform": Decimal("62.84"),  # 64.20 / 1.25 + 11.48
    }


def test_the_focus_export_charges_the_same_usage(ask: Callable[..., Any], tmp_path: Path) -> None:
    assert ask(*BOTH, "export", "focus", *OCTOBER, "--out", "focus").code == 0
    billed: dict[str, Decimal] = {}
    with (tmp_path / "focus" / "cost_and_usage.csv").open(newline="", encoding="utf-8") as exported:
        for row in csv.DictReader(exported):
            if row["x_CostBasis"] == "usage":
                billed[row["BillingCurrency"]] = billed.get(
                    row["BillingCurrency"], Decimal(0)
                ) + Decimal(row["BilledCost"])
    assert billed == {"EUR": Decimal("354.43445"), "USD": Decimal("142.82")}


def test_what_is_known_is_compared_with_what_was_known(
    ask: Callable[..., Any], asked: Callable[..., Any], kept: Path
) -> None:
    # Of October 138.37 USD were known two minutes before its end, and 142.82 are now.
    compared = ("--store", kept, "--account", "ci", "costs", *OCTOBER, "--by", "provider")
    known = ("--compare", "known:2026-11-03")
    for stored in ((), ("--stored",)):
        changes = asked(*compared, *known, *stored)["compared"]
        (row,) = changes["rows"]
        assert (row["before"], row["after"], row["currency"]) == ("138.37", "142.82", "USD")
        assert (changes["known_at"], changes["complete"]) == ("2026-11-04T00:00:00Z", False)
        assert changes["not_compared"] == []
    table = ask(*compared, *known).out
    assert "Change  from 2026-10 as known at 2026-11-04T00:00:00Z" in table
    (row,) = csv_rows(ask(*compared, *known, "--format", "csv").out)
    assert (row["before"], row["compared_known_at"]) == ("138.37", "2026-11-04T00:00:00Z")
    (row,) = asked(*compared, "--compare", "known:2026-11-20")["compared"]["rows"]
    assert row["before"] == row["after"] == "142.82"


def test_what_nothing_was_known_of_is_not_compared(asked: Callable[..., Any], kept: Path) -> None:
    whole = asked(
        *("--store", kept, "--account", "ci", "costs", *OCTOBER),
        *("--compare", "known:2026-10-01"),
    )
    assert whole["compared"]["not_compared"] == ["ci"]
    assert whole["compared"]["rows"] == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--compare", "known"), "the choices are: previous, known:TIME"),
        ((*OCTOBER, "--compare", "known:soon"), "'soon' is no moment"),
        (("--compare", "known:2026-11-03"), "--compare needs a period with a start and an end"),
        ((*OCTOBER, "--compare", "known:2026-11-03"), "nothing was read yet: run billfold sync"),
    ],
)
def test_what_cannot_have_been_known_is_wrong_use(
    ask: Callable[..., Any], arguments: tuple[str, ...], said: str
) -> None:
    ended = ask("--account", "ci", "costs", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert said in " ".join(ended.err.replace("\u2502", " ").split())
