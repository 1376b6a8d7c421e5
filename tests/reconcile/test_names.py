"""Usage and lines that call one thing by its id, its name or both; sides are written by hand."""

from typing import Any

import pytest
from attrs import evolve

from billfold import Charge, InvoiceLine
from billfold.model import Cause
from billfold.reconcile import Identity, NotCompared
from billfold.reconcile._invoices import invoice_identities
from support.costs import charge, money
from support.reconciliation import account_views, identities, metering, not_compared, used

A, B, C = (f"{digit}ec3d218-07bf-4f95-a3d1-98e0b54c7a2d" for digit in "abc")
WEB, SHOP = (f"{digit}17a05d3-926e-4b4c-8de0-5c39b82f61a4" for digit in "ab")


def used_of(
    cost: str, ident: str | None, name: str | None = None, project: Any = (None, None)
) -> Charge:
    """Return a charge as an adapter makes it: the id stands in for a name, and is a tag."""
    project_id, project_name = project
    return charge(
        cost,
        id=f"{ident}-{name}-{project}-{cost}",
        service=name or ident or "Cloud",
        tags={} if ident is None else {"product_id": ident},
        sub_account_id=project_id or project_name,
        sub_account_name=project_name,
    )


def billed(
    cost: str, ident: str | None, name: str | None = None, project: Any = (None, None)
) -> InvoiceLine:
    project_id, project_name = project
    return InvoiceLine(
        f"{ident}-{name}-{project}",
        money(cost),
        ident,
        name,
        project_id or project_name,
        project_name,
    )


def compared(
    charges: list[Charge], lines: list[InvoiceLine], total: str = "3.00 EUR"
) -> tuple[Cause | None, list[str]]:
    """Return the cause of an invoice over these lines, and why parts were not compared."""
    views = account_views(usages=(used(*charges),), invoices=(metering(total, *lines),))
    found: list[Identity | NotCompared] = list(invoice_identities(views))
    (identity,) = [row for row in identities(found) if row.name == "metering invoice vs. usage"]
    reasons = [reason for _, reason in not_compared(found) if "legal" not in reason]
    return identity.cause, reasons


AGREED: tuple[None, list[str]] = (None, [])
DIFFER: tuple[Cause, list[str]] = (Cause.UNKNOWN, [])


def test_products_of_one_name_are_told_by_their_ids() -> None:
    charges = [used_of("1.00 EUR", A, "Compute M"), used_of("2.00 EUR", B, "Compute M")]
    uneven = [billed("1.01 EUR", A, "Compute M"), billed("1.99 EUR", B, "Compute M")]
    assert compared(charges, uneven) == DIFFER
    even = [billed("1.00 EUR", A, "Compute M"), billed("2.00 EUR", B, "Compute M")]
    assert compared(charges, even) == AGREED
    # by names alone nobody can tell them apart: 3.00 of Compute M on both sides
    by_name = [billed("1.01 EUR", None, "Compute M"), billed("1.99 EUR", None, "Compute M")]
    assert compared(charges, by_name) == AGREED


@pytest.mark.parametrize(
    "charges",
    [
        [used_of("1.00 EUR", A, "Compute M"), used_of("2.00 EUR", B, "Support Plus")],
        [used_of("1.00 EUR", A, "Compute M"), used_of("2.00 EUR", B)],
        [used_of("1.00 EUR", A.upper(), "Compute"), used_of("2.00 EUR", B.upper())],
    ],
)
@pytest.mark.parametrize("named", [True, False])
def test_a_product_that_was_renamed_is_the_one_of_its_id(
    charges: list[Charge], named: bool
) -> None:
    names = ("Compute M", "Support Premium") if named else (None, None)

    def lines(*costs: str) -> list[InvoiceLine]:
        return [billed(*each) for each in zip(costs, (A, B), names, strict=True)]

    assert compared(charges, lines("1.00 EUR", "2.00 EUR")) == AGREED
    assert compared(charges, lines("1.01 EUR", "1.99 EUR")) == DIFFER
    assert compared(charges, lines("2.00 EUR", "1.00 EUR")) == DIFFER


def test_names_and_ids_that_either_side_states_join_them_for_all() -> None:
    # the usage knows A by its id alone; its second charge of A states the name
    charges = [used_of("0.40 EUR", A), used_of("0.60 EUR", A, "Compute M"), used_of("2.00 EUR", B)]
    lines = [billed("1.00 EUR", None, "Compute M"), billed("2.00 EUR", B)]
    assert compared(charges, lines) == AGREED
    assert compared(charges, [billed("1.01 EUR", None, "Compute M"), billed("1.99 EUR", B)]) == (
        DIFFER
    )


def test_ids_of_two_kinds_leave_the_names_to_decide() -> None:
    charges = [used_of("1.00 EUR", A, "Compute M"), used_of("2.00 EUR", B, "Support")]
    lines = [billed("1.00 EUR", "cm", "Compute M"), billed("2.00 EUR", "sp", "Support")]
    assert compared(charges, lines) == AGREED
    uneven = [billed("1.01 EUR", "cm", "Compute M"), billed("1.99 EUR", "sp", "Support")]
    assert compared(charges, uneven) == DIFFER


def test_a_product_of_another_id_is_another_product_where_ids_are_shared() -> None:
    charges = [used_of("1.00 EUR", A, "Compute M"), used_of("2.00 EUR", B, "Support")]
    lines = [billed("1.00 EUR", A, "Compute M"), billed("2.00 EUR", C, "Support")]
    assert compared(charges, lines) == DIFFER


BY_NAME, BY_ID, BY_BOTH = (None, "ledger"), (WEB, None), (WEB, "ledger")


@pytest.mark.parametrize("usage", [BY_NAME, BY_BOTH])
@pytest.mark.parametrize("invoice", [BY_NAME, BY_BOTH, (WEB.upper(), "ledger old")])
def test_a_project_is_told_by_its_id_or_else_its_name(usage: Any, invoice: Any) -> None:
    if usage == BY_NAME and invoice != BY_BOTH and invoice != BY_NAME:
        usage = BY_ID
    charges = [used_of("1.00 EUR", A, "CM", usage), used_of("2.00 EUR", B, "Support")]
    lines = [billed("1.00 EUR", A, "CM", invoice), billed("2.00 EUR", B, "Support")]
    assert compared(charges, lines) == AGREED
    uneven = [billed("1.01 EUR", A, "CM", invoice), billed("1.99 EUR", B, "Support")]
    assert compared(charges, uneven) == DIFFER
    # what the organization used is billed to the project, and the other way around
    swapped = [billed("1.00 EUR", A, "CM"), billed("2.00 EUR", B, "Support", invoice)]
    assert compared(charges, swapped) == DIFFER


def test_what_one_side_knows_by_id_and_the_other_by_name_is_compared_in_all_and_named() -> None:
    charges = [used_of("1.00 EUR", A, "CM", BY_ID), used_of("2.00 EUR", B, "Support")]
    lines = [billed("1.00 EUR", A, "CM", BY_NAME), billed("2.00 EUR", B, "Support")]
    reason = "the usage may know by another name or id: ledger, CM"
    assert compared(charges, lines) == (None, [reason])
    uneven = [billed("1.01 EUR", A, "CM", BY_NAME), billed("1.99 EUR", B, "Support")]
    assert compared(charges, uneven) == (Cause.UNKNOWN, [reason])
    two = [used_of("1.00 EUR", A), used_of("2.00 EUR", B, "Support")]
    assert compared(two, [billed("1.00 EUR", None, "CM"), billed("2.00 EUR", None, "Support")]) == (
        None,
        ["the usage may know by another name or id: CM"],
    )


def test_what_both_sides_name_otherwise_differs() -> None:
    charges = [used_of("1.00 EUR", A, "CM", (SHOP, "shop")), used_of("2.00 EUR", B, "Support")]
    lines = [billed("1.00 EUR", A, "CM", BY_BOTH), billed("2.00 EUR", B, "Support")]
    assert compared(charges, lines) == DIFFER
    assert compared(charges, [evolve(lines[0], sub_account_id="ledger"), lines[1]]) == DIFFER


def test_a_product_that_is_there_under_another_name_is_no_missing_usage() -> None:
    charges = [used_of("1.00 EUR", A, "CM"), used_of("0.00 EUR", B, "Support Plus")]
    lines = [billed("1.00 EUR", A, "CM"), billed("2.00 EUR", B, "Support Premium")]
    assert compared(charges, lines)[0] is Cause.UNKNOWN
    assert compared(charges[:1], lines)[0] is Cause.MISSING_USAGE
    by_id = [used_of("1.00 EUR", A, "CM"), used_of("0.00 EUR", B)]
    by_name = [billed("1.00 EUR", None, "CM"), billed("2.00 EUR", None, "Support")]
    assert compared(by_id, by_name)[0] is Cause.UNKNOWN  # B may be called Support


def test_several_lines_of_a_part_that_agree_hide_no_cause_of_another() -> None:
    charges = [used_of("1.00 EUR", A, "CM")]
    halves = [billed("0.25 EUR", A, "CM"), billed("0.75 EUR", A, "CM")]
    assert compared(charges, [*halves, billed("2.00 EUR", B, "Support")])[0] is Cause.MISSING_USAGE


def test_an_organization_of_nothing_free_raises_no_doubt() -> None:
    charges = [used_of("3.00 EUR", A, "CM"), used_of("0.00 EUR", B)]
    lines = [billed("3.00 EUR", A, "CM"), billed("0.00 EUR", None, "Free")]
    assert compared(charges, lines) == AGREED
