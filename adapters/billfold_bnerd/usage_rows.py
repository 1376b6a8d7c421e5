"""What a usage reply is read into: rows, totals over some of them, and what stands around. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal
from functools import lru_cache

from attrs import evolve, field, frozen

from billfold.money import Money
from billfold.period import Period
from billfold.wire import DriftError, one_case
from billfold_bnerd import values
from billfold_bnerd.containers import LISTS, NESTED, is_id
from billfold_bnerd.fields import NOBODY, Fields, Ref
from billfold_bnerd.groups import Groups
from billfold_bnerd.naming_keys import names_row
from billfold_bnerd.reply_times import OddTime, time_of_part
from billfold_bnerd.stated_times import StatedTime, stated_around, stated_beside
from billfold_bnerd.times import NO_TIME, Time
from billfold_bnerd.values import UUID, Amount

# Where an object stands in the reply: the keys and indices that lead to it.
Path = tuple[str | int, ...]
# The keys of objects that a reply is wrapped in.
_WRAPPERS = frozenset(LISTS)


@frozen
class UsageRow:
    """One line of usage as far as it was understood; ``rest`` keeps every other key of it as text.

    ``stamped`` is whether its period is an entry's own, not one that is cut to the window
    requested, ``is_life`` whether it is how long a project or subscription lives, ``is_begun``
    whether it is only the first hour of what may be longer, or a month that may be only the hour
    that ``starts`` then. That is known without an end, too,
    ``has_odd_time`` whether it says when in no way that is read, ``clockless`` what that is as if
    in UTC, where it has no offset; ``other_times`` are under keys
    that nobody knows or inside of what it holds, the first and the last of them. ``last_change`` is
    looked for in a row that says nothing else of when. ``key`` is that of the outermost map of ids
    around it, ``groups`` what the lists around it are by. ``pointer`` is where it stands in the
    reply, as a JSON Pointer.
    """

    cost: Amount
    product: Ref = NOBODY
    project: Ref = NOBODY
    quantity: Decimal | None = None
    unit: str | None = None
    unit_price: Money | None = None
    period: Period | None = None
    subscription_id: str | None = None
    organization_id: str | None = None
    rest: Mapping[str, str] = field(factory=dict, hash=False)
    pointer: str | None = field(default=None, eq=False)
    id: str | None = None
    stamped: bool = False
    is_life: bool = False
    is_begun: bool = False
    starts: datetime | None = None
    has_odd_time: bool = False
    clockless: Period | None = None
    other_times: tuple[StatedTime, ...] = ()
    last_change: datetime | None = field(default=None, eq=False)
    key: str | None = None
    groups: Groups = field(factory=Groups)

    @property
    def says_nothing_of_when(self) -> bool:
        """Whether neither the row nor what is around it says of what time it is."""
        is_read = self.period is not None or self.starts is not None
        return not (is_read or self.has_odd_time or self.other_times)

    @property
    def is_priced(self) -> bool:
        """Whether it says how much there was and what one costs, as a charge does and no sum."""
        return self.quantity is not None and self.unit_price is not None


def in_one_case(row: UsageRow) -> UsageRow:
    """Return a row with its ids as ids are compared; nearly all come so."""
    known = row.id, row.subscription_id, row.organization_id, row.project, row.product, row.rest
    ids = _ident(row.id), _ident(row.subscription_id), _ident(row.organization_id)
    refs = _ref(row.project), _ref(row.product)
    rest = {key: one_case(value) for key, value in row.rest.items()}
    if (*ids, *refs, rest) == known:
        return row
    (own_id, subscription, owner), (project, product) = ids, refs
    return evolve(
        row,
        id=own_id,
        subscription_id=subscription,
        organization_id=owner,
        project=project,
        product=product,
        rest=rest,
    )


def _ident(ident: str | None) -> str | None:
    return None if ident is None else one_case(ident)


def _ref(ref: Ref) -> Ref:
    return ref if ref.id is None else Ref(one_case(ref.id), ref.name)


@frozen
class Subtotal:
    """A total that a reply states over some of its rows: those from ``first`` up to ``end``.

    ``odd_at`` is the place of a row called a total that others do not add up to; it ``is_unsure``
    where the rows are not compared with it, as it may be over others.
    """

    total: Money
    first: int
    end: int
    project: Ref = NOBODY
    pointer: str | None = None
    odd_at: str | None = None
    is_unsure: bool = False


@frozen
class UsageReply:
    """What a decoder reads: rows, a total over all of them and whose it is, whether more follow.

    ``subtotals`` are over some of the rows. ``period`` is the time that the reply says it is for,
    ``odd_times`` are those that cannot be read, ``known_until`` up to when it says it knows it.
    ``gaps`` say what of it was not read, or not understood, ``notes`` what else it says.
    """

    rows: tuple[UsageRow, ...]
    total: Amount = field(factory=Amount)
    more: bool = False
    organization_id: str | None = None
    subtotals: tuple[Subtotal, ...] = ()
    period: Period | None = None
    odd_times: tuple[OddTime, ...] = ()
    known_until: datetime | None = None
    gaps: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@frozen
class Context:
    """What the objects around say: project, product and owner of what is inside.

    ``named`` is whose ``id`` and ``name`` an object's own are; ``level`` what a map's keys are, and
    ``key`` that of the outermost one.
    """

    project: Ref = NOBODY
    product: Ref = NOBODY
    named: str | None = None
    level: str = "project"
    key: str | None = None
    owner: str | None = None
    subscription: str | None = None
    groups: Groups = field(factory=Groups)
    time: Time = NO_TIME
    other_times: tuple[StatedTime, ...] = ()

    def around(self, fields: Fields, path: Path, skipped: Collection[str] = ()) -> Context:
        """Return the context inside an object around rows, whose time is theirs, too.

        What span of time the whole reply is for is judged by itself, too. Under the keys that are
        ``skipped`` stand the rows.
        """
        time, is_wrapper = self.time, _WRAPPERS.issuperset(path)
        if path:
            time = time_of_part(fields, skipped, is_wrapper=is_wrapper).or_from(time)
        beside = stated_beside if is_wrapper else stated_around
        others = beside(fields.node, fields.known_times(), skipped, path)
        inside, groups = self.inside(fields, path), self.groups
        if any(isinstance(step, int) for step in path):  # one of several
            groups = groups.inside(fields.node, {*skipped, *fields.used}, self.named)
        return evolve(inside, time=time, groups=groups, other_times=(*self.other_times, *others))

    def inside(self, fields: Fields, path: Path) -> Context:
        """Return the context inside an object; what it says itself goes before what is around."""
        project = self.project_of(fields)
        product = fields.ref("product").or_from(self._around(fields, "product", self.product))
        level = "product" if project.id or project.name else self.level
        whose = owner(fields, path) or self.owner
        subscription = fields.subscription() or self.subscription
        # Without names, as there is one for each row.
        return Context(
            project,
            product,
            None,
            level,
            self.key,
            whose,
            subscription,
            self.groups,
            self.time,
            self.other_times,
        )

    def own_id(self, fields: Fields, inner: Context) -> str | None:
        """Return the id of a row, which is none of its product's or project's.

        A ``uuid`` is the product's where ``id`` would be.
        """
        no_ids = (None, inner.product.id, inner.project.id)
        if (stated := values.ident(fields.node.get("id"))) not in no_ids:
            return stated
        near = _naming_rows(tuple(fields.node)) if self.named is None else ()
        key = next((key for key in near if values.ident(fields.node[key]) not in no_ids), None)
        return None if key is None else fields.text(key)

    def project_of(self, fields: Fields) -> Ref:
        """Return the project of an object."""
        return fields.ref("project").or_from(self._around(fields, "project", self.project))

    def _around(self, fields: Fields, kind: str, ref: Ref) -> Ref:
        if kind != self.named:
            return ref
        return Ref(ref.id or values.ident(fields.text("id")), fields.text("name") or ref.name)

    def under(self, container: str) -> Context:
        """Return the context in a container."""
        if is_id(container):
            return self.keyed(container)
        kind = NESTED.get(container)
        return self if kind is None else evolve(self, named=kind, level=kind)

    def keyed(self, key: str) -> Context:
        """Return the context in a map's entry; what an empty key holds belongs to no project."""
        ref = Ref(id=values.ident(key)) if UUID.fullmatch(key) else Ref()
        outermost = self.key or ref.id
        if self.level == "project":
            return evolve(self, project=ref, named="project", level="product", key=outermost)
        return evolve(self, product=ref, named="product", key=outermost)


@lru_cache(maxsize=1024)  # most rows of a reply have the same keys
def _naming_rows(keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(filter(names_row, keys))


def owner(fields: Fields, path: Path) -> str | None:
    """Return whose an object is; raises DriftError where it says that in no way we know."""
    stated = fields.text("organization_id")
    if stated is None and fields.node.get("organization_id") not in (None, ""):
        raise drift("whose a row is", (*path, "organization_id"))
    return stated or values.text(values.organization(fields.node))


def place(path: Path) -> str:
    """Return a path as errors and details name it, which do not repeat the ids of a map."""
    known = {*LISTS, *NESTED, "organization_id"}
    steps = [step if isinstance(step, int) or step in known else "*" for step in path]
    return "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)


def pointer(path: Path) -> str:
    """Return a path as a JSON Pointer."""
    return "".join(f"/{step}" for step in path)  # ids and known words: nothing to escape


def place_of(row: UsageRow) -> str:
    """Return where a row stands as errors and details name it."""
    steps = (row.pointer or "").split("/")[1:]
    return place(tuple(int(step) if step.isdecimal() else step for step in steps))


def drift(problem: str, path: Path) -> DriftError:
    """Return the error for what is not understood."""
    return DriftError(f"the usage is not understood: {problem} - at `{place(path)}`")
