"""A test of the tests: each bug planted in the example adapter breaks the law that it should."""

import ast
import importlib
import pkgutil
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from billfold.testing import LawBroken, Subject, laws, watch
from billfold.testing.laws import LAWS, prove
from billfold.testing.rules import Rule
from conformance.bugs import BUGS as BUGS_OF_READING
from conformance.bugs_of_chains_and_late_rows import CHAINS_AND_LATE_ROWS
from conformance.bugs_of_history import HISTORY
from conformance.bugs_of_records import DECLARED, INVOICE_BUGS, NAMELESS, WINDOWS
from conformance.bugs_of_signs_and_times import SIGNS_AND_TIMES
from conformance.bugs_of_unread_money import UNREAD
from support.counting import count

ACME = Path(__file__).parents[2] / "examples" / "billfold_acme" / "src" / "billfold_acme"
BUGS = {
    **BUGS_OF_READING,
    **WINDOWS,
    **NAMELESS,
    **INVOICE_BUGS,
    **DECLARED,
    **UNREAD,
    **SIGNS_AND_TIMES,
    **HISTORY,
    **CHAINS_AND_LATE_ROWS,
}
MODULES = [
    watch,
    *(
        importlib.import_module(f"{laws.__name__}.{module.name}")
        for module in pkgutil.iter_modules(laws.__path__)
    ),
]


def rules() -> Iterator[tuple[str, Rule]]:
    for module in MODULES:
        for name, value in vars(module).items():
            if isinstance(value, Rule):
                yield f"{module.__name__}.{name}", value


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Subject]:
    """Copy the example under a name of its own, with a bug in it."""

    def plant(name: str) -> Subject:
        package = f"acme_{list(BUGS).index(name)}"
        folder = tmp_path / package
        shutil.copytree(ACME, folder, ignore=shutil.ignore_patterns("__pycache__"))
        bug = BUGS[name]
        edit(folder / f"{bug.module}.py", bug.right, bug.wrong, bug.imports)
        for module, right, wrong in bug.also:
            edit(folder / f"{module}.py", right, wrong, "")
        for file in folder.glob("*.py"):
            file.write_text(file.read_text("utf-8").replace("billfold_acme", package), "utf-8")
        monkeypatch.syspath_prepend(tmp_path)
        return Subject(
            importlib.import_module(package).Acme,
            importlib.import_module(f"{package}.simulator").simulate,
        )

    return plant


def edit(file: Path, right: str, wrong: str, imports: str) -> None:
    text = file.read_text("utf-8")
    assert text.count(right) == 1, f"{file.name} has no single place {right!r}"
    first = "from __future__ import annotations\n"
    file.write_text(text.replace(right, wrong).replace(first, f"{first}\n{imports}\n", 1), "utf-8")


@pytest.mark.parametrize("name", BUGS)
def test_a_planted_bug_breaks_its_law_and_is_told_what_to_do(
    name: str, planted: Callable[[str], Subject]
) -> None:
    bug = BUGS[name]
    with pytest.raises(LawBroken, match=bug.message) as caught:
        prove(planted(name), bug.law)
    assert str(caught.value).endswith(f"; {caught.value.rule.advice}")
    count("planted bugs caught")


@pytest.mark.parametrize("law", LAWS)
def test_without_a_bug_every_law_is_kept(law: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ACME.parent)
    simulator = importlib.import_module("billfold_acme.simulator")
    prove(Subject(importlib.import_module("billfold_acme").Acme, simulator.simulate), law)


@pytest.mark.parametrize(("name", "rule"), [*rules()])
def test_every_rule_has_a_law_and_one_sentence_of_advice(name: str, rule: Rule) -> None:
    assert rule.law
    assert len(rule.advice.split()) > 2, name
    assert rule.advice[0].islower() or rule.advice[0] == "`", name
    assert not rule.advice.endswith("."), name


def test_every_law_requires_by_a_rule() -> None:
    position = {"require": 1, "LawBroken": 0, "require_total": 0, "require_same": 0}
    for module in MODULES:
        known = {name for name, value in vars(module).items() if isinstance(value, Rule)}
        tree = ast.parse(Path(str(module.__file__)).read_text("utf-8"))
        for call in ast.walk(tree):
            name = getattr(call.func, "id", "") if isinstance(call, ast.Call) else ""
            if isinstance(call, ast.Call) and name in position:
                rule = ast.unparse(call.args[position[name]])
                assert rule in known | {"rule"}, f"{module.__name__}: {rule}"
