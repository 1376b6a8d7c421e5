"""Every page of help fits 80 columns, and cuts neither a sentence nor a name."""

import inspect
import re
from collections.abc import Iterator
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from billfold.cli.app import build


def pages(command: Any, *words: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield words, command
    for name, each in getattr(command, "commands", {}).items():
        yield from pages(each, *words, name)


PAGES = dict(pages(get_command(build())))


@pytest.mark.parametrize("name", [words[0] for words in PAGES if len(words) == 1])
def test_a_command_that_is_named_first_is_made_alone_and_is_what_it_is_among_all(name: str) -> None:
    assert list(get_command(build(name)).commands) == [name]
    alone, among_all = (
        CliRunner().invoke(made, [name, "--help"]) for made in (build(name), build())
    )
    assert alone.exit_code == 0
    assert alone.output == among_all.output


@pytest.mark.parametrize("first", ["", "--account", "payment_methods", "usge", "x.y"])
def test_what_names_no_command_finds_them_all(first: str) -> None:
    assert len(get_command(build(first)).commands) == sum(len(words) == 1 for words in PAGES)


PANELS = ["Options", "Try it", "Costs and reports", "Raw data", "History", "Setup"]


@pytest.mark.parametrize("words", PAGES, ids=" ".join)
def test_a_page_fits_80_columns_and_cuts_nothing(billfold, monkeypatch, words) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    shown, command = billfold(*words, "--help").out, PAGES[words]
    assert max(len(line) for line in shown.splitlines()) <= 80
    assert "\N{HORIZONTAL ELLIPSIS}" not in shown
    first, *paragraphs = inspect.cleandoc(command.help).split("\n\n")
    assert " ".join(first.split()) in " ".join(shown.split())
    for line in "\n".join(paragraphs).splitlines():  # as they are written, none wrapped again
        assert f" {line.strip()} " in shown
    for param in command.params:
        assert all(re.search(rf"{name}\b", shown) for name in param.opts if name[:1] == "-")
        assert not param.metavar or f" {param.metavar} " in shown


def test_the_panels_stand_in_the_order_of_a_persons_needs(billfold) -> None:
    assert re.findall(r"\u256d\u2500 ([\w ]+) \u2500", billfold("--help").out) == PANELS
