"""The house is as docs/architecture.md says: no circle of imports, and every place it names is there."""

import ast
import re
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")


def modules() -> dict[str, Path]:
    files = {path: root for root in ("src", "adapters") for path in (ROOT / root).rglob("*.py")}
    return {
        ".".join(path.relative_to(ROOT / root).with_suffix("").parts).removesuffix(
            ".__init__"
        ): path
        for path, root in files.items()
    }


def imports(path: Path, known: dict[str, Path]) -> set[str]:
    """Return what a module imports, inside functions and for type checkers, too."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                submodule = f"{node.module}.{alias.name}"
                names.add(submodule if submodule in known else node.module)
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return names & known.keys()


def test_no_module_imports_what_imports_it() -> None:
    known = modules()
    graph = {name: imports(path, known) - {name} for name, path in known.items()}
    assert len(list(TopologicalSorter(graph).static_order())) == len(known) > 150


def test_every_place_on_the_map_is_there() -> None:
    places = re.findall(r"`((?:src|adapters|tests|docs)/[\w/.]+)`", PAGE)
    assert len(places) > 10
    assert [place for place in places if not (ROOT / place).exists()] == []
