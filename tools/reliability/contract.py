"""Run the command line against Prism, an independent mock server made from nothing but the OpenAPI slices: ``make contract``.

First against the slices' own examples, whose states and totals are known; then against bodies that Prism makes up from the
schemas, of which nothing is known but that every answer must be honest. Needs Node (``npx``) and, once, the network.

Exit 1 over a wrong answer, 2 where there is no Prism to ask.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NoReturn

from attrs import frozen
from checking import Asked, Ended, wrong

PRISM = "@stoplight/prism-cli@5.14.2"
OLDEST_NODE = 20
SLICES = Path(__file__).parents[2] / "tests" / "contracts"
PROGRAM = [sys.executable, "-c", "from billfold.cli import main; main()"]
INSTALLING, STARTING, ASKING, ENDING = 300, 90, 60, 10  # seconds
ROUNDS, HURRY = 2, 2  # lists made up at random never end: a deadline, in seconds, does it

PREFIXES = {"harmont": "HARMONT", "latitude": "LATITUDESH", "aether": "AETHER", "bnerd": "BNERD"}
TOKENS = {name: f"{name}_token_that_must_not_be_seen_0123456789" for name in PREFIXES}
SETTINGS = {
    "HARMONT_ORG": "tidewater-labs",
    "AETHER_ORG_ID": "7c1e55a9-04d3-4b8f-9a62-e3b70f18d4c6",
    "BNERD_ORG_ID": "83e0d7b1-5f42-4c96-9a18-7bd3f60c25e4",
}
STREAMS = (
    "check",
    "balances",
    "usage",
    "daily",
    "ledger",
    "invoices",
    "subscriptions",
    "payment-methods",
)

# Sums are by hand from the first example of each operation, which is what Prism answers; it gives every page alike, so that
# a list which has a next page ends in *partial*, each row counted once.
DAYS = "2026-09-14..2026-09-17"
EXAMPLES = (
    Asked(("check",), states=dict.fromkeys(PREFIXES, "complete"), totals={}),
    # -1187 cents.
    Asked(("balances",), "harmont", {"harmont": "complete"}, {"USD": "-11.87"}),
    # -41875 cents, once for the team of both projects.
    Asked(("balances",), "latitude", {"latitude": "partial"}, {"USD": "-418.75"}),
    # 141 + 142 + 116 cents, as the builds, the days and the summary say.
    Asked(("usage", "--period", DAYS), "harmont", {"harmont": "complete"}, {"USD": "3.99"}),
    Asked(("daily", "--period", DAYS), "harmont", {"harmont": "complete"}, {"USD": "3.99"}),
    # Days of September, asked for August, are no answer.
    Asked(("daily", "--period", "2026-08"), "harmont", {"harmont": "failed"}, {}),
    # -78 - 38 + 0 + 17350 + 2750 + 1990 - 425 cents.
    Asked(("ledger",), "harmont", {"harmont": "partial"}, {"USD": "215.49"}),
    # 58007.25625 cents; the bill is the first project's, whichever is asked for.
    Asked(("usage",), "latitude", {"latitude": "partial"}, {"USD": "580.0725625"}),
    # The stated total, digits of a float included: 79.35 + 263.44 + 118.90 + 0.24 of subscriptions, and the days' 20.24.
    Asked(("usage",), "aether", {"aether": "complete"}, {"EUR": "482.16999999999996"}),
    # The first nine days of a month that is older by now.
    # 3.68 + 1.84 + 0.9200000000000002 + 2.7600000000000002 + 5.52 + 1.38 + 4.140000000000001.
    Asked(("daily",), "aether", {"aether": "partial"}, {"EUR": "20.2400000000000014"}),
    # 2837 + 3437.5 - 615 cents.
    Asked(("usage", "--period", "2026-10"), "bnerd", {"bnerd": "complete"}, {"EUR": "56.595"}),
    # Metering 5659 - 1204 cents and 7346 yen, which have no cents; legal 6734 + 9187 - 1433 cents. Never added together. Asked
    # for the lines of any invoice, Prism answers with October's: two lists' words stand alone.
    Asked(
        ("invoices",),
        "bnerd",
        {"bnerd": "partial"},
        {"metering": {"EUR": "44.55", "JPY": "7346"}, "legal": {"EUR": "144.88"}},
    ),
    Asked(("subscriptions",), states={"aether": "complete", "bnerd": "complete"}, totals={}),
    Asked(("payment-methods",), states={"aether": "complete", "bnerd": "complete"}, totals={}),
)
# A check that cannot fail proves nothing: this sum is wrong by a cent, and has to be noticed.
MISTAKE = Asked(("balances",), "harmont", {"harmont": "complete"}, {"USD": "-11.86"})


@frozen
class Answers:
    """What came of all commands; ``states`` counts those that accounts came to."""

    commands: int
    states: Counter[str]
    wrong: list[str]


def main() -> int:
    """Return the exit code."""
    version, answers = prepared(), asked()
    known, states = (
        len(EXAMPLES),
        ", ".join(f"{count} {state}" for state, count in answers.states.most_common()),
    )
    print(
        f"Prism {version}: {answers.commands} commands asked, {known} of them with known answers; accounts came to {states}"
    )
    print("\n".join(answers.wrong) or "nothing is wrong")
    return 1 if answers.wrong else 0


def asked() -> Answers:
    """Ask everything."""
    signal.signal(
        signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM)
    )  # servers are ended on the way out
    random = [Asked((stream,), deadline=HURRY) for stream in STREAMS] * ROUNDS
    found: list[str] = []
    states: Counter[str] = Counter()
    with serving(dynamic=False) as environment:
        for one in EXAMPLES:
            found += wrong(one, tell(one, environment), TOKENS.values(), states)
        if not wrong(MISTAKE, tell(MISTAKE, environment), TOKENS.values(), Counter()):
            found.append("a wrong sum is not noticed")
    with serving(dynamic=True) as environment:
        for one in random:
            found += wrong(one, tell(one, environment), TOKENS.values(), states)
    return Answers(len(EXAMPLES) + len(random), states, found)


def prepared() -> str:
    """Install Prism where it is not yet, and return its version."""
    remedy = f"install Node {OLDEST_NODE} or newer, which brings npx: https://nodejs.org, or apt-get install nodejs npm"
    if shutil.which("npx") is None or shutil.which("node") is None:
        gives_up(f"make contract asks Prism, which needs Node: {remedy}")
    node = subprocess.run(
        ["node", "--version"], capture_output=True, text=True, check=False
    ).stdout.strip()
    major = re.match(r"v(\d+)\.", node)
    if major is None or int(major[1]) < OLDEST_NODE:
        gives_up(f"make contract asks Prism, for which Node {node} is too old: {remedy}")
    try:
        installed = subprocess.run(
            ["npx", "-y", PRISM, "--version"],
            capture_output=True,
            text=True,
            timeout=INSTALLING,
            check=False,
        )
    except subprocess.TimeoutExpired:
        gives_up(
            f"npx does not bring {PRISM} within {INSTALLING} seconds: see whether its registry can be reached"
        )
    if installed.returncode:
        gives_up(
            f"npx cannot run {PRISM}: see whether its registry can be reached\n{installed.stderr}"
        )
    return installed.stdout.strip()


def gives_up(why: str) -> NoReturn:
    """End with exit code 2."""
    sys.stderr.write(f"{why}\n")
    raise SystemExit(2)


@contextmanager
def serving(*, dynamic: bool) -> Iterator[dict[str, str]]:
    """Start a Prism per slice, and give the environment that reaches all of them."""
    environment = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith((*PREFIXES.values(), "BILLFOLD"))
    }
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        environment |= {"HOME": folder, "XDG_CONFIG_HOME": folder, **SETTINGS}
        started = [
            stack.enter_context(prism(name, Path(folder), dynamic=dynamic)) for name in PREFIXES
        ]
        for (name, prefix), (server, port) in zip(PREFIXES.items(), started, strict=True):
            ready(name, server, port, Path(folder))
            environment[f"{prefix}_API_URL"] = f"http://127.0.0.1:{port}"
            environment["LATITUDESH_BEARER" if name == "latitude" else f"{prefix}_TOKEN"] = TOKENS[
                name
            ]
        yield environment


@contextmanager
def prism(
    name: str, folder: Path, *, dynamic: bool
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Run Prism on a free port, and end it with all that it started."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        "npx",
        "-y",
        PRISM,
        "mock",
        str(SLICES / f"{name}.openapi.yaml"),
        "-h",
        "127.0.0.1",
        "-p",
        str(port),
    ]
    with (folder / f"{name}.log").open("wb") as log:
        server = subprocess.Popen(
            command + ["-d"] * dynamic,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            yield server, port
        finally:
            for how in (signal.SIGTERM, signal.SIGKILL):
                try:
                    os.killpg(server.pid, how)
                    server.wait(ENDING)
                except ProcessLookupError:
                    break
                except subprocess.TimeoutExpired:
                    continue


def ready(name: str, server: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    """Wait until Prism answers; exit code 2 when it does not."""
    until = time.monotonic() + STARTING
    while time.monotonic() < until and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    gives_up(
        f"Prism does not serve the slice of {name}:\n{(folder / f'{name}.log').read_text('utf-8', 'replace')[-2000:]}"
    )


def tell(asked: Asked, environment: dict[str, str]) -> Ended | None:
    """Run a command; None when it does not end."""
    try:
        ran = subprocess.run(
            [*PROGRAM, *asked.arguments],
            capture_output=True,
            text=True,
            timeout=ASKING,
            env=environment,
            cwd=environment["HOME"],
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    return Ended(ran.returncode, ran.stdout, ran.stderr)


if __name__ == "__main__":
    raise SystemExit(main())
