"""``billfold rates update``: fetched where it is said, used by later commands, and never unasked."""

import json
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from billfold.costs import EcbRates
from billfold.simulators import ecb
from billfold.simulators.faults import named
from billfold.simulators.serving import Simulation, serving_in_thread
from support.commands import Ended, commands

# Some days after the packaged table ends, whenever that is.
NOW = datetime.combine(EcbRates().table.newest_day + timedelta(days=20), time(16), UTC)

Run = Callable[..., Ended]


@pytest.fixture
def run(
    empty: None,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    monkeypatch.setenv("BILLFOLD_CACHE", str(tmp_path / "cache"))
    return commands(capsys, clock=lambda: NOW)


@pytest.fixture
def served() -> Iterator[tuple[str, Simulation]]:
    simulation = ecb.simulate(NOW)
    with serving_in_thread(simulation) as (url,):
        yield url, simulation


def test_rates_are_fetched_and_it_says_which_and_where(
    run: Run, served: tuple[str, Simulation], tmp_path: Path
) -> None:
    url, _ = served
    shown = run("rates", "update", "--base-url", url)
    assert shown.code == 0
    assert f"Exchange rates of the ECB, up to {EcbRates().table.newest_day}." in shown.out
    assert f"kept in {tmp_path / 'cache' / 'ecb-rates'}" in shown.out
    document = json.loads(run("rates", "update", "--base-url", url, "--format", "json").out)
    table = document["table"]
    assert document["schema"] == "billfold.rates/1"
    assert table["url"] == f"{url}/eurofxref-hist.zip"
    assert table["sha256"] == EcbRates().table.sha256
    assert table["fetched_at"] == f"{NOW:%Y-%m-%dT%H:%M:%SZ}"


def test_what_cannot_be_fetched_is_no_bug_and_no_change(
    run: Run, served: tuple[str, Simulation], tmp_path: Path
) -> None:
    url, simulation = served
    simulation.faults.append(named("status=404"))
    ended = run("rates", "update", "--base-url", url)
    assert (ended.code, ended.out) == (4, "")
    assert "the exchange rates were not fetched, and those at hand stay: 404" in ended.err
    assert not (tmp_path / "cache").exists()


def test_an_address_without_encryption_is_wrong_use(run: Run) -> None:
    ended = run("rates", "update", "--base-url", "http://mirror.example")
    assert ended.code == 2
    assert "unencrypted; use https" in ended.err


def test_the_proxy_of_the_configuration_is_the_way(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as nobody:  # who does not listen, and lets no other do so
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
        (tmp_path / "own.toml").write_text(f'proxy = "http://127.0.0.1:{port}"\n')
        ended = run("--config", "own.toml", "--deadline", 2, "rates", "update")
    assert ended.code == 4
    assert "cannot connect to the proxy 127.0.0.1" in ended.err
    monkeypatch.chdir(tmp_path)
    (tmp_path / "billfold.toml").write_text(f'proxy = "http://127.0.0.1:{port}"\n')
    found = run("rates", "update")
    assert found.code == 2
    assert (
        "billfold.toml: proxy: a file found in the working directory names none; to name"
        in found.err
    )
