"""What a month's usage reply means: charges in its window, and checks over them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import chain

from attrs import define, field

from billfold.model import (
    Category,
    Charge,
    Check,
    Usage,
    describe_residual,
    numbering,
    settling,
)
from billfold.money import Money, sum_by_currency
from billfold.period import Period, utc_text
from billfold.wire import LOOKED_AT, Steps, in_slices, one_case, slices, stepwise
from billfold_bnerd.charge_ids import charge_id, content, month_id, telling_apart
from billfold_bnerd.groups import Grouped
from billfold_bnerd.lists import Listing, is_foreign
from billfold_bnerd.pages import PAGED
from billfold_bnerd.repeats import conflict, counted_once, regrouped
from billfold_bnerd.row_status import is_tax
from billfold_bnerd.usage_rows import Subtotal, UsageReply, UsageRow, in_one_case
from billfold_bnerd.values import scale_notes
from billfold_bnerd.windows import is_in, judged

SERVICE = "b'nerd Cloud"
# Python 3.11 looks members up slowly, and there are many rows.
_USAGE, _CREDIT, _TAX = Category.USAGE, Category.CREDIT, Category.TAX
_AT_ONCE = 250  # rows that become charges: some 15 ms of work


def window_bounds(window: Period) -> tuple[str, str]:
    """Return the bounds as they are sent; the last second stands for the end (section 3.9)."""
    return utc_text(window.start), utc_text(window.end - timedelta(seconds=1))


@stepwise
def usage(
    org: str,
    requested: Period | None,
    window: Period,
    reply: UsageReply,
    request: str = "",
    now: datetime | None = None,
) -> Steps[Listing[Usage]]:
    """Return one month's rows as a usage; ``request`` is what was sent for them, ``now`` when.

    Rows of other organizations are left out, and rows whose own time is outside the window.
    """
    is_own = yield from in_slices(reply.rows, partial(_are_own, org), LOOKED_AT)
    own = [row for row, mine in zip(reply.rows, is_own, strict=True) if mine]
    window_gaps, window_notes = yield from judged(own, reply, window, requested, now)
    month, repeats = _Month(org, window, request, reply.rows), _Repeats()
    for some in slices(enumerate(reply.rows), _AT_ONCE):
        if month.charges or month.left_out:
            yield
        for index, row in some:
            if is_own[index] and is_in(row, window, reply.period, requested):
                if repeats.adds(row):
                    month.charges[index] = month.charge(row)
            else:
                month.left_out[index] = "rows outside the window" if is_own[index] else _OTHERS
    for subtotal in sorted(reply.subtotals, key=lambda one: one.end - one.first):
        month.settle(subtotal)
    foreign = is_own.count(False)
    others = (f"{foreign} of other organizations left out",) if foreign else ()
    answered = yield from month.usage(requested, reply)
    paged = [PAGED] if reply.more else []
    is_theirs = is_foreign(reply.organization_id, org) or (reply.rows and not own)
    theirs = [_THEIRS] if is_theirs else []
    gaps = (
        *paged,
        *theirs,
        *(yield from _by_organization(own, org)),
        *reply.gaps,
        *window_gaps,
        *month.gaps,
        *conflict(repeats.different, "and both counted"),
        *regrouped(repeats.regrouped),
    )
    scales = scale_notes(one.cost for one in answered.charges)
    notes = (
        *others,
        *reply.notes,
        *window_notes,
        *month.notes,
        *counted_once(repeats.same),
        *scales,
    )
    return Listing([answered], gaps, notes)


def _are_own(org: str, rows: Iterable[UsageRow]) -> list[bool]:
    return [not is_foreign(row.organization_id, org) for row in rows]


def _by_organization(rows: Sequence[UsageRow], org: str) -> Steps[list[str]]:
    """Return a gap where the ids that seem to be projects', or a map's keys, are organizations'."""
    keys = set((yield from in_slices(rows, _keys, LOOKED_AT)))
    projects = set((yield from in_slices(rows, _projects, LOOKED_AT)))
    is_mixed = any(one_case(org) in ids and len(ids) > 1 for ids in (keys, projects))
    return ["the rows are by organization, and those of others may be counted"] if is_mixed else []


def _keys(rows: Iterable[UsageRow]) -> set[str]:
    return {one_case(row.key) for row in rows if row.key is not None}


def _projects(rows: Iterable[UsageRow]) -> set[str]:
    return {one_case(row.project.id) for row in rows if row.project.id is not None}


_OTHERS = "other organizations' rows"
_THEIRS = "the reply says that it is another organization's"


@define
class _Repeats:
    """Records that a reply lists again, which their own ids tell."""

    known: dict[tuple[object, ...], list[UsageRow]] = field(factory=dict)
    # The groups in which a record of that id and cost was listed.
    grouped: dict[tuple[object, ...], Grouped] = field(factory=dict)
    same: int = 0
    different: list[str] = field(factory=list)
    regrouped: list[str] = field(factory=list)

    def adds(self, row: UsageRow) -> bool:
        """Return whether a row is no record that counts already."""
        if row.id is None:
            return True
        own = in_one_case(row)
        # What costs by the day, or in several products, may state the same id in each row.
        record = own.id, own.product, own.subscription_id, own.period
        project = own.project.id or own.project.name
        grouped = self.grouped.setdefault((*record, own.cost), Grouped())
        elsewhere = grouped.elsewhere(own.groups)
        if project in elsewhere:
            self.regrouped.append(own.id or "")
            return False
        grouped.add(own.groups, project)
        known = self.known.setdefault((*record, own.groups), [])
        if own in known:
            self.same += 1
            return False
        self.different += [row.id] if known or elsewhere else []
        known.append(own)
        return True


@define
class _Month:
    """A month's charges by their place in the reply, and the totals stated over them."""

    org: str
    window: Period
    request: str
    rows: Sequence[UsageRow]
    charges: dict[int, Charge] = field(factory=dict)
    left_out: dict[int, str] = field(factory=dict)
    derived: dict[int, list[Charge]] = field(factory=dict)
    checks: list[Check] = field(factory=list)
    gaps: list[str] = field(factory=list)
    notes: list[str] = field(factory=list)
    id: str = field(init=False)
    _asked: str = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.id = month_id(self.org, self.window)
        # Whether the API counts the last second is not documented (section 3.9).
        self._asked = "/".join(window_bounds(self.window))

    def usage(self, requested: Period | None, reply: UsageReply) -> Steps[Usage]:
        """Return the month, with the charge and the check that a total over all of it asks for."""
        numbered = yield from telling_apart(self.charges.values(), self.window)
        charges = (*numbered, *chain.from_iterable(self.derived.values()))
        total = reply.total.money
        if total is not None and is_foreign(reply.organization_id, self.org):
            self.notes.append(f"the total over the rows is not used: {_OTHERS} are in it")
            total = None
        elif total is not None and not self._is_comparable(total, 0, len(reply.rows), "the rows"):
            total = None
        month = Usage(
            requested,
            self.window,
            (yield from numbering(charges, order=content)),
            billing_account_id=self.org,
            stated_total=total,
            checks=tuple(self.checks),
        )
        return (
            yield from settling(
                month,
                check="stated total vs. rows",
                residual_id=f"{self.id}/residual",
                service=SERVICE,
                source=f"{self.request}#/total",
            )
        )

    def charge(self, row: UsageRow) -> Charge:
        """Return a row as a charge; without a time of its own it is for the window."""
        cost, product, project = row.cost.money, row.product, row.project
        category = _CREDIT if cost is not None and cost.amount < 0 else _USAGE
        if is_tax(row.rest, product.name):
            category = _TAX
        tags = {**dict(row.groups.said), **row.rest}
        if product.id is not None:
            tags["product_id"] = product.id
        tags["asked"] = self._asked
        return Charge(
            charge_id(self.id, row),
            category,
            row.period or self.window,
            product.name or product.id or SERVICE,
            cost,
            self.org,
            None,
            project.id or project.name,
            project.name,
            resource_id=row.subscription_id,
            resource_type="subscription" if row.subscription_id else None,
            quantity=row.quantity,
            unit=row.unit,
            unit_price=row.unit_price,
            reason=row.cost.reason,
            tags=tags,
            source=self.request if row.pointer is None else f"{self.request}#{row.pointer}",
        )

    def settle(self, subtotal: Subtotal) -> None:
        """Compare a total with the rows it is over; what they lack becomes one derived charge."""
        name = subtotal.project.name or subtotal.project.id or "some rows"
        total, first, end = subtotal.total, subtotal.first, subtotal.end
        if not self._is_comparable(total, first, end, name):
            return
        computed = self._costs(first, end).get(total.currency, Money.zero(total.currency))
        check = Check(f"total of {name} vs. its rows", total, computed)
        self.checks.append(check)
        if not check.holds:
            self.derived.setdefault(first, []).append(self._residual(subtotal, check))

    def _residual(self, subtotal: Subtotal, check: Check) -> Charge:
        project = subtotal.project.id or subtotal.project.name
        return Charge(
            f"{self.id}/{project or '-'}/residual",
            Category.ADJUSTMENT,
            self.window,
            SERVICE,
            check.gap,
            self.org,
            sub_account_id=project,
            sub_account_name=subtotal.project.name,
            description=describe_residual(check.name),
            derived=True,
            reason=f"the provider states {check.stated} in all and {check.computed} in lines",
            source=f"{self.request}#{subtotal.pointer or ''}",
        )

    def _is_comparable(self, total: Money, first: int, end: int, name: str) -> bool:
        """Return whether a total is over rows that all count, and in a currency of theirs.

        Over rows of several currencies it is only where it is what those in its own add up to.
        """
        costs = self._costs(first, end)
        left_out = [index for index in range(first, end) if index in self.left_out]
        if left_out:
            self._let_go_of(total, costs, left_out, name)
            return False
        if costs and total.currency not in costs:
            self.gaps.append(f"the total over {name} is in {total.currency}, its rows are not")
            return False
        is_mixed = any(cost.amount for code, cost in costs.items() if code != total.currency)
        if is_mixed and not (total - costs[total.currency]).is_rounding_noise():
            # It may be over all of them, at some rate of exchange: no charge of its own is in it.
            self.gaps.append(_not_reached(total, name))
            return False
        return True

    def _let_go_of(
        self, total: Money, costs: dict[str, Money], left_out: Sequence[int], name: str
    ) -> None:
        """Say why a total over rows that do not all count is not used, and whether they reach it.

        It may be over those that count, or over all of them.
        """
        why = self.left_out[left_out[0]]
        self.notes.append(f"the total over {name} is not used: {why} are in it")
        others = (self.rows[index].cost.money for index in left_out)
        everything = sum_by_currency([*costs.values(), *(one for one in others if one is not None)])
        sums = (each.get(total.currency) for each in (costs, everything))
        if not any(each is not None and (total - each).is_rounding_noise() for each in sums):
            self.gaps.append(_not_reached(total, name))

    def _costs(self, first: int, end: int) -> dict[str, Money]:
        charges = chain.from_iterable(map(self._at, range(first, end)))
        return sum_by_currency(one.cost for one in charges if one.cost is not None)

    def _at(self, index: int) -> list[Charge]:
        own = [self.charges[index]] if index in self.charges else []
        return [*own, *self.derived.get(index, ())]


def _not_reached(total: Money, name: str) -> str:
    return f"the total over {name} is {total}, and its rows do not add up to that"
