"""What is stated over a usage's rows and is no cost of its own; the money is worked out by hand."""

from typing import Any

import pytest

from support.bnerd_usage import asked, row, total


def money(cents: int, code: str = "EUR") -> dict[str, Any]:
    return {"cents": cents, "currency_iso": code}


USD = {"product": "CDN", "cost": money(300, "USD")}
MIXED = [row(1000), USD]
CONVERTED = {
    "over the rows": ({"usage": MIXED, "total": money(1270)}, "the rows"),
    "in cents": ({"usage": MIXED, "total_cents": 1270, "currency": "EUR"}, "the rows"),
    "over a project": ({"projects": [{"name": "a", "total": money(1270), "usage": MIXED}]}, "a"),
    "over projects": (
        {
            "projects": [{"name": "a", "usage": [row(1000)]}, {"name": "b", "usage": [USD]}],
            "total": money(1270),
        },
        "the rows",
    ),
}


@pytest.mark.parametrize("case", CONVERTED)
def test_a_total_over_two_currencies_that_is_not_the_sum_of_its_own_is_a_gap(case: str) -> None:
    value, name = CONVERTED[case]
    listing = asked(value)
    gap = f"the total over {name} is 12.70 EUR, and its rows do not add up to that"
    assert (total(listing), listing.gaps) == ("10.00 EUR, 3.00 USD", (gap,))
    assert not any(charge.derived for charge in listing.rows[0].charges)


@pytest.mark.parametrize(
    "other", [MIXED[1], {"product": "CDN", "cost": money(0, "USD")}], ids=["some", "nothing"]
)
def test_a_total_over_two_currencies_may_be_the_sum_of_its_own(other: Any) -> None:
    listing = asked({"usage": [row(1000), other], "total": money(1000)})
    assert listing.gaps == ()
    assert total(listing).startswith("10.00 EUR")


def test_beside_what_costs_nothing_in_another_currency_a_total_is_compared() -> None:
    free = {"product": "CDN", "cost": money(0, "USD")}
    listing = asked({"usage": [row(1000), free], "total": money(1270)})
    assert [str(check.gap) for check in listing.rows[0].checks] == ["2.70 EUR"]


@pytest.mark.parametrize(
    "label",
    [
        *("Amount due", "Balance due", "Net", "Netto", "Gross", "Net amount", "Endbetrag"),
        *("Rechnungsbetrag", "Zahlbetrag EUR", "Zu zahlen", "Payable"),
    ],
)
@pytest.mark.parametrize("key", ["product", "name", "description"])
def test_what_there_is_to_pay_is_called_a_total(label: str, key: str) -> None:
    listing = asked([row(1000), row(550, "Disk"), {key: label, "cost": money(1550)}])
    assert (total(listing), listing.gaps) == ("15.50 EUR", ())


@pytest.mark.parametrize("name", ["Net", "Network", "NetApp", "Netto GmbH", "Load Balancer"])
def test_a_product_with_such_a_name_that_adds_up_nothing_is_a_charge(name: str) -> None:
    listing = asked([row(1000), row(550, "Disk"), row(300, name)])
    assert (total(listing), listing.gaps) == ("18.50 EUR", ())


SHORT = ["Net", "NET", "Gross", "Brutto", "Due", "Pay", "Amount due", "Net amount"]


@pytest.mark.parametrize("name", SHORT)
def test_a_total_of_as_many_hours_as_the_others_is_no_charge(name: str) -> None:
    hours: dict[str, Any] = {"quantity": 744, "unit": "h"}
    rows = [row(1000, "DB", **hours), row(500, "IP", **hours)]
    for quantity in (744, 1488, 1):  # 744 twice are 1488
        listing = asked([*rows, row(1500, name, quantity=quantity, unit="h")])
        assert (total(listing), listing.gaps) == ("15.00 EUR", ())


@pytest.mark.parametrize("name", ["Net", "NET", "Gross", "Brutto", "Due", "Pay"])
def test_as_much_of_such_a_product_as_of_the_only_other_is_a_gap(name: str) -> None:
    volume: dict[str, Any] = {"quantity": 20, "unit": "GB"}
    gap = "`$[0]` is called a total and is what others add up to: a charge, or their total"
    for own in (volume, {**volume, "unit_price": money(50)}):
        listing = asked([row(1000, name, **own), row(1000, "DB", **own)])
        assert (total(listing), listing.gaps) == ("20.00 EUR", (gap,))


@pytest.mark.parametrize("name", SHORT)
def test_a_total_of_as_many_hours_as_its_project_has_is_no_charge(name: str) -> None:
    rows = [row(1000, "DB", project="a", hours=744), row(500, "IP", project="a", hours=744)]
    net = row(1500, name, project="a", hours=1488)
    listing = asked([*rows, row(300, project="b", hours=100), net])
    assert (total(listing), listing.gaps) == ("18.00 EUR", ())


@pytest.mark.parametrize("name", ["Due", "Pay", "Amount due", "Payable"])
@pytest.mark.parametrize("own", [{}, {"quantity": 744, "unit": "h"}])
def test_what_there_is_to_pay_that_is_no_sum_of_the_others_is_a_gap(name: str, own: Any) -> None:
    # 7.00 of 15.00 are to be paid.
    listing = asked([row(1000, "DB"), row(500, "IP"), row(700, name, **own)])
    gap = "`$[2]` is called a total, and is not what the others add up to"
    assert (total(listing), listing.gaps) == ("15.00 EUR", (gap,))


NOTHING = money(0)
TWO = [row(1000), row(550, "Disk")]
ZEROS = [
    ({"summary": {"total": NOTHING}}, "summary.total"),
    ({"total_cost": NOTHING}, "total_cost"),
    ({"grand_total": NOTHING}, "grand_total"),
    ({"totals": {"EUR": NOTHING}}, "totals.EUR"),
    ({"total": 0}, "total"),
    ({"total": "0.00"}, "total"),
    ({"total_cents": 0}, "total_cents"),
    ({"meta": {"total": 0}}, "meta.total"),
    ({"discount_percent": 100}, "discount_percent"),
]


@pytest.mark.parametrize(("beside", "path"), ZEROS)
def test_a_total_of_nothing_denies_rows_that_cost_something(beside: Any, path: str) -> None:
    listing = asked({"usage": TWO, **beside})
    gap = f"amounts that were not read: `$.{path}`"
    assert (total(listing), listing.gaps) == ("15.50 EUR", (gap,))


DENIALS = [
    *((key, NOTHING) for key in ("final_cost", "net", "billed", "charged", "cost_after_discount")),
    *(("net_cost", 0), ("discount_percent", 100), ("discount", "100 %"), ("rebatePct", "100")),
]


@pytest.mark.parametrize(("key", "value"), DENIALS)
def test_a_row_that_costs_something_and_nothing_is_a_gap(key: str, value: object) -> None:
    listing = asked([row(1000, **{key: value})])
    gap = f"amounts that were not read: `$[0].{key}`"
    assert (total(listing), listing.gaps) == ("10.00 EUR", (gap,))


ORDINARY = [
    *("tax", "vat_total", "total_tax", "credits", "discount", "total_discount", "fees", "refunds"),
    *("amount_due", "total_due", "payable", "balance", "outstanding", "paid", "amount_paid"),
    *("overage", "free_total"),
]


@pytest.mark.parametrize("key", ORDINARY)
@pytest.mark.parametrize("nothing", [NOTHING, 0, "0.00"], ids=["money", "number", "text"])
def test_nothing_of_what_may_be_nothing_is_ordinary(key: str, nothing: object) -> None:
    listing = asked({"usage": [row(1000, **{key: nothing}), row(550, "Disk")], key: nothing})
    assert (total(listing), listing.gaps) == ("15.50 EUR", ())


@pytest.mark.parametrize(
    "beside",
    [{"totals": {"EUR": money(1000), "USD": money(0, "USD")}}, {"totals": {"EUR": 10, "USD": 0}}],
)
def test_nothing_in_another_currency_denies_nothing(beside: Any) -> None:
    listing = asked({"usage": [row(1000)], **beside})
    assert (total(listing), listing.gaps) == ("10.00 EUR", ())


def test_totals_of_nothing_repeat_rows_that_cost_nothing() -> None:
    rows = [row(0, discount_percent=100), row(0, "Disk", final_cost=NOTHING)]
    listing = asked({"usage": rows, "summary": {"total": NOTHING}, "total_cents": 0})
    assert (total(listing), listing.gaps) == ("0.00 EUR", ())


PARTS = {"A": 1000, "B": 2000, "C": 500}


@pytest.mark.parametrize("names", ["A", "AB", "ABC"])
@pytest.mark.parametrize("around", ["summary", "totals", "meta"])
def test_a_summary_may_break_down_what_the_rows_cost(names: str, around: str) -> None:
    # 10.00, and 20.00 and 5.00 more of other projects.
    rows = [row(PARTS[name], name, project=name) for name in names]
    whole = sum(PARTS[name] for name in names)
    costs = {name: money(PARTS[name]) for name in names}
    as_rows = [{"name": name, "cost": cost} for name, cost in costs.items()]
    for projects in (costs, as_rows):
        listing = asked({"usage": rows, around: {"total": money(whole), "projects": projects}})
        assert (total(listing), listing.gaps) == (f"{whole / 100:.2f} EUR", ())


@pytest.mark.parametrize(
    "summary",
    [
        {"projects": {"A": money(1000), "B": money(2000), "C": money(501)}},
        {"projects": {"A": money(3600)}},
        {"credits": {"projects": {"A": money(3500)}}},
        {"projects": {"total": money(3500), "credit": money(-500)}},
        {"credit": money(-500), "projects": {"A": money(3500)}},
    ],
)
def test_a_summary_that_says_something_else_than_the_rows_is_unread(summary: Any) -> None:
    rows = [row(PARTS[name], name, project=name) for name in PARTS]
    listing = asked({"usage": rows, "summary": {"total": money(3500), **summary}})
    assert total(listing) == "35.00 EUR"
    assert len(listing.gaps) == 1


@pytest.mark.parametrize(
    ("beside", "unread"),
    [
        *(({key: 9}, (key,)) for key in ("gutschrift", "rabatt", "guthaben", "zahlbetrag")),
        *(({key: 15.5}, ()) for key in ("summe", "gesamtbetrag", "gesamt", "kosten_netto")),
        *(({key: 15.5}, ()) for key in ("zahlbetrag", "rechnungssumme", "final_cost")),
        ({"netto": 15.5, "steuer": 2.95, "brutto": 18.45}, ()),
        *(({key: 0}, ()) for key in ("gutschrift", "erstattung")),
        ({"gesamt": 0}, ("gesamt",)),
    ],
)
def test_amounts_under_german_words_are_read_as_english_ones(beside: Any, unread: Any) -> None:
    listing = asked({"usage": TWO, **beside})
    gaps = tuple(f"amounts that were not read: `$.{key}`" for key in unread)
    assert (total(listing), listing.gaps) == ("15.50 EUR", gaps)
