"""What reading costs, in counted work: it does not depend on the machine, so it can have a budget.

A call is a function of ours begun or resumed, or a C function called from one. The budgets are what
the work took when they were written, and a tenth more. Spending less is progress: lower them. To
spend more, say in the change what it buys.
"""

import gc
import json
import sys
import tracemalloc
from collections.abc import Callable
from contextlib import aclosing
from types import FrameType
from typing import Any

import pytest
from attrs import evolve

from billfold import Account, Billfold, Charge, Secret
from billfold.adapter import Reading, Readings
from billfold.costs import CostView, cost_view, priced_lines
from billfold.http.client import Client
from billfold.wire import decode
from billfold.wire.announced import in_body
from billfold_bnerd import month
from billfold_bnerd.usage import decode_usage
from billfold_harmont import Harmont
from billfold_harmont import parse as harmont
from billfold_harmont import wire as harmont_wire
from billfold_latitude import parse as latitude
from billfold_latitude import wire as latitude_wire
from billfold_latitude.usage import usage as cycle_usage
from support import costs
from support.canned import Canned
from support.lines import Hello, line
from support.mocked import Mocked
from support.replies import reply
from support.toys import OCTOBER, fold_of_toys, usage

CALLS_PER_ENTRY = 4.7
# The same, and what else the facade does with a page of a hundred, its request included.
CALLS_PER_ANSWERED_ENTRY = 7.8
# One of them lets an odd value beside a price lose no bill, two look for what tags may not show.
CALLS_PER_LINE = 40
# Of which 15 look for money that is not read, pages and errors, two for a body that is small and
# would fill memory and time, three for a place that another origin
# cannot take, and one for what the replies of a call may hold together. The account's places are
# ours, and counted, where asyncio's semaphore was not. Two look for a unit that is a currency,
# and one asks who reads pages, so that only a list's last page is searched for a next one. Six keep
# the time of all requests by one timer, where aiohttp's own, which are not counted, were thirty. Nine
# go through the members of an object, which takes more calls than a loop, and half its steps.
CALLS_PER_REQUEST = 64
CALLS_PER_COST = 32
# Entries of the same amount hold one; the page has few.
BLOCKS_PER_ENTRY = 4.2
BYTES_PER_ENTRY = 340
STREAM_BYTES = 64 * 1024
# Of which a thirty-second is the part that is not added yet, whole and in pieces.
TEXT_MEMORY = 1.2


class Counter:
    """Counts calls made by our own code while it is on."""

    def __init__(self) -> None:
        self.calls = 0

    def __enter__(self) -> "Counter":
        sys.setprofile(self._count)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    def _count(self, frame: FrameType, event: str, _: Any) -> None:
        ours = frame.f_globals.get("__name__", "").startswith(
            "billfold"
        ) or frame.f_code.co_filename.startswith("<attrs generated")
        if ours and event in ("call", "c_call"):
            self.calls += 1


class Lines:
    """Counts lines of our own code that run while it is on: those of loops that call nothing, too."""

    def __init__(self) -> None:
        self.run = 0

    def __enter__(self) -> "Lines":
        sys.settrace(self._count)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(None)

    def _count(self, frame: FrameType, event: str, _: Any) -> Any:
        self.run += event == "line"
        return self._count if frame.f_globals.get("__name__", "").startswith("billfold") else None


def calls_of(work: Callable[[], object]) -> int:
    work()
    with Counter() as counter:
        work()
    return counter.calls


def ledger_page() -> bytes:
    """A hundred entries of the recorded kinds, with ids of their own."""
    page = json.loads(reply("harmont", "list_billing_transactions_first_page"))
    rows = page["data"]
    return json.dumps(
        {
            "data": [
                rows[n % len(rows)] | {"id": f"{n:08}-7e0b-4a93-b5d8-16f2a90e3c74"}
                for n in range(100)
            ]
        }
    ).encode()


def read_ledger() -> object:
    return harmont.ledger_entries("acme", decode(LEDGER, harmont_wire.Transactions).data, None)


async def test_an_entry_of_an_answer_keeps_its_budget() -> None:
    session: Any = Canned({"/api/v0/billing/transactions/acme": [LEDGER]})
    account = Account("a", Harmont(org="acme"), Secret("token"))
    async with Billfold([account], session=session) as fold:
        await fold.ledger()
        with Counter() as counter:
            answer = await fold.ledger(strict=True)
    assert len(answer.items) == 100
    assert 0 < counter.calls / 100 <= CALLS_PER_ANSWERED_ENTRY


def latitude_cycle() -> bytes:
    """A hundred lines of the recorded kinds, with ids of their own."""
    bill = json.loads(reply("latitude", "get_billing_usage_busy_cycle"))
    attributes = bill["data"]["attributes"]
    lines = attributes["products"]
    attributes["products"] = [lines[n % len(lines)] | {"id": f"si_{n}"} for n in range(100)]
    return json.dumps(bill).encode()


def read_cycle() -> object:
    project = decode(reply("latitude", "get_project_one"), latitude_wire.ProjectReply).data
    bill = latitude.billing(project, decode(CYCLE, latitude_wire.Usage))
    return cycle_usage(project, latitude.payer(project), "USD", None, bill)[0]


LEDGER, CYCLE = ledger_page(), latitude_cycle()


def test_reading_a_ledger_page_keeps_its_budget() -> None:
    assert 0 < calls_of(read_ledger) / 100 <= CALLS_PER_ENTRY


def test_reading_a_latitude_cycle_keeps_its_budget() -> None:
    assert 0 < calls_of(read_cycle) / 100 <= CALLS_PER_LINE


def cost_of(*charges: Charge) -> CostView:
    usage = costs.answer(*charges)
    lines = priced_lines(usage)
    return cost_view(usage, lines, by=("service", "sub_account", "day"), currency=None)


def test_a_view_of_costs_keeps_its_budget() -> None:
    day = costs.OCTOBER.start.date()
    charges = [costs.charge("1.00 EUR", day=day, service=f"s{n % 7}") for n in range(700)]
    assert cost_of(*charges).native["EUR"].amount == 700
    assert 0 < calls_of(lambda: cost_of(*charges)) / 700 <= CALLS_PER_COST


def test_a_map_of_things_announces_no_pages_without_a_look_at_each_of_them() -> None:
    things = {f"srv_{number}": {"cost": number, "plan": {"id": 1}} for number in range(1000)}
    body = {"data": things}
    assert in_body(body) is None
    assert 0 < calls_of(lambda: in_body(body)) <= 1100


def test_the_collector_does_not_look_at_the_lines_of_a_view() -> None:
    (line,) = priced_lines(costs.answer(costs.charge("1.00 EUR")))
    assert not gc.is_tracked(line)


def bnerd_usage(rows: int) -> bytes:
    """Rows of the recorded kinds, of ten projects, each with a product of its own or none."""
    recorded = json.loads(reply("bnerd", "get_billing_usage_october"))
    return json.dumps(
        [
            recorded[n % len(recorded)]
            | {"product_id": f"p{n}" if n % 5 else None, "project_id": f"project {n % 10}"}
            for n in range(rows)
        ]
    ).encode()


def test_four_times_the_rows_of_bnerd_take_four_times_the_calls() -> None:
    few, many = bnerd_usage(100), bnerd_usage(400)
    assert calls_of(lambda: decode_usage(many)) <= 4.2 * calls_of(lambda: decode_usage(few))


@pytest.mark.parametrize("name", ["Subtotal", "Total compute", "Net"])
@pytest.mark.parametrize("in_projects", [False, True])
def test_four_times_the_totals_of_bnerd_take_four_times_the_calls(
    name: str, *, in_projects: bool
) -> None:
    def body(count: int) -> bytes:
        costs = [{"cents": 100 * of, "currency_iso": "EUR"} for of in (1, 2, 3)]
        rows = [
            {"product": product, "cost": cost} | ({"project": f"p{n}"} if in_projects else {})
            for n in range(count)
            for product, cost in zip(("VM", "Disk", name), costs, strict=True)
        ]
        return json.dumps(rows).encode()

    few, many = body(100), body(400)
    assert calls_of(lambda: decode_usage(many)) <= 4.2 * calls_of(lambda: decode_usage(few))


def test_four_times_the_stated_totals_of_bnerd_take_four_times_the_calls() -> None:
    def body(count: int) -> bytes:
        costs = [{"cents": 100 * of, "currency_iso": "EUR"} for of in (1, 2, 3)]
        rows = [
            {"product": "VM", "server": server, "cost": cost}
            for server, cost in zip(("a", "b", None), costs, strict=True)
        ]
        projects = [{"project": f"p{n}", "total": costs[2], "usage": rows} for n in range(count)]
        return json.dumps({"projects": projects}).encode()

    few, many = body(100), body(400)
    assert calls_of(lambda: decode_usage(many)) <= 4.2 * calls_of(lambda: decode_usage(few))


def test_four_times_the_totals_over_a_months_rows_take_four_times_the_lines() -> None:
    def lines_of(count: int) -> int:
        costs = [{"cents": cents, "currency_iso": "EUR"} for cents in (100, 200, 400)]
        rows = [{"product": "VM", "cost": costs[0]}, {"product": "Disk", "cost": costs[1]}]
        projects = [{"project": f"p{n}", "total": costs[2], "usage": rows} for n in range(count)]
        stated = decode_usage(json.dumps({"projects": projects}).encode())
        with Lines() as lines:
            month.usage("org", None, OCTOBER, stated)
        return lines.run

    assert lines_of(100) <= 4.2 * lines_of(25)


def test_a_long_answer_is_written_with_little_more_memory_than_its_text() -> None:
    day = costs.OCTOBER.start.date()
    charges = [costs.charge("1.00 EUR", day=day, service=f"s{n}") for n in range(20)]
    answer = costs.answer(*charges)
    answer = evolve(answer, items=answer.items * 200)
    answer.to_json()
    tracemalloc.start()
    text = answer.to_json()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(text) > 2**20
    assert peak <= TEXT_MEMORY * len(text)


async def test_a_request_keeps_its_budget(mocked: Mocked) -> None:
    mocked.add("https://api.example/hello", body=b'{"hello": "world"}', repeat=True)
    async with line("https://api.example") as client:
        await client.get("/hello", Hello)
        with Counter() as counter:
            await client.get("/hello", Hello)
    assert 0 < counter.calls <= CALLS_PER_REQUEST


def _blocks_held() -> float:
    gc.collect()
    blocks = sys.getallocatedblocks()
    held = [read_ledger() for _ in range(20)]
    return (sys.getallocatedblocks() - blocks) / (100 * len(held))


def test_a_held_entry_keeps_its_budget_of_memory() -> None:
    read_ledger()
    assert (
        0 < min(_blocks_held() for _ in range(5)) <= BLOCKS_PER_ENTRY
    )  # what else runs meanwhile can only add
    tracemalloc.start()
    try:
        held = [read_ledger() for _ in range(20)]
        assert 0 < tracemalloc.get_traced_memory()[0] / 2_000 <= BYTES_PER_ENTRY
    finally:
        tracemalloc.stop()
    assert len(held) == 20


async def test_a_stream_of_charges_does_not_grow() -> None:
    async def tell(client: Client) -> Readings[Any]:
        for part in range(100):
            yield Reading((usage(*["1"] * 200, name=f"p{part}-"),), OCTOBER)

    seen, early = 0, 0
    async with fold_of_toys(tell) as fold:
        tracemalloc.start()
        try:
            async with aclosing(aiter(fold.charges())) as charges:
                async for _ in charges:
                    seen += 1
                    if seen == 2_000:
                        early = tracemalloc.get_traced_memory()[1]
            growth = tracemalloc.get_traced_memory()[1] - early
        finally:
            tracemalloc.stop()
    assert seen == 20_000
    assert growth < STREAM_BYTES
