"""How to write an adapter: the page's adapter keeps every law, and its tables are true."""

import ast
import importlib
import re
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import attrs
import pytest
from aiohttp import web

from billfold import Account, Billfold, Money, Period, Secret
from billfold.adapter import METHODS, ApiKey, Basic, Bearer, Reading
from billfold.model import RECORDS, Charge, Check, InvoiceLine
from billfold.simulators import Habits
from billfold.testing import LawBroken, Subject
from billfold.testing.laws import LAWS, prove
from support.lines import QUICK, answering

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "adapters" / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
ADAPTER, TRIAL, SIMULATOR, PROOF, *SNIPPETS = BLOCKS
ALLOWED = {"adapter", "model", "money", "period", "wire"}
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
TOKEN = "acme-token-0123456789"


def table(section: str, heading: str) -> list[list[str]]:
    """Return the cells of a section's table that begins with a heading, without that row."""
    text = PAGE[PAGE.index(section) :]
    block = text[text.index(f"| {heading} |") :].split("\n\n")[0]
    rows = [re.split(r"(?<!\\)\|", row.strip().strip("|")) for row in block.splitlines()[2:]]
    return [[cell.strip().replace("\\|", "|") for cell in row] for row in rows]


def imports(code: str) -> Iterator[tuple[str, str]]:
    """Give module and name of what is imported from billfold."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom) and str(node.module).split(".")[0] == "billfold":
            yield from ((str(node.module), alias.name) for alias in node.names)


@pytest.fixture
def acme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Save the page's files, and import its adapter."""
    (tmp_path / "acme.py").write_text(ADAPTER, "utf-8")
    (tmp_path / "acme_simulator.py").write_text(SIMULATOR, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("acme", "acme_simulator"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return importlib.import_module("acme")


@pytest.fixture
async def fold(acme: ModuleType) -> AsyncIterator[Billfold]:
    """Serve two lines as the page shows them, and ask through the page's adapter."""

    async def lines(request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == f"Bearer {TOKEN}"
        assert dict(request.query) == {"from": "2026-10-01T00:00:00Z", "to": "2026-11-01T00:00:00Z"}
        (line,) = re.findall(r"^```json\n\[(.*?)\]\n```", PAGE, re.DOTALL | re.MULTILINE)
        second = line.replace("line-7", "line-8").replace("0.1234", "1000000000000000.1")
        return web.Response(text=f"[{line}, {second}]", content_type="application/json")

    async with answering(lines) as url:
        account = Account("shop", acme.Acme(), Secret(TOKEN), url)
        async with Billfold([account], clock=lambda: NOW, retry=QUICK) as fold:
            yield fold


def test_it_has_some_forty_lines_and_five_imports_of_billfold() -> None:
    assert len(ADAPTER.splitlines()) <= 41
    assert {module for module, _ in imports(ADAPTER)} == {f"billfold.{name}" for name in ALLOWED}


async def test_it_reads_every_digit_of_the_money(fold: Billfold) -> None:
    answer = await fold.usage(Period.month(2026, 10))
    assert answer.complete
    # 0.1234 and 1000000000000000.1, of which a float would lose the end.
    assert answer.totals() == {"EUR": Money(Decimal("1000000000000000.2234"), "EUR")}
    first, _ = answer.items[0].charges
    assert (first.id, first.service, first.account) == ("line-7", "Anvil M", "shop")
    assert first.period == Period(
        datetime(2026, 10, 7, 10, tzinfo=UTC), datetime(2026, 10, 7, 11, tzinfo=UTC)
    )


@pytest.mark.parametrize("law", LAWS)
def test_it_keeps_every_law(acme: ModuleType, law: str) -> None:
    prove(Subject(acme.Acme, importlib.import_module("acme_simulator").simulate), law)


def test_a_law_that_it_breaks_says_what_the_page_says(acme: ModuleType) -> None:
    (message,) = re.findall(r"^```\n(law 3, .*?)\n```", PAGE, re.DOTALL | re.MULTILINE)
    names = dict(vars(acme))
    exec(ADAPTER.replace("Charge(line.id,", 'Charge("line-7",'), names)
    simulate = importlib.import_module("acme_simulator").simulate
    with pytest.raises(LawBroken, match=re.escape(" ".join(message.split()))):
        prove(Subject(names["Acme"], simulate), "stable")


def test_its_proof_is_a_test(acme: ModuleType) -> None:
    names: dict[str, Any] = {}
    exec(PROOF, names)
    assert {mark.args[0] for mark in names["test_conformance"].pytestmark} == {"law", "subject"}


@pytest.mark.parametrize("code", BLOCKS)
def test_every_piece_of_code_compiles_and_imports_what_is_there(code: str) -> None:
    lines = (
        code if "yield" not in code or "def " in code else f"async def usage():\n{_indent(code)}"
    )
    compile(lines, "README.md", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    for module, name in imports(lines):
        assert hasattr(importlib.import_module(module), name), f"{module} has no {name}"


def _indent(code: str) -> str:
    return "".join(f"    {line}\n" for line in code.splitlines())


def test_the_names_in_the_pieces_are_those_of_the_five_modules() -> None:
    known = {
        name
        for module in ALLOWED
        for name in dir(importlib.import_module(f"billfold.{module}"))
        if name[0].isalpha()
    }
    capitals = {
        node.id
        for code in SNIPPETS
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Name) and node.id[0].isupper()
    }
    assert capitals - known == {"CATALOGUE", "ClassVar", "Decimal", "Error", "Lines", "Struct"}


def test_the_table_of_methods_is_what_the_core_calls() -> None:
    rows = table("## 3.", "method")
    assert [
        (name.strip("`"), tuple(re.findall(r"`(\w+)`", arguments)), gives.strip("`"), purpose)
        for name, arguments, gives, purpose in rows
    ] == [
        (name, method.arguments, method.gives, method.purpose) for name, method in METHODS.items()
    ]


@pytest.mark.parametrize(
    ("section", "heading", "kind"), [("## 3.", "field", Reading), ("## 12.", "field", Habits)]
)
def test_the_tables_of_fields_have_every_field(section: str, heading: str, kind: type) -> None:
    names = [row[0].strip("`") for row in table(section, heading)]
    assert sorted(names) == sorted(field.name for field in attrs.fields(kind))


def test_the_table_of_authentication_is_what_is_sent() -> None:
    classes = {"Bearer": Bearer, "ApiKey": ApiKey, "Basic": Basic}
    for way, sends in (row[:2] for row in table("## 8.", "`auth`")):
        auth = eval(way.strip("`"), classes)
        ((header, value),) = auth.headers(Secret("TOKEN")).items()
        assert sends.startswith(f"`{header}: {value.split(' ')[0]}")


def test_the_default_habits_are_those_that_the_table_names() -> None:
    rows = {row[0].strip("`"): row[2] for row in table("## 12.", "field")}
    assert set(re.findall(r"`(\w+)`", rows["enums"])) == Habits().enums
    matching, others = rows["amounts"].split(" match, ")
    words = re.findall(r"`([\w-]+)`", matching.replace("`_`", "").replace("`-`", ""))
    assert [word for word in words if not Habits().is_amount(word)] == []
    assert [word for word in re.findall(r"`(\w+)`", others) if Habits().is_amount(word)] == []


@pytest.mark.parametrize("folder", [*ROOT.glob("adapters/billfold_*"), ROOT / "examples"])
def test_adapters_import_what_the_page_allows(folder: Path) -> None:
    for file in sorted(folder.rglob("*.py")):
        allowed = ALLOWED | ({"simulators"} if file.name.startswith("simulator") else set())
        allowed |= {"testing"} if file.parent.name == "tests" else set()
        modules = {module for module, _ in imports(file.read_text("utf-8"))}
        assert modules <= {f"billfold.{name}" for name in allowed}, file.relative_to(ROOT)


def test_the_names_of_files_are_those_of_our_adapters() -> None:
    (listing,) = re.findall(r"^billfold_acme/\n((?:    .*\n)+)", PAGE, re.MULTILINE)
    names = set(re.findall(r"^    (\S+)", listing, re.MULTILINE))
    for folder in (
        *ROOT.glob("adapters/billfold_*"),
        ROOT / "examples/billfold_acme/src/billfold_acme",
    ):
        here = {file.name for file in folder.iterdir()} | {"README.md", "CONTRACT.md"}
        assert names <= here, folder.name


def test_the_table_of_records_has_every_argument_in_its_order() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*) \|$", between("records"), re.MULTILINE)
    table = {name: re.findall(r"`(\w+)`", arguments) for name, arguments in rows}
    records = {kind.__name__: kind for kind in (*RECORDS.values(), Charge, Check, InvoiceLine)}
    assert table == {
        name: [
            field.name
            for field in attrs.fields(record)
            if field.name not in ("provider", "account")
        ]
        for name, record in records.items()
    }


def test_the_table_of_imports_names_what_is_there() -> None:
    rows = re.findall(r"^\| `(billfold\.\w+)` \| (.*) \|$", PAGE, re.MULTILINE)
    assert len(rows) == 5
    for module, names in rows:
        there = importlib.import_module(module)
        assert [name for name in re.findall(r"`(\w+)`", names) if not hasattr(there, name)] == []


def between(name: str) -> str:
    return PAGE.partition(f"<!-- {name} -->")[2].partition(f"<!-- /{name} -->")[0]
