"""``billfold report``: the page is written whole or not at all, and says what it misses."""

import json
import os
import re
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

HARMONT = "https://api.harmont.dev/api/v0"
OCTOBER = ("--period", "2026-10", "--out", "report.html")
# A month without costs, of which no chart is drawn.
IDLE = ("--period", "2026-01", "--out", "report.html")
EURO = ("--in", "EUR", "--constant", "USD=1.25")


def test_a_page_has_the_total_that_costs_has(ask: Callable[..., Any], tmp_path: Path) -> None:
    some = ("--account", "ci", "--account", "cloud")
    ended = ask("-v", *some, "report", *OCTOBER, *EURO)
    assert (ended.code, ended.out) == (0, "")
    assert "report.html: October 2026, 468.69 EUR" in ended.err
    page = (tmp_path / "report.html").read_text("utf-8")
    assert "<title>Cloud costs, October 2026</title>" in page
    costs = json.loads(ask(*some, "costs", "--period", "2026-10", *EURO, "--format", "json").out)
    assert costs["totals"]["converted"] == "468.69045"
    assert '<p class="total" id="total"><data value="468.69045"' in page


def test_the_only_currency_need_not_be_named(ask: Callable[..., Any], tmp_path: Path) -> None:
    assert ask("--account", "cloud", "report", *OCTOBER).code == 0
    assert '<data value="354.43445" title="354.43445 EUR">' in (tmp_path / "report.html").read_text(
        "utf-8"
    )


def test_several_currencies_need_one_to_be_named(ask: Callable[..., Any], tmp_path: Path) -> None:
    ended = ask("--account", "ci", "--account", "cloud", "report", *OCTOBER)
    assert ended.code == 2
    assert "the costs are in EUR and USD; choose the report's with --in EUR" in ended.err
    assert not (tmp_path / "report.html").exists()


def test_a_page_over_a_hole_is_refused_until_accepted(
    ask: Callable[..., Any], tmp_path: Path
) -> None:
    some = ("--account", "cloud", "--account", "k8s", "report", *OCTOBER)
    ended = ask(*some)
    assert (ended.code, list(tmp_path.glob("*.html"))) == (3, [])
    assert "No report: the accounts above are missing or incomplete." in ended.err
    accepted = ask(*some, "--allow-partial")
    assert accepted.code == 3
    assert "354.43 EUR, incomplete" in accepted.err
    page = (tmp_path / "report.html").read_text("utf-8")
    assert "October 2026 (incomplete)</title>" in page
    assert "<b>k8s</b> (Aether): Aether answers only for its current UTC month" in page


@pytest.fixture
def two_organizations(mocked: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Harmont with two idle organizations, whose balances a test adds: acme has 10.00 USD."""
    (tmp_path / "billfold.toml").write_text(
        '[[accounts]]\nname = "ci"\nprovider = "harmont"\ntoken_env = "CI"\n'
    )
    monkeypatch.setenv("CI", "a-token")
    orgs = [{"slug": slug, "name": slug} for slug in ("acme", "beta")]
    idle = {"cpu_seconds": 0, "memory_gb_seconds": 0, "disk_gb_seconds": 0, "total_cents": 0}
    days = [idle | {"date": f"2026-01-{day:02}"} for day in range(1, 32)]
    for path, reply in (
        (r"organizations", {"data": orgs, "next_cursor": None}),
        (r"billing/usage/\w+", idle),
        (r"billing/usage/\w+/breakdown", {"data": []}),
        (r"billing/usage/\w+/series", {"data": days}),
        (r"billing/transactions/\w+", {"data": [], "next_cursor": None}),
        (r"billing/balance/acme", {"balance_cents": 1000}),
    ):
        mocked.add(re.compile(rf"{HARMONT}/{path}(\?.*)?$"), payload=reply, repeat=True)
    return mocked


def test_a_balance_that_could_not_be_read_is_named_and_exits_with_3(
    billfold: Callable[..., Any], two_organizations: Any, tmp_path: Path
) -> None:
    beta = f"{HARMONT}/billing/balance/beta"
    two_organizations.add(beta, payload={"balance_cents": 500})
    assert billfold("report", *IDLE).code == 0
    two_organizations.add(beta, status=403)
    ended = billfold("report", *IDLE)
    assert (ended.code, ended.out) == (3, "")
    assert "* balances incomplete: ci beta (harmont) partial: 403" in ended.err
    assert "report.html: January 2026, 0.00 USD, balances incomplete" in ended.err
    page = (tmp_path / "report.html").read_text("utf-8")
    assert "costs complete, balances incomplete</span>" in page


def test_cost_centres_become_a_column(ask: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_text(
        '[[rule]]\nmatch = { service = "Compute M" }\ncost_centre = "shop"\n'
    )
    assert ask("--account", "cloud", "report", *OCTOBER, "--rules", "rules.toml").code == 0
    assert '<button type="button">Cost centre</button>' in (tmp_path / "report.html").read_text(
        "utf-8"
    )


def test_a_running_period_is_reported_too(ask: Callable[..., Any], tmp_path: Path) -> None:
    assert (
        ask("--account", "k8s", "report", "--period", "current", "--out", "report.html").code == 0
    )
    assert "No comparison: this period is still running" in (tmp_path / "report.html").read_text(
        "utf-8"
    )


def test_a_folder_that_is_not_there_is_told_before_any_request(ask: Callable[..., Any]) -> None:
    ended = ask("report", "--period", "2026-10", "--out", "nowhere/report.html")
    assert (ended.code, ended.err) == (
        2,
        "billfold: nowhere/report.html: the folder nowhere does not exist\n",
    )


def test_what_is_no_file_is_told_before_any_request(
    ask: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "taken").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for name in ("taken", "pipe"):
        ended = ask("--account", "nobody", "report", "--period", "2026-10", "--out", name)
        assert (ended.code, ended.err) == (
            2,
            f"billfold: {name} is not a file: name a file to replace or to create\n",
        )
    assert {file.name for file in tmp_path.iterdir()} == {"taken", "pipe"}


@pytest.mark.parametrize(
    "command", [("report", *IDLE[:2], "--out"), ("invoice", "ci", "1", "--pdf")]
)
def test_the_configuration_is_not_replaced_by_what_is_written(
    billfold: Callable[..., Any], two_organizations: Any, tmp_path: Path, command: tuple[str, ...]
) -> None:
    before = (tmp_path / "billfold.toml").read_text()
    ended = billfold(*command, "./billfold.toml")
    assert (ended.code, ended.err) == (
        2,
        "billfold: billfold.toml is the configuration: name another file to write\n",
    )
    assert (two_organizations.sent(), (tmp_path / "billfold.toml").read_text()) == ([], before)


def test_a_link_to_a_page_stays_a_link(ask: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "report.html").symlink_to("january.html")
    assert ask("--account", "cloud-dev", "report", *IDLE).code == 0
    assert (tmp_path / "report.html").is_symlink()
    assert "<title>Cloud costs" in (tmp_path / "january.html").read_text("utf-8")


def test_accounts_without_a_past_make_a_page_that_says_so(
    ask: Callable[..., Any], tmp_path: Path
) -> None:
    august = ("--period", "2026-08", "--out", "report.html")
    ended = ask("--account", "k8s", "--account", "metal", "report", *august)
    assert ended.code == 4
    assert "report.html: August 2026, no total" in ended.err
    page = (tmp_path / "report.html").read_text("utf-8")
    assert '<p class="total" id="total">no total</p>' in page
    assert "Nothing was answered by" in page
    assert "<b>k8s</b> (Aether): Aether answers only for its current UTC month" in page
    assert "incomplete - 2 of 8 accounts" in page
    assert '<h2 id="balances">' in page  # those of metal, which are as of now


@pytest.mark.parametrize(("account", "currency"), [("ci", "USD"), ("cloud-dev", "EUR")])
def test_an_idle_month_is_a_page_that_costs_nothing(
    ask: Callable[..., Any], tmp_path: Path, account: str, currency: str
) -> None:
    # Harmont states a total of zero dollars; b'nerd states nothing, but its invoices are in euros
    ended = ask("-v", "--account", account, "report", *IDLE)
    assert (ended.code, ended.out) == (0, "")
    assert f"report.html: January 2026, 0.00 {currency}" in ended.err
    page = (tmp_path / "report.html").read_text("utf-8")
    assert f"0.00</data> <small>{currency}</small>" in page


@pytest.mark.usefixtures("two_accounts")
def test_accounts_that_all_fail_leave_no_page(billfold: Callable[..., Any], tmp_path: Path) -> None:
    some = ("--account", "bad", "report", *OCTOBER)
    ended = billfold(*some)
    assert (ended.code, list(tmp_path.glob("*.html"))) == (4, [])
    assert "No report: nothing was answered, for the reasons above." in ended.err
    assert billfold(*some, "--allow-partial").code == 4
    assert "no total" in (tmp_path / "report.html").read_text("utf-8")


def test_charts_that_cannot_be_drawn_leave_the_old_page_and_say_so(
    ask: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "engine").mkdir()
    (tmp_path / "engine/vl_convert.py").write_text("import os; os.abort()")
    (tmp_path / "report.html").write_text("old")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "engine"))
    ended = ask("--account", "cloud", "report", *OCTOBER)
    assert ended.code == 2
    assert "no page: the process that draws its charts (vl-convert) ended with SIGABRT" in ended.err
    assert (tmp_path / "report.html").read_text() == "old"
    assert list(tmp_path.glob(".*")) == []


def test_the_months_that_a_store_has_stand_side_by_side(
    ask: Callable[..., Any], kept: Path, tmp_path: Path
) -> None:
    store = tmp_path / "copy"
    copytree(kept, store)  # of October, and now of November
    only = ("--store", store, "--account", "cloud")
    assert ask(*only, "sync", "--stream", "usage").code == 0
    page = tmp_path / "report.html"
    current = ("--period", "2026-11", "--out", "report.html")
    assert ask(*only, "report", *current).code == 0
    assert '<h2 id="by-month">Month by month</h2>' in page.read_text("utf-8")
    assert ">complete, so far</td>" in page.read_text("utf-8")
    assert page.read_text("utf-8").count('title="354.43445 EUR"') == 2  # of b'nerd, and of all
    for chosen, period in ((("--live",), current), ((), OCTOBER)):  # no store, or one month of it
        assert ask(*only, *chosen, "report", *period).code == 0
        assert 'id="by-month"' not in page.read_text("utf-8")


def test_a_store_that_cannot_say_keeps_no_page_away(
    ask: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "store").mkdir()
    ended = ask("--store", tmp_path / "store", "--account", "cloud-dev", "report", *IDLE)
    assert ended.code == 0
    assert "no month by month: " in ended.err
    assert "nothing was read yet: run billfold sync" in ended.err
    assert 'id="by-month"' not in (tmp_path / "report.html").read_text("utf-8")


def test_the_page_names_the_table_of_its_rates_and_which_of_them_are_estimated(
    ask: Callable[..., Any], tmp_path: Path
) -> None:
    rates, page = tmp_path / "rates.csv", tmp_path / "report.html"
    rates.write_text("date,base,quote,rate\n2026-09-15,EUR,USD,1.25\n")
    stale = ("--in", "EUR", "--rates", "rates.csv", "--stale-rates", 60)
    assert ask("--account", "ci", "report", "--out", page, *stale).code == 0
    written = page.read_text()
    hashed = sha256(rates.read_bytes()).hexdigest()
    assert f"rates.csv: to 2026-09-15, SHA-256 <code>{hashed}</code>" in written
    assert "(rates.csv of 2026-09-15, the last published before 2026-10-01; estimated)" in written
