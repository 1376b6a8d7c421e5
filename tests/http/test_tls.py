"""TLS against a real server: what is trusted, and what is said where it is not."""

import asyncio
import os
import socket
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from billfold import OutcomeUnknownError, ProviderError, UnreachableError
from billfold.http.authorities import tls_context
from billfold.simulators import plain_json
from billfold.simulators.serving import listening
from support.lines import Hello, line

CERTIFICATES = Path(__file__).with_name("certificates")


@asynccontextmanager
async def secured(name: str) -> AsyncIterator[tuple[str, list[str]]]:
    """Serve hello over TLS by a certificate; give the URL, and the requests that arrived."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATES / f"{name}.pem")
    seen: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        seen.append(request.path)
        return plain_json({"hello": "world"})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        async with listening(runner, listener, context):
            yield f"https://localhost:{listener.getsockname()[1]}", seen


@pytest.fixture
def authority(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment names the authority that signed the tests' certificates."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATES / "authority.pem"))


@pytest.mark.usefixtures("authority")
async def test_an_authority_that_the_environment_names_is_trusted() -> None:
    async with secured("good") as (url, seen), line(url) as client:
        assert await client.get("/hello", Hello) == Hello("world")
    assert seen == ["/hello"]


async def test_an_authority_that_is_renewed_is_trusted_from_the_next_session_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bundle = tmp_path / "bundle.pem"
    bundle.touch()
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    async with secured("good") as (url, _):
        async with line(url) as client:
            with pytest.raises(ProviderError, match="is not trusted"):
                await client.get("/hello", Hello)
        bundle.write_bytes((CERTIFICATES / "authority.pem").read_bytes())
        async with line(url) as client:
            assert await client.get("/hello", Hello) == Hello("world")


def test_authorities_that_stay_the_same_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATES / "authority.pem"))
    assert tls_context() is tls_context()


_AFTERWARDS = """
import os, sys
import billfold.http.client
from billfold.http.authorities import tls_context
assert tls_context() is None
os.environ["SSL_CERT_FILE"] = sys.argv[1]
assert tls_context().get_ca_certs()
"""


def test_those_that_aiohttp_has_read_itself_are_not_read_again(tmp_path: Path) -> None:
    other, authority = tmp_path / "other.pem", CERTIFICATES / "authority.pem"
    other.write_bytes(authority.read_bytes())
    command = [sys.executable, "-c", _AFTERWARDS, str(other)]
    subprocess.run(command, env={**os.environ, "SSL_CERT_FILE": str(authority)}, check=True)


async def test_an_unknown_authority_is_not_and_the_remedy_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    async with secured("good") as (url, seen), line(url) as client:
        with pytest.raises(ProviderError) as caught:
            await client.get("/hello", Hello)
    assert caught.value.message == (
        "localhost: its certificate is not trusted: unable to get local issuer certificate. "
        "Where a company's own authority signs what passes its network, the environment variable "
        "SSL_CERT_FILE names that authority's file"
    )
    assert seen == []


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("/nobody/has.pem", "SSL_CERT_FILE names /nobody/has.pem, which cannot be read"),
        (
            __file__,
            f"SSL_CERT_FILE names {__file__}; where a company's own authority signs what passes "
            "its network, that authority belongs in it",
        ),
    ],
)
async def test_a_file_of_authorities_that_does_not_help_is_named(
    monkeypatch: pytest.MonkeyPatch, file: str, said: str
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", file)
    async with secured("good") as (url, seen), line(url) as client:
        with pytest.raises(ProviderError) as caught:
            await client.get("/hello", Hello)
    assert caught.value.message.endswith(f"unable to get local issuer certificate. {said}")
    assert seen == []


@pytest.mark.usefixtures("authority")
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("expired", "certificate has expired"),
        ("elsewhere", "certificate is not valid for 'localhost'"),
    ],
)
async def test_what_is_wrong_with_a_certificate_is_said(name: str, said: str) -> None:
    async with secured(name) as (url, seen), line(url) as client:
        with pytest.raises(ProviderError, match=f"its certificate is not trusted: .*{said}"):
            await client.get("/hello", Hello)
        with pytest.raises(ProviderError, match="not trusted") as caught:
            await client.send("POST", "/x")
    assert not isinstance(caught.value, OutcomeUnknownError)
    assert seen == []


async def test_a_handshake_that_breaks_off_is_weather() -> None:
    opened = 0

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal opened
        opened += 1
        await reader.read(1)
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        async with line(f"https://localhost:{port}") as client:
            with pytest.raises(UnreachableError, match=r"cannot connect .*tried 5 times"):
                await client.get("/hello", Hello)
    assert opened == 5
