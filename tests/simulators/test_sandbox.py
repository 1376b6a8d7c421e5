"""The simulators together: served, and reached by the configuration that is printed for them."""

import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest

from billfold import Billfold, ConfigError
from billfold.accounts.config import load
from billfold.simulators.sandbox import Served, accounts, configuration, running
from billfold.simulators.serving import installed_simulators

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


async def test_every_simulator_is_served_and_every_sample_account_works() -> None:
    async with running(NOW) as served:
        assert [server.provider for server in served] == ["aether", "bnerd", "harmont", "latitude"]
        async with Billfold(accounts(served)) as fold:
            answer = await fold.check()
    assert answer.complete
    assert len(answer) == sum(len(server.simulation.samples) for server in served)


async def test_the_printed_configuration_makes_the_same_accounts(tmp_path: Path) -> None:
    async with running(NOW, providers=["harmont", "bnerd"]) as served:
        text = configuration(served, tmp_path)
        assert not any(
            sample.token in text for server in served for sample in server.simulation.samples
        )
        (tmp_path / "billfold.toml").write_text(text)
        read = load(tmp_path / "billfold.toml")
        for configured, known in zip(read, accounts(served), strict=True):
            assert (
                configured.name,
                configured.adapter,
                configured.url(),
                configured.rate_limit(),
            ) == (
                known.name,
                known.adapter,
                known.url(),
                known.rate_limit(),
            )
            assert await configured.token.read() == await known.token.read()


async def test_ports_are_counted_up_from_the_one_given() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    async with running(NOW, port=port, providers=["harmont"]) as served:
        assert served[0].url == f"http://127.0.0.1:{port}"


async def test_a_port_in_use_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(
            ConfigError, match=f"port {port} cannot be used for aether: .*; try another --port"
        ):
            async with running(NOW, port=port):
                pass


async def test_a_port_beyond_the_last_is_refused() -> None:
    with pytest.raises(ConfigError, match="port 65536 cannot be used"):
        async with running(NOW, port=65536):
            pass


async def test_an_unknown_provider_is_refused() -> None:
    with pytest.raises(
        ConfigError, match=r"no simulator is installed for 'acme'; there are: aether, bnerd"
    ):
        async with running(NOW, providers=["acme"]):
            pass


def test_only_the_owner_can_read_the_tokens(tmp_path: Path) -> None:
    configuration([Served(installed_simulators()["harmont"](NOW), "http://127.0.0.1:1")], tmp_path)
    assert {file.stat().st_mode & 0o777 for file in tmp_path.iterdir()} == {0o600}
