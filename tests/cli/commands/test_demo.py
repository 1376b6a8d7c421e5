"""``billfold demo`` runs the commands that it names."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import deltalake
import pytest

from support.commands import Ended, commands
from support.world import NOW


@pytest.fixture
def demo(capsys: pytest.CaptureFixture[str], empty: None, monkeypatch: pytest.MonkeyPatch):
    """Run the demonstration at NOW; its lines are wide."""
    monkeypatch.setenv("COLUMNS", "200")
    return commands(capsys, clock=lambda: NOW)


def sections(ended: Ended) -> dict[str, list[str]]:
    """Return what stands below each command."""
    _, *parts = ended.out.split("\n$ billfold ")
    return {part.split("\n")[0]: part.split("\n")[1:] for part in parts}


def test_the_demo_ends_with_last_month_over_all_clouds_in_one_currency(
    demo, tmp_path: Path, world: Path
) -> None:
    done = demo("demo", "--report", "page.html")
    assert (done.code, done.err) == (0, "")
    assert len(done.out.splitlines()) < 80
    shown = sections(done)
    assert [command.split()[0] for command in shown] == [
        *("balances", "reconcile", "explain", "report", "costs")
    ]
    alone = demo("--config", world, "balances").out.splitlines()
    assert shown["balances"][: len(alone)] == alone

    (costs,) = [lines for command, lines in shown.items() if command.startswith("costs")]
    assert costs[0] == "Costs  2026-10  usage charges, by provider, in EUR"
    rows = {line.split()[0]: line.split()[1:] for line in costs if line}
    # What test_costs computes of October by hand: 142.82 and 44.80 USD, at 1.16 for a euro.
    assert rows["harmont"][1:] == ["187.62", "USD", "161.74"]
    # 354.43 of account cloud, and 12.25 of cloud-dev.
    assert rows["bnerd"][1:] == ["366.68", "EUR", "366.68"]
    assert rows["aether"][-1] == "684.24"
    assert rows["latitude"][-1] == "estimated"
    assert "*" not in rows["Total"]
    (forgotten,) = [line for line in costs if line.strip().startswith("k8s, k8s-sandbox")]
    assert "from the store, read at 2026-10-31T23:58:00Z" in forgotten

    (explained,) = [lines for command, lines in shown.items() if command.startswith("explain")]
    assert explained[0] == "12.25 EUR = all usage charges (2 charges, rounded)"
    written = (tmp_path / "page.html").read_text("utf-8")
    assert 'value="2499.60983' in written
    assert rows["Total"][-1] == "2499.61"
    # Its own month is the page's among the months of the store, too.
    months = written.split('id="months"')[1].split("</table>")[0]
    assert 'value="2499.60983' in months


def test_the_demo_can_be_narrowed(demo) -> None:
    done = demo("--provider", "harmont", "demo")
    assert done.code == 0
    assert "latitude" not in done.out
    assert "complete - 2 of 8 accounts; left out: " in done.out
    assert demo("--account", "nope", "demo").code == 2


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 11, 30, 23, 59, 57, tzinfo=UTC),
        datetime(2026, 12, 1, tzinfo=UTC),
        datetime(2026, 12, 1, 0, 0, 20, tzinfo=UTC),
    ],
)
def test_the_demo_works_at_the_turn_of_a_month(
    empty: None, capsys: pytest.CaptureFixture[str], moment: datetime
) -> None:
    done = commands(capsys, clock=lambda: moment)("--account", "metal", "demo")
    assert (done.code, done.err) == (0, "")


def test_a_last_month_that_cannot_be_said_ends_the_demo_with_its_code(
    demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    execute, queries = deltalake.QueryBuilder.execute, list[str]()
    last: int | None = None

    def cannot_read_at_last(engine: deltalake.QueryBuilder, sql: str) -> object:
        reads_records = sql.startswith("WITH known")
        # How often it is asked how readings went depends on which stream is read first.
        queries.extend([sql] if reads_records else [])
        if reads_records and len(queries) == last:
            raise deltalake.exceptions.DeltaError("no such field")
        return execute(engine, sql)

    monkeypatch.setattr(deltalake.QueryBuilder, "execute", cannot_read_at_last)
    assert demo("--account", "k8s", "demo").code == 0
    last = len(queries)  # which the costs ask for
    queries.clear()
    done = demo("--account", "k8s", "demo")
    assert done.code == 4  # nothing was answered
    assert "no such field" in done.err


def test_without_the_extra_the_demo_says_what_its_end_needs(
    demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "deltalake", None)
    done = demo("--provider", "harmont", "demo")
    assert done.code == 0
    assert "needs the store: pip install" in done.out


def test_a_report_that_cannot_be_written_ends_the_demo(demo) -> None:
    done = demo("--provider", "harmont", "demo", "--report", "no/such/folder/page.html")
    assert done.code == 2
    assert "no/such/folder" in done.err
