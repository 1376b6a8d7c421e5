"""What is imported is declared, and where it is said that it is needed."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from billfold.extras import how_to_install

CHECKOUT = Path(__file__).parent.parent
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]

# Which extras a room may import from; every other module does with the core alone.
ROOMS = {
    "billfold.arrow": ("arrow",),
    "billfold.answer": ("arrow",),
    "billfold.cli": ("cli",),
    "billfold.costs.arrow": ("arrow",),
    "billfold.costs.trend": ("arrow",),
    "billfold.costs.view": ("arrow",),
    "billfold.accounts.tokens": ("keyring",),
    "billfold.costs.ecb_rates": ("fx",),
    "billfold.focus": ("arrow",),
    "billfold.report": ("report",),
    "billfold.store": ("store",),
    "billfold.files.folders": ("cli",),
    "billfold.testing": ("testing",),
}
# These are imported only by who knows that the extra is there; the others import it within a function.
WHOLLY = ("billfold.cli", "billfold.report.page", "billfold.testing")


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def named(requirements: list[str]) -> set[str]:
    """Return the distributions that requirements name, those of our own extras among them."""
    found: set[str] = set()
    for requirement in requirements:
        match = re.match(r"([\w.-]+)(?:\[([\w,-]+)\])?", requirement)
        assert match is not None
        if match[1] == "billfold":
            for extra in match[2].split(","):
                found |= named(EXTRAS[extra])
        else:
            found.add(normal(match[1]))
    return found


OWNERS = packages_distributions()
CORE = named(PROJECT["dependencies"])


def of_room(module: str) -> set[str]:
    extras = [
        extra
        for room, extras in ROOMS.items()
        if f"{module}.".startswith(f"{room}.")
        for extra in extras
    ]
    return CORE.union(*(named(EXTRAS[extra]) for extra in extras))


def imported(path: Path, *, at_once: bool = False) -> Iterator[str]:
    """Give the distributions that a file imports, or only what it imports as it is imported."""
    tree = ast.parse(path.read_text("utf-8"))
    for node in tree.body if at_once else ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module]
        for top in {name.partition(".")[0] for name in names} - sys.stdlib_module_names:
            yield from map(normal, OWNERS.get(top, ()))


def sources(*roots: str) -> Iterator[tuple[str, Path]]:
    for root in roots:
        for path in sorted((CHECKOUT / root).rglob("*.py")):
            parts = path.relative_to(CHECKOUT / root).with_suffix("").parts
            yield ".".join(parts).removesuffix(".__init__"), path


def test_every_module_imports_only_what_its_room_declares() -> None:
    undeclared = {
        (module, name)
        for module, path in sources("src", "adapters")
        for name in imported(path)
        if name not in of_room(module)
    }
    assert undeclared == set()


def test_without_its_extra_a_module_of_the_library_is_still_imported() -> None:
    heavy = {
        (module, name)
        for module, path in sources("src", "adapters")
        for name in imported(path, at_once=True)
        if name not in CORE and not module.startswith(WHOLLY)
    }
    assert heavy == set()


def test_what_is_declared_is_imported() -> None:
    everywhere = {name for _, path in sources("src", "adapters") for name in imported(path)}
    declared = CORE | named(EXTRAS["all"]) | named(EXTRAS["testing"])
    assert declared - everywhere == set()


def test_the_tests_import_only_what_theirs_declares() -> None:
    declared = CORE | named(EXTRAS["browser"])
    undeclared = {
        (module, name)
        for module, path in sources("tests")
        for name in imported(path)
        if name not in declared
    }
    assert undeclared == set()


@pytest.mark.parametrize("extra", ["arrow", "cli", "fx", "keyring", "report"])
def test_a_message_names_the_packages_of_an_extra_and_never_billfold(extra: str) -> None:
    command = how_to_install(extra)
    assert command.startswith('pip install "')
    assert {normal(name) for name in re.findall(r'"([\w-]+)', command)} == named(EXTRAS[extra])


def test_nobody_is_sent_to_a_name_on_an_index_that_is_not_ours() -> None:
    places = [
        path
        for root in ("src", "adapters", "docs", "examples")
        for path in (CHECKOUT / root).rglob("*")
        if path.suffix in (".py", ".md", ".toml")
    ]
    sent = re.compile(r"(?:pip|pipx|uv|uvx)[\w =-]* ['\"]?billfold(?![\w./-])")
    assert sent.search("pip install 'billfold[cli]'")
    assert [
        str(path)
        for path in (*places, *CHECKOUT.glob("*.md"))
        if sent.search(path.read_text("utf-8"))
    ] == []
