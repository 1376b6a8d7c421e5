"""Charts are drawn by another process: whatever ends it is an error with a sentence."""

from pathlib import Path

import pytest

from billfold import ConfigError
from billfold.report.charts import Style, day_chart
from billfold.report.cost_groups import ChartBar
from billfold.report.drawing import draw

CHART = day_chart([ChartBar("2026-10-01", "a", "1.5")], Style(["a"], "EUR"))


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the process that draws find another vl-convert, to be written by the test."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return tmp_path / "vl_convert.py"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import os; os.abort()", "ended with SIGABRT"),
        ("import os; os.kill(os.getpid(), 9)", "ended with SIGKILL"),
        ("raise ImportError", "ended with exit code 1"),
        ("import os; os._exit(0)", "did not answer"),
        ("import time; time.sleep(60)", "took longer than 3 seconds"),
    ],
)
def test_a_process_that_dies_is_an_error(engine: Path, code: str, reason: str) -> None:
    engine.write_text(code)
    with pytest.raises(ConfigError, match=rf"^no page: .*vl-convert\) {reason}; costs, balances"):
        draw([CHART], seconds=3)


def test_nothing_is_imported_from_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "vl_convert.py").write_text("raise SystemExit(7)")
    monkeypatch.chdir(tmp_path)
    (drawn,) = draw([CHART])
    assert drawn.startswith("<svg")


def test_nothing_is_started_without_a_chart(engine: Path) -> None:
    engine.write_text("import os; os.abort()")
    assert draw([]) == []


def test_the_process_that_draws_is_told_no_token(
    engine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARMONT_TOKEN", "hm_live_7c1e")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another secret")
    engine.write_text(
        "import os\ndef vegalite_to_svg(*_, **__): return ' '.join(sorted(os.environ))\n"
    )
    (names,) = draw([CHART])
    assert {"PATH", "PYTHONPATH"} <= set(names.split())
    assert {"HARMONT_TOKEN", "AWS_SECRET_ACCESS_KEY"}.isdisjoint(names.split())
