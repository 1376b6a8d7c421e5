"""The lines of metering invoices beside the charges that they bill, and what differs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from attrs import frozen

from billfold.model import Cause, Charge, Invoice, InvoiceLine
from billfold.money import Money, sum_by_currency
from billfold.period import Period
from billfold.reconcile._sums import sum_of

# A project and a product, None where lines do not tell them apart.
_Part = tuple[str | None, str | None]
_SHOWN = 5
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
    lines = [line for invoice in invoices for line in invoice.lines]
    projects = _Naming.of(lines).projects
    for line in lines:
        if line.cost is None:
            continue
        used = [charge for charge in remaining if _is_of_line(charge, line, projects=projects)]
        remaining = [
            charge for charge in remaining if not _is_of_line(charge, line, projects=projects)
        ]
        if sum_of(charge.cost for charge in used) != {line.cost.currency: line.cost}:
            uneven.append(UnevenLine(line, tuple(used)))
    return uneven + [UnevenLine(None, (charge,)) for charge in remaining]


@frozen
class _Naming:
    """By what lines tell apart what they bill: by projects, products, both or neither."""

    projects: bool
    products: bool

    @classmethod
    def of(cls, lines: Sequence[InvoiceLine]) -> _Naming:
        return cls(
            any(line.sub_account_id is not None for line in lines),
            any(_products(line) for line in lines),
        )

    def of_charge(self, charge: Charge) -> _Part:
        return self._part(charge.sub_account_id, charge.service)

    def of_line(self, line: InvoiceLine) -> list[_Part]:
        """Return the names of what a line bills: products have an id and a name."""
        return [self._part(line.sub_account_id, name) for name in _products(line) or (None,)]

    def _part(self, project: str | None, product: str | None) -> _Part:
        return project if self.projects else None, product if self.products else None


def compare_parts(
    invoices: Iterable[Invoice], charges: Iterable[Charge], currency: str
) -> tuple[list[Money], str | None]:
    """Return what the lines have more than the charges of each project and product.

    Lines that name something that was used speak of it in its words: then what one side does not
    name is zero on it. Where none does, or one names several, the parts cannot be compared, and
    why is returned. What has no names is compared in all.
    """
    lines = [line for invoice in invoices for line in invoice.lines]
    naming = _Naming.of(lines)
    if any(line.cost is None for line in lines) or not (naming.projects or naming.products):
        return [], None
    priced = [line for line in lines if line.cost is not None and line.cost.amount]
    parts: dict[_Part, list[Money]] = {}
    for charge in charges:
        if charge.cost is not None and charge.cost.amount:
            parts.setdefault(naming.of_charge(charge), []).append(-charge.cost)
    used, is_named = frozenset(parts), not parts
    for line in priced:
        assert line.cost is not None
        known = used.intersection(naming.of_line(line))
        if len(known) > 1:
            return [], f"{line_name(line)} names several products that were used"
        is_named = is_named or bool(known)
        part = next(iter(known), naming.of_line(line)[0])
        parts.setdefault(part, []).append(line.cost)
    if priced and not is_named:
        return [], f"no line names anything that was used, but {_few(map(line_name, priced))}"
    nothing = Money.zero(currency)
    return [sum_of(amounts).get(currency, nothing) for amounts in parts.values()], None


def _products(line: InvoiceLine) -> list[str]:
    return [name for name in (line.product_id, line.product_name) if name is not None]


def _few(names: Iterable[str]) -> str:
    listed = list(dict.fromkeys(names))
    more = len(listed) - _SHOWN
    return ", ".join(listed[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


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


def _is_of_line(charge: Charge, line: InvoiceLine, *, projects: bool) -> bool:
    same_project = charge.sub_account_id == line.sub_account_id or not projects
    return same_project and charge.service in (line.product_id, line.product_name)
