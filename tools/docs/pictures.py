"""Make the README's pictures: a terminal as SVG, and the report in a real Chromium as PNG.

The simulators and the clock stand at one moment, so the SVG is the same to the byte whenever it is
made. A browser's picture is not; it is made anew with it.
"""

import asyncio
import io
import os
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.text import Text

from billfold.cli import run_command
from billfold.cli.demo_store import fill_store
from billfold.simulators.apart import serving_apart

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ACCOUNTS = ("ci", "ci-legacy", "cloud", "cloud-dev", "k8s", "k8s-sandbox", "metal", "metal-br")
IN_EUROS = "--in EUR --constant USD=1.16 --constant BRL=6.25"
COMMANDS = (
    f"costs --period last-month --by provider --spread {IN_EUROS}",
    "reconcile --period last-month --account ci",
)
WIDTH = 100
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@contextmanager
def kept() -> Iterator[Path]:
    """Give the configuration of all simulated providers, and of a store that has last month."""
    with TemporaryDirectory() as folder, serving_apart(NOW, Path(folder)) as config:
        asyncio.run(fill_store(config, ACCOUNTS, NOW))
        yield config


def shown(config: Path, command: str) -> str:
    """Return what a terminal shows of a command, with its colours."""
    os.environ |= {"COLUMNS": str(WIDTH), "FORCE_COLOR": "1", "TERM": "xterm-256color"}
    out = io.TextIOWrapper(io.BytesIO(), "utf-8")
    with redirect_stdout(out), redirect_stderr(io.StringIO()):
        run_command(["--config", str(config), *shlex.split(command)], lambda: NOW)
    out.flush()
    return out.buffer.getvalue().decode()  # type: ignore[attr-defined]


def terminal(config: Path) -> str:
    """Return the commands in a terminal as SVG, which loads nothing."""
    console = Console(
        record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor"
    )
    for number, command in enumerate(COMMANDS):
        console.print(*([""] if number else []), Text(f"$ billfold {command}", "bold"), sep="\n")
        console.print(Text.from_ansi(shown(config, command).rstrip()))
    svg = console.export_svg(title="billfold", unique_id="billfold")
    return re.sub(r" *@font-face \{.*?\}\n", "", svg, flags=re.DOTALL)


def photograph(config: Path, picture: Path) -> None:
    """Write the top of last month's report, as Chromium shows it."""
    from playwright.sync_api import sync_playwright

    page = config.with_name("report.html")
    shown(config, f"report --period last-month --spread {IN_EUROS} --out {page}")
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        sys.exit(f"make pictures needs a browser: {' or '.join(BROWSERS)}")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        opened = chromium.new_page(viewport={"width": 1000, "height": 860}, color_scheme="light")
        opened.goto(page.as_uri())
        opened.screenshot(path=picture)
        chromium.close()


def main(*, check: bool) -> None:
    """Write both pictures, or only say whether that of the terminal is as it would be written."""
    picture = FOLDER / "terminal.svg"
    with kept() as config:
        svg = terminal(config)
        if check:
            stale = picture.read_text("utf-8") != svg
            sys.exit(f"{picture.name} shows what was: run make pictures" if stale else 0)
        picture.write_text(svg, "utf-8")
        photograph(config, FOLDER / "report.png")


if __name__ == "__main__":
    main(check="--check" in sys.argv[1:])
