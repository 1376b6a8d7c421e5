"""Every command against the sandbox: what it prints where, in every format."""

import csv
import io
import json
from pathlib import Path

import pytest

from billfold import Answer
from billfold.http.transport import utc_now
from billfold.period import Period

# The ledger's table of everything is a thousand rows; a month of it shows as much.
LEDGER = ("--period", "last-month")
STREAMS = (
    "balances",
    "usage",
    "daily",
    "ledger",
    "invoices",
    "subscriptions",
    "payment-methods",
    "check",
)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_help_names_every_command_and_the_exit_codes(billfold) -> None:
    text = billfold("--help").out
    for command in (*STREAMS, "invoice", "accounts", "providers", "demo", "sandbox", "Exit codes"):
        assert command in text


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("billfold payment", ["payment-methods"]),
        ("billfold usage --format ", ["table", "json", "csv"]),
        ("billfold --account ci-", ["ci-legacy"]),
        ("billfold --provider la", ["latitude"]),
    ],
)
def test_completion_knows_commands_formats_and_what_is_configured(
    billfold, sandbox, monkeypatch, words, offered
) -> None:
    monkeypatch.setenv("_BILLFOLD_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(words.count(" ")))
    monkeypatch.setenv("BILLFOLD_CONFIG", str(sandbox))
    assert billfold().out.split() == offered


def test_completion_of_accounts_is_silent_without_a_configuration(billfold, monkeypatch) -> None:
    monkeypatch.setenv("_BILLFOLD_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "billfold --account x")
    monkeypatch.setenv("COMP_CWORD", "2")
    done = billfold()
    assert (done.out.strip(), done.err) == ("", "")


@pytest.mark.parametrize("stream", STREAMS)
def test_json_is_the_answer_alone_and_is_complete(billfold, sandbox, stream) -> None:
    options = LEDGER if stream == "ledger" else ()
    done = billfold("--config", sandbox, stream, *options, "--format", "json")
    assert done.code == 0
    answer = Answer.from_json(done.out)
    assert answer.stream.value == stream.replace("-", "_")
    assert answer.complete
    assert answer.items
    assert json.loads(answer.to_json()) == json.loads(done.out)


@pytest.mark.parametrize("stream", STREAMS)
def test_csv_has_a_row_per_record_charge_or_line(billfold, sandbox, stream) -> None:
    options = LEDGER if stream == "ledger" else ()
    answer = Answer.from_json(
        billfold("--config", sandbox, stream, *options, "--format", "json").out
    )
    done = billfold("--config", sandbox, stream, *options, "--format", "csv")
    counted = {
        "usage": lambda: sum(len(usage.charges) for usage in answer),
        "invoices": lambda: sum(max(len(invoice.lines), 1) for invoice in answer),
    }
    assert done.code == 0
    assert len(rows(done.out)) == counted.get(stream, lambda: len(answer))()


@pytest.mark.parametrize("stream", STREAMS)
def test_tables_name_every_account_that_answered_and_are_never_cut(
    billfold, sandbox, monkeypatch, stream
) -> None:
    options = LEDGER if stream == "ledger" else ()
    answer = Answer.from_json(
        billfold("--config", sandbox, stream, *options, "--format", "json").out
    )
    wide = billfold("--config", sandbox, stream, *options)
    monkeypatch.setenv("COLUMNS", "80")
    narrow = billfold("--config", sandbox, stream, *options)
    assert (wide.code, wide.err, narrow.err) == (0, "", "")
    assert max(len(line) for line in narrow.out.splitlines()) <= 80
    for account in {item.account for item in answer}:
        assert account in wide.out
    assert "…" not in wide.out + narrow.out


def test_usage_totals_are_the_sums_of_the_charges_in_csv(billfold, sandbox) -> None:
    from decimal import Decimal

    totals = json.loads(billfold("--config", sandbox, "usage", "--format", "json").out)["totals"]
    costs = [
        row
        for row in rows(billfold("--config", sandbox, "usage", "--format", "csv").out)
        if row["cost"]
    ]
    for currency, amount in totals.items():
        assert sum(
            Decimal(row["cost"]) for row in costs if row["cost_currency"] == currency
        ) == Decimal(amount)


def test_lines_lists_every_charge(billfold, sandbox) -> None:
    asked = ("--config", sandbox, "--account", "cloud", "usage", "--period", "last-month")
    charges = json.loads(billfold(*asked, "--format", "json").out)["items"][0]["charges"]
    shown = billfold(*asked, "--lines").out
    assert all(charge["service"] in shown for charge in charges)
    assert "Quantity" in shown
    assert "Quantity" not in billfold(*asked).out


def test_the_period_is_asked_for(billfold, sandbox) -> None:
    def asked(*options: str) -> object:
        return Answer.from_json(
            billfold(
                "--config", sandbox, "--account", "ci", "daily", *options, "--format", "json"
            ).out
        ).requested

    assert asked() is None
    assert asked("--period", "current") is None
    assert asked("--period", "2026-10-01..2026-10-15") == Period.parse("2026-10-01..2026-10-15")
    assert asked("-p", "last-month") == Period.month_of(utc_now()).previous_month()


def test_accounts_and_providers_choose_together(billfold, sandbox) -> None:
    def chosen(*options: str) -> list[str]:
        written = json.loads(
            billfold("--config", sandbox, *options, "accounts", "--format", "json").out
        )
        return [row["name"] for row in written["accounts"]]

    assert len(chosen()) == 8
    assert chosen("--account", "ci", "--account", "metal") == ["ci", "metal"]
    assert chosen("--provider", "harmont") == ["ci", "ci-legacy"]
    assert chosen("--account", "metal", "--provider", "harmont") == ["ci", "ci-legacy", "metal"]


def test_accounts_shows_where_tokens_come_from_and_never_a_token(
    billfold, tmp_path, mocked
) -> None:
    (tmp_path / "billfold.toml").write_text(
        """
        [[accounts]]
        name = "env"
        provider = "harmont"
        org = "acme"
        [[accounts]]
        name = "file"
        provider = "aether"
        token_file = "aether.token"
        [[accounts]]
        name = "command"
        provider = "latitude"
        projects = ["proj_1"]
        token_command = ["echo", "s3cret"]
        [[accounts]]
        name = "ring"
        provider = "harmont"
        token_keyring = "ci/bot"
        base_url = "https://harmont.example/root"
        requests_per_minute = 7
        """
    )
    table = billfold("accounts")
    written = json.loads(billfold("accounts", "--format", "json").out)
    listed = rows(billfold("accounts", "--format", "csv").out)
    assert written["schema"] == "billfold.accounts/1"
    env, file, command, ring = written["accounts"]
    assert (env["token_from"], env["settings"]) == ("token_env HARMONT_TOKEN", {"org": "acme"})
    assert file["token_from"].endswith("aether.token")
    assert (command["token_from"], command["settings"]) == (
        "token_command echo",
        {"projects": ["proj_1"]},
    )
    assert (ring["token_from"], ring["base_url"]) == (
        "token_keyring ci/bot",
        "https://harmont.example/root",
    )
    assert listed[3]["requests_per_minute"] == "7"
    assert listed[2]["settings"] == '{"projects": ["proj_1"]}'
    assert "org = acme" in table.out
    assert "s3cret" not in table.out + json.dumps(written) + str(listed)
    assert mocked.sent() == []


def test_providers_are_shown_from_their_declarations(billfold, monkeypatch) -> None:
    table = billfold("providers")
    assert (table.code, table.err) == (0, "")
    assert "prepaid USD, may be negative" in table.out
    written = json.loads(billfold("--provider", "bnerd", "providers", "--format", "json").out)
    assert written["schema"] == "billfold.providers/1"
    assert [row["provider"] for row in written["providers"]] == ["bnerd"]
    assert written["providers"][0]["required"] == ["BNERD_ORG_ID"]
    assert set(written["providers"][0]["offers"]) == {
        "usage",
        "invoices",
        "subscriptions",
        "payment_methods",
    }
    listed = rows(billfold("providers", "--format", "csv").out)
    assert [row["provider"] for row in listed] == ["aether", "bnerd", "harmont", "latitude"]


def test_the_demo_shows_what_the_commands_show(
    billfold, sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    demo = billfold("demo").out.splitlines()
    for command in (("balances",), ("check",), ("usage", "--period", "last-month")):
        alone = billfold("--config", sandbox, *command).out.splitlines()
        table = alone[1 : alone.index("") if "" in alone else None]
        start = demo.index(f"billfold {' '.join(command)}") + 1
        assert demo[start : start + len(table)] == table
    assert any(line.startswith("Usage, last month") and line.endswith("*") for line in demo)
    assert any(line.startswith("* incomplete") for line in demo)


def test_the_demo_can_be_narrowed(billfold) -> None:
    done = billfold("--provider", "harmont", "demo")
    assert done.code == 0
    assert "latitude" not in done.out
    assert billfold("--account", "nope", "demo").code == 2


def test_one_invoice_is_shown_with_its_lines(billfold, sandbox: Path) -> None:
    listed = Answer.from_json(
        billfold("--config", sandbox, "invoices", "--kind", "metering", "--format", "json").out
    )
    first = listed.items[0]
    done = billfold("--config", sandbox, "invoice", first.account, first.id)
    assert done.code == 0
    assert first.total.rounded() in done.out
    assert "Unit price" in done.out
    again = Answer.from_json(
        billfold("--config", sandbox, "invoice", first.account, first.id, "--format", "json").out
    )
    assert again.items[0].id == first.id
    lines = rows(
        billfold("--config", sandbox, "invoice", first.account, first.id, "--format", "csv").out
    )
    assert len(lines) == len(again.items[0].lines)
