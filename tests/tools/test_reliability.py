"""A test of the tests: what Prism's answers are judged by, and what the page of figures is, can fail."""

import importlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
TOKEN = "token-that-must-not-be-seen"
ROW = {"account": "harmont", "provider": "harmont", "state": "complete"}
WELL: dict[str, Any] = {
    "complete": True,
    "totals": {"USD": "-11.870"},
    "coverage": [ROW],
    "failures": [],
}
DOWN = {**WELL, "complete": False, "totals": {}, "coverage": [{**ROW, "state": "failed"}]}


@pytest.fixture
def reliability(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(ROOT / "tools" / "reliability")
    return importlib.import_module


@pytest.mark.parametrize(
    ("answer", "code", "err", "says"),
    [
        (WELL, 0, "", None),
        (WELL, 3, "", "exit code 3, not 0"),
        (WELL, 1, "a bug", "exit code 1"),
        (WELL, 0, "Traceback (most recent call last)", "Traceback"),
        (WELL, 0, f"sent {TOKEN}", "a token is shown"),
        ({**WELL, "totals": {"USD": "-11.86"}}, 0, "", "adds up to"),
        ({**WELL, "totals": {}}, 0, "", "adds up to"),
        ({**WELL, "complete": False}, 0, "", "complete is False"),
        ({**WELL, "coverage": [{**ROW, "provider": "aether"}]}, 0, "", "'aether': 'complete'"),
        (DOWN, 4, "", "failed without an error"),
        (
            {**DOWN, "failures": [{"account": "harmont", "error": "KeyError", "message": "x"}]},
            4,
            "",
            "without a name",
        ),
    ],
)
def test_a_command_that_answers_wrongly_is_noticed(
    reliability: Any, answer: Any, code: int, err: str, says: str | None
) -> None:
    judged = reliability("checking")
    asked = judged.Asked(("balances",), "harmont", {"harmont": "complete"}, {"USD": "-11.87"})
    found = judged.wrong(asked, judged.Ended(code, json.dumps(answer), err), [TOKEN], Counter())
    assert any(says in one for one in found) if says else found == []


def test_a_command_that_does_not_end_or_prints_no_json_is_noticed(reliability: Any) -> None:
    judged = reliability("checking")
    assert judged.wrong(judged.Asked(("usage",)), None, [TOKEN], Counter()) != []
    assert (
        judged.wrong(judged.Asked(("usage",)), judged.Ended(0, "no JSON", ""), [TOKEN], Counter())
        != []
    )


def test_the_page_says_no_more_than_was_counted_and_leaves_nothing_out(reliability: Any) -> None:
    figures = reliability("figures")
    told = {
        row["name"]: int(row["least"].replace(",", ""))
        for row in figures.ROW.finditer(figures.PAGE.read_text("utf-8"))
    }
    assert len(told) > 10
    assert figures.untrue(told) == []
    one = next(iter(told))
    assert figures.untrue({**told, one: told[one] - 1}) == [
        f"{one}: reliability.md says {told[one]:,}, counted were {told[one] - 1:,}"
    ]
    assert figures.untrue({**told, "another": 1}) == ["another: counted, and not in reliability.md"]
    assert figures.untrue({**told, one: 0})[1:] == [f"{one}: nothing was tried"]
