"""Validators that several records share."""

from __future__ import annotations

from decimal import Decimal

from billfold.money import exact


def exact_or_none(_: object, __: object, value: Decimal | None) -> None:
    """Refuse a quantity that cannot be kept exactly, as MoneyError."""
    if value is not None:
        exact(value)
