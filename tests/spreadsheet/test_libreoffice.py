"""What is written as CSV opens in a real LibreOffice: numbers as numbers, and no text runs.

Run by ``make spreadsheet``, not by ``make test``, which needs no LibreOffice.
"""

import shutil
import subprocess
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest

from billfold import Charge
from billfold.answer import Answer
from billfold.cli.output.formats import answer_csv
from billfold.model import Stream
from support.exports import written
from support.shop import Shop, charge, usage

# What a provider, or who names its projects, may send: each runs where something is not guarded.
TEXTS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    " =1+1",
    "\t=1+1",
    "\ufeff=1+1",
    "x;=1+1",
    "x;=1+1;y",
    'x;"=1+1"',
    "x, y;=1+1",
    "x|=1+1|y",
    "x\t=1+1\ty",
    "x\r=1+1",
    "x\n=1+1;",
    "x\r\n=1+1\t",
    '=HYPERLINK("http://invalid";"click")',
)
SEPARATORS = {"comma": 44, "semicolon": 59, "tab": 9, "bar": 124}
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"

Opened = list[ElementTree.Element]


@pytest.fixture(scope="session")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path, int], Opened]:
    """Open CSV at a separator and return its cells. Without LibreOffice the tests fail."""
    program = shutil.which("soffice")
    if program is None:
        pytest.fail("these tests need LibreOffice: apt install libreoffice-calc-nogui")
    profile = tmp_path_factory.mktemp("profile")

    def go(path: Path, separator: int) -> Opened:
        command = [
            program,
            f"-env:UserInstallation={profile.as_uri()}",
            "--headless",
            f"--infilter=Text - txt - csv (StarCalc):{separator},34,76,1",
            *("--convert-to", "fods", "--outdir", str(path.parent), str(path)),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return list(ElementTree.parse(path.with_suffix(".fods")).iter(f"{TABLE}table-cell"))

    return go


def formulas(cells: Opened) -> list[str]:
    return [formula for cell in cells if (formula := cell.get(f"{TABLE}formula"))]


def charges() -> list[Charge]:
    return [charge(str(n), "-0.10", description=text) for n, text in enumerate(TEXTS)]


async def test_texts_that_are_not_guarded_do_run(
    tmp_path: Path, opened: Callable[[Path, int], Opened]
) -> None:
    # Else the tests below would prove nothing. What is documented of the export without the option.
    await written(tmp_path, Shop((usage(*charges()),)))
    path = tmp_path / "cost_and_usage.csv"
    assert "of:=1+1" in formulas(opened(path, SEPARATORS["comma"]))
    assert any("1+1" in formula for formula in formulas(opened(path, SEPARATORS["semicolon"])))


@pytest.mark.parametrize("separator", SEPARATORS)
async def test_no_text_of_an_export_made_safe_runs(
    tmp_path: Path, opened: Callable[[Path, int], Opened], separator: str
) -> None:
    await written(tmp_path, Shop((usage(*charges()),)), spreadsheet_safe=True)
    cells = opened(tmp_path / "cost_and_usage.csv", SEPARATORS[separator])
    assert (formulas(cells), len(cells) > len(TEXTS)) == ([], True)


@pytest.mark.parametrize("separator", SEPARATORS)
def test_no_text_of_format_csv_runs(
    tmp_path: Path, opened: Callable[[Path, int], Opened], separator: str
) -> None:
    tagged = [
        charge("t", "-0.10", tags={"k": "x;=1+1;y", "=1+1": "a|@SUM(1)"}, resource_id="x;+1+1;y")
    ]
    text = answer_csv(Answer(Stream.USAGE, None, (usage(*charges(), *tagged),), ()))
    (tmp_path / "usage.csv").write_text(text, newline="", encoding="utf-8")
    cells = opened(tmp_path / "usage.csv", SEPARATORS[separator])
    assert (formulas(cells), len(cells) > len(TEXTS)) == ([], True)


@pytest.mark.parametrize("options", [{}, {"spreadsheet_safe": True}])
async def test_rows_are_as_many_and_costs_are_numbers(
    tmp_path: Path, opened: Callable[[Path, int], Opened], options: dict[str, bool]
) -> None:
    texts = ("a lone\rcarriage return", "two\r\nlines", "two\nlines", 'q"q", x', "plain")
    sold = (charge(str(n), "-12.25", description=text) for n, text in enumerate(texts))
    await written(tmp_path, Shop((usage(*sold),)), **options)
    cells = opened(tmp_path / "cost_and_usage.csv", SEPARATORS["comma"])
    shown = ["".join(cell.itertext()).strip() for cell in cells]
    for text in ("a lone carriage return", "two lines", 'q"q", x', "plain"):
        assert text in shown
    costs = [
        Decimal(str(cell.get(f"{OFFICE}value")))
        for cell in cells
        if cell.get(f"{OFFICE}value-type") == "float"
    ]
    assert costs.count(Decimal("-12.25")) >= len(texts)
