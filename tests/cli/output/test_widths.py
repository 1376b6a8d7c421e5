"""Narrow terminals: text folds, numbers are never cut."""

import re

import pytest
from rich.text import Text

from billfold.cli.output._cells import money_cell, new_table
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
