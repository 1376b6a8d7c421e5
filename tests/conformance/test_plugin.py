"""The pytest plugin serves simulators, and a package from outside is proved by one line."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from billfold.simulators.faults import status
from billfold.testing import Harness

PLAIN = ("-p", "no:cacheprovider")
EXAMPLE = Path(__file__).parents[2] / "examples" / "billfold_acme"


async def test_a_fixture_serves_a_simulator_and_lets_things_go_wrong(
    harmont_simulator: Harness,
) -> None:
    async with harmont_simulator.fold() as fold:
        first = await fold.balances()
        harmont_simulator.inject(status(503), times=1, at="/balance/quarry-9")
        again = await fold.balances()
        harmont_simulator.inject(status(403), at="/balance/quarry-9")
        half = await fold.balances()
    assert first.complete
    assert again == first
    assert [(failure.account, failure.status) for failure in half.failures] == [("ci-legacy", 403)]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the example where nobody finds it who is not told of the place."""
    place = tmp_path_factory.mktemp("outside") / "installed"
    pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
    ]
    subprocess.run([*pip, "--target", str(place), str(EXAMPLE)], check=True, capture_output=True)
    return place


def outside(place: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run Python where it finds what is installed at a place."""
    paths = [str(place), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTEST_ADDOPTS": ""}
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=EXAMPLE,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_package_from_outside_is_proved_by_one_line(installed: Path) -> None:
    ran = outside(installed, "pytest", "-q", *PLAIN, "-k", "exact or throttled")
    assert ran.returncode == 0, ran.stdout
    assert " passed" in ran.stdout
    assert "failed" not in ran.stdout


def test_its_bug_fails_its_tests_with_the_law_in_the_summary(
    installed: Path, tmp_path: Path
) -> None:
    copied = shutil.copytree(installed, tmp_path / "installed")
    parse = copied / "billfold_acme" / "parse.py"
    right = parse.read_text("utf-8")
    assert "id=line.id" in right
    parse.write_text(right.replace("id=line.id", "id=line.product"), "utf-8")
    ran = outside(copied, "pytest", "-q", *PLAIN, "-k", "stable")
    assert ran.returncode == 1
    assert "law 3, ids are stable: usage: two records share the id" in ran.stdout


def test_a_run_that_asks_for_no_simulator_imports_nothing_of_billfold(tmp_path: Path) -> None:
    (tmp_path / "test_other.py").write_text(
        "import sys\n"
        "def test_other():\n"
        "    heavy = {'billfold.facade.billfold', 'billfold.simulators.faults', 'aiohttp'}\n"
        "    assert not heavy & set(sys.modules)\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:asyncio", str(tmp_path)]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout


def test_without_the_packages_of_the_store_the_laws_of_history_are_skipped_and_say_what_to_install(
    tmp_path: Path,
) -> None:
    (tmp_path / "test_acme.py").write_text(
        "import sys\n"
        "import billfold.testing\n"
        "sys.modules['deltalake'] = None\n"
        "test_conformance = billfold.testing.conformance('harmont')\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-rs", *PLAIN, "-k", "history", str(tmp_path)]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout
    assert "6 skipped" in ran.stdout
    assert "needs packages: run pip install" in ran.stdout
