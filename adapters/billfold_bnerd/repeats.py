"""What is said of records that a list holds twice. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from billfold.wire import one_case
from billfold_bnerd.containers import NESTED, containers
from billfold_bnerd.values import Node, ident

_SHOWN = 3


def conflict(ids: Sequence[str], outcome: str) -> tuple[str, ...]:
    """Return a gap for ids that are listed again with different content, and what came of it."""
    return _named(ids, f"listed twice with different content, {outcome}")


def regrouped(ids: Sequence[str]) -> tuple[str, ...]:
    """Return a gap for ids that cost the same in groups by one thing and in groups by another."""
    return _named(ids, "listed in groups by different keys, and counted once")


def _named(ids: Sequence[str], what: str) -> tuple[str, ...]:
    if not ids:
        return ()
    more = f" and {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else ""
    return (f"{len(ids)} {what}: {', '.join(ids[:_SHOWN])}{more}",)


def counted_once(count: int) -> tuple[str, ...]:
    """Return a note of records that are listed again as they were."""
    return (f"{count} listed twice, counted once",) if count else ()


def repeated_projects(items: Sequence[object]) -> list[str]:
    """Return a gap for each project that a list holds again as it was: its rows may be the same.

    Rows with ids of their own count once anyway.
    """
    first: dict[str, Node] = {}
    again: dict[str, None] = {}
    for item in items:
        node = _in_one_case(item) if isinstance(item, Mapping) else {}
        named = ident(node.get("id")) or ident(node.get("project_id"))
        if named is None or first.setdefault(named, node) is node or first[named] != node:
            continue
        if any(key in NESTED or _has_nameless(node[key]) for key in containers(node) if node[key]):
            again[named] = None
    return [f"project {named} is listed twice as it is, and both counted" for named in again]


def _in_one_case(project: Node) -> Node:
    """Return a project with its id as ids are compared."""
    named = {key: one_case(str(project[key])) for key in ("id", "project_id") if project.get(key)}
    return {**project, **named}


def _has_nameless(rows: object) -> bool:
    """Return whether any of a list's rows has no id."""
    listed = rows if isinstance(rows, list) else [{}]
    return any(ident(row.get("id")) is None for row in listed if isinstance(row, Mapping))
