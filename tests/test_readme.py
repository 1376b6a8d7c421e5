"""The README's promises: its example runs, its tables are true."""

import ast
import asyncio
import os
import re
import sys
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from billfold import Billfold, Stream
from billfold.adapter import find, installed, streams
from billfold.cli.app import app
from billfold.http.transport import utc_now
from billfold.simulators.sandbox import configuration, running

README = (Path(__file__).parent.parent / "README.md").read_text("utf-8")
EXAMPLE, FRAGMENTS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)[:2]


def table(head: str) -> list[list[str]]:
    """Return the cells of the table that begins with a head row, without that row."""
    block = README[README.index(head) :].split("\n\n")[0]
    return [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", row.strip("|"))]
        for row in block.splitlines()[2:]
    ]


async def test_the_example_runs_as_it_stands(tmp_path: Path) -> None:
    async with running(utc_now()) as served:
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
    assert "Coverage(" in lines[-1]


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
    rows = table("| stream | Harmont")
    columns = ["harmont", "latitude", "aether", "bnerd"]
    offered = {row[0].strip("`") for row in rows if row[1 + columns.index(provider)] != "-"}
    assert offered == {stream.value for stream in streams(find(provider))}
    assert {row[0].strip("`") for row in rows} == {stream.value for stream in Stream} - {"check"}


def test_every_command_is_in_the_table() -> None:
    named = set(
        re.findall(r"`([a-z-]+)[^`]*`", " ".join(row[0] for row in table("| command | does |")))
    )
    program = get_command(app)
    assert isinstance(program, TyperGroup)
    assert set(program.commands) == named
