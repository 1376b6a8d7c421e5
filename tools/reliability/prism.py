"""Prism, an independent mock server: installed, and started once per provider's OpenAPI slice."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import NoReturn

PACKAGE = "@stoplight/prism-cli@5.14.2"
OLDEST_NODE = 20
SLICES = Path(__file__).parents[2] / "tests" / "contracts"
INSTALLING, STARTING, ENDING = 300, 240, 10  # seconds
REMEDY = (
    f"install Node {OLDEST_NODE} or newer, which brings npx: https://nodejs.org, "
    "or apt-get install nodejs npm"
)

PREFIXES = {"harmont": "HARMONT", "latitude": "LATITUDESH", "aether": "AETHER", "bnerd": "BNERD"}
TOKENS = {name: f"{name}_token_that_must_not_be_seen_0123456789" for name in PREFIXES}
TOKEN_VARIABLES = {
    name: "LATITUDESH_BEARER" if name == "latitude" else f"{prefix}_TOKEN"
    for name, prefix in PREFIXES.items()
}
SETTINGS = {
    "HARMONT_ORG": "tidewater-labs",
    "AETHER_ORG_ID": "7c1e55a9-04d3-4b8f-9a62-e3b70f18d4c6",
    "BNERD_ORG_ID": "83e0d7b1-5f42-4c96-9a18-7bd3f60c25e4",
}


def prepare() -> str:
    """Install Prism where it is not yet, and return its version. Exit code 2 if it cannot be."""
    _check_node()
    command = ["npx", "-y", PACKAGE, "--version"]
    try:
        installed = subprocess.run(
            command, capture_output=True, text=True, timeout=INSTALLING, check=False
        )
    except subprocess.TimeoutExpired:
        give_up(
            f"npx does not bring {PACKAGE} within {INSTALLING} seconds: "
            "see whether its registry can be reached"
        )
    if installed.returncode:
        give_up(
            f"npx cannot run {PACKAGE}: see whether its registry can be reached\n{installed.stderr}"
        )
    return installed.stdout.strip()


def _check_node() -> None:
    if shutil.which("npx") is None or shutil.which("node") is None:
        give_up(f"make contract asks Prism, which needs Node: {REMEDY}")
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False)
    version = node.stdout.strip()
    major = re.match(r"v(\d+)\.", version)
    if major is None or int(major[1]) < OLDEST_NODE:
        give_up(f"make contract asks Prism, for which Node {version} is too old: {REMEDY}")


def give_up(reason: str) -> NoReturn:
    """End with exit code 2."""
    sys.stderr.write(f"{reason}\n")
    raise SystemExit(2)


@contextmanager
def serving(*, dynamic: bool) -> Iterator[dict[str, str]]:
    """Start a Prism per slice, and return the environment that reaches all of them.

    ``dynamic`` makes bodies up from the schemas; otherwise they are the slices' examples.
    """
    ours = (*PREFIXES.values(), "BILLFOLD")
    environment = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        environment |= {"HOME": folder, "XDG_CONFIG_HOME": folder, **SETTINGS}
        servers = {
            name: stack.enter_context(_server(name, Path(folder), dynamic=dynamic))
            for name in PREFIXES
        }
        for name, (server, port) in servers.items():
            _wait_until_ready(name, server, port, Path(folder))
            environment[f"{PREFIXES[name]}_API_URL"] = f"http://127.0.0.1:{port}"
            environment[TOKEN_VARIABLES[name]] = TOKENS[name]
        yield environment


@contextmanager
def _server(
    name: str, folder: Path, *, dynamic: bool
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Run Prism on a free port, and end it with all that it started."""
    port = _free_port()
    slice_ = str(SLICES / f"{name}.openapi.yaml")
    command = ["npx", "-y", PACKAGE, "mock", slice_, "-h", "127.0.0.1", "-p", str(port)]
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
            _end(server)


def _free_port() -> int:
    """Return a free port below those that systems give to who asks for any, so that it stays so."""
    while True:
        port = random.randrange(20_000, 32_768)
        with socket.socket() as free, suppress(OSError):
            free.bind(("127.0.0.1", port))
            return port


def _end(server: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(server.pid, number)
            server.wait(ENDING)
        except ProcessLookupError:
            break
        except subprocess.TimeoutExpired:
            continue


def _wait_until_ready(name: str, server: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    """Wait until Prism answers. Exit code 2 where it does not."""
    until = time.monotonic() + STARTING
    while time.monotonic() < until and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    log = (folder / f"{name}.log").read_text("utf-8", "replace")
    give_up(f"Prism does not serve the slice of {name}:\n{log[-2000:]}")
