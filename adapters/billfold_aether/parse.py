"""What Aether's replies mean: from wire shapes to the model; ``charges`` has what a month costs. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from attrs import frozen

from billfold.errors import DriftError
from billfold.model import Credential, DailyCost, DayPart, PaymentMethod
from billfold.money import Money, sum_by_currency
from billfold.period import Period, midnight, span, utc
from billfold.wire import Problem, decode, parse_at, parse_rows
from billfold_aether import wire

PROVIDER = "aether"
# No reply names a currency, but every amount's name ends in _eur (contract section 1).
CURRENCY = "EUR"
# Less than half a cent is what a server makes that adds doubles up (section 1).
NOISE = Decimal("0.005")


def eur(amount: Decimal) -> Money:
    """Read whole euros, every digit of the number's text kept."""
    return Money(amount, CURRENCY)


def total(path: str, amount: Decimal) -> Money:
    """Read a reply's own total; one that no model can hold is DriftError at its path."""
    with parse_at(path):
        return eur(amount)


def problem(body: bytes) -> Problem:
    """Read an error body; one without the envelope says nothing (section 1)."""
    try:
        told = decode(body, wire.ErrorReply).error
    except DriftError:
        return Problem()
    details = "; ".join(f"{detail.field}: {detail.message}" for detail in told.details or ())
    return Problem(
        told.code, f"{told.message or ''} ({details})".strip() if details else told.message
    )


def credential(account: str, orgs: Sequence[wire.Organization]) -> Credential:
    """Name the organizations that the token reaches."""
    return Credential(", ".join(org.name or org.id for org in orgs))


def owned(org: wire.Organization, told: Iterable[tuple[str, str]]) -> None:
    """Compare what a reply says about whose it is, ids by the place where they stand, with the organization that was asked.

    Raises DriftError for another one. Every such id is required (section 3), and what a foreign organization is answered is not
    documented (section 1): a server that goes by the token alone would give one organization's money to two accounts.
    """
    for path, ident in told:
        if ident.casefold() != org.id.casefold():
            raise DriftError(
                f"the reply tells of another organization than the one asked for - at `{path}`"
            )


def owners(rows: Iterable[wire.UsageItem | wire.PaymentMethod]) -> Iterator[tuple[str, str]]:
    """Say where each row of ``items`` names its organization, and which."""
    return ((f"$.items[{index}].org_id", row.org_id) for index, row in enumerate(rows))


def billed_in(reply: wire.Usage) -> Period:
    """Return the UTC calendar month a usage reply is about (section 5.6)."""
    with parse_at("$.period_start"):
        return Period.month_of(reply.period_start)


@frozen
class Spend:
    """What autoscaling cost in one month: by UTC day, as stated in all, added up, and what the total has beyond the days."""

    month: Period
    days: Mapping[date, Money]
    total: Money
    added_up: Money
    beyond: Money


def spend(reply: wire.DailySpend) -> Spend:
    """Read daily-spend. Raises DriftError unless its points are the days of one UTC month, each once (section 3.2)."""
    amounts = parse_rows("$.points", reply.points, lambda point: eur(point.amount_eur))
    months = set(
        parse_rows("$.points", reply.points, lambda point: Period.month_of(midnight(point.date)))
    )
    if len(months) != 1:
        raise DriftError(
            f"the reply does not fit its contract: its points lie in {len(months)} months - at `$.points`"
        )
    days = dict(zip((point.date for point in reply.points), amounts, strict=True))
    if len(days) < len(amounts):
        raise DriftError(
            "the reply does not fit its contract: it has two points for one day - at `$.points`"
        )
    with parse_at("$.points"):
        added_up = sum_by_currency([Money.zero(CURRENCY), *amounts])[CURRENCY]
    with parse_at("$.total_eur"):
        stated = eur(reply.total_eur)
        beyond = stated - added_up
    return Spend(months.pop(), days, stated, added_up, beyond)


def once(items: Iterable[wire.UsageItem]) -> tuple[tuple[wire.UsageItem, ...], int, int]:
    """Count records of one id (letter case aside) once; also tell how many repeated another, and how many contradicted it."""
    seen: dict[str, wire.UsageItem] = {}
    repeats = conflicts = 0
    for item in items:
        first = seen.setdefault(item.id.lower(), item)
        if first is not item:
            same = _content(first) == _content(item)
            repeats, conflicts = repeats + same, conflicts + (not same)
    return tuple(seen.values()), repeats, conflicts


def _content(item: wire.UsageItem) -> tuple[object, ...]:
    ids = (_low(item.cluster_id), _low(item.node_pool_id))
    return (*ids, item.resource_type, item.quantity, item.unit, item.recorded_at)


def _low(uuid: str | None) -> str | None:
    return uuid.lower() if uuid else None


def whole_days(month: Period, period: Period | None) -> Period | None:
    """Return the UTC days of the month that begin in the period, None for none: Aether's days cannot be cut."""
    return (
        month if period is None else span(day for day in month.split_days() if day.start in period)
    )


def daily(
    account: str, org: wire.Organization, spent: Spend, window: Period
) -> tuple[DailyCost, ...]:
    """List the days of a window, those without cost included; autoscaling is all they count (section 3.2)."""
    return tuple(
        DailyCost(day, cost, DayPart.AUTOSCALING, org.id)
        for day, cost in spent.days.items()
        if midnight(day) in window
    )


def gaps(spent: Spend, window: Period, now: datetime) -> tuple[date, ...]:
    """List the window's days before the newest point, or before yesterday, that have none.

    The provider promises one for each through today (section 3.2); yesterday's may be late, and so may its clock.
    """
    end = max(*spent.days, utc(now).date() - timedelta(days=1))
    days = (day.start.date() for day in window.split_days())
    return tuple(day for day in days if day < end and day not in spent.days)


def doubts(spent: Spend, window: Period, now: datetime) -> tuple[bool, tuple[str, ...]]:
    """Tell whether a window's days may not be whole, and what is odd about them.

    Days without a point, wherever in the month, may hold what the total has beyond the others; a total that is less than its
    days, or differs although no day is missing, leaves every day in doubt.
    """
    beyond = spent.beyond.amount if spent.beyond.amount.copy_abs() >= NOISE else 0
    missing, of_month = gaps(spent, window, now), gaps(spent, spent.month, now)
    named = of_month if beyond else missing
    notes = (
        f"no point for {', '.join(map(str, named))}" if named else "",
        f"the stated total is {spent.total}, its days add up to {spent.added_up}" if beyond else "",
    )
    return bool(missing or beyond < 0 or (beyond and not of_month)), tuple(filter(None, notes))


def payment_methods(
    account: str, org: wire.Organization, reply: wire.PaymentMethods
) -> tuple[PaymentMethod, ...]:
    """Read stored cards; the digits are text, zeros in front included (section 3.3)."""
    return tuple(
        PaymentMethod(
            row.id,
            "card",
            row.is_default,
            brand=row.card_brand,
            last4=row.card_last4,
            exp_month=row.card_exp_month,
            exp_year=row.card_exp_year,
            created_at=row.created_at,
            billing_account_id=org.id,
        )
        for row in reply.items
    )
