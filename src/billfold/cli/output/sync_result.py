"""What a sync did: per account and stream, what is new, changed, withdrawn, and the money moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from attrs import define, field
from rich.text import Text

from billfold import codec
from billfold.cli.options import OutputFormat
from billfold.cli.output._cells import cell, grouped, new_table, rounded_amount, title
from billfold.cli.output.formats import csv_text, write_result
from billfold.cli.output.terminal import Part, print_remark, print_stderr
from billfold.cli.output.totals import amounts_in
from billfold.cli.run import COMPLETE, NOTHING, PARTIAL
from billfold.model import ANSWERED, READ_WHOLE, State, Stream, Totals
from billfold.money import sum_by_currency
from billfold.period import Period

if TYPE_CHECKING:
    from billfold.accounts.account import Account
    from billfold.errors import StoreError
    from billfold.store.booking import Outcome

SCHEMA = "billfold.sync/1"
COUNTS = ("new", "changed", "withdrawn")
_COLUMNS = ("account", "provider", "stream", "period", "state", *COUNTS, "moved", "detail")


@define
class SyncResult:
    """What became of every question, in a few words each: answers themselves are let go.

    ``is_shard``: it is a part of the accounts, which may have nothing that could be asked for.
    ``remarks`` are what booking said of readings by account and stream, ``not_joined`` is why the
    store's small files stay as they are.
    """

    url: str
    requested: Period | None
    accounts: tuple[Account, ...]
    left_out: tuple[str, ...]
    is_shard: bool = False
    rows: list[dict[str, Any]] = field(factory=list)
    windows: set[Period] = field(factory=set)
    failures: list[Any] = field(factory=list)
    remarks: list[tuple[str, str, str]] = field(factory=list)
    not_joined: StoreError | None = None

    def add(self, outcome: Outcome) -> None:
        """Keep what became of one question."""
        reading = outcome.reading
        states = {row.state for row in reading.answer.coverage}
        if states == {State.UNSUPPORTED}:
            return
        self.windows |= {window.period for window in reading.windows() if reading.is_answered}
        self.failures += reading.answer.failures
        details = [row.said for row in reading.answer.coverage if row.said]
        details += (remarks := outcome.remarks())
        self.remarks += [(reading.account, reading.stream.value, said) for said in remarks]
        self.rows.append(
            {
                "account": reading.account,
                "provider": reading.provider,
                "stream": reading.stream.value,
                "period": reading.answer.requested,
                "state": _worst(states).value,
                **{name: outcome.changes.counts.get(name, 0) for name in COUNTS},
                "moved": outcome.moved,
                "detail": "; ".join(dict.fromkeys(details)) or None,
            }
        )

    def sort(self) -> None:
        """Put the rows in the accounts' order, whichever came first, and in that of time."""
        places = {account.name: place for place, account in enumerate(self.accounts)}
        streams = {stream.value: place for place, stream in enumerate(Stream)}
        self.rows.sort(
            key=lambda row: (
                places[row["account"]],
                streams[row["stream"]],
                "" if row["period"] is None else str(row["period"]),
            )
        )

    @property
    def complete(self) -> bool:
        """Whether everything that could be asked for was read whole."""
        is_whole = all(row["state"] in READ_WHOLE for row in self.rows)
        return is_whole and bool(self.rows or self.is_shard)

    @property
    def exit_code(self) -> int:
        """0 where all was read, 3 where some was not, 4 where nothing was."""
        if self.complete:
            return COMPLETE
        return PARTIAL if any(row["state"] in ANSWERED for row in self.rows) else NOTHING


# The state that says most of what is missing comes first.
_ORDER = (
    *(State.FAILED, State.TIMED_OUT, State.PARTIAL, State.UNAVAILABLE),
    *(State.DIFFERENT_WINDOW, State.COMPLETE, State.UNSUPPORTED),
)


def _worst(states: set[State]) -> State:
    return next((state for state in _ORDER if state in states), State.FAILED)


def write_sync(result: SyncResult, output_format: OutputFormat) -> None:
    """Write what a sync did in the chosen format.

    What was not read, and where the store is, are said on standard error.
    """
    write_result(
        output_format,
        as_table=lambda: _table(result),
        as_document=lambda: _document(result),
        as_csv=lambda: csv_text(_COLUMNS, map(_flat, result.rows)),
    )
    print_stderr(*_not_read(result))
    print_remark(f"store: {result.url}")
    if result.not_joined is not None:
        said = f"what was read is booked, but the small files stay: {result.not_joined}"
        print_stderr(Text(said, "yellow"))


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    period = row["period"]
    moved = ", ".join(" ".join([*kind, str(money)]) for kind, money in amounts_in(row["moved"]))
    return {**row, "period": None if period is None else str(period), "moved": moved}


def _document(result: SyncResult) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "store": result.url,
        "asked": {
            "period": codec.CONVERTER.unstructure(result.requested),
            "accounts": [account.name for account in result.accounts],
            "left_out": list(result.left_out),
        },
        "complete": result.complete,
        "moved": codec.totals_text(_by_stream(result)),
        "items": [
            {
                **row,
                "period": codec.CONVERTER.unstructure(row["period"]),
                "moved": codec.totals_text(row["moved"]),
            }
            for row in result.rows
        ],
        "failures": [codec.failure(error) for error in result.failures],
    }


def _by_stream(result: SyncResult) -> dict[str, Any]:
    """Return the money moved per stream, and per kind: they show the same money, never added up."""
    streams: dict[str, Any] = {}
    for row in result.rows:
        amounts = streams.setdefault(row["stream"], {})
        for kind, money in amounts_in(row["moved"]):
            amounts.setdefault(kind, []).append(money)
    return {
        stream: {
            key: value
            for kind, amounts in kinds.items()
            for key, value in _keyed(kind, sum_by_currency(amounts))
        }
        for stream, kinds in streams.items()
    }


def _keyed(kind: tuple[str, ...], totals: Totals) -> Iterable[tuple[str, Any]]:
    return [(kind[0], totals)] if kind else totals.items()


def _table(result: SyncResult) -> Iterator[Part]:
    yield title("Sync", "current" if result.requested is None else str(result.requested))
    asked = Counter((row["account"], row["stream"]) for row in result.rows)
    several = any(count > 1 for count in asked.values())
    names = ("account", "stream", *(("period",) if several else ()), "state")
    numbers = (f"#{name.capitalize()}" for name in (*COUNTS, "moved"))
    table = new_table(*(name.capitalize() for name in names), *numbers)
    for row in result.rows:
        flat = _flat(row)
        style = "" if row["state"] == State.COMPLETE else "yellow"
        cells = [cell(str(flat[name] or ""), style) for name in names]
        cells += [cell(str(flat[name] or "")) for name in COUNTS]
        cells.append(cell(_moved(row)))
        table.add_row(*cells)
    yield table
    counts = Counter[str]()
    for row in result.rows:
        counts.update({name: row[name] for name in COUNTS})
    said = ", ".join(f"{counts[name]} {name}" for name in COUNTS)
    yield Text(f"{len(result.rows)} readings: {said}", "dim")


def _not_read(result: SyncResult) -> Iterator[Part]:
    """Give what was not read whole, and why, and what booking said of what was.

    Streams of an account of which one thing is said share a line.
    """
    said = [
        (row["account"], row["stream"], row["detail"] or row["state"])
        for row in result.rows
        if row["state"] != State.COMPLETE
    ]
    told = {(account, stream) for account, stream, _ in said}
    said += [each for each in result.remarks if each[:2] not in told]  # else in the detail
    same = grouped(said, lambda each: (each[0], each[2]))
    for (account, why), alike in same.items():
        streams = ", ".join(dict.fromkeys(stream for _, stream, _ in alike))
        yield Text(f"{account} {streams}: {why}", "yellow")


def _moved(row: dict[str, Any]) -> str:
    """Return the money moved, rounded as in any table."""
    return ", ".join(
        " ".join([*kind, rounded_amount(money), money.currency])
        for kind, money in amounts_in(row["moved"])
    )
