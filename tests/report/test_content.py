"""What the page says: figures, periods, runways and comparisons by hand."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Context, Decimal, localcontext

import pytest

from billfold import (
    Answer,
    Balance,
    BalanceKind,
    IncompleteError,
    Money,
    Period,
    RateError,
    State,
    Usage,
)
from billfold.costs.lines import Line
from billfold.report.content import Asked, content
from billfold.report.figures import Figure, Runway, named
from support.costs import OCTOBER, answer, charge, money
from support.reports import BOTH, DECEMBER, euros, report, views

SEPTEMBER = Period.month(2026, 9)
AS_OF = datetime(2026, 10, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("1234567.895 EUR", "1\N{NARROW NO-BREAK SPACE}234\N{NARROW NO-BREAK SPACE}567.90"),
        ("-0.5 EUR", "\N{MINUS SIGN}0.50"),
        ("0 EUR", "0.00"),
        ("0.004 EUR", "~0.00"),
        ("-0.004 EUR", "~0.00"),
        ("1234.5 JPY", "1\N{NARROW NO-BREAK SPACE}235"),
    ],
)
def test_figures_are_rounded_for_people_and_exact_behind(amount: str, shown: str) -> None:
    figure = Figure.of(money(amount))
    assert (figure.shown, figure.exact, figure.currency) == (shown, *amount.split())


@pytest.mark.parametrize(
    ("amount", "shown"), [("1 EUR", "+1.00"), ("0 EUR", "0.00"), ("-1 EUR", "\N{MINUS SIGN}1.00")]
)
def test_a_difference_shows_its_sign(amount: str, shown: str) -> None:
    assert Figure.change(money(amount)).shown == shown


@pytest.mark.parametrize(
    ("period", "name"),
    [
        (OCTOBER, "October 2026"),
        (Period.parse("2026-10-01..2026-10-15"), "2026-10-01 to 2026-10-14"),
        (
            Period.parse("2026-10-05T10:00:00Z..2026-10-06T00:00:00Z"),
            "2026-10-05T10:00:00Z to 2026-10-06T00:00:00Z",
        ),
        (None, "current period"),
    ],
)
def test_a_period_has_a_name(period: Period | None, name: str) -> None:
    assert named(period) == name


def prepaid(amount: str, kind: BalanceKind = BalanceKind.PREPAID) -> Balance:
    return Balance(
        money(amount), kind, "organization:acme", AS_OF, "acme", provider="harmont", account="ci"
    )


def usage(cost: str, covers: Period = OCTOBER, billed: str = "acme") -> Usage:
    return Usage(
        covers, covers, (charge(cost),), billing_account_id=billed, provider="harmont", account="ci"
    )


def test_a_balance_lasts_as_long_as_what_passed_of_the_period_tells() -> None:
    # ten days of October cost 20, so 100 last 50 days from the 11th
    runway = Runway.of(prepaid("100.00 USD"), [usage("20.00 USD")])
    assert (runway.days, runway.until, runway.overdrawn) == (50, date(2026, 11, 30), False)


def test_the_callers_context_changes_no_runway() -> None:
    # ten days cost 20: 1234567.00 last 617283.5 days
    with localcontext(Context(prec=3)):
        assert Runway.of(prepaid("1234567.00 USD"), [usage("20.00 USD")]).days == 617_283


def test_parts_of_one_period_share_its_days_and_months_add_theirs() -> None:
    halves = [usage("10.00 USD"), usage("10.00 USD")]
    assert Runway.of(prepaid("100.00 USD"), halves).days == 50
    # September's 30 days and ten of October cost 80: 2 a day
    assert (
        Runway.of(prepaid("99.00 USD"), [usage("60.00 USD", SEPTEMBER), usage("20.00 USD")]).days
        == 49
    )


@pytest.mark.parametrize(
    ("balance", "used"),
    [
        (prepaid("-5.00 USD"), [usage("20.00 USD")]),
        (prepaid("0 USD"), [usage("20.00 USD")]),
        (prepaid("5.00 USD", BalanceKind.CREDIT), [usage("20.00 USD")]),
        (prepaid("5.00 USD"), [usage("0 USD")]),
        (prepaid("5.00 USD"), [usage("20.00 EUR")]),
        (prepaid("5.00 USD"), [usage("20.00 USD", billed="other")]),
        (prepaid("5.00 USD"), [usage("20.00 USD", Period.month(2026, 11))]),
        (prepaid("5.00 USD"), []),
    ],
)
def test_nothing_used_or_nothing_left_has_no_runway(balance: Balance, used: list[Usage]) -> None:
    runway = Runway.of(balance, used)
    assert (runway.days, runway.until) == (None, None)


def test_only_prepaid_money_can_be_overdrawn() -> None:
    assert Runway.of(prepaid("-5.00 USD"), []).overdrawn
    assert not Runway.of(prepaid("-5.00 USD", BalanceKind.CREDIT), []).overdrawn


def test_a_balance_for_ages_has_a_date_that_exists() -> None:
    runway = Runway.of(prepaid("999999999.00 USD"), [usage("0.01 USD")])
    assert runway.until == AS_OF.date() + timedelta(days=36_500)


def september(*costs: str, state: State = State.COMPLETE) -> Answer[Usage]:
    whole = answer(
        *(
            charge(cost, account=account)
            for cost, account in zip(costs, ("ci", "cloud"), strict=False)
        ),
        state=state,
    )
    return Answer(whole.stream, SEPTEMBER, whole.items, whole.coverage)


def test_the_headline_compares_with_the_month_before() -> None:
    change = report(BOTH, september("4.00 EUR", "1.00 EUR")).change
    assert change.figure is not None
    assert (change.figure.exact, change.figure.shown, change.note) == (
        "10.00",
        "+10.00",
        "against September 2026",
    )


def test_accounts_that_answer_both_are_compared_alone_and_named() -> None:
    one = september("4.00 EUR")
    change = report(BOTH, one).change
    assert change.figure is not None
    assert change.figure.exact == "6.00"  # ci alone: 10.00 - 4.00
    assert change.note == "against September 2026, for ci alone: the others cannot answer for both"


@pytest.mark.parametrize(
    ("period", "before", "at", "note"),
    [
        (None, None, DECEMBER, "a running period is not compared with a whole one"),
        (
            OCTOBER,
            september("4.00 EUR"),
            AS_OF,
            "October 2026 is not over yet, so it is not compared",
        ),
        (
            OCTOBER,
            september("4.00 EUR", state=State.FAILED),
            DECEMBER,
            "no account can answer for all of September 2026 too, so there is no comparison",
        ),
    ],
)
def test_without_an_honest_comparison_there_is_none(
    period: Period | None, before: Answer[Usage] | None, at: datetime, note: str
) -> None:
    change = report(BOTH, before, period=period, at=at).change
    assert (change.figure, change.note) == (None, note)


def test_a_rate_missing_for_the_month_before_costs_only_the_comparison() -> None:
    def fussy(whole: Answer[Usage]) -> Sequence[Line]:
        if whole.requested == SEPTEMBER:
            raise RateError("no exchange rate for USD on 2026-09-01")
        return euros(whole)

    asked = Asked(OCTOBER, views(BOTH), september("4.00 EUR", "1.00 EUR"))
    change = content(asked, fussy, currency="EUR", now=DECEMBER).change
    assert (
        change.note == "no comparison with September 2026: no exchange rate for USD on 2026-09-01"
    )


def test_a_hole_is_refused_or_named() -> None:
    holed = answer(charge("1.00 EUR"), state=State.PARTIAL)
    with pytest.raises(IncompleteError):
        report(holed, None)
    (missing,) = report(holed, None, partial=True).missing
    assert (missing.accounts, missing.provider, missing.reason, missing.covers) == (
        "ci",
        "harmont",
        "partial",
        "2026-10",
    )


def test_days_services_and_what_has_no_day() -> None:
    long = "A service with a name that is far too long for a chart"
    whole = answer(
        charge("1.00 EUR", day=date(2026, 10, 1)),
        charge(
            "2.00 EUR",
            day=date(2026, 10, 2),
            account="k8s",
            provider="aether",
            service="Aether fees",
        ),
        charge("4.00 EUR", service=long),
    )
    made = report(whole, None)
    assert [
        (day.day, [figure and figure.exact for figure in day.providers], day.total.exact)
        for day in made.days
    ] == [
        ("2026-10-01", [None, "1.00"], "1.00"),
        ("2026-10-02", ["2.00", None], "2.00"),
    ]
    assert [(bar.at, bar.group, bar.amount) for bar in made.bars] == [
        ("2026-10-01", "harmont", "1.00"),
        ("2026-10-02", "aether", "2.00"),
    ]
    assert [(name, figure.exact) for name, figure in made.undated] == [("harmont", "4.00")]
    assert [bar.at for bar in made.services] == [
        "A service with a name t\N{HORIZONTAL ELLIPSIS} (harmont)",
        "Aether fees",
        "CI (harmont)",
    ]
    assert (
        sum(Decimal(row.converted.exact) for row in made.rows)
        == Decimal(made.total.exact)
        == Decimal("7.00")
    )
    assert made.total == Figure.of(Money(Decimal("7.00"), "EUR"))


def test_services_that_begin_alike_have_a_bar_each() -> None:
    long = "Managed Kubernetes Node Pool"
    costs = {
        f"{long} Large": "3 EUR",
        f"{long} Small": "2 EUR",
        "Managed Databases for Everyone": "1 EUR",
    }
    made = report(answer(*(charge(cost, service=service) for service, cost in costs.items())), None)
    assert [(bar.at, bar.amount) for bar in made.services] == [
        ("Managed Kubernetes Node Pool Large (harmont)", "3"),
        ("Managed Kubernetes Node Pool Small (harmont)", "2"),
        ("Managed Databases for E\N{HORIZONTAL ELLIPSIS} (harmont)", "1"),
    ]
