"""``billfold sandbox``: how it ends, and faults that reach the commands."""

import json
import signal
import subprocess
import tomllib

import pytest

from billfold.simulators.faults import named
from cli.conftest import PROGRAM
from support.programs import started
from support.signalled import when


def test_the_sandbox_ends_with_0_when_it_is_terminated(billfold) -> None:
    with when(lambda: signal.getsignal(signal.SIGTERM) != signal.SIG_DFL, signal.SIGTERM):
        done = billfold("sandbox")
    assert done.code == 0
    assert {table["provider"] for table in tomllib.loads(done.out)["accounts"]} == {
        "aether",
        "bnerd",
        "harmont",
        "latitude",
    }
    assert "Ctrl-C stops them" in done.err


def test_a_fault_of_the_sandbox_reaches_the_commands(billfold, tmp_path) -> None:
    toml = tmp_path / "billfold.toml"
    with (
        toml.open("w") as writing,
        started(
            [
                *PROGRAM,
                "sandbox",
                "--fault",
                "status=403:/balance/quarry-9",
                "--fault",
                "empty:/projects",
            ],
            stdout=writing,
            stderr=subprocess.PIPE,
            text=True,
        ) as serving,
    ):
        assert serving.stderr is not None
        assert "ready" in serving.stderr.readline()
        done = billfold("--config", toml, "balances", "--format", "json")
        serving.terminate()
    states = {
        row["account"]: row["state"]
        for row in json.loads(done.out)["coverage"]
        if row["state"] != "unsupported"
    }
    assert states == {
        "ci": "complete",
        "ci-legacy": "failed",
        "metal": "failed",
        "metal-br": "failed",
    }
    assert done.code == 3


@pytest.mark.parametrize("text", ["slo", "nothing-like-it", "status=abc"])
def test_a_fault_that_is_none_is_wrong_use(billfold, text: str) -> None:
    with pytest.raises(Exception, match="fault") as caught:
        named(text)
    done = billfold("sandbox", "--fault", text)
    assert (done.code, done.out) == (2, "")
    assert str(caught.value).splitlines()[0] in done.err


def test_the_faults_that_there_are_are_listed_for_who_asks(billfold) -> None:
    done = billfold("sandbox", "--fault", "help")
    assert (done.code, done.err) == (0, "")
    assert "  slow=SECONDS              Answer rightly, late.\n" in done.out
