"""What changed in months that were over: as a table, JSON and CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from attrs import frozen
from rich.text import Text

from billfold import codec
from billfold.cli.options import OutputFormat
from billfold.cli.output._cells import add_row, cell, grouped, money_cell, new_table, title
from billfold.cli.output.formats import csv_text, write_result
from billfold.cli.output.terminal import Part
from billfold.cli.output.totals import amounts_in
from billfold.counted import counted
from billfold.money import Money
from billfold.period import Period, utc_text
from billfold.store.restatements import Restatement, moved

SCHEMA = "billfold.restatements/1"
_COLUMNS = (
    *("account", "provider", "stream", "kind", "record_id", "name", "month"),
    *("window_start", "window_end", "known_at", "sync_id", "change", "closes"),
    *("before", "before_currency", "after", "after_currency", "moved", "moved_currency"),
)
# Where a record says what it costs, and what it is.
_AMOUNTS = ("cost", "stated_total", "amount", "total")
_NAMES = ("description", "product_name", "service", "date", "number", "sub_account_name", "id")


@frozen
class Shown:
    """What was asked for, and what was found."""

    url: str
    requested: Period | None
    since: datetime | None
    accounts: Sequence[str]
    left_out: Sequence[str]
    found: Sequence[Restatement]

    @property
    def restated(self) -> list[Restatement]:
        """What changed in windows that had been read to their end."""
        return [each for each in self.found if not each.closes]

    @property
    def closing(self) -> list[Restatement]:
        """What the first reading after the end changed."""
        return [each for each in self.found if each.closes]


def write_restatements(shown: Shown, output_format: OutputFormat, most: int | None = None) -> None:
    """Write restatements in the chosen format; a table has at most so many rows."""
    write_result(
        output_format,
        as_table=lambda: _table(shown, most),
        as_document=lambda: _document(shown),
        as_csv=lambda: csv_text(_COLUMNS, map(_row, shown.found)),
    )


def _first(record: Any, names: Sequence[str]) -> Any:
    return next((value for name in names if (value := getattr(record, name, None))), None)


def _amount(record: Any) -> Money | None:
    return next(
        (getattr(record, name) for name in _AMOUNTS if hasattr(record, name)),
        None,
    )


def _name(each: Restatement) -> str:
    record = each.before if each.after is None else each.after
    return str(_first(record, _NAMES) or each.kind)


def _row(each: Restatement) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(each, name, None) for name in _COLUMNS}
    row |= {
        "stream": each.stream.value,
        "name": _name(each),
        "window_start": each.window.start,
        "window_end": each.window.end,
    }
    sums = tuple(each.moved.values())
    for name, money in (
        ("before", _amount(each.before)),
        ("after", _amount(each.after)),
        ("moved", sums[0] if len(sums) == 1 else None),
    ):
        row[name] = None if money is None else money.amount
        row[f"{name}_currency"] = None if money is None else money.currency
    return row


def _document(shown: Shown) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "store": shown.url,
        "asked": {
            "period": codec.CONVERTER.unstructure(shown.requested),
            "since": None if shown.since is None else utc_text(shown.since),
            "accounts": list(shown.accounts),
            "left_out": list(shown.left_out),
        },
        "moved": codec.totals_text(moved(shown.restated)),
        "closing": codec.totals_text(moved(shown.closing)),
        "items": [_item(each) for each in shown.found],
    }


def _item(each: Restatement) -> dict[str, Any]:
    return {
        "account": each.account,
        "provider": each.provider,
        "stream": each.stream.value,
        "kind": each.kind,
        "record_id": each.record_id,
        "month": each.month,
        "window": codec.CONVERTER.unstructure(each.window),
        "known_at": utc_text(each.known_at),
        "sync_id": each.sync_id,
        "change": each.change,
        "closes": each.closes,
        "before": None if each.before is None else codec.record(each.before),
        "after": None if each.after is None else codec.record(each.after),
        "moved": codec.totals_text(each.moved),
    }


def _table(shown: Shown, most: int | None) -> Iterator[Part]:
    yield title("Restatements", "" if shown.requested is None else str(shown.requested))
    if shown.restated:
        table = new_table(
            *("Month", "Account", "Stream", "What", "#Before", "#After", "#Moved"),
            *("Known at", "Sync"),
        )
        for each in shown.restated[:most]:
            amounts = [
                cell(None) if record is None else money_cell(_amount(record))
                for record in (each.before, each.after)
            ]
            sums = Text("\n").join(map(money_cell, each.moved.values()))
            what = (each.month, each.account, each.stream.value, _name(each))
            add_row(table, *what, *amounts, sums, each.known_at, each.sync_id[:8])
        if remaining := len(shown.restated) - table.row_count:
            table.add_row("", Text(f"and {remaining} more", "dim"))
        yield table
        yield Text(_sum_line(shown.restated), "bold")
    else:
        yield Text("no month that had been read to its end has changed", "dim")
    for (account, month), several in grouped(
        shown.closing, lambda each: (each.account, each.month)
    ).items():
        yield Text(
            f"{account} {month}: the first reading after its end: {_sum_line(several)}", "dim"
        )


def _sum_line(several: Sequence[Restatement]) -> str:
    parts = [
        " ".join([stream, *kind, str(money)])
        for stream, sums in moved(several).items()
        for kind, money in amounts_in(sums)
    ]
    return f"{counted(len(several), 'record')}: {', '.join(parts) or 'no money moved'}"
