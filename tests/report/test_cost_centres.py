"""Who pays: each shared charge once, and what nobody pays, to the last digit."""

from datetime import date

from attrs import evolve

from billfold.costs import Rule, Rules, priced_lines
from billfold.report import build_content, render_page
from billfold.report.answers import ReportAnswers
from billfold.report.cost_centres import CostCentre, CostCentres
from support.costs import OCTOBER, answer, charge, money
from support.reports import DECEMBER, views

RULES = Rules(
    (
        Rule({"service": ("Shop",)}, cost_centre="shop"),
        Rule({"service": ("Support",)}, share_by_usage=("shop", "platform")),
        Rule({"service": ("Build",)}, cost_centre="platform"),
    )
)
USAGE = answer(
    charge("6.00 EUR", service="Shop", day=date(2026, 10, 1)),
    charge("3.00 EUR", service="Build"),
    charge("0.10 EUR", service="Support"),  # 6 to 3: 0.07 and 0.03
    charge("5.00 EUR", service="Other"),
    charge("0.90 EUR", service="Another", account="cloud", provider="bnerd"),
)


def lines(usage=USAGE):
    return priced_lines(usage, currency="EUR", rules=RULES)


def test_each_cost_centre_has_its_own_and_its_part_of_what_is_shared() -> None:
    found = CostCentres.of(lines(), "EUR")
    assert found.rows == (
        CostCentre("shop", money("6.00 EUR"), money("0.07 EUR"), money("6.07 EUR"), "40.5 %"),
        CostCentre("platform", money("3.00 EUR"), money("0.03 EUR"), money("3.03 EUR"), "20.2 %"),
        CostCentre(None, money("5.90 EUR"), money("0 EUR"), money("5.90 EUR"), "39.3 %"),
    )
    assert (found.shared_charges, found.total) == (1, money("15.00 EUR"))


def test_what_stays_unallocated_is_named_by_service_and_the_rest_is_counted() -> None:
    named = CostCentres.of(lines(), "EUR").unallocated
    assert [(row.service, row.account, str(row.cost)) for row in named] == [
        ("Other", "ci", "5.00 EUR"),
        ("Another", "cloud", "0.90 EUR"),
    ]
    many = answer(*(charge("1.00 EUR", service=f"S{number}") for number in range(15)))
    found = CostCentres.of(lines(many), "EUR")
    assert (len(found.unallocated), found.others, found.others_cost) == (12, 3, money("3.00 EUR"))


def test_a_charge_that_is_spread_and_shared_is_one_charge() -> None:
    spread = priced_lines(USAGE, currency="EUR", rules=RULES, spread=True)
    found = CostCentres.of(spread, "EUR")
    assert (found.shared_charges, found.total) == (1, money("15.00 EUR"))


def test_the_page_shows_them_where_rules_are_given() -> None:
    answers = ReportAnswers(OCTOBER, views(USAGE), None, {"bnerd": "b'nerd"})
    shown = build_content(answers, lines, currency="EUR", now=DECEMBER, by_cost_centre=True)
    page = render_page(shown, DECEMBER)
    assert '<h2 id="centres">Cost centres</h2>' in page
    assert "1 charge is shared by several cost centres, and counted once" in page
    assert ">Unallocated</th>" in page
    assert 'value="6.07" data-currency="EUR"' in page
    assert page.count(">b&#39;nerd</td>") >= 1
    without = build_content(answers, lines, currency="EUR", now=DECEMBER)
    assert without.cost_centres is None


def test_without_a_cost_there_is_nobody_to_charge() -> None:
    idle = evolve(USAGE, items=())
    answers = ReportAnswers(OCTOBER, views(idle), None)
    shown = build_content(answers, lines, currency="EUR", now=DECEMBER, by_cost_centre=True)
    assert shown.cost_centres is None
