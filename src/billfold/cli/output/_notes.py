"""What people must know beside the numbers: failed checks, holes and their reasons, failures and what to do about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from billfold.answer import Answer
from billfold.cli.output._cells import noise, stacked, window, words
from billfold.cli.output.tables import HOLE, WARNING
from billfold.errors import (
    BillfoldError,
    CredentialsError,
    DeadlineError,
    DriftError,
    ForbiddenError,
    RateLimitedError,
    RequestError,
    TransientError,
    UnreachableError,
)
from billfold.model import Check, Invoice, State, Usage, is_unstated
from billfold.money import Money
from billfold.period import Period, utc_text

if TYPE_CHECKING:
    from rich.console import RenderableType

Note = tuple[str, Text]

_MOST_REASONS = 3

# The nearest class of an error decides, as in the tree that errors.py draws.
_REMEDIES: Mapping[type[BillfoldError], str] = {
    CredentialsError: "replace the token, or the place it is read from",
    ForbiddenError: "give the token the permission, or use another one",
    RequestError: "check the account's settings, and the ids given",
    RateLimitedError: "wait, or set a lower requests_per_minute",
    TransientError: "try again",
    UnreachableError: "check the network and the account's base URL",
    DriftError: "update billfold, or report that the provider's reply has changed",
    DeadlineError: "allow more time with --deadline",
}


def notes(answer: Answer[Any]) -> list[RenderableType]:
    """Say all of it, the most important last, where the eye rests: what is not offered, rounding, checks, holes."""
    said = [*_not_offered(answer), *_checks(answer), *_holes(answer)]
    laid_out = Table.grid(padding=(0, 1, 0, 0), pad_edge=False)
    laid_out.add_column(no_wrap=True, min_width=1)
    laid_out.add_column(overflow="fold")
    for mark, text in said:
        laid_out.add_row(Text(mark, "yellow"), text)
    return [laid_out] if said else []


def _not_offered(answer: Answer[Any]) -> Iterator[Note]:
    without = [row.account for row in answer.coverage if row.state is State.UNSUPPORTED]
    if without:
        yield "", words(f"not offered by the provider: {', '.join(without)}", "dim")


def _checks(answer: Answer[Any]) -> Iterator[Note]:
    rounding: dict[tuple[str, str], list[Money]] = {}
    failed: list[Note] = []
    for item in answer.items:
        for check in getattr(item, "checks", ()):
            if check.holds:
                continue
            if noise(check.gap):
                rounding.setdefault((item.account, check.name), []).append(check.gap)
            else:
                failed.append((WARNING, words(_failed(item, check))))
    for (account, name), gaps in rounding.items():
        largest = max(gaps, key=lambda gap: abs(gap.amount))
        often = f" at most, {len(gaps)} times" if len(gaps) > 1 else ""
        yield "", words(f"{account}: {name}: off by {largest}{often}: rounding noise", "dim")
    yield from failed


def _failed(item: Usage | Invoice, check: Check) -> str:
    where = (
        item.number or item.id
        if isinstance(item, Invoice)
        else f"{item.sub_account_name or ''} {window(item.covers)}".strip()
    )
    numbers = f"{check.stated} stated, {check.computed} computed, gap {check.gap}"
    return f"{item.account} {where}: {check.name}: {numbers}" + (
        f" ({check.cause})" if check.cause else ""
    )


def _holes(answer: Answer[Any]) -> Iterator[Note]:
    if not answer.complete and not answer.holes:
        yield HOLE, Text("no asked account has this", "yellow")
    alike: dict[tuple[str, str, str | None, Period | None], list[str]] = {}
    for row in answer.holes:
        alike.setdefault(
            (row.provider, row.state.replace("_", " "), row.detail, row.covers), []
        ).append(row.account)
    for (provider, state, detail, covers), accounts in alike.items():
        reached = f", covers {covers}" if covers else ""
        head = words(f"incomplete: {', '.join(accounts)} ({provider}) {state}{reached}", "yellow")
        more = dict.fromkeys(line for account in accounts for line in _more(answer, account))
        yield (
            HOLE,
            stacked(
                head + words(f": {detail}" if detail else ""),
                *(words(line, "dim") for line in more),
            ),
        )


def _more(answer: Answer[Any], account: str) -> Iterator[str]:
    """Give the reasons of what is not stated, and say what to do about failures."""
    reasons = list(dict.fromkeys(_reasons(answer, account)))
    yield from reasons[:_MOST_REASONS]
    if len(reasons) > _MOST_REASONS:
        yield f"and {len(reasons) - _MOST_REASONS} more, with their reasons in --format json"
    yield from dict.fromkeys(remedy(error) for error in answer.failures if error.account == account)


def _reasons(answer: Answer[Any], account: str) -> Iterator[str]:
    for item in (item for item in answer.items if item.account == account):
        if isinstance(item, Usage):
            yield from (
                f"{c.description or c.service}: {c.reason or 'no cost stated'}"
                for c in item.charges
                if is_unstated(c)
            )
        elif isinstance(item, Invoice) and item.total is None:
            yield f"{item.number or item.id}: {item.reason or 'no total stated'}"


def remedy(error: BillfoldError) -> str:
    """Say what to do about an error, when, and what to quote to the provider."""
    known = next((_REMEDIES[kind] for kind in type(error).__mro__ if kind in _REMEDIES), None)
    later = f"not before {utc_text(error.retry_at)}" if error.retry_at else None
    quoted = [
        f"code {error.code}" if error.code else "",
        f"request id {error.request_id}" if error.request_id else "",
    ]
    about = ", ".join(part for part in quoted if part)
    advice = "; ".join(part for part in (known, later) if part) or "see the message"
    return f"what to do: {advice}" + (f" ({about})" if about else "")
