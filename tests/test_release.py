"""What is released can be built again to the byte, and what builds and tests it is pinned."""

import os
import re
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path

import pytest
import yaml

CHECKOUT = Path(__file__).parent.parent
WORKFLOWS = sorted((CHECKOUT / ".github" / "workflows").glob("*.yml"))
LOCKED = sorted((CHECKOUT / ".ci").glob("*.txt"))
USED = re.compile(r"^[ -]*uses: *(.*)$", re.MULTILINE)
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")


def build(source: Path, out: Path, **variables: str) -> dict[str, bytes]:
    """Build the sdist, and the wheel from it, with what is installed; return both."""
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", out, source],
        check=True,
        capture_output=True,
        env={**os.environ, "SOURCE_DATE_EPOCH": "1700000000", **variables},
        umask=int(variables.get("UMASK", "022"), 8),
    )
    return {path.name: path.read_bytes() for path in out.iterdir()}


def test_whoever_builds_it_again_gets_the_same_bytes(tmp_path: Path) -> None:
    first = build(CHECKOUT, tmp_path / "first")
    (sdist,) = (tmp_path / "first").glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    (elsewhere,) = (tmp_path / "unpacked").iterdir()
    for path in elsewhere.rglob("*"):
        os.utime(path, (1, 1))
    again = build(elsewhere, tmp_path / "again", UMASK="077", TZ="Pacific/Auckland", LC_ALL="C")
    assert sorted(first) == sorted(again)
    assert [name for name in first if first[name] != again[name]] == []
    assert len(first) == 2


def test_every_action_is_pinned_by_the_hash_of_its_commit() -> None:
    used = [
        (path.name, name) for path in WORKFLOWS for name in USED.findall(path.read_text("utf-8"))
    ]
    assert len(used) > 5
    assert [each for each in used if not PINNED.fullmatch(each[1])] == []


def test_no_workflow_may_more_than_it_says() -> None:
    for path in WORKFLOWS:
        workflow = yaml.safe_load(path.read_text("utf-8"))
        assert workflow["permissions"] in ({}, {"contents": "read"}), path.name
        for job in workflow["jobs"].values():
            assert "pip install" not in str(job), "CI installs by make locked alone"


def test_nothing_is_published_before_the_name_is_ours() -> None:
    release = yaml.safe_load((CHECKOUT / ".github/workflows/release.yml").read_text("utf-8"))
    publishing = [
        name for name, job in release["jobs"].items() if "gh-action-pypi-publish" in str(job)
    ]
    assert publishing == ["publish"]
    job = release["jobs"]["publish"]
    assert job["if"] == "vars.INDEX_NAME_IS_OURS == 'true'"
    assert job["permissions"] == {"id-token": "write"}
    assert "secrets." not in str(release)


@pytest.mark.parametrize("path", LOCKED, ids=lambda path: path.name)
def test_ci_installs_versions_whose_files_have_known_hashes(path: Path) -> None:
    text = path.read_text("utf-8")
    entries = [
        entry
        for entry in text.replace("\\\n", " ").splitlines()
        if entry and not entry.startswith("#")
    ]
    pinned = re.compile(
        r"[a-z0-9-]+(\[[a-z,-]+\])?==[\w.]+( ; [^#]+?)?( +--hash=sha256:[0-9a-f]{64})+"
    )
    assert [entry for entry in entries if not pinned.fullmatch(entry.strip())] == []
    assert "://" not in text
    assert entries


def test_what_is_declared_is_among_them() -> None:
    """Run ``make requirements`` where this fails."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = {
        re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", requirement)[0]).lower()
        for requirements in (project["dependencies"], *project["optional-dependencies"].values())
        for requirement in requirements
    }
    text = (CHECKOUT / ".ci/requirements.txt").read_text("utf-8")
    locked = set(re.findall(r"^([a-z0-9-]+)(?:\[.*?\])?==", text, re.M))
    assert declared - {"billfold"} - locked == set()
