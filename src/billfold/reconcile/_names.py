"""Names that usage and invoices share: what one calls by an id, the other may call by a name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

from attrs import frozen

from billfold.model import Charge, InvoiceLine
from billfold.wire import one_case

# The key of all that one side knows by an id and the other by a name, which nothing joins.
_UNJOINED = "?"


@frozen
class Called:
    """What one side calls a product or a project: by its id, its name, or both."""

    id: str | None = None
    name: str | None = None

    @property
    def text(self) -> str | None:
        """What tells it from others; None where it is not named at all."""
        return self.id or self.name


@frozen
class Names:
    """A key for each thing of one kind, the same on both sides.

    By its id where both state ids, else by its name; what states both, on either side, joins them.
    """

    _same: Mapping[str, str]
    _unjoined: AbstractSet[str]

    @classmethod
    def of(cls, used: Iterable[Called], billed: Iterable[Called]) -> Names:
        """Return the names that charges (``used``) and lines (``billed``) share."""
        used, billed = frozenset(used), frozenset(billed)
        same = _joined(used, billed)
        return cls(same, frozenset(_unjoined(used, billed, same)))

    def key(self, called: Called) -> str | None:
        """Return by what something is compared."""
        found = _root(called, self._same)
        return _UNJOINED if found in self._unjoined else found


def is_unjoined(key: str | None) -> bool:
    """Return whether a key is that of all that may be the same thing, or not."""
    return key == _UNJOINED


def product_of_charge(charge: Charge) -> Called:
    """Return what a charge calls its product; its service is the id where it has no name."""
    product_id = charge.tags.get("product_id")
    return _called(product_id, None if charge.service == product_id else charge.service)


def product_of_line(line: InvoiceLine) -> Called:
    """Return what a line calls its product."""
    return _called(line.product_id, line.product_name)


def project_of(record: Charge | InvoiceLine) -> Called:
    """Return what a charge or a line calls its project; its id is the name where it has none."""
    ident, name = record.sub_account_id, record.sub_account_name
    return _called(None if ident == name else ident, name)


def _called(ident: str | None, name: str | None) -> Called:
    return Called(ident and one_case(ident), name)


def _joined(used: AbstractSet[Called], billed: AbstractSet[Called]) -> dict[str, str]:
    """Return which names stand for which ids.

    Two things of one name stay two where both sides tell them by their ids.
    """
    every = used | billed
    by_id = {each.id for each in used} & {each.id for each in billed} - {None}
    bare = {each.name for each in every if each.id is None}
    same: dict[str, str] = {}
    for each in every:
        if each.id and each.name and (not by_id or each.name in bare):
            ident, name = _root(Called(each.id), same), _root(Called(each.name), same)
            if ident and name and ident != name:
                same[name] = ident
    return same


def _root(called: Called, same: Mapping[str, str]) -> str | None:
    text = called.text
    while text is not None and text in same:
        text = same[text]
    return text


def _unjoined(
    used: AbstractSet[Called], billed: AbstractSet[Called], same: Mapping[str, str]
) -> Iterator[str]:
    """Yield what only one side has and knows by an id alone, beside what the other names alone."""
    every = used | billed
    with_id = {_root(each, same) for each in every if each.id}
    with_name = {_root(each, same) for each in every if each.name}
    keys_used, keys_billed = ({_root(each, same) for each in side} for side in (used, billed))
    for own, other in ((keys_used, keys_billed), (keys_billed, keys_used)):
        ids, names = own - other - with_name, other - own - with_id
        if ids - {None} and names - {None}:
            yield from (key for key in ids | names if key is not None)
