"""Packages of strangers: two of one name are never chosen between, a broken one costs its own."""

import json
from pathlib import Path

import pytest

from support.packages import install, run_with

EVIL = "open('imported', 'w')\nclass Harmont: ..."
BROKEN = "import no_such_module"
# A whole adapter, as far as a command needs one that asks nothing.
NIMBUS = """
from billfold.adapter import Declaration
class Nimbus:
    provider = {provider!r}
    declares = Declaration("Nimbus", "https://nimbus.invalid", {token!r}, "NIMBUS_URL", None)
"""
CI = '[[accounts]]\nname = "ci"\nprovider = "harmont"\ntoken_env = "CI"\n'
METAL = '[[accounts]]\nname = "metal"\nprovider = "latitude"\ntoken_env = "METAL"\n'
SKY = '[[accounts]]\nname = "sky"\nprovider = "nimbus"\nzone = 5\n'


def one_line(text: str) -> str:
    return " ".join(text.split())


# -- two packages of one name


@pytest.fixture
def evil(tmp_path: Path) -> Path:
    install(tmp_path, "evil-harmont", EVIL, "evil:Harmont", provider="harmont")
    (tmp_path / "billfold.toml").write_text(CI + METAL)
    return tmp_path


def test_two_packages_of_one_name_are_an_error_that_names_both(evil: Path) -> None:
    for command in ("balances", "accounts", "costs"):
        done = run_with(evil, command, CI="token-of-ci", METAL="token")
        assert (done.code, done.out) == (2, "")
        assert "'harmont' is registered in billfold.adapters more than once, by" in done.err
        assert "billfold 0.1.0 (billfold_harmont:Harmont)" in done.err
        assert "evil-harmont 1.0 (evil:Harmont)" in done.err
    assert not (evil / "imported").exists()


def test_they_cost_their_own_accounts_only(evil: Path) -> None:
    done = run_with(evil, "--account", "metal", "accounts", "--format", "json")
    assert (done.code, [each["name"] for each in json.loads(done.out)["accounts"]]) == (
        0,
        ["metal"],
    )


def test_from_the_environment_too(evil: Path) -> None:
    (evil / "billfold.toml").unlink()
    done = run_with(evil, "accounts", HARMONT_TOKEN="token", LATITUDESH_BEARER="token")
    assert done.code == 2
    assert "evil-harmont 1.0" in done.err
    kept = run_with(evil, "--provider", "latitude", "accounts", LATITUDESH_BEARER="token")
    assert kept.code == 0


def test_two_simulators_of_one_name_are_an_error_too(tmp_path: Path) -> None:
    install(tmp_path, "evil", EVIL, "evil:simulate", provider="harmont", group="simulators")
    done = run_with(tmp_path, "sandbox")
    assert done.code == 2
    assert "registered in billfold.simulators more than once" in done.err


def test_a_stranger_that_takes_the_token_of_another_is_named(tmp_path: Path) -> None:
    code = NIMBUS.format(provider="nimbus", token="HARMONT_TOKEN")
    install(tmp_path, "nimbus", code, "nimbus:Nimbus", provider="nimbus")
    done = run_with(tmp_path, "balances", HARMONT_TOKEN="token")
    assert (done.code, done.out) == (2, "")
    told = "HARMONT_TOKEN is set, and 'harmont' and 'nimbus' both take their token from it"
    assert told in done.err


# -- packages that do not import


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    install(tmp_path, "billfold-nimbus", BROKEN, "nimbus:Nimbus", provider="nimbus")
    return tmp_path


TOLD = (
    "the package billfold-nimbus 1.0, which registers 'nimbus', does not import: "
    "ModuleNotFoundError: No module named 'no_such_module'"
)


@pytest.mark.parametrize(
    "command", ["balances", "usage", "daily --period 2026-10", "invoices", "check", "subscriptions"]
)
def test_a_package_that_does_not_import_costs_its_own_accounts_only(
    broken: Path, world: Path, command: str
) -> None:
    config = broken / "both.toml"
    config.write_text(f"{SKY}\n{world.read_text()}")
    done = run_with(broken, "--config", config, *command.split(), "--format", "json")
    answer = json.loads(done.out)
    (failure,) = [each for each in answer["failures"] if each["account"] == "sky"]
    assert (done.code, failure["message"], failure["provider"]) == (3, TOLD, "nimbus")
    states = {row["account"]: row["state"] for row in answer["coverage"]}
    assert states.pop("sky") == "failed"
    assert "complete" in states.values()
    assert answer["items"]


def test_alone_it_is_wrong_use(broken: Path) -> None:
    (broken / "billfold.toml").write_text(SKY)
    for command in ("balances", "check", "invoice sky 5"):
        done = run_with(broken, *command.split())
        assert (done.code, done.out) == (2, "")
        assert one_line(done.err) == f"billfold: account 'sky': {TOLD}"


def test_it_hides_no_account_of_the_environment_and_is_none_alone(broken: Path) -> None:
    done = run_with(broken, "accounts", "--format", "json", HARMONT_TOKEN="token")
    assert done.code == 0
    listed = json.loads(done.out)["accounts"]
    assert [each["name"] for each in listed] == ["harmont", "nimbus"]
    alone = run_with(broken, "balances")
    assert alone.code == 2
    assert "No accounts configured" in alone.err
    assert TOLD in one_line(alone.err)


@pytest.mark.parametrize("command", ["providers", "focus explain SkuId"])
def test_what_needs_no_account_shows_the_others_and_says_so(broken: Path, command: str) -> None:
    done = run_with(broken, *command.split())
    assert done.code == (3 if command == "providers" else 0)
    assert "latitude" in done.out
    assert TOLD in one_line(done.err)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("def", "does not import: SyntaxError: "),
        ("raise SystemExit(0)", "does not import: SystemExit: 0"),
        ("raise RuntimeError('two\\nlines')", "does not import: RuntimeError: two lines"),
        ("", "does not import: AttributeError: module 'nimbus' has no attribute 'Nimbus'"),
        ("Nimbus = 5", "registers as the adapter 'nimbus' what is none: a class"),
        ("class Nimbus: provider = 'nimbus'", "registers as the adapter 'nimbus' what is none"),
        (NIMBUS.format(provider="harmont", token="X"), "whose provider is 'nimbus'"),
    ],
)
def test_whatever_is_wrong_with_it_is_told_in_a_sentence(
    tmp_path: Path, code: str, told: str
) -> None:
    install(tmp_path, "billfold-nimbus", code, "nimbus:Nimbus", provider="nimbus")
    (tmp_path / "billfold.toml").write_text(SKY)
    done = run_with(tmp_path, "balances")
    assert (done.code, done.out) == (2, "")
    assert "the package billfold-nimbus 1.0" in done.err
    assert told in one_line(done.err)
    assert "Traceback" not in done.err
