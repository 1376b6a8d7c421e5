"""Decode ``/billing/usage``, whose body is documented nowhere (CONTRACT.md, section 3). Pure.

Rows may come bare, wrapped, nested by project and product, or mapped by their ids, under several
spellings. What is recognised is read exactly, what is not is kept as it came, and a reply without
one recognised row is drift, never *no usage*.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import evolve, field, frozen

from billfold.wire import DriftError
from billfold_bnerd.amounts import Amount
from billfold_bnerd.fields import Fields, Ref
from billfold_bnerd.usage_containers import (
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
from billfold_bnerd.usage_reply import UsageReply, UsageRow
from billfold_bnerd.values import UUID, key_names, load_json, text


def decode_usage(body: bytes) -> UsageReply:
    """Return a usage reply in any of the shapes of section 3.

    Raises DriftError, which names keys and paths only, for JSON with something unrecognised in it.
    """
    try:
        return _reply(load_json(body))
    except RecursionError:
        raise _drift("nested too deep", "$") from None


def _reply(top: object) -> UsageReply:
    inside = containers(top) if isinstance(top, dict) else []
    if not isinstance(top, dict) or not inside or _is_single_row(top, inside):
        return UsageReply(tuple(_rows(top, _Place(), _Context())))
    rows = tuple(_rows_inside(top, inside, _Place(), _Context()))
    if not any(top[key] for key in inside):
        _refuse_hidden_rows(top, _Place())
    fields = Fields(top)
    total = fields.amount("total") if {"total", "total_cents"} & top.keys() else Amount()
    return UsageReply(rows, total, is_page(top), _owner(fields, _Place()))


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

    def inside(self, fields: Fields, owner: str | None) -> _Context:
        """Return the context inside an object; what it says itself goes before what is around."""
        project = fields.ref("project").or_from(self._around(fields, "project", self.project))
        product = fields.ref("product").or_from(self._around(fields, "product", self.product))
        level = "product" if project.id or project.name else self.level
        return _Context(project, product, None, level, owner or self.owner)

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


@frozen
class _Place:
    """Where an object stands: ``shown`` in errors, which repeat no ids, and as a JSON Pointer."""

    shown: str = "$"
    pointer: str = ""

    def item(self, index: int) -> _Place:
        """Return the place of a list's item."""
        return _Place(f"{self.shown}[{index}]", f"{self.pointer}/{index}")

    def key(self, key: str, shown: str) -> _Place:
        """Return the place of an object's member."""
        escaped = key.replace("~", "~0").replace("/", "~1")
        return _Place(f"{self.shown}.{shown}", f"{self.pointer}/{escaped}")


def _drift(problem: str, path: str) -> DriftError:
    return DriftError(
        f"the usage is not understood: {problem} - at `{path}`; until a usage_decoder reads it, "
        "the metering invoices state the totals of closed months"
    )


def _rows(node: object, place: _Place, context: _Context) -> Iterator[UsageRow]:
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from _rows(item, place.item(index), context)
    elif isinstance(node, dict):
        yield from _rows_of_object(node, place, context)
    else:
        raise _drift("neither a list nor an object", place.shown)


def _rows_of_object(
    node: Mapping[str, object], place: _Place, context: _Context
) -> Iterator[UsageRow]:
    inside = containers(node)
    if any(node[key] for key in inside) and not _states_its_money(node):
        yield from _rows_inside(node, inside, place, context)
    elif _is_row(node, context):
        yield _row(node, place, context)
    elif is_map(node):
        for key, value in node.items():
            yield from _rows(value, place.key(key, "*"), context.keyed(key))
    elif node and not inside:
        raise _drift(f"a row with only the keys {key_names(node)}", place.shown)
    else:
        _refuse_hidden_rows(node, place)


def _rows_inside(
    node: Mapping[str, object], inside: list[str], place: _Place, context: _Context
) -> Iterator[UsageRow]:
    outside = [key for key in (*LISTS, *NESTED) if key not in inside]
    for key in outside:
        if may_hold_rows(node.get(key)):
            problem = f"{inside[0]!r} beside {key!r}, and nothing says whether both count"
            raise _drift(problem, place.shown)
    fields = Fields(node)
    inner = context.inside(fields, _owner(fields, place))
    for key in inside:
        yield from _rows(node[key], place.key(key, key), inner.under(key))


def _refuse_hidden_rows(node: Mapping[str, object], place: _Place) -> None:
    """Raise DriftError where the known containers are empty and an unknown key holds rows."""
    for key, value in node.items():
        items = value if isinstance(value, list) else []
        if any(isinstance(item, dict) and ROW_KEYS & item.keys() for item in items):
            raise _drift(f"rows under the key {key[:40]!r}", place.shown)


def _owner(fields: Fields, place: _Place) -> str | None:
    owner = fields.text("organization_id")
    if owner is None and fields.node.get("organization_id") not in (None, ""):
        raise _drift("whose a row is", f"{place.shown}.organization_id")
    return owner


def _is_row(node: Mapping[str, object], context: _Context) -> bool:
    usage = node.get("usage")
    return (
        bool(ROW_KEYS & node.keys())
        or (usage is not None and not isinstance(usage, list | dict))
        or (context.named == "product" and bool({"id", "name"} & node.keys()))
    )


def _states_its_money(node: Mapping[str, object]) -> bool:
    """Return whether a product's row states its own Money, which its lists only break down."""
    return bool(PRODUCT_KEYS & node.keys()) and Fields(node).amount(*COSTS).money is not None


def _is_single_row(top: Mapping[str, object], inside: list[str]) -> bool:
    """Return whether a reply is one row with its lists, not an object around rows."""
    if _states_its_money(top):
        return True
    return bool(PRODUCT_KEYS & top.keys()) and not any(top[key] for key in inside)


def _row(node: Mapping[str, object], place: _Place, context: _Context) -> UsageRow:
    fields = Fields(node)
    inner = context.inside(fields, _owner(fields, place))
    quantity, unit = fields.quantity()
    own_id = text(node.get("id"))
    return UsageRow(
        product=inner.product,
        project=inner.project,
        cost=fields.amount(*COSTS),
        quantity=quantity,
        unit=unit,
        unit_price=fields.amount("unit_price").money,
        period=fields.period(),
        subscription_id=fields.text("subscription_id"),
        organization_id=inner.owner,
        rest=fields.rest(),
        pointer=place.pointer,
        id=None if own_id in (inner.product.id, inner.project.id) else own_id,
        stamped=fields.stamped,
    )
