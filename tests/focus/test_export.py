"""What an export writes, what it leaves out, and how it says so."""

import json
import os
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from attrs import evolve

from billfold import (
    Account,
    Billfold,
    Category,
    Check,
    ConfigError,
    IncompleteError,
    Period,
    ProviderError,
    Secret,
    TokenError,
    UnsupportedError,
    focus,
)
from billfold.accounts.tokens import FromFile
from support.exports import names, written
from support.lines import TOKEN
from support.shop import (
    NOW,
    OCTOBER,
    Nothing,
    Shop,
    charge,
    entry,
    eur,
    fold,
    legal,
    metering,
    usage,
)

GONE = ProviderError("the shop is closed")


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
    metadata = json.loads((tmp_path / "focus-metadata.json").read_text())
    assert (metadata["complete"], metadata["left_out"]) == (False, done.left_out)
    assert {row["stream"]: row["state"] for row in metadata["coverage"]}["usage"] == "partial"


async def test_numbers_of_the_provider_that_do_not_agree_are_notes(tmp_path: Path) -> None:
    """A summary of 0.15 over charges of 0.10, and one that is a rounding of it."""
    broken = Check("summary vs. charges", eur("0.15"), eur("0.10"))
    rounding = Check("rounded", eur("0.105"), eur("0.10"))
    sold = evolve(usage(charge("1", "0.10")), checks=(broken, rounding))
    bill = evolve(legal("0.10", "0.20"), checks=(Check("net and tax", eur("0.20"), eur("0.12")),))
    done, _ = await written(tmp_path, Shop((sold,), bills=(bill,)))
    assert done.notes[:2] == (
        "a: 2026-10: summary vs. charges: 0.15 EUR stated, 0.10 EUR computed, gap 0.05 EUR",
        f"a: {bill.number}: net and tax: 0.20 EUR stated, 0.12 EUR computed, gap 0.08 EUR",
    )
    metadata = json.loads((tmp_path / "focus-metadata.json").read_text())
    assert (metadata["complete"], metadata["notes"]) == (True, list(done.notes))


async def test_an_account_without_a_token_takes_no_other_along(tmp_path: Path) -> None:
    class Plain(Shop):
        """A shop without a ledger to export, so that the other's is asked for alone."""

        provider = "plain"
        declares = evolve(Shop.declares, catalogue=None)

    sold = usage(charge("1", "3.33", "b"))
    accounts = [
        Account("a", Shop(), FromFile(tmp_path / "none")),
        Account("b", Plain((sold,)), Secret(TOKEN)),
    ]
    async with Billfold(accounts, clock=lambda: NOW) as opened:
        done = await focus.export(opened, tmp_path / "out", period=OCTOBER, allow_partial=True)
    assert (done.totals, done.complete) == ({"EUR": eur("3.33")}, False)
    assert {type(error) for error in done.failures} == {TokenError}


async def test_an_answer_with_a_hole_is_not_written_unless_allowed(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "cost_and_usage.csv").write_text("before")
    with pytest.raises(
        IncompleteError,
        match=r"usage of a: partial \(the shop is closed\)\. .*allow_partial=True",
    ):
        await written(out, Shop((usage(charge("1", "0.10")),), broken=GONE))
    assert [(path.name, path.read_text()) for path in out.iterdir()] == [
        ("cost_and_usage.csv", "before")
    ]
    done, rows = await written(
        out, Shop((usage(charge("1", "0.10")),), broken=GONE), allow_partial=True
    )
    assert (done.complete, len(rows["cost_and_usage.csv"])) == (False, 1)


async def test_a_folder_that_cannot_be_written_is_a_configuration_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(
        ConfigError, match="file is not a folder: name one to write into or to create"
    ):
        await written(tmp_path / "file", Shop((usage(charge("1", "1")),)))


async def test_nothing_is_written_where_no_account_answers(tmp_path: Path) -> None:
    with pytest.raises(ProviderError, match="the shop is closed"):
        await written(tmp_path, Shop(broken=GONE), allow_partial=True)
    with pytest.raises(UnsupportedError, match="no account has usage"):
        await written(tmp_path, Nothing(), allow_partial=True)
    assert names(tmp_path) == []


async def test_credits_and_refunds_lower_the_cost_and_payments_are_no_rows(tmp_path: Path) -> None:
    entries = (
        entry("coupon", "25"),
        entry("refund", "1.50"),
        entry("topup", "100"),
        entry("chargeback", "-4"),
    )
    done, rows = await written(tmp_path, Shop((usage(),), entries))
    lines = [
        (row["ChargeCategory"], row["BilledCost"], row["ChargeDescription"])
        for row in rows["cost_and_usage.csv"]
    ]
    assert lines == [("Credit", "-25.0", "Coupon"), ("Adjustment", "-1.50", "Refund")]
    assert done.left_out == {"a: ledger entries of a kind that is not known (chargeback)": 1}
    assert "SECRET" not in (tmp_path / "cost_and_usage.csv").read_text()


@pytest.mark.parametrize("period", [OCTOBER, None])
async def test_what_two_accounts_both_reach_is_exported_once(
    tmp_path: Path, period: Period | None
) -> None:
    shop = Shop((usage(charge("1", "0.10")),), (entry("coupon", "25"),), (metering("0.10"),))
    _, rows = await written(tmp_path, shop, shop, period=period)
    lines = [(row["ChargeCategory"], row["BilledCost"]) for row in rows["cost_and_usage.csv"]]
    assert sorted(lines) == [("Credit", "-25.0"), ("Usage", "0.10")]


async def test_the_ledger_is_read_for_the_period_that_the_usage_covers(tmp_path: Path) -> None:
    late = entry("coupon", "25", datetime(2026, 11, 1, tzinfo=UTC))
    _, rows = await written(tmp_path, Shop((usage(charge("1", "1")),), (late,)), period=None)
    assert len(rows["cost_and_usage.csv"]) == 1


async def test_months_are_closed_two_days_after_their_end(tmp_path: Path) -> None:
    november = charge("2", "1", period=Period.day(datetime(2026, 11, 2).date()))
    shop = Shop((usage(charge("1", "1")), usage(november, covers=Period.month(2026, 11))))
    _, rows = await written(tmp_path, shop, period=None)
    months = [
        (row["BillingPeriodStart"], row["BillingPeriodStatus"])
        for row in rows["billing_period.csv"]
    ]
    assert months == [("2026-10-01T00:00:00Z", "Closed"), ("2026-11-01T00:00:00Z", "Open")]


async def test_only_the_named_accounts_are_exported(tmp_path: Path) -> None:
    a, b = Shop((usage(charge("1", "1")),)), Shop((usage(charge("2", "2", "b"), account="b"),))
    done, _ = await written(tmp_path, a, b, accounts=["b"])
    assert (done.totals, {row.account for row in done.coverage}) == ({"EUR": eur("2")}, {"b"})


async def test_a_deadline_ends_the_wait(tmp_path: Path) -> None:
    with pytest.raises(ProviderError, match=r"usage of a: timed out \(the deadline ended the work"):
        await written(tmp_path, Shop((usage(),), slow=60), deadline=0.05)


async def test_profile_1_2_has_the_columns_of_focus_1_2(tmp_path: Path) -> None:
    done, rows = await written(
        tmp_path, Shop((usage(charge("1", "1")),), bills=(legal("1", "1"),)), profile="1.2"
    )
    header = list(rows["cost_and_usage.csv"][0])
    assert len([name for name in header if not name.startswith("x_")]) == 57
    assert "HostProviderName" not in header
    assert {path.name for path in done.files} == {"cost_and_usage.csv", "focus-metadata.json"}


async def test_profile_vantage_has_its_own_categories(tmp_path: Path) -> None:
    buy = evolve(charge("1", "1"), category=Category.PURCHASE)
    more = evolve(charge("2", "2"), category=Category.ADJUSTMENT)
    _, rows = await written(
        tmp_path,
        Shop((usage(buy, more),), (entry("refund", "3"), entry("coupon", "4"))),
        profile="vantage",
    )
    lines = [(row["ChargeCategory"], row["BilledCost"]) for row in rows["cost_and_usage.csv"]]
    assert lines == [("Usage", "1.0"), ("Usage", "2.0"), ("Refund", "-3.0"), ("Credit", "-4.0")]
    with pytest.raises(ConfigError, match="CSV"):
        await written(tmp_path, Shop(), profile="vantage", file_format="parquet")


async def test_parquet_and_arrow_hold_the_same_exact_decimals(tmp_path: Path) -> None:
    shop = Shop(
        (usage(charge("1", "0.1"), charge("2", "0.000000000000000001")),),
        bills=(legal("1", "1.19"),),
    )
    done, _ = await written(tmp_path, shop, file_format="parquet")
    table = pq.read_table(tmp_path / "cost_and_usage.parquet")
    assert str(table.schema.field("BilledCost").type) == "decimal128(38, 24)"
    assert table["BilledCost"].to_pylist() == [Decimal("0.1"), Decimal("0.000000000000000001")]
    assert not table.schema.field("BilledCost").nullable
    async with fold(shop) as opened:
        tables = await focus.arrow(opened, period=OCTOBER, clock=lambda: NOW)
    assert tables["cost_and_usage"].equals(table)
    assert (tables["invoice_detail"].num_rows, done.rows["billing_period"]) == (2, 1)


async def test_a_dataset_that_became_empty_leaves_no_old_file(tmp_path: Path) -> None:
    november = Period.month(2026, 11)
    bills = (legal("1", "1", period=november),)
    await written(tmp_path, Shop((usage(covers=november),), bills=bills), period=november)
    assert (tmp_path / "invoice_detail.csv").exists()
    await written(tmp_path, Shop((usage(),)))
    assert not (tmp_path / "invoice_detail.csv").exists()
    assert (tmp_path / "cost_and_usage.csv").read_text().count("\n") == 1


async def test_an_error_while_rows_are_written_leaves_nothing(tmp_path: Path) -> None:
    shop = Shop((usage(charge("1", "1")),), broken=RuntimeError("a bug of the adapter"))
    with pytest.raises(ExceptionGroup):
        await written(tmp_path, shop)
    assert names(tmp_path) == []


async def test_rows_are_written_in_batches(tmp_path: Path) -> None:
    # More rows than are kept in memory, over two files.
    pages = [usage(*(charge(f"{page}-{n}", "0.01") for n in range(1000))) for page in range(9)]
    second = usage(charge("x", "0.01", "b"), account="b", project="another")
    done, _ = await written(
        tmp_path, Shop(tuple(pages)), Shop((second,)), file_format="parquet", partition=True
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


async def test_without_pyarrow_the_error_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ConfigError, match=r'pip install "pyarrow>='):
        await written(tmp_path, Shop(), file_format="parquet")
    async with fold(Shop((usage(charge("1", "1")),))) as opened:
        with pytest.raises(ConfigError, match=r'pip install "pyarrow>='):
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


async def test_what_is_no_file_is_refused_before_any_account_is_asked(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "cost_and_usage.csv")
    with pytest.raises(ConfigError, match=r"cost_and_usage\.csv is not a file"):
        await written(tmp_path, Shop(broken=GONE))
    assert (tmp_path / "cost_and_usage.csv").is_fifo()
    assert names(tmp_path) == ["cost_and_usage.csv"]


async def test_the_metadata_names_what_was_asked_and_which_accounts_were_not(
    tmp_path: Path,
) -> None:
    a, b = Shop((usage(charge("1", "1")),)), Shop((usage(charge("2", "2", "b"), account="b"),))
    done, _ = await written(tmp_path, a, b, accounts=["b"])
    assert (done.complete, done.accounts_left_out) == (True, ("a",))
    assert json.loads((tmp_path / "focus-metadata.json").read_text())["asked"] == {
        "period": {"start": "2026-10-01T00:00:00Z", "end": "2026-11-01T00:00:00Z"},
        "accounts": ["b"],
        "left_out": ["a"],
    }


async def test_a_window_that_is_not_over_says_until_when_it_is_known(tmp_path: Path) -> None:
    november = Period.month(2026, 11)
    sold = charge("1", "1", period=Period.day(november.start.date()))
    done, _ = await written(tmp_path, Shop((usage(sold, covers=november),)), period=november)
    metadata = json.loads((tmp_path / "focus-metadata.json").read_text())
    known = {row["stream"]: row["known_until"] for row in metadata["coverage"]}
    assert (known["usage"], done.complete) == ("2026-11-20T12:00:00Z", True)


async def test_a_window_wholly_ahead_is_not_exported_as_nothing(tmp_path: Path) -> None:
    with pytest.raises(
        UnsupportedError, match=r"usage and ledger of a: unavailable \(2031-01 has not begun"
    ):
        await written(tmp_path, Shop((usage(),)), period=Period.month(2031, 1), allow_partial=True)
    assert names(tmp_path) == []


async def test_what_two_accounts_reach_is_exported_once(tmp_path: Path) -> None:
    first = usage(charge("1", "1.50"))
    second = evolve(first, account="b")
    bill = legal("1.50", "1.50", period=OCTOBER)
    shops = (Shop((first,), bills=(bill,)), Shop((second,), bills=(evolve(bill, account="b"),)))
    done, rows = await written(tmp_path, *shops)
    assert [(row["x_Account"], row["BilledCost"]) for row in rows["cost_and_usage.csv"]] == [
        ("a", "1.50")
    ]
    assert [row["x_Account"] for row in rows["invoice_detail.csv"]] == ["a"]
    assert done.totals == {"EUR": eur("1.50")}
    metadata = json.loads((tmp_path / "focus-metadata.json").read_text())
    details = {row["account"]: row["detail"] for row in metadata["coverage"] if row["detail"]}
    assert "a" in details["b"]
