"""Names that several projects, billing accounts or resources have: ids tell them apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

from attrs import evolve
from msgspec.structs import replace

from billfold.costs.dimensions import dimension
from billfold.costs.lines import Line
from billfold.model import Charge
from billfold.model.shared_names import shared_names, told_apart

# The type of resources that have an id for each run.
_RUN = "job"

TellApart = Callable[[Iterable[Line]], tuple[Line, ...]]


def telling_apart(charges: Iterable[Charge], by: Iterable[str]) -> TellApart:
    """Return what adds the id to each name of the dimensions ``by`` that several ids share.

    Lines that are compared are told apart by all the charges of both sides, or one project would
    have two names.
    """
    kinds = [kind for kind in by if kind in _ID_OF]
    several = tuple(charges) if kinds else ()
    shared = {(kind, name) for kind in kinds for name in _shared(several, kind)}
    if not shared:
        return tuple
    return lambda lines: _renamed(tuple(lines), shared)


class Called(NamedTuple):
    """The texts by which a rule may name a line in a dimension.

    ``shown`` is the name in a view, ``told`` that name with its id behind it, ``identity`` the id.
    """

    shown: str
    told: str | None = None
    identity: str | None = None


@cache
def called(kind: str) -> Callable[[Line], Called]:
    """Return what reads all that a rule may call a line in a dimension."""
    shown = dimension(kind)
    if kind not in _ID_OF:
        return lambda line: Called(shown(line))

    def read(line: Line) -> Called:
        name, identity = _named(line.charge, kind)
        own = getattr(line.charge, f"{kind}_id")
        told = told_apart(name, identity) if name and identity else None
        return Called(shown(line), told, own)

    return read


def _shared(charges: Sequence[Charge], kind: str) -> frozenset[str]:
    """Return the names of one kind that several ids have."""
    name_of, id_of = attrgetter(f"{kind}_name"), _ID_OF[kind]
    return shared_names((name, id_of(charge)) for charge in charges if (name := name_of(charge)))


def _renamed(lines: Sequence[Line], shared: set[tuple[str, str]]) -> tuple[Line, ...]:
    # All parts of a charge keep having one charge.
    charges = {id(line.charge): line.charge for line in lines}
    named = {key: _with_ids(charge, shared) for key, charge in charges.items()}
    return tuple(replace(line, charge=named[id(line.charge)]) for line in lines)


def _with_ids(charge: Charge, shared: set[tuple[str, str]]) -> Charge:
    names: dict[str, Any] = {}
    for kind in _ID_OF:
        name, identity = _named(charge, kind)
        if name and identity and (kind, name) in shared:
            names[f"{kind}_name"] = told_apart(name, identity)
    return evolve(charge, **names) if names else charge


def _named(charge: Charge, kind: str) -> tuple[str | None, str | None]:
    return getattr(charge, f"{kind}_name"), _ID_OF[kind](charge)


def _resource(charge: Charge) -> str:
    """Return a resource's id, else its project's: a project's jobs of one name are runs of one."""
    own = None if charge.resource_type == _RUN else charge.resource_id
    return own or charge.sub_account_id or charge.billing_account_id or charge.account


_ID_OF: Mapping[str, Callable[[Charge], str | None]] = {
    "billing_account": lambda charge: charge.billing_account_id,
    "sub_account": lambda charge: charge.sub_account_id,
    "resource": _resource,
}
