"""What people must know beside the numbers: failed checks, holes and their reasons, failures and what to do about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.text import Text

from billfold.answer import Answer, Coverage, State
from billfold.cli.cells import noise, window
from billfold.cli.screen import clean
from billfold.cli.tables import HOLE, WARNING
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
from billfold.model import Check, Invoice, Usage
from billfold.money import Money
from billfold.period import utc_text

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


def notes(answer: Answer[Any]) -> list[Text]:
    """Say all of it, the most important last, where the eye rests: what is not offered, rounding, checks, holes."""
    return [*_not_offered(answer), *_checks(answer), *_holes(answer)]


def _not_offered(answer: Answer[Any]) -> Iterator[Text]:
    without = [row.account for row in answer.coverage if row.state is State.UNSUPPORTED]
    if without:
        yield Text(f"  not offered by the provider: {clean(', '.join(without))}", "dim")


def _checks(answer: Answer[Any]) -> Iterator[Text]:
    rounding: dict[tuple[str, str], list[Money]] = {}
    failed: list[Text] = []
    for item in answer.items:
        for check in getattr(item, "checks", ()):
            if check.holds:
                continue
            if noise(check.gap):
                rounding.setdefault((item.account, check.name), []).append(check.gap)
            else:
                failed.append(_failed(item, check))
    for (account, name), gaps in rounding.items():
        largest = max(gaps, key=lambda gap: abs(gap.amount))
        yield Text(clean(f"  {account}: {name}: off by {largest}{_times(len(gaps))}, rounding noise"), "dim")
    yield from failed


def _times(count: int) -> str:
    return "" if count == 1 else f" at most, {count} times"


def _failed(item: Usage | Invoice, check: Check) -> Text:
    where = (
        item.number or item.id if isinstance(item, Invoice) else f"{item.sub_account_name or ''} {window(item.covers)}".strip()
    )
    said = f"{item.account} {where}: {check.name}: {check.stated} stated, {check.computed} computed, gap {check.gap}"
    return Text(f"{WARNING} ", "yellow") + Text(clean(said))


def _holes(answer: Answer[Any]) -> Iterator[Text]:
    if answer.holes:
        said = ", ".join(dict.fromkeys(f"{row.account} {row.state.replace('_', ' ')}" for row in answer.holes))
        yield Text(f"{HOLE} ", "yellow") + Text(f"incomplete: {clean(said)}", "yellow")
    elif not answer.complete:
        yield Text(f"{HOLE} ", "yellow") + Text("no asked account has this stream", "yellow")
    for row in answer.holes:
        yield from _hole(answer, row)


def _hole(answer: Answer[Any], row: Coverage) -> Iterator[Text]:
    covers = f", covers {row.covers}" if row.covers else ""
    name = Text(f"  {clean(row.account)} ({clean(row.provider)}) ", "bold")
    yield name + Text(clean(f"{row.state.replace('_', ' ')}{covers}" + (f": {row.detail}" if row.detail else "")))
    reasons = list(dict.fromkeys(_reasons(answer, row.account)))
    for reason in reasons[:_MOST_REASONS]:
        yield Text(f"    {clean(reason)}", "dim")
    if len(reasons) > _MOST_REASONS:
        yield Text(f"    and {len(reasons) - _MOST_REASONS} more reasons, in --format json", "dim")
    for advice in dict.fromkeys(remedy(error) for error in answer.failures if error.account == row.account):
        yield Text(f"    {clean(advice)}", "dim")


def _reasons(answer: Answer[Any], account: str) -> Iterator[str]:
    for item in (item for item in answer.items if item.account == account):
        if isinstance(item, Usage):
            yield from (f"{c.description or c.service}: {c.reason or 'no cost stated'}" for c in item.charges if c.hole)
        elif isinstance(item, Invoice) and item.total is None:
            yield f"{item.number or item.id}: {item.reason or 'no total stated'}"


def remedy(error: BillfoldError) -> str:
    """Say what to do about an error, when, and what to quote to the provider."""
    known = next((_REMEDIES[kind] for kind in type(error).__mro__ if kind in _REMEDIES), None)
    later = f"not before {utc_text(error.retry_at)}" if error.retry_at else None
    quoted = [f"code {error.code}" if error.code else "", f"request id {error.request_id}" if error.request_id else ""]
    about = ", ".join(part for part in quoted if part)
    advice = "; ".join(part for part in (known, later) if part) or "see the message"
    return f"what to do: {advice}" + (f" ({about})" if about else "")
