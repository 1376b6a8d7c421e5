"""What is published.

The names, the wheel, and that it works away from the checkout with what it declares and nothing
else.
"""

import ast
import os
import re
import subprocess
import sys
import tarfile
import venv
import zipfile
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import billfold

CHECKOUT = Path(__file__).parent.parent
ROOTS = ("billfold", "billfold_aether", "billfold_bnerd", "billfold_harmont", "billfold_latitude")

Run = Callable[..., subprocess.CompletedProcess[str]]


def run(*command: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload]


# -- names


def test_the_public_names_are_sorted_and_there() -> None:
    assert billfold.__all__ == sorted(billfold._HOME)
    assert [name for name in billfold.__all__ if getattr(billfold, name).__name__ != name] == []
    assert set(dir(billfold)) == {*billfold.__all__, "__version__"}


def test_type_checkers_see_the_same_names() -> None:
    tree = ast.parse(Path(billfold.__file__).read_text("utf-8"))
    (block,) = [node for node in tree.body if isinstance(node, ast.If)]
    seen = {
        alias.name: node.module
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert seen == {name: f"billfold.{home}" for name, home in billfold._HOME.items()}


def test_another_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'billfold' has no attribute 'Bilfold'"):
        billfold.Bilfold  # noqa: B018


def test_the_version_is_the_distributions() -> None:
    assert billfold.__version__ == metadata.version("billfold")


def test_importing_it_imports_nothing_heavy() -> None:
    code = "import sys, billfold; print([name for name in ('aiohttp', 'attrs', 'cattrs', 'msgspec') if name in sys.modules])"
    assert run(sys.executable, "-c", code).stdout == "[]\n"


# -- the wheel


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Build the sdist, and the wheel from it; return both."""
    place = tmp_path_factory.mktemp("built")
    done = run(sys.executable, "-m", "build", "--no-isolation", "--outdir", place, CHECKOUT)
    assert done.returncode == 0, done.stdout + done.stderr
    (sdist,), (wheel,) = place.glob("*.tar.gz"), place.glob("*.whl")
    return sdist, wheel


def test_the_sdist_has_what_its_readers_need(built: tuple[Path, Path]) -> None:
    with tarfile.open(built[0]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"LICENSE", "README.md", "CHANGELOG.md", "pyproject.toml", "tests/conftest.py"} <= names
    assert not [name for name in names if ".venv" in name or "__pycache__" in name]


def test_the_wheel_has_every_package_typed_and_nothing_else(built: tuple[Path, Path]) -> None:
    with zipfile.ZipFile(built[1]) as archive:
        names = archive.namelist()
    assert {name.partition("/")[0] for name in names if ".dist-info" not in name} == set(ROOTS)
    assert {f"{root}/py.typed" for root in ROOTS} <= set(names)
    report = CHECKOUT / "src/billfold/report"
    page = [file for kind in ("css", "j2", "js") for file in report.rglob(f"*.{kind}")]
    assert {str(file.relative_to(CHECKOUT / "src")) for file in page} <= set(names)
    assert len(page) > 3
    assert any(name.endswith("licenses/LICENSE") for name in names)
    here = [
        path.relative_to(CHECKOUT / root)
        for root in ("src", "adapters")
        for path in (CHECKOUT / root).rglob("*.py")
    ]
    assert {path.as_posix() for path in here} == {name for name in names if name.endswith(".py")}


def declared(name: str, *extras: str) -> Iterator[metadata.Distribution]:
    """Give every distribution that one declares, and what those declare."""
    seen: set[tuple[str, str]] = set()
    waiting = [(name, extra) for extra in ("", *extras)]
    while waiting:
        asked = waiting.pop()
        if asked in seen:
            continue
        seen.add(asked)
        dist = metadata.distribution(asked[0])
        yield dist
        for requirement in map(Requirement, dist.requires or ()):
            if requirement.marker is None or requirement.marker.evaluate({"extra": asked[1]}):
                waiting += [(requirement.name, extra) for extra in ("", *requirement.extras)]


@pytest.fixture(scope="module")
def installed(built: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Install the wheel in an empty environment, and run Python there with the declared packages and no others in reach."""
    place = tmp_path_factory.mktemp("installed")
    venv.create(place / "env")
    python = place / "env" / "bin" / "python"
    done = run(
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "install",
        "--no-index",
        "--no-deps",
        built[1],
    )
    assert done.returncode == 0, done.stdout + done.stderr
    everything = [
        *declared("billfold", "cli"),
        *declared("pytest"),
    ]  # billfold.testing is for pytest's users
    for name, dists in (("core", declared("billfold")), ("everything", everything)):
        (place / name).mkdir()
        for dist in dists:
            tops = {
                file.parts[0]
                for file in dist.files or ()
                if file.parts[0] not in ("..", "__pycache__")
            }
            for top in tops if dist.name != "billfold" else ():
                if not (place / name / top).exists():
                    (place / name / top).symlink_to(str(dist.locate_file(top)))

    def running(
        *arguments: str, packages: str = "core", program: str = "python"
    ) -> subprocess.CompletedProcess[str]:
        variables = {
            key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "COV"))
        }
        return run(
            python.parent / program,
            *arguments,
            cwd=place,
            env={**variables, "PYTHONPATH": str(place / packages)},
        )

    return running


def test_every_module_imports_away_from_the_checkout(installed: Run) -> None:
    code = """
import importlib, importlib.metadata
files = importlib.metadata.files("billfold")
names = sorted({".".join(f.with_suffix("").parts).removesuffix(".__init__") for f in files if f.suffix == ".py"})
for name in names:
    module = importlib.import_module(name)
    assert "site-packages" in module.__file__, module.__file__
print(len(names))
"""
    done = installed("-W", "error", "-c", code, packages="everything")
    assert done.stderr == ""
    assert int(done.stdout) > 40


def test_the_library_needs_no_more_than_it_declares(installed: Run) -> None:
    code = """
import billfold, billfold.codec, billfold.accounts.config
from billfold.adapter import find, installed
from billfold.simulators.serving import installed_simulators
print([getattr(billfold, name).__name__ for name in billfold.__all__] == billfold.__all__)
print([(find(provider).provider, provider in installed_simulators()) for provider in installed()])
"""
    done = installed("-W", "error", "-c", code)
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "True",
        "[('aether', True), ('bnerd', True), ('harmont', True), ('latitude', True)]",
    ]


def test_the_program_runs_with_its_extra(installed: Run) -> None:
    done = installed("providers", packages="everything", program="billfold")
    assert (done.returncode, done.stderr) == (0, "")
    for provider in ("aether", "bnerd", "harmont", "latitude"):
        assert provider in done.stdout


def test_the_program_without_its_extra_says_what_to_install(installed: Run) -> None:
    done = installed("providers", program="billfold")
    assert (done.returncode, done.stdout) == (2, "")
    assert re.search(r'pip install "platformdirs>=.*"rich>=.*"typer', done.stderr)
