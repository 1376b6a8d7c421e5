"""The README's promises, and those of the pages it sends to: examples run, tables are true."""

import ast
import asyncio
import os
import re
import sys
from importlib.metadata import metadata
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from billfold import (
    BalanceKind,
    Billfold,
    Category,
    Cause,
    DayPart,
    InvoiceKind,
    State,
    Stream,
)
from billfold.adapter import find, installed, streams
from billfold.cli.app import build
from billfold.model import RECORDS
from billfold.simulators.sandbox import configuration, running
from support.pages import blocks, page
from support.world import NOW

(EXAMPLE,) = blocks("README.md", "python")
(FRAGMENTS,) = [each for each in blocks("docs/library.md", "python") if "payment_methods" in each]


def table(name: str, head: str) -> list[list[str]]:
    """Return the cells of a page's table that begins with a head row, without that row."""
    text = page(name)
    block = text[text.index(head) :].split("\n\n")[0]
    return [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", row.strip("|"))]
        for row in block.splitlines()[2:]
    ]


async def test_the_example_runs_as_it_stands(tmp_path: Path) -> None:
    async with running(NOW) as served:
        (tmp_path / "billfold.toml").write_text(configuration(served, tmp_path))
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-W",
            "error",
            "-c",
            EXAMPLE,
            cwd=tmp_path,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "BILLFOLD_CONFIG": ""},
        )
        out, err = await process.communicate()
    assert (process.returncode, err.decode()) == (0, "")
    lines = out.decode().splitlines()
    assert lines[0].split()[0] == "cloud"  # aether has no past months
    assert "'USD': Money(" in lines[-1]
    assert "k8s, k8s-sandbox are unavailable (Aether answers only for" in lines[-1]


def test_the_example_is_ten_lines() -> None:
    assert len([line for line in EXAMPLE.splitlines() if line.strip()]) <= 10


def test_the_fragments_name_what_there_is() -> None:
    used = {
        node.attr
        for node in ast.walk(
            ast.parse(f"async def main():\n{re.sub('^', '    ', FRAGMENTS, flags=re.MULTILINE)}")
        )
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "fold"
    }
    assert used
    assert all(callable(getattr(Billfold, name)) for name in used)


@pytest.mark.parametrize("provider", installed())
def test_the_table_of_streams_is_what_the_adapters_offer(provider: str) -> None:
    rows = table("README.md", "| stream | Harmont")
    columns = ["harmont", "latitude", "aether", "bnerd"]
    offered = {row[0].strip("`") for row in rows if row[1 + columns.index(provider)] != "-"}
    assert offered == {stream.value for stream in streams(find(provider))}
    assert {row[0].strip("`") for row in rows} == {stream.value for stream in Stream} - {"check"}


def test_every_command_is_in_the_table() -> None:
    named = set(
        re.findall(
            r"`([a-z-]+)[^`]*`",
            " ".join(row[0] for row in table("docs/commands.md", "| command | does |")),
        )
    )
    program = get_command(build())
    assert isinstance(program, TyperGroup)
    assert set(program.commands) == named


def test_every_extra_is_in_the_table() -> None:
    ours = {"test", "browser", "dev"}
    named = {row[0].strip("`") for row in table("README.md", "| extra | for |")}
    assert named == set(metadata("billfold").get_all("Provides-Extra") or ()) - ours


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ("| name | is | command |", {kind.__name__ for kind in RECORDS.values()}),
        ("| state | is |", set(State)),
        ("| cause | is |", set(Cause)),
        ("| code | is |", {"0", "1", "2", "3", "4", "130"}),
        ("| word | is |", {*Category, *BalanceKind, *InvoiceKind, *DayPart}),
    ],
)
def test_every_word_is_on_its_page(head: str, words: set[str]) -> None:
    first = " ".join(row[0] for row in table("docs/words.md", head))
    assert words <= set(re.findall(r"`([^`]+)`", first))


def test_every_stream_is_among_the_words() -> None:
    assert all(f"`{stream.value}`" in page("docs/words.md") for stream in Stream)
