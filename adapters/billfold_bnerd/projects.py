"""Whether a project is surely none of those that rows are of. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import define, field

from billfold.wire import one_case
from billfold_bnerd.fields import Ref
from billfold_bnerd.parts_of_totals import project_of
from billfold_bnerd.total_labels import is_of_all


@define
class Projects:
    """The projects of some rows: their ids, the names of those with one, and of those without.

    A name is None where it names no project, or all of them.
    """

    ids: set[str] = field(factory=set)
    names: set[str | None] = field(factory=set)
    names_alone: set[str | None] = field(factory=set)

    def add(self, items: Iterable[object]) -> Iterable[None]:
        """Add the projects of rows, which may name none."""
        for item in items:
            ref = project_of(item) or Ref()
            if ref.id:
                self.ids.add(one_case(ref.id))
            (self.names if ref.id else self.names_alone).add(_name_of(ref))
        return ()

    def surely_lack(self, project: Ref) -> bool:
        """Return whether a project is none of these: its id is another, else its name is."""
        if project.id and one_case(project.id) in self.ids:
            return False
        own = _name_of(project)
        others = (self.names_alone,) if project.id else (self.names, self.names_alone)
        return not any(others) or (
            own is not None and all(names.isdisjoint((own, None)) for names in others)
        )


def _name_of(project: Ref) -> str | None:
    named = project.name and not is_of_all(project.name)
    return str(project.name).casefold() if named else None
