"""``billfold reconcile`` and ``billfold explain``: what the providers' numbers agree on, and where every one comes from."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

OCTOBER = ("--period", "2026-10")


def identities(ended: Any) -> dict[str, tuple[str, str, str | None]]:
    return {
        row["name"]: (row["stated"]["amount"], row["computed"]["amount"], row["cause"])
        for row in json.loads(ended.out)["identities"]
    }


def test_a_month_that_agrees_but_for_tax_and_rounding_ends_with_zero(
    ask: Callable[..., Any],
) -> None:
    # Compute S 744 x 0.0115 = 8.556 and Block volume 40 x 744 x 0.000124 = 3.69024; the legal invoice says 12.25 and 19 %
    ended = ask("--account", "cloud-dev", "reconcile", *OCTOBER, "--format", "json")
    assert ended.code == 0
    assert json.loads(ended.out)["schema"] == "billfold.reconciliation/1"
    assert json.loads(ended.out)["holds"] is True
    assert identities(ended) == {
        "metering invoice: invoice total vs. its lines": ("12.24624", "12.24624", None),
        "metering invoice vs. usage": ("12.24624", "12.24624", None),
        "legal invoices, net vs. metering invoice": ("12.25", "12.24624", "rounding"),
        "legal invoice RE-26-3062: total vs. net": ("14.57", "12.25", "tax"),
    }
    assert "all 4 agree" in ask("--account", "cloud-dev", "reconcile", *OCTOBER).out


def test_a_gap_has_a_cause_and_the_lines_behind_it(ask: Callable[..., Any]) -> None:
    ended = ask("--account", "cloud", "reconcile", *OCTOBER)
    assert ended.code == 3
    assert "1 of 4 do not agree" in ended.out
    # 18 hours of 3 x Compute M arrived after the invoice was written: 18 x 3 x 0.038125 = 2.05875
    assert "! cloud: metering invoice vs. usage: -2.05875 EUR, late data" in ended.out
    assert "ledger-prod, Compute M: 83.03625 EUR billed, 85.095 EUR used" in ended.out


def test_a_cancelled_invoice_and_its_replacement_add_up(ask: Callable[..., Any]) -> None:
    # August: 744 hours. 2232 x 0.038125 + 669600 x 0.000124 + 744 x 0.0145 + 1488 x 0.0115 + ... as metered: 315.2682
    found = identities(
        ask("--account", "cloud", "reconcile", "--period", "2026-08", "--format", "json")
    )
    assert found["metering invoice vs. usage"] == ("315.2682", "315.2682", None)
    assert found["legal invoices, net vs. metering invoice"] == (
        "315.27",
        "315.2682",
        "rounding",
    )  # 330.27 - 330.27 + 315.27
    assert found["legal invoice ST-26-2491: total vs. net"] == ("-393.02", "-330.27", "tax")


def test_usage_breakdown_days_ledger_and_balance_of_a_prepaid_account(
    ask: Callable[..., Any],
) -> None:
    ended = ask("--account", "ci", "reconcile", *OCTOBER, "--format", "json")
    assert ended.code == 3
    assert identities(ended) == {
        "build totals vs. lease charges": ("142.82", "142.82", None),
        "usage summary vs. build totals": ("146.16", "142.82", "rate change"),
        "daily costs vs. usage": ("146.16", "142.82", "rate change"),
        "ledger debits vs. usage": ("142.82", "142.82", None),
        "balance of tidewater-labs vs. its ledger": ("66.27", "66.27", None),
    }
    days = next(
        row for row in json.loads(ended.out)["identities"] if row["name"] == "daily costs vs. usage"
    )
    assert days["evidence"][0] == "2026-10-01: 3.42 USD by day, 3.24 USD in charges"
    assert len(days["evidence"]) == 14  # the price went up in the middle of the month
    table = ask("--account", "ci", "reconcile", *OCTOBER)
    assert "! ci: usage summary vs. build totals; daily costs vs. usage: 3.34 USD, rate change" in table.out
    assert "and 11 more in --format json" in table.out


def test_prices_against_lines_and_totals_against_days_of_running_periods(
    ask: Callable[..., Any],
) -> None:
    ended = ask("--account", "k8s", "--account", "metal", "reconcile", "--format", "json")
    found = identities(ended)
    assert found["Loud Quartz Harbor: project total vs. its lines"] == (
        "56.868180",
        "55.495680",
        "missing usage",
    )
    assert found["Brisk Copper Meadow: project total vs. its lines"][2] is None
    # 461.93 of fees and 139.80 by day, each with the noise of a server that adds up doubles
    assert found["usage total vs. fees and autoscaling by day"] == (
        "601.72999999999996",
        "601.7300000000000192",
        "rounding",
    )
    row = next(row for row in json.loads(ended.out)["identities"] if row["name"].startswith("Loud"))
    assert row["evidence"] == ["proj_Mt6xHb1wKc8Vq/2026-11-12T11:20:58Z/residual: 1.372500 USD"]
    assert row["gap"] == {"amount": "1.372500", "currency": "USD"}
    assert ended.code == 3


def test_what_a_provider_does_not_offer_is_said_and_no_gap(ask: Callable[..., Any]) -> None:
    ended = ask("--account", "cloud-dev", "--account", "k8s", "reconcile", *OCTOBER)
    assert ended.code == 0
    assert "k8s: Aether answers only for its current UTC month" in ended.out


def test_nothing_to_compare(ask: Callable[..., Any]) -> None:
    ended = ask("--account", "k8s", "reconcile", *OCTOBER)
    assert ended.code == 4
    assert "nothing to compare" in ended.out


def test_reconciliation_as_csv(ask: Callable[..., Any]) -> None:
    ended = ask("--account", "cloud", "reconcile", *OCTOBER, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(ended.out)))
    assert [
        (row["identity"], row["gap"], row["currency"], row["cause"], row["holds"]) for row in rows
    ] == [
        ("metering invoice: invoice total vs. its lines", "0.00000", "EUR", "", "true"),
        ("metering invoice vs. usage", "-2.05875", "EUR", "late data", "false"),
        ("legal invoices, net vs. metering invoice", "0.0043", "EUR", "rounding", "true"),
        ("legal invoice RE-26-3061: total vs. net", "66.95", "EUR", "tax", "true"),
    ]
    assert rows[0]["period_start"] == "2026-10-01T00:00:00Z"
    assert rows[1]["evidence"] == "ledger-prod, Compute M: 83.03625 EUR billed, 85.095 EUR used"
    balance = ask("--account", "ci", "reconcile", *OCTOBER, "--format", "csv").out.splitlines()[-1]
    assert (
        balance
        == "ci,harmont,balance of tidewater-labs vs. its ledger,,,66.27,66.27,0.00,USD,,true,"
    )


def test_what_could_not_be_read_could_not_be_compared(
    ask: Callable[..., Any], world: Path, tmp_path: Path
) -> None:
    broken = world.read_text().replace('org = "tidewater-labs"', 'org = "nobody-here"')
    (tmp_path / "broken.toml").write_text(broken)
    ended = ask(
        "--config",
        "broken.toml",
        "--account",
        "ci",
        "--account",
        "cloud-dev",
        "reconcile",
        *OCTOBER,
    )
    assert ended.code == 3
    assert "could not be compared: ci (harmont) usage failed" in ended.out
    assert "what to do: check the account's settings" in ended.out


def test_an_amount_is_walked_back_to_the_place_in_the_reply(ask: Callable[..., Any]) -> None:
    ended = ask("--account", "cloud", "explain", "85.095", *OCTOBER)
    assert ended.code == 0
    said = " ".join(ended.out.split())
    assert (
        "85.10 EUR is one charge the provider states 85.095 EUR for 2232 hour at 0.038125 EUR"
        in said
    )
    assert "85.095 EUR is shown as 85.10: half-up to the currency's smallest unit" in said
    asked = "organization_id=83e0d7b1-5f42-4c96-9a18-7bd3f60c25e4&from=2026-10-01T00:00:00Z&to=2026-10-31T23:59:59Z"
    assert f"from GET /billing/usage?{asked}#/0" in said


def test_a_rounded_converted_total_is_walked_to_its_charges_and_rates(
    ask: Callable[..., Any],
) -> None:
    options = (*OCTOBER, "--in", "EUR", "--constant", "USD=1.25")
    ended = ask("--account", "ci", "--account", "cloud", "explain", "114.26 EUR", *options)
    said = " ".join(ended.out.split())
    assert "114.26 EUR is the usage charges of provider harmont, rounded" in said
    assert "319 lines of usage charges add up to 142.82 USD" in said
    assert (
        "converted by 1 USD = 0.8 EUR (constant), to twelve decimals at most: 114.256 EUR" in said
    )
    assert "114.256 EUR is shown as 114.26" in said
    assert "314 more; --format json has all" in said
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
    whole = ask("--account", "ci", "explain", "vm-14c999", *OCTOBER)
    assert "1.39 USD is one charge" in whole.out
    assert (
        ask(
            "--account",
            "ci",
            "explain",
            "tidewater-labs/vm-14c999@2026-10-15T14:06:11.677570Z",
            *OCTOBER,
        ).out
        == whole.out
    )
    many = ask("--account", "ci", "explain", "tidewater-labs/vm", *OCTOBER)
    assert "and 314 more that fit" in many.out


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
        "nothing in the usage charges of 2026-10 is '0.123456789' with --in USD: give the --period"
        in ended.err
    )


def test_what_is_found_beside_a_hole_ends_with_three(ask: Callable[..., Any]) -> None:
    ended = ask("--account", "ci", "--account", "k8s", "explain", "142.82", *OCTOBER)
    assert ended.code == 3
    assert "k8s" in ended.out


def test_an_explanation_is_no_table(ask: Callable[..., Any]) -> None:
    ended = ask("explain", "1", "--format", "csv")
    assert ended.code == 2
    assert "'csv' is not one of 'table', 'json'" in " ".join(ended.err.replace("│", " ").split())
    assert "csv" not in ask("explain", "--help").out
