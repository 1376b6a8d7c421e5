"""Narrow terminals: text folds, numbers are never cut."""

import re

import pytest
from rich.table import Table
from rich.text import Text

from billfold.cli.output._cells import add_row, money_cell, new_table
from billfold.cli.output.folding import Foldable
from cli.output.rendering import eur, plain


@pytest.mark.parametrize("width", [1, 20, 30, 40, 50, 60])
def test_a_narrow_terminal_folds_names_and_cuts_no_number(width: int) -> None:
    laid_out = new_table("Provider", "Service", "#Before", "#Change", "")
    laid_out.add_row(
        Text("harmont"),
        Text("Compute of the larger kind"),
        money_cell(eur("1149.42")),
        money_cell(eur("-611.60")),
        Text("*"),
    )
    shown = plain(laid_out, width=width).splitlines()
    assert re.fullmatch(r"harmont +Compute[a-z ]* +1149.42 EUR  -611.60 EUR  \*", shown[2])
    service = [line[10:].split("1149")[0].strip() for line in shown[2:]]
    assert " ".join(service) == "Compute of the larger kind"
    assert max(map(len, shown)) <= max(width, 49)


def test_text_beside_a_table_is_folded_all_the_same() -> None:
    laid_out = new_table("#Cost")
    laid_out.add_row(money_cell(eur("611.60")))
    shown = plain(laid_out, Text("a note of several words"), width=8).splitlines()
    assert shown[2:] == ["611.60 EUR", "a note", "of", "several", "words"]


def test_a_record_is_a_line_where_the_terminal_allows_and_loses_nothing_where_not() -> None:
    table = new_table("Account", "Kind", "Number", "=Day", "#Total")
    add_row(table, "cloud", "legal", "RE-26-3061", "2026-11-02", eur("419.33"))
    add_row(table, "cloud", "", "RE-26-3062", "-", eur("5.00"))
    table.add_section()
    add_row(table, "Total", "legal", "", "", eur("424.33"))
    foldable = Foldable(table, {"Day": None, "Kind": "Number"})
    wide = [line.split() for line in plain(foldable, width=50).splitlines()]
    assert wide[2:4] == [
        ["cloud", "legal", "RE-26-3061", "2026-11-02", "419.33", "EUR"],
        ["cloud", "RE-26-3062", "-", "5.00", "EUR"],
    ]
    assert "2026-11-02" not in plain(foldable, width=49)
    assert [line.split() for line in plain(foldable, width=31).splitlines()][2:] == [
        ["cloud", "RE-26-3061", "419.33", "EUR"],
        ["legal"],
        ["cloud", "RE-26-3062", "5.00", "EUR"],
        ["─" * 31],
        ["Total", "legal", "424.33", "EUR"],
    ]


def test_a_uuid_is_cut_only_where_the_terminal_has_no_room_for_it() -> None:
    uuid = "3a7e6ea6-5633-54f8-b5d0-081a998027a7"
    table = new_table("Account", "Subscription", "Kind", "#Price")
    add_row(table, "an account with a long name", uuid, "storage commitment", eur("5.00"))
    # An account of ten, the UUID of 36, a kind of ten, a price of eight, and three gaps.
    assert [uuid in plain(table, width=width) for width in (69, 70, 80)] == [False, True, True]
    below = Foldable(table, {"Kind": "Subscription"})
    assert uuid in plain(below, width=60)


def test_a_text_with_a_uuid_is_as_wide_as_the_terminal_allows() -> None:
    uuid = "3a7e6ea6-5633-54f8-b5d0-081a998027a7"
    notes = Table.grid(padding=(0, 1, 0, 0), pad_edge=False)
    notes.add_column(no_wrap=True)
    notes.add_column(overflow="fold")
    notes.add_row("*", f"{'a word ' * 8}and the request id {uuid}")
    lines = plain(notes, width=80).splitlines()
    assert len(lines) == 2
    assert uuid in lines[1]
