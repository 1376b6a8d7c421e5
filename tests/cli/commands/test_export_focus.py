"""``billfold export focus``, against the simulated providers as of NOW."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


def test_an_export_lists_its_files_and_says_what_is_in_them(ask: Run, tmp_path: Path) -> None:
    done = ask(
        *("-v", "--account", "ci", "export", "focus", "--out", "costs", "--period", "last-month")
    )
    assert done.code == 0
    assert done.out.splitlines() == [
        f"costs/{name}"
        for name in ("billing_period.csv", "cost_and_usage.csv", "focus-metadata.json")
    ]
    assert "rows of cost and usage" in done.err
    assert json.loads((tmp_path / "costs" / "focus-metadata.json").read_text())["complete"] is True


def test_what_is_left_out_is_said_and_exits_with_3(ask: Run) -> None:
    done = ask("--account", "ci", "export", "focus", "--out", "costs")
    assert done.code == 3
    assert "left out: 1 x ci: ledger entries of a kind that is not known (chargeback)" in done.err


def test_a_hole_is_exported_only_when_allowed(ask: Run, tmp_path: Path) -> None:
    both = ("--account", "ci", "--account", "k8s")
    command = (*both, "export", "focus", "-o", "costs", "-p", "2020-01")
    refused = ask(*command)
    assert (refused.code, refused.out) == (3, "")
    assert "--allow-partial" in refused.err
    assert not (tmp_path / "costs").exists()
    allowed = ask(*command, "--allow-partial")
    assert allowed.code == 3
    assert "incomplete: usage of k8s: unavailable" in allowed.err


def test_where_nobody_answers_it_exits_with_4(ask: Run) -> None:
    done = ask("--account", "k8s", "export", "focus", "--out", "costs", "--period", "2020-01")
    assert (done.code, done.out) == (4, "")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--profile", "vantage", "--file-format", "parquet"), "CSV"),
        (("--period", "2026-10-01", "--partition"), "whole months"),
        (("--period", "soon"), "--period"),
    ],
)
def test_what_cannot_be_written_is_wrong_use(ask: Run, options: tuple[str, ...], says: str) -> None:
    done = ask("--account", "ci", "export", "focus", "--out", "costs", *options)
    assert (done.code, says in done.err) == (2, True)


def test_a_closed_month_is_exported_from_a_store_that_also_read_the_next_one(
    ask: Run, kept: Path, tmp_path: Path
) -> None:
    store = shutil.copytree(kept, tmp_path / "store")
    both = ("--store", store, "--account", "cloud", "--account", "ci")
    assert ask(*both, "sync").code == 0
    month = ("--period", "2026-10")
    stored = ask(*both, "export", "focus", "--stored", *month, "--out", tmp_path / "stored")
    assert stored.code == 0, stored.err
    live = ask(*both, "export", "focus", *month, "--out", tmp_path / "live")
    assert live.code == 0, live.err
    of_both = [(tmp_path / name / "cost_and_usage.csv").read_text() for name in ("stored", "live")]
    assert of_both[0].count("\n") == of_both[1].count("\n")


def test_a_month_whose_invoices_were_never_read_is_refused(ask: Run, tmp_path: Path) -> None:
    cloud = ("--store", tmp_path / "store", "--account", "cloud")
    assert ask(*cloud, "sync", "--period", "2026-10", "--stream", "usage").code == 0
    assert ask(*cloud, "sync", "--stream", "invoices").code == 0
    ended = ask(
        *cloud, "export", "focus", "--stored", "--period", "2026-10", "--out", tmp_path / "out"
    )
    assert ended.code == 3
    assert "invoices of cloud: unavailable (2026-10 was not read" in ended.err
