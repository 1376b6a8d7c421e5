"""What examples/deploy shows is accepted by those who would run it."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from billfold.cli import run_command

FOLDER = Path(__file__).parent.parent / "examples" / "deploy"
MANIFESTS = [
    pytest.param(document, id=document["metadata"].get("name", path.stem))
    for path in sorted(FOLDER.glob("*.yaml"))
    for document in yaml.safe_load_all(path.read_text("utf-8"))
]


@pytest.mark.parametrize("manifest", MANIFESTS)
def test_kubernetes_knows_every_field(manifest: dict[str, Any]) -> None:
    kubernetes_validate.validate(manifest, "1.31", strict=True)


@pytest.mark.parametrize("manifest", MANIFESTS)
def test_no_pod_has_root_or_a_file_system_to_write(manifest: dict[str, Any]) -> None:
    spec = manifest["spec"]
    pod = spec.get("jobTemplate", {"spec": spec})["spec"]["template"]["spec"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    (container,) = pod["containers"]
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert container["securityContext"]["allowPrivilegeEscalation"] is False


@pytest.mark.parametrize("manifest", MANIFESTS)
def test_billfold_knows_what_a_pod_asks_it(
    manifest: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    spec = manifest["spec"]
    pod = spec.get("jobTemplate", {"spec": spec})["spec"]["template"]["spec"]
    assert run_command([*pod["containers"][0]["args"], "--help"]) == 0
    assert "--shard" in capsys.readouterr().out


def test_the_dockerfile_is_accepted_by_hadolint() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    done = subprocess.run(
        [hadolint, FOLDER / "Dockerfile"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("name", ["billfold-sync.service", "billfold-sync.timer"])
def test_systemd_accepts_its_units(name: str, tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    assert analyze, "these tests need systemd-analyze (apt-get install systemd)"
    for unit in FOLDER.glob("billfold-sync.*"):
        text = unit.read_text("utf-8")
        # The program has to be there, and is not in /opt on this machine.
        program = f"{Path(sys.executable).with_name('billfold')}"
        (tmp_path / unit.name).write_text(text.replace("/opt/billfold/bin/billfold", program))
    done = subprocess.run(
        [analyze, "verify", "--man=no", tmp_path / name],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("moment", "expected"),
    [("2026-02-10", "2026-02-28 23:58:00"), ("2026-10-05", "2026-10-31 23:58:00")],
)
def test_the_timer_wakes_at_the_end_of_each_month(moment: str, expected: str) -> None:
    line = next(
        line
        for line in (FOLDER / "billfold-sync.timer").read_text("utf-8").splitlines()
        if "23:58" in line
    )
    calendar = line.removeprefix("OnCalendar=")
    done = subprocess.run(
        ["systemd-analyze", "calendar", f"--base-time={moment} 00:00:00 UTC", calendar],
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"{expected} UTC" in done.stdout
