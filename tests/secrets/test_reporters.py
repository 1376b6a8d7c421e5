"""What a reporter of errors sends away shows no reply, no request and no token.

Sentry's own package with its defaults: a whole chain of causes, and every frame's variables.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from support.counting import count
from support.reported import KINDS

TESTS = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def reports() -> dict[str, Any]:
    """Fail in every way in a process of its own: the package changes Python's libraries."""
    program = [sys.executable, "-m", "support.reported"]
    environment = {**os.environ, "PYTHONPATH": str(TESTS)}
    ended = subprocess.run(program, env=environment, capture_output=True, check=False, timeout=300)
    assert ended.returncode == 0, ended.stderr.decode()[-3000:]
    results: dict[str, Any] = json.loads(ended.stdout)
    return results


def test_the_reporter_shows_local_variables(reports: dict[str, Any]) -> None:
    """Else it could not show a token."""
    assert "reply-canary" in reports["control"]["found"][0]


@pytest.mark.parametrize("kind", KINDS)
def test_no_event_shows_a_reply_or_a_token(reports: dict[str, Any], kind: str) -> None:
    count("events of a reporter searched", reports[kind]["events"])
    assert reports[kind]["events"] > 0
    assert reports[kind]["found"] == []
