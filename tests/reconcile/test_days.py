"""Daily costs compared with usage; sides and causes are written by hand."""

from billfold import Check
from billfold.model import Cause
from billfold.reconcile._usage import check_identities, day_identities
from support.costs import money
from support.reconciliation import HOUR, NOON, account_views, daily, lease, only, used


def test_days_are_compared_with_charges_and_uneven_days_named() -> None:
    usage = used(lease("1.00 USD", NOON), lease("2.00 USD", NOON + 24 * HOUR))
    days = daily("0.00 USD", "1.00 USD", "2.50 USD")
    identity = only(day_identities(account_views(usages=(usage,), days=days)))
    assert (identity.name, identity.cause) == ("daily costs vs. usage", Cause.UNKNOWN)
    assert (str(identity.stated), str(identity.computed)) == ("3.50 USD", "3.00 USD")
    assert identity.evidence == ("2026-10-11: 2.50 USD by day, 2.00 USD in charges",)


def test_days_that_differ_as_the_summary_does_have_its_cause() -> None:
    summary = Check("summary vs. lines", money("1.20 USD"), money("1.00 USD"), cause="rate change")
    usage = used(lease("1.00 USD", NOON), checks=(summary,))
    views = account_views(usages=(usage,), days=daily("0.00 USD", "1.20 USD"))
    assert only(day_identities(views)).cause is Cause.RATE_CHANGE
    assert only(check_identities(views)).evidence == (
        "2026-10-10: 1.20 USD by day, 1.00 USD in charges",
    )


def test_days_in_a_currency_without_charges_are_not_passed_over() -> None:
    usage = used(lease("1.00 USD", NOON))
    views = account_views(usages=(usage,), days=daily("0.00 USD", "7.00 EUR"))
    euros, dollars = day_identities(views)
    assert (str(euros.stated), str(euros.computed)) == ("7.00 EUR", "0 EUR")
    assert (str(dollars.stated), str(dollars.computed)) == ("0.00 USD", "1.00 USD")


def test_without_days_or_usage_there_is_nothing_to_compare() -> None:
    assert list(day_identities(account_views(usages=(used(),)))) == []
    assert list(day_identities(account_views(days=daily("1.00 USD")))) == []
