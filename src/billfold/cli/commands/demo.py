"""``billfold demo``."""

from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any

import typer

from billfold.cli.global_options import GlobalOptions

if TYPE_CHECKING:
    from billfold.accounts.account import Account
    from billfold.answer import Answer
    from billfold.cli.output.demo_page import DemoAnswers
    from billfold.cli.output.terminal import Part
    from billfold.costs.runway import Runway
    from billfold.facade.billfold import Billfold


def demo(ctx: typer.Context) -> None:
    """Run everything against simulated providers, over real HTTP. Needs no account."""
    from billfold.cli.output.demo_page import demo_parts, next_parts
    from billfold.cli.output.terminal import print_stdout, show_waiting
    from billfold.cli.run import run_to_end

    # What the simulated providers cannot answer, or get wrong on purpose, is part of the show.
    with show_waiting("asking the simulated providers ...") as show:
        answers, runways, history = run_to_end(_ask(ctx.obj, show))
    print_stdout(*demo_parts(answers, runways), *history, *next_parts())


def _fold(options: GlobalOptions, accounts: "Sequence[Account]") -> "Billfold":
    from billfold.cli.clock import now
    from billfold.facade.billfold import Billfold

    chosen = options.choose(accounts)
    left_out = options.names_left_out(accounts, chosen)
    return Billfold(chosen, left_out=left_out, clock=now)


async def _ask(
    chosen: GlobalOptions, show: "Callable[[str], None]"
) -> "tuple[DemoAnswers, tuple[Runway, ...], list[Part]]":
    """Return the answer to each command, how long balances last, and what last month shows."""
    import asyncio

    from billfold.cli import demo_history
    from billfold.cli.clock import now
    from billfold.cli.lasting import ask_runways
    from billfold.cli.output.demo_history import history_parts, no_history_parts
    from billfold.extras import is_store_there
    from billfold.http.deadline import Deadline
    from billfold.period import Period
    from billfold.simulators import sandbox

    started_at = now()
    last_month = Period.month_of(started_at).previous_month()
    async with (
        sandbox.running(started_at) as served,
        _fold(chosen, sandbox.accounts(served)) as fold,
    ):
        deadline = chosen.deadline
        calls: dict[str, Coroutine[Any, Any, Answer[Any]]] = {
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
        answers = await asyncio.gather(*calls.values())
        if is_store_there():
            show("replaying the last weeks into a store ...")
            history = await demo_history.ask_last_month(fold.accounts, started_at, deadline)
            parts = list(history_parts(*history))
        else:
            parts = list(no_history_parts())
        by_command = dict(zip(calls, answers, strict=True))
        limit = Deadline.after(deadline)
        return by_command, await ask_runways(fold, by_command["balances"], limit), parts
