"""``billfold balances``: what is there, and how long it lasts."""

import re
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from billfold.cli import options

if TYPE_CHECKING:
    from billfold.answer import Answer
    from billfold.costs.runway import Runway
    from billfold.facade.billfold import Billfold
    from billfold.model import Balance


def _read_days(text: str) -> int:
    """Return a number of days. Raises BadParameter, which typer shows."""
    found = re.fullmatch("([1-9][0-9]{0,4})d", text.strip())
    if found is None:
        raise typer.BadParameter(f"{text!r} is no number of days: write it like 14d")
    return int(found[1])


def balances(
    ctx: typer.Context,
    fail_under: Annotated[
        int | None,
        typer.Option(
            "--fail-under",
            metavar="14d",
            parser=_read_days,
            help="Exit with 3 unless every prepaid balance is known to last so many days.",
        ),
    ] = None,
    limit: options.LimitOption = None,
    output_format: options.FormatOption = options.TABLE,
) -> None:
    """Show prepaid money and credit as it stands now, and how long it lasts.

    Prepaid money lasts (balance) / (average daily cost of the last 30 days).
    Credit has no such end.

    With --fail-under, exits with 0 if all prepaid money lasts so long, 3 if some
    does not, or nobody knows, and 4 if no account has any.
    """
    from billfold.cli.run import NOTHING, PARTIAL, ask_accounts, exit_code
    from billfold.model import BalanceKind

    # CSV has a row per balance, and nothing beside it.
    judged = fail_under is not None or output_format is not options.OutputFormat.CSV
    answer, runways = ask_accounts(ctx.obj, partial(_ask, judged))
    _write(answer, runways, output_format, limit)
    code = exit_code(answer)
    if fail_under is not None:
        prepaid = [each for each in runways if each.balance.kind is BalanceKind.PREPAID]
        short = [each for each in prepaid if not each.is_enough(fail_under)]
        from billfold.cli.output.balances import print_judgement

        print_judgement(answer, prepaid, short, fail_under)
        code = NOTHING if not prepaid else PARTIAL if short else code
    raise typer.Exit(code)


def _write(
    answer: "Answer[Balance]",
    runways: "tuple[Runway, ...]",
    output_format: options.OutputFormat,
    most: int | None,
) -> None:
    from billfold.cli.lasting import runways_json
    from billfold.cli.output.formats import needs_no_note, write_plain
    from billfold.costs.runway import Outlook

    is_known = all(each.outlook is not Outlook.UNKNOWN for each in runways)
    if output_format is not options.TABLE and is_known and needs_no_note(answer):
        # Without loading what lays out tables and notes.
        write_plain(answer, output_format, runways_json(runways))
        return
    from billfold.cli.output.balances import write_balances

    write_balances(answer, runways, output_format, most)


async def _ask(
    judged: bool, fold: "Billfold", deadline: float | None
) -> "tuple[Answer[Balance], tuple[Runway, ...]]":
    """Return balances and, if they are judged, how long each lasts, both within one deadline."""
    from billfold.cli.lasting import ask_runways
    from billfold.http.deadline import Deadline

    limit = Deadline.after(deadline)
    answer = await fold.balances(deadline=limit)
    if not judged:
        return answer, ()
    return answer, await ask_runways(fold, answer, limit)
