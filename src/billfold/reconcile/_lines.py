"""The lines of metering invoices beside the charges that they bill, and what differs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from attrs import frozen

from billfold.model import Cause, Charge, Invoice, InvoiceLine
from billfold.money import Money, sum_by_currency
from billfold.period import Period
from billfold.reconcile._sums import sum_of

_LATE = timedelta(days=2)  # what began this long before a window's end may have come too late


@frozen
class UnevenLine:
    """An invoice's line and the charges of its product that differ from it.

    Without a ``line`` the charges are on no line, and without charges it bills what nobody used.
    """

    line: InvoiceLine | None
    charges: tuple[Charge, ...]

    def gap(self, currency: str) -> Money:
        """What the line has more than the charges, in one currency."""
        billed = sum_of([None if self.line is None else self.line.cost])
        used = sum_of(charge.cost for charge in self.charges)
        nothing = Money.zero(currency)
        return billed.get(currency, nothing) - used.get(currency, nothing)

    def has_one_price(self) -> bool:
        """Return whether line and charges are at one unit price, so that quantities differ."""
        prices = {charge.unit_price for charge in self.charges}
        return self.line is not None and prices == {self.line.unit_price} and None not in prices

    def __str__(self) -> str:
        used = " and ".join(map(str, sum_of(charge.cost for charge in self.charges).values()))
        if self.line is None:
            (charge,) = self.charges
            return f"{charge.id}: {charge.cost} used, on no line of the invoice"
        return f"{line_name(self.line)}: {self.line.cost} billed, {used or 'nothing'} used"


def uneven_lines(invoices: Iterable[Invoice], charges: Iterable[Charge]) -> list[UnevenLine]:
    """Return the invoice lines that differ from their charges, and the charges without a line."""
    uneven, remaining = [], list(charges)
    for line in (line for invoice in invoices for line in invoice.lines):
        if line.cost is None:
            continue
        used = [charge for charge in remaining if _is_of_line(charge, line)]
        remaining = [charge for charge in remaining if not _is_of_line(charge, line)]
        if sum_of(charge.cost for charge in used) != {line.cost.currency: line.cost}:
            uneven.append(UnevenLine(line, tuple(used)))
    return uneven + [UnevenLine(None, (charge,)) for charge in remaining]


def product_differences(
    invoices: Iterable[Invoice], charges: Iterable[Charge], currency: str
) -> list[Money]:
    """Return what the invoices have more than the charges of each product of a project.

    Only where the lines name the very products that were used; else nothing tells them apart.
    """
    products: dict[tuple[str | None, str | None], list[Money]] = {}
    for charge in charges:
        assert charge.cost is not None
        products.setdefault((charge.sub_account_id, charge.service), []).append(-charge.cost)
    billed = set()
    for line in (line for invoice in invoices for line in invoice.lines):
        named = {(line.sub_account_id, name) for name in (line.product_id, line.product_name)}
        if line.cost is None or len(named & products.keys()) != 1:
            return []
        (product,) = named & products.keys()
        products[product].append(line.cost)
        billed.add(product)
    if billed != products.keys():
        return []
    nothing = Money.zero(currency)
    return [sum_of(amounts).get(currency, nothing) for amounts in products.values()]


def cause_of_lines(uneven: Sequence[UnevenLine], gap: Money, window: Period) -> Cause:
    """Return what the lines show of a gap that they make up to the last digit, else unknown.

    Billed without any usage, or more of it at the usage's price: usage is missing. Used near the
    window's end or at the price that was billed, but not billed: it came after the invoice.
    """
    differing = [line for line in uneven if line.gap(gap.currency).amount]
    explained = sum_by_currency(line.gap(gap.currency) for line in differing)
    if not differing or explained != {gap.currency: gap}:
        return Cause.UNKNOWN
    if all(_lacks_usage(line, gap.currency) for line in differing):
        return Cause.MISSING_USAGE
    if all(_is_late(line, gap.currency, window) for line in differing):
        return Cause.LATE_DATA
    return Cause.UNKNOWN


def _lacks_usage(line: UnevenLine, currency: str) -> bool:
    return line.gap(currency).amount > 0 and (not line.charges or line.has_one_price())


def _is_late(line: UnevenLine, currency: str, window: Period) -> bool:
    began_late = all(
        charge.period.start >= window.end - _LATE and charge.period.start > window.start
        for charge in line.charges
    )
    unbilled = line.line is None and began_late
    return line.gap(currency).amount < 0 and (unbilled or line.has_one_price())


def line_name(line: InvoiceLine) -> str:
    """Return what people call an invoice's line: its project and its product."""
    project = line.sub_account_name or line.sub_account_id
    return ", ".join(name for name in (project, line.product_name or line.id) if name)


def _is_of_line(charge: Charge, line: InvoiceLine) -> bool:
    same_project = charge.sub_account_id == line.sub_account_id
    return same_project and charge.service in (line.product_id, line.product_name)
