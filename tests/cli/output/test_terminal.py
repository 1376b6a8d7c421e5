"""What reaches a terminal: nothing that it would obey, nothing cut, money rounded for people only."""

import io
import os
import re
import select
import sys
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from billfold import (
    Answer,
    BillfoldError,
    Category,
    Charge,
    Coverage,
    DailyCost,
    Invoice,
    Money,
    NotFoundError,
    Period,
    Secret,
    State,
    Stream,
    TransientError,
    UnreachableError,
    Usage,
)
from billfold.accounts.account import Held
from billfold.cli.commands.accounts import place
from billfold.cli.commands.invoice import details
from billfold.cli.output import json as jsons
from billfold.cli.output._cells import amount, bar, cash, grid, noise, number, spark, window
from billfold.cli.output._notes import notes, remedy
from billfold.cli.output.tables import lines, services, table
from billfold.cli.output.terminal import clean, complain, put, rendered, show, tell, waiting
from billfold.model import RECORDS
from support.records import moneys, periods, record, texts

OCTOBER = Period.month(2026, 10)


def eur(text: str) -> Money:
    return Money(Decimal(text), "EUR")


def plain(*parts: object, width: int = 80) -> str:
    return rendered(Console(file=io.StringIO(), width=width, markup=False), *parts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Bücher & Töne", "Bücher & Töne"),
        ("\x1b]0;owned\x07", "\N{REPLACEMENT CHARACTER}]0;owned\N{REPLACEMENT CHARACTER}"),
        ("\x9b31m", "\N{REPLACEMENT CHARACTER}31m"),
        ("two\nlines\ttabbed", "two lines tabbed"),
        ("right\u202eleft", "right\N{REPLACEMENT CHARACTER}left"),
    ],
)
def test_text_from_outside_is_harmless(text, shown) -> None:
    assert clean(text) == shown


def test_json_escapes_what_a_terminal_might_obey() -> None:
    row = Coverage("a\x9b\x7f\x1b", "p", Stream.BALANCES, State.COMPLETE)
    answer: Answer[object] = Answer(Stream.BALANCES, None, (), (row,))
    text = jsons.text(answer)
    assert '"a\\u009b\\u007f\\u001b"' in text
    assert Answer.from_json(text) == answer


def sound(item: Any) -> Any:
    """Leave out the checks that compare two currencies, which none does."""
    if not isinstance(item, Usage | Invoice):
        return item
    return evolve(
        item,
        checks=tuple(
            check for check in item.checks if check.stated.currency == check.computed.currency
        ),
    )


@given(st.data())
@settings(max_examples=25)
@pytest.mark.parametrize("stream", Stream)
def test_any_answer_can_be_shown_in_80_columns_if_its_numbers_fit_and_without_control_characters(
    stream, data
) -> None:
    items = tuple(sound(item) for item in data.draw(st.lists(record(RECORDS[stream]), max_size=2)))
    states = data.draw(st.lists(st.sampled_from(State), min_size=1, max_size=3))
    rows = tuple(
        Coverage(data.draw(texts), data.draw(texts), stream, state, detail=data.draw(texts))
        for state in states
    )
    answer = Answer(
        stream,
        data.draw(st.none() | periods),
        items,
        rows,
        (BillfoldError("x\x1b", account="a\x1b"),),
    )
    more = {Stream.USAGE: [services, lines], Stream.INVOICES: [details]}.get(stream, [])
    parts = [table(answer), *(layout(answer) for layout in more), *notes(answer)]
    shown, narrow = plain(*parts), plain(*parts, width=1)
    assert all(char == "\n" or char.isprintable() for char in shown)
    assert max(map(cell_len, shown.splitlines()), default=0) <= max(80, *map(least, parts))
    assert all(number in narrow for part in parts for column in numbers(part) for number in column)


def numbers(part: object) -> list[list[str]]:
    """Give the numbers of every column; one of text has none."""
    if not isinstance(part, Table):
        return []
    rows = [
        [str(cell) for cell in column.cells] if column.justify == "right" else []
        for column in part.columns
    ]
    return [[line for cell in cells for line in cell.split("\n")] for cells in rows]


def least(part: object) -> int:
    """Tell how narrow a table can be without losing a digit: its numbers, a short name in every other column, and gaps."""
    return sum(max(map(cell_len, ["x" * 10, *column])) + 2 for column in numbers(part))


@pytest.mark.parametrize("width", [1, 20, 30, 40, 50, 60])
def test_a_narrow_terminal_folds_names_and_cuts_no_number(width: int) -> None:
    laid_out = grid("Provider", "Service", ("Before", "right"), ("Change", "right"), "")
    laid_out.add_row(
        Text("harmont"),
        Text("Compute of the larger kind"),
        cash(eur("1149.42")),
        cash(eur("-611.60")),
        Text("*"),
    )
    shown = plain(laid_out, width=width).splitlines()
    assert re.fullmatch(r"harmont +Compute[a-z ]* +1149.42 EUR  -611.60 EUR  \*", shown[2])
    service = [line[10:].split("1149")[0].strip() for line in shown[2:]]
    assert " ".join(service) == "Compute of the larger kind"
    assert max(map(len, shown)) <= max(width, 49)


def test_text_beside_a_table_is_folded_all_the_same() -> None:
    laid_out = grid(("Cost", "right"))
    laid_out.add_row(cash(eur("611.60")))
    shown = plain(laid_out, Text("a note of several words"), width=8).splitlines()
    assert shown[2:] == ["611.60 EUR", "a note", "of", "several", "words"]


def test_markup_of_a_provider_is_text() -> None:
    row = Coverage(
        "[red]ci[/red]", "harmont", Stream.BALANCES, State.FAILED, detail="[link=x]y[/link]"
    )
    shown = plain(*notes(Answer(Stream.BALANCES, None, (), (row,))))
    assert "[red]ci[/red] (harmont) failed: [link=x]y[/link]" in shown


@pytest.mark.parametrize(
    ("money", "shown"),
    [
        (eur("1234.565"), "1234.57 EUR"),
        (eur("-0.5"), "-0.50 EUR"),
        (eur("0"), "0.00 EUR"),
        (eur("0.004"), "~0.00 EUR"),
        (eur("-0.004"), "~0.00 EUR"),
        (Money(Decimal("1200"), "JPY"), "1200 JPY"),
        (Money(Decimal("1.2345"), "XAU"), "1.2345 XAU"),
        (None, "not stated"),
    ],
)
def test_money_is_rounded_and_what_rounds_to_nothing_is_marked(money, shown) -> None:
    assert cash(money).plain.replace("~-", "~") == shown


@given(moneys)
def test_zero_is_shown_for_nothing_else(money) -> None:
    zero = not Decimal(amount(money).removeprefix("~"))
    assert amount(money).startswith("~") == (zero and money.amount != 0)


@pytest.mark.parametrize(
    ("gap", "only_rounding"),
    [
        (eur("0.004999"), True),
        (eur("0.005"), False),
        (eur("-0.0049"), True),
        (Money(Decimal("0.49"), "JPY"), True),
        (Money(Decimal("0.0001"), "XAU"), False),
    ],
)
def test_less_than_half_the_smallest_unit_is_rounding_noise(gap, only_rounding) -> None:
    assert noise(gap) is only_rounding


@pytest.mark.parametrize(
    ("period", "shown"),
    [
        ("2026-10", "2026-10"),
        ("2026-10-01..2026-10-15", "2026-10-01..2026-10-15"),
        ("2026-10-05T16:03:27Z..2026-11-05T16:03:27Z", "2026-10-05..11-05"),
        ("2026-12-05T16:03:27Z..2027-01-05T16:03:27Z", "2026-12-05..2027-01-05"),
    ],
)
def test_periods_are_shown_to_the_day(period, shown) -> None:
    assert window(Period.parse(period)).plain == shown


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        ("1E+3", None, "1000"),
        ("0.123456", "GB", "0.1235 GB"),
        ("12.50", "h\x1b", "12.50 h\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_quantities_have_four_decimals_at_most(value, unit, shown) -> None:
    assert number(Decimal(value), unit).plain == shown


def test_bars_and_sparks_are_to_scale_and_show_the_least_bit() -> None:
    assert (bar(0, 0), bar(0, 10), bar(5, 10, 4), bar(10, 10, 4), bar(1, 32, 4)) == (
        "",
        "",
        "██",
        "████",
        "▏",
    )
    assert spark([eur("0"), eur("0.01"), eur("5"), eur("10")]) == " ▁▄█"
    assert spark([eur("0")]) == " "


def test_daily_bars_share_a_scale_per_currency() -> None:
    days = tuple(
        DailyCost(date(2026, 10, n), eur(cost), provider="p", account="a")
        for n, cost in ((1, "10"), (2, "5"), (3, "0"))
    )
    shown = plain(
        table(Answer(Stream.DAILY, None, days, (Coverage("a", "p", Stream.DAILY, State.COMPLETE),)))
    )
    assert [line.count("█") for line in shown.splitlines()[2:5]] == [24, 12, 0]


def test_no_line_is_written_for_nothing(capsys) -> None:
    tell()
    usage: Answer[Usage] = Answer(
        Stream.USAGE, None, (), (Coverage("a", "p", Stream.USAGE, State.COMPLETE),)
    )
    assert notes(usage) == []
    assert capsys.readouterr().err == ""


def test_a_reader_that_left_ends_the_program_as_sigpipe_would(monkeypatch) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as out:
        monkeypatch.setattr(sys, "stdout", out)
        with pytest.raises(SystemExit) as left:
            put("anything")
        assert left.value.code == 141
        out.write("more, to nobody")


def test_nobody_on_standard_error_is_no_reason_to_fail(monkeypatch) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w", buffering=1) as err:
        monkeypatch.setattr(sys, "stderr", err)
        complain("a mistake")
        os.dup2(os.open(os.devnull, os.O_WRONLY), writer)


def test_closed_streams_are_no_reason_to_fail(monkeypatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    put("x")
    complain("x")
    with waiting("x"):
        pass
    assert sys.stdout is None


@pytest.fixture
def terminal(monkeypatch) -> Iterator[Callable[[str], str]]:
    """Make a stream a terminal of 80 columns; reading gives what arrived there."""
    ours, theirs = os.openpty()
    os.set_blocking(ours, False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    with os.fdopen(theirs, "w", encoding="ascii") as stream:

        def attach(name: str) -> str:
            monkeypatch.setattr(sys, name, stream)
            return name

        def read(name: str) -> str:
            stream.flush()
            arrived = b""
            while select.select([ours], [], [], 0.2)[
                0
            ]:  # a terminal hands on what was written a piece at a time
                arrived += os.read(ours, 1 << 16)
            return arrived.decode()

        yield lambda name: attach(name) if getattr(sys, name) is not stream else read(name)
    os.close(ours)


def test_a_terminal_gets_colours_and_only_what_it_can_show(terminal) -> None:
    terminal("stdout")
    show(Text("Büro", "bold red"))
    assert terminal("stdout") == "\x1b[1;31mB?ro\x1b[0m\r\n"


def test_no_color_is_honoured(terminal, monkeypatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    terminal("stdout")
    show(Text("red", "red"))
    assert terminal("stdout") == "red\r\n"


def test_somebody_who_waits_sees_what_for(terminal) -> None:
    terminal("stderr")
    with waiting("asking ci ..."):
        pass
    assert "asking ci ..." in terminal("stderr")


def test_many_reasons_are_counted() -> None:
    charges = tuple(
        Charge(
            str(n),
            Category.USAGE,
            OCTOBER,
            f"service {n}",
            None,
            reason="no price",
            provider="p",
            account="a",
        )
        for n in range(5)
    )
    row = Coverage("a", "p", Stream.USAGE, State.PARTIAL, OCTOBER, "5 without a stated amount")
    shown = plain(
        *notes(
            Answer(
                Stream.USAGE,
                OCTOBER,
                (Usage(OCTOBER, OCTOBER, charges, provider="p", account="a"),),
                (row,),
            )
        )
    )
    assert "service 2: no price" in shown
    assert "service 3" not in shown
    assert "and 2 more, with their reasons in --format json" in shown


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (UnreachableError("x"), "what to do: check the network and the account's base URL"),
        (NotFoundError("x"), "what to do: check the account's settings, and the ids given"),
        (BillfoldError("x"), "what to do: see the message"),
        (TransientError("x", request_id="r-1"), "what to do: try again (request id r-1)"),
    ],
)
def test_every_failure_says_what_to_do(error, said) -> None:
    assert remedy(error) == said


def test_a_token_in_hand_has_no_place() -> None:
    assert place(Held(Secret("t0ken"))) == "Held"
