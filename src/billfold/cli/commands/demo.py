"""``billfold demo``: every stream of every simulated provider, and all of them in one view."""

# Annotations are not postponed here: typer would compile each of them anew at every start.
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

import typer

from billfold.cli.options import GlobalOptions

if TYPE_CHECKING:
    from billfold.answer import Answer
    from billfold.cli.output.demo_page import DemoAnswers
    from billfold.facade.billfold import Billfold
    from billfold.period import Period


def demo(ctx: typer.Context) -> None:
    """Run everything against simulated providers, over real HTTP. Needs no account."""
    from billfold.cli.output.demo_page import print_demo
    from billfold.cli.output.terminal import show_waiting
    from billfold.cli.run import run_to_end

    # What the simulated providers cannot answer, or get wrong on purpose, is part of the show.
    with show_waiting("asking the simulated providers ..."):
        answers = run_to_end(_ask(ctx.obj))
    print_demo(answers)


async def _ask(options: GlobalOptions) -> "DemoAnswers":
    import asyncio

    from billfold.facade.billfold import Billfold
    from billfold.http.transport import utc_now
    from billfold.period import Period
    from billfold.simulators import sandbox

    now = utc_now()
    last_month = Period.month_of(now).previous_month()
    async with sandbox.running(now) as served:
        accounts = options.choose(sandbox.accounts(served))
        async with Billfold(accounts) as fold, asyncio.TaskGroup() as group:
            calls = _calls(fold, last_month, options.deadline)
            tasks = {command: group.create_task(call) for command, call in calls.items()}
        return {command: task.result() for command, task in tasks.items()}


def _calls(
    fold: "Billfold", last_month: "Period", deadline: float | None
) -> "dict[str, Coroutine[Any, Any, Answer[Any]]]":
    """Return what each command asks, by the command."""
    return {
        "check": fold.check(deadline=deadline),
        "balances": fold.balances(deadline=deadline),
        "usage": fold.usage(deadline=deadline),
        "usage --period last-month": fold.usage(last_month, deadline=deadline),
        "daily": fold.daily(deadline=deadline),
        "ledger": fold.ledger(deadline=deadline),
        "invoices": fold.invoices(deadline=deadline),
        "subscriptions": fold.subscriptions(deadline=deadline),
        "payment-methods": fold.payment_methods(deadline=deadline),
    }
