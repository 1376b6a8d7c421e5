"""A pass over accounts: what becomes a row, what stays out, and how that is said."""

import csv
import json
import os
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from attrs import evolve

from billfold import (
    Category,
    ConfigError,
    IncompleteError,
    LedgerEntry,
    Period,
    ProviderError,
    UnsupportedError,
    focus,
)
from support.shop import NOW, OCTOBER, Nothing, Shop, charge, eur, fold, legal, metering, usage

SEPTEMBER = OCTOBER.previous_month()
GONE = ProviderError("the shop is closed")


async def written(
    out: Path, *shops: Any, **options: Any
) -> tuple[focus.Export, dict[str, list[dict[str, str]]]]:
    async with fold(*shops) as opened:
        done = await focus.export(opened, out, clock=lambda: NOW, **{"period": OCTOBER, **options})
    rows: dict[str, list[dict[str, str]]] = {}
    for path in done.files:
        if path.suffix == ".csv":
            with path.open(newline="", encoding="utf-8") as source:
                rows.setdefault(path.name, []).extend(csv.DictReader(source))
    return done, rows


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def entry(kind: str, amount: str, at: datetime | None = None) -> LedgerEntry:
    return LedgerEntry(
        f"t-{kind}",
        at or datetime(2026, 10, 9, 12, tzinfo=UTC),
        eur(amount),
        kind,
        "Coupon SECRET",
        provider="shop",
        account="a",
    )


async def test_stated_costs_are_rows_and_add_up(tmp_path: Path) -> None:
    done, rows = await written(tmp_path, Shop((usage(charge("1", "0.10"), charge("2", "0.20")),)))
    assert [row["BilledCost"] for row in rows["cost_and_usage.csv"]] == ["0.10", "0.20"]
    assert (done.totals, done.complete, done.rows["cost_and_usage"]) == (
        {"EUR": eur("0.30")},
        True,
        2,
    )
    assert names(tmp_path) == [
        "billing_period.csv",
        "cost_and_usage.csv",
        "focus-metadata.json",
    ]


async def test_an_unknown_cost_is_left_out_and_counted_never_zero(tmp_path: Path) -> None:
    shop = Shop(
        (usage(charge("1", "0.10"), charge("2", None), charge("3", None, included_in="1")),)
    )
    done, rows = await written(tmp_path, shop, allow_partial=True)
    assert [row["x_ProviderRecordId"] for row in rows["cost_and_usage.csv"]] == ["1"]
    assert (done.complete, done.left_out) == (False, {"a: charges without a stated cost": 1})
    sidecar = json.loads((tmp_path / "focus-metadata.json").read_text())
    assert (sidecar["complete"], sidecar["left_out"]) == (False, done.left_out)
    assert {row["stream"]: row["state"] for row in sidecar["coverage"]}["usage"] == "partial"


async def test_an_answer_with_a_hole_is_not_written_unless_allowed(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "cost_and_usage.csv").write_text("before")
    with pytest.raises(
        IncompleteError, match=r"a's usage is partial \(the shop is closed\); allow_partial=True"
    ):
        await written(out, Shop((usage(charge("1", "0.10")),), broken=GONE))
    assert [(path.name, path.read_text()) for path in out.iterdir()] == [
        ("cost_and_usage.csv", "before")
    ]
    done, rows = await written(
        out, Shop((usage(charge("1", "0.10")),), broken=GONE), allow_partial=True
    )
    assert (done.complete, len(rows["cost_and_usage.csv"])) == (False, 1)


async def test_a_folder_that_cannot_be_written_is_the_callers_to_mend(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="file cannot be written"):
        await written(tmp_path / "file", Shop((usage(charge("1", "1")),)))


async def test_where_nobody_answers_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(ProviderError, match="the shop is closed"):
        await written(tmp_path, Shop(broken=GONE), allow_partial=True)
    with pytest.raises(UnsupportedError, match="no account has usage"):
        await written(tmp_path, Nothing(), allow_partial=True)
    assert names(tmp_path) == []


async def test_what_the_ledger_gives_lowers_the_cost_and_payments_are_none(tmp_path: Path) -> None:
    entries = (
        entry("coupon", "25"),
        entry("refund", "1.50"),
        entry("topup", "100"),
        entry("chargeback", "-4"),
    )
    done, rows = await written(tmp_path, Shop((usage(),), entries))
    told = [
        (row["ChargeCategory"], row["BilledCost"], row["ChargeDescription"])
        for row in rows["cost_and_usage.csv"]
    ]
    assert told == [("Credit", "-25.0", "Coupon"), ("Adjustment", "-1.50", "Refund")]
    assert done.left_out == {"a: ledger entries of a kind that is not known (chargeback)": 1}
    assert "SECRET" not in (tmp_path / "cost_and_usage.csv").read_text()


async def test_the_ledger_is_read_for_what_the_usage_covers(tmp_path: Path) -> None:
    late = entry("coupon", "25", datetime(2026, 11, 1, tzinfo=UTC))
    _, rows = await written(tmp_path, Shop((usage(charge("1", "1")),), (late,)), period=None)
    assert len(rows["cost_and_usage.csv"]) == 1


async def test_a_legal_invoice_is_tied_to_the_month_whose_metering_it_bills(tmp_path: Path) -> None:
    shop = Shop(
        (usage(charge("1", "10"), charge("2", "5.004")),),
        bills=(metering("15.004"), legal("15", "17.85")),
    )
    _, rows = await written(tmp_path, shop)
    lines = [
        (r["ChargeCategory"], r["BilledCost"], r["InvoiceDetailId"], r["x_CostBasis"])
        for r in rows["cost_and_usage.csv"]
    ]
    assert lines == [
        ("Usage", "10.0", "RE-1/usage", "usage"),
        ("Usage", "5.004", "RE-1/usage", "usage"),
        ("Tax", "2.85", "RE-1/tax", "invoice"),
        ("Adjustment", "-0.004", "RE-1/adjustment", "invoice-difference"),
    ]
    assert sum(
        Decimal(row["BilledCost"])
        for row in rows["cost_and_usage.csv"]
        if row["InvoiceId"] == "RE-1"
    ) == Decimal("17.85")
    details = [
        (row["ChargeCategory"], row["BilledCost"], row["InvoiceDetailId"])
        for row in rows["invoice_detail.csv"]
    ]
    assert details == [
        ("Usage", "15.004", "RE-1/usage"),
        ("Adjustment", "-0.004", "RE-1/adjustment"),
        ("Tax", "2.85", "RE-1/tax"),
    ]
    assert rows["invoice_detail.csv"][0]["PaymentTerms"] == "Net 14"
    assert rows["invoice_detail.csv"][2]["InvoiceDetailGrain"] == '{"x_ChargeCategory":"Tax"}'


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (datetime(2026, 9, 30, 23, 30, tzinfo=UTC), datetime(2026, 10, 1, 1, tzinfo=UTC)),
        (datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 1, 1, tzinfo=UTC)),
    ],
)
async def test_a_charge_across_the_edge_of_its_month_is_on_its_invoice_once(
    tmp_path: Path, start: datetime, end: datetime
) -> None:
    shop = Shop(
        (usage(charge("1", "10"), charge("2", "5", period=Period(start, end))),),
        bills=(metering("15"), legal("15", "17.85")),
    )
    _, rows = await written(tmp_path, shop)
    lines = [
        (r["ChargeCategory"], r["BilledCost"], r["InvoiceDetailId"])
        for r in rows["cost_and_usage.csv"]
    ]
    assert lines == [
        ("Usage", "10.0", "RE-1/usage"),
        ("Usage", "5.0", "RE-1/usage"),
        ("Tax", "2.85", "RE-1/tax"),
    ]
    assert [row["BilledCost"] for row in rows["invoice_detail.csv"]] == ["15.0", "2.85"]


@pytest.mark.parametrize(
    "bills",
    [
        (metering("14"), legal("15", "17.85")),
        (metering("15.01"), legal("15", "17.85")),
        (metering("15"), metering("15", ident="n"), legal("15", "17.85")),
        (metering("15"), legal("15", "17.85"), legal("15", "17.85", number="RE-2")),
        (metering("15"), legal("15", "17.85", issued_on=datetime(2026, 12, 2).date())),
        (metering("15"), legal("15", "17.85", status="CANCEL")),
        (metering("15"), legal("15", "17.85", type="STORNO")),
        (metering("15"), legal(None, "15")),
    ],
)
async def test_an_invoice_that_may_bill_something_else_is_tied_to_nothing(
    tmp_path: Path, bills: tuple[Any, ...]
) -> None:
    _, rows = await written(tmp_path, Shop((usage(charge("1", "15")),), bills=bills))
    assert [row["InvoiceId"] for row in rows["cost_and_usage.csv"]] == [""]


async def test_an_untied_invoice_belongs_to_the_month_of_its_date(tmp_path: Path) -> None:
    bills = (
        legal(None, "15", number=None, due_on=None),
        legal("-4", "-4.76", number="ST-1", type="STORNO", status="CANCEL"),
    )
    dead = legal("1", "1", number="RE-2", status="CANCEL")
    november = Period.month(2026, 11)
    _, rows = await written(
        tmp_path, Shop((usage(covers=november),), bills=(*bills, dead)), period=november
    )
    told = [
        (
            row["InvoiceId"],
            row["ChargeCategory"],
            row["BilledCost"],
            row["InvoiceIssueStatus"],
            row["PaymentTerms"],
        )
        for row in rows["invoice_detail.csv"]
    ]
    assert told == [
        ("70", "Usage", "15.0", "Issued", "Not stated"),
        ("ST-1", "Adjustment", "-4.0", "Issued", "Net 14"),
        ("ST-1", "Tax", "-0.76", "Issued", "Net 14"),
        ("RE-2", "Usage", "1.0", "Voided", "Net 14"),
    ]
    assert (
        rows["invoice_detail.csv"][0]["InvoiceDetailDescription"]
        == "Usage of 2026-11, tax included"
    )


async def test_an_invoice_without_a_date_is_left_out_and_counted(tmp_path: Path) -> None:
    done, rows = await written(tmp_path, Shop((usage(),), bills=(legal("1", "1", issued_on=None),)))
    assert "invoice_detail.csv" not in rows
    assert done.left_out == {"a: legal invoices without a date or total": 1}


async def test_a_month_read_in_part_is_not_completed_to_its_invoice(tmp_path: Path) -> None:
    bills = (metering("15"), legal("15", "17.85"))
    first_half = Period(OCTOBER.start, datetime(2026, 10, 15, tzinfo=UTC))
    _, rows = await written(
        tmp_path,
        Shop((usage(charge("1", "9"), covers=first_half),), bills=bills),
        period=first_half,
    )
    assert [(row["BilledCost"], row["InvoiceId"]) for row in rows["cost_and_usage.csv"]] == [
        ("9.0", "")
    ]
    broken = Shop((usage(charge("1", "9")),), bills=bills, broken=GONE)
    _, rows = await written(tmp_path, broken, allow_partial=True)
    assert [(row["BilledCost"], row["InvoiceId"]) for row in rows["cost_and_usage.csv"]] == [
        ("9.0", "RE-1"),
        ("2.85", "RE-1"),
    ]


async def test_months_are_closed_two_days_after_their_end(tmp_path: Path) -> None:
    november = charge("2", "1", period=Period.day(datetime(2026, 11, 2).date()))
    shop = Shop((usage(charge("1", "1")), usage(november, covers=Period.month(2026, 11))))
    _, rows = await written(tmp_path, shop, period=None)
    told = [
        (row["BillingPeriodStart"], row["BillingPeriodStatus"])
        for row in rows["billing_period.csv"]
    ]
    assert told == [("2026-10-01T00:00:00Z", "Closed"), ("2026-11-01T00:00:00Z", "Open")]


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
    sidecar = json.loads((tmp_path / "focus-metadata.json").read_text())
    listed = {file["path"]: file["rows"] for file in sidecar["files"]}
    assert listed == {
        "billing_period/provider=shop/month=2026-09/part.csv": 1,
        "billing_period/provider=shop/month=2026-10/part.csv": 1,
        "cost_and_usage/provider=shop/account=a/month=2026-09/part.csv": 1,
        "cost_and_usage/provider=shop/account=a/month=2026-10/part.csv": 1,
    }
    await written(tmp_path, Shop((usage(),)), partition=True)
    assert not october.exists()


def invoices(folder: Path) -> list[str]:
    return sorted(path.parent.name for path in (folder / "invoice_detail").rglob("part.csv"))


async def test_an_invoice_that_moved_to_another_month_stands_in_one(tmp_path: Path) -> None:
    both = Period(OCTOBER.start, Period.month(2026, 11).end)
    sold = usage(charge("1", "15"), covers=both)
    await written(
        tmp_path, Shop((sold,), bills=(legal("15", "17.85"),)), partition=True, period=both
    )
    assert invoices(tmp_path) == ["month=2026-11"]
    await written(
        tmp_path,
        Shop((sold,), bills=(metering("15"), legal("15", "17.85"))),
        partition=True,
        period=both,
    )
    assert invoices(tmp_path) == ["month=2026-10"]
    listed = [
        file["path"] for file in json.loads((tmp_path / "focus-metadata.json").read_text())["files"]
    ]
    assert [path for path in listed if "invoice" in path] == [
        "invoice_detail/provider=shop/account=a/month=2026-10/part.csv"
    ]
    assert len(listed) == len(set(listed))
    assert all((tmp_path / path).exists() for path in listed)


async def test_invoices_of_other_months_or_that_could_not_be_read_stay(tmp_path: Path) -> None:
    november = Period.month(2026, 11)
    sold = usage(covers=november)
    await written(
        tmp_path, Shop((sold,), bills=(legal("15", "17.85"),)), partition=True, period=november
    )
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


async def test_a_broken_sidecar_of_before_is_forgotten(tmp_path: Path) -> None:
    (tmp_path / "focus-metadata.json").write_text("{")
    await written(tmp_path, Shop((usage(charge("1", "1")),)), partition=True)
    assert len(json.loads((tmp_path / "focus-metadata.json").read_text())["files"]) == 2


async def test_only_the_accounts_asked_are_exported(tmp_path: Path) -> None:
    a, b = Shop((usage(charge("1", "1")),)), Shop((usage(charge("2", "2", "b"), account="b"),))
    done, _ = await written(tmp_path, a, b, accounts=["b"])
    assert (done.totals, {row.account for row in done.coverage}) == ({"EUR": eur("2")}, {"b"})


async def test_a_deadline_ends_the_wait(tmp_path: Path) -> None:
    with pytest.raises(
        ProviderError, match=r"a's usage is timed_out \(the deadline ended the work"
    ):
        await written(tmp_path, Shop((usage(),), slow=60), deadline=0.05)


async def test_the_older_profile_has_the_columns_of_its_version(tmp_path: Path) -> None:
    done, rows = await written(
        tmp_path, Shop((usage(charge("1", "1")),), bills=(legal("1", "1"),)), profile="1.2"
    )
    header = list(rows["cost_and_usage.csv"][0])
    assert len([name for name in header if not name.startswith("x_")]) == 57
    assert "HostProviderName" not in header
    assert {path.name for path in done.files} == {"cost_and_usage.csv", "focus-metadata.json"}


async def test_vantage_gets_its_own_categories(tmp_path: Path) -> None:
    buy = evolve(charge("1", "1"), category=Category.PURCHASE)
    more = evolve(charge("2", "2"), category=Category.ADJUSTMENT)
    _, rows = await written(
        tmp_path,
        Shop((usage(buy, more),), (entry("refund", "3"), entry("coupon", "4"))),
        profile="vantage",
    )
    told = [(row["ChargeCategory"], row["BilledCost"]) for row in rows["cost_and_usage.csv"]]
    assert told == [("Usage", "1.0"), ("Usage", "2.0"), ("Refund", "-3.0"), ("Credit", "-4.0")]
    with pytest.raises(ConfigError, match="CSV"):
        await written(tmp_path, Shop(), profile="vantage", file_format="parquet")


async def test_parquet_and_arrow_hold_the_same_exact_decimals(tmp_path: Path) -> None:
    shop = Shop(
        (usage(charge("1", "0.1"), charge("2", "0.000000000000000001")),),
        bills=(legal("1", "1.19"),),
    )
    done, _ = await written(tmp_path, shop, file_format="parquet")
    table = pq.read_table(tmp_path / "cost_and_usage.parquet")
    assert str(table.schema.field("BilledCost").type) == "decimal128(38, 18)"
    assert table["BilledCost"].to_pylist() == [Decimal("0.1"), Decimal("0.000000000000000001")]
    assert not table.schema.field("BilledCost").nullable
    async with fold(shop) as opened:
        tables = await focus.arrow(opened, period=OCTOBER, clock=lambda: NOW)
    assert tables["cost_and_usage"].equals(table)
    assert (tables["invoice_detail"].num_rows, done.rows["billing_period"]) == (0, 1)


async def test_a_dataset_that_became_empty_leaves_no_old_file(tmp_path: Path) -> None:
    november = Period.month(2026, 11)
    await written(
        tmp_path, Shop((usage(covers=november),), bills=(legal("1", "1"),)), period=november
    )
    assert (tmp_path / "invoice_detail.csv").exists()
    await written(tmp_path, Shop((usage(),)))
    assert not (tmp_path / "invoice_detail.csv").exists()
    assert (tmp_path / "cost_and_usage.csv").read_text().count("\n") == 1


async def test_a_failure_in_the_middle_changes_nothing(tmp_path: Path) -> None:
    shop = Shop((usage(charge("1", "1"), charge("2", "0.0000000000000000001")),))
    with pytest.raises(ValueError, match="18 decimal places"):
        await written(tmp_path, shop)
    assert names(tmp_path) == []


async def test_rows_are_written_in_batches(tmp_path: Path) -> None:
    """More rows than are held at once, over two parts at once."""
    pages = [usage(*(charge(f"{page}-{n}", "0.01") for n in range(1000))) for page in range(9)]
    other = usage(charge("x", "0.01", "b"), account="b")
    done, _ = await written(
        tmp_path, Shop(tuple(pages)), Shop((other,)), file_format="parquet", partition=True
    )
    folder = tmp_path / "cost_and_usage/provider=shop"
    file = pq.ParquetFile(folder / "account=a/month=2026-10/part.parquet")
    assert (file.metadata.num_rows, file.metadata.num_row_groups) == (9000, 2)
    assert done.totals == {"EUR": eur("90.01")}
    async with fold(Shop(tuple(pages))) as opened:
        tables = await focus.arrow(opened, period=OCTOBER, clock=lambda: NOW)
    assert (
        tables["cost_and_usage"].num_rows,
        tables["cost_and_usage"]["BilledCost"].num_chunks,
    ) == (9000, 2)


async def test_without_pyarrow_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ConfigError, match=r"billfold\[arrow\]"):
        await written(tmp_path, Shop(), file_format="parquet")
    async with fold(Shop((usage(charge("1", "1")),))) as opened:
        with pytest.raises(ConfigError, match=r"billfold\[arrow\]"):
            await focus.arrow(opened)


async def test_a_link_to_an_exported_file_stays_a_link(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    folder.mkdir()
    elsewhere.mkdir()
    for name in ("cost_and_usage.csv", "focus-metadata.json"):
        (folder / name).symlink_to(elsewhere / name)
    _, rows = await written(folder, Shop((usage(charge("1", "0.10")),)))
    assert all((folder / name).is_symlink() for name in names(elsewhere))
    assert names(elsewhere) == ["cost_and_usage.csv", "focus-metadata.json"]
    assert [row["BilledCost"] for row in rows["cost_and_usage.csv"]] == ["0.10"]


async def test_what_is_no_file_is_left_before_anybody_is_asked(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "cost_and_usage.csv")
    with pytest.raises(ConfigError, match=r"cost_and_usage\.csv is not a file"):
        await written(tmp_path, Shop(broken=GONE))
    assert (tmp_path / "cost_and_usage.csv").is_fifo()
    assert names(tmp_path) == ["cost_and_usage.csv"]


async def test_a_partition_that_is_no_file_leaves_the_others_as_they_were(tmp_path: Path) -> None:
    shop = Shop((usage(charge("1", "0.10")),))
    done, _ = await written(tmp_path, shop, partition=True)
    before = {path: path.read_bytes() for path in done.files[1:]}
    done.files[0].unlink()
    done.files[0].mkdir()
    with pytest.raises(ConfigError, match="is not a file"):
        await written(tmp_path, shop, partition=True)
    assert {path: path.read_bytes() for path in done.files[1:]} == before
