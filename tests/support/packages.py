"""Packages that somebody installed: a module, and what it registers."""

import os
import subprocess
import sys
from pathlib import Path

from support.commands import Ended

PROGRAM = [sys.executable, "-c", "from billfold.cli import main; main()"]


def install(
    folder: Path, name: str, code: str, value: str, *, provider: str, group: str = "adapters"
) -> None:
    """Install version 1.0 of a package with one module, which registers ``value``."""
    (folder / f"{value.partition(':')[0]}.py").write_text(code)
    about = folder / f"{name.replace('-', '_')}-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(f"[billfold.{group}]\n{provider} = {value}\n")


def run_with(packages: Path, *arguments: object, **environment: str) -> Ended:
    """Run a command as a program that finds the packages, in their folder."""
    kept = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    done = subprocess.run(
        [*PROGRAM, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=packages,
        env={**kept, "PYTHONPATH": str(packages), "XDG_CONFIG_HOME": str(packages), **environment},
    )
    return Ended(done.returncode, done.stdout, done.stderr)
