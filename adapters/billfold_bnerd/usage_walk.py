"""Walk through a usage reply, for its rows and the totals over them (section 3.1). Pure."""

from __future__ import annotations

from attrs import define, field

from billfold.wire import DriftError, Steps, says_not_ready
from billfold_bnerd import values
from billfold_bnerd.bare_totals import (
    holds_sums,
    is_known_number,
    odd_counts,
    stated_total_key,
)
from billfold_bnerd.containers import (
    LISTS,
    NESTED,
    ROW_KEYS,
    are_ids,
    containers,
    count_rows,
    is_map,
    is_reply,
    is_row,
    may_hold_rows,
    said_beside,
    states_all_its_money,
    states_its_money,
)
from billfold_bnerd.fields import COSTS, Fields
from billfold_bnerd.list_totals import ReadList
from billfold_bnerd.lists import not_understood
from billfold_bnerd.name_lists import NameLists, name_lists
from billfold_bnerd.pages import counting_paths, page_gaps
from billfold_bnerd.repeats import repeated_projects
from billfold_bnerd.rounding import same, same_sums
from billfold_bnerd.row_status import odd_group, odd_status, unfinished
from billfold_bnerd.stated_times import stated_below, stated_by
from billfold_bnerd.totals import sums
from billfold_bnerd.unread import (
    described,
    has_tax,
    listed_again,
    not_read,
    of_other_currencies,
    unread_but_taxes,
)
from billfold_bnerd.unsettled import Unsettled
from billfold_bnerd.usage_rows import (
    Context,
    Path,
    Subtotal,
    UsageRow,
    drift,
    place,
    pointer,
)
from billfold_bnerd.values import NOT_STATED, Node

# Rows, of a shape that is found out: some 10 ms of work.
_AT_ONCE = 50


@define
class Walk:
    """A way through a reply: the rows on it, totals over some of them, and what was not read.

    ``taxes`` were not read either: they are on what was, and no part of it.
    ``unsettled`` are rows that may be totals of others, by their pointers.
    """

    rows: list[UsageRow] = field(factory=list)
    subtotals: list[Subtotal] = field(factory=list)
    unread: list[str] = field(factory=list)
    taxes: list[str] = field(factory=list)
    unsure: list[str] = field(factory=list)
    times: list[str] = field(factory=list)
    currencies: list[str] = field(factory=list)
    gaps: list[str] = field(factory=list)
    unsettled: dict[str, Unsettled] = field(factory=dict)
    problems: list[tuple[str | None, DriftError]] = field(factory=list)  # by project
    _looked_at: int = 0

    def all_gaps(self) -> tuple[str, ...]:
        """Return why this may not be all."""
        unsure = described(self.unsure)
        lost = [
            DriftError(f"project {name}: {error.message}") if name else error
            for name, error in self.problems
        ]
        standing = [
            "cancelled, replaced, not billed, not final, not all, or given back without a minus: "
            f"{unsure}"
        ]
        times = [f"of another time than the row's range, which decides: {described(self.times)}"]
        return (
            *(
                *self.gaps,
                *(standing if unsure else ()),
                *(times if self.times else ()),
            ),
            *of_other_currencies(self.currencies),
            *(*not_read(self.unread), *not_understood(lost)),
        )

    def guarded(self, node: object, path: Path, context: Context) -> Steps[None]:
        """Read what may hold rows; where that is not understood, the others are still read."""
        self._looked_at += 1
        if self._looked_at % _AT_ONCE == 0:
            yield
        try:
            yield from self._read(node, path, context)
        except DriftError as error:
            project = context.project_of(Fields(node if isinstance(node, dict) else {}))
            self.problems.append((project.name or project.id, error))

    def _read(self, node: object, path: Path, context: Context) -> Steps[None]:
        if isinstance(node, list):
            yield from self._read_list(node, path, context)
        elif isinstance(node, dict):
            yield from self._read_object(node, path, context)
        else:
            raise drift("neither a list nor an object", path)

    def _read_list(self, items: list[object], path: Path, context: Context) -> Steps[None]:
        starts = []
        for index, item in enumerate(items):
            starts.append(len(self.rows))
            yield from self.guarded(item, (*path, index), context)
        if context.named == "project":
            self.gaps += [f"{problem} - at `{place(path)}`" for problem in repeated_projects(items)]
        read = ReadList(items, starts, path, context, self.rows, self.subtotals, self.unsettled)
        yield from read.take_totals()

    def _read_object(self, node: Node, path: Path, context: Context) -> Steps[None]:
        inside = containers(node)
        if context.product.id is not None and are_ids(inside):
            inside = []  # of one product, they are ids of something else
        is_product, is_full = context.named == "product", any(node[key] for key in inside)
        is_around = is_full and not (
            states_its_money(node) or (is_product and states_all_its_money(node, inside))
        )
        if is_around or is_reply(path, node, inside):
            yield from self._read_group(node, inside, path, context)
        elif is_row(node, is_product=is_product):
            self._read_row(node, path, context)
        elif is_map(node):
            for key, value in node.items():
                yield from self.guarded(value, (*path, key), context.keyed(key))
        elif node and not inside:
            raise drift(f"a row with only the keys {values.key_names(node)}", path)
        elif node:
            yield from self._read_group(node, inside, path, context)
        elif any(isinstance(step, int) for step in path[-1:]):
            raise drift("an empty row", path)

    def _read_group(
        self, node: Node, inside: list[str], path: Path, context: Context
    ) -> Steps[None]:
        said = said_beside(node, inside)
        names = yield from name_lists(said, inside)
        skipped = {*inside, *names.keys}
        for key in (*LISTS, *NESTED):
            if key not in skipped and may_hold_rows(said.get(key)):
                problem = f"{inside[0]!r} beside {key!r}, and nothing says whether both count"
                raise drift(problem, path)
        if not any(node[key] for key in inside):
            _refuse_hidden_rows(said, path)
        first, inner = len(self.rows), context.around(Fields(said), path, skipped)
        starts = []
        for key in inside:
            starts.append(len(self.rows))
            yield from self.guarded(node[key], (*path, key), inner.under(key))
        if inside == [*NESTED]:
            self._judge_both(node, inside, starts[1], first, path)
        shown = count_rows(node)
        self._account_for(said, shown, inside, names, path, inner, first)
        inside_it = (row.cost.money for row in self.rows[first:])
        odd = odd_group(said, inside_it, is_project=context.named == "project")
        unsure = [f"{place(path)}.{key}" for key in (*unfinished(said), *odd)]
        if all(step in LISTS for step in path):  # else it may be the status of a project
            unsure += says_not_ready(said, (), place(path))
        self.unsure += dict.fromkeys(unsure)
        if any(isinstance(step, int) for step in path):
            self.gaps += page_gaps(said, place(path), shown, around=node)

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
        is_both = stated is not None and any(same(stated, each) for each in both.values())
        if same_sums(once, again) and not is_both:
            del self.rows[start:]
            self.subtotals = [one for one in self.subtotals if one.first < start]
        counted = both if len(self.rows) > start else once
        if stated is None or not any(same(stated, each) for each in counted.values()):
            problem = f"{inside[1]!r} beside {inside[0]!r}, and nothing says whether both count"
            self.gaps.append(f"{problem} - at `{place(path)}`")

    def _account_for(
        self,
        node: Node,
        shown: int,
        inside: list[str],
        names: NameLists,
        path: Path,
        context: Context,
        first: int,
    ) -> None:
        """Take the total that an object states over its rows, and name what else it states."""
        fields, costs = Fields(node), sums(row.cost.money for row in self.rows[first:])
        stated, beside = fields.amount(*COSTS), [*inside, *names.keys]
        is_stated = stated.money is not None
        if has_tax(fields, beside, stated.money, costs.values()):
            fields.considered.clear()  # it is no total over the rows, and named with its tax
            stated = NOT_STATED
        if stated.money is not None:
            over = pointer((*path, "total")) if path else ""
            self.subtotals.append(
                Subtotal(stated.money, first, len(self.rows), context.project, over)
            )
            if is_known_number(node, shown, costs):  # beside it, as a count of rows
                fields.considered.add(stated_total_key(node))
        elif holds_sums(node, costs):
            fields.considered.discard(stated_total_key(node))
        elif stated is not NOT_STATED and not is_known_number(node, shown, costs):
            self.unread.append(f"{place(path)}.{stated_total_key(node)}")
        known = [stated.money, *costs.values()]
        quantity, _ = fields.quantity()
        if costs and (quantity is None or stated.money is not None):
            fields.price_of_units()  # no money charged: the rows state that
        below, taxes = unread_but_taxes(fields, beside, known, quantity)
        self.taxes += [f"{place(path)}{each}" for each in taxes]
        others = [
            *below,
            *names.unread,
            *odd_counts(node, shown, costs),
            *([] if is_stated else listed_again(fields, inside, costs.values())),
        ]
        counted = counting_paths(node, shown) if others else ()
        self.unread += [f"{place(path)}{each}" for each in others if each not in counted]

    def _read_row(self, node: Node, path: Path, context: Context) -> None:
        fields = Fields(node)
        inner = context.inside(fields, path)
        (quantity, unit), own = fields.quantity(), fields.time()
        time = own.or_from(inner.time)
        cost, own_id = fields.cost(), context.own_id(fields, inner)
        if own.period is None:
            known, is_dated = fields.known_times(), time.period is not None
            others = stated_by(node, known, fields.considered, path, is_dated=is_dated)
            others = (*inner.other_times, *others)
        else:
            others = stated_below(node, fields.considered, path)
        says_nothing = time.period is None and time.starts is None and not others
        row = UsageRow(
            product=inner.product,
            project=inner.project,
            cost=cost,
            quantity=quantity,
            unit=unit,
            unit_price=fields.unit_price(),
            period=time.period,
            subscription_id=inner.subscription,
            organization_id=inner.owner,
            key=inner.key,
            groups=inner.groups,
            rest=fields.rest(),
            pointer=pointer(path),
            id=own_id,
            stamped=time.is_stamp,
            is_life=time.is_life,
            is_begun=time.is_begun,
            starts=time.starts,
            has_odd_time=time.is_odd,
            clockless=time.clockless,
            other_times=others,
            last_change=fields.last_change() if says_nothing else None,
        )
        self.rows.append(row)
        if own.period is not None:
            against = fields.contradictions(own.period)
            self.times += [f"{place(path)}.{key}" for key in against]
        self.unsure += [f"{place(path)}.{key}" for key in odd_status(node, cost.money)]
        self.currencies += [f"{place(path)}.{key}" for key in fields.other_currencies(cost.money)]
        skipped = fields.used - {"product", "project"}
        below, taxes = unread_but_taxes(fields, skipped, [cost.money], quantity)
        self.unread += [f"{place(path)}{each}" for each in below]
        self.taxes += [f"{place(path)}{each}" for each in taxes]


def _refuse_hidden_rows(node: Node, path: Path) -> None:
    """Raise DriftError where the known containers are empty and an unknown key holds rows."""
    for key, value in node.items():
        items = value if isinstance(value, list) else []
        if any(isinstance(item, dict) and ROW_KEYS & item.keys() for item in items):
            raise drift(f"rows under the key {key[:40]!r}", path)
