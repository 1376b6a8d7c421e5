"""Names that several projects, billing accounts or resources have: ids tell them apart."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter

from msgspec import Struct


def shared_names(named: Iterable[tuple[str | None, str | None]]) -> frozenset[str]:
    """Return the names that several ids have, of names and ids; letter case makes no other id."""
    ids: dict[str, set[str]] = {}
    for name, identity in set(named):
        if name and identity:
            ids.setdefault(name, set()).add(identity.casefold())
    return frozenset(name for name, several in ids.items() if len(several) > 1)


def told_apart(name: str, identity: str) -> str:
    """Return a name that several have with the id of the one that is meant."""
    return f"{name} ({identity})"


class SharedNames(Struct, frozen=True):
    """What records call their projects or billing accounts, with the id where several share it.

    ``kind`` is the beginning of the fields that have id and name, ``sub_account`` the project's,
    ``scope`` what shares a balance.
    """

    kind: str = "sub_account"
    shared: frozenset[str] = frozenset()

    @classmethod
    def of(cls, kind: str, records: Iterable[object]) -> SharedNames:
        """Return what things of one kind are called beside each other."""
        return cls(kind, shared_names(map(attrgetter(f"{kind}_name", _id_field(kind)), records)))

    def name(self, record: object) -> str | None:
        """Return what the thing is called that a record is of: by its id where it has no name."""
        name: str | None = getattr(record, f"{self.kind}_name")
        identity: str | None = getattr(record, _id_field(self.kind))
        if name and identity and name in self.shared:
            return told_apart(name, identity)
        return name or identity


def _id_field(kind: str) -> str:
    return kind if kind == "scope" else f"{kind}_id"
