"""What the facade returns.

The items, how well they cover what was asked, and totals that refuse holes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, overload

from attrs import frozen

from billfold.counted import counted, listed
from billfold.coverage import Coverage, open_until, states
from billfold.errors import BillfoldError, ConfigError, IncompleteError
from billfold.holes import Hole, hole, why
from billfold.model import (
    ANSWERED,
    RECORDS,
    Balance,
    DailyCost,
    Invoice,
    LedgerEntry,
    State,
    Stream,
    Totals,
    Usage,
    total,
)
from billfold.one_line import amounts, one_line, state
from billfold.period import Period

if TYPE_CHECKING:
    import pyarrow as pa

T = TypeVar("T")

SCHEMA = "billfold.answer/1"


@frozen(repr=False)
class Answer(Generic[T]):
    """What the chosen accounts answered, in the order they are configured.

    Iterating gives the items.

    ``requested`` is the caller's period, None for each provider's current one. ``failures`` are the
    errors themselves. ``accounts`` are the names of those that were asked, ``left_out`` those of
    the configured ones that were not. An answer is true, also without items: see ``complete`` and
    ``answered`` for how well it went.
    """

    stream: Stream
    requested: Period | None
    items: tuple[T, ...]
    coverage: tuple[Coverage, ...]
    failures: tuple[BillfoldError, ...] = ()
    accounts: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        return one_line(
            f"Answer {self.stream} {self.requested or 'current'}",
            counted(len(self.items), "item"),
            state(self.complete, len(self.holes)),
            *amounts(total(self.stream, self.items)),
        )

    @property
    def complete(self) -> bool:
        """Whether every account that has the stream answered in full, and at least one has it."""
        return not self.holes and any(row.state is State.COMPLETE for row in self.coverage)

    @property
    def answered(self) -> bool:
        """Whether anything was answered at all."""
        return any(row.state in ANSWERED for row in self.coverage)

    @property
    def holes(self) -> tuple[Coverage, ...]:
        """The rows that keep the answer from being complete."""
        return tuple(row for row in self.coverage if row.is_hole)

    def _repr_html_(self) -> str:
        """Return the first items as a table for a notebook, with the state of each account."""
        from billfold.notebook import items_html

        return items_html(repr(self)[1:-1], self.stream, self.items, states(self.coverage))

    @overload
    def totals(
        self: Answer[Balance] | Answer[Invoice], *, partial: bool = False
    ) -> dict[str, Totals]: ...
    @overload
    def totals(
        self: Answer[Usage] | Answer[DailyCost] | Answer[LedgerEntry], *, partial: bool = False
    ) -> Totals: ...
    def totals(self: Answer[Any], *, partial: bool = False) -> Totals | dict[str, Totals]:
        """Add up per currency.

        Costs of usage or days, amounts of ledger entries; balances and invoices per kind, as
        ``{"prepaid": {"USD": Money}}``: what is of two kinds is never added up.

        Streams that are no money (subscriptions, payment methods) add up to nothing. Raises
        IncompleteError over a hole unless ``partial=True``.
        """
        if not partial and not self.complete:
            raise IncompleteError(
                f"the {self.stream} total is not complete: {self.missing()}; "
                "partial=True accepts that",
                coverage=self.coverage,
            )
        return total(self.stream, self.items)

    def raise_for_holes(self) -> Self:
        """Return the answer itself where it is complete.

        Raises IncompleteError, with the coverage, over a hole.
        """
        if not self.complete:
            raise IncompleteError(
                f"{self.stream} is not complete: {self.missing()}", coverage=self.coverage
            )
        return self

    def missing(self) -> str:
        """Return in one line what keeps the answer from being complete; nothing where it is."""
        if self.complete:
            return ""
        alike: dict[tuple[State, str], list[Hole[Coverage]]] = {}
        for each in holes_of(self):
            alike.setdefault((each.row.state, each.reason), []).append(each)
        holes = [
            f"{_named(each)} {how}" + (f" ({why(each)})" if reason else "")
            for (how, reason), each in alike.items()
        ]
        return ", ".join(holes) or "no account has this stream"

    def to_json(self, *, indent: int | None = None) -> str:
        """Return the answer as one JSON object of schema ``billfold.answer/1``.

        Decimals are text in plain notation. The command line prints it with ``indent=2``.
        """
        from billfold.codec import record
        from billfold.long_json import long_json_text

        return long_json_text(self._document(map(record, self.items)), indent)

    def to_dict(self) -> dict[str, Any]:
        """Return what :meth:`to_json` writes, as plain JSON values.

        ``totals`` adds up whatever was answered, ``complete`` says whether that is all.
        """
        from billfold.codec import record

        return self._document([record(item) for item in self.items])

    def _document(self, items: Iterable[dict[str, Any]]) -> dict[str, Any]:
        from billfold import (
            codec,  # cattrs takes a tenth of billfold's start, and tables do without
        )

        return {
            "schema": SCHEMA,
            "stream": self.stream.value,
            "asked": self.asked_json(),
            "complete": self.complete,
            "totals": codec.totals_text(total(self.stream, self.items)),
            "items": items,
            "coverage": [codec.record(row) for row in self.coverage],
            "failures": [codec.failure(error) for error in self.failures],
        }

    def to_arrow(self) -> pa.Table:
        """Return the records as an Arrow table: the columns and rows of ``--format csv``.

        That is a row per charge of usage and per line of an invoice. Decimals are exact,
        decimal128(38, 24). Raises ConfigError without the extra ``arrow``, and MoneyError for a
        number that does not fit.
        """
        from billfold.arrow import records_table

        return records_table(self.stream, self.items, open_until(self.coverage), self.complete)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Return :meth:`to_arrow` by the Arrow PyCapsule interface: for pandas, polars, DuckDB."""
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def asked_json(self) -> dict[str, Any]:
        """Return what was asked for, and of which accounts, as plain JSON values."""
        from billfold.codec import CONVERTER

        return {
            "period": CONVERTER.unstructure(self.requested),
            "accounts": list(self.accounts),
            "left_out": list(self.left_out),
        }

    @staticmethod
    def from_json(text: str | bytes) -> Answer[Any]:
        """Return the answer that :meth:`to_json` wrote; the two are equal.

        Raises ConfigError for text that is no answer of this schema.
        """
        try:
            written = json.loads(text)
        except RecursionError:
            raise ConfigError("this is not an answer of billfold: it is nested too deep") from None
        except (ValueError, TypeError) as error:
            raise ConfigError(f"this is not an answer of billfold: {error}") from None
        return Answer.from_dict(written)

    @staticmethod
    def from_dict(written: Any) -> Answer[Any]:
        """Return the answer that :meth:`to_dict` gave; the two are equal.

        Raises ConfigError for values that are no answer of this schema.
        """
        if not isinstance(written, dict):
            raise ConfigError("this is not an answer of billfold: it is no JSON object")
        if "schema" not in written:
            raise ConfigError("this is not an answer of billfold: it has no schema")
        schema = written["schema"]
        if schema != SCHEMA:
            raise ConfigError(
                f"this answer has schema {schema!r}; this version of billfold reads {SCHEMA!r}"
            )
        try:
            return _answer(written)
        except ConfigError as error:
            raise ConfigError(f"this is not an answer of billfold: {error.message}") from None


def _answer(written: dict[str, Any]) -> Answer[Any]:
    from billfold.codec import CONVERTER, failure_from, read_at

    with read_at("$"):
        items, rows, errors = written["items"], written["coverage"], written["failures"]
        stream, request = written["stream"], written["asked"]
    with read_at("$.stream"):
        stream = Stream(stream)
    with read_at("$.asked"):
        period = request["period"]
        period = None if period is None else CONVERTER.structure(period, Period)
        accounts, left_out = (
            CONVERTER.structure(request[names], tuple[str, ...])
            for names in ("accounts", "left_out")
        )
    return Answer(
        stream,
        period,
        _each_read(partial(CONVERTER.structure, cl=RECORDS[stream]), items, "$.items"),
        _each_read(partial(CONVERTER.structure, cl=Coverage), rows, "$.coverage"),
        _each_read(failure_from, errors, "$.failures"),
        accounts,
        left_out,
    )


def _each_read(read: Callable[[Any], T], written: Iterable[Any], path: str) -> tuple[T, ...]:
    """Return what each value of a list reads as. Raises ConfigError with the path of the first."""
    from billfold.codec import read_at

    with read_at(path):
        those = list(written)
    values = []
    for place, value in enumerate(those):
        with read_at(f"{path}[{place}]"):
            values.append(read(value))
    return tuple(values)


def _named(holes: Iterable[Hole[Coverage]]) -> str:
    """Return whose holes they are, each once, though one has a row for each stretch of time."""
    names = [*dict.fromkeys(each.row.name for each in holes)]
    return f"{listed(names)} {'are' if len(names) > 1 else 'is'}"


def holes_of(answer: Answer[Any]) -> list[Hole[Coverage]]:
    """Return an answer's holes, with the failures behind each."""
    failures: dict[tuple[str | None, str | None], list[BillfoldError]] = {}
    for error in answer.failures:
        failures.setdefault((error.account, error.part), []).append(error)
    return [
        hole(row, row.detail, failures.get((row.account, row.part), ())) for row in answer.holes
    ]


def windows_read(answer: Answer[Any]) -> dict[Period, list[str]]:
    """Return the windows that accounts answered for, each with the accounts' names.

    The rows of an account that lacks parts are about these, so its items state the others' windows.
    """
    read = [
        *((row.covers, row.account) for row in answer.coverage if row.state in ANSWERED),
        *((getattr(item, "covers", None), item.account) for item in answer.items),
    ]
    windows: dict[Period, dict[str, None]] = {}
    for covers, account in read:
        if covers is not None:
            windows.setdefault(covers, {})[account] = None
    return {covers: list(accounts) for covers, accounts in windows.items()}
