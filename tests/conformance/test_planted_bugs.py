"""A test of the tests: each bug planted in the example adapter breaks the law that it should."""

import importlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import frozen

from billfold.testing import LawBroken, Subject
from billfold.testing.laws import LAWS, prove
from support.counting import count

ACME = Path(__file__).parents[2] / "examples" / "billfold_acme" / "src" / "billfold_acme"


@frozen
class Bug:
    """What is written instead of what in a module of the example; ``law`` is the one to fail, with ``says`` in its message."""

    module: str
    right: str
    wrong: str
    law: str
    says: str
    imports: str = ""


COST = "cost=Money(line.cost, currency)"
BALANCE = 'reply = await client.get("/v1/balance", wire.Balance)'
STATED = "stated = Money(bill.total, bill.currency)"
CHARGES = 'charges = each("$.items", lines, partial(charge, account, bill.currency))'
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
        "Money(reply.amount, reply.currency)",
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
    ),
    "the window ignored": Bug(
        "client",
        "_lines(client, window)\n",
        "_lines(client, Period.month_of(window.start))\n",
        "covered",
        "law 4.*with a charge of",
    ),
    "only the first page": Bug(
        "client", "lambda page: page.next", "lambda page: None", "fault short-pages", "law 4"
    ),
    "a broken list taken for whole": Bug(
        "client",
        LINES,
        "lines = []\n        try:\n            async for rows in pages:\n                lines += rows\n"
        "        except DriftError:\n            pass",
        "fault same-cursor",
        "law 4",
        "from billfold.errors import DriftError",
    ),
    "a change between pages not told": Bug(
        "client",
        "State.PARTIAL if pages.doubtful else State.COMPLETE",
        "State.COMPLETE",
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
        'reply = await client.get("/v1/balance", wire.Balance, (("key", client.token.reveal()),))',
        "secret",
        "a URL",
    ),
    "a failure turned to zero": Bug(
        "client",
        BALANCE,
        f"try:\n            {BALANCE}\n        except ProviderError:\n            reply = wire.Balance(Decimal(0), 'EUR')",
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
    "ids by the window asked": Bug(
        "parse",
        CHARGES,
        f"{CHARGES}\n    charges = tuple(evolve(c, id=f'{{c.id}}/{{window}}') for c in charges)",
        "split",
        "law 3, ids are stable",
        "from attrs import evolve",
    ),
    "one id for everything": Bug(
        "parse", "id=line.id", "id=line.product", "stable", "two records share an id"
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
        f"try:\n            {BALANCE}\n        finally:\n            try:\n                await asyncio.sleep(0.5)\n"
        "            finally:\n                await asyncio.sleep(0.5)",
        "fault slow",
        "law 6.*with a deadline of",
        "import asyncio",
    ),
    "cancellation swallowed": Bug(
        "client",
        BALANCE,
        f"try:\n            {BALANCE}\n        except asyncio.CancelledError:\n            {BALANCE}",
        "cancelled",
        "law 6.*after it was cancelled",
        "import asyncio",
    ),
    "a task left behind": Bug(
        "client",
        BALANCE,
        'asked = asyncio.create_task(client.get("/v1/balance", wire.Balance))\n        reply = await asyncio.shield(asked)',
        "cancelled",
        "law 6.*tasks left running",
        "import asyncio",
    ),
    "a watcher left behind": Bug(
        "client",
        LINES,
        f"_WATCHERS.append(asyncio.create_task(asyncio.sleep(3)))\n        {LINES}",
        "left",
        "law 6.*charges were left after 1: tasks left running",
        "import asyncio\n_WATCHERS = []",
    ),
    "a loop kept for the next run": Bug(
        "client",
        BALANCE,
        f"_LOOPS.append(asyncio.get_running_loop())\n        _LOOPS[0].call_soon(print)\n        {BALANCE}",
        "twice",
        "law 6.*in the second event loop",
        "import asyncio\n_LOOPS = []",
    ),
    "a coroutine never awaited": Bug(
        "client",
        BALANCE,
        f'client.get("/v1/bill", wire.Bill)\n        {BALANCE}',
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
    ),
    "records that cannot be read left out": Bug(
        "parse",
        CHARGES,
        f"lines = [line for line in lines if isinstance(line.cost, Decimal)]\n    {CHARGES}",
        "wrong-types",
        "law 10.*made up a cost",
        "from decimal import Decimal",
    ),
    "drift tried again": Bug(
        "client",
        BALANCE,
        f"try:\n            {BALANCE}\n        except DriftError:\n            {BALANCE}",
        "fault html=200",
        "asked again",
        "from billfold.errors import DriftError",
    ),
    "an enum that is closed": Bug(
        "wire",
        "    product: str\n",
        "    product: Literal['Anvil M']\n",
        "open-world",
        "law 10",
        "from typing import Literal",
    ),
    "a cache over accounts": Bug(
        "client",
        BALANCE,
        f"if not _CACHE:\n            {BALANCE}\n            _CACHE.append(reply)\n        reply = _CACHE[0]",
        "exact",
        "law 1",
        "_CACHE = []",
    ),
    "a write while reading": Bug(
        "client",
        BALANCE,
        f"try:\n            await client.send('POST', '/v1/balance')\n        except RequestError:\n            {BALANCE}",
        "covered",
        "law 9",
        "from billfold.errors import RequestError",
    ),
    "a borrowed session closed": Bug(
        "client",
        BALANCE,
        f"{BALANCE}\n        await client.transport.session.close()",
        "borrowed",
        "law 6, a borrowed session",
    ),
    "more claimed than read": Bug(
        "client",
        "lines, bill),), window, state",
        "lines, bill),), Period.parse('2020-01'), state",
        "covered",
        "law 4",
    ),
    "a wait not read from the body": Bug(
        "parse",
        "retry_after=None if error.wait is None else plain(error.wait)",
        "retry_after=None",
        "fault throttled-body=10",
        "law",
    ),
}

# What a bug needs beside its own place.
ALSO = {
    "an unknown cost taken for zero": ("wire", "    cost: Decimal\n", "    cost: Decimal | None\n"),
    "records that cannot be read left out": (
        "wire",
        "    cost: Decimal\n",
        "    cost: Decimal | dict[str, str]\n",
    ),
}


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Subject]:
    """Copy the example under a name of its own, with a bug in it."""

    def plant(name: str) -> Subject:
        package = f"acme_{list(BUGS).index(name)}"
        folder = tmp_path / package
        shutil.copytree(ACME, folder, ignore=shutil.ignore_patterns("__pycache__"))
        bug = BUGS[name]
        _edit(folder / f"{bug.module}.py", bug.right, bug.wrong, bug.imports)
        if name in ALSO:
            module, right, wrong = ALSO[name]
            _edit(folder / f"{module}.py", right, wrong, "")
        for file in folder.glob("*.py"):
            file.write_text(file.read_text("utf-8").replace("billfold_acme", package), "utf-8")
        monkeypatch.syspath_prepend(tmp_path)
        return Subject(
            importlib.import_module(package).Acme,
            importlib.import_module(f"{package}.simulator").simulate,
        )

    return plant


def _edit(file: Path, right: str, wrong: str, imports: str) -> None:
    text = file.read_text("utf-8")
    assert text.count(right) == 1, f"{file.name} has no single place {right!r}"
    first = "from __future__ import annotations\n"
    file.write_text(text.replace(right, wrong).replace(first, f"{first}\n{imports}\n", 1), "utf-8")


@pytest.mark.parametrize("name", BUGS)
def test_a_planted_bug_breaks_its_law(name: str, planted: Callable[[str], Subject]) -> None:
    bug = BUGS[name]
    with pytest.raises(LawBroken, match=bug.says):
        prove(planted(name), bug.law)
    count("planted bugs caught")


@pytest.mark.parametrize("law", LAWS)
def test_without_a_bug_every_law_is_kept(law: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ACME.parent)
    simulator = importlib.import_module("billfold_acme.simulator")
    prove(Subject(importlib.import_module("billfold_acme").Acme, simulator.simulate), law)
