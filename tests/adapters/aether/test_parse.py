"""What Aether's replies mean; the money is written by hand from the replies in this folder."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from billfold import DayPart, DriftError, Money, Period
from billfold.wire import decode
from billfold_aether import daily_spend, parse, wire
from support.replies import reply

NOVEMBER = Period.month(2026, 11)
ORG = wire.Organization("7C1E55A9-04D3-4B8F-9A62-E3B70F18D4C6", "Nordlicht Verlag")


def eur(text: str) -> Money:
    return Money(Decimal(text), "EUR")


def spent(name: str = "get_daily_spend_ninth_of_month") -> daily_spend.Spend:
    return daily_spend.spend(decode(reply("aether", name), wire.DailySpend))


def points(*pairs: tuple[str, str], total: str = "0") -> wire.DailySpend:
    listed = ", ".join(f'{{"date": "{day}", "amount_eur": {amount}}}' for day, amount in pairs)
    return decode(f'{{"points": [{listed}], "total_eur": {total}}}'.encode(), wire.DailySpend)


@pytest.mark.parametrize(
    ("name", "costs"),
    [
        ("get_daily_spend_first_of_month", ["0.46"]),
        ("get_daily_spend_exponent", ["0.001", "0", "2.5"]),
        (
            "get_daily_spend_ninth_of_month",
            [
                "0",
                "3.68",
                "1.84",
                "0",
                "0.9200000000000002",
                "2.7600000000000002",
                "5.52",
                "1.38",
                "4.140000000000001",
            ],
        ),
    ],
)
def test_days_keep_every_digit_and_zero_days(name: str, costs: list[str]) -> None:
    days = daily_spend.daily_costs(ORG, spent(name), NOVEMBER)
    assert [day.cost for day in days] == [eur(cost) for cost in costs]
    assert [day.date.day for day in days] == list(range(1, len(costs) + 1))
    assert {(day.part, day.billing_account_id) for day in days} == {(DayPart.AUTOSCALING, ORG.id)}


def test_a_month_of_31_days_ends_with_its_last_day() -> None:
    december = daily_spend.spend(
        points(*((f"2026-12-{day:02}", "0.5") for day in range(1, 32)), total="15.5")
    )
    assert december.month == Period.month(2026, 12)
    days = daily_spend.daily_costs(ORG, december, december.month)
    assert (len(days), days[-1].date) == (31, date(2026, 12, 31))
    assert (
        daily_spend.missing_days(december, december.month, datetime(2026, 12, 31, tzinfo=UTC)) == ()
    )


def test_days_the_provider_leaves_out_are_named() -> None:
    holed = daily_spend.spend(points(("2026-11-01", "1"), ("2026-11-04", "1")))
    now = datetime(2026, 11, 4, 9, tzinfo=UTC)
    assert daily_spend.missing_days(holed, NOVEMBER, now) == (date(2026, 11, 2), date(2026, 11, 3))
    assert daily_spend.missing_days(holed, Period.parse("2026-11-03..2026-11-20"), now) == (
        date(2026, 11, 3),
    )


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        ([], "no day"),
        ([("2026-10-31", "1"), ("2026-11-01", "1")], "days of 2 months"),
        ([("2026-11-01", "1"), ("2026-11-01", "2")], "two points for one day"),
        ([("2026-11-01", "1"), ("2026-11-02", "1e400")], r"at `\$\.points\[1\]`"),
        ([("2026-11-01", "1"), ("9999-12-31", "1")], r"at `\$\.points\[1\]`"),
        ([("2026-11-01", "9e39"), ("2026-11-02", "9e39")], r"at `\$\.points`"),
    ],
)
def test_points_that_are_not_the_days_of_a_month_are_drift(
    pairs: list[tuple[str, str]], message: str
) -> None:
    with pytest.raises(DriftError, match=message):
        daily_spend.spend(points(*pairs))


def test_a_total_of_the_days_that_nobody_can_hold_names_its_path() -> None:
    for day, total in (("1", "1e400"), ("9e39", "-9e39")):
        with pytest.raises(DriftError, match=r"`\$\.total_eur`"):
            daily_spend.spend(points(("2026-11-01", day), total=total))


def test_a_period_decides_by_the_days_that_begin_in_it() -> None:
    noon = Period(datetime(2026, 11, 5, 12, tzinfo=UTC), datetime(2026, 11, 7, 12, tzinfo=UTC))
    within_a_day = Period(
        datetime(2026, 11, 5, 12, tzinfo=UTC), datetime(2026, 11, 5, 18, tzinfo=UTC)
    )
    assert daily_spend.days_of_month(NOVEMBER, None) == NOVEMBER
    assert daily_spend.days_of_month(NOVEMBER, NOVEMBER) == NOVEMBER
    assert daily_spend.days_of_month(
        NOVEMBER, Period.parse("2026-10-15..2026-11-03")
    ) == Period.parse("2026-11-01..2026-11-03")
    assert daily_spend.days_of_month(NOVEMBER, noon) == Period.parse("2026-11-06..2026-11-08")
    assert daily_spend.days_of_month(NOVEMBER, within_a_day) is None


def test_payment_methods_keep_zeros_in_front_and_what_is_not_stated() -> None:
    methods = parse.payment_methods(
        ORG, decode(reply("aether", "list_payment_methods_several"), wire.PaymentMethods)
    )
    assert [
        (card.kind, card.default, card.brand, card.last4, card.exp_month, card.exp_year)
        for card in methods
    ] == [
        ("card", True, "mastercard", "0093", 4, 2029),
        ("card", False, None, None, None, None),
        ("card", False, None, None, None, None),
    ]
    assert methods[0].created_at == datetime(2026, 1, 20, 8, 52, 40, tzinfo=UTC)
    assert methods[0].billing_account_id == ORG.id


def test_a_credential_is_named_by_its_organizations() -> None:
    assert parse.credential([ORG, wire.Organization("e8a6")]).subject == "Nordlicht Verlag, e8a6"


@pytest.mark.parametrize(
    ("name", "code", "message"),
    [
        ("error_unauthorized_bad_token", "unauthorized", "This token is not valid."),
        (
            "error_validation_failed_two_details",
            "validation_error",
            "The request has two problems. (orgID: Expected a UUID.; limit: Expected 1 to 100.)",
        ),
    ],
)
def test_an_error_body_says_its_code_and_every_detail(name: str, code: str, message: str) -> None:
    problem = parse.problem(reply("aether", name))
    assert (problem.code, problem.message) == (code, message)


@pytest.mark.parametrize("body", [b"", b"<html>Bad gateway</html>", b'{"error": "plain"}', b"[]"])
def test_an_error_body_without_the_envelope_says_nothing(body: bytes) -> None:
    assert parse.problem(body).message is None
