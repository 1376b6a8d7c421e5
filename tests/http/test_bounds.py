"""What bounds requests is finite and above zero, wherever it is given."""

import asyncio
import math
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest

from billfold import Account, Billfold, ConfigError, Period, RetryPolicy, Secret, Stream, focus
from billfold import report as reports
from billfold.http.deadline import Deadline
from support.lines import TOKEN
from support.toys import Bank, Toy, telling

ODD = [math.nan, math.inf, -math.inf, -1, 0, True, "5", Decimal(5), 10**400, 10**5000]


def named(odd: object) -> str:
    """Name a parameter; some integers are too long for text."""
    return "huge" if isinstance(odd, int) and odd > 10**300 else repr(odd)


async def consumed(items: Any) -> None:
    async for _ in items:
        pass


CALLS: dict[str, Callable[[Billfold, Any], Awaitable[object]]] = {
    "balances": lambda fold, odd: fold.balances(deadline=odd),
    "usage": lambda fold, odd: fold.usage(deadline=odd),
    "daily": lambda fold, odd: fold.daily(deadline=odd),
    "ledger": lambda fold, odd: fold.ledger(deadline=odd),
    "invoices": lambda fold, odd: fold.invoices(deadline=odd),
    "subscriptions": lambda fold, odd: fold.subscriptions(deadline=odd),
    "payment_methods": lambda fold, odd: fold.payment_methods(deadline=odd),
    "check": lambda fold, odd: fold.check(deadline=odd),
    "charges": lambda fold, odd: consumed(fold.charges(deadline=odd)),
    "flow": lambda fold, odd: consumed(fold.flow(Stream.USAGE, deadline=odd)),
    "costs": lambda fold, odd: fold.costs(deadline=odd),
    "views": lambda fold, odd: fold.views(deadline=odd),
    "reconcile": lambda fold, odd: fold.reconcile(deadline=odd),
    "invoice": lambda fold, odd: fold.invoice("b", "1", deadline=odd),
    "document": lambda fold, odd: consumed(fold.document("b", "1", deadline=odd)),
    "account.invoice": lambda fold, odd: fold.account("b").invoice("1", deadline=odd),
    "attach": lambda fold, odd: fold.account("b").payment_methods.attach("1", deadline=odd),
    "remove": lambda fold, odd: fold.account("b").payment_methods.remove("1", deadline=odd),
    "focus.export": lambda fold, odd: focus.export(fold, out="never-made", deadline=odd),
    "report": lambda fold, odd: reports.ask(fold, Period.month(2026, 10), deadline=odd),
}


@pytest.mark.parametrize("name", CALLS)
async def test_a_deadline_is_refused_by_every_call(name: str) -> None:
    accounts = [
        Account("a", Toy(telling()), Secret(TOKEN)),
        Account("b", Bank(), Secret(TOKEN)),
    ]
    async with Billfold(accounts) as fold:
        for odd in ODD:
            with pytest.raises(ConfigError, match="a deadline is a"):
                await CALLS[name](fold, odd)
    await asyncio.wait_for(asyncio.sleep(0.001), 30)


@pytest.mark.parametrize("at", [math.nan, math.inf, -math.inf])
def test_a_deadline_that_is_made_by_hand_is_finite_too(at: float) -> None:
    with pytest.raises(ConfigError, match="a finite moment"):
        Deadline(at)


@pytest.mark.parametrize("odd", [*ODD, 1.5, None], ids=named)
@pytest.mark.parametrize("name", ["concurrency", "per_account", "max_body"])
def test_a_count_is_a_whole_number_of_at_least_one(name: str, odd: Any) -> None:
    if isinstance(odd, int) and not isinstance(odd, bool) and odd > 0:
        Billfold([], **{name: odd})
        return
    with pytest.raises(ConfigError, match=f"{name} is "):
        Billfold([], **{name: odd})


@pytest.mark.parametrize("odd", ODD, ids=named)
def test_a_requests_time_is_refused_as_a_deadline_is(odd: Any) -> None:
    with pytest.raises(ConfigError, match="request_timeout is a "):
        Billfold([], request_timeout=odd)


@pytest.mark.parametrize(
    "odd", [math.nan, math.inf, -1, True, "5", Decimal(5), 10**5000], ids=named
)
@pytest.mark.parametrize("name", ["backoff", "backoff_max", "patience"])
def test_a_wait_is_finite_and_not_below_zero(name: str, odd: Any) -> None:
    RetryPolicy(**{name: 0})
    with pytest.raises(ConfigError, match=rf"RetryPolicy\.{name} is a "):
        RetryPolicy(**{name: odd})


@pytest.mark.parametrize("odd", [math.nan, 0, -1, True, 2.5])
def test_attempts_and_rates_are_whole_numbers_of_at_least_one(odd: Any) -> None:
    with pytest.raises(ConfigError, match=r"RetryPolicy\.attempts is "):
        RetryPolicy(attempts=odd)
    with pytest.raises(ConfigError, match="account 'a': requests_per_minute is "):
        Account("a", Toy(telling()), Secret(TOKEN), requests_per_minute=odd)
