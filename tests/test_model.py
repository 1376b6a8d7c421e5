"""The records, and the one place where charges are made to add up."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import attrs
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from billfold import (
    Balance,
    BalanceKind,
    Category,
    Charge,
    Check,
    Credential,
    DailyCost,
    Invoice,
    InvoiceKind,
    InvoiceLine,
    LedgerEntry,
    Money,
    MoneyError,
    PaymentMethod,
    Period,
    Subscription,
    Usage,
)
from billfold.model import is_unstated, number_duplicates, with_residual
from support.records import decimals

OCTOBER = Period.month(2026, 10)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def eur(text: str | Decimal) -> Money:
    return Money(Decimal(text), "EUR")


def charge(cost: str | Money | None, **fields: Any) -> Charge:
    money = eur(cost) if isinstance(cost, str) else cost
    return Charge("1", Category.USAGE, OCTOBER, "s", money, **fields, provider="p", account="a")


def usage(*costs: str | None, stated: str | None = None) -> Usage:
    total = None if stated is None else eur(stated)
    return Usage(
        OCTOBER,
        OCTOBER,
        tuple(charge(cost) for cost in costs),
        "org",
        "Org",
        "proj",
        "Project",
        total,
        provider="p",
        account="a",
    )


RECORDS = [
    charge("1"),
    Check("c", eur("1"), eur("1")),
    usage("1"),
    Balance(eur("-1"), BalanceKind.PREPAID, "organization:x", NOW, provider="p", account="a"),
    DailyCost(date(2026, 10, 1), eur("1"), provider="p", account="a"),
    LedgerEntry("1", NOW, eur("1"), "topup", provider="p", account="a"),
    InvoiceLine("1", eur("1")),
    Invoice("1", InvoiceKind.LEGAL, eur("1"), provider="p", account="a"),
    Subscription("1", provider="p", account="a"),
    PaymentMethod("1", "card", True, provider="p", account="a"),
    Credential("someone", provider="p", account="a"),
]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_records_are_frozen_and_slotted(record: Any) -> None:
    first = attrs.fields(type(record))[0].name
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        setattr(record, first, "x")
    with pytest.raises((AttributeError, TypeError)):
        record.brand_new = 1
    assert not hasattr(record, "__dict__")
    assert hash(record) == hash(evolve(record))


@pytest.mark.parametrize(
    ("cost", "included_in", "hole"),
    [("0", None, False), ("1", None, False), (None, None, True), (None, "other", False)],
)
def test_a_hole_is_a_cost_that_nobody_states(
    cost: str | None, included_in: str | None, hole: bool
) -> None:
    assert is_unstated(charge(cost, included_in=included_in)) is hole


@pytest.mark.parametrize(
    ("total", "counts", "hole"),
    [("1", True, False), (None, True, True), (None, False, False), ("1", False, False)],
)
def test_an_invoice_that_asks_for_no_money_is_no_hole(
    total: str | None, counts: bool, hole: bool
) -> None:
    money = None if total is None else eur(total)
    assert is_unstated(Invoice("1", InvoiceKind.LEGAL, money, counts=counts)) is hole


@pytest.mark.parametrize(
    "quantity", [1.5, Decimal("NaN"), Decimal("Infinity"), Decimal("1e400"), "3"]
)
def test_a_quantity_is_exact(quantity: Any) -> None:
    with pytest.raises(MoneyError):
        charge("1", quantity=quantity)
    with pytest.raises(MoneyError):
        InvoiceLine("1", eur("1"), quantity=quantity)


def test_a_check_shows_the_gap() -> None:
    check = Check("c", eur("10.00"), eur("9.99"))
    assert (check.gap, check.holds) == (eur("0.01"), False)
    assert Check("c", eur("10.00"), eur("10")).holds


def test_totals_leave_out_what_nobody_states_and_keep_the_idle_currency() -> None:
    assert usage("1.10", None, "2.20").totals() == {"EUR": eur("3.30")}
    assert usage(stated="0").totals() == {"EUR": eur("0")}
    assert usage(None).totals() == {}


def test_totals_keep_currencies_apart() -> None:
    mixed = evolve(usage("1"), charges=(charge("1"), charge(Money(Decimal(2), "USD"))))
    assert mixed.totals() == {"EUR": eur("1"), "USD": Money(Decimal(2), "USD")}


@pytest.mark.parametrize(
    ("ids", "told"),
    [
        ("A B", "A B"),
        ("A A A B B", "A A#2 A#3 B B#2"),
        ("A A A#2", "A A#3 A#2"),
        ("A#2 A A A", "A#2 A A#3 A#4"),
        ("A A A#2 A#2", "A A#3 A#2 A#2#2"),
    ],
)
def test_numbers_tell_records_apart_and_take_no_id_that_exists(ids: str, told: str) -> None:
    lines = number_duplicates(InvoiceLine(ident, None) for ident in ids.split())
    assert [line.id for line in lines] == told.split()


@given(
    st.lists(st.sampled_from(["A", "A#2", "A#2#2", "A#3", "B"]), max_size=9).flatmap(
        lambda ids: st.tuples(st.just(ids), st.permutations(range(len(ids))))
    )
)
def test_numbers_are_unique_and_go_by_the_content_whatever_the_order(
    drawn: tuple[list[str], list[int]],
) -> None:
    ids, places = drawn
    lines = [InvoiceLine(ident, eur(str(number))) for number, ident in enumerate(ids)]

    def by_content(line: InvoiceLine) -> Decimal:
        assert line.cost is not None
        return line.cost.amount

    numbered = number_duplicates(lines, order=by_content)
    assert len({line.id for line in numbered}) == len(ids)
    assert set(ids) <= {line.id for line in numbered}
    turned = number_duplicates([lines[place] for place in places], order=by_content)
    assert set(turned) == set(numbered)


@pytest.mark.parametrize(("stated", "gap"), [("3.31", "0.01"), ("3.29", "-0.01"), ("0", "-3.30")])
def test_a_total_that_is_not_its_lines_gets_one_derived_charge(stated: str, gap: str) -> None:
    settled = with_residual(
        usage("1.10", "2.20", stated=stated),
        check="total = lines",
        residual_id="rest",
        service="Everything",
    )
    *lines, residual = settled.charges
    assert tuple(lines) == usage("1.10", "2.20").charges
    assert (residual.id, residual.cost, residual.derived, residual.category) == (
        "rest",
        eur(gap),
        True,
        Category.ADJUSTMENT,
    )
    assert (residual.billing_account_id, residual.sub_account_id, residual.service) == (
        "org",
        "proj",
        "Everything",
    )
    assert residual.reason == f"the provider states {stated} EUR in all and 3.30 EUR in lines"
    assert settled.totals() == {"EUR": eur(stated)}
    assert [(check.name, check.gap) for check in settled.checks] == [("total = lines", eur(gap))]


def test_a_total_that_is_its_lines_gets_a_check_alone() -> None:
    settled = with_residual(
        usage("1.10", "2.20", stated="3.3"), check="total = lines", residual_id="rest", service="s"
    )
    assert settled.charges == usage("1.10", "2.20").charges
    assert [check.holds for check in settled.checks] == [True]


def test_without_a_stated_total_nothing_is_derived() -> None:
    assert with_residual(usage("1.10"), check="n", residual_id="r", service="s") == usage("1.10")


def test_lines_in_another_currency_are_left_as_they_are() -> None:
    dollars = charge(Money(Decimal(2), "USD"))
    settled = with_residual(
        evolve(usage(stated="1"), charges=(dollars,)), check="n", residual_id="r", service="s"
    )
    assert settled.totals() == {"EUR": eur("1"), "USD": Money(Decimal(2), "USD")}


@given(st.lists(decimals | st.none(), max_size=8), decimals)
def test_settled_charges_add_up_to_the_last_digit(
    costs: list[Decimal | None], stated: Decimal
) -> None:
    lines = tuple(charge(None if cost is None else eur(cost)) for cost in costs)
    settled = with_residual(
        evolve(usage(), charges=lines, stated_total=eur(stated)),
        check="n",
        residual_id="r",
        service="s",
    )
    assert settled.totals() == {"EUR": eur(stated)}
    assert sum(one.derived for one in settled.charges) == (not settled.checks[0].holds)


def test_a_payment_method_holds_no_whole_iban() -> None:
    method = PaymentMethod(
        "1", "sepa_debit", True, iban="DE89 3704 0044 0532 0130 00", provider="p", account="a"
    )
    assert method.iban == "DE***3000"
    assert evolve(method, default=False).iban == "DE***3000"
    assert "0532" not in repr(method)
    assert PaymentMethod("1", "card", True, provider="p", account="a").iban is None


def test_a_ledger_description_stays_out_of_the_repr() -> None:
    assert "AUTUMN-27" not in repr(
        LedgerEntry("1", NOW, eur("1"), "coupon", "coupon AUTUMN-27", provider="p", account="a")
    )


def test_a_payment_method_keeps_four_digits_of_a_card() -> None:
    assert (
        PaymentMethod(
            "1", "card", True, last4="4242 4242 4242 0417", provider="p", account="a"
        ).last4
        == "0417"
    )
    assert PaymentMethod("1", "card", True, last4="0093", provider="p", account="a").last4 == "0093"
