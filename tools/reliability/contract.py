"""Run the command line against Prism, which knows only the OpenAPI slices: ``make contract``.

First against the slices' own examples, whose states and totals are known. Then against bodies that
Prism makes up from the schemas, of which nothing is known but that every answer must be honest.
Needs Node (``npx``) and, once, the network. Exit 1 over a wrong answer, 2 where there is no Prism.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter

from attrs import frozen
from checking import Command, Result, mistakes
from examples import EXAMPLES, MISTAKE
from prism import TOKENS, prepare, serving

# The examples are of a November that runs: the program goes by a clock that says so.
PROGRAM = """
import sys
from datetime import UTC, datetime
from billfold.cli import run_command
sys.exit(run_command(sys.argv[1:], lambda: datetime(2026, 11, 28, 12, tzinfo=UTC)))
"""
STREAMS = (
    *("check", "balances", "usage", "daily", "ledger"),
    *("invoices", "subscriptions", "payment-methods"),
)
ASKING = 60  # seconds until a command counts as one that does not end
ROUNDS, HURRY = 2, 2  # lists made up at random never end: a deadline, in seconds, does it


@frozen
class Answers:
    """What came of all commands; ``states`` counts those that accounts came to."""

    commands: int
    states: Counter[str]
    mistakes: list[str]


def main() -> int:
    """Return the exit code."""
    version, answers = prepare(), ask()
    states = ", ".join(f"{count} {state}" for state, count in answers.states.most_common())
    print(
        f"Prism {version}: {answers.commands} commands asked, {len(EXAMPLES)} of them with known "
        f"answers; accounts came to {states}"
    )
    print("\n".join(answers.mistakes) or "nothing is wrong")
    return 1 if answers.mistakes else 0


def ask() -> Answers:
    """Run every command, and return what is wrong with the answers."""
    # Servers are ended on the way out.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    random = [Command((stream,), deadline=HURRY) for stream in STREAMS] * ROUNDS
    wrong: list[str] = []
    states: Counter[str] = Counter()
    with serving(dynamic=False) as environment:
        for command in EXAMPLES:
            wrong += mistakes(command, _run(command, environment), TOKENS.values(), states)
        if not mistakes(MISTAKE, _run(MISTAKE, environment), TOKENS.values(), Counter()):
            wrong.append("a wrong sum is not noticed")
    with serving(dynamic=True) as environment:
        for command in random:
            wrong += mistakes(command, _run(command, environment), TOKENS.values(), states)
    return Answers(len(EXAMPLES) + len(random), states, wrong)


def _run(command: Command, environment: dict[str, str]) -> Result | None:
    """Run a command; None where it does not end."""
    try:
        ended = subprocess.run(
            [sys.executable, "-c", PROGRAM, *command.arguments],
            capture_output=True,
            text=True,
            timeout=ASKING,
            env=environment,
            cwd=environment["HOME"],
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    return Result(ended.returncode, ended.stdout, ended.stderr)


if __name__ == "__main__":
    raise SystemExit(main())
