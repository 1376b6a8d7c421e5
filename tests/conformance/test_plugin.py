"""The pytest plugin serves simulators, and a package from outside is proved by one line."""

import os
import subprocess
import sys
from pathlib import Path

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


def outside(
    tmp_path: Path, *command: str, bug: tuple[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Install the example where only this process finds it, and run Python there.

    Of the two texts of ``bug``, the second is written for the first.
    """
    place = tmp_path / "installed"
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
    if bug is not None:
        parse = place / "billfold_acme" / "parse.py"
        assert bug[0] in parse.read_text("utf-8")
        parse.write_text(parse.read_text("utf-8").replace(*bug), "utf-8")
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


def test_a_package_from_outside_is_proved_by_one_line(tmp_path: Path) -> None:
    ran = outside(tmp_path, "pytest", "-q", *PLAIN, "-k", "exact or split or covered or throttled")
    assert ran.returncode == 0, ran.stdout
    assert " passed" in ran.stdout
    assert "failed" not in ran.stdout


def test_its_bug_fails_its_tests_with_the_law_in_the_summary(tmp_path: Path) -> None:
    bug = ("id=line.id", "id=line.product")
    ran = outside(tmp_path, "pytest", "-q", *PLAIN, "-k", "stable", bug=bug)
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
