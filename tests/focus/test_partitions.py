"""Partitioned exports: a month is replaced as a whole, and other months stay as they are."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from attrs import evolve

from billfold import ConfigError, Period, ProviderError
from support.exports import names, written
from support.shop import OCTOBER, Shop, charge, legal, usage

SEPTEMBER = OCTOBER.previous_month()
GONE = ProviderError("the shop is closed")


async def test_partitions_are_replaced_by_the_month_and_others_stay(tmp_path: Path) -> None:
    september = charge("0", "7", period=Period.day(SEPTEMBER.start.date()))
    await written(
        tmp_path, Shop((usage(september, covers=SEPTEMBER),)), partition=True, period=SEPTEMBER
    )
    await written(tmp_path, Shop((usage(charge("1", "1"), charge("2", "2")),)), partition=True)
    done, rows = await written(tmp_path, Shop((usage(charge("1", "1.5")),)), partition=True)
    october = tmp_path / "cost_and_usage/provider=shop/account=a/month=2026-10/part.csv"
    assert october in done.files
    assert [row["BilledCost"] for row in rows["part.csv"] if "BilledCost" in row] == ["1.5"]
    assert (
        tmp_path / "cost_and_usage/provider=shop/account=a/month=2026-09/part.csv"
    ).read_text().count("\n") == 2
    metadata = json.loads((tmp_path / "focus-metadata.json").read_text())
    listed = {file["path"]: file["rows"] for file in metadata["files"]}
    assert listed == {
        "billing_period/provider=shop/month=2026-09/part.csv": 1,
        "billing_period/provider=shop/month=2026-10/part.csv": 1,
        "cost_and_usage/provider=shop/account=a/month=2026-09/part.csv": 1,
        "cost_and_usage/provider=shop/account=a/month=2026-10/part.csv": 1,
    }
    await written(tmp_path, Shop((usage(),)), partition=True)
    assert not october.exists()


def everything(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*"))


def invoices(folder: Path) -> list[str]:
    return sorted(path.parent.name for path in (folder / "invoice_detail").rglob("part.csv"))


async def test_an_invoice_that_moves_to_another_month_is_in_that_month_only(tmp_path: Path) -> None:
    november = Period.month(2026, 11)
    both = Period(OCTOBER.start, november.end)
    sold = usage(charge("1", "15"), covers=both)
    bill = legal("15", "17.85")
    await written(tmp_path, Shop((sold,), bills=(bill,)), partition=True, period=both)
    assert invoices(tmp_path) == ["month=2026-10"]
    moved = evolve(bill, period=november)  # now the provider states what it bills
    await written(tmp_path, Shop((sold,), bills=(moved,)), partition=True, period=both)
    assert invoices(tmp_path) == ["month=2026-11"]
    listed = [
        file["path"] for file in json.loads((tmp_path / "focus-metadata.json").read_text())["files"]
    ]
    assert [path for path in listed if "invoice" in path] == [
        "invoice_detail/provider=shop/account=a/month=2026-11/part.csv"
    ]
    assert len(listed) == len(set(listed))
    assert all((tmp_path / path).exists() for path in listed)


async def test_invoices_of_other_months_or_that_could_not_be_read_stay(tmp_path: Path) -> None:
    november = Period.month(2026, 11)
    sold = usage(covers=november)
    bills = (legal("15", "17.85", period=november),)
    await written(tmp_path, Shop((sold,), bills=bills), partition=True, period=november)
    await written(tmp_path, Shop((usage(charge("1", "1")),)), partition=True)
    assert invoices(tmp_path) == ["month=2026-11"]
    unread = Shop((sold,), unread=GONE)
    await written(tmp_path, unread, partition=True, period=november, allow_partial=True)
    assert invoices(tmp_path) == ["month=2026-11"]


async def test_cycles_of_one_month_do_not_replace_each_other(tmp_path: Path) -> None:
    def cycle(day: int, project: str) -> Shop:
        covers = Period(
            datetime(2026, 10, day, 4, tzinfo=UTC), datetime(2026, 11, day, 4, tzinfo=UTC)
        )
        return Shop((usage(charge(project, "1", period=covers), covers=covers, project=project),))

    await written(tmp_path, cycle(5, "x/1"), partition=True, period=None)
    await written(tmp_path, cycle(9, "y"), partition=True, period=None)
    folder = tmp_path / "cost_and_usage/provider=shop/account=a/month=2026-10"
    assert names(folder) == ["part-x%2F1.csv", "part-y.csv"]


async def test_a_partition_takes_whole_months_only(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="not whole months"):
        await written(tmp_path, Shop(), partition=True, period=Period.day(OCTOBER.start.date()))
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    "text", ["{", "[]", "[" * 100_000, "\udcff", '{"schema": "billfold.focus/1", "files": [1, {}]}']
)
async def test_an_unreadable_metadata_file_is_replaced(tmp_path: Path, text: str) -> None:
    (tmp_path / "focus-metadata.json").write_text(text, "utf-8", errors="surrogateescape")
    await written(tmp_path, Shop((usage(charge("1", "1")),)), partition=True)
    assert len(json.loads((tmp_path / "focus-metadata.json").read_text())["files"]) == 2


async def test_a_partition_that_is_no_file_leaves_the_others_as_they_were(tmp_path: Path) -> None:
    shop = Shop((usage(charge("1", "0.10")),))
    done, _ = await written(tmp_path, shop, partition=True)
    before = {path: path.read_bytes() for path in done.files[1:]}
    done.files[0].unlink()
    done.files[0].mkdir()
    with pytest.raises(ConfigError, match="is not a file"):
        await written(tmp_path, shop, partition=True)
    assert {path: path.read_bytes() for path in done.files[1:]} == before


@pytest.mark.parametrize("partition", [False, True])
async def test_an_export_in_the_other_format_leaves_no_row_twice(
    tmp_path: Path, partition: bool
) -> None:
    shop = Shop((usage(charge("1", "1")),), bills=(legal("1", "1.19"),))
    for file_format, other in (("csv", "parquet"), ("parquet", "csv"), ("csv", "parquet")):
        done, _ = await written(tmp_path, shop, partition=partition, file_format=file_format)
        assert len(done.files) == 4
        assert [path for path in everything(tmp_path) if path.suffix == f".{other}"] == []
        metadata = json.loads((tmp_path / "focus-metadata.json").read_text())
        listed = {tmp_path / file["path"] for file in metadata["files"]}
        assert listed == {path for path in done.files if path.suffix == f".{file_format}"}


@pytest.mark.parametrize("file_format", ["csv", "parquet"])
async def test_an_export_of_the_other_layout_is_not_written_beside_the_first(
    tmp_path: Path, file_format: str
) -> None:
    shop = Shop((usage(charge("1", "1")),))
    await written(tmp_path / "whole", shop, file_format=file_format)
    await written(tmp_path / "parts", shop, partition=True)
    before = everything(tmp_path)
    refused = r"cost_and_usage.* is of an export without --partition.*name another folder"
    with pytest.raises(ConfigError, match=refused):
        await written(tmp_path / "whole", shop, partition=True)
    with pytest.raises(ConfigError, match=r"cost_and_usage is of an export with --partition"):
        await written(tmp_path / "parts", shop, file_format=file_format)
    assert everything(tmp_path) == before
