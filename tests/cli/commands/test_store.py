"""``billfold store`` says where the store is, proves it sound, and joins its files."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from deltalake import write_deltalake

OCTOBER = ("--period", "2026-10")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "own" / "store"


@pytest.fixture
def go(ask: Callable[..., Any], store: Path) -> Callable[..., Any]:
    """Run a command with a store of the test's own."""
    return lambda *arguments: ask("--store", store, *arguments)


def test_where_the_store_is_can_be_asked_before_there_is_one(
    go: Callable[..., Any], store: Path
) -> None:
    ended = go("store", "path")
    assert (ended.code, ended.out) == (0, f"{store}\n")


@pytest.mark.parametrize("command", ["check", "compact"])
def test_no_store_cannot_be_looked_after(go: Callable[..., Any], store: Path, command: str) -> None:
    ended = go("store", command)
    assert ended.code == 2
    assert f"{store}: there is no store here: run billfold sync" in ended.err


def test_a_sound_store_is_told_by_its_rows(go: Callable[..., Any], store: Path) -> None:
    go("sync", *OCTOBER)
    ended = go("store", "check", "--format", "json")
    told = json.loads(ended.out)
    assert (ended.code, told["schema"], told["store"]) == (0, "billfold.store-check/1", str(store))
    assert (told["complete"], told["items"]) == (True, [])
    assert told["rows"]["usage"] > 0
    shown = go("store", "check").out.splitlines()
    assert "sound" in shown[0]
    assert shown[1].split() == ["Table", "Rows"]


def test_a_store_that_lost_a_commit_is_told_by_what_is_missing(
    go: Callable[..., Any], store: Path
) -> None:
    go("sync", *OCTOBER, "--stream", "usage")
    sorted((store / "usage" / "_delta_log").glob("*.json"))[-1].unlink()
    ended = go("store", "check", "--format", "csv")
    assert ended.code == 3
    header, *faults = ended.out.splitlines()
    assert header == "table,rule,detail"
    assert faults
    assert [each for each in faults if not each.startswith('usage,syncs,"sync ')] == []
    assert "faults" in go("store", "check").out


def test_files_are_joined_and_every_row_stays(go: Callable[..., Any]) -> None:
    go("sync", *OCTOBER, "--stream", "usage")
    before = json.loads(go("store", "check", "--format", "json").out)
    ended = go("store", "compact", "--format", "json")
    told = json.loads(ended.out)
    assert (ended.code, told["schema"]) == (0, "billfold.store-compact/1")
    assert [each["table"] for each in told["items"]] == ["usage", "syncs"]
    assert json.loads(go("store", "check", "--format", "json").out) == before
    assert "Files before" in go("store", "compact").out


def test_a_table_of_others_is_no_store_that_is_empty(go: Callable[..., Any], store: Path) -> None:
    write_deltalake(store / "usage", pa.table({"cost": [1]}))
    ended = go("costs", "--stored")
    assert ended.code == 2
    assert "usage is a Delta table that billfold did not make; name another place" in ended.err
