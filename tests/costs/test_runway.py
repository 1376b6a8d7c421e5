"""How long balances last, computed by hand."""

from datetime import UTC, date, datetime, timedelta
from decimal import Context, localcontext

import pytest

from billfold import Balance, BalanceKind, DailyCost, DayPart, Period, State, Stream, Usage
from billfold.costs.runway import Outlook, Runway, Spending
from billfold.coverage import Coverage
from support.costs import OCTOBER, charge, money

SEPTEMBER = Period.month(2026, 9)
AS_OF = datetime(2026, 10, 11, tzinfo=UTC)


def prepaid(amount: str, kind: BalanceKind = BalanceKind.PREPAID) -> Balance:
    return Balance(
        money(amount), kind, "organization:acme", AS_OF, "acme", provider="harmont", account="ci"
    )


def usage(cost: str, covers: Period = OCTOBER, billed: str = "acme") -> Usage:
    return Usage(
        covers, covers, (charge(cost),), billing_account_id=billed, provider="harmont", account="ci"
    )


def so_far(
    until: datetime | None, state: State = State.COMPLETE, part: str | None = None
) -> Coverage:
    return Coverage("ci", "harmont", Stream.USAGE, state, part=part, known_until=until)


def lasting(
    balance: Balance, spending: list[Spending], *coverage: Coverage, until: datetime = AS_OF
) -> Runway:
    return Runway.of(balance, spending, coverage or [so_far(until)])


def test_a_balance_lasts_as_long_as_what_passed_of_the_period_tells() -> None:
    # ten days of October cost 20, so 100 last 50 days from the 11th
    runway = lasting(prepaid("100.00 USD"), [usage("20.00 USD")])
    assert (runway.days, runway.until, runway.overdrawn) == (50, date(2026, 11, 30), False)


def test_the_callers_context_changes_no_runway() -> None:
    # ten days cost 20: 1234567.00 last 617283.5 days
    with localcontext(Context(prec=3)):
        assert lasting(prepaid("1234567.00 USD"), [usage("20.00 USD")]).days == 617_283


def test_parts_of_one_period_share_its_days_and_months_add_theirs() -> None:
    halves = [usage("10.00 USD"), usage("10.00 USD")]
    assert lasting(prepaid("100.00 USD"), halves).days == 50
    # September's 30 days and ten of October cost 80: 2 a day
    assert (
        lasting(prepaid("99.00 USD"), [usage("60.00 USD", SEPTEMBER), usage("20.00 USD")]).days
        == 49
    )


@pytest.mark.parametrize(
    ("balance", "used", "outlook", "enough"),
    [
        (prepaid("-5.00 USD"), [usage("20.00 USD")], Outlook.USED_UP, False),
        (prepaid("0 USD"), [usage("20.00 USD")], Outlook.USED_UP, False),
        (prepaid("5.00 USD", BalanceKind.CREDIT), [usage("20.00 USD")], Outlook.CREDIT, True),
        (prepaid("5.00 USD"), [usage("0 USD")], Outlook.UNUSED, True),
        (prepaid("5.00 USD"), [usage("20.00 EUR")], Outlook.UNKNOWN, False),
        (prepaid("5.00 USD"), [usage("20.00 USD", billed="other")], Outlook.UNKNOWN, False),
        (
            prepaid("5.00 USD"),
            [usage("20.00 USD", Period.month(2026, 11))],
            Outlook.UNKNOWN,
            False,
        ),
        (prepaid("5.00 USD"), [], Outlook.UNKNOWN, False),
    ],
)
def test_what_has_no_number_of_days_says_why_and_unknown_is_never_enough(
    balance: Balance, used: list[Usage], outlook: Outlook, enough: bool
) -> None:
    runway = lasting(balance, used)
    assert (runway.days, runway.until, runway.outlook) == (None, None, outlook)
    assert runway.is_enough(1) is enough


def test_the_days_are_those_whose_costs_are_counted_whenever_the_balance_was_read() -> None:
    # all 31 days of October cost 10.00, and the balance was read on the 11th: 9.3 times as long
    whole = lasting(prepaid("30.00 USD"), [usage("10.00 USD")], so_far(None))
    assert (whole.days, whole.until) == (93, date(2027, 1, 12))
    # known until the 6th, five days cost 10.00
    early = lasting(
        prepaid("30.00 USD"), [usage("10.00 USD")], until=datetime(2026, 10, 6, tzinfo=UTC)
    )
    assert early.days == 15


def test_an_organization_that_is_known_for_less_time_shortens_no_others_days() -> None:
    # of acme ten days cost 20.00; of beta only the first day is known, and it is not paid from this
    known = [so_far(AS_OF), so_far(datetime(2026, 10, 2, tzinfo=UTC), part="beta")]
    spent = [usage("20.00 USD"), usage("5.00 USD", billed="beta")]
    assert lasting(prepaid("100.00 USD"), spent, *known).days == 50


def test_costs_that_were_not_read_in_full_tell_no_days() -> None:
    hole = so_far(AS_OF, State.PARTIAL)
    runway = lasting(prepaid("100.00 USD"), [usage("20.00 USD")], hole)
    assert (runway.days, runway.outlook) == (None, Outlook.UNKNOWN)


def day(number: int, cost: str, part: DayPart = DayPart.ALL) -> DailyCost:
    return DailyCost(
        date(2026, 10, number),
        money(cost),
        part,
        billing_account_id="acme",
        provider="harmont",
        account="ci",
    )


def test_days_tell_as_much_as_usage_and_a_part_of_a_day_tells_nothing() -> None:
    # four days cost 10, so 25 last ten days: enough for ten, not for eleven
    runway = lasting(prepaid("25.00 USD"), [day(n, "2.50 USD") for n in (1, 2, 3, 4)])
    assert (runway.days, runway.until) == (10, date(2026, 10, 21))
    assert (runway.is_enough(10), runway.is_enough(11)) == (True, False)
    parts = [day(1, "2.50 USD", DayPart.AUTOSCALING)]
    assert lasting(prepaid("25.00 USD"), parts).outlook is Outlook.UNKNOWN


def test_only_prepaid_money_can_be_overdrawn() -> None:
    assert lasting(prepaid("-5.00 USD"), []).overdrawn
    assert not lasting(prepaid("-5.00 USD", BalanceKind.CREDIT), []).overdrawn


def test_a_balance_for_ages_has_a_date_where_a_calendar_has_one() -> None:
    # ten days cost 0.10, so 10,000.00 last a million days; 999,999,999.00 last longer than any date
    tenth = [day(n, "0.01 USD") for n in range(1, 11)]
    runway = lasting(prepaid("10000.00 USD"), tenth)
    assert (runway.days, runway.until) == (1_000_000, AS_OF.date() + timedelta(days=1_000_000))
    runway = lasting(prepaid("999999999.00 USD"), tenth)
    assert (runway.days, runway.until) == (99_999_999_900, None)
