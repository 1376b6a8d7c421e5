"""Amounts that repeat others as rounded, either of the two; the money is worked out by hand.

744 hours at 3.8125 cents are 28.365, half up 28.37; with 312.5 at 11, 34.375, that is 62.745.
"""

from typing import Any

import pytest

from support.bnerd_usage import asked, eur, total, total_and_gaps

PROJECT = "f17a05d3-926e-4b4c-8de0-5c39b82f61a4"
VM = {"project_id": PROJECT, "product_id": "vm", "quantity": 744, "unit_price": eur("3.8125")}
ROUNDED = {**VM, "total": eur(2837)}  # 28.365, half up
EXACT = [ROUNDED, {"product_id": "support", "total": eur("3437.5")}]  # 62.745
HALVES = [{"id": name, "cost": eur("1418.25")} for name in "ab"]  # 28.365


@pytest.mark.parametrize(
    "beside",
    [
        {"hours": [{"hour": hour, "cost": eur("3.8125")} for hour in range(744)]},
        {"hourly": [{"cost": eur("3.8125")}] * 744},
        *({key: HALVES} for key in ("resources", "subscriptions", "tiers", "components")),
        {"components": {"a": eur("1418.25"), "b": eur("1418.25")}},
        *({key: eur("2836.5")} for key in ("subtotal", "cost", "amount", "total_rounded")),
        {"list_price": eur("3000.5"), "discount": eur(164)},
        {"net": eur("2383.6"), "tax": eur("452.9")},
    ],
    ids=lambda beside: "-".join(beside),
)
def test_what_a_row_costs_may_be_rounded_and_what_repeats_it_not(beside: dict[str, Any]) -> None:
    assert total_and_gaps([{**ROUNDED, **beside}]) == ("28.37 EUR", ())
    exact = {**ROUNDED, "total": eur("2836.5")}
    assert asked([{**exact, **beside}]).gaps == ()


@pytest.mark.parametrize(
    "beside",
    [
        {"resources": [*HALVES, {"cost": eur("0.6")}]},  # 28.371 is 28.37, and here 28.365 + 0.006
        {"subtotal": eur("2837.6")},
        {"subtotal": eur("2836.4")},
        {"list_price": eur("3000.5"), "discount": eur(165)},  # 28.355
        {"net": eur("2383.6"), "tax": eur("453.9")},  # 28.375
    ],
    ids=lambda beside: "-".join(beside),
)
def test_what_does_not_round_to_a_cost_does_not_repeat_it(beside: dict[str, Any]) -> None:
    is_known = "resources" in beside
    assert (asked([{**ROUNDED, **beside}]).gaps == ()) is is_known


@pytest.mark.parametrize(
    "beside",
    [
        {"total": eur("6274.5")},
        {"by_project": [{"project_id": PROJECT, "total": eur(2837)}, {"total": eur(3437)}]},
        {"by_project": [{"project_id": PROJECT, "total": eur(2837)}, {"total": eur(3438)}]},
        {"net": eur(6275), "tax": eur(1192), "gross": eur(7467)},
    ],
    ids=lambda beside: "-".join(beside),
)
def test_cents_beside_exact_rows_repeat_them(beside: dict[str, Any]) -> None:
    assert total_and_gaps({"usage": EXACT, **beside}) == ("62.745 EUR", ())


def test_a_row_called_a_total_may_be_rounded() -> None:
    # 62.745 is 62.75 half up, and the half cent is a derived charge.
    for name in ({"product": "Total"}, {}):
        listing = asked([*EXACT, {**name, "total": eur(6275)}])
        assert (total(listing), listing.gaps) == ("62.750 EUR", ())
        assert [str(check.gap) for check in listing.rows[0].checks] == ["0.005 EUR"]
    assert asked([*EXACT, {"product": "Total", "total": eur(6276)}]).gaps != ()


def test_parts_in_cents_of_a_sum_in_cents_add_up_to_the_cent() -> None:
    parts = [{"total": eur(cents)} for cents in (1000, 2001)]
    assert asked({"usage": [{"product": "vm", "total": eur(3000)}], "by_project": parts}).gaps != ()


@pytest.mark.parametrize("key", ["nachlass", "rabatt", "discount", "fee"])
def test_half_of_something_is_no_rounded_nothing(key: str) -> None:
    # 0.5 may be half a cent, or 50 cents.
    gaps = (f"amounts that were not read: `$[0].{key}`",)
    assert total_and_gaps([{"product": "vm", "total": eur(300), key: 0.5}]) == ("3.00 EUR", gaps)
