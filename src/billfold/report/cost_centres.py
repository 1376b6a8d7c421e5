"""Who pays: what each cost centre is charged, by the rules, and what stays unallocated."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from attrs import frozen

from billfold.costs.allocation import Chargeback, chargeback
from billfold.costs.dimensions import group_lines
from billfold.costs.lines import Line
from billfold.money import Money, sum_by_currency
from billfold.report.figures import share_of

_MOST_SERVICES = 12


@frozen
class CostCentre:
    """What a cost centre is charged: for charges of its own, and its part of shared ones.

    ``name`` is None for what no rule allocates. ``share`` is that of all costs in percent, None
    where these are not above zero.
    """

    name: str | None
    own: Money
    shared: Money
    total: Money
    share: str | None


@frozen
class Unallocated:
    """A service's cost that no cost centre pays."""

    provider: str
    account: str
    service: str
    cost: Money


@frozen
class CostCentres:
    """What each cost centre is charged, largest first, and last what none is.

    ``shared_charges`` counts the charges that several cost centres share, each once. Of
    ``unallocated`` services only the largest are here; ``others`` counts the rest, and
    ``others_cost`` is what they cost.
    """

    rows: tuple[CostCentre, ...]
    own: Money
    shared: Money
    shared_charges: int
    unallocated: tuple[Unallocated, ...]
    others: int
    others_cost: Money

    @property
    def total(self) -> Money:
        """What all of them cost, and what is unallocated: the total of the costs."""
        return self.own + self.shared

    @classmethod
    def of(cls, lines: Sequence[Line], currency: str) -> CostCentres:
        """Add up allocated lines in one currency."""
        total = _total(lines, currency)
        rows = [_row(found, total) for found in chargeback(lines)]
        rows.sort(key=lambda row: (row.name is None, -row.total.amount))
        services = _services([line for line in lines if line.cost_centre is None], currency)
        others = services[_MOST_SERVICES:]
        return cls(
            tuple(rows),
            _added((row.own for row in rows), currency),
            _added((row.shared for row in rows), currency),
            len({id(line.charge) for line in lines if line.shared}),
            tuple(services[:_MOST_SERVICES]),
            len(others),
            _added((row.cost for row in others), currency),
        )


def _row(found: Chargeback, total: Money) -> CostCentre:
    nothing = Money.zero(total.currency)
    own, shared = (side.get(total.currency, nothing) for side in (found.own, found.shared))
    return CostCentre(found.cost_centre, own, shared, own + shared, share_of(own + shared, total))


def _services(lines: Iterable[Line], currency: str) -> list[Unallocated]:
    groups = group_lines(lines, ("provider", "account", "service"))
    services = [
        Unallocated(provider, account, service, _total(group, currency))
        for (provider, account, service), group in groups.items()
    ]
    return sorted(services, key=lambda row: (-row.cost.amount, row.account, row.service))


def _total(lines: Iterable[Line], currency: str) -> Money:
    return _added((line.amount for line in lines), currency)


def _added(amounts: Iterable[Money], currency: str) -> Money:
    return sum_by_currency([Money.zero(currency), *amounts])[currency]
