"""A test of the tests: what checks Prism's answers, and the page of figures, can fail."""

import importlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
TOKEN = "token-that-must-not-be-seen"
ROW = {"account": "harmont", "provider": "harmont", "state": "complete"}
RIGHT: dict[str, Any] = {
    "complete": True,
    "totals": {"USD": "-11.870"},
    "coverage": [ROW],
    "failures": [],
}
DOWN = {**RIGHT, "complete": False, "totals": {}, "coverage": [{**ROW, "state": "failed"}]}


@pytest.fixture
def reliability(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(ROOT / "tools" / "reliability")
    return importlib.import_module


@pytest.mark.parametrize(
    ("answer", "code", "err", "message"),
    [
        (RIGHT, 0, "", None),
        (RIGHT, 3, "", "exit code 3, not 0"),
        (RIGHT, 1, "a bug", "exit code 1"),
        (RIGHT, 0, "Traceback (most recent call last)", "Traceback"),
        (RIGHT, 0, f"sent {TOKEN}", "a token is shown"),
        ({**RIGHT, "totals": {"USD": "-11.86"}}, 0, "", "adds up to"),
        ({**RIGHT, "totals": {}}, 0, "", "adds up to"),
        ({**RIGHT, "complete": False}, 0, "", "complete is False"),
        ({**RIGHT, "coverage": [{**ROW, "provider": "aether"}]}, 0, "", "'aether': 'complete'"),
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
    reliability: Any, answer: Any, code: int, err: str, message: str | None
) -> None:
    checking = reliability("checking")
    command = checking.Command(("balances",), "harmont", {"harmont": "complete"}, {"USD": "-11.87"})
    result = checking.Result(code, json.dumps(answer), err)
    mistakes = checking.mistakes(command, result, [TOKEN], Counter())
    assert any(message in mistake for mistake in mistakes) if message else mistakes == []


@pytest.mark.parametrize("printed", [None, "no JSON"])
def test_a_command_that_does_not_end_or_prints_no_json_is_noticed(
    reliability: Any, printed: str | None
) -> None:
    checking = reliability("checking")
    result = None if printed is None else checking.Result(0, printed, "")
    assert checking.mistakes(checking.Command(("usage",)), result, [TOKEN], Counter()) != []


def test_every_attack_is_a_file_of_tests_and_is_counted_by_what_it_attacks(
    reliability: Any,
) -> None:
    figures = reliability("figures")
    for name, paths in figures.ATTACKS.items():
        for path in paths:
            assert (figures.TESTS / path).exists(), path
            assert figures.attacked(figures.TESTS / path) == [name]
    assert figures.attacked(figures.TESTS / "secrets" / "test_origin.py") == ["attacks on secrets"]
    assert figures.attacked(figures.TESTS / "test_money.py") == []


def test_the_page_says_no_more_than_was_counted_and_leaves_nothing_out(reliability: Any) -> None:
    figures = reliability("figures")
    stated = figures.stated(figures.PAGE.read_text("utf-8"))
    assert len(stated) > 10
    assert figures.mistakes(stated) == []
    name, least = next(iter(stated.items()))
    assert figures.mistakes({**stated, name: least - 1}) == [
        f"{name}: reliability.md says {least:,}, counted were {least - 1:,}"
    ]
    assert figures.mistakes({**stated, "new": 1}) == ["new: counted, and not in reliability.md"]
    assert figures.mistakes({**stated, name: 0})[1:] == [f"{name}: nothing was tried"]
