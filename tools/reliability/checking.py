"""What is wrong with how a command ended, by what it printed alone."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from attrs import frozen

# The tree in billfold.errors without its inner nodes, which do not say what to do.
ERRORS = (
    *("ConfigError", "CredentialsError", "DeadlineError", "DriftError", "ForbiddenError"),
    *("NotFoundError", "RateLimitedError", "RequestError", "TransientError", "UnreachableError"),
)


@frozen
class Command:
    """A command, and what it has to answer where that is known.

    That is a state per provider, and ``totals`` as in the JSON. ``deadline`` is in seconds.
    """

    words: tuple[str, ...]
    provider: str | None = None
    states: dict[str, str] | None = None
    totals: dict[str, Any] | None = None
    deadline: int = 30

    @property
    def arguments(self) -> list[str]:
        """The command line, without the program."""
        provider = [] if self.provider is None else ["--provider", self.provider]
        return [*provider, "--deadline", str(self.deadline), *self.words, "--format", "json"]


@frozen
class Result:
    """How a command ended."""

    code: int
    out: str
    err: str


def mistakes(
    command: Command, result: Result | None, tokens: Collection[str], states: Counter[str]
) -> list[str]:
    """Return what is wrong, a sentence each, and count the accounts' states in ``states``."""
    line = " ".join(command.arguments)
    return [f"{line}: {mistake}" for mistake in _mistakes(command, result, tokens, states)]


def _mistakes(
    command: Command, result: Result | None, tokens: Collection[str], states: Counter[str]
) -> list[str]:
    if result is None:
        return ["does not end, in spite of its deadline"]
    shown = ["a token is shown" for token in tokens if token in result.out + result.err]
    if result.code not in (0, 3, 4) or "Traceback" in result.err:
        return [*shown, f"exit code {result.code}\n{result.err}"]
    try:
        answer = json.loads(result.out)
    except ValueError:
        return [*shown, "what it prints is no JSON"]
    rows = [row for row in answer["coverage"] if row["state"] != "unsupported"]
    states.update(row["state"] for row in rows)
    return [
        *shown,
        *_contradictions(answer, rows, result.code),
        *_differences(command, answer, rows),
    ]


def _differences(command: Command, answer: dict[str, Any], rows: list[dict[str, Any]]) -> list[str]:
    """Compare with what is known of the answer."""
    differences = []
    states = {row["provider"]: row["state"] for row in rows}
    if command.states is not None and states != command.states:
        differences.append(f"{states}, not {command.states}: {answer['failures']}")
    if command.totals is not None and _numbers(answer["totals"]) != _numbers(command.totals):
        differences.append(f"adds up to {answer['totals']}, not {command.totals}")
    return differences


def _numbers(totals: Any) -> Any:
    """Return totals as numbers: as text, a sum has as many digits as the longest of its addends."""
    if isinstance(totals, dict):
        return {key: _numbers(total) for key, total in totals.items()}
    return Decimal(totals)


def _contradictions(answer: dict[str, Any], rows: list[dict[str, Any]], code: int) -> list[str]:
    """Compare the exit code, the coverage and the failures with one another."""
    states = {row["state"] for row in rows}
    answered = bool(states & {"complete", "partial", "different_window"})
    expected = 0 if states == {"complete"} else 3 if answered else 4
    contradictions = []
    if code != expected:
        contradictions.append(f"exit code {code}, not {expected}, for {sorted(states)}")
    if answer["complete"] != (expected == 0):
        contradictions.append(f"complete is {answer['complete']} for {sorted(states)}")
    failed = {failure["account"] for failure in answer["failures"]}
    for row in rows:
        if row["state"] in ("failed", "timed_out") and row["account"] not in failed:
            contradictions.append(f"{row['account']} is {row['state']} without an error")
    for failure in answer["failures"]:
        if failure["error"] not in ERRORS or not failure["message"] or not failure["account"]:
            contradictions.append(f"an error without a name: {failure}")
    return contradictions
