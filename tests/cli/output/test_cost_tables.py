"""Costs beside each other: what is counted per currency, and what is compared."""

import csv
import io
import json
from datetime import date
from typing import Any

import pytest
from attrs import evolve

from billfold import Answer, Check, ForbiddenError, Period, State, Usage
from billfold.cli.options import OutputFormat
from billfold.cli.output.cost_csv import costs_csv
from billfold.cli.output.cost_view import write_costs
from billfold.cli.output.period_changes import PeriodChanges, compare_periods
from billfold.costs import CostView, cost_view, priced_lines
from support.costs import answer, charge, money

BY = ("provider",)
SEPTEMBER = Period.month(2026, 9)


def view(october: Answer[Usage]) -> CostView:
    return cost_view(october, priced_lines(october), by=BY, currency=None, partial=True)


def compared(before: Answer[Usage], october: Answer[Usage], *by: str) -> PeriodChanges:
    return compare_periods(before, october, by or BY, priced_lines)


def rows(text: str) -> list[dict[str, Any]]:
    return list(csv.DictReader(io.StringIO(text)))


def failed(account: str, provider: str, reason: str) -> Answer[Usage]:
    """Return the answer of an account whose September failed."""
    made = answer(charge("1.00 EUR", account=account, provider=provider, period=SEPTEMBER))
    row = evolve(made.coverage[0], state=State.FAILED, covers=None, detail=reason)
    error = ForbiddenError(reason).locate(provider=provider, account=account)
    return evolve(made, items=(), coverage=(row,), failures=(error,))


def test_lines_are_counted_in_the_row_of_their_currency() -> None:
    october = answer(
        charge("10.00 EUR", id="a"), charge("2.50 EUR", id="b"), charge("5.00 USD", id="c")
    )
    (row,) = view(october).rows
    assert (row.lines, row.lines_of) == (3, {"EUR": 2, "USD": 1})
    assert [
        (line["native"], line["native_currency"], line["lines"])
        for line in rows(costs_csv(view(october)))
    ] == [("12.50", "EUR", "2"), ("5.00", "USD", "1")]


def test_what_nobody_answered_for_the_month_before_is_not_zero() -> None:
    october = answer(
        charge("10.00 EUR", account="cloud", provider="bnerd"),
        charge("3.00 EUR", day=date(2026, 10, 2)),
    )
    september = answer(charge("2.00 EUR", day=date(2026, 9, 2)))
    without = failed("cloud", "bnerd", "403 no billing:read")
    before = evolve(
        september,
        requested=SEPTEMBER,
        coverage=(*september.coverage, *without.coverage),
        failures=without.failures,
    )
    changes = compared(before, october)
    assert changes.not_compared == ("cloud",)
    assert [(row.keys, str(row.before), str(row.after)) for row in changes.changes] == [
        (("harmont",), "2.00 EUR", "3.00 EUR")
    ]
    assert [
        (row["provider"], row["native"], row["before"], row["change"])
        for row in rows(costs_csv(view(october), changes))
    ] == [("bnerd", "10.00", "", ""), ("harmont", "3.00", "2.00", "1.00")]


def test_a_month_before_that_failed_is_no_comparison_and_says_why(
    capsys: Any,
) -> None:
    october = answer(charge("10.00 EUR", account="cloud", provider="bnerd"))
    before = evolve(failed("cloud", "bnerd", "403 no billing:read"), requested=SEPTEMBER)
    changes = compared(before, october)
    assert changes.changes == []
    write_costs(view(october), october, changes, OutputFormat.TABLE)
    table = capsys.readouterr().out
    assert "Change  from 2026-09  incomplete" in table
    assert "0.00 " not in table.partition("Change")[2]
    assert "* not compared with 2026-09: cloud (no whole answer for one of the two)" in table
    assert "* incomplete: cloud (bnerd) failed: 403 no billing:read" in table
    write_costs(view(october), october, changes, OutputFormat.JSON)
    document = capsys.readouterr().out
    assert '"not_compared": [\n      "cloud"\n    ]' in document
    assert "403 no billing:read" in document


@pytest.mark.parametrize("output_format", [OutputFormat.TABLE, OutputFormat.CSV])
def test_a_failed_check_of_the_month_before_is_shown(
    capsys: Any, output_format: OutputFormat
) -> None:
    """September's bill states 5.00 and its lines come to 3.00: what it is compared with is odd."""
    october = answer(charge("10.00 EUR"))
    odd = Check("bill vs. lines", money("5.00 EUR"), money("3.00 EUR"))
    september = answer(charge("3.00 EUR", day=date(2026, 9, 2)), checks=(odd,))
    changes = compared(evolve(september, requested=SEPTEMBER), october)
    write_costs(view(october), october, changes, output_format)
    printed = capsys.readouterr()
    said = printed.out if output_format is OutputFormat.TABLE else printed.err
    text = "! ci 2026-09: bill vs. lines: 5.00 EUR stated, 3.00 EUR computed, gap 2.00 EUR"
    assert f"2026-09:\n{text}" in said


@pytest.mark.parametrize("state", [State.DIFFERENT_WINDOW, State.UNAVAILABLE])
def test_what_was_answered_for_another_window_is_not_compared(state: State) -> None:
    # One cycle touches both periods, and would be compared with itself: no change at all.
    october = answer(
        charge("10.00 USD", account="metal", provider="latitude"),
        charge("3.00 EUR", day=date(2026, 10, 2)),
    )
    september = answer(
        charge("10.00 USD", account="metal", provider="latitude"),
        charge("2.00 EUR", day=date(2026, 9, 2)),
    )
    (row,) = (row for row in september.coverage if row.account == "metal")
    part = evolve(row, state=state, part="proj_1", covers=None)
    before = evolve(september, requested=SEPTEMBER, coverage=(*september.coverage, part))
    changes = compared(before, october)
    assert changes.not_compared == ("metal",)
    assert [(row.keys, str(row.before), str(row.after)) for row in changes.changes] == [
        (("harmont",), "2.00 EUR", "3.00 EUR")
    ]


def test_a_change_has_a_share_of_what_it_was_and_a_total_per_currency(capsys: Any) -> None:
    october = answer(
        charge("15.00 EUR", account="1", provider="one"),
        charge("4.00 EUR", account="2", provider="two", id="b"),
        charge("3.00 USD", account="3", provider="three", id="c"),
    )
    september = answer(
        charge("10.00 EUR", account="1", provider="one"),
        charge("0.00 EUR", account="2", provider="two", id="b"),
        charge("4.50 USD", account="3", provider="three", id="c"),
    )
    before = evolve(september, requested=SEPTEMBER)
    write_costs(view(october), october, compared(before, october), OutputFormat.TABLE)
    lines = capsys.readouterr().out.partition("Change  from 2026-09")[2].splitlines()
    rows = [line.split()[:7] for line in lines if line.split()[1:2] not in ([], ["Before"])]
    shown = {row[0]: row[1:7] for row in rows if row[0] != "Total"}
    assert shown["one"] == ["10.00", "15.00", "5.00", "EUR", "+50.0", "%"]
    assert shown["two"][:5] == ["0.00", "4.00", "4.00", "EUR", "new"]
    assert shown["three"] == ["4.50", "3.00", "-1.50", "USD", "-33.3", "%"]
    assert [row for row in rows if row[0] == "Total"] == [
        ["Total", "10.00", "19.00", "9.00", "EUR", "+90.0", "%"],
        ["Total", "4.50", "3.00", "-1.50", "USD", "-33.3", "%"],
    ]


VM, DISK = {"service": "vm"}, {"service": "disk"}
SEPTEMBERS: dict[str, Any] = {"account": "cloud", "provider": "bnerd", "period": SEPTEMBER}
OCTOBERS: dict[str, Any] = {"account": "cloud", "provider": "bnerd"}


def test_a_charge_without_a_cost_before_is_not_zero(capsys: Any) -> None:
    before = answer(
        charge(None, id="a", **SEPTEMBERS, **VM),
        charge("4.00 EUR", id="b", **SEPTEMBERS, **VM),
        charge("1.00 EUR", id="c", **SEPTEMBERS, **DISK),
        state=State.PARTIAL,
    )
    october = answer(
        charge("10.00 EUR", id="a", **OCTOBERS, **VM),
        charge("1.50 EUR", id="c", **OCTOBERS, **DISK),
    )
    changes = compared(before, october, "service")
    assert [(row.keys, str(row.before), str(row.after)) for row in changes.changes] == [
        (("disk",), "1.00 EUR", "1.50 EUR")
    ]
    assert (changes.unknown, changes.not_compared) == ((("vm",),), ())
    shown = cost_view(october, priced_lines(october), by=["service"], currency=None)
    assert [
        (row["service"], row["native"], row["before"], row["change"], row["complete"])
        for row in rows(costs_csv(shown, changes))
    ] == [("vm", "10.00", "", "", "false"), ("disk", "1.50", "1.00", "0.50", "false")]
    write_costs(shown, october, changes, OutputFormat.TABLE)
    table = capsys.readouterr().out
    assert "* not compared with 2026-09: vm (a charge states no cost)" in table
    write_costs(shown, october, changes, OutputFormat.JSON)
    document = json.loads(capsys.readouterr().out)["compared"]
    assert document["unknown"] == [{"service": "vm"}]
    assert [row["keys"] for row in document["rows"]] == [{"service": "disk"}]


def test_a_charge_without_a_cost_now_is_not_zero() -> None:
    before = answer(charge("8.00 EUR", **SEPTEMBERS, **VM))
    october = answer(charge(None, **OCTOBERS, **VM), state=State.PARTIAL)
    changes = compared(before, october, "service", "currency")
    assert (changes.changes, changes.unknown) == ([], (("vm", "EUR"),))
    assert compared(october, before, "service").unknown == (("vm",),)


def test_a_charge_without_a_cost_leaves_other_accounts_groups_compared() -> None:
    before = answer(
        charge(None, **SEPTEMBERS, **VM), charge("2.00 USD", day=date(2026, 9, 2), **VM)
    )
    october = answer(
        charge("10.00 EUR", **OCTOBERS, **VM), charge("3.00 USD", day=date(2026, 10, 2), **VM)
    )
    changes = compared(before, october, "account", "service")
    assert [(row.keys, str(row.before), str(row.after)) for row in changes.changes] == [
        (("ci", "vm"), "2.00 USD", "3.00 USD")
    ]
    assert changes.unknown == (("cloud", "vm"),)


def test_a_charge_that_another_includes_is_no_unknown_cost() -> None:
    included = charge(None, id="i", included_in="b", **SEPTEMBERS, **VM)
    before = answer(included, charge("8.00 EUR", id="b", **SEPTEMBERS, **VM))
    changes = compared(before, answer(charge("9.00 EUR", **OCTOBERS, **VM)), "service")
    assert changes.unknown == ()
    assert [str(row.before) for row in changes.changes] == ["8.00 EUR"]


def test_an_account_that_lacks_an_organization_is_not_compared() -> None:
    whole = answer(charge("3.00 USD", day=date(2026, 9, 2)))
    october = answer(charge("2.50 USD", day=date(2026, 10, 2)), state=State.PARTIAL)
    for sides in ((whole, october), (october, whole)):
        changes = compared(*sides, "service")
        assert (changes.changes, changes.not_compared) == ([], ("ci",))


def test_rows_that_miss_their_total_by_rounding_say_by_how_much(capsys: Any) -> None:
    # 0.004 + 0.004 + 0.004 is 0.012: three rows of 0.00, and a total of 0.01.
    october = answer(
        charge("0.004 EUR", account="1", provider="one"),
        charge("0.004 EUR", account="2", provider="two", id="b"),
        charge("0.004 EUR", account="3", provider="three", id="c"),
        charge("3.00 USD", account="4", provider="four", id="d"),
    )
    note = "rows are rounded: added up, they miss the exact total by 0.01 EUR"
    write_costs(view(october), october, None, OutputFormat.TABLE)
    shown = capsys.readouterr().out
    assert shown.count(note) == 1
    assert "USD" not in shown.partition("rows are rounded")[2]
    before = evolve(answer(charge("0.004 EUR", account="1", provider="one")), requested=SEPTEMBER)
    write_costs(view(before), before, compared(before, before), OutputFormat.TABLE)
    assert "rows are rounded" not in capsys.readouterr().out


def test_a_stretch_that_is_compared_with_has_its_times_in_words(capsys: Any) -> None:
    october = answer(charge("10.00 EUR"))
    stretch = Period.parse("2026-09-16..2026-09-22T05:04:16Z")
    before = evolve(october, requested=stretch)
    write_costs(view(october), october, compared(before, october), OutputFormat.TABLE)
    assert "Change  from 2026-09-16 to 2026-09-22 05:04:16 UTC" in capsys.readouterr().out
