"""The ids that documents have beside their own, by which others name them (section 2.4). Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set

from attrs import evolve

from billfold_bnerd.documents import Document
from billfold_bnerd.numbers_in_texts import as_number, by_number
from billfold_bnerd.references import Mentions, may_be_its_own, names_document
from billfold_bnerd.versions import Versions

_Rename = Callable[[str], str]


def by_own_ids(documents: Sequence[Document]) -> list[Document]:
    """Return the documents of a list, which name each other by their own ids alone.

    An own id goes before any other. What two of them state, or is the number of another, is the
    second id of neither.
    """
    own_ids = _own_ids(documents)
    if not own_ids:
        return list(documents)
    return [_renamed(one, lambda named: own_ids.get(named, named)) for one in documents]


def _own_ids(documents: Sequence[Document]) -> dict[str, str]:
    """Return own ids by the second ones; what a bill states is no other document's."""
    listed = {one.own_id for one in documents}
    bills = [one for one in documents if not one.corrects]
    of_bills = _stated(bills, lambda _: True)
    keys = {key for one in bills for key, second in one.second_ids if second not in listed}
    backward = [one for one in documents if one.corrects]
    of_others = _stated(backward, lambda key: key in keys or _is_own(key))
    stated = {**of_others, **of_bills}
    if stated.keys() <= listed:
        return {}
    numbered = by_number(documents)
    return {
        second: own
        for second, (own, *others) in stated.items()
        if not others
        and second not in listed
        and all(one.own_id == own for one in numbered.get(as_number(second), ()))
    }


def _is_own(key: str) -> bool:
    """Return whether what gives money back says by a key which one it is, and no bill's."""
    return may_be_its_own(key) or not names_document(key)


def _stated(
    documents: Iterable[Document], is_own: Callable[[str], bool]
) -> Mapping[str, Sequence[str]]:
    """Return the own ids of those that state a second one under a key that may be of their own."""
    found: dict[str, list[str]] = {}
    for one in documents:
        for key, second in one.second_ids:
            if is_own(key) and one.own_id not in found.setdefault(second, []):
                found[second].append(one.own_id)
    return found


def _renamed(document: Document, of: _Rename) -> Document:
    said, versions = document.mentions, document.versions
    ref_id = of(document.ref_id or "")
    return evolve(
        document,
        cancel_id=of(document.cancel_id or "") or None,
        ref_id=None if ref_id == document.own_id else ref_id or None,
        mentions=Mentions(
            _all(said.ids, of), tuple((key, of(named)) for key, named in said.firm), said.texts
        ),
        takers=_all(document.takers, of),
        versions=Versions(
            _all(versions.earlier, of), _all(versions.later, of), _all(versions.linked, of)
        ),
    )


def _all(named: Set[str], of: _Rename) -> frozenset[str]:
    return frozenset(map(of, named))
