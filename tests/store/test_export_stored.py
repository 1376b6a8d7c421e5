"""``billfold export csv|parquet --stored``: the store's tables as people know them."""

import csv
import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas
import polars
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from billfold import Money, Period
from billfold.adapter import Reading
from billfold.model import Invoice, InvoiceKind, InvoiceLine, Stream
from store.world import MID_NOVEMBER, MID_OCTOBER, OCTOBER, Script, World, charge, usage, whole
from support.commands import Ended, commands
from support.csv_readers import READERS, Reader

DAY = timedelta(days=1)
LONG = "12345678901234.123456789012345678901234"
Export = Callable[..., Ended]


@pytest.fixture
def export(
    world: World,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Export:
    monkeypatch.chdir(tmp_path)
    go = commands(capsys, clock=lambda: MID_NOVEMBER)
    return lambda *arguments: go("export", *arguments, "--store", world.folder)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


async def restated(world: World) -> None:
    """Book a charge that is restated later, one that is taken back, and one with every digit."""
    world.script.usage = whole(charge("a", "10.50"), charge("gone", "2.00"), charge("long", LONG))
    await world.sync(MID_OCTOBER)
    world.script.usage = whole(charge("a", "11.75"), charge("long", LONG))
    await world.sync(MID_OCTOBER + DAY)


async def test_a_row_per_charge_that_stands_and_no_signs(
    world: World, tmp_path: Path, export: Export
) -> None:
    await restated(world)
    done = export("csv", "--stored", "--out", "tables", "-v")
    assert done.code == 0
    assert "tables/charges.csv\n" in done.out
    assert done.err == "billfold: 1 row of usage, 2 rows of charges, 2 rows of syncs\n"
    read = rows(tmp_path / "tables" / "charges.csv")
    assert [(row["id"], row["cost"], row["cost_currency"]) for row in read] == [
        ("a", "11.75", "EUR"),
        ("long", LONG, "EUR"),
    ]
    assert read[0]["known_at"] == "2026-10-21T12:00:00Z"  # as it is stated since then
    assert (read[0]["month"], read[0]["account"]) == ("2026-10", "one")
    assert not {"sign", "fingerprint", "sync_id"} & read[0].keys()


async def test_what_was_known_then_is_written_by_as_of(
    world: World, tmp_path: Path, export: Export
) -> None:
    await restated(world)
    moment = MID_OCTOBER.isoformat()
    assert export("csv", "--stored", "--out", "tables", "--as-of", moment).code == 0
    read = rows(tmp_path / "tables" / "charges.csv")
    assert [(row["id"], row["cost"]) for row in read] == [
        ("a", "10.50"),
        ("gone", "2.00"),
        ("long", LONG),
    ]
    metadata = json.loads((tmp_path / "tables" / "tables-metadata.json").read_text())
    assert metadata["as_of"] == "2026-10-20T12:00:00Z"
    assert metadata["schema"] == "billfold.tables/1"


TEXTS = {  # as the provider sends them, and as they stand in the file
    "=1+1": "'=1+1",
    "x;=1+1;y": "x;'=1+1;y",
    "@SUM(1)": "'@SUM(1)",
    "two\r\nlines": "two lines",
    'quoted "text", and a comma': 'quoted "text", and a comma',
}


@pytest.mark.parametrize("reader", READERS)
async def test_csv_is_read_back_to_the_last_digit_and_runs_no_formula(
    world: World, tmp_path: Path, export: Export, reader: Reader
) -> None:
    costs = [LONG, "-0.000000000000000000000001", "5.00", "0.10", "7.123456789012"]
    world.script.usage = whole(
        *(
            charge(str(number), cost, description=text)
            for number, (text, cost) in enumerate(zip(TEXTS, costs, strict=True))
        )
    )
    await world.sync(MID_OCTOBER)
    export("csv", "--stored", "--out", "tables")
    read = reader(tmp_path / "tables" / "charges.csv", ("description", "cost"))
    assert read == list(zip(TEXTS.values(), costs, strict=True))


async def test_parquet_is_added_up_to_the_last_digit_by_every_reader(
    world: World, tmp_path: Path, export: Export
) -> None:
    await restated(world)
    assert export("parquet", "--stored", "--out", "tables").code == 0
    path = tmp_path / "tables" / "charges.parquet"
    expected = Decimal("12345678901245.873456789012345678901234")
    table = pq.read_table(path)
    assert table.schema.field("cost").type == pa.decimal128(38, 24)
    assert pc.sum(table["cost"]).as_py() == expected
    with duckdb.connect() as database:
        found = database.execute("SELECT SUM(cost)::VARCHAR FROM read_parquet(?)", [str(path)])
        assert found.fetchall() == [(str(expected),)]
    assert polars.read_parquet(path)["cost"].sum() == expected
    assert pandas.read_parquet(path, dtype_backend="pyarrow")["cost"].sum() == expected


async def test_parquet_keeps_texts_as_they_are(
    world: World, tmp_path: Path, export: Export
) -> None:
    world.script.usage = whole(charge("a", "1.00", description="=1+1\r\nx"))
    await world.sync(MID_OCTOBER)
    export("parquet", "--stored", "--out", "tables")
    table = pq.read_table(tmp_path / "tables" / "charges.parquet")
    assert table["description"].to_pylist() == ["=1+1\r\nx"]


async def test_lines_name_their_invoice(world: World, tmp_path: Path, export: Export) -> None:
    euros = Money(Decimal("19.90"), "EUR")
    invoice = Invoice(
        id="R-1",
        kind=InvoiceKind.LEGAL,
        total=euros,
        period=OCTOBER,
        lines=(InvoiceLine(id="1", cost=euros),),
        billing_account_id="acme",
    )
    world.script.invoices = [Reading((invoice,), OCTOBER)]
    await world.sync(MID_NOVEMBER, OCTOBER, streams=(Stream.INVOICES,))
    export("csv", "--stored", "--out", "tables")
    (line,) = rows(tmp_path / "tables" / "invoice_lines.csv")
    assert (line["invoice_kind"], line["invoice_id"], line["id"]) == ("legal", "R-1", "1")
    (row,) = rows(tmp_path / "tables" / "invoices.csv")
    assert (row["kind"], row["id"], row["total"]) == ("legal", "R-1", "19.90")


async def test_chosen_accounts_alone_are_written_and_the_others_named(
    world: World, tmp_path: Path, export: Export
) -> None:
    world.script.usage = whole(charge("a", "1.00"))
    world.scripts["two"] = Script(
        [Reading((usage(charge("b", "3.00"), billing_account_id="other"),), OCTOBER)]
    )
    await world.sync(MID_OCTOBER)
    done = export("csv", "--stored", "--out", "tables", "--account", "two", "-v")
    assert "accounts left out: one" in done.err
    assert [row["account"] for row in rows(tmp_path / "tables" / "charges.csv")] == ["two"]
    assert [row["account"] for row in rows(tmp_path / "tables" / "syncs.csv")] == ["two"]


async def test_months_stand_in_one_file_in_their_order(
    world: World, tmp_path: Path, export: Export
) -> None:
    november = Period.month(2026, 11)
    world.script.usage = whole(charge("b", "2.00", covers=november), covers=november)
    await world.sync(MID_NOVEMBER)
    world.script.usage = whole(charge("a", "1.00"))
    await world.sync(MID_NOVEMBER + DAY, OCTOBER)
    export("csv", "--stored", "--out", "tables")
    read = rows(tmp_path / "tables" / "charges.csv")
    assert [row["month"] for row in read] == ["2026-10", "2026-11"]


async def test_the_other_format_is_replaced_and_a_failure_leaves_the_folder_as_it_was(
    world: World, tmp_path: Path, export: Export
) -> None:
    world.script.usage = whole(charge("a", "1.00"))
    await world.sync(MID_OCTOBER)
    export("parquet", "--stored", "--out", "tables")
    export("csv", "--stored", "--out", "tables")
    names = {path.name for path in (tmp_path / "tables").iterdir()}
    assert "charges.csv" in names
    assert not [name for name in names if name.endswith(".parquet")]
    before = (tmp_path / "tables" / "charges.csv").read_bytes()
    (left,) = (world.folder / "usage").glob("month=*/*.parquet")
    left.write_bytes(b"no Parquet")
    failed = export("csv", "--stored", "--out", "tables")
    assert failed.code == 2
    assert failed.err.startswith(f"billfold: {world.folder}: usage: ")
    assert {path.name for path in (tmp_path / "tables").iterdir()} == names
    assert (tmp_path / "tables" / "charges.csv").read_bytes() == before


async def test_without_stored_the_command_says_what_it_needs(export: Export) -> None:
    done = export("csv", "--out", "tables")
    assert (done.code, done.out) == (2, "")
    assert "add --stored" in done.err


async def test_an_empty_store_is_said_and_no_folder_made(tmp_path: Path, export: Export) -> None:
    done = export("csv", "--stored", "--out", "tables")
    assert done.code == 2
    assert "nothing was read yet: run billfold sync" in done.err
    assert not (tmp_path / "tables").exists()


async def test_a_moment_before_the_first_sync_answers_nothing_and_leaves_the_files(
    world: World, tmp_path: Path, export: Export
) -> None:
    await restated(world)
    assert export("csv", "--stored", "--out", "tables").code == 0
    before = (tmp_path / "tables" / "charges.csv").read_bytes()
    ended = export("csv", "--stored", "--out", "tables", "--as-of", "2026-10-01")
    assert ended.code == 4
    assert "nothing was known at 2026-10-02T00:00:00Z: no file is written" in ended.err
    assert not ended.out
    assert (tmp_path / "tables" / "charges.csv").read_bytes() == before
