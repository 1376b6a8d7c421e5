"""What is wrong with how a command ended, by what it printed alone."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from attrs import frozen

# The tree in billfold.errors, but for its inner nodes: an error that is only one of those says not what to do.
NAMED = (
    *(
        "ConfigError",
        "CredentialsError",
        "DeadlineError",
        "DriftError",
        "ForbiddenError",
        "NotFoundError",
    ),
    *("RateLimitedError", "RequestError", "TransientError", "UnreachableError"),
)


@frozen
class Asked:
    """A command, and what it has to answer where that is known: a state per provider, and ``totals`` as in the JSON."""

    command: tuple[str, ...]
    provider: str | None = None
    states: dict[str, str] | None = None
    totals: dict[str, Any] | None = None
    deadline: int = 30

    @property
    def arguments(self) -> list[str]:
        """Write the command line."""
        chosen = [] if self.provider is None else ["--provider", self.provider]
        return [*chosen, "--deadline", str(self.deadline), *self.command, "--format", "json"]


@frozen
class Ended:
    """How it ended."""

    code: int
    out: str
    err: str


def wrong(
    asked: Asked, ended: Ended | None, tokens: Collection[str], states: Counter[str]
) -> list[str]:
    """List what is wrong, and count the states that accounts came to."""
    what = " ".join(asked.arguments)
    if ended is None:
        return [f"{what}: does not end, in spite of its deadline"]
    found = ["a token is shown" for token in tokens if token in ended.out + ended.err]
    if ended.code not in (0, 3, 4) or "Traceback" in ended.err:
        return [f"{what}: {about}" for about in [*found, f"exit code {ended.code}\n{ended.err}"]]
    try:
        answer = json.loads(ended.out)
    except ValueError:
        return [f"{what}: {about}" for about in [*found, "what it prints is no JSON"]]
    rows = [row for row in answer["coverage"] if row["state"] != "unsupported"]
    states.update(row["state"] for row in rows)
    found += _dishonest(answer, rows, ended.code)
    told = {row["provider"]: row["state"] for row in rows}
    if asked.states is not None and told != asked.states:
        found.append(f"{told}, not {asked.states}: {answer['failures']}")
    if asked.totals is not None and _sums(answer["totals"]) != _sums(asked.totals):
        found.append(f"adds up to {answer['totals']}, not {asked.totals}")
    return [f"{what}: {about}" for about in found]


def _sums(totals: Any) -> Any:
    """Compare as numbers: a sum has as many digits as the longest of its addends."""
    return (
        {key: _sums(one) for key, one in totals.items()}
        if isinstance(totals, dict)
        else Decimal(totals)
    )


def _dishonest(answer: dict[str, Any], rows: list[dict[str, Any]], code: int) -> list[str]:
    """Compare the exit code, the coverage and the failures with one another."""
    states = {row["state"] for row in rows}
    answered = bool(states & {"complete", "partial", "different_window"})
    right = 0 if states == {"complete"} else 3 if answered else 4
    found = [] if code == right else [f"exit code {code}, not {right}, for {sorted(states)}"]
    found += (
        []
        if answer["complete"] == (right == 0)
        else [f"complete is {answer['complete']} for {sorted(states)}"]
    )
    failed = {failure["account"] for failure in answer["failures"]}
    for row in rows:
        if row["state"] in ("failed", "timed_out") and row["account"] not in failed:
            found.append(f"{row['account']} is {row['state']} without an error")
    for failure in answer["failures"]:
        if failure["error"] not in NAMED or not failure["message"] or not failure["account"]:
            found.append(f"an error without a name: {failure}")
    return found
