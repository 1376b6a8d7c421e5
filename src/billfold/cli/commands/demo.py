"""``billfold demo``."""

import io
import shlex
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext, redirect_stderr
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from billfold.cli import options

if TYPE_CHECKING:
    from datetime import datetime

    from billfold.accounts.account import Account
    from billfold.answer import Answer
    from billfold.model import Usage

# Made up, as every number of the demonstration.
_IN_EUROS = ("--in", "EUR", "--constant", "USD=1.16", "--constant", "BRL=6.25")
_LAST_MONTH = ("--period", "last-month")
_INTERRUPTED = 130


def demo(
    ctx: typer.Context,
    report: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            parser=options.read_path,
            help="Write last month's report to this page, too (needs the extra report).",
        ),
    ] = None,
) -> None:
    """Run the main commands against simulated providers, over real HTTP. Needs no account.

    It ends with what last month cost over all of them, in one currency, from a
    store that was filled while the month ran, and fails where that cannot be
    said. No number in it is real.
    """
    from tempfile import TemporaryDirectory

    from billfold.accounts.config import load
    from billfold.cli.app import build  # which imports this
    from billfold.cli.clock import now
    from billfold.cli.demo_store import fill_store
    from billfold.cli.output.terminal import print_stdout, show_waiting
    from billfold.cli.run import COMPLETE, run_to_end
    from billfold.extras import how_to_install, is_store_there
    from billfold.simulators.apart import serving_apart

    ctx.obj.history.require_requests("demo")
    moment, has_store = now(), is_store_there()
    with (
        TemporaryDirectory(prefix="billfold-demo-") as folder,
        serving_apart(moment, Path(folder)) as config,
    ):
        served = load(config)
        chosen = ctx.obj.choose(served)
        print_stdout(
            f"{len(served)} accounts of simulated providers, asked over HTTP on this machine. "
            "No number here is real."
        )
        if has_store:
            with show_waiting("replaying the last weeks into a store ..."):
                run_to_end(fill_store(config, {each.name for each in chosen}, moment))
        code = COMPLETE
        for command in _commands(config, served, chosen, moment, report, has_store=has_store):
            code = _show(build(command[0]), command, config, moment)
    if has_store and code != COMPLETE:
        raise typer.Exit(code)
    if has_store:
        end = "What providers forgot comes from a store that billfold sync filled in time."
    else:
        end = f"Last month over all clouds needs the store: {how_to_install('store')}"
    print_stdout(end, "", "Next: billfold sandbox > billfold.toml, or billfold --help")


def _commands(
    config: Path,
    served: "Sequence[Account]",
    chosen: "Sequence[Account]",
    moment: "datetime",
    report: Path | None,
    *,
    has_store: bool,
) -> "Iterator[Sequence[str]]":
    """Yield the commands, each about the chosen accounts or one of them."""
    from billfold.adapter import has_stream
    from billfold.model import Stream

    names = [account.name for account in chosen]
    scope = _only(names) if len(names) < len(served) else ()
    with_ledger = [each.name for each in chosen if has_stream(each.adapter, Stream.LEDGER)]
    yield ("balances", *scope)
    yield ("reconcile", *_LAST_MONTH, *_only((with_ledger or names)[:1]))
    yield from _explained(config, names, moment, has_store=has_store)
    priced = (*_LAST_MONTH, "--spread", *_IN_EUROS) if has_store else _IN_EUROS
    if report is not None:
        yield ("report", "--out", str(report), *priced, *scope)
    yield ("costs", "--by", "provider", *priced, *scope)


def _only(names: "Iterable[str]") -> tuple[str, ...]:
    return tuple(word for name in names for word in ("--account", name))


def _explained(
    config: Path, names: "Sequence[str]", moment: "datetime", *, has_store: bool
) -> "Iterator[Sequence[str]]":
    """Yield the command that explains last month's total of the account with the fewest charges.

    It is of one usage: what several billing cycles cost is not one's total.
    """
    from billfold.cli.run import run_to_end
    from billfold.facade.billfold import Billfold
    from billfold.period import Period

    async def ask() -> "Answer[Usage]":
        stored = "missing" if has_store else None
        async with Billfold.open(config, clock=lambda: moment, stored=stored) as fold:
            return await fold.usage(Period.month_of(moment).previous_month(), accounts=names)

    answer = run_to_end(ask())
    of_account = Counter(usage.account for usage in answer)
    usages = [each for each in answer if len(each.charges) > 1 and of_account[each.account] == 1]
    if usages:
        usage = min(usages, key=lambda each: len(each.charges))
        total = next(iter(usage.totals().values()))
        yield ("explain", str(total.rounded()), *_LAST_MONTH, *_only([usage.account]))


def _show(
    program: "Callable[..., object]", command: "Sequence[str]", config: Path, moment: "datetime"
) -> int:
    """Run a command as the shell would, below its own words, and return its exit code.

    The report's notes are not shown, because those of the costs say the same.
    """
    from billfold.cli.clock import going_by
    from billfold.cli.output._cells import title
    from billfold.cli.output.terminal import print_stdout
    from billfold.cli.run import COMPLETE

    print_stdout("", title(f"$ billfold {shlex.join(command)}"))
    notes = redirect_stderr(io.StringIO()) if command[0] == "report" else nullcontext()
    try:
        with notes, going_by(lambda: moment):
            program(["--config", str(config), *command], prog_name="billfold")
    except SystemExit as end:
        if end.code == _INTERRUPTED:
            raise KeyboardInterrupt from None
        return end.code if isinstance(end.code, int) else COMPLETE
    return COMPLETE
