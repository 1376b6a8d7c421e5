"""Read ``/billing/usage``, whose body is documented nowhere (contract section 3). Pure.

Rows may come bare, wrapped, nested by project and product, or mapped by their ids, under several spellings. What is
recognised is read exactly, what is not is kept as it came, and a reply without one recognised row is drift, never *no usage*.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from attrs import evolve, field, frozen

from billfold.errors import DriftError
from billfold.money import Money
from billfold.period import Period
from billfold_bnerd.spellings import Fields, Ref
from billfold_bnerd.usage_containers import (
    COSTS,
    LISTS,
    NESTED,
    PRODUCT_KEYS,
    ROW_KEYS,
    containers,
    holds,
    is_map,
    paged,
)
from billfold_bnerd.untyped import UUID, Amount, keys, load, text


@frozen
class UsageRow:
    """One line of usage as far as it was understood; ``rest`` keeps every other key of it as text.

    ``id`` is the row's own, ``stamped`` whether its period is an entry's own and not cut to the window asked. ``pointer`` is
    where it stands in the reply (JSON Pointer), None where the decoder does not say.
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
    """What a decoder makes of a body: the rows, a total stated over all of them, and whether there are more pages.

    ``organization_id`` is whose the total is, where that is said.
    """

    rows: tuple[UsageRow, ...]
    total: Amount = field(factory=Amount)
    more: bool = False
    organization_id: str | None = None


Decoder = Callable[[bytes], UsageReply]


def usage(body: bytes) -> UsageReply:
    """Decode a usage reply in any of the shapes of section 3.1.

    Raises DriftError, which names keys and paths only, for JSON in which something is not recognised.
    """
    try:
        return _reply(load(body))
    except RecursionError:
        raise _drift("nested too deep", "$") from None


def _reply(top: object) -> UsageReply:
    if not isinstance(top, dict) or not (inside := containers(top)) or _is_one_row(top, inside):
        return UsageReply(tuple(_walk(top, _Path(), _Place())))
    rows = tuple(_within(top, inside, _Path(), _Place()))
    if not any(top[key] for key in inside):
        _refuse_hidden(top, _Path())
    total = Fields(top).amount("total") if {"total", "total_cents"} & top.keys() else Amount()
    return UsageReply(rows, total, paged(top), _owner(Fields(top), _Path()))


@frozen
class _Place:
    """What the objects around say: project, product, owner, whose ``id`` and ``name`` are meant, what keys stand for."""

    project: Ref = field(factory=Ref)
    product: Ref = field(factory=Ref)
    named: str | None = None
    level: str = "project"
    owner: str | None = None

    def at(self, fields: Fields, owner: str | None) -> _Place:
        """Enter an object; what it says itself decides over what was said around it."""
        project, product = (
            fields.ref(kind).over(self._named(fields, around) if kind == self.named else around)
            for kind, around in (("project", self.project), ("product", self.product))
        )
        return _Place(
            project,
            product,
            None,
            "product" if project.id or project.name else self.level,
            owner or self.owner,
        )

    @staticmethod
    def _named(fields: Fields, around: Ref) -> Ref:
        return Ref(around.id or fields.text("id"), fields.text("name") or around.name)

    def under(self, container: str) -> _Place:
        """Enter a container."""
        kind = NESTED.get(container)
        return self if kind is None else evolve(self, named=kind, level=kind)

    def keyed(self, key: str) -> _Place:
        """Enter a map's entry; under an empty key stands what belongs to no project."""
        ref = Ref(id=key) if UUID.fullmatch(key) else Ref()
        if self.level == "project":
            return evolve(self, project=ref, named="project", level="product")
        return evolve(self, product=ref, named="product")


@frozen
class _Path:
    """Where an object stands: ``shown`` in errors, which repeat no ids, and the JSON Pointer to it."""

    shown: str = "$"
    pointer: str = ""

    def item(self, index: int) -> _Path:
        """Enter a list."""
        return _Path(f"{self.shown}[{index}]", f"{self.pointer}/{index}")

    def key(self, key: str, shown: str) -> _Path:
        """Enter an object."""
        escaped = key.replace("~", "~0").replace("/", "~1")
        return _Path(f"{self.shown}.{shown}", f"{self.pointer}/{escaped}")


def _walk(node: object, path: _Path, place: _Place) -> Iterator[UsageRow]:
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from _walk(item, path.item(index), place)
    elif isinstance(node, dict):
        yield from _object(node, path, place)
    else:
        raise _drift("neither a list nor an object", path.shown)


def _drift(what: str, path: str) -> DriftError:
    advice = (
        "until a usage_decoder reads it, the metering invoices state the totals of closed months"
    )
    return DriftError(f"the usage is not understood: {what} - at `{path}`; {advice}")


def _object(node: Mapping[str, object], path: _Path, place: _Place) -> Iterator[UsageRow]:
    inside = containers(node)
    if any(node[key] for key in inside) and not _is_whole(node):
        yield from _within(node, inside, path, place)
    elif _is_row(node, place):
        yield _row(node, path, place)
    elif is_map(node):
        for key, value in node.items():
            yield from _walk(value, path.key(key, "*"), place.keyed(key))
    elif node and not inside:
        raise _drift(f"a row with only the keys {keys(node)}", path.shown)
    else:
        _refuse_hidden(node, path)


def _within(
    node: Mapping[str, object], inside: list[str], path: _Path, place: _Place
) -> Iterator[UsageRow]:
    if other := [key for key in (*LISTS, *NESTED) if key not in inside and holds(node.get(key))]:
        raise _drift(
            f"{inside[0]!r} beside {other[0]!r}, and nothing says whether both count", path.shown
        )
    fields = Fields(node)
    here = place.at(fields, _owner(fields, path))
    for key in inside:
        yield from _walk(node[key], path.key(key, key), here.under(key))


def _refuse_hidden(node: Mapping[str, object], path: _Path) -> None:
    """Refuse an object whose known containers are empty where a key of another name holds rows."""
    for key, value in node.items():
        if isinstance(value, list) and any(
            isinstance(item, dict) and ROW_KEYS & item.keys() for item in value
        ):
            raise _drift(f"rows under the key {key[:40]!r}", path.shown)


def _owner(fields: Fields, path: _Path) -> str | None:
    owner = fields.text("organization_id")
    if owner is None and fields.node.get("organization_id") not in (None, ""):
        raise _drift("whose a row is", f"{path.shown}.organization_id")
    return owner


def _is_row(node: Mapping[str, object], place: _Place) -> bool:
    return (
        bool(ROW_KEYS & node.keys())
        or _scalar(node.get("usage"))
        or (place.named == "product" and bool({"id", "name"} & node.keys()))
    )


def _is_whole(node: Mapping[str, object]) -> bool:
    """Tell a product's row from a list's wrapper: it states its Money itself, and lists in it only break that down."""
    return bool(PRODUCT_KEYS & node.keys()) and Fields(node).amount(*COSTS).money is not None


def _is_one_row(top: Mapping[str, object], inside: list[str]) -> bool:
    """Tell a reply that is one row with its lists from one around rows, which may state a total over none."""
    return _is_whole(top) or (
        bool(PRODUCT_KEYS & top.keys()) and not any(top[key] for key in inside)
    )


def _scalar(value: object) -> bool:
    return value is not None and not isinstance(value, list | dict)


def _row(node: Mapping[str, object], path: _Path, place: _Place) -> UsageRow:
    fields = Fields(node)
    here = place.at(fields, _owner(fields, path))
    quantity, unit = fields.quantity()
    own = text(node.get("id"))
    return UsageRow(
        product=here.product,
        project=here.project,
        cost=fields.amount(*COSTS),
        quantity=quantity,
        unit=unit,
        unit_price=fields.amount("unit_price").money,
        period=fields.span(),
        subscription_id=fields.text("subscription_id"),
        organization_id=here.owner,
        rest=fields.rest(),
        pointer=path.pointer,
        id=None if own in (here.product.id, here.project.id) else own,
        stamped=fields.stamped,
    )
