"""The quantity that a line's unit and unit price are of (CONTRACT.md, section 2.2). Pure."""

from collections.abc import Collection
from decimal import Decimal

from billfold.money import Money, exact, exact_quotient


def divided(
    stated: Decimal, divisor: Decimal, unit_price: Money | None, prices: Collection[Money | None]
) -> Decimal | None:
    """Return a line's quantity divided by its divisor, as it is before pricing.

    One that, as it comes, costs one of the ``prices`` was divided already; what is free proves
    nothing, as any quantity costs that. None is returned where the quotient is no exact number.
    Raises MoneyError for a quantity that no bill can have.
    """
    stated = exact(stated)
    if divisor == 1:
        return stated
    try:
        if unit_price is not None and unit_price.amount and unit_price * stated in prices:
            return stated
        return exact_quotient(stated, divisor) if divisor > 0 else None
    except ValueError:  # as every error about money is
        return None
