"""The one rule for what of an invoice is tax, used by every view."""

from __future__ import annotations

from decimal import Context, Decimal

from billfold.money import Money

_WIDE = Context(prec=60)
# Percent of the net: no country's value-added tax is higher than Hungary's, and what is less than
# one is no tax but a mistake.
_LEAST, _MOST = 1, 27


def percent_of_net(total: Money, net: Money) -> Decimal | None:
    """Return by how many percent of the net a total is more; None where the net is zero."""
    if net.amount == 0:
        return None
    return _WIDE.multiply(_WIDE.divide((total - net).amount, net.amount), 100)


def is_taxed(total: Money, net: Money) -> bool:
    """Return whether a total may be its net and a tax on it, which has the net's sign.

    Any other difference of the two is none, and of nothing else is it known what it is.
    """
    percent = percent_of_net(total, net)
    return percent is not None and _LEAST <= percent <= _MOST
