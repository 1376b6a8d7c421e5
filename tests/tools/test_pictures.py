"""The README's picture of a terminal shows what billfold shows."""

import subprocess
import sys
from pathlib import Path

PROGRAM = Path(__file__).parent.parent.parent / "tools" / "docs" / "pictures.py"


def test_the_terminal_in_the_readme_is_what_a_terminal_shows() -> None:
    done = subprocess.run(
        [sys.executable, PROGRAM, "--check"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
