"""Where answers come from: the providers, the store, or the store for what the providers forgot.

The kept store has read every account at 2026-10-31T23:58, and October once more at NOW. October of
account k8s is 461.93 of fees and 31 days of autoscaling; of ci 142.82 USD, as test_costs computes.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

OCTOBER = ("usage", "--period", "last-month")
FORGETFUL = ("--account", "ci", "--account", "k8s")


@pytest.fixture
def asked(ask: Callable[..., Any], kept: Path) -> Callable[..., Any]:
    """Run a command over the kept store and give what it wrote as JSON."""

    def go(*arguments: object, code: int = 0) -> Any:
        ended = ask("--store", kept, *arguments, "--format", "json")
        assert ended.code == code, ended.err
        return json.loads(ended.out)

    return go


def states(whole: Any) -> dict[str, str]:
    return {row["account"]: row["state"] for row in whole["coverage"]}


def details(whole: Any) -> dict[str, str | None]:
    return {row["account"]: row["detail"] for row in whole["coverage"]}


@pytest.mark.parametrize("command", ["payment-methods", "check"])
def test_what_no_store_keeps_is_not_said_of_the_provider(
    asked: Callable[..., Any], ask: Callable[..., Any], kept: Path, command: str
) -> None:
    whole = asked("--stored", *FORGETFUL, command, code=4)
    said = "the store does not keep this: ask with --live"
    assert details(whole) == {"ci": said, "k8s": said}
    shown = ask("--store", kept, "--stored", *FORGETFUL, command).out
    assert "the store does not keep this" in shown
    assert "not offered by the provider" not in shown


def configured(world: Path, folder: Path, store: str) -> Path:
    """Return the configuration with a table of the store's."""
    config = folder / "with-store.toml"
    config.write_text(f"{world.read_text()}\n[store]\n{store}\n")
    return config


def test_what_a_provider_forgot_comes_from_the_store_and_says_so(asked: Callable[..., Any]) -> None:
    live = asked(*FORGETFUL, *OCTOBER, "--live", code=3)
    assert states(live) == {"ci": "complete", "k8s": "unavailable"}
    assert live["totals"] == {"USD": "142.82"}
    whole = asked(*FORGETFUL, *OCTOBER, code=3)
    assert states(whole) == {"ci": "complete", "k8s": "partial"}
    assert details(whole) == {
        "ci": None,
        "k8s": "from the store, read at 2026-10-31T23:58:00Z; as read until 2026-10-31T23:58:00Z",
    }
    assert whole["totals"]["USD"] == "142.82"
    assert {usage["account"] for usage in whole["items"]} == {"ci", "k8s"}


def test_every_command_takes_what_was_forgotten_from_the_store(
    ask: Callable[..., Any], kept: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    for command in (
        ("costs", *OCTOBER[1:], "--allow-partial"),
        ("reconcile", *OCTOBER[1:]),
        ("allocate", "--check", tmp_path / "rules.toml", *OCTOBER[1:]),
        ("report", "--out", tmp_path / "page.html", "--allow-partial"),
        ("export", "focus", "--out", out, *OCTOBER[1:], "--allow-partial"),
    ):
        (tmp_path / "rules.toml").write_text(
            '[[rule]]\nmatch = { provider = "aether" }\ncost_centre = "all"\n'
        )
        for stored in ((), ("--stored",)):
            ended = ask("--account", "k8s", "--store", kept, *command, *stored)
            assert (ended.code, "as read until 2026-10-31T23:58" in ended.out + ended.err) == (
                3,
                True,
            ), (command, ended)


def test_a_refused_month_of_billing_cycles_says_what_cuts_them_to_its_days(
    ask: Callable[..., Any], kept: Path
) -> None:
    month = ("--store", kept, "--account", "metal", "costs", *OCTOBER[1:])
    refused = ask(*month)
    assert refused.code == 3
    assert "--spread cuts billing cycles to the period's days" in refused.err
    assert "billfold sync" not in refused.err
    assert "--spread" not in ask(*month, "--spread").err


def test_the_store_alone_answers_without_a_provider(
    asked: Callable[..., Any], billfold: Callable[..., Any], kept: Path
) -> None:
    whole = asked(*FORGETFUL, *OCTOBER, "--stored", code=3)
    assert states(whole) == {"ci": "complete", "k8s": "partial"}
    # Nothing is configured there: whom the store knows is asked.
    ended = billfold(
        *("--store", kept, "usage", "--period", "2026-10", "--account", "ci", "--stored"),
        *("--format", "json"),
    )
    alone = json.loads(ended.out)
    assert (ended.code, alone["totals"]) == (0, {"USD": "142.82"})
    assert sorted([*alone["asked"]["accounts"], *alone["asked"]["left_out"]]) == [
        *("ci", "ci-legacy", "cloud", "cloud-dev", "k8s", "k8s-sandbox", "metal", "metal-br")
    ]


def test_accounts_of_the_store_are_in_the_configuration_s_order(asked: Callable[..., Any]) -> None:
    stored, live = asked(*OCTOBER, "--stored", code=3), asked(*OCTOBER, "--live", code=3)
    assert stored["asked"]["accounts"] == live["asked"]["accounts"]


def test_options_of_the_program_are_taken_behind_the_command(
    ask: Callable[..., Any], kept: Path
) -> None:
    before = ask("--store", kept, "--account", "ci", "--stored", *OCTOBER, "--format", "json")
    behind = ask(*OCTOBER, "--account", "ci", "--stored", f"--store={kept}", "--format", "json")
    assert (behind.code, behind.out) == (0, before.out)


def test_as_of_answers_what_was_known_then(asked: Callable[..., Any]) -> None:
    def usage(*arguments: str, code: int = 0) -> Any:
        return asked("--account", "ci", *OCTOBER, "--stored", *arguments, code=code)

    assert usage()["totals"] == {"USD": "142.82"}
    then = usage("--as-of", "2026-11-03", code=3)
    # The leases of 31 October, 4.45 USD, were added by the reading of November.
    assert then["totals"] == {"USD": "138.37"}
    assert states(then) == {"ci": "partial"}
    assert details(then) == {
        "ci": "as read until 2026-10-31T23:58:00Z; read at 2026-10-31T23:58:00Z: not final from "
        "2026-10-29 on: a lease is stated once its job has ended"
    }
    running = usage("--as-of", "2026-10-31T23:59:00Z")
    assert running["coverage"][0]["known_until"] == "2026-10-31T23:58:00Z"
    nothing = usage("--as-of", "2026-10-30", code=4)
    assert details(nothing) == {"ci": "nothing of it was known by then"}


def test_a_tolerance_accepts_a_tail_and_still_says_so(
    billfold: Callable[..., Any], ask: Callable[..., Any], world: Path, kept: Path, tmp_path: Path
) -> None:
    for tolerance, code, state in (("1m", 3, "partial"), ("2m", 0, "complete")):
        config = configured(world, tmp_path, f'url = "{kept}"\ntolerance = "{tolerance}"')
        ended = ask("--config", config, "--account", "k8s", *OCTOBER, "--format", "json")
        (row,) = json.loads(ended.out)["coverage"]
        assert (ended.code, row["state"]) == (code, state)
        assert "as read until 2026-10-31T23:58:00Z" in row["detail"]


def test_the_store_is_the_option_s_then_the_environment_s_then_the_configuration_s(
    ask: Callable[..., Any],
    world: Path,
    kept: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    empty = tmp_path / "empty"

    def code(*arguments: object) -> int:
        ended = ask(*arguments, "--account", "ci", *OCTOBER, "--stored")
        assert ended.code == 0 or f"{empty}: nothing was read yet" in ended.err
        return int(ended.code)

    config = configured(world, tmp_path, f'url = "{kept}"')
    assert code("--config", config) == 0
    monkeypatch.setenv("BILLFOLD_STORE", str(empty))
    assert code("--config", config) == 2
    assert code("--config", config, "--store", kept) == 0
    monkeypatch.setenv("BILLFOLD_STORE", str(kept))
    assert code() == 0
    assert code("--store", empty) == 2


def test_a_first_sync_needs_nothing_configured(ask: Callable[..., Any], tmp_path: Path) -> None:
    ended = ask("-v", "--account", "ci", "sync", "--stream", "balances")
    assert ended.code == 0
    assert f"store: {tmp_path / 'billfold' / 'store'}" in ended.err
    assert ask("--account", "ci", "balances", "--stored").code == 0


def test_a_store_that_is_not_there_changes_nothing(ask: Callable[..., Any], tmp_path: Path) -> None:
    live = ask(*FORGETFUL, *OCTOBER, "--live", "--format", "json")
    assert ask(*FORGETFUL, *OCTOBER, "--format", "json").out == live.out
    assert not (tmp_path / "billfold").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--stored", "--live"), "--stored answers only from the store and --live only from the"),
        (("--as-of", "2026-11-03"), "--as-of needs --stored: only the store knows"),
        (
            ("--stored", "--as-of", "soon"),
            "'soon' is no moment; write 2026-11-03 or 2026-11-03T12:00:00Z",
        ),
        (
            ("--stored", "--as-of", "2026-11-03T12:00:00"),
            "2026-11-03T12:00:00 has no time zone",
        ),
        (("--stored", "--account", "nobody"), "nobody"),
    ],
)
def test_options_that_exclude_each_other_are_wrong_use(
    ask: Callable[..., Any], kept: Path, arguments: tuple[str, ...], said: str
) -> None:
    ended = ask("--store", kept, *OCTOBER, *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert said in " ".join(ended.err.replace("│", " ").split())


def test_a_url_that_no_store_can_have_is_told_the_ones_that_it_can(
    ask: Callable[..., Any],
) -> None:
    ended = ask("--store", "ftp://me:hidden@bills/store", *FORGETFUL, *OCTOBER)
    assert (ended.code, ended.out) == (2, "")
    said = " ".join(ended.err.split())
    assert said.endswith("no store is at ftp://: it is a folder, or s3://, gs:// or az://")


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('uri = "x"', "did you mean 'url'"),
        ("url = 3", "url is a folder or a URL"),
        ('tolerance = "1 hour"', "tolerance: '1 hour' is no length of time"),
    ],
)
def test_mistakes_in_the_store_s_table_are_named(
    ask: Callable[..., Any], world: Path, tmp_path: Path, table: str, said: str
) -> None:
    ended = ask("--config", configured(world, tmp_path, table), *OCTOBER)
    assert ended.code == 2
    assert said in " ".join(ended.err.split())
