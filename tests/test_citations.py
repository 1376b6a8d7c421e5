"""What code and documents cite is there: sections of a contract, laws, and the tests of the laws.

In an adapter's own files a section is cited as "CONTRACT.md, section 2.4" or "(section 2.4)".
Elsewhere the provider is named: "Harmont's CONTRACT.md, section 3.3".
"""

import ast
import re
import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from billfold.testing.laws import LAWS

ROOT = Path(__file__).parent.parent
LAWS_PAGE = ROOT / "docs" / "laws.md"
PROVIDERS = {"Aether": "aether", "b'nerd": "bnerd", "Harmont": "harmont", "Latitude.sh": "latitude"}

NUMBER = r"\d+(?:\.\d+)*"
# "2.4", "1.5, 2 and 3", "1 to 3"; a citation may go on in the next line, behind a comment's "#".
NUMBERS = rf"{NUMBER}(?:(?:,|,?[\s#]+(?:and|or|to))[\s#]+{NUMBER}\b)*"
SECTIONS = re.compile(rf"\bsections?[\s#]+({NUMBERS})", re.IGNORECASE)
NAMED = re.compile(rf"({'|'.join(map(re.escape, PROVIDERS))})'s[\s#]+CONTRACT\.md,[\s#]+\Z")
CITED_LAWS = re.compile(rf"\blaws?[\s#]+({NUMBERS})", re.IGNORECASE)
HEADING = re.compile(rf"^#{{2,6}} ({NUMBER})\.? ", re.MULTILINE)
# A list of tests: "- `tests/test_money.py`: `test_a`, `test_b`", which may go on in indented lines.
LISTED = re.compile(r"^- `([\w/]+\.py)`(.*(?:\n  .*)*)", re.MULTILINE)

# Contracts cited without their file, and places that a reader of the repository cannot open.
OUTSIDE = re.compile(r"\bcontract(?:'s)?,?[\s#]+\d|\bDESIGN\b|(?<![\w-])shared/|(?<![\w.])/work/")
# The rules of FOCUS may lie beside a checkout; this file alone says where.
ALLOWED = {".ci/run": "shared/focus"}


def headings(text: str) -> set[str]:
    return set(HEADING.findall(text))


def contract(provider: str) -> set[str]:
    return headings((ROOT / f"adapters/billfold_{provider}/CONTRACT.md").read_text("utf-8"))


def numbers(found: re.Match[str]) -> list[str]:
    return re.findall(NUMBER, found[1])


def place(text: str, found: re.Match[str]) -> str:
    return f"{text.count(chr(10), 0, found.start()) + 1}: {' '.join(found[0].split())}"


def unresolved(text: str, provider: str) -> list[str]:
    """List what a file of an adapter cites and its contract does not have."""
    known = contract(provider)
    return [
        place(text, found)
        for found in SECTIONS.finditer(text)
        if not known.issuperset(numbers(found))
    ]


def unresolved_elsewhere(text: str) -> list[str]:
    """List what a file of no adapter cites without a provider, or what is not there."""
    missing = []
    for found in SECTIONS.finditer(text):
        named = NAMED.search(text, 0, found.start())
        if named is None or not contract(PROVIDERS[named[1]]).issuperset(numbers(found)):
            missing.append(place(text, found))
    return missing


def unknown_laws(text: str) -> list[str]:
    known = headings(LAWS_PAGE.read_text("utf-8"))
    return [
        place(text, found)
        for found in CITED_LAWS.finditer(text)
        if not known.issuperset(numbers(found))
    ]


def outside(text: str, allowed: str | None = None) -> list[str]:
    """List what leads out of the repository."""
    return [
        place(text, found)
        for found in OUTSIDE.finditer(text)
        if allowed is None or not text.startswith(allowed, found.start())
    ]


def missing_tests(text: str) -> list[str]:
    """List the files and names in a page's lists of tests that are not there."""
    missing = []
    for path, rest in LISTED.findall(text):
        file = ROOT / path
        if not file.is_file():
            missing.append(path)
            continue
        known = laws_of(path) if path.startswith("src/") else functions(file)
        missing += [f"{path}: {name}" for name in listed_names(rest) if name not in known]
    return missing


def listed_names(rest: str) -> list[str]:
    return re.findall(r"`([\w-]+)`", rest)


def functions(file: Path) -> set[str]:
    nodes = ast.walk(ast.parse(file.read_text("utf-8")))
    return {n.name for n in nodes if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)}


def laws_of(path: str) -> set[str]:
    module = path.removeprefix("src/").removesuffix(".py").replace("/", ".")
    return {name for name, law in LAWS.items() if getattr(law, "__module__", None) == module}


def text_files() -> Iterator[tuple[str, str]]:
    """Give path and text of all that git tracks or would, but this file: its examples are wrong."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: what is part of the repository is not known")
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for path in listed.split("\0"):
        file = ROOT / path
        if file.is_file() and file != Path(__file__):
            yield path, file.read_text("utf-8", errors="replace")


def provider_of(path: str) -> str | None:
    """Return whose file it is, from adapters/billfold_NAME/... or tests/adapters/NAME/..."""
    found = re.match(r"(?:adapters/billfold_|tests/adapters/)(\w+)/.*\.(?:py|md)$", path)
    return found[1] if found and found[1] in PROVIDERS.values() else None


def test_every_adapter_is_known_here() -> None:
    folders = {path.parent.name for path in ROOT.glob("adapters/*/CONTRACT.md")}
    assert folders == {f"billfold_{name}" for name in PROVIDERS.values()}


@pytest.mark.parametrize("provider", PROVIDERS.values())
def test_a_section_that_an_adapter_cites_is_a_heading_of_its_contract(provider: str) -> None:
    files = ((path, text) for path, text in text_files() if provider_of(path) == provider)
    found = [f"{path}:{where}" for path, text in files for where in unresolved(text, provider)]
    assert not found, "\n".join(found)


def test_a_section_cited_elsewhere_names_the_provider_whose_contract_has_it() -> None:
    files = ((path, text) for path, text in text_files() if path.endswith((".py", ".md")))
    others = ((path, text) for path, text in files if provider_of(path) is None)
    found = [f"{path}:{where}" for path, text in others for where in unresolved_elsewhere(text)]
    assert not found, "\n".join(found)


def test_a_law_that_is_cited_is_on_the_page() -> None:
    files = text_files()
    found = [f"{path}:{where}" for path, text in files for where in unknown_laws(text)]
    assert not found, "\n".join(found)


def test_nothing_leads_out_of_the_repository() -> None:
    files = text_files()
    found = [
        f"{path}:{where}" for path, text in files for where in outside(text, ALLOWED.get(path))
    ]
    assert not found, "\n".join(found)


def test_the_tests_of_the_laws_exist() -> None:
    assert missing_tests(LAWS_PAGE.read_text("utf-8")) == []


def test_the_laws_are_twelve_and_each_is_held_by_a_test_or_says_that_it_is_not() -> None:
    _, *laws = re.split(r"^## ", LAWS_PAGE.read_text("utf-8"), flags=re.MULTILINE)
    assert [law.split(".")[0] for law in laws] == [str(number) for number in range(1, 13)]
    bare = [
        law for law in laws if "\nHeld by:\n" not in law and "*Not yet held by a test*" not in law
    ]
    assert bare == []


def test_every_law_of_the_kit_is_on_the_page() -> None:
    lists = LISTED.findall(LAWS_PAGE.read_text("utf-8"))
    names = {name for path, rest in lists if path.startswith("src/") for name in listed_names(rest)}
    assert names == {name for name in LAWS if not name.startswith("fault ")}


in_harmont = partial(unresolved, provider="harmont")
beside_rules = partial(outside, allowed="shared/focus")


@pytest.mark.parametrize(
    ("find", "text", "places"),
    [
        (in_harmont, "Read it (section 1.4).", []),
        (in_harmont, "Read it (CONTRACT.md, sections 1.4, 2.1 and 3).", []),
        (in_harmont, "a section of 9 lines, and section three", []),
        (in_harmont, "Read it (section 9.9).", ["1: section 9.9"]),
        (in_harmont, "# one\n# (CONTRACT.md, section\n# 9.9)", ["2: section # 9.9"]),
        (in_harmont, "sections 1 to 9", ["1: sections 1 to 9"]),
        (unresolved_elsewhere, "# Late (Harmont's CONTRACT.md, section 3.3).", []),
        (unresolved_elsewhere, "# b'nerd's\n# CONTRACT.md, sections 3.1 and\n# 3.2", []),
        (unresolved_elsewhere, "# Harmont's CONTRACT.md, section 9.9", ["1: section 9.9"]),
        (unresolved_elsewhere, "# (CONTRACT.md, section 3.3)", ["1: section 3.3"]),
        (unresolved_elsewhere, "# Harmont's lines (section 3.3).", ["1: section 3.3"]),
        (unknown_laws, '"law 3, ids are stable", laws 1 and 12, a lawn 13', []),
        (unknown_laws, "two\nlaw 13", ["2: law 13"]),
        (unknown_laws, "laws 1 to 13", ["1: laws 1 to 13"]),
        (outside, "CONTRACT.md, section 2.4; reshared/x; by design", []),
        (outside, "(contract 1.6, 2.4)", ["1: contract 1"]),
        (outside, "one\n(DESIGN section 8)", ["2: DESIGN"]),
        (outside, "../shared/contracts", ["1: shared/"]),
        (outside, "/work/main", ["1: /work/"]),
        (beside_rules, "../shared/focus", []),
        (beside_rules, "../shared/contracts", ["1: shared/"]),
    ],
)
def test_a_citation_that_leads_nowhere_is_found(
    find: Callable[[str], list[str]], text: str, places: list[str]
) -> None:
    assert find(text) == places


def test_a_test_that_is_not_there_is_found() -> None:
    page = (
        "- `tests/test_citations.py`: `headings`,\n  `test_nothing_of_the_kind`\n"
        "- `tests/test_nowhere.py`: `test_a`\n"
        "- `src/billfold/testing/laws/numbers.py`: `exact`, `secret`, by which\n"
    )
    assert missing_tests(page) == [
        "tests/test_citations.py: test_nothing_of_the_kind",
        "tests/test_nowhere.py",
        "src/billfold/testing/laws/numbers.py: secret",
    ]
