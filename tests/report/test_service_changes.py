"""What changed by service since the period before: totals, percent and effects, by hand."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from billfold import Answer, Period, Usage
from billfold.costs.lines import Line
from billfold.model import Charge
from billfold.report import render_page
from billfold.report.service_changes import ServiceChanges
from support.costs import answer, charge, money
from support.reports import DECEMBER, content, euros

SEPTEMBER = Period.month(2026, 9)
BUILDS = {"service": "Builds", "unit": "min", "day": date(2026, 10, 3)}
AFTER = answer(
    charge("12.00 EUR", quantity=Decimal(60), **BUILDS),
    charge("5.00 EUR", service="New", account="cloud", provider="bnerd"),
    charge("1.00 EUR", service="Same", quantity=Decimal(1)),
)


def september(*charges: Charge) -> Answer[Usage]:
    usage = answer(*charges)
    return Answer(usage.stream, SEPTEMBER, usage.items, usage.coverage)


BEFORE = september(
    charge("8.00 EUR", quantity=Decimal(50), **BUILDS),
    charge("1.00 EUR", service="Same", quantity=Decimal(1)),
    charge("0.00 EUR", service="Old", account="cloud", provider="bnerd"),
)


def lines(usage: Answer[Usage]) -> Sequence[Line]:
    return euros(usage)


def found() -> ServiceChanges:
    return ServiceChanges.of(lines(BEFORE), lines(AFTER), "EUR", {"bnerd": "b'nerd"})


def test_services_come_by_the_size_of_their_change_and_add_up() -> None:
    # Builds: 50 minutes at 0.16, then 60 at 0.20: 10 x 0.16 more use, 60 x 0.04 more price
    rows = [(row.provider, row.service, str(row.difference), row.percent) for row in found().rows]
    assert rows == [
        ("b'nerd", "New", "5.00 EUR", None),
        ("harmont", "Builds", "4.00 EUR", "+50.0 %"),
        ("b'nerd", "Old", "0.00 EUR", None),
        ("harmont", "Same", "0.00 EUR", "0.0 %"),
    ]
    builds, total = found().rows[1].change, found().total
    assert (builds.usage, builds.price) == (money("1.60 EUR"), money("2.40 EUR"))
    assert (total.change.before, total.change.after) == (money("9.00 EUR"), money("18.00 EUR"))
    assert (total.difference, total.percent) == (money("9.00 EUR"), "+100.0 %")
    assert found().effects == {"usage": "Usage", "price": "Price", "mixed": "Other"}


def test_many_services_leave_one_row_of_the_others() -> None:
    many = [charge(f"{number}.00 EUR", service=f"S{number}") for number in range(1, 16)]
    rows = ServiceChanges.of([], lines(answer(*many)), "EUR", {}).rows
    assert (len(rows), rows[-1].service) == (13, "3 others")
    assert rows[-1].change.after == money("6.00 EUR")  # 3 + 2 + 1


def test_the_page_has_a_column_for_both_months_and_for_each_effect() -> None:
    page = render_page(content(AFTER, BEFORE), DECEMBER)
    assert '<h2 id="by-change">What changed</h2>' in page
    for heading in ("September 2026", "October 2026", "Change", "Percent", "Usage", "Price"):
        assert f'<th scope="col" class="number">{heading}</th>' in page
    assert "Exchange rate</th>" not in page
    assert ">+50.0 %</td>" in page
    assert content(AFTER).comparison.services is None
