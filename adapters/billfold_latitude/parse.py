"""What Latitude.sh's replies mean: from wire shapes to the model. Pure."""

from collections.abc import Hashable, Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from attrs import frozen
from msgspec import Raw

from billfold.model import (
    Balance,
    BalanceKind,
    Credential,
    State,
)
from billfold.money import Money, currency_code
from billfold.period import Period, has_not_come, utc_text
from billfold.wire import (
    DriftError,
    Problem,
    Steps,
    decode_or_none,
    fingerprint,
    in_slices,
    parse_at,
    stepwise,
)
from billfold_latitude import wire

# A cycle rolls over at the provider's time, and its invoice is settled within about an hour.
_ROLLING_OVER = timedelta(hours=1)


@frozen
class Payer:
    """The team that pays for a project; ``currency`` is None where no usable code is stated."""

    id: str | None
    name: str | None
    currency: str | None


def problem(body: bytes) -> Problem:
    """Return what an error body says, in its envelope or as a bare list (section 1.5)."""
    error = _first_error(body)
    texts = [decode_or_none(field, str) for field in (error.detail, error.message, error.title)]
    meta = decode_or_none(error.meta, wire.ErrorMeta) or wire.ErrorMeta()
    return Problem(
        decode_or_none(error.code, str),
        next(filter(None, texts), None),
        retry_after=_seconds(meta.retry_after),
    )


def _first_error(body: bytes) -> wire.Error:
    if body.lstrip().startswith(b"["):
        errors = decode_or_none(Raw(body), tuple[wire.Error, ...])
    else:
        errors = (decode_or_none(Raw(body), wire.Errors) or wire.Errors()).errors
    return errors[0] if errors else wire.Error()


def _seconds(wait: Decimal | None) -> float | None:
    if wait is None or not wait.is_finite() or wait < 0:
        return None
    return float(min(wait, Decimal(999_999_999)))


def usable_currency(stated: wire.Currency | str | None) -> str | None:
    """Return a code of ISO 4217 in capitals; None for anything else (section 2.4, G1)."""
    code = stated.code if isinstance(stated, wire.Currency) else stated
    try:
        return currency_code(code or "")
    except ValueError:  # as every error about money and currencies is
        return None


def label(project: wire.Project) -> str:
    """Return a project's id, and what people know it by."""
    name = _name(project)
    return f"project {project.id}" + (f' "{name}"' if name else "")


def called(project: wire.Project) -> str:
    """Return what people know a project by, for a detail that stands after its id."""
    name = _name(project)
    return f'project "{name}"' if name else "the project"


def _name(project: wire.Project) -> str | None:
    own = project.attributes or wire.ProjectAttributes()
    return own.name or own.slug


def created_at(project: wire.Project) -> datetime | None:
    """Return when a project came to be, if it states that."""
    return None if project.attributes is None else project.attributes.created_at


def payer(project: wire.Project, stated: Sequence[wire.Team] = ()) -> Payer:
    """Return who pays for a project: as it states, then as the only fitting row of ``/team``."""
    attributes = project.attributes or wire.ProjectAttributes()
    named = attributes.team or wire.ProjectTeam()
    rows = [row for row in stated if named.id is None or row.id in (None, named.id)]
    row = rows[0] if len(rows) == 1 else wire.Team()
    team = row.attributes or wire.TeamAttributes()
    code = usable_currency(named.currency)
    return Payer(
        named.id or row.id,
        named.name or team.name or team.slug,
        code or usable_currency(team.currency),
    )


def project_ids(projects: Sequence[str] | None) -> Sequence[str] | None:
    """Return the ids of projects; None where one may be a slug, which names any of them."""
    return None if has_slugs(projects) else projects


def has_slugs(projects: Sequence[str] | None) -> bool:
    """Return whether projects are named of which one may be a slug."""
    return not all(map(is_project_id, projects or ()))


def is_project_id(name: str) -> bool:
    """Return whether this is a project's id, and no slug."""
    return name.startswith("proj_")


def credential(reply: wire.Teams) -> Credential:
    """Return a credential that names the key's teams."""
    teams = [(row.id, row.attributes or wire.TeamAttributes()) for row in reply.data or ()]
    names = [team.name or team.slug or row_id or "a team without a name" for row_id, team in teams]
    return Credential(", ".join(names) or "no team")


def payers(projects: Sequence[wire.Project]) -> Credential:
    """Return a credential that names the teams as projects do, where the teams' list is closed."""
    named = [payer(project) for project in projects]
    names = dict.fromkeys(team.name or team.id or "a team without a name" for team in named)
    return Credential(", ".join(names) or "no team")


def billing(project: wire.Project, reply: wire.Usage) -> wire.Billing:
    """Return a cycle; one of another project, whose cents would count twice, is DriftError."""
    _require_project(project, reply.data.attributes.project)
    return reply.data.attributes


def credit(project: wire.Project, reply: wire.UsageCredit) -> wire.Credit:
    """Return what a cycle states of its team's credit; raises DriftError as ``billing`` does."""
    _require_project(project, reply.data.attributes.project)
    return reply.data.attributes


def _require_project(project: wire.Project, stated: wire.BilledProject | None) -> None:
    """Compare ids or, where the reply states none, slugs."""
    stated = stated or wire.BilledProject()
    field, named, own = "id", stated.id, project.id
    if not named and project.attributes is not None and project.attributes.slug:
        field, named, own = "slug", stated.slug, project.attributes.slug
    if named and named != own:
        path = f"$.data.attributes.project.{field}"
        raise DriftError(f"the reply is about another project than {own} - at `{path}`")


def nameless(reply: wire.Usage) -> Hashable | None:
    """Return what tells a bill from others where it names no project; None where it names one.

    That is its subscription or, without one, all it says, if it has lines that cost anything: two
    projects may have one price.
    """
    bill = reply.data.attributes
    stated = bill.project or wire.BilledProject()
    if stated.id or stated.slug:
        return None
    return reply.data.id or (bill if any(map(_costs, bill.products or ())) else None)


@stepwise
def item_lines(reply: wire.Usage) -> Steps[tuple[int, ...]]:
    """Return what tells lines of subscription items; an item is of one project (section 2.2).

    Whatever subscription the bill names: it may name none, and the item's id is enough. The lines
    themselves would keep every bill in memory until the last project is read.
    """
    rows = reply.data.attributes.products or ()
    return tuple((yield from in_slices(rows, _fingerprints)))


def _fingerprints(rows: Iterable[wire.Product]) -> list[int]:
    return [fingerprint(_known_by(row)) for row in rows if row.id and _costs(row)]


def _known_by(line: wire.Product) -> object:
    """Return what tells a line in two replies; a metered one may count up between them."""
    return line if line.usage_type == "licensed" else (line.id, line.name, line.start)


def whole_bill(reply: wire.Usage) -> Hashable | None:
    """Return what tells a subscription's bill over something, None where it names none.

    It is for a bill of which no line is an item's: a subscription is of one project (section 2.2).
    Where something is metered the total may count up between two replies, and tells nothing.
    """
    bill = reply.data.attributes
    total = bill.amount if bill.price is None else bill.price
    if not reply.data.id or not total:
        return None
    grows = any(line.usage_type == "metered" for line in bill.products or ())
    return reply.data.id, bill.period, None if grows else total


def _costs(line: wire.Product) -> bool:
    return bool(line.amount if line.price is None else line.price)


def is_silent(bill: wire.Billing) -> bool:
    """Return whether neither a price nor lines are stated; an idle project's price is a 0."""
    return bill.price is None and bill.amount is None and not bill.products


def is_unbilled(bill: wire.Billing) -> bool:
    """Return whether there is neither a cycle nor any money, as before a project's first use."""
    period = bill.period or wire.Cycle()
    timeless = period.start is None or period.end is None
    return timeless and not (bill.price or bill.amount or bill.products)


def cycle(bill: wire.Billing) -> Period:
    """Return the project's current billing cycle."""
    period, path = bill.period or wire.Cycle(), "$.data.attributes.period"
    if period.start is None or period.end is None:
        raise DriftError(f"something is billed, but the cycle has no start or end - at `{path}`")
    with parse_at(path):
        return Period(period.start, period.end)


def coverage(requested: Period | None, current: Period, now: datetime) -> tuple[State, str | None]:
    """Return how well the current cycle, the only one, answers for a period (section 2.1)."""
    if requested is None:
        return _running(current, now)
    if requested == current:
        return State.COMPLETE, None
    detail = "Latitude.sh only has each project's whole current billing cycle"
    if requested.overlaps(current):
        return State.DIFFERENT_WINDOW, detail
    return State.UNAVAILABLE, f"{detail}, which shares no time with the period"


def _running(stated: Period, now: datetime) -> tuple[State, str | None]:
    if now - _ROLLING_OVER >= stated.end:
        over = f"ended {utc_text(stated.end)}"
    elif has_not_come(stated.start, now):
        over = f"begins {utc_text(stated.start)}"
    else:
        return State.COMPLETE, None
    return State.DIFFERENT_WINDOW, f"the only cycle stated is not the running one, it {over}"


def without_cycle(requested: Period | None, now: datetime, running: State) -> State:
    """Return how well having no cycle answers for a period: nothing is known of earlier ones."""
    return running if requested is None or now in requested else State.UNAVAILABLE


def balance(team: Payer, currency: str, bill: wire.Credit, as_of: datetime) -> Balance | None:
    """Return a team's credit, the sign as stated; None if it is not stated (section 2.4, G2)."""
    amount = stated_money("available_credit_balance", currency, bill.available_credit_balance)
    if amount is None:
        return None
    scope = "team" if team.id is None else f"team:{team.id}"
    return Balance(amount, BalanceKind.CREDIT, scope, as_of, team.name, billing_account_id=team.id)


def stated_money(field: str, currency: str, cents: Decimal | None) -> Money | None:
    """Return an amount that stands beside the lines; raises DriftError with its place."""
    with parse_at(f"$.data.attributes.{field}"):
        return None if cents is None else Money.minor(cents, currency)
