"""``billfold trend``: months side by side, each as complete as it is.

The kept store read October to its end of accounts ci (142.82 USD) and cloud (354.43445 EUR), and
until 23:58 of its last day of all others. Nothing of November or of a month before was read.
Of k8s it read 222.30999999999996
of autoscaling and 461.93 of fees. 142.82 USD at 1.25 are 114.256 EUR, together 468.69045 EUR.
"""

import csv
import io
import json
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from deltalake import DeltaTable

BOTH = ("--account", "ci", "--account", "cloud")
EURO = ("--in", "EUR", "--constant", "USD=1.25")


def test_months_that_providers_still_know_are_side_by_side(ask: Callable[..., Any]) -> None:
    ended = ask(*BOTH, "trend", "--months", 2, "--by", "account")
    assert ended.code == 0, ended.err
    lines = [line.split() for line in ended.out.splitlines()]
    assert lines[0][:4] == ["Trend", "2026-10", "to", "2026-11"]
    assert lines[1] == ["Account", "2026-10", "2026-11", "so", "far"]
    assert lines[3][:3] == ["ci", "142.82", "USD"]
    assert lines[4][:3] == ["cloud", "354.43", "EUR"]
    assert "so far, until 2026-11-20 12:00 UTC: cloud, ci" in ended.out
    assert "complete - 2 of 8 accounts" in ended.out


def test_months_that_miss_something_are_marked(ask: Callable[..., Any], kept: Path) -> None:
    ended = ask("--store", kept, "--stored", *BOTH, "trend", "--by", "account", *EURO)
    assert ended.code == 3, ended.err
    head, columns, _, cloud, ci, _, total, *notes = ended.out.splitlines()
    assert head == ("Trend  2025-12 to 2026-11  usage charges, by account, in EUR  incomplete")
    assert columns.split() == ["Account", "2026-10", "2026-11", "so", "far", "*"]
    assert (cloud.split(), ci.split()) == (["cloud", "354.43", "-"], ["ci", "114.26", "-"])
    assert total.split() == ["Total", "468.69", "-"]
    assert "* 2025-12-01..2026-10-01: nothing was answered" in "\n".join(notes)
    assert any("2026-11 was never read: run billfold sync" in note for note in notes)


def test_the_store_fills_what_providers_forgot(ask: Callable[..., Any], kept: Path) -> None:
    ended = ask("--store", kept, "--account", "k8s", "trend", "--months", 2, "--format", "json")
    assert ended.code == 3, ended.err
    october, november = json.loads(ended.out)["months"]
    assert Decimal(october["totals"]["native"]["EUR"]) == Decimal("684.23999999999996")
    assert (october["running"], october["complete"]) == (False, False)
    assert "from the store, read at 2026-10-31T23:58:00Z" in october["coverage"][0]["detail"]
    assert (november["running"], november["complete"]) == (True, True)
    assert november["known_until"] == "2026-11-20T12:00:00Z"


def test_json_has_every_month_of_every_row(ask: Callable[..., Any], kept: Path) -> None:
    options = ("--months", 3, "--by", "account", *EURO, "--format", "json")
    ended = ask("--store", kept, "--stored", *BOTH, "trend", *options)
    assert ended.code == 3, ended.err
    written = json.loads(ended.out)
    assert (written["schema"], written["complete"]) == ("billfold.trend/1", False)
    assert written["asked"]["period"] == {
        "start": "2026-09-01T00:00:00Z",
        "end": "2026-12-01T00:00:00Z",
    }
    assert sorted(written["asked"]["accounts"]) == ["ci", "cloud"]
    assert len(written["asked"]["left_out"]) == 6
    assert [(each["month"], each["totals"]) for each in written["months"]] == [
        ("2026-09", None),
        (
            "2026-10",
            {"native": {"EUR": "354.43445", "USD": "142.82"}, "converted": "468.69045"},
        ),
        ("2026-11", None),
    ]
    assert [row["keys"] for row in written["rows"]] == [{"account": "cloud"}, {"account": "ci"}]
    (ci,) = written["rows"][1]["months"]
    assert (ci["month"], ci["native"], ci["converted"]) == ("2026-10", {"USD": "142.82"}, "114.256")


def test_csv_has_a_row_per_month_and_group(ask: Callable[..., Any], kept: Path) -> None:
    options = ("--months", 2, "--by", "account", "--format", "csv")
    ended = ask("--store", kept, "--stored", *BOTH, "trend", *options)
    assert ended.code == 3, ended.err
    rows = list(csv.DictReader(io.StringIO(ended.out)))
    assert [
        (row["month"], row["account"], row["native"], row["native_currency"], row["complete"])
        for row in rows
    ] == [
        ("2026-10", "ci", "142.82", "USD", "true"),
        ("2026-10", "cloud", "354.43445", "EUR", "true"),
        ("2026-11", "", "", "", "false"),
    ]
    assert [row["running"] for row in rows] == ["false", "false", "true"]


def test_as_of_shows_the_months_up_to_then(ask: Callable[..., Any], kept: Path) -> None:
    then = ("--store", kept, "--stored", "--as-of", "2026-10-31T23:59:00Z", "--account", "cloud")
    ended = ask(*then, "trend", "--months", 1, "--format", "json")
    (october,) = json.loads(ended.out)["months"]
    assert ended.code == 0, ended.err
    assert (october["month"], october["running"]) == ("2026-10", True)
    assert october["known_until"] == "2026-10-31T23:58:00Z"
    assert october["totals"]["native"] == {"EUR": "366.966"}


def test_where_nothing_is_known_the_exit_code_is_4(ask: Callable[..., Any], kept: Path) -> None:
    ended = ask("--store", kept, "--stored", *BOTH, "trend", "--months", 1)
    assert ended.code == 4
    assert ended.out.startswith("Trend  2026-11  usage charges, by provider, service  incomplete")
    assert "2026-11: nothing was answered" in ended.out


def test_a_store_that_answers_nothing_says_why(
    ask: Callable[..., Any], kept: Path, tmp_path: Path
) -> None:
    newer = tmp_path / "newer"
    shutil.copytree(kept, newer)
    DeltaTable(newer / "usage").alter.set_table_description("billfold 1000000")
    ended = ask("--store", newer, "--stored", *BOTH, "trend", "--months", 2)
    assert ended.code == 4
    said = " ".join(ended.out.split())
    assert "was written by a newer billfold (its version is 1000000" in said
    assert "2026-10-01..2026-12-01: nothing was answered" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--months", "0"), "'0' is no whole number from 1 to 120"),
        (("--by", "provider,day"), "leave day out"),
        (("--by", "nothing"), "--by: 'nothing' is not a dimension"),
        (("--by", "cost_centre"), "add --rules FILE"),
        (("--rates", "rates.csv"), "add --in EUR"),
    ],
)
def test_wrong_use_is_2(ask: Callable[..., Any], arguments: tuple[str, ...], said: str) -> None:
    ended = ask("trend", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
