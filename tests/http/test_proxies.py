"""The proxy that the environment names is used, and named where it fails."""

import asyncio
from typing import Any

import aiohttp
import pytest
from yarl import URL

from billfold import Account, Billfold, ConfigError, ProviderError, Secret, UnreachableError
from billfold.http.proxies import environment_proxy, given_proxy
from billfold.simulators import serving
from support.lines import QUICK, TOKEN, Hello, line, server, tcp
from support.toys import OCTOBER, Toy

API = URL("https://api.example.com/base")


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy but what a test sets."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.parametrize(
    ("variables", "proxy"),
    [
        ({}, None),
        ({"HTTPS_PROXY": "http://proxy.example:3128"}, "http://proxy.example:3128"),
        ({"https_proxy": "http://proxy.example:3128"}, "http://proxy.example:3128"),
        ({"HTTPS_PROXY": "proxy.example:3128"}, "http://proxy.example:3128"),
        ({"HTTPS_PROXY": "http://me:pw@proxy.example"}, "http://me:pw@proxy.example"),
        ({"ALL_PROXY": "http://all.example"}, "http://all.example"),
        (
            {"ALL_PROXY": "http://all.example", "HTTPS_PROXY": "http://proxy.example"},
            "http://proxy.example",
        ),
        ({"HTTP_PROXY": "http://plain.example"}, None),
        ({"HTTPS_PROXY": "http://proxy.example", "NO_PROXY": "example.com"}, None),
        ({"HTTPS_PROXY": "http://proxy.example", "NO_PROXY": "*"}, None),
        (
            {"HTTPS_PROXY": "http://proxy.example", "NO_PROXY": "other.com"},
            "http://proxy.example",
        ),
    ],
)
def test_the_environments_proxy_is_found(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], proxy: str | None
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert environment_proxy(API) == (None if proxy is None else URL(proxy))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_loopback_is_never_proxied(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example")
    monkeypatch.setenv("ALL_PROXY", "http://proxy.example")
    assert environment_proxy(URL(f"https://{host}:1")) is None


@pytest.mark.parametrize("value", ["socks5://me:hunter2@proxy.example", "http://", "ftp://x"])
def test_a_proxy_that_is_not_spoken_is_wrong_use_and_shows_no_password(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("ALL_PROXY", value)
    with pytest.raises(ConfigError, match=r"write it like http://proxy\.example:3128") as caught:
        environment_proxy(API)
    assert "hunter2" not in str(caught.value)


async def refused_by_proxy(monkeypatch: pytest.MonkeyPatch, status: bytes) -> tuple[str, list[str]]:
    """Ask through a proxy that answers a status; give the failure and what the proxy was asked."""
    asked: list[str] = []

    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readline()).decode().strip())
        writer.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()

    async def greet(client):
        await client.get("/hello", Hello)
        yield None

    async with tcp(proxy) as url:
        monkeypatch.setenv("HTTPS_PROXY", url.replace("//", "//me:hunter2@"))
        account = Account("a", Toy(greet), Secret(TOKEN), "https://api.example.invalid")
        async with Billfold([account], retry=QUICK) as fold:
            (failure,) = (await fold.usage(OCTOBER)).failures
    assert isinstance(failure, ProviderError)
    assert "hunter2" not in failure.message
    return failure.message, asked


async def test_the_proxy_is_asked_and_its_failure_is_weather(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    message, asked = await refused_by_proxy(monkeypatch, b"502 Bad Gateway")
    assert asked == ["CONNECT api.example.invalid:443 HTTP/1.1"] * 5
    assert message.startswith(
        "api.example.invalid: the proxy 127.0.0.1 refused the connection with status 502 "
        "(tried 5 times over "
    )


async def test_a_proxy_that_wants_a_password_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    message, asked = await refused_by_proxy(monkeypatch, b"407 Proxy Authentication Required")
    assert len(asked) == 1
    assert message == (
        "api.example.invalid: the proxy 127.0.0.1 refused the connection with status 407; "
        "its user name and password belong in HTTPS_PROXY"
    )


async def test_a_proxy_that_cannot_be_reached_is_named() -> None:
    async with serving(server()) as gone:
        pass
    async with line("https://api.example.invalid", proxy=URL(gone)) as client:
        with pytest.raises(UnreachableError, match=r"cannot connect to the proxy 127\.0\.0\.1 \("):
            await client.get("/hello", Hello)


async def test_an_unusable_proxy_is_told_when_it_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://proxy.example")
    account = Account("a", Toy(lambda client: None), Secret(TOKEN), "https://api.example.invalid")
    with pytest.raises(ConfigError, match="a socks5 proxy"):
        await Billfold([account]).__aenter__()


async def paths_to(
    own: str | None, environment: str | None, monkeypatch: pytest.MonkeyPatch, **options: Any
) -> list[str]:
    """Ask an account that may have a proxy; give what the proxies were asked, by their number."""
    asked: list[str] = []

    def numbered(number: int):
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            asked.append(f"{number} {(await reader.readline()).decode().split()[1]}")
            writer.write(b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()

        return answer

    async def greet(client):
        await client.get("/hello", Hello)
        yield None

    async with tcp(numbered(1)) as first, tcp(numbered(2)) as second, tcp(numbered(3)) as third:
        urls = {"1": first, "2": second, "3": third, "none": "none"}
        if environment is not None:
            monkeypatch.setenv("HTTPS_PROXY", urls[environment])
        named = {name: urls[value] for name, value in options.items()}
        named_by_account = None if own is None else urls[own]
        account = Account(
            "a", Toy(greet), Secret(TOKEN), "https://api.invalid", proxy=named_by_account
        )
        async with Billfold([account], retry=QUICK, **named) as fold:
            assert (await fold.usage(OCTOBER, deadline=20)).failures
    return asked


@pytest.mark.parametrize(
    ("own", "given", "environment", "expected"),
    [
        ("1", "2", "3", "1"),
        (None, "2", "3", "2"),
        (None, None, "3", "3"),
        ("1", "none", "3", "1"),
        ("none", "2", "3", None),
        (None, "none", "3", None),
    ],
)
async def test_an_accounts_proxy_comes_before_the_given_one_and_that_before_the_environments(
    own: str | None,
    given: str | None,
    environment: str | None,
    expected: str | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    options = {} if given is None else {"proxy": given}
    asked = await paths_to(own, environment, monkeypatch, **options)
    assert asked == ([] if expected is None else [f"{expected} api.invalid:443"])


async def test_a_borrowed_session_uses_the_proxy_that_was_given() -> None:
    asked: list[bytes] = []

    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readline())
        writer.write(b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()

    async def greet(client):
        await client.get("/hello", Hello)
        yield None

    async with tcp(proxy) as url, aiohttp.ClientSession() as session:
        account = Account("a", Toy(greet), Secret(TOKEN), "https://api.invalid")
        async with Billfold([account], retry=QUICK, session=session, proxy=url) as fold:
            assert (await fold.usage(OCTOBER)).failures
    assert asked == [b"CONNECT api.invalid:443 HTTP/1.1\r\n"]


def test_loopback_is_not_proxied_by_a_proxy_that_was_given_either() -> None:
    assert given_proxy("http://proxy.example", URL("http://127.0.0.1:1")) is None


@pytest.mark.parametrize("proxy", ["socks5://me:hunter2@proxy.example", "http://", "ftp://x", ""])
def test_a_proxy_that_is_given_and_not_spoken_is_refused_at_once(proxy: str) -> None:
    for make in (
        lambda: Billfold([], proxy=proxy),
        lambda: Account("a", Toy(lambda client: None), Secret(TOKEN), proxy=proxy),
    ):
        with pytest.raises(ConfigError, match=r"proxy is .*http://proxy\.example:3128") as caught:
            make()
        assert "hunter2" not in str(caught.value)
