"""What commands print, as tables, JSON and CSV, holds no secret.

Neither when all is well nor when nothing is.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from billfold.simulators.faults import Effect, Fault, echoed, html, redirect, tampered
from billfold.simulators.sandbox import Served
from support.canaries import IBAN, PERSONAL, everything_logged, found, repeating, telling
from support.counting import count

ASKED = [
    "balances",
    "usage",
    "daily",
    "ledger",
    "invoices",
    "subscriptions",
    "payment-methods",
    "check",
]
FAULTS: dict[str, Effect | None] = {
    "nothing": None,
    "token-in-error": telling(403),
    "iban-in-error": telling(422, *PERSONAL),
    "echo": echoed(401),
    "redirect": redirect("http://127.0.0.1:9/"),
    "html": html(200),
    "sums": tampered("$.total_cents"),
    "token-in-records": repeating,
}


@pytest.mark.parametrize("name", FAULTS)
def test_no_secret_is_printed(
    sandbox: tuple[Served, ...], config: Path, billfold: Callable[..., Any], name: str
) -> None:
    for one in sandbox:
        one.simulation.faults[:] = [] if (reply := FAULTS[name]) is None else [Fault(reply)]
    tokens = [sample.token for one in sandbox for sample in one.simulation.samples]
    count("canaries planted", len(tokens))
    printed: list[str] = []
    for command in ASKED:
        for form in ("table", "json", *(["csv"] if command != "check" else [])):
            with everything_logged() as lines:
                ended = billfold("--config", config, "--deadline", "5", command, "--format", form)
            assert ended.code in (0, 3, 4)
            printed += [ended.out, ended.err, *lines]
    ended = billfold("--config", config, "accounts")
    printed += [ended.out, ended.err]
    assert found([*tokens, *PERSONAL, IBAN], printed) == []


@pytest.mark.parametrize("name", ["nothing", "token-in-error", "token-in-records"])
def test_no_secret_is_written_to_files(
    sandbox: tuple[Served, ...],
    config: Path,
    billfold: Callable[..., Any],
    tmp_path: Path,
    name: str,
) -> None:
    for one in sandbox:
        one.simulation.faults[:] = [] if (reply := FAULTS[name]) is None else [Fault(reply)]
    tokens = [sample.token for one in sandbox for sample in one.simulation.samples]
    count("canaries planted", len(tokens))
    before = set(tmp_path.rglob("*"))
    billfold(
        "--config",
        config,
        "export",
        "focus",
        "--period",
        "2026-10",
        "--allow-partial",
        "--out",
        tmp_path / "out",
    )
    billfold("--config", config, "invoice", "cloud", "79197348", "--pdf", tmp_path / "bill.pdf")
    written = [file for file in tmp_path.rglob("*") if file not in before and file.is_file()]
    assert (tmp_path / "bill.pdf" in written) == (name != "token-in-error")
    assert found([*tokens, IBAN], [file.read_bytes().decode("latin-1") for file in written]) == []
