"""Partitioned exports: a month is replaced as a whole, and other months stay as they are."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from billfold import ConfigError, Period, ProviderError
from support.exports import names, written
from support.shop import OCTOBER, Shop, charge, entry, legal, usage

SEPTEMBER = OCTOBER.previous_month()
OF_A = Path("cost_and_usage/provider=shop/account=a/month=2026-10/part.csv")
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


KEPT = "a: 2026-10 stays as it was exported before; not read now: usage"


def costs(folder: Path) -> list[str]:
    rows = csv.DictReader((folder / OF_A).read_text().splitlines())
    return [row["BilledCost"] for row in rows]


async def test_a_file_is_not_replaced_by_one_that_lacks_a_stream(tmp_path: Path) -> None:
    """10.00 of usage, and a coupon of 3.00: where only the coupon is read, both stay."""
    used, coupon = usage(charge("1", "10.00")), entry("coupon", "3.00")
    options: dict[str, Any] = {"partition": True, "allow_partial": True}
    whole = Shop((used,), entries=(coupon,))
    other = Shop((usage(charge("2", "7")),))
    await written(tmp_path, whole, other, **options)
    assert costs(tmp_path) == ["10.00", "-3.00"]
    for _ in range(2):
        silent = Shop(entries=(coupon,), broken=GONE)
        done, _ = await written(tmp_path, silent, other, **options)
        assert (costs(tmp_path), done.notes, done.complete) == (["10.00", "-3.00"], (KEPT,), False)
        assert str(done.totals["EUR"]) == "7 EUR"
        metadata = json.loads((tmp_path / "focus-metadata.json").read_text())
        listed = {file["path"]: (file["rows"], file["unread"]) for file in metadata["files"]}
        assert listed[OF_A.as_posix()] == (2, [])
    changed = Shop((usage(charge("1", "11.00")),), entries=(coupon,))
    done, _ = await written(tmp_path, changed, other, **options)
    assert (costs(tmp_path), done.notes) == (["11.00", "-3.00"], ())


async def test_a_file_that_lacks_as_much_is_replaced(tmp_path: Path) -> None:
    """The usage breaks off after 10.00 and after 12.00: each has what the other lacks."""
    for cost in ("10.00", "12.00"):
        cut = Shop((usage(charge("1", cost)),), broken=GONE)
        done, _ = await written(tmp_path, cut, partition=True, allow_partial=True)
        assert (costs(tmp_path), done.notes) == ([cost], ())


async def test_a_month_that_is_in_no_file_is_written_whatever_fails(tmp_path: Path) -> None:
    both = Period(SEPTEMBER.start, OCTOBER.end)
    await written(tmp_path, Shop((usage(charge("1", "10.00")),)), partition=True)
    september = charge("0", "7", period=Period.day(SEPTEMBER.start.date()))
    used = usage(september, covers=SEPTEMBER)
    cut = Shop((used, usage(charge("1", "9"))), broken=GONE)
    done, _ = await written(tmp_path, cut, partition=True, allow_partial=True, period=both)
    assert (costs(tmp_path), done.notes) == (["10.00"], (KEPT,))
    assert (tmp_path / OF_A.as_posix().replace("2026-10", "2026-09")).exists()
    assert str(done.totals["EUR"]) == "7 EUR"  # what was written now


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
