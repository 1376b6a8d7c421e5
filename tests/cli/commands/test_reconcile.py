"""``billfold reconcile``: what the providers' numbers agree on, and the causes of gaps."""

import csv
import io
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.mocked import Mocked

CLOUD = "83e0d7b1-5f42-4c96-9a18-7bd3f60c25e4"
OCTOBER = ("--period", "2026-10")


def identities(ended: Any) -> dict[str, tuple[str, str, str | None]]:
    return {
        row["name"]: (row["stated"]["amount"], row["computed"]["amount"], row["cause"])
        for row in json.loads(ended.out)["identities"]
    }


def test_a_month_that_agrees_but_for_tax_and_rounding_ends_with_zero(
    ask: Callable[..., Any],
) -> None:
    # Compute S 744 x 0.0115 = 8.556 and Block volume 40 x 744 x 0.000124 = 3.69024;
    # the legal invoice says 12.25 and 19 %
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
    table = ask("--account", "cloud-dev", "reconcile", *OCTOBER).out
    assert "all 4 agree - 1 of 8 accounts" in table


def test_a_gap_has_a_cause_and_the_lines_behind_it(ask: Callable[..., Any]) -> None:
    ended = ask("--account", "cloud", "reconcile", *OCTOBER)
    assert ended.code == 3
    assert "1 of 4 does not agree" in ended.out
    # 18 hours of 3 x Compute M arrived after the invoice was written: 18 x 3 x 0.038125 = 2.05875
    assert "! cloud: metering invoice vs. usage: -2.05875 EUR, late data" in ended.out
    assert "ledger-prod, Compute M: 83.03625 EUR billed, 85.095 EUR used" in ended.out


def test_a_cancelled_invoice_and_its_replacement_add_up(ask: Callable[..., Any]) -> None:
    # August: 744 hours. As metered:
    # 2232 x 0.038125 + 669600 x 0.000124 + 744 x 0.0145 + 1488 x 0.0115 + ... = 315.2682
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
    assert (
        "! ci: usage summary vs. build totals; daily costs vs. usage: 3.34 USD, rate change"
        in table.out
    )
    assert "and 11 more; see --format json" in table.out


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
        == "ci,harmont,balance of tidewater-labs vs. its ledger,,,66.27,66.27,0.00,USD,,true,,"
        "tidewater-labs,true,true"
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
    assert "not compared: ci nobody-here (harmont) usage failed" in " ".join(ended.out.split())
    assert "Try: check the account's settings" in ended.out


USAGE = [{"product": "vm", "total": {"cents": 5000, "currency_iso": "EUR"}}]
BILLED = {"cents": 11900, "currency_iso": "EUR"}
INVOICE = {
    "id": "m-1",
    "period": None,
    "total": BILLED,
    "items": [{"product": "vm", "total": BILLED}],
}


@pytest.fixture
def undated(
    billfold: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mocked: Mocked
) -> None:
    """50.00 used in October, and an invoice over 119.00 that does not say what it bills."""
    monkeypatch.setenv("BILLFOLD_CONFIG", "billfold.toml")
    (tmp_path / "billfold.toml").write_text(
        f'[[accounts]]\nname = "cloud"\nprovider = "bnerd"\norg = "{CLOUD}"\n'
        'token_env = "CLOUD"\nbase_url = "https://bnerd.example"\n'
    )
    monkeypatch.setenv("CLOUD", "token")
    at = r"https://bnerd\.example"
    mocked.add(re.compile(rf"{at}/billing/usage\?.*"), payload=USAGE, repeat=True)
    mocked.add(re.compile(rf"{at}/organizations/.*"), payload=[], repeat=True)
    mocked.add(re.compile(rf"{at}/invoices/m-1.*"), payload=INVOICE, repeat=True)
    mocked.add(re.compile(rf"{at}/invoices\?.*"), payload=[INVOICE], repeat=True)


@pytest.mark.usefixtures("undated")
def test_what_was_not_compared_is_named_and_is_no_agreement(billfold: Callable[..., Any]) -> None:
    ended = billfold("reconcile", *OCTOBER)
    assert ended.code == 3
    assert ended.out.splitlines()[0].strip() == (
        "Reconciliation  2026-10  1 agrees, 1 not compared"
    )
    named = f"not compared: cloud {CLOUD}: metering invoice vs. usage: 119.00 EUR"
    assert named in ended.out.replace("\n", " ")
    assert "metering invoice m-1 states no period" in ended.out.replace("\n", " ")
    document = json.loads(billfold("reconcile", *OCTOBER, "--format", "json").out)
    (row,) = document["not_compared"]
    assert (row["amount"]["amount"], row["part"], document["holds"]) == ("119.00", CLOUD, False)
    assert [row["name"] for row in document["identities"]] == [
        "metering invoice: invoice total vs. its lines"
    ]
    rows = list(csv.DictReader(io.StringIO(billfold("reconcile", *OCTOBER, "--format", "csv").out)))
    assert [(row["stated"], row["computed"], row["holds"], row["compared"]) for row in rows] == [
        ("119.00", "119.00", "true", "true"),
        ("119.00", "", "false", "false"),
    ]
    assert [row["complete"] for row in rows] == ["false", "false"]


def test_a_month_that_is_over_is_not_so_far_where_the_store_also_read_a_running_one(
    ask: Callable[..., Any], kept: Path, tmp_path: Path
) -> None:
    store = shutil.copytree(kept, tmp_path / "store")
    both = ("--store", store, "--account", "cloud", "--account", "ci")
    assert ask(*both, "sync").code == 0
    ended = ask(*both, "reconcile", "--stored", "--period", "2026-10")
    head = ended.out.splitlines()[0]
    assert head.startswith("Reconciliation  2026-10  ")
    assert "so far" not in head
    running = ask(*both, "reconcile", "--stored", "--period", "2026-11")
    assert running.out.splitlines()[0].startswith("Reconciliation  2026-11 so far")
