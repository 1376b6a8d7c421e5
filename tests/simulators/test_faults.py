"""The vocabulary of faults does what its names say, to any provider; here to a toy."""

import asyncio
import gc
import json
import socket
import time
import warnings
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from decimal import Decimal

import aiohttp
import pytest
from aiohttp import web

from billfold import ConfigError
from billfold.simulators import Habits, Handler, PagedRoute, Sample, Simulation, plain_json, serving
from billfold.simulators.faults import Fault, named, refused, reset, slow, status, throttled_in_body
from billfold.simulators.faults.names import FAULTS
from billfold.simulators.json_text import Members, Number, parse, places, write
from billfold.testing.laws.faults import EXPECTATIONS
from billfold.wire.rows import shown_rows

HEADERS = {"Authorization": "Bearer toy-token-0123456789"}
ROWS = [{"id": f"r{number}", "name": "x", "cost": number} for number in range(5)]


def toy() -> Simulation:
    def refuse(code: int) -> web.Response:
        return plain_json({"error": {"message": f"refused {code}"}}, status=code)

    async def rows(request: web.Request) -> web.Response:
        start, size = int(request.query.get("cursor", "0")), int(request.query.get("limit", "5"))
        following = str(start + size) if start + size < len(ROWS) else None
        return plain_json({"rows": ROWS[start : start + size], "next": following})

    async def numbered(request: web.Request) -> web.Response:
        number, size = int(request.query.get("page", "1")), int(request.query.get("size", "5"))
        return plain_json({"rows": ROWS[(number - 1) * size : number * size]})

    async def bill(request: web.Request) -> web.Response:
        return plain_json(
            {
                "total_cents": 1234,
                "status": "open",
                "text": "12.50",
                "lines": [{"amount": "1.10"}, {"amount": "2"}],
            }
        )

    return Simulation(
        "toy",
        (Sample("toy", "toy-token-0123456789"),),
        [
            web.get("/bill", bill),
            web.get("/bill/{id}", bill),
            web.get("/rows", rows),
            web.get("/numbered", numbered),
        ],
        refuse,
        Habits(
            throttle=lambda seconds: plain_json({"wait": seconds}, status=429),
            pages=(
                PagedRoute("/rows", "rows", "cursor", "limit", cursor="next"),
                PagedRoute("/numbered", "rows", "page", "size"),
            ),
        ),
    )


@asynccontextmanager
async def asking(*faults: Fault) -> AsyncIterator[Callable[..., object]]:
    """Give a function that asks for a path and returns the status, the headers and the body."""
    simulation = toy()
    simulation.faults += faults
    async with serving(simulation) as url, aiohttp.ClientSession(headers=HEADERS) as session:

        async def ask(path: str = "/bill"):
            async with session.get(url + path, allow_redirects=False) as response:
                return response.status, response.headers, await response.read()

        yield ask


async def answer(text: str, path: str = "/bill"):
    async with asking(named(text)) as ask:
        _, _, body = await ask(path)
    return json.loads(body)


async def follow(text: str, count: int = 4) -> list[list[str]]:
    """Follow the cursors for some pages."""
    async with asking(named(text)) as ask:
        pages, path = [], "/rows"
        for _ in range(count):
            _, _, body = await ask(path)
            page = json.loads(body)
            pages.append([row["id"] for row in page["rows"]] + [f"-> {page['next']}"])
            if page["next"] is None:
                break
            path = f"/rows?cursor={page['next']}"
    return pages


def test_every_fault_is_tried_by_the_conformance_suite() -> None:
    with_own_laws = {"null", "wrong-type", "tampered", "restated", "backwards", "new-values"}
    with_own_laws |= {"extra-amount", "extra-rows", "more-pages", "other-currency", "total-row"}
    with_own_laws |= {"voided"}
    with_own_laws |= {"wider-window", "fewer-rows"}
    assert {name.split("=")[0] for name in EXPECTATIONS} | with_own_laws == set(FAULTS)


@pytest.mark.parametrize(
    "text",
    [
        *EXPECTATIONS,
        "null=total_cents",
        "wrong-type=$.total_cents",
        "tampered=$.total_cents",
        "restated=2",
        "extra-amount",
        "extra-rows",
        "more-pages=total",
        "more-pages=one-more",
        "other-currency",
        "voided",
        "total-row",
    ],
)
def test_every_name_makes_a_fault(text: str) -> None:
    fault = named(f"{text}:/bill:3")
    assert (fault.at, fault.times, fault.skip) == ("/bill", 3, 0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("slo", "did you mean 'slow'"),
        ("help", r"there are:\n  status=CODE  +Answer a status with"),
        ("status=abc", "takes CODE, not 'abc'"),
        ("status=99", "takes CODE, not '99'"),
        ("restated=x", "takes FACTOR"),
        ("more-pages=x", "takes FORM, not 'x'"),
        ("null", "needs a value: null=PLACE"),
        ("slow=", "needs a value: slow=SECONDS"),
        ("nan=1", "takes no value"),
        ("reset:balance", "write NAME"),
        ("Reset", "write NAME"),
        ("", "write NAME"),
    ],
)
def test_what_is_no_fault_says_what_to_write(text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        named(text)


async def test_a_fault_strikes_where_and_as_often_as_it_should() -> None:
    async with asking(Fault(status(503), at="/bill", skip=1, times=2)) as ask:
        assert [
            (await ask(path))[0] for path in ("/rows", "/bill", "/bill", "/rows", "/bill", "/bill")
        ] == [
            200,
            200,
            503,
            200,
            503,
            200,
        ]


async def test_a_fault_can_strike_a_whole_route() -> None:
    async with asking(Fault(status(503), at="/bill/{id}")) as ask:
        assert [(await ask(path))[0] for path in ("/bill", "/bill/1", "/bill/2")] == [200, 503, 503]


async def test_a_status_speaks_the_providers_language_or_what_it_is_given() -> None:
    async with asking(
        Fault(status(418), times=1), Fault(status(200, body={"a": 1}, headers={"X-A": "b"}))
    ) as ask:
        assert json.loads((await ask())[2]) == {"error": {"message": "refused 418"}}
        code, headers, body = await ask()
    assert (code, headers["X-A"], json.loads(body)) == (200, "b", {"a": 1})


async def test_new_money_stands_beside_what_is_known() -> None:
    bill = await answer("extra-amount")
    assert bill["billfold_new_fee"] == 7.77
    assert [line["billfold_new_fee"] for line in bill["lines"]] == [7.77, 7.77]
    rows = (await answer("extra-rows", "/rows"))["rows"]
    assert [row["billfold_new_credits"][0]["value"] for row in rows] == [-7.77] * 5


async def test_a_last_row_adds_up_the_others_and_another_key_says_another_currency() -> None:
    lines = (await answer("total-row"))["lines"]
    assert lines[2:] == [{"name": "Total", "description": "Total", "amount": 3.1}]
    rows = (await answer("total-row", "/rows"))["rows"]
    assert rows[-1] == {"name": "Total", "description": "Total", "cost": 10}
    assert {
        row["invoice_currency"] for row in (await answer("other-currency", "/rows"))["rows"]
    } == {"ISK"}


async def test_one_row_more_is_announced_than_there_is() -> None:
    async with asking(named("more-pages=one-more")) as ask:
        assert (await ask("/rows"))[1]["X-Total-Count"] == "6"


async def test_more_pages_are_announced_by_headers_a_status_or_the_body() -> None:
    async with asking(named("more-pages=link:/rows"), named("more-pages=206:/bill")) as ask:
        code, headers, _ = await ask("/rows")
        assert (code, 'rel="next"' in headers["Link"]) == (200, True)
        assert (await ask("/bill"))[0] == 206
    assert (await answer("more-pages=more"))["has_more"] is True
    assert (await answer("more-pages=pages"))["meta"]["page"]["current"] == 1
    assert (await answer("more-pages=list-next", "/rows"))["rows_next"] == "/billfold-new?page=2"
    full = await answer("more-pages=full")
    assert (full["page"], full["per_page"]) == (1, shown_rows(full))


async def test_an_error_can_come_under_a_good_status() -> None:
    async with asking(named("error-200")) as ask:
        code, _, body = await ask()
    assert (code, json.loads(body)) == (200, {"error": {"message": "refused 500"}})


@pytest.mark.parametrize(
    ("text", "retry_after"),
    [
        ("throttled=7", "7"),
        ("throttled-day", "86400"),
        ("throttled-silent", None),
        ("throttled-body=9", None),
    ],
)
async def test_throttling_says_how_long_in_its_own_way(text: str, retry_after: str | None) -> None:
    async with asking(named(text)) as ask:
        code, headers, body = await ask()
    assert (code, headers.get("Retry-After")) == (429, retry_after)
    assert (json.loads(body).get("wait") == 9) == (text == "throttled-body=9")


async def test_a_provider_that_never_says_how_long_says_nothing_in_the_body_either() -> None:
    simulation = toy()
    simulation.habits = Habits()
    simulation.faults.append(Fault(throttled_in_body(5)))
    async with (
        serving(simulation) as url,
        aiohttp.ClientSession() as session,
        session.get(f"{url}/bill") as response,
    ):
        assert await response.json() == {"error": {"message": "refused 429"}}


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("reset", aiohttp.ServerDisconnectedError),
        ("reset-midway", aiohttp.ClientPayloadError),
        ("truncated", aiohttp.ClientPayloadError),
    ],
)
async def test_a_connection_breaks_as_named(text: str, error: type[Exception]) -> None:
    async with asking(named(text)) as ask:
        with pytest.raises(error):
            await ask()


async def test_a_closed_port_refuses_whoever_comes_again() -> None:
    async with asking(named("refused")) as ask:
        with pytest.raises(
            aiohttp.ClientError
        ):  # cut off, or refused when aiohttp itself comes again
            await ask()
        with pytest.raises(aiohttp.ClientConnectorError):
            await ask()


@pytest.mark.parametrize("passes", range(5))
async def test_whoever_is_let_in_while_the_port_closes_is_cut_off_and_left_to_nobody(
    passes: int,
) -> None:
    late: list[socket.socket] = []

    async def effect(request: web.Request, handler: Handler) -> web.StreamResponse:
        late.append(socket.create_connection(request.transport.get_extra_info("sockname")))
        for _ in range(passes):
            await asyncio.sleep(0)
        return await refused(request, handler)

    with warnings.catch_warnings(record=True) as caught:
        async with asking(Fault(effect, times=1)) as ask:
            with pytest.raises(aiohttp.ClientError):
                await ask()
            with pytest.raises(aiohttp.ClientConnectorError):
                await ask()
        gc.collect()
    with late[0] as connection, suppress(ConnectionResetError):
        assert connection.recv(1) == b""
    assert not caught


async def test_slow_and_dripping_answers_are_right_in_the_end() -> None:
    async with asking(Fault(slow(0.05), times=1), named("drip=0.0005")) as ask:
        began = time.monotonic()
        first = await ask()
        assert time.monotonic() - began >= 0.05
        assert (await ask())[2] == first[2]


async def test_content_is_changed_and_the_rest_of_it_kept() -> None:
    assert await answer("restated=2.5") == {
        "total_cents": 3085,
        "status": "open",
        "text": "12.50",
        "lines": [{"amount": "2.750"}, {"amount": "5.0"}],
    }
    assert (await answer("tampered=$.lines[].amount"))["lines"] == [
        {"amount": "2.10"},
        {"amount": "2"},
    ]
    assert (await answer("null=$.lines[].amount"))["lines"] == [{"amount": None}, {"amount": None}]
    assert (await answer("null=status"))["status"] is None
    assert (await answer("wrong-type=$.lines"))["lines"] == "wrong type"
    assert (await answer("wrong-type=total_cents"))["total_cents"] == {"wrong": "type"}
    assert (await answer("new-values"))["status"] == "billfold_new_value"
    assert list(await answer("new-fields")) == [
        "billfold_new_field",
        "total_cents",
        "status",
        "text",
        "lines",
    ]
    assert (await answer("backwards"))["lines"] == [{"amount": "2"}, {"amount": "1.10"}]
    assert (await answer("huge"))["total_cents"] == int("7" * 400)


async def test_content_that_is_not_json_any_more_is_not() -> None:
    bodies = {}
    for text in (
        "nan",
        "infinite",
        "duplicate-keys",
        "not-utf8",
        "cut",
        "empty",
        "html=200",
        "nested",
    ):
        async with asking(named(text)) as ask:
            bodies[text] = (await ask())[2]
    assert b'"total_cents":NaN' in bodies["nan"]
    assert b'"total_cents":-Infinity' in bodies["infinite"]
    assert bodies["duplicate-keys"].count(b'"total_cents"') == 2
    assert b'"status":"\xffopen"' in bodies["not-utf8"]
    assert bodies["nested"].count(b"[") > 100_000
    assert bodies["empty"] == b""
    assert bodies["html=200"].startswith(b"<html>")
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        json.loads(bodies["cut"])


async def test_pages_go_wrong_as_named() -> None:
    assert await follow("short-pages") == [
        ["r0", "r1", "-> 2"],
        ["r2", "r3", "-> 4"],
        ["r4", "-> None"],
    ]
    assert [page[-1] for page in await follow("same-cursor")] == ["-> 2"] * 4
    assert [page[-1] for page in await follow("two-cursors")] == ["-> 2", "-> 4", "-> 2", "-> 4"]
    assert await follow("ignored-page", 3) == [["r0", "r1", "-> 2"]] * 3
    assert await follow("repeated-rows") == [
        ["r0", "r1", "-> 2"],
        ["r1", "r2", "r3", "-> 4"],
        ["r3", "r4", "-> None"],
    ]
    assert await follow("lost-page") == [["r0", "r1", "-> 2"], ["-> 4"], ["r4", "-> None"]]


async def test_a_row_that_comes_again_has_changed() -> None:
    async with asking(named("changed-rows")) as ask:
        await ask("/rows")
        page = json.loads((await ask("/rows?cursor=2"))[2])
    assert page["rows"][0] == {"id": "r1", "name": "billfold_new x", "cost": 1}


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("same-cursor", "0000"),
        ("ignored-page", "0000"),
        ("two-cursors", "0202"),
        ("short-pages", "024-"),
    ],
)
async def test_numbered_pages_go_wrong_too(text: str, numbers: str) -> None:
    firsts = ""
    async with asking(named(text)) as ask:
        for number in range(1, 5):
            rows = json.loads((await ask(f"/numbered?page={number}"))[2])["rows"]
            firsts += rows[0]["id"][1:] if rows else "-"
    assert firsts == numbers


async def test_a_list_of_one_page_is_given_a_cursor_to_repeat() -> None:
    simulation = toy()
    simulation.habits = Habits(
        pages=(PagedRoute("/bill", "lines", "cursor", "limit", cursor="next"),)
    )
    simulation.faults.append(named("same-cursor"))
    async with serving(simulation) as url, aiohttp.ClientSession(headers=HEADERS) as session:
        cursors = []
        for query in ("", "?cursor=cursor-a"):
            async with session.get(f"{url}/bill{query}") as response:
                cursors.append((await response.json())["next"])
    assert cursors == ["cursor-a", "cursor-a"]


async def test_an_echo_repeats_the_token_wherever_it_can() -> None:
    async with asking(named("echo=403")) as ask:
        code, headers, body = await ask()
    assert code == 403
    assert json.loads(body) == {"error": {"message": HEADERS["Authorization"]}}
    assert headers["X-Request-Id"] == HEADERS["Authorization"]


async def test_a_client_that_gives_up_is_no_error_of_the_server(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with asking(named("endless")) as ask:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(ask(), 0.05)
        await asyncio.sleep(0.05)
    assert caplog.records == []


def test_numbers_keep_their_own_text() -> None:
    body = b"""{"a": 1.10, "b": [1E+2, -0, 12345678901234567890.10],
               "c": "\\u00e9\\n", "d": null, "e": true, "f": {}}"""
    assert write(parse(body)) == (
        '{"a":1.10,"b":[1E+2,-0,12345678901234567890.10],"c":"\u00e9\\n","d":null,"e":true,"f":{}}'
    )
    assert write({"a": Decimal("1.10"), "b": (Decimal("1E+2"),)}) == '{"a":1.10,"b":[100]}'
    assert write(Members([("a", Number("1")), ("a", Number("2"))])) == '{"a":1,"a":2}'
    assert [path for path, _ in places(parse(b'{"a": [{"b": 1}], "c": 2}'))] == [
        "$.a[].b",
        "$.a[]",
        "$.a",
        "$.c",
        "$",
    ]


async def test_a_reset_before_any_request_ever_answered_is_counted_too() -> None:
    simulation = toy()
    simulation.faults.append(Fault(reset, times=1))
    async with serving(simulation) as url, aiohttp.ClientSession(headers=HEADERS) as session:
        async with session.get(f"{url}/bill") as response:
            assert response.status == 200
        assert len(simulation.seen) == 2
        assert simulation.connections == 1
    assert simulation.connections == 0
