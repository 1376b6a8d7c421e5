"""``billfold sync`` books what it reads, and says what that changed.

What account cloud costs in October is computed by hand in test_costs: 354.43445 EUR, and 142.82 USD
for ci.
"""

import csv
import io
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from billfold import Account, Secret, Stream
from billfold.cli import run_command
from billfold.cli.options import OutputFormat
from billfold.cli.output.sync_result import SyncResult, write_sync
from billfold.cli.syncing import Progress
from billfold.store.book import Book
from billfold.store.booking import book
from billfold.store.sync import questions
from billfold_harmont import Harmont
from cli.conftest import LAST_MINUTES
from store.writer import reading
from support.world import NOW

OCTOBER = ("--period", "2026-10")
COLUMNS = [
    *("account", "provider", "stream", "period", "state"),
    *("new", "changed", "withdrawn", "moved", "detail"),
]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "own" / "store"


@pytest.fixture
def sync(ask: Callable[..., Any], store: Path) -> Callable[..., Any]:
    """Sync into a store of the test's own and give what it wrote as JSON."""

    def go(*arguments: object, code: int = 0) -> Any:
        ended = ask("--store", store, "sync", *arguments, "--format", "json")
        assert ended.code == code, ended.err
        return json.loads(ended.out)

    return go


def test_the_first_sync_finds_everything_new_and_the_second_nothing(
    sync: Callable[..., Any], store: Path
) -> None:
    first = sync("--account", "cloud", "--stream", "usage", *OCTOBER)
    assert (first["schema"], first["store"], first["complete"]) == (
        "billfold.sync/1",
        str(store),
        True,
    )
    assert first["asked"]["period"] == {
        "start": "2026-10-01T00:00:00Z",
        "end": "2026-11-01T00:00:00Z",
    }
    assert first["asked"]["accounts"] == ["cloud"]
    assert "ci" in first["asked"]["left_out"]
    assert first["moved"] == {"usage": {"EUR": "354.43445"}}
    (row,) = first["items"]
    # Eight charges, and the usage that they are of.
    assert (row["new"], row["changed"], row["withdrawn"]) == (9, 0, 0)
    assert row["state"] == "complete"
    (again,) = sync("--account", "cloud", "--stream", "usage", *OCTOBER)["items"]
    assert (again["new"], again["changed"], again["withdrawn"], again["moved"]) == (0, 0, 0, {})


def test_every_stream_that_can_be_kept_is_read_and_none_is_named_that_an_account_lacks(
    sync: Callable[..., Any],
) -> None:
    rows = sync("--provider", "harmont", "--provider", "bnerd")["items"]
    assert {(row["account"], row["stream"]) for row in rows} == {
        (account, stream)
        for accounts, streams in (
            (("ci", "ci-legacy"), ("usage", "daily", "ledger", "balances")),
            (("cloud", "cloud-dev"), ("usage", "invoices", "subscriptions")),
        )
        for account in accounts
        for stream in streams
    }


def test_a_sync_goes_by_the_command_s_clock(sync: Callable[..., Any]) -> None:
    whole = sync("--provider", "aether", "--provider", "latitude", "--stream", "usage")
    assert {row["state"] for row in whole["items"]} == {"complete"}


def test_a_month_that_ended_is_read_once_more_for_its_last_minutes(
    sync: Callable[..., Any], world: Path, store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    daily = ("--account", "ci", "--stream", "daily")
    before = ("--config", str(world), "--store", str(store), "sync", *daily)
    assert run_command(before, lambda: LAST_MINUTES) == 0
    capsys.readouterr()
    periods = [[f"{row['period']['start']:.7}" for row in sync(*daily)["items"]] for _ in range(2)]
    assert periods == [["2026-10", "2026-11"], ["2026-11"]]


def test_what_a_provider_forgot_makes_a_sync_partial(
    ask: Callable[..., Any], sync: Callable[..., Any], store: Path
) -> None:
    whole = sync("--account", "ci", "--account", "k8s", "--stream", "usage", *OCTOBER, code=3)
    assert whole["complete"] is False
    assert {row["account"]: row["state"] for row in whole["items"]} == {
        "ci": "complete",
        "k8s": "unavailable",
    }
    ended = ask("-v", "--account", "k8s", "--store", store, "sync", "--stream", "usage", *OCTOBER)
    assert ended.code == 4
    assert "k8s usage: Aether answers only for its current UTC month" in ended.err
    assert f"store: {store}" in ended.err


def test_one_account_s_failure_is_a_row_and_not_the_end(
    billfold: Callable[..., Any], two_accounts: None, store: Path
) -> None:
    ended = billfold("--store", store, "sync", "--stream", "balances", "--format", "json")
    whole = json.loads(ended.out)
    assert ended.code == 3
    assert {row["account"]: row["state"] for row in whole["items"]} == {
        "good": "complete",
        "bad": "failed",
    }
    assert whole["moved"] == {"balances": {"prepaid": {"USD": "12.34"}}}
    assert [failure["error"] for failure in whole["failures"]] == ["CredentialsError"]


def test_what_is_not_read_is_said_on_standard_error_once_per_reason(
    ask: Callable[..., Any], store: Path
) -> None:
    several = ("--stream", "usage", "--stream", "daily", *OCTOBER)
    ended = ask("--account", "k8s", "--store", store, "sync", *several)
    (line,) = ended.err.splitlines()
    assert line.startswith("k8s usage, daily: Aether answers only for its current UTC month")
    assert line not in ended.out
    assert ask("--account", "ci", "--store", store, "sync", *several).err == ""


def test_that_what_was_known_is_not_stated_any_more_is_said_beside_a_table(
    capsys: pytest.CaptureFixture[str], store: Path
) -> None:
    result = SyncResult(str(store), None, (), ())
    first, later = reading("one", 0), reading("one", 1)
    (usage,) = later.answer
    nothing = evolve(later, answer=evolve(later.answer, items=(evolve(usage, charges=()),)))
    for number, read in enumerate((first, nothing)):
        (outcome,) = book(Book(str(store)), [read], str(number), lambda read=read: read.read_at)
        result.add(outcome)
    write_sync(result, OutputFormat.TABLE)
    said = capsys.readouterr()
    assert result.complete
    assert "one usage: nothing was stated for of one: what is known stays" in said.err
    assert "nothing was stated" not in said.out


def test_the_money_moved_is_rounded_in_the_table_alone(
    ask: Callable[..., Any], store: Path
) -> None:
    cloud = ("--account", "cloud", "sync", "--stream", "usage", *OCTOBER)
    assert "354.43 EUR" in ask("--store", store, *cloud).out
    exact = ask("--store", store.with_name("other"), *cloud, "--format", "csv")
    assert "354.43445 EUR" in exact.out


def test_money_of_different_kinds_is_never_added_up(
    ask: Callable[..., Any], sync: Callable[..., Any], store: Path
) -> None:
    whole = sync("--stream", "balances", "--stream", "invoices", *OCTOBER)
    for stream in ("balances", "invoices"):
        asked = () if stream == "balances" else OCTOBER
        assert (
            whole["moved"][stream]
            == json.loads(ask(stream, *asked, "--format", "json").out)["totals"]
        )
    assert set(whole["moved"]["invoices"]) == {"metering", "legal"}
    assert set(whole["moved"]["balances"]) == {"prepaid", "credit"}
    assert sync("--stream", "balances")["moved"] == {"balances": {}}
    shutil.rmtree(store)
    ended = ask("--account", "metal", "--store", store, "sync", "--stream", "balances")
    assert "credit -418.75 USD" in ended.out


def test_csv_has_a_row_per_account_stream_and_month(ask: Callable[..., Any], store: Path) -> None:
    ended = ask(
        *("--account", "ci", "--store", store, "sync", "--stream", "usage"),
        *("--period", "2026-09..2026-11", "--format", "csv"),
    )
    rows = list(csv.DictReader(io.StringIO(ended.out)))
    assert list(rows[0]) == COLUMNS
    assert {(row["period"], row["moved"]) for row in rows} >= {("2026-10", "142.82 USD")}
    assert {row["period"] for row in rows} == {"2026-09", "2026-10"}


def test_the_table_tells_months_apart_where_there_are_several(
    ask: Callable[..., Any], store: Path
) -> None:
    asked = ("--account", "cloud", "--store", store, "sync", "--stream", "usage", "--period")
    ended = ask(*asked, "2026-09..2026-11")
    _, head, _, *rows = ended.out.splitlines()
    assert head.split()[:4] == ["Account", "Stream", "Period", "State"]
    assert [row.split()[2] for row in rows[:2]] == ["2026-09", "2026-10"]
    assert "Period" not in ask(*asked, "2026-10").out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--period", "2026-10-02..2026-10-15"), "is cut: whole months are kept"),
        (("--stream", "payment-methods"), "'payment-methods' cannot be kept; choose of usage"),
        (("--shard", "4/4"), "there is no part 4 of 4: parts count from 0"),
        (("--shard", "4"), "write I/4, or set $JOB_COMPLETION_INDEX"),
        (("--shard", "x"), "--shard: 'x' is no part of a whole; write it like 0/4"),
        (("--watch", "--every", "30s"), "'30s' is no length of time; write it like 90m, 6h or 2d"),
        (("--every", "6h"), "--every says how often to read with --watch: add it"),
        (("--watch", "--every", "0m"), "--every is at least 1m"),
    ],
)
def test_wrong_use_is_2_before_anybody_is_asked(
    ask: Callable[..., Any], store: Path, arguments: tuple[str, ...], said: str
) -> None:
    ended = ask("--store", store, "sync", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
    assert not store.exists()


def test_shards_share_the_accounts_among_them(
    sync: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    for number in range(3):
        monkeypatch.setenv("JOB_COMPLETION_INDEX", str(number))
        whole = sync("--shard", "3", "--stream", "balances")
        assert whole["asked"] == sync("--shard", f"{number}/3", "--stream", "balances")["asked"]
        assert len(whole["asked"]["accounts"]) + len(whole["asked"]["left_out"]) == 8
        asked += whole["asked"]["accounts"]
    assert len(asked) == len(set(asked)) == 8


def test_without_the_extra_it_says_how_to_install_it(
    ask: Callable[..., Any], store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("deltalake", "deltalake.exceptions"):
        monkeypatch.setitem(sys.modules, module, None)
    for command in (("sync",), ("usage", "--stored")):
        ended = ask("--store", store, *command)
        assert (ended.code, ended.out) == (2, "")
        assert "the store needs packages: run pip install" in ended.err


def test_what_is_as_of_now_is_taken_back_when_it_is_restated(
    ask: Callable[..., Any], kept: Path, tmp_path: Path
) -> None:
    # The kept store has read subscriptions twice, three weeks apart, and holds each once.
    shutil.copytree(kept, tmp_path / "copy")
    ended = ask("--store", tmp_path / "copy", "subscriptions", "--stored", "--format", "json")
    stored = json.loads(ended.out)["items"]
    live = json.loads(ask("subscriptions", "--format", "json").out)["items"]
    assert sorted(item["id"] for item in stored) == sorted(item["id"] for item in live)


def test_a_store_that_cannot_be_written_is_2_and_named(
    ask: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    ended = ask("--account", "ci", "--store", tmp_path / "file", "sync", "--stream", "balances")
    assert (ended.code, ended.out) == (2, "")
    assert str(tmp_path / "file") in ended.err


def test_small_files_that_cannot_be_joined_are_said_and_what_was_read_is_booked(
    ask: Callable[..., Any], store: Path
) -> None:
    for number in range(16):
        read = reading("one", number)
        book(Book(str(store)), [read], str(number), lambda moment=read.read_at: moment)
    (store / "usage" / "_delta_log" / "_last_checkpoint").mkdir()
    ended = ask("--account", "ci", "--store", store, "sync", "--stream", "usage", *OCTOBER)
    assert ended.code == 0
    assert "what was read is booked, but the small files stay" in ended.err
    assert (ended.out.splitlines()[3].split()[:3]) == ["ci", "usage", "complete"]


def test_progress_counts_the_readings_of_each_stream() -> None:
    accounts = [
        Account("one", Harmont(), Secret("token")),
        Account("two", Harmont(), Secret("tok")),
    ]
    asked = questions(accounts, None, (Stream.USAGE, Stream.DAILY), NOW)
    progress = Progress(asked, "/store")
    assert progress.text == "reading 2 accounts into /store ..."
    assert progress.after(Stream.USAGE) == "usage: 1 of 2 readings into /store ..."
    assert progress.after(Stream.DAILY) == "daily: 1 of 2 readings into /store ..."
    assert progress.after(Stream.USAGE) == "usage: 2 of 2 readings into /store ..."
