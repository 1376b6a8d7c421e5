"""Decode ``/billing/usage``, whose body is documented nowhere (CONTRACT.md, section 3). Pure.

What is recognised is read exactly, what is not is kept as it came, and a reply without one
recognised row is drift, never *no usage*.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from attrs import evolve, field, frozen

from billfold.money import Money
from billfold.period import Period
from billfold.wire import DriftError
from billfold_bnerd import values
from billfold_bnerd.fields import Fields, Ref
from billfold_bnerd.lists import (
    COSTS,
    LISTS,
    NESTED,
    PRODUCT_KEYS,
    ROW_KEYS,
    containers,
    is_map,
    is_page,
    may_hold_rows,
)
from billfold_bnerd.values import UUID, Amount, Node

# Where an object stands in the reply: the keys and indices that lead to it.
_Path = tuple[str | int, ...]


@frozen
class UsageRow:
    """One line of usage as far as it was understood; ``rest`` keeps every other key of it as text.

    ``stamped`` is whether its period is an entry's own, not one that is cut to the window
    requested. ``pointer`` is where it stands in the reply (JSON Pointer), if the decoder says so.
    """

    cost: Amount
    product: Ref = field(factory=Ref)
    project: Ref = field(factory=Ref)
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


@frozen
class UsageReply:
    """What a decoder reads: rows, a total over all of them and whose it is, whether more follow."""

    rows: tuple[UsageRow, ...]
    total: Amount = field(factory=Amount)
    more: bool = False
    organization_id: str | None = None


Decoder = Callable[[bytes], UsageReply]


def decode_usage(body: bytes) -> UsageReply:
    """Return a usage reply, bare, wrapped, nested by project and product, or mapped by ids."""
    try:
        return _reply(values.load_json(body))
    except RecursionError:
        raise _drift("nested too deep", ()) from None


def _reply(top: object) -> UsageReply:
    inside = containers(top) if isinstance(top, dict) else []
    if not isinstance(top, dict) or not inside or _is_single_row(top, inside):
        return UsageReply(tuple(_rows(top, (), _Context())))
    rows = tuple(_rows_inside(top, inside, (), _Context()))
    if not any(top[key] for key in inside):
        _refuse_hidden_rows(top, ())
    fields = Fields(top)
    total = fields.amount("total") if {"total", "total_cents"} & top.keys() else Amount()
    return UsageReply(rows, total, is_page(top), _owner(fields, ()))


@frozen
class _Context:
    """What the objects around say: project, product and owner of what is inside.

    ``named`` is whose ``id`` and ``name`` an object's own are; ``level`` what a map's keys are.
    """

    project: Ref = field(factory=Ref)
    product: Ref = field(factory=Ref)
    named: str | None = None
    level: str = "project"
    owner: str | None = None

    def inside(self, fields: Fields, path: _Path) -> _Context:
        """Return the context inside an object; what it says itself goes before what is around."""
        project = fields.ref("project").or_from(self._around(fields, "project", self.project))
        product = fields.ref("product").or_from(self._around(fields, "product", self.product))
        level = "product" if project.id or project.name else self.level
        return _Context(project, product, None, level, _owner(fields, path) or self.owner)

    def _around(self, fields: Fields, kind: str, ref: Ref) -> Ref:
        if kind != self.named:
            return ref
        return Ref(ref.id or fields.text("id"), fields.text("name") or ref.name)

    def under(self, container: str) -> _Context:
        """Return the context in a container."""
        kind = NESTED.get(container)
        return self if kind is None else evolve(self, named=kind, level=kind)

    def keyed(self, key: str) -> _Context:
        """Return the context in a map's entry; what an empty key holds belongs to no project."""
        ref = Ref(id=key) if UUID.fullmatch(key) else Ref()
        if self.level == "project":
            return evolve(self, project=ref, named="project", level="product")
        return evolve(self, product=ref, named="product")


def _drift(problem: str, path: _Path) -> DriftError:
    """Return the error for what is not understood; its path does not repeat the ids of a map."""
    known = {*LISTS, *NESTED, "organization_id"}
    steps = [step if isinstance(step, int) or step in known else "*" for step in path]
    place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return DriftError(
        f"the usage is not understood: {problem} - at `${place}`; until a usage_decoder reads it, "
        "the metering invoices state the totals of closed months"
    )


def _rows(node: object, path: _Path, context: _Context) -> Iterator[UsageRow]:
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from _rows(item, (*path, index), context)
    elif isinstance(node, dict):
        yield from _rows_of_object(node, path, context)
    else:
        raise _drift("neither a list nor an object", path)


def _rows_of_object(node: Node, path: _Path, context: _Context) -> Iterator[UsageRow]:
    inside = containers(node)
    if any(node[key] for key in inside) and not _states_its_money(node):
        yield from _rows_inside(node, inside, path, context)
    elif _is_row(node, context):
        yield _row(node, path, context)
    elif is_map(node):
        for key, value in node.items():
            yield from _rows(value, (*path, key), context.keyed(key))
    elif node and not inside:
        raise _drift(f"a row with only the keys {values.key_names(node)}", path)
    else:
        _refuse_hidden_rows(node, path)


def _rows_inside(
    node: Node, inside: list[str], path: _Path, context: _Context
) -> Iterator[UsageRow]:
    for key in (*LISTS, *NESTED):
        if key not in inside and may_hold_rows(node.get(key)):
            problem = f"{inside[0]!r} beside {key!r}, and nothing says whether both count"
            raise _drift(problem, path)
    inner = context.inside(Fields(node), path)
    for key in inside:
        yield from _rows(node[key], (*path, key), inner.under(key))


def _refuse_hidden_rows(node: Node, path: _Path) -> None:
    """Raise DriftError where the known containers are empty and an unknown key holds rows."""
    for key, value in node.items():
        items = value if isinstance(value, list) else []
        if any(isinstance(item, dict) and ROW_KEYS & item.keys() for item in items):
            raise _drift(f"rows under the key {key[:40]!r}", path)


def _owner(fields: Fields, path: _Path) -> str | None:
    owner = fields.text("organization_id")
    if owner is None and fields.node.get("organization_id") not in (None, ""):
        raise _drift("whose a row is", (*path, "organization_id"))
    return owner


def _is_row(node: Node, context: _Context) -> bool:
    usage = node.get("usage")
    return (
        bool(ROW_KEYS & node.keys())
        or (usage is not None and not isinstance(usage, list | dict))
        or (context.named == "product" and bool({"id", "name"} & node.keys()))
    )


def _states_its_money(node: Node) -> bool:
    """Return whether a product's row states its own Money, which its lists only break down."""
    return bool(PRODUCT_KEYS & node.keys()) and Fields(node).amount(*COSTS).money is not None


def _is_single_row(top: Node, inside: list[str]) -> bool:
    """Return whether a reply is one row with its lists, not an object around rows."""
    is_empty = not any(top[key] for key in inside)
    return _states_its_money(top) or (bool(PRODUCT_KEYS & top.keys()) and is_empty)


def _row(node: Node, path: _Path, context: _Context) -> UsageRow:
    fields = Fields(node)
    inner = context.inside(fields, path)
    (quantity, unit), (period, stamped) = fields.quantity(), fields.period()
    own_id = values.text(node.get("id"))
    return UsageRow(
        product=inner.product,
        project=inner.project,
        cost=fields.amount(*COSTS),
        quantity=quantity,
        unit=unit,
        unit_price=fields.amount("unit_price").money,
        period=period,
        subscription_id=fields.text("subscription_id"),
        organization_id=inner.owner,
        rest=fields.rest(),
        pointer="".join(f"/{step}" for step in path),  # ids and known words: nothing to escape
        id=None if own_id in (inner.product.id, inner.project.id) else own_id,
        stamped=stamped,
    )
