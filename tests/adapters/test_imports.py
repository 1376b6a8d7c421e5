"""An adapter needs five modules of billfold, and its simulator one more."""

import ast
from pathlib import Path

import pytest

ADAPTERS = Path(__file__).parents[2] / "adapters"
ALLOWED = {
    "billfold.adapter",
    "billfold.model",
    "billfold.money",
    "billfold.period",
    "billfold.wire",
}
COMMON = {"__init__", "wire", "parse", "client", "catalogue", "simulator", "simulator_data"}


def imported(file: Path) -> set[str]:
    tree = ast.parse(file.read_text("utf-8"))
    modules = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    modules |= {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    return {module for module in modules if module.split(".")[0] == "billfold"}


@pytest.mark.parametrize("provider", ["aether", "bnerd", "harmont", "latitude"])
def test_an_adapter_imports_five_modules_of_billfold(provider: str) -> None:
    files = sorted((ADAPTERS / f"billfold_{provider}").glob("*.py"))
    assert {file.stem for file in files} >= COMMON
    for file in files:
        simulator = {"billfold.simulators"} if file.stem.startswith("simulator") else set()
        assert imported(file) <= ALLOWED | simulator, file.name
