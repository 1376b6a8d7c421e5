"""Balances in the chosen format, and how long each lasts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.text import Text

from billfold.answer import Answer
from billfold.cli.lasting import runways_json
from billfold.cli.options import OutputFormat
from billfold.cli.output._cells import HOLE, cell, title
from billfold.cli.output._stream_tables import balances_table
from billfold.cli.output.answers import answer_table
from billfold.cli.output.formats import answer_csv, write_result
from billfold.cli.output.notes import answer_notes, has_warnings
from billfold.cli.output.terminal import Part, print_error
from billfold.costs.runway import Outlook, Runway
from billfold.model import Balance
from billfold.model.shared_names import SharedNames

_STYLES = {Outlook.USED_UP: "red", Outlook.UNUSED: "dim", Outlook.UNKNOWN: "yellow"}


def write_balances(
    answer: Answer[Balance],
    runways: Sequence[Runway],
    output_format: OutputFormat,
    most: int | None = None,
) -> None:
    """Write balances to standard output; JSON has the runways beside the answer, CSV has none."""
    unknown = _unknown(runways)
    write_result(
        output_format,
        as_table=lambda: (title("Balances"), *runways_table(answer, runways, most)),
        as_document=lambda: answer.to_dict() | runways_json(runways),
        as_csv=lambda: answer_csv(answer),
        notes=[*answer_notes(answer), *unknown],
        warns=has_warnings(answer) or bool(unknown),
    )


def runways_table(
    answer: Answer[Balance], runways: Iterable[Runway], most: int | None = None
) -> Iterator[Part]:
    """Yield a row per balance with how long it lasts, and the totals."""
    lasts = [_lasts(each) for each in runways]
    yield from answer_table(answer, most, lambda shown: balances_table(shown, lasts))


def _lasts(runway: Runway) -> Text:
    if runway.outlook is Outlook.CREDIT:
        return cell(None)
    return _days(runway) if runway.words is None else Text(runway.words, _STYLES[runway.outlook])


def _days(runway: Runway) -> Text:
    until = "" if runway.until is None else f" to {runway.until}"
    return cell(_count(runway.days or 0)) + Text(until, "dim")


def _count(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"


def _unknown(runways: Iterable[Runway]) -> list[Part]:
    runways = tuple(runways)
    scopes = SharedNames.of("scope", (each.balance for each in runways))
    unknown = (each.balance for each in runways if each.outlook is Outlook.UNKNOWN)
    names = ", ".join(_name(each, scopes) for each in unknown)
    reason = "its costs of 30 days were not read in full"
    text = f"{HOLE} how long it lasts is not known: {names} ({reason})"
    return [cell(text, "yellow")] if names else []


def print_judgement(
    answer: Answer[Balance], prepaid: Sequence[Runway], short: Sequence[Runway], days: int
) -> None:
    """Print on standard error which prepaid balances are not known to last so many days.

    A balance that was not read is none of them: its account is named.
    """
    if unread := dict.fromkeys(row.account for row in answer.holes):
        print_error(f"--fail-under: not read: the balances of {', '.join(unread)}")
    elif not prepaid:
        print_error("--fail-under: no account has prepaid money")
    scopes = SharedNames.of("scope", answer)
    for each in short:
        asked = _count(days)
        known = each.outlook is not Outlook.UNKNOWN
        verdict = f"{_lasts(each)}, less than {asked}" if known else f"not known to last {asked}"
        print_error(f"{_name(each.balance, scopes)}: {verdict}")


def _name(balance: Balance, scopes: SharedNames) -> str:
    return f"{balance.account} {scopes.name(balance)}"
