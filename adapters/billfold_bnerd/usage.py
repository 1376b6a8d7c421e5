"""Decode ``/billing/usage``, whose body is documented nowhere (CONTRACT.md, section 3). Pure.

What is recognised is read exactly, what is not is kept as it came, amounts that nobody read are
named, and a reply without one recognised row is drift, never *no usage*.
"""

from __future__ import annotations

from collections.abc import Callable

from attrs import define, field

from billfold.wire import DriftError
from billfold_bnerd import values
from billfold_bnerd.fields import COSTS, Fields
from billfold_bnerd.lists import (
    LISTS,
    NESTED,
    PAGED,
    ROW_KEYS,
    containers,
    count_rows,
    is_map,
    is_page,
    is_row,
    is_single_row,
    may_hold_rows,
    not_understood,
    states_its_money,
)
from billfold_bnerd.refusals import errors_below, stated_error
from billfold_bnerd.standing import odd_standing
from billfold_bnerd.taking import ReadList
from billfold_bnerd.totals import is_known_number, odd_counts, sums
from billfold_bnerd.unread import described, not_read, unread
from billfold_bnerd.usage_rows import (
    Context,
    Path,
    Subtotal,
    UsageReply,
    UsageRow,
    drift,
    owner,
    place,
    pointer,
)
from billfold_bnerd.values import NOT_STATED, Amount, Node
from billfold_bnerd.windows import odd_period, stated_period

Decoder = Callable[[bytes], UsageReply]
_ADVICE = (
    "; until a usage_decoder reads it, the metering invoices state the totals of closed months"
)


def decode_usage(body: bytes) -> UsageReply:
    """Return a usage reply, bare, wrapped, nested by project and product, or mapped by ids."""
    try:
        return _reply(values.load_json(body))
    except RecursionError:
        raise drift(f"nested too deep{_ADVICE}", ()) from None


def _reply(top: object) -> UsageReply:
    node = top if isinstance(top, dict) else {}
    inside, refusal, walk = containers(node), stated_error(node), _Walk()
    if refusal is not None and not any(node[key] for key in inside):
        raise refusal
    walk.guarded(top, (), Context())
    if walk.problems and not walk.rows:
        raise DriftError(f"{walk.problems[0].message}{_ADVICE}")
    if refusal is not None:
        walk.gaps.append(refusal.message)
    walk.gaps += errors_below(top)
    is_around = _is_reply((), node, inside)
    walk.gaps += odd_period(node) if is_around else []
    totals = [one.total for one in walk.subtotals if one.pointer == ""]
    return UsageReply(
        tuple(walk.rows),
        Amount(totals[-1]) if totals else Amount(),
        is_around and is_page(node),
        owner(Fields(node), ()) if is_around else None,
        tuple(one for one in walk.subtotals if one.pointer != ""),
        stated_period(node) if is_around else None,
        walk.all_gaps(),
    )


@define
class _Walk:
    """A way through a reply: the rows on it, totals over some of them, and what was not read."""

    rows: list[UsageRow] = field(factory=list)
    subtotals: list[Subtotal] = field(factory=list)
    unread: list[str] = field(factory=list)
    unsure: list[str] = field(factory=list)
    gaps: list[str] = field(factory=list)
    problems: list[DriftError] = field(factory=list)

    def all_gaps(self) -> tuple[str, ...]:
        """Return why this may not be all."""
        unsure = described(self.unsure)
        standing = [f"cancelled, not final, or given back without a minus: {unsure}"]
        return (
            *(*self.gaps, *(standing if unsure else ())),
            *(*not_read(self.unread), *not_understood(self.problems)),
        )

    def guarded(self, node: object, path: Path, context: Context) -> None:
        """Read what may hold rows; where that is not understood, the others are still read."""
        try:
            self._read(node, path, context)
        except DriftError as error:
            self.problems.append(error)

    def _read(self, node: object, path: Path, context: Context) -> None:
        if isinstance(node, list):
            self._read_list(node, path, context)
        elif isinstance(node, dict):
            self._read_object(node, path, context)
        else:
            raise drift("neither a list nor an object", path)

    def _read_list(self, items: list[object], path: Path, context: Context) -> None:
        starts = []
        for index, item in enumerate(items):
            starts.append(len(self.rows))
            self.guarded(item, (*path, index), context)
        read = ReadList(items, starts, path, context, self.rows, self.subtotals)
        self.gaps += read.take_totals()

    def _read_object(self, node: Node, path: Path, context: Context) -> None:
        inside = containers(node)
        is_full = any(node[key] for key in inside)
        if (is_full and not states_its_money(node)) or _is_reply(path, node, inside):
            self._read_group(node, inside, path, context)
        elif is_row(node, is_product=context.named == "product"):
            self._read_row(node, path, context)
        elif is_map(node):
            for key, value in node.items():
                self.guarded(value, (*path, key), context.keyed(key))
        elif node and not inside:
            raise drift(f"a row with only the keys {values.key_names(node)}", path)
        elif node:
            self._read_group(node, inside, path, context)

    def _read_group(self, node: Node, inside: list[str], path: Path, context: Context) -> None:
        for key in (*LISTS, *NESTED):
            if key not in inside and may_hold_rows(node.get(key)):
                problem = f"{inside[0]!r} beside {key!r}, and nothing says whether both count"
                raise drift(problem, path)
        if not any(node[key] for key in inside):
            _refuse_hidden_rows(node, path)
        first, inner = len(self.rows), context.around(Fields(node), path)
        starts = []
        for key in inside:
            starts.append(len(self.rows))
            self.guarded(node[key], (*path, key), inner.under(key))
        if len(inside) > 1:
            self._judge_both(node, inside, starts[1], first, path)
        self._account_for(node, inside, path, inner, first)
        if any(isinstance(step, int) for step in path) and is_page(node):
            self.gaps.append(f"{PAGED} - at `{place(path)}`")

    def _judge_both(
        self, node: Node, inside: list[str], start: int, first: int, path: Path
    ) -> None:
        """Judge two lists, each of which costs something: whether both count is not documented.

        The total stated over them decides. Lists that cost the same are two views of one thing.
        """
        once = sums(row.cost.money for row in self.rows[first:start])
        again = sums(row.cost.money for row in self.rows[start:])
        both = sums([*once.values(), *again.values()])
        stated = Fields(node).amount(*COSTS).money
        if not any(cost.amount for cost in once.values()) or not again:
            return
        if once == again and stated not in both.values():
            del self.rows[start:]
            self.subtotals = [one for one in self.subtotals if one.first < start]
        if stated is None or stated not in (both if len(self.rows) > start else once).values():
            problem = f"{inside[1]!r} beside {inside[0]!r}, and nothing says whether both count"
            self.gaps.append(f"{problem} - at `{place(path)}`")

    def _account_for(
        self, node: Node, inside: list[str], path: Path, context: Context, first: int
    ) -> None:
        """Take the total that an object states over its rows, and name what else it states."""
        fields, costs = Fields(node), sums(row.cost.money for row in self.rows[first:])
        stated = fields.amount(*COSTS)
        if stated.money is not None:
            over = pointer((*path, "total")) if path else ""
            self.subtotals.append(
                Subtotal(stated.money, first, len(self.rows), context.project, over)
            )
        elif stated is not NOT_STATED and not is_known_number(fields, count_rows(node), costs):
            name = next(name for name in sorted(fields.considered))
            self.unread.append(f"{place(path)}.{name}")
        beside = [
            *unread(fields, inside, [stated.money, *costs.values()]),
            *odd_counts(node, costs),
        ]
        self.unread += [f"{place(path)}{below}" for below in beside]

    def _read_row(self, node: Node, path: Path, context: Context) -> None:
        fields = Fields(node)
        inner = context.inside(fields, path)
        (quantity, unit), own = fields.quantity(), fields.time()
        time = own.or_from(inner.time)
        own_id, cost = values.text(node.get("id")), fields.cost()
        row = UsageRow(
            product=inner.product,
            project=inner.project,
            cost=cost,
            quantity=quantity,
            unit=unit,
            unit_price=fields.unit_price(),
            period=time.period,
            subscription_id=fields.text("subscription_id"),
            organization_id=inner.owner,
            rest=fields.rest(),
            pointer=pointer(path),
            id=None if own_id in (inner.product.id, inner.project.id) else own_id,
            stamped=time.is_stamp,
            starts=time.starts,
            has_odd_time=time.is_odd,
            other_times=() if own.period else fields.other_times(),
        )
        self.rows.append(row)
        self.unsure += [f"{place(path)}.{key}" for key in odd_standing(node, cost.money)]
        below = unread(fields, fields.used - {"product", "project"}, [cost.money], quantity)
        self.unread += [f"{place(path)}{each}" for each in below]


def _is_reply(path: Path, node: Node, inside: list[str]) -> bool:
    """Return whether this is the object around a reply, whether or not there are rows in it."""
    return not path and bool(inside) and not is_single_row(node, inside)


def _refuse_hidden_rows(node: Node, path: Path) -> None:
    """Raise DriftError where the known containers are empty and an unknown key holds rows."""
    for key, value in node.items():
        items = value if isinstance(value, list) else []
        if any(isinstance(item, dict) and ROW_KEYS & item.keys() for item in items):
            raise drift(f"rows under the key {key[:40]!r}", path)
