"""The lines of metering invoices beside the charges that they bill, and what differs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import TypeVar

from attrs import frozen

from billfold.errors import MoneyError
from billfold.model import Cause, Charge, Invoice, InvoiceLine
from billfold.model.shared_names import SharedNames
from billfold.money import Money, exact_sum, sum_by_currency
from billfold.period import Period
from billfold.reconcile._names import (
    Called,
    Names,
    is_unjoined,
    product_of_charge,
    product_of_line,
    project_of,
)
from billfold.reconcile._sums import sum_of

Costing = TypeVar("Costing", Charge, InvoiceLine)
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
    name: str = ""

    def gap(self, currency: str) -> Money:
        """What the line has more than the charges, in one currency."""
        billed = sum_of([None if self.line is None else self.line.cost])
        used = sum_of(charge.cost for charge in self.charges)
        nothing = Money.zero(currency)
        return billed.get(currency, nothing) - used.get(currency, nothing)

    def counts(self, currency: str) -> int:
        """Return 1 if the line counts more than the charges, and -1 if less, by what is the gap.

        Else 0: quantities that are equal or not stated, or not at one unit price, show nothing of
        a gap. Every cost may have been rounded.
        """
        quantities = [charge.quantity for charge in self.charges if charge.quantity is not None]
        if self.line is None or self.line.quantity is None or len(quantities) < len(self.charges):
            return 0
        price = self.line.unit_price
        if price is None or {price} != {charge.unit_price for charge in self.charges}:
            return 0
        try:
            counted = exact_sum(quantities)
            rest = price * self.line.quantity - price * counted - self.gap(currency)
        except MoneyError:  # another currency, or a product that is too long
            return 0
        if not rest.is_rounding_noise(1 + len(quantities)):
            return 0
        return (self.line.quantity > counted) - (self.line.quantity < counted)

    def __str__(self) -> str:
        used = " and ".join(map(str, sum_of(charge.cost for charge in self.charges).values()))
        if self.line is None:
            (charge,) = self.charges
            return f"{charge.id}: {charge.cost} used, on no line of the invoice"
        return f"{self.name}: {self.line.cost} billed, {used or 'nothing'} used"


def uneven_lines(
    invoices: Iterable[Invoice], charges: Iterable[Charge], projects: SharedNames
) -> list[UnevenLine]:
    """Return the invoice lines that differ from their charges, and the charges without a line."""
    charges = list(charges)
    lines = [line for invoice in invoices for line in invoice.lines]
    naming = _Naming.of(lines, charges)
    billed, used = _by_part(lines, naming.of_line), _by_part(charges, naming.of_charge)
    uneven = []
    for part, items in billed.items():
        own = used.pop(part, [])
        if _costs(items) == _costs(own):
            continue
        for line in items:
            if line.cost is not None and _costs(own) != {line.cost.currency: line.cost}:
                uneven.append(UnevenLine(line, tuple(own), line_name(line, projects)))
            own = []  # the first line of a part stands beside all of its charges
    remaining = [charge for own in used.values() for charge in own]
    return uneven + [UnevenLine(None, (charge,)) for charge in remaining]


def _costs(records: Iterable[Charge] | Iterable[InvoiceLine]) -> dict[str, Money]:
    return sum_of(record.cost for record in records)


def _cost(records: Iterable[Charge] | Iterable[InvoiceLine], currency: str) -> Money:
    return _costs(records).get(currency, Money.zero(currency))


@frozen
class _Naming:
    """By what lines tell apart what they bill: by projects, products, both or neither (None)."""

    projects: Names | None
    products: Names | None

    @classmethod
    def of(cls, lines: Sequence[InvoiceLine], charges: Sequence[Charge]) -> _Naming:
        projects, products = map(project_of, lines), map(product_of_line, lines)
        return cls(
            _names(map(project_of, charges), projects),
            _names(map(product_of_charge, charges), products),
        )

    def of_charge(self, charge: Charge) -> _Part:
        return self._part(project_of(charge), product_of_charge(charge))

    def of_line(self, line: InvoiceLine) -> _Part:
        return self._part(project_of(line), product_of_line(line))

    def _part(self, project: Called, product: Called) -> _Part:
        return (
            None if self.projects is None else self.projects.key(project),
            None if self.products is None else self.products.key(product),
        )


def _names(used: Iterable[Called], billed: Iterable[Called]) -> Names | None:
    billed = list(billed)
    return Names.of(used, billed) if any(called.text for called in billed) else None


def compare_parts(
    invoices: Iterable[Invoice], charges: Sequence[Charge], currency: str, projects: SharedNames
) -> tuple[list[Money], str | None]:
    """Return what the lines have more than the charges of each project and product.

    Lines that name a project and a product that were used speak of them in the usage's words: then
    what one side does not name is zero on it. Where none does, or one names several, the parts
    cannot be compared, and why is returned. What has no names is compared in all, and so is what
    one side knows by an id and the other by a name.
    """
    lines = [line for invoice in invoices for line in invoice.lines]
    naming = _Naming.of(lines, charges)
    if any(line.cost is None for line in lines) or not (naming.projects or naming.products):
        return [], None
    priced = [line for line in lines if line.cost is not None and line.cost.amount]
    costly = [charge for charge in charges if charge.cost is not None and charge.cost.amount]
    used, billed = _by_part(costly, naming.of_charge), _by_part(priced, naming.of_line)
    several = _that_names_several(priced, costly)
    if several is not None:
        return [], f"{line_name(several, projects)} names several products that were used"
    if used and billed and not _speak_alike(used, billed):
        return [], f"no line names anything that was used, but {_few(priced, projects)}"
    gaps = [
        _cost(billed.get(part, ()), currency) - _cost(used.get(part, ()), currency)
        for part in used | billed
    ]
    unsure = [line for line in priced if any(map(is_unjoined, naming.of_line(line)))]
    if not unsure or not any(is_unjoined(key) for part in used for key in part):
        return gaps, None
    return gaps, f"the usage may know by another name or id: {_few(unsure, projects)}"


def _speak_alike(used: Iterable[_Part], billed: Iterable[_Part]) -> bool:
    """Return whether both sides name a project alike, and a product, or name neither."""
    pairs = zip(zip(*used, strict=True), zip(*billed, strict=True), strict=True)
    return all(set(own) & set(other) for own, other in pairs)


def _by_part(
    records: Iterable[Costing], part_of: Callable[[Costing], _Part]
) -> dict[_Part, list[Costing]]:
    """Return what states a cost, by what it is of."""
    parts: dict[_Part, list[Costing]] = {}
    for record in records:
        if record.cost is not None:
            parts.setdefault(part_of(record), []).append(record)
    return parts


def _that_names_several(
    lines: Iterable[InvoiceLine], charges: Iterable[Charge]
) -> InvoiceLine | None:
    """Return a line whose id and whose name charges without an id have as two names."""
    bare = {called.name for called in map(product_of_charge, charges) if called.id is None}
    for line in lines:
        called = product_of_line(line)
        if called.id != called.name and {called.id, called.name} <= bare:
            return line
    return None


def _few(lines: Iterable[InvoiceLine], projects: SharedNames) -> str:
    listed = list(dict.fromkeys(line_name(line, projects) for line in lines))
    more = len(listed) - _SHOWN
    return ", ".join(listed[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def cause_of_lines(uneven: Sequence[UnevenLine], gap: Money, window: Period) -> Cause:
    """Return what the lines show of a gap that they make up to the last digit, else unknown.

    Billed without any usage, or so much more of it at the usage's price: usage is missing. Used
    near the window's end, or so much more of it at the price billed: it came after the invoice.
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
    is_unused = not line.charges or line.counts(currency) > 0
    return line.gap(currency).amount > 0 and is_unused


def _is_late(line: UnevenLine, currency: str, window: Period) -> bool:
    began_late = all(
        charge.period.start >= window.end - _LATE and charge.period.start > window.start
        for charge in line.charges
    )
    unbilled = line.line is None and began_late
    return line.gap(currency).amount < 0 and (unbilled or line.counts(currency) < 0)


def line_name(line: InvoiceLine, projects: SharedNames) -> str:
    """Return what people call an invoice's line: its project and its product."""
    project = projects.name(line)
    return ", ".join(name for name in (project, line.product_name or line.id) if name)
