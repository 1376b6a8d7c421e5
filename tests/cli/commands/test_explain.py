"""``billfold explain``: where every number comes from."""

import csv
import io
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from billfold.cli.word_order import amounts_last

OCTOBER = ("--period", "2026-10")


def test_an_amount_is_walked_back_to_the_place_in_the_reply(ask: Callable[..., Any]) -> None:
    ended = ask("--account", "cloud", "explain", "85.095", *OCTOBER)
    assert ended.code == 0
    said = " ".join(ended.out.split())
    assert (
        "85.10 EUR = one charge the provider states 85.095 EUR for 2232 hour at 0.038125 EUR"
        in said
    )
    assert "85.095 EUR is shown as 85.10: half-up to the currency's smallest unit" in said
    assert (
        "from GET /billing/usage?organization_id=83e0d7b1-5f42-4c96-9a18-7bd3f60c25e4"
        "&from=2026-10-01T00:00:00Z&to=2026-10-31T23:59:59Z#/0"
    ) in said


def test_a_request_that_is_too_long_for_the_terminal_has_its_parts_on_lines_of_their_own(
    ask: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    ended = ask("--account", "ci", "explain", "142.82", "--period", "2026-10")
    lines = [line.strip() for line in ended.out.splitlines()]
    start = lines.index("from GET /api/v0/billing/usage/tidewater-labs/breakdown")
    assert lines[start + 1 : start + 3] == [
        "?from=2026-10-01T00:00:00Z",
        "&to=2026-11-01T00:00:00Z",
    ]
    assert lines[start + 3].startswith("#/data/")
    assert max(map(len, ended.out.splitlines())) <= 80


def test_a_rounded_converted_total_is_walked_to_its_charges_and_rates(
    ask: Callable[..., Any],
) -> None:
    options = (*OCTOBER, "--in", "EUR", "--constant", "USD=1.25")
    ended = ask("--account", "ci", "--account", "cloud", "explain", "114.26 EUR", *options)
    said = " ".join(ended.out.split())
    assert "114.26 EUR = usage charges of provider harmont (319 charges, rounded)" in said
    assert "319 lines of usage charges add up to 142.82 USD" in said
    assert (
        "converted by 1 USD = 0.8 EUR (constant), to twelve decimals at most: 114.256 EUR" in said
    )
    assert "114.256 EUR is shown as 114.26" in said
    assert "314 more; see --format json" in said
    assert said.count("breakdown?from=2026-10-01T00:00:00Z") == 5


def test_an_explanation_as_json_has_every_line(ask: Callable[..., Any]) -> None:
    ended = ask("--account", "ci", "explain", "142.82", *OCTOBER, "--format", "json")
    whole = json.loads(ended.out)
    assert (whole["schema"], whole["complete"]) == ("billfold.explanation/1", True)
    (match,) = whole["matches"]
    assert (match["what"], match["amount"], match["rounded"]) == (
        "total",
        {"amount": "142.82", "currency": "USD"},
        False,
    )
    assert len(match["lines"]) == 319
    assert all(
        line["source"].startswith("GET /api/v0/billing/usage/tidewater-labs/breakdown?")
        for line in match["lines"]
    )


def test_a_charge_is_found_by_its_id_or_a_part_of_it(ask: Callable[..., Any]) -> None:
    whole = ask("--account", "ci", "explain", "20gb@2026-10-15T14:06:11.67", *OCTOBER)
    assert "1.39 USD = one charge" in whole.out
    assert (
        ask(
            "--account",
            "ci",
            "explain",
            "tidewater-labs/lease:2cpu-4gb-20gb@2026-10-15T14:06:11.677570Z",
            *OCTOBER,
        ).out
        == whole.out
    )
    many = ask("--account", "ci", "explain", "tidewater-labs/lease", *OCTOBER)
    assert "and 314 more matches" in many.out


def test_what_is_included_elsewhere_says_where(ask: Callable[..., Any]) -> None:
    listed = json.loads(ask("--account", "k8s", "usage", "--format", "json").out)["items"][0][
        "charges"
    ]
    hour = next(charge for charge in listed if charge["included_in"])
    said = " ".join(ask("--account", "k8s", "explain", hour["id"]).out.split())
    assert f"its cost is part of the charge {hour['included_in']}" in said
    assert hour["source"] in said


def test_nothing_found_gives_advice(ask: Callable[..., Any]) -> None:
    ended = ask("--account", "ci", "explain", "0.123456789", *OCTOBER, "--in", "USD")
    assert (ended.code, ended.out.strip().startswith("!")) == (4, True)
    assert (
        "No usage charge or total matches '0.123456789' in 2026-10 with --in USD. Pass the --period"
        in ended.err
    )


def test_an_amount_that_another_currency_has_is_told_to_leave_its_own_out(
    ask: Callable[..., Any],
) -> None:
    ended = ask("--account", "ci", "explain", "142.82 EUR", *OCTOBER)
    assert ended.code == 4
    assert "Only amounts in EUR were looked at: write 142.82 alone for any currency." in ended.err


def test_what_is_found_beside_a_hole_ends_with_three(ask: Callable[..., Any]) -> None:
    two = ("--account", "ci", "--account", "k8s")
    ended = ask(*two, "explain", "142.82", *OCTOBER)
    assert ended.code == 3
    assert "142.82 USD = all usage charges that were read (319 charges)" in ended.out
    ended = ask(*two, "explain", "0.123456789", *OCTOBER)
    assert "No usage charge or total that was read matches '0.123456789' in 2026-10." in ended.err
    assert "k8s" in ended.out


def test_an_explanation_as_csv_has_a_row_per_line_of_each_match(ask: Callable[..., Any]) -> None:
    ended = ask("--account", "ci", "explain", "142.82", *OCTOBER, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(ended.out, newline="")))
    assert len(rows) == 319
    assert sum(Decimal(row["cost"]) for row in rows) == Decimal("142.82")
    assert {(row["match"], row["what"], row["amount"], row["complete"]) for row in rows} == {
        ("1", "total", "142.82", "true")
    }
    assert all("/breakdown?from=2026-10-01" in row["source"] for row in rows)
    listed = json.loads(ask("--account", "k8s", "usage", "--format", "json").out)["items"][0]
    hour = next(charge for charge in listed["charges"] if charge["included_in"])
    ended = ask("--account", "k8s", "explain", hour["id"], "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(ended.out, newline=""))
    assert (row["charge"], row["cost"], row["amount"]) == (hour["id"], "", "")


@pytest.mark.parametrize(
    "words",
    [
        ("explain", "-18.60", *OCTOBER),
        ("explain", *OCTOBER, "-18.60"),
        ("explain", "-18.60 eur", "-f", "table", *OCTOBER),
        ("explain", *OCTOBER, "--", "-18.60"),
    ],
)
def test_a_negative_amount_is_no_option(ask: Callable[..., Any], words: tuple[str, ...]) -> None:
    ended = ask("--account", "cloud", *words)
    assert (ended.code, ended.err) == (0, "")
    assert "-18.60 EUR = one charge" in ended.out


def test_an_option_keeps_its_negative_value() -> None:
    words = ["--constant", "-5", "-12.34", "--in", "EUR", "--", "-x", "-1"]
    assert amounts_last(words, {"--constant", "--in"}) == [
        *("--constant", "-5", "--in", "EUR", "--", "-12.34", "-x", "-1")
    ]
    assert amounts_last(["5", "-f", "json"], {"-f"}) == ["5", "-f", "json"]


@pytest.mark.parametrize(
    "text", ["1_0", "\uff11\uff12.34", "142.82EUR", "€142.82", "1 234.56", "1e3"]
)
def test_what_may_be_meant_as_an_amount_is_told_how_to_write_one(
    ask: Callable[..., Any], text: str
) -> None:
    ended = ask("--account", "cloud", "explain", text, *OCTOBER)
    assert ended.code == 4
    assert "An amount is written like 1234.56 or '1234.56 EUR'." in ended.err


def test_nothing_explains_nothing(ask: Callable[..., Any]) -> None:
    ended = ask("explain", " ", *OCTOBER)
    assert (ended.code, ended.out) == (2, "")
    assert "give an amount, like 142.82, or a charge's id" in ended.err
