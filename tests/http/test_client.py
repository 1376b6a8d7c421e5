"""Sockets, against real local servers.

What is sent, what is read, what is retried, and what everything is called.
"""

import asyncio
import gzip
import logging
import pickle
import re
import socket
import traceback
from collections import Counter
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import aiohttp
import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from billfold import (
    ConfigError,
    CredentialsError,
    DriftError,
    ForbiddenError,
    NotFoundError,
    OutcomeUnknownError,
    ProviderError,
    RateLimitedError,
    RequestError,
    RetryPolicy,
    TooLargeError,
    TransientError,
    UnreachableError,
)
from billfold.http.client import Client
from billfold.http.deadline import Deadline
from billfold.http.limiter import rate_limiter
from billfold.http.urls import parse_base_url, segment
from billfold.simulators import plain_json, serving
from billfold.simulators.faults import (
    Effect,
    Fault,
    bomb,
    drip,
    echoed,
    empty,
    endless,
    html,
    raw,
    redirect,
    refused,
    reset,
    reset_midway,
    status,
    throttled,
    truncated,
    zipped,
)
from support.hurried import hurried
from support.lines import TOKEN, Hello, line, server, tcp

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
WRITES = pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])


async def asked(*faults: Fault, **options) -> tuple[Hello | ProviderError, int]:
    """Ask a server with faults once.

    Return the reply or the failure, and how many requests arrived.
    """
    simulation = server(*faults)
    async with serving(simulation) as url, line(url, **options) as client:
        try:
            reply: Hello | ProviderError = await client.get("/hello", Hello)
        except ProviderError as error:
            reply = error
    return reply, len(simulation.seen)


async def test_a_read_carries_the_token_and_gives_the_shape() -> None:
    simulation = server()
    async with serving(simulation) as url, line(url, headers={"X-Api-Version": "3"}) as client:
        assert await client.get("/hello", Hello) == Hello("world")
    (request,) = simulation.seen
    assert (request.method, request.path, request.query_string) == ("GET", "/hello", "")
    assert request.headers["Authorization"] == f"Bearer {TOKEN}"
    assert request.headers["Accept"] == "application/json"
    assert request.headers["X-Api-Version"] == "3"


@pytest.mark.parametrize(
    "value",
    ["a+b/c=&d#?", "2026-10-01T00:00:00Z", "größe 💶", "100%", "%2F", "a;b", "", "filter[project]"],
)
async def test_a_query_arrives_as_it_was_given(value: str) -> None:
    simulation = server()
    async with serving(simulation) as url, line(url) as client:
        await client.get("/hello", Hello, [("filter[x]", value), ("page", "1"), ("page", "2")])
    assert list(simulation.seen[0].query.items()) == [
        ("filter[x]", value),
        ("page", "1"),
        ("page", "2"),
    ]


@pytest.mark.parametrize(
    "name", ["acme", "a/b", "a b", "../up", "%2e%2e", "a?b#c", "größe", "a;b=c", "..x"]
)
async def test_a_segment_reaches_the_server_as_one(name: str) -> None:
    simulation = server()
    async with serving(simulation) as url, line(url) as client:
        await client.get(f"/orgs/{segment(name)}/x", Hello)
    (request,) = simulation.seen
    assert request.raw_path.count("/") == 3
    assert request.url.parts == ("/", "orgs", name, "x")


@given(st.text(max_size=20))
def test_a_segment_never_holds_a_separator(name: str) -> None:
    try:
        quoted = segment(name)
    except RequestError:
        return
    assert quoted not in ("", ".", "..")
    assert not set(quoted) & set("/?#\\ ")


@pytest.mark.parametrize("name", ["", ".", "..", "\udcff"])
def test_what_cannot_be_a_segment_is_refused(name: str) -> None:
    with pytest.raises(RequestError, match="check the id"):
        segment(name)


async def test_a_path_in_the_base_url_is_kept() -> None:
    simulation = server()
    async with serving(simulation) as url, line(f"{url}/proxy/billing%20api/") as client:
        await client.get("/v1/hello", Hello, [("a", "b")])
    assert simulation.seen[0].raw_path == "/proxy/billing%20api/v1/hello?a=b"


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example.com",
        "https://api.example.com:8443/base/",
        "http://127.0.0.1:8080",
        "http://127.1.2.3",
        "http://localhost:1/x",
        "http://[::1]:8080",
    ],
)
def test_base_urls_that_are_safe(url: str) -> None:
    assert str(parse_base_url(url)) == url.rstrip("/")


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://api.example.com", "would be asked unencrypted"),
        ("http://127.0.0.1.example.com", "unencrypted"),
        ("http://localhost.example.com", "unencrypted"),
        ("http://0.0.0.0", "unencrypted"),
        ("HTTP://API.EXAMPLE.COM", "unencrypted"),
        ("api.example.com", "is not a base URL"),
        ("//api.example.com", "is not a base URL"),
        ("/v1", "is not a base URL"),
        ("ftp://api.example.com", "is not a base URL"),
        ("file:///etc/passwd", "is not a base URL"),
        ("https://", "is not a"),
        ("", "is not a base URL"),
        ("https://api.example.com:99999", "is not a URL"),
        ("https://api.example.com:port", "is not a URL"),
        ("https://api.example.com?key=1", "no user name, password, query or fragment"),
        ("https://api.example.com#x", "no user name, password, query or fragment"),
        ("https://user@api.example.com", "no user name"),
    ],
)
def test_base_urls_that_are_not(url: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        parse_base_url(url)


@pytest.mark.parametrize(
    "start",
    ["https://user:hunter2@", "http://user:hunter2@", "ftp://user:hunter2@", "https://a@hunter2@"],
)
@pytest.mark.parametrize(
    "end", ["api.example.com", "api.example.com:99999", "[::1", "api.example.com/x@y"]
)
def test_a_password_in_a_base_url_is_refused_and_not_repeated(start: str, end: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_base_url(start + end)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("code", "kind", "attempts"),
    [
        (400, RequestError, 1),
        (401, CredentialsError, 1),
        (403, ForbiddenError, 1),
        (404, NotFoundError, 1),
        (408, TransientError, 5),
        (409, RequestError, 1),
        (410, NotFoundError, 1),
        (422, RequestError, 1),
        (423, RequestError, 1),
        (425, TransientError, 5),
        (429, RateLimitedError, 10),
        (500, TransientError, 5),
        (501, TransientError, 1),
        (502, TransientError, 5),
        (503, TransientError, 5),
        (504, TransientError, 5),
        (505, TransientError, 1),
    ],
)
async def test_every_status_has_its_error_and_number_of_attempts(
    code: int, kind: type[ProviderError], attempts: int
) -> None:
    body = {"code": "its_code", "message": "  its\n message ", "request_id": "req-7"}
    error, count = await asked(Fault(status(code, body=body)))
    assert type(error) is kind
    assert isinstance(error, ProviderError)
    assert (error.status, error.code, error.request_id, error.provider, error.account) == (
        code,
        "its_code",
        "req-7",
        "toy",
        "acct",
    )
    assert error.message.startswith(f"{code} its message")
    assert count == attempts


@pytest.mark.parametrize("code", [300, 301, 302, 303, 304, 307, 308])
async def test_a_redirect_is_not_followed_and_the_token_goes_nowhere_else(code: int) -> None:
    elsewhere = server()
    async with serving(elsewhere) as other:
        error, count = await asked(
            Fault(status(code, body={}, headers={"Location": f"{other}/v2/hello?key=s3cret#x"}))
        )
    assert type(error) is RequestError
    advice = f"redirects are not followed (it points to {other}/v2/hello): is the base URL right?"
    assert advice in error.message
    assert (count, elsewhere.seen) == (1, [])


@pytest.mark.parametrize(
    "location",
    [
        {},
        {"Location": "http://[x"},
        {"Location": "/" + "x" * 300},
        {"Location": "mailto:someone@example.com"},
    ],
)
async def test_a_redirect_that_points_nowhere_names_no_place(location: dict[str, str]) -> None:
    error, _ = await asked(Fault(status(301, body={}, headers=location)))
    assert "redirects are not followed: is the base URL right?" in error.message


@WRITES
async def test_a_write_is_not_redirected_either(method: str) -> None:
    elsewhere = server()
    async with (
        serving(elsewhere) as other,
        serving(server(Fault(redirect(other)))) as url,
        line(url) as client,
    ):
        with pytest.raises(RequestError, match="redirects are not followed"):
            await client.send(method, "/x")
    assert elsewhere.seen == []


async def test_each_attempt_is_logged_with_its_account_outcome_and_number(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, "billfold.http")
    await asked(Fault(status(503), times=1))
    lines = [record.getMessage() for record in caplog.records if record.name == "billfold.http"]
    plain = [re.sub(r"in \d+\.\d\d s", "in 0.01 s", line) for line in lines]
    assert plain == [
        "acct: GET /hello: 503 in 0.01 s, attempt 1",
        "acct: GET /hello: 200 in 0.01 s, attempt 2",
    ]


@pytest.mark.parametrize("times", [1, 4])
@pytest.mark.parametrize(
    "fault", [reset, reset_midway, truncated, html(502), status(503), status(429), throttled(0)]
)
async def test_weather_passes(fault: Effect, times: int) -> None:
    reply, count = await asked(Fault(fault, times=times))
    assert reply == Hello("world")
    assert count >= times + 1


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (reset, "connection broke"),
        (reset_midway, "cut off"),
        (truncated, "cut off"),
        (html(502), "502"),
    ],
)
async def test_weather_that_stays_is_named_after_five_attempts(fault: Effect, told: str) -> None:
    error, count = await asked(Fault(fault))
    assert type(error) is TransientError
    assert told in error.message
    assert (error.provider, error.account) == ("toy", "acct")
    assert count >= 5


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (html(200), "is HTML"),
        (empty, "is empty"),
        (status(204, body=None), r"the reply is empty \(204 No Content\)"),
        (raw(b'{"hello": 1}'), r"at `\$.hello`"),
        (raw(b'{"hello": "w'), "not readable JSON"),
        (raw(b'{"hello": NaN}'), "not readable JSON"),
    ],
)
async def test_drift_is_not_weather(fault: Effect, told: str) -> None:
    simulation = server(Fault(fault))
    simulation.refuse = lambda code: web.Response(status=code)
    async with serving(simulation) as url, line(url) as client:
        with pytest.raises(DriftError, match=told):
            await client.get("/hello", Hello)
    assert len(simulation.seen) == 1


async def test_an_error_page_of_a_proxy_is_not_quoted() -> None:
    error, _ = await asked(Fault(raw(b"<html>personal</html>", code=403, media_type="text/html")))
    assert isinstance(error, ForbiddenError)
    assert error.message == "403 Forbidden; the token lacks the permission"


@pytest.mark.parametrize(
    "body",
    [
        {"error": "no scope billing:read"},
        {"errors": [{"detail": "no scope billing:read"}]},
        {"error_description": "no scope billing:read", "error": "insufficient_scope"},
        {"title": "Forbidden", "detail": "no scope billing:read", "status": 403, "instance": "/x"},
    ],
)
async def test_an_error_in_another_form_than_the_adapters_says_its_words(
    body: dict[str, object],
) -> None:
    error, _ = await asked(Fault(status(403, body=body)))
    assert isinstance(error, ForbiddenError)
    assert error.message == "403 no scope billing:read; the token lacks the permission"


async def test_a_sentence_of_the_providers_ends_by_one_sign_before_ours() -> None:
    error, _ = await asked(Fault(status(403, body={"message": "No scope billing:read."})))
    assert error.message == "403 No scope billing:read; the token lacks the permission"


async def test_a_text_alone_and_a_bare_list_of_errors_are_said() -> None:
    for body in ('"no scope billing:read"', '[{"message": "no scope billing:read"}]'):
        error, _ = await asked(Fault(raw(body.encode(), code=403)))
        assert error.message == "403 no scope billing:read; the token lacks the permission"


@pytest.mark.parametrize("body", ['""', "[]", "{}", '{"path": "/x"}', '{"detail": 7}', "["])
async def test_an_error_without_words_has_those_of_its_status(body: str) -> None:
    error, _ = await asked(Fault(raw(body.encode(), code=403)))
    assert error.message == "403 Forbidden; the token lacks the permission"


async def test_a_long_message_is_shortened_to_one_line() -> None:
    error, _ = await asked(Fault(status(400, body={"message": "word\n" * 1000})))
    assert isinstance(error, RequestError)
    assert len(error.message) < 250
    assert "\n" not in error.message


async def test_a_huge_error_body_is_not_read_to_its_end() -> None:
    async def refuse_for_ever(request: web.Request, handler) -> web.StreamResponse:
        response = web.StreamResponse(status=400)
        await response.prepare(request)
        try:
            while True:
                await response.write(b"x" * 65536)
        except ConnectionError:
            return response

    error, count = await asked(Fault(refuse_for_ever))
    assert isinstance(error, RequestError)
    assert count == 1


async def test_the_servers_request_id_header_is_used_without_one_in_the_body() -> None:
    error, _ = await asked(Fault(status(500, body={}, headers={"X-Request-Id": "edge-1"})))
    assert isinstance(error, TransientError)
    assert error.request_id == "edge-1"


async def test_an_error_body_that_breaks_still_has_its_status() -> None:
    async def broken(request: web.Request, handler) -> web.StreamResponse:
        response = web.StreamResponse(status=404, headers={"Content-Length": "100"})
        await response.prepare(request)
        await response.write(b'{"message": ')
        assert request.transport is not None
        request.transport.close()
        return response

    error, _ = await asked(Fault(broken))
    assert type(error) is NotFoundError


@pytest.mark.parametrize("code", [400, 401, 403, 429, 500])
async def test_a_token_that_is_echoed_appears_nowhere(
    code: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    error, _ = await asked(Fault(echoed(code)))
    assert isinstance(error, ProviderError)
    assert error.request_id
    shown = [str(error), repr(error), repr(vars(error)), repr(pickle.dumps(error)), caplog.text]
    shown += traceback.format_exception(error)
    assert TOKEN not in "".join(shown)


async def test_a_token_at_the_edge_of_a_shortened_message_is_scrubbed_whole() -> None:
    error, _ = await asked(Fault(status(403, body={"message": "x" * 190 + TOKEN})))
    assert isinstance(error, ForbiddenError)
    assert TOKEN[:8] not in error.message


async def test_no_error_in_the_chain_shows_the_token() -> None:
    async def garbage(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"SSH-2.0-OpenSSH_9.9\r\n\r\n")

    async with tcp(garbage) as url, line(url) as client:
        with pytest.raises(TransientError) as caught:
            await client.get("/hello", Hello)
    error: BaseException | None = caught.value
    while error is not None:
        assert TOKEN not in repr(error) + str(error) + repr(vars(error))
        error = error.__cause__ or error.__context__


def test_a_link_shows_no_token() -> None:
    async def main() -> str:
        async with line("https://api.example.com") as client:
            return repr(client)

    assert TOKEN not in asyncio.run(main())


async def test_a_port_that_nobody_listens_on_is_unreachable_and_retried() -> None:
    simulation = server()
    async with serving(simulation) as url:
        pass
    async with line(url) as client:
        with pytest.raises(UnreachableError, match=r"127\.0\.0\.1: cannot connect"):
            await client.get("/hello", Hello)


async def test_a_server_that_speaks_no_tls_is_told_at_once() -> None:
    opened = 0

    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal opened
        opened += 1
        await reader.read(100)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    async with tcp(plain) as url, line(url.replace("http://", "https://")) as client:
        with pytest.raises(ProviderError, match=r"cannot connect \(no TLS: .+\); is the address"):
            await client.get("/hello", Hello)
    assert opened == 1


async def test_a_name_that_does_not_resolve_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)  # whatever the network says of it
    async with line("https://nowhere.invalid", policy=RetryPolicy(attempts=1)) as client:
        with pytest.raises(UnreachableError, match=r"nowhere\.invalid: cannot connect"):
            await client.get("/hello", Hello)


def test_a_server_that_never_answers_is_weather_after_the_time_out() -> None:
    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(-1)

    async def main() -> float:
        async with tcp(mute) as url, line(url, policy=RetryPolicy(attempts=2)) as client:
            start = asyncio.get_running_loop().time()
            with pytest.raises(TransientError, match="no answer in time"):
                await client.get("/hello", Hello)
            return asyncio.get_running_loop().time() - start

    assert 119 < hurried(main) < 130


def test_a_body_that_drips_is_cut_off_by_the_time_out() -> None:
    async def main() -> None:
        async with (
            serving(server(Fault(drip(10)))) as url,
            line(url, policy=RetryPolicy(attempts=1)) as client,
        ):
            with pytest.raises(TransientError, match="no answer in time"):
                await client.get("/hello", Hello)

    hurried(main)


@pytest.mark.parametrize("fault", [endless, bomb])
async def test_a_body_beyond_the_cap_is_too_large_and_read_no_further(fault: Effect) -> None:
    error, count = await asked(Fault(fault), max_body=1_000_000)
    assert isinstance(error, TooLargeError)
    assert error.message == (
        "the reply is over 0.954 MiB, the most that is read at once; "
        "half the period has a smaller one"
    )
    assert (error.provider, error.account) == ("toy", "acct")
    assert count == 1


async def test_a_stated_length_beyond_the_cap_is_refused_before_reading() -> None:
    error, count = await asked(Fault(raw(b" " * 2_000)), max_body=1_999)
    assert isinstance(error, TooLargeError)
    assert count == 1


async def test_a_body_of_exactly_the_cap_is_read() -> None:
    body = b'{"hello": "world"}'.ljust(1000)
    assert (await asked(Fault(raw(body)), max_body=1000))[0] == Hello("world")


async def test_a_compressed_reply_is_read() -> None:
    assert (await asked(Fault(zipped())))[0] == Hello("world")


# -- when to come back


def at(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)


async def told(
    headers: dict[str, str], body: dict[str, str] | None = None, **options
) -> tuple[RateLimitedError, int]:
    error, count = await asked(
        Fault(status(429, body=body or {}, headers=headers)), clock=lambda: NOW, **options
    )
    assert isinstance(error, RateLimitedError)
    return error, count


@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        ({"Retry-After": "86400"}, {}, 86400),
        ({"Retry-After": "86400"}, {"wait": "5"}, 86400),
        ({}, {"wait": "86400"}, 86400),
        ({"Retry-After": "soon"}, {"wait": "86400"}, 86400),
        ({"Date": at(NOW), "Retry-After": at(NOW + timedelta(hours=2))}, {}, 7200),
        (
            {"Date": at(NOW + timedelta(hours=1)), "Retry-After": at(NOW + timedelta(hours=2))},
            {},
            3600,
        ),
        (
            {"Date": at(NOW - timedelta(hours=1)), "Retry-After": at(NOW + timedelta(hours=2))},
            {},
            10800,
        ),
        ({"Date": at(NOW + timedelta(hours=1)), "Retry-After": "3600"}, {}, 3600),
        ({"Date": "yesterday", "Retry-After": at(NOW + timedelta(hours=2))}, {}, 7200),
    ],
)
async def test_a_long_wait_fails_at_once_and_tells_when_by_our_clock(
    headers: dict[str, str], body: dict[str, str], seconds: int
) -> None:
    error, count = await told(headers, body)
    assert error.retry_at == NOW + timedelta(seconds=seconds)
    assert count == 1


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Retry-After": "soon"},
        {"Retry-After": "Fri, 31 Dec 9999 23:59:59 -0500"},
    ],
)
async def test_without_a_readable_wait_the_attempts_are_used_up(headers: dict[str, str]) -> None:
    error, count = await told(headers)
    assert error.retry_at is None
    assert count == 10


def test_the_providers_wait_is_kept_before_the_next_request() -> None:
    async def main() -> list[float]:
        loop, arrivals = asyncio.get_running_loop(), []

        async def limited(request: web.Request) -> web.Response:
            arrivals.append(loop.time())
            if len(arrivals) == 1:
                return plain_json({}, status=429, headers={"Retry-After": "17"})
            if len(arrivals) == 2:
                return plain_json({"wait": "40"}, status=429)
            return plain_json({"hello": "world"})

        start = loop.time()
        clock = {
            "clock": lambda: NOW + timedelta(seconds=loop.time() - start),
            "policy": RetryPolicy(),
        }
        async with serving(server(hello=limited)) as url, line(url, **clock) as client:
            assert await client.get("/hello", Hello) == Hello("world")
        return [arrival - arrivals[0] for arrival in arrivals]

    assert hurried(main) == pytest.approx([0, 17, 57], abs=1)


async def test_a_wait_beyond_the_deadline_fails_at_once() -> None:
    error, count = await told({"Retry-After": "3"}, deadline=Deadline.after(2))
    assert error.retry_at == NOW + timedelta(seconds=3)
    assert count == 1


# -- writes


@WRITES
@pytest.mark.parametrize("fault", [reset, reset_midway, truncated])
@pytest.mark.parametrize("warm", [False, True], ids=["new connection", "kept-alive connection"])
async def test_a_write_that_broke_is_sent_once_and_its_outcome_unknown(
    method: str, fault: Effect, warm: bool
) -> None:
    simulation = server(Fault(fault, at="/write"))
    async with serving(simulation) as url, line(url) as client:
        if warm:
            await client.get("/hello", Hello)
        with pytest.raises(OutcomeUnknownError, match="look before repeating it") as caught:
            await client.send(method, "/write", {"id": "pm_1"})
    assert (caught.value.provider, caught.value.account) == ("toy", "acct")
    assert [request.path for request in simulation.seen].count("/write") == 1


@WRITES
async def test_a_write_on_a_connection_that_the_server_dropped_reaches_it_once_at_most(
    method: str,
) -> None:
    got: list[bytes] = []

    async def drops(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        writer.write(
            b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{"hello": "hi"}'
        )
        await writer.drain()
        if head.startswith(b"GET"):
            got.append((await reader.readuntil(b"\r\n\r\n")).split()[0])

    async with tcp(drops) as url, line(url) as client:
        await client.get("/hello", Hello)
        with pytest.raises(OutcomeUnknownError):
            await client.send(method, "/write", {"id": "pm_1"})
    assert got == [method.encode()]


async def test_a_read_on_a_connection_that_the_server_dropped_is_an_attempt_like_any_other() -> (
    None
):
    """aiohttp would send it again by itself: not counted, and past the limit of requests."""
    got: list[bytes] = []

    async def drops(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        got.append((await reader.readuntil(b"\r\n\r\n")).split()[1])
        writer.write(
            b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{"hello": "hi"}'
        )
        await writer.drain()
        got.append((await reader.readuntil(b"\r\n\r\n")).split()[1])

    async with tcp(drops) as url, line(url, policy=RetryPolicy(attempts=1)) as client:
        await client.get("/hello", Hello)
        with pytest.raises(TransientError, match="closed it without an answer"):
            await client.get("/again", Hello)
    assert got == [b"/hello", b"/again"]


@WRITES
@pytest.mark.parametrize("code", [408, 425, 500, 502, 503, 504])
async def test_a_write_whose_answer_is_weather_has_an_unknown_outcome(
    method: str, code: int
) -> None:
    simulation = server(Fault(status(code, body={"request_id": "r-1"})))
    async with serving(simulation) as url, line(url) as client:
        with pytest.raises(OutcomeUnknownError) as caught:
            await client.send(method, "/write")
    assert (caught.value.status, caught.value.request_id) == (code, "r-1")
    assert len(simulation.seen) == 1


@WRITES
@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (400, RequestError),
        (401, CredentialsError),
        (403, ForbiddenError),
        (404, NotFoundError),
        (429, RateLimitedError),
    ],
)
async def test_a_write_that_was_refused_says_so_once(
    method: str, code: int, kind: type[ProviderError]
) -> None:
    simulation = server(Fault(status(code)))
    async with serving(simulation) as url, line(url) as client:
        with pytest.raises(kind):
            await client.send(method, "/write")
    assert len(simulation.seen) == 1


async def test_a_write_that_could_not_be_sent_is_tried_again() -> None:
    arrived: list[str] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        arrived.append((await reader.readuntil(b"\r\n\r\n")).decode().split()[0])
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")

    policy = RetryPolicy(attempts=50, backoff=0.05, backoff_max=0.05)
    with socket.socket() as bound:  # which listens later
        bound.bind(("127.0.0.1", 0))
        async with line(f"http://127.0.0.1:{bound.getsockname()[1]}", policy=policy) as client:
            writing = asyncio.create_task(client.send("POST", "/write"))
            await asyncio.sleep(0.1)
            assert not writing.done()
            async with tcp(answer, bound):
                assert await writing == b""
    assert arrived == ["POST"]


async def test_a_write_that_nobody_listens_for_is_unreachable_not_unknown() -> None:
    simulation = server(Fault(refused, times=1))
    async with serving(simulation) as url, line(url) as client:
        with pytest.raises(TransientError):
            await client.get("/hello", Hello)
        with pytest.raises(UnreachableError):
            await client.send("DELETE", "/write")
    assert len(simulation.seen) == 1


async def test_a_write_carries_json_and_gives_the_bytes() -> None:
    async def echo(request: web.Request) -> web.Response:
        return plain_json(
            [
                request.method,
                request.content_type,
                await request.json() if request.can_read_body else None,
            ]
        )

    async with serving(server(write=echo)) as url, line(url) as client:
        assert (
            await client.send("POST", "/write", {"id": "pm_ü"})
            == '["POST","application/json",{"id":"pm_ü"}]'.encode()
        )
        assert (
            await client.send("DELETE", "/write") == b'["DELETE","application/octet-stream",null]'
        )


async def test_a_write_that_is_refused_under_a_good_status_is_refused() -> None:
    body = {"error": "declined", "code": "declined", "message": "the card was declined"}
    simulation = server(Fault(status(200, body=body)))
    async with serving(simulation) as url, line(url) as client:
        with pytest.raises(ProviderError, match="200 the card was declined"):
            await client.send("POST", "/write")
    assert len(simulation.seen) == 1


async def test_a_write_with_an_endless_answer_is_too_large() -> None:
    simulation = server(Fault(endless))
    async with serving(simulation) as url, line(url, max_body=100_000) as client:
        with pytest.raises(TooLargeError, match="is over 0"):
            await client.send("POST", "/write")
    assert len(simulation.seen) == 1


# -- documents


PDF = b"%PDF-1.7\n" + bytes(range(256)) * 2000


async def pdf(request: web.Request) -> web.Response:
    return web.Response(body=PDF, content_type="application/pdf")


async def read(client: Client) -> bytes:
    return b"".join([chunk async for chunk in client.download("/pdf", [("v", "1")])])


async def test_a_document_streams() -> None:
    simulation = server(pdf=pdf)
    async with serving(simulation) as url, line(url) as client:
        assert await read(client) == PDF
    assert simulation.seen[0].headers["Accept"] == "application/pdf, */*;q=0.1"
    assert simulation.seen[0].query_string == "v=1"


@pytest.mark.parametrize("fault", [status(503), reset, html(502), throttled(0)])
async def test_opening_a_document_is_retried(fault: Effect) -> None:
    simulation = server(Fault(fault, times=2), pdf=pdf)
    async with serving(simulation) as url, line(url) as client:
        assert await read(client) == PDF
    assert len(simulation.seen) >= 3


@pytest.mark.parametrize("fault", [truncated, reset_midway])
async def test_a_document_that_broke_is_not_taken_for_whole(fault: Effect) -> None:
    simulation = server(Fault(fault), pdf=pdf)
    async with serving(simulation) as url, line(url) as client:
        with pytest.raises(TransientError):
            await read(client)
    assert len(simulation.seen) == 1


async def test_a_compressed_document_that_ends_early_is_not_taken_for_whole() -> None:
    async def cut(request: web.Request) -> web.Response:
        return web.Response(body=gzip.compress(PDF)[:-9], headers={"Content-Encoding": "gzip"})

    async with serving(server(pdf=cut)) as url, line(url) as client:
        with pytest.raises(DriftError, match="ends in the middle of its compression"):
            await read(client)


async def test_a_part_of_a_document_is_not_taken_for_whole() -> None:
    async def part(request: web.Request) -> web.Response:
        return web.Response(body=PDF[:99], status=206, headers={"Content-Range": "bytes 0-98/999"})

    async with serving(server(pdf=part)) as url, line(url) as client:
        with pytest.raises(DriftError, match="206 Partial Content: the document is not whole"):
            await read(client)


async def test_a_document_that_is_not_there_is_named() -> None:
    async with serving(server(Fault(status(404)))) as url, line(url) as client:
        with pytest.raises(NotFoundError):
            await read(client)


async def test_a_document_has_a_cap() -> None:
    async with serving(server(pdf=pdf)) as url, line(url, max_body=len(PDF) - 1) as client:
        with pytest.raises(TooLargeError, match="is over 0"):
            await read(client)
    async with serving(server(pdf=pdf)) as url, line(url, max_body=len(PDF)) as client:
        assert await read(client) == PDF


async def test_a_document_left_early_frees_its_place() -> None:
    async with (
        serving(server(Fault(endless, at="/pdf"))) as url,
        line(url, concurrency=1) as client,
    ):
        chunks = client.download("/pdf")
        assert await anext(chunks)
        await chunks.aclose()
        assert await client.get("/hello", Hello) == Hello("world")


def test_documents_count_for_the_rate_limit() -> None:
    async def main() -> float:
        async with serving(server(pdf=pdf)) as url, line(url, limiter=rate_limiter(4)) as client:
            start = asyncio.get_running_loop().time()
            await read(client)
            await read(client)
            return asyncio.get_running_loop().time() - start

    assert hurried(main) == pytest.approx(20, abs=1)


# -- sessions


async def test_a_borrowed_session_is_not_closed_and_keeps_its_own_headers() -> None:
    simulation = server()
    async with (
        serving(simulation) as url,
        aiohttp.ClientSession(headers={"User-Agent": "theirs/1"}) as session,
    ):
        async with line(url, session) as client:
            await client.get("/hello", Hello)
        assert not session.closed
    assert simulation.seen[0].headers["User-Agent"] == "theirs/1"


async def test_a_borrowed_session_that_raises_for_status_changes_no_error() -> None:
    simulation = server(Fault(status(404, body={"code": "gone"})))
    async with (
        serving(simulation) as url,
        aiohttp.ClientSession(raise_for_status=True) as session,
        line(url, session) as client,
    ):
        with pytest.raises(NotFoundError) as caught:
            await client.get("/hello", Hello)
    assert caught.value.code == "gone"
    assert len(simulation.seen) == 1


async def test_an_owned_session_is_closed() -> None:
    async with serving(server()) as url, line(url) as client:
        await client.get("/hello", Hello)
        session = client.exchange.transport.session
        assert not session.closed
    assert session.closed


async def test_cookies_are_not_kept() -> None:
    async def cookie(request: web.Request, handler) -> web.StreamResponse:
        response = await handler(request)
        response.set_cookie("session", "1")
        return response

    simulation = server(Fault(cookie))
    async with serving(simulation) as url, line(url) as client:
        await client.get("/hello", Hello)
        await client.get("/hello", Hello)
    assert [request.cookies for request in simulation.seen] == [{}, {}]


async def test_connections_are_kept_alive_between_requests() -> None:
    simulation = server(Fault(status(500), times=2))
    async with serving(simulation) as url, line(url) as client:
        for _ in range(3):
            await client.get("/hello", Hello)
    assert len({id(request.transport) for request in simulation.seen}) == 1


async def test_words_of_another_coding_can_still_be_written() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(
            "HTTP/1.1 403 ung\xfcltig\r\nX-Request-Id: \xff1\r\nContent-Length: 0\r\n\r\n".encode(
                "latin-1"
            )
        )
        await writer.drain()

    async with tcp(answer) as url, line(url) as client:
        with pytest.raises(ForbiddenError) as caught:
            await client.get("/hello", Hello)
    assert (caught.value.message, caught.value.request_id) == (
        "403 Forbidden; the token lacks the permission",
        "?1",
    )


# -- how many at once


class Crowd:
    """Count how many requests are at the server at a time, by a clock that waits for the last."""

    def __init__(self) -> None:
        self.here = self.most = 0

    async def answer(self, request: web.Request) -> web.Response:
        self.here += 1
        self.most = max(self.most, self.here)
        await asyncio.sleep(1)
        self.here -= 1
        return plain_json({"hello": "world"})


@pytest.mark.parametrize(
    ("options", "most"),
    [({"concurrency": 3, "at_once": 100}, 3), ({"at_once": 2}, 2)],
    ids=["over all accounts", "per account"],
)
def test_requests_under_way_are_bounded(options: dict[str, int], most: int) -> None:
    async def main() -> int:
        crowd = Crowd()
        async with serving(server(hello=crowd.answer)) as url, line(url, **options) as client:
            await asyncio.gather(*(client.get("/hello", Hello) for _ in range(20)))
        return crowd.most

    assert hurried(main) == most


async def test_replies_that_arrive_together_do_not_hold_the_loop_for_all_of_them() -> None:
    together = asyncio.Barrier(60)
    turn, decoded = 0, Counter[int]()

    async def answer(request: web.Request) -> web.Response:
        await together.wait()
        return plain_json({"hello": "world" * 800})

    async def others() -> None:
        nonlocal turn
        while True:
            turn += 1
            await asyncio.sleep(0)

    async with (
        serving(server(hello=answer)) as url,
        line(url, at_once=60) as client,
    ):

        async def one() -> None:
            await client.get("/hello", Hello)
            decoded[turn] += 1

        counting = asyncio.create_task(others())
        await asyncio.gather(*(one() for _ in range(60)))
        counting.cancel()
    assert decoded.total() == 60
    assert (
        max(decoded.values()) <= 16
    )  # eight of 4 KiB in a turn, seen from a task that may stand in the middle of two


async def test_a_wait_before_another_try_blocks_nobody() -> None:
    arrived = asyncio.Event()

    async def later(request: web.Request) -> web.Response:
        arrived.set()
        return plain_json({}, status=429, headers={"Retry-After": "2"})

    async with (
        serving(server(later=later)) as url,
        line(url, concurrency=1, at_once=1) as client,
    ):
        waiting = asyncio.create_task(client.get("/later", Hello))
        await arrived.wait()
        assert await asyncio.wait_for(client.get("/hello", Hello), 30) == Hello("world")
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting


async def test_cancelling_a_request_frees_its_place_at_once() -> None:
    arrived = asyncio.Event()

    async def never(request: web.Request) -> web.Response:
        arrived.set()
        await asyncio.sleep(30)
        raise AssertionError("nobody waits that long")

    async with serving(server(never=never)) as url, line(url, concurrency=1) as client:
        waiting = asyncio.create_task(client.get("/never", Hello))
        await arrived.wait()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert await asyncio.wait_for(client.get("/hello", Hello), 30) == Hello("world")


def test_the_time_is_the_clocks() -> None:
    async def main() -> datetime:
        async with line("https://x.example", clock=lambda: NOW) as client:
            return client.now()

    assert asyncio.run(main()) == NOW
