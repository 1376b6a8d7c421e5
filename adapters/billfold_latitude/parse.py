"""What Latitude.sh's replies mean: from wire shapes to the model. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial
from itertools import chain
from math import ceil

from attrs import evolve, frozen

from billfold.errors import ConfigError, CurrencyError, DriftError
from billfold.model import (
    Balance,
    BalanceKind,
    Credential,
    State,
    Usage,
    number_duplicates,
    qualify_ids,
    with_residual,
)
from billfold.money import Money, exponent
from billfold.period import Period
from billfold.wire import Problem, decode, decode_or_none, parse_at, parse_rows
from billfold_latitude import wire
from billfold_latitude.products import SERVICE, differing, line, prefix, tier, twins

PROVIDER = "latitude"
_LONGEST_WAIT = Decimal(999_999_999)


@frozen
class Team:
    """Who pays for a project; ``currency`` is None where no usable code is stated."""

    id: str | None
    name: str | None
    currency: str | None


def problem(body: bytes) -> Problem:
    """Read an error body, in its envelope or as a bare list; the HTTP status decides what it means (section 1.5)."""
    try:
        bare = body.lstrip().startswith(b"[")
        errors = decode(body, tuple[wire.Error, ...]) if bare else decode(body, wire.Errors).errors
    except DriftError:
        return Problem()
    told = errors[0] if errors else wire.Error()
    code, *said = (
        decode_or_none(field, str) for field in (told.code, told.detail, told.message, told.title)
    )
    return Problem(
        code,
        next(filter(None, said), None),
        retry_after=_seconds(decode_or_none(told.meta, wire.ErrorMeta)),
    )


def _seconds(meta: wire.ErrorMeta | None) -> str | None:
    """Write the wait in whole seconds, a fraction rounded up, as a Retry-After header has them."""
    if meta is None or meta.retry_after is None or not meta.retry_after.is_finite():
        return None
    return str(ceil(min(meta.retry_after, _LONGEST_WAIT)))


def usable(code: str | None) -> str | None:
    """Return a currency code of ISO 4217, or None for anything else: recordings contain junk (section 2.4, G1)."""
    try:
        exponent(code or "")
    except CurrencyError:
        return None
    return code


def team(project: wire.Project, stated: Sequence[wire.Team] = ()) -> Team:
    """Tell who pays for a project: the project's own word first, then the rows of ``/team`` about the same team.

    A project that names no team belongs to the key's own; where ``/team`` lists several, nobody knows which.
    """
    attributes = project.attributes or wire.ProjectAttributes()
    own = attributes.team or wire.ProjectTeam()
    rows = [row for row in stated if own.id is None or row.id in (None, own.id)]
    row = rows[0] if len(rows) == 1 else wire.Team()
    said = row.attributes or wire.TeamAttributes()
    code = usable(own.currency.code) if own.currency else None
    return Team(own.id or row.id, own.name or said.name or said.slug, code or usable(said.currency))


def currency(payer: Team, configured: str | None) -> str:
    """Return the currency of a team's money, which no billing reply names. Raises ConfigError rather than guess."""
    if (code := payer.currency or configured) is None:
        who = f"team {payer.name or payer.id}" if payer.name or payer.id else "the team"
        raise ConfigError(
            f'{who} states no usable currency; set currency = "USD", or whichever it is billed in, '
            "in billfold.toml for this account"
        )
    return code


def credential(account: str, reply: wire.Teams) -> Credential:
    """Name the key's team."""
    rows = [(row.attributes or wire.TeamAttributes(), row.id) for row in reply.data or ()]
    names = [said.name or said.slug or ident or "a team without a name" for said, ident in rows]
    return Credential(", ".join(names) or "no team")


def billing(asked: str, reply: wire.Usage) -> wire.Billing:
    """Open the envelope. Raises DriftError when the reply is about another project, whose cents would be counted twice."""
    bill = reply.data.attributes
    if bill.project is not None and bill.project.id not in (None, asked):
        raise DriftError(
            f"the reply is about another project than the one asked, {asked} - at `$.data.attributes.project.id`"
        )
    return bill


def cycle(bill: wire.Billing) -> Period:
    """Tell the project's current billing cycle."""
    with parse_at("$.data.attributes.period"):
        return Period(bill.period.start, bill.period.end)


def reach(asked: Period | None, current: Period) -> tuple[State, str | None]:
    """Tell how well the current cycle, the only one there is, answers for a period (section 2.1)."""
    if asked is None or asked == current:
        return State.COMPLETE, None
    if asked.overlaps(current):
        return (
            State.DIFFERENT_WINDOW,
            "Latitude.sh only has each project's whole current billing cycle",
        )
    return (
        State.UNAVAILABLE,
        "Latitude.sh only has each project's current billing cycle, which shares no time with the period",
    )


def silent(bill: wire.Billing) -> bool:
    """Tell whether a cycle says nothing of what was used; one that was idle says that it has no lines."""
    return bill.price is None and bill.amount is None and bill.products is None


def balance(
    account: str, payer: Team, code: str, bill: wire.Billing, as_of: datetime
) -> Balance | None:
    """Read the team's credit with the provider's sign; None where the project does not state it (section 2.4, G2)."""
    amount = _money("available_credit_balance", code, bill.available_credit_balance)
    scope = "team" if payer.id is None else f"team:{payer.id}"
    return None if amount is None else Balance(amount, BalanceKind.CREDIT, scope, as_of, payer.name)


def usage(
    account: str,
    project: wire.Project,
    payer: Team,
    code: str,
    asked: Period | None,
    bill: wire.Billing,
    request: str = "",
) -> Usage:
    """Read a project's current cycle (section 2.2); ``asked`` is the caller's period, ``request`` what was sent.

    The lines add up to the stated price: a difference becomes one derived charge and a failed check.
    """
    own, named = (
        project.attributes or wire.ProjectAttributes(),
        bill.project or wire.BilledProject(),
    )
    total, checks = twins(
        "price = amount", _money("price", code, bill.price), _money("amount", code, bill.amount)
    )
    empty = Usage(
        asked,
        cycle(bill),
        (),
        billing_account_id=payer.id,
        billing_account_name=payer.name,
        sub_account_id=project.id,
        sub_account_name=own.name or named.name or own.slug or named.slug,
        stated_total=total,
    )
    ahead = prefix(empty)
    place = f"{request}#/data/attributes"
    products, at_products = bill.products or (), "$.data.attributes.products"
    lines = parse_rows(at_products, enumerate(products), partial(line, empty, ahead, code, place))
    failed = parse_rows(at_products, products, partial(differing, code))
    filled = evolve(
        empty,
        charges=number_duplicates(qualify_ids(lines, tier)),
        checks=(*checks, *chain.from_iterable(failed)),
    )
    total_at = f"{place}/{'amount' if bill.price is None else 'price'}"
    return with_residual(
        filled,
        check="price = its lines",
        residual_id=f"{ahead}/residual",
        service=SERVICE,
        source=total_at,
    )


def _money(field: str, code: str, cents: Decimal | None) -> Money | None:
    with parse_at(f"$.data.attributes.{field}"):
        return None if cents is None else Money.minor(cents, code)
