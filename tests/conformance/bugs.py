"""Bugs to plant in the example adapter, each with the law that it has to break."""

from attrs import frozen


@frozen
class Bug:
    """In a module of the example ``wrong`` is written for ``right``.

    ``law`` has to fail with ``message``. ``also`` are further places to edit: module, right, wrong.
    """

    module: str
    right: str
    wrong: str
    law: str
    message: str
    imports: str = ""
    also: tuple[tuple[str, str, str], ...] = ()


COST = "cost=money(line.cost, currency)"
BALANCE = 'reply = await client.get("/v1/balance", wire.WireBalance)'
STATED = "stated = money(bill.total, bill.currency)"
CHARGES = 'charges = parse_rows("$.items", lines, partial(charge, bill.currency))'
# Without it, a window that is ignored is an empty one.
OTHERS_LEFT_OUT = (
    "parse",
    "charges = tuple(each for each in charges if each.period.start in window)",
    "",
)
# Without it, that there were others is kept quiet, too.
OTHERS_TOLD = ("client", "Reading((), window, State.PARTIAL, outside)", "Reading((), window)")
LINES = "lines = [line async for rows in pages for line in rows]"
SETTLED = """with_residual(
        Usage(requested, window, charges, stated_total=stated),
        check="bill = lines",
        residual_id=f"residual@{utc_text(window.start)}",
        service="Acme",
    )"""
UNSETTLED = "Usage(requested, window, charges, stated_total=stated)"

BUGS = {
    "a cost through a float": Bug(
        "parse",
        COST,
        "cost=Money(Decimal(str(float(line.cost))), currency)",
        "exact",
        "law 1",
        "from decimal import Decimal",
    ),
    "a total through a float": Bug(
        "parse",
        "money(reply.amount, reply.currency)",
        "Money(Decimal(str(float(reply.amount))), reply.currency)",
        "exact",
        "law 1, exact: balances",
        "from decimal import Decimal",
    ),
    "a float in a record": Bug(
        "parse", "description=line.note", "tags={'hours': float(line.hours)}", "exact", "is a float"
    ),
    "the end of a window included": Bug(
        "client",
        '("to", utc_text(window.end))',
        '("to", utc_text(window.end + timedelta(seconds=1)))',
        "split",
        "law 7",
        "from datetime import timedelta",
        also=(OTHERS_LEFT_OUT, OTHERS_TOLD),
    ),
    "the window ignored": Bug(
        "client",
        "query = _bounds(window)",
        "query = _bounds(Period.month_of(window.start))",
        "covered",
        "law 7.*with a charge of",
        also=(OTHERS_LEFT_OUT, OTHERS_TOLD),
    ),
    "only the first page": Bug(
        "client",
        "lambda page: page.next",
        "lambda page: None",
        "fault short-pages",
        "law 4",
        also=(("client", "(usage,), window, state, pages.note)", "(usage,), window)"),),
    ),
    "a broken list taken for whole": Bug(
        "client",
        LINES,
        "lines = []\n        try:\n            async for rows in pages:\n"
        "                lines += rows\n"
        "        except DriftError:\n            pass",
        "fault same-cursor",
        "law 4",
        "from billfold.errors import DriftError",
    ),
    "a change between pages kept quiet": Bug(
        "client",
        "yield Reading((usage,), window, state, pages.note)",
        "yield Reading((usage,), window)",
        "fault changed-rows",
        "law 4",
    ),
    "records counted twice": Bug(
        "client",
        "lambda line: line.id",
        "lambda line, n=iter(range(10**6)): f'{line.id}{next(n)}'",
        "fault repeated-rows",
        "law 4",
    ),
    "the token in an error": Bug(
        "client",
        BALANCE,
        f"try:\n            {BALANCE}\n        except ProviderError as error:\n"
        "            raise type(error)(f'{error} with {client.token.reveal()}') from None",
        "secret",
        "law 8.*the token of shop is in an",
        "from billfold.errors import ProviderError",
    ),
    "the token in a log": Bug(
        "client",
        BALANCE,
        f"logging.getLogger('acme').debug(client.token.reveal())\n        {BALANCE}",
        "secret",
        "a log",
        "import logging",
    ),
    "the token in a URL": Bug(
        "client",
        BALANCE,
        'query = (("key", client.token.reveal()),)\n'
        '        reply = await client.get("/v1/balance", wire.WireBalance, query)',
        "secret",
        "a URL",
    ),
    "a failure turned to zero": Bug(
        "client",
        BALANCE,
        f"try:\n            {BALANCE}\n        except ProviderError:\n"
        "            reply = wire.WireBalance(Decimal(0), 'EUR')",
        "failing",
        "law 4.*called complete",
        "from decimal import Decimal\nfrom billfold.errors import ProviderError",
    ),
    "a failure without a word": Bug(
        "client",
        BALANCE,
        f"try:\n            {BALANCE}\n        except ProviderError:\n            return",
        "failing",
        "law 4",
        "from billfold.errors import ProviderError",
    ),
    "ids that are made up": Bug(
        "parse",
        "id=line.id",
        "id=f'{line.id}-{uuid4()}'",
        "stable",
        "law 3",
        "from uuid import uuid4",
    ),
    "ids by place in the list": Bug(
        "parse",
        CHARGES,
        f"{CHARGES}\n    charges = tuple(evolve(c, id=str(n)) for n, c in enumerate(charges))",
        "stable",
        "law 3, ids are stable.*by the place",
        "from attrs import evolve",
    ),
    "ids by what else is there": Bug(
        "parse",
        CHARGES,
        f"{CHARGES}\n    charges = tuple(evolve(c, id=str(n)) for n, c in enumerate("
        "sorted(charges, key=lambda c: (c.period, c.service))))",
        "stable",
        "law 3, ids are stable.*by the other rows",
        "from attrs import evolve",
    ),
    "ids by the window asked": Bug(
        "parse",
        CHARGES,
        f"{CHARGES}\n    charges = tuple(evolve(c, id=f'{{c.id}}/{{window}}') for c in charges)",
        "split",
        "law 3, ids are stable",
        "from attrs import evolve",
    ),
    "one id for everything": Bug(
        "parse", "id=line.id", "id=line.product", "stable", "two records share the id"
    ),
    "the loop blocked": Bug(
        "client",
        BALANCE,
        f"time.sleep(0.3)\n        {BALANCE}",
        "unblocked",
        "law 6",
        "import time",
    ),
    "the deadline ignored": Bug(
        "client",
        BALANCE,
        f"try:\n            {BALANCE}\n        finally:\n            try:\n"
        "                await asyncio.sleep(0.5)\n"
        "            finally:\n                await asyncio.sleep(0.5)",
        "fault slow",
        "law 6.*with a deadline of",
        "import asyncio",
    ),
    "cancellation swallowed": Bug(
        "client",
        BALANCE,
        f"try:\n            {BALANCE}\n        except asyncio.CancelledError:\n"
        f"            {BALANCE}",
        "cancelled",
        "law 6.*was cancelled",
        "import asyncio",
    ),
    "a task left behind": Bug(
        "client",
        BALANCE,
        'task = asyncio.create_task(client.get("/v1/balance", wire.WireBalance))\n'
        "        reply = await asyncio.shield(task)",
        "cancelled",
        "law 6.*tasks are still running",
        "import asyncio",
    ),
    "a watcher left behind": Bug(
        "client",
        LINES,
        f"_WATCHERS.append(asyncio.create_task(asyncio.sleep(3)))\n        {LINES}",
        "abandoned",
        "law 6.*the charges of fold.charges.. were left after 1, tasks are still running: sleep .at ",
        "import asyncio\n_WATCHERS = []",
    ),
    "a loop kept for the next run": Bug(
        "client",
        BALANCE,
        "_LOOPS.append(asyncio.get_running_loop())\n        _LOOPS[0].call_soon(print)\n"
        f"        {BALANCE}",
        "twice",
        "law 6.*in the second event loop",
        "import asyncio\n_LOOPS = []",
    ),
    "a coroutine never awaited": Bug(
        "client",
        BALANCE,
        f'client.get("/v1/bill", wire.WireBill)\n        {BALANCE}',
        "borrowed",
        "left behind: coroutine",
    ),
    "sums that do not add up": Bug(
        "parse", SETTLED, UNSETTLED, "conserved", "law 3, each cent once"
    ),
    "an unknown cost taken for zero": Bug(
        "parse",
        COST,
        "cost=Money(line.cost or Decimal(0), currency)",
        "nulls",
        "law 2",
        "from decimal import Decimal",
        also=(("wire", "    cost: Decimal\n    hours", "    cost: Decimal | None\n    hours"),),
    ),
    "records that cannot be read skipped": Bug(
        "parse",
        CHARGES,
        f"lines = [line for line in lines if isinstance(line.cost, Decimal)]\n    {CHARGES}",
        "wrong-types",
        "law 10.*invented a cost",
        "from decimal import Decimal",
        also=(
            (
                "wire",
                "    cost: Decimal\n    hours",
                "    cost: Decimal | dict[str, str]\n    hours",
            ),
        ),
    ),
    "drift tried again": Bug(
        "client",
        BALANCE,
        f"try:\n            {BALANCE}\n        except DriftError:\n            {BALANCE}",
        "fault html=200",
        "requested again",
        "from billfold.errors import DriftError",
    ),
    "an enum that is closed": Bug(
        "wire",
        "    product: str\n    cost: Decimal\n    hours",
        "    product: Literal['Anvil M']\n    cost: Decimal\n    hours",
        "open-world",
        "law 10",
        "from typing import Literal",
    ),
    "a cache over accounts": Bug(
        "client",
        BALANCE,
        f"if not _CACHE:\n            {BALANCE}\n            _CACHE.append(reply)\n"
        "        reply = _CACHE[0]",
        "exact",
        "law 1",
        "_CACHE = []",
    ),
    "a write while reading": Bug(
        "client",
        BALANCE,
        "try:\n            await client.send('POST', '/v1/balance')\n"
        f"        except RequestError:\n            {BALANCE}",
        "covered",
        "law 9",
        "from billfold.errors import RequestError",
    ),
    "a borrowed session closed": Bug(
        "client",
        BALANCE,
        f"{BALANCE}\n        await client.exchange.transport.session.close()",
        "borrowed",
        "law 6, a borrowed session: balances, answered rightly: .* to Billfold is closed",
    ),
    "more claimed than read": Bug(
        "client",
        "(usage,), window, state",
        "(usage,), Period.parse('2020-01'), state",
        "covered",
        "law 7.*complete for 2020-01",
    ),
    "a wait not read from the body": Bug(
        "parse",
        "retry_after=wait",
        "retry_after=None",
        "fault throttled-body=10",
        "law",
    ),
    "ids of the moment of asking": Bug(
        "client",
        "usage = parse.usage(period, window, lines, bill)",
        "usage = parse.usage(period, window, lines, bill)\n"
        "        charges = (evolve(each, id=f'{each.id}@{client.now()}') for each in usage.charges)\n"
        "        usage = evolve(usage, charges=tuple(charges))",
        "stable",
        "law 3.*read an hour later: ids change",
        "from attrs import evolve",
    ),
    "whose it is, said of the balance alone": Bug(
        "parse",
        'BalanceKind.PREPAID, "account", as_of)',
        'BalanceKind.PREPAID, "account", as_of, billing_account_id="acme-1")',
        "overlapping",
        "law 3.*usage of one account that is configured twice",
    ),
}
