"""Documents that ask for money, compared with what they bill; what cannot be compared is named."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

from attrs import frozen

from billfold.model import Cause, Invoice, InvoiceKind, billed_period
from billfold.money import Money
from billfold.period import Period
from billfold.reconcile._spans import Match, Statement, label, match
from billfold.reconcile._sums import both_sides, sum_of
from billfold.reconcile._taken_back import in_force, said_of
from billfold.reconcile.views import AccountViews, Finding


@frozen
class Explained:
    """What is known of the two sides of a match, and of the gap between them.

    ``uneven`` are the differences of what the two are made of, ``left`` is why these parts could
    not be compared.
    """

    cause: Cause
    evidence: Sequence[str]
    uneven: Sequence[Money] = ()
    left: str | None = None


Explain = Callable[[Match, Sequence[Match], Money], Explained]


@frozen
class Bills:
    """The documents of one kind, the ``base`` that they bill, and what each is called.

    ``amount_of`` returns what a document states of the base's money, ``lacks`` is what that is
    called. In the windows ``whole`` the base is all there is, so what is absent there is zero.
    ``unread`` is why the two were not read in full. ``explain`` finds the cause of a gap.
    """

    kind: InvoiceKind
    documents: Sequence[Invoice]
    amount_of: Callable[[Invoice], Money | None]
    lacks: str
    base: Sequence[Statement]
    billed: str
    whole: Sequence[Period]
    unread: str | None
    explain: Explain

    @property
    def name(self) -> str:
        """What the comparison is called."""
        documents = "legal invoices, net" if self.kind is InvoiceKind.LEGAL else "metering invoice"
        return f"{documents} vs. {self.billed}"

    def findings(self, views: AccountViews) -> Iterator[Finding]:
        """Yield what the documents of the views' scope ask for, compared with what they bill."""
        for invoice in self._undated():
            amount = self.amount_of(invoice)
            amounts = [invoice.total if amount is None else amount]
            reason = f"{label(invoice)} states no period that can be read"
            yield from views.not_compared(self.name, None, amounts, reason)
        matches = match(self._statements(), self.base)
        for found in matches:
            if any(found.period.overlaps(window) for window in views.scope):
                yield from self._findings(views, found, matches)

    @cached_property
    def _in_force(self) -> list[Invoice]:
        return in_force(self.documents)

    def _undated(self) -> list[Invoice]:
        return [each for each in self._in_force if billed_period(each) is None]

    def _statements(self) -> Iterator[Statement]:
        for invoice in self._in_force:
            period, amount = billed_period(invoice), self.amount_of(invoice)
            if period is not None:
                yield Statement(period, () if amount is None else (amount,), invoice)

    def _findings(
        self, views: AccountViews, found: Match, matches: Sequence[Match]
    ) -> Iterator[Finding]:
        if self.unread is not None:
            yield from self._unread(views, found, self.unread)
        elif unstated := [item for item in found.stated if not item.amounts]:
            yield from self._unstated(views, unstated)
        elif bases := [item for item in found.computed if not item.is_stated()]:
            reason = f"{bases[0].label()} states no total"
            stated, _ = found.sums()
            yield from views.not_compared(self.name, found.period, stated.values(), reason)
        elif found.fits:
            yield from self._identities(views, found, matches)
        elif found.stated and found.computed:
            yield from self._spanning(views, found)
        elif found.stated:
            yield from self._without_base(views, found, matches)
        elif not self._undated():  # an undated one may bill it, and is named
            yield from self._without_document(views, found, matches)

    def _identities(
        self, views: AccountViews, found: Match, matches: Sequence[Match]
    ) -> Iterator[Finding]:
        for stated, computed in both_sides(*found.sums()):
            of = self.explain(found, matches, stated - computed)
            yield views.identity(
                self.name, found.period, stated, computed, of.cause, of.evidence, of.uneven
            )
            if of.left is not None and stated == computed:  # else the evidence names the lines
                name = f"{self.name}, part by part"
                yield from views.not_compared(name, found.period, [stated], of.left)

    def _unread(self, views: AccountViews, found: Match, reason: str) -> Iterator[Finding]:
        stated, computed = found.sums()
        amounts: list[Money | None] = [*(stated or computed).values()]
        if any(not item.amounts for item in found.stated):
            amounts.append(None)
        yield from views.not_compared(self.name, found.period, amounts, reason)

    def _unstated(self, views: AccountViews, unstated: Sequence[Statement]) -> Iterator[Finding]:
        for item in unstated:
            assert isinstance(item.record, Invoice)
            reason = f"{item.label()} states no {self.lacks}"
            yield from views.not_compared(self.name, item.period, [item.record.total], reason)

    def _spanning(self, views: AccountViews, found: Match) -> Iterator[Finding]:
        others = ", ".join(dict.fromkeys(str(item.period) for item in found.computed))
        for item in found.stated:
            if any(item.period.overlaps(window) for window in views.scope):
                reason = f"{item.label()} bills {item.period}, {self.billed} is of {others}"
                yield from views.not_compared(self.name, item.period, item.amounts, reason)

    def _without_base(
        self, views: AccountViews, found: Match, matches: Sequence[Match]
    ) -> Iterator[Finding]:
        """Compare with zero where the base was read for all of that time."""
        is_read = any(window.encloses(found.period) for window in self.whole)
        if is_read:
            yield from self._identities(views, found, matches)
            return
        amounts = sum_of(money for item in found.stated for money in item.amounts)
        reason = f"no {self.billed} was read for {found.period}"
        yield from views.not_compared(self.name, found.period, amounts.values(), reason)

    def _without_document(
        self, views: AccountViews, found: Match, matches: Sequence[Match]
    ) -> Iterator[Finding]:
        """Compare with zero once a later period is billed; until then a document may still come.

        So may one that is written anew, for what was taken back.
        """
        if views.open_until(found.period) is not None:
            return
        gone = " and ".join(said_of(self.documents, found.period))
        later = any(item.period.start >= found.period.end for item in self._statements())
        if later and not gone:
            yield from self._identities(views, found, matches)
            return
        _, computed = found.sums()
        reason = f"no {self.kind} invoice bills it, nor anything later"
        if gone:
            reason = f"{gone}, and nothing else bills it"
        yield from views.not_compared(self.name, found.period, computed.values(), reason)
