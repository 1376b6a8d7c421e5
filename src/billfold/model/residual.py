"""A derived charge for what a stated total has more than the charges."""

from __future__ import annotations

from billfold.model.usage import Category, Charge, Check, Usage
from billfold.steps import Steps, at_once


def with_residual(
    usage: Usage, *, check: str, residual_id: str, service: str, source: str | None = None
) -> Usage:
    """Return the usage with charges that add up to its stated total: law 3.

    Adds a Check named ``check``. Where lines and total differ, adds one ``derived`` adjustment
    charge ``residual_id`` over the difference, whose ``source`` is where the total is stated. A
    usage without a stated total is returned unchanged.
    """
    return at_once(
        settling(usage, check=check, residual_id=residual_id, service=service, source=source)
    )


def settling(
    usage: Usage, *, check: str, residual_id: str, service: str, source: str | None = None
) -> Steps[Usage]:
    """Return what :func:`with_residual` does; pauses where there are very many charges."""
    stated = usage.stated_total
    if stated is None:
        return usage
    computed = (yield from usage.adding_up())[stated.currency]
    comparison = Check(check, stated, computed)
    charges = usage.charges
    if not comparison.holds:
        residual = Charge(
            id=residual_id,
            category=Category.ADJUSTMENT,
            period=usage.covers,
            service=service,
            cost=comparison.gap,
            billing_account_id=usage.billing_account_id,
            billing_account_name=usage.billing_account_name,
            sub_account_id=usage.sub_account_id,
            sub_account_name=usage.sub_account_name,
            description=describe_residual(check),
            derived=True,
            reason=f"the provider states {stated} in all and {computed} in lines",
            source=source,
        )
        charges = (*charges, residual)
    return usage.with_lines(charges, (*usage.checks, comparison))


def describe_residual(check: str) -> str:
    """Return the description of a residual, which says which check it is the gap of."""
    return f"Difference between the stated total and the lines ({check})"


def is_residual_of(charge: Charge, check: Check) -> bool:
    """Return whether a charge is what the stated side of this check has more than the lines."""
    return is_residual(charge) and charge.description == describe_residual(check.name)


def is_residual(charge: Charge) -> bool:
    """Return whether a charge is what a stated total has more than the lines, and no share."""
    return charge.derived and charge.category is Category.ADJUSTMENT
