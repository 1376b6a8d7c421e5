"""A real Chromium that shows the report, and what the page requests and complains about."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from attrs import field, frozen
from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PROGRAM = [sys.executable, "-c", "from billfold.cli import main; main()"]
RATES = "date,base,quote,rate\n" + "".join(
    f"2026-{month:02}-{day:02},EUR,USD,{rate}\n"
    for month, rate in ((9, "1.28"), (10, "1.25"))
    for day in range(1, 31)
)
ACCOUNTS = ("--account", "ci", "--account", "cloud", "--account", "cloud-dev")
RULES = """
[[rule]]
match = { provider = "harmont" }
cost_centre = "platform"
[[rule]]
match = { service = "Support Plus" }
share = { shop = 2, platform = 1 }
"""


@frozen
class Opened:
    """A page under test."""

    page: Page
    requests: list[str] = field(factory=list)
    complaints: list[str] = field(factory=list)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start the installed browser. Without one the tests fail: a skipped test proves nothing."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.fail(
            f"these tests need a browser, and there is no {' or '.join(NAMES)}: "
            "apt install chromium"
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def written(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """Run a command about October in euros, as a program: Playwright uses this thread's loop."""
    folder = tmp_path_factory.mktemp("report")
    (folder / "rates.csv").write_text(RATES)
    (folder / "rules.toml").write_text(RULES)

    def go(*arguments: str, code: int = 0) -> str:
        money = ("--period", "2026-10", "--in", "EUR", "--rates", "rates.csv")
        asked = (*arguments, *money) if "sync" not in arguments else arguments
        command = [*PROGRAM, "--config", str(world), *ACCOUNTS, *asked]
        ended = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, check=False, timeout=60
        )
        assert ended.returncode == code, ended.stderr
        return str(folder) if "report" in arguments else ended.stdout

    return go


@pytest.fixture(scope="session")
def reports(written: Callable[..., str]) -> Path:
    """Write October's report with a store's months, and a partial one with cost centres."""
    months = ("--period", "2026-09..2026-11", "--stream", "usage")
    written("--store", "store", "sync", *months)
    partial = ("--spread", "--allow-partial", "--rules", "rules.toml", "--out", "partial.html")
    written("--account", "metal", "report", *partial, code=3)
    return Path(written("--store", "store", "report", "--out", "report.html"))


@pytest.fixture(scope="session")
def costs(written: Callable[..., str]) -> Any:
    """What ``billfold costs`` says of the same, in the report's own groups."""
    return json.loads(
        written(
            "costs", "--by", "provider,account,sub_account,service,category", "--format", "json"
        )
    )


@pytest.fixture
def opened(reports: Path, chromium: Browser) -> Callable[..., Any]:
    """Open a report: ``with opened(color_scheme="dark") as shown``.

    The page may neither request nor complain about anything.
    """

    @contextmanager
    def go(name: str = "report.html", **options: Any) -> Iterator[Opened]:
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        shown = Opened(context.new_page())
        shown.page.on("request", lambda request: shown.requests.append(request.url))
        shown.page.on("console", lambda message: shown.complaints.append(message.text))
        shown.page.on("pageerror", lambda error: shown.complaints.append(str(error)))
        shown.page.goto((reports / name).as_uri())
        yield shown
        assert shown.complaints == []
        assert shown.requests == [(reports / name).as_uri()]
        context.close()

    return go
