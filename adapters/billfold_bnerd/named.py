"""Which document of its list each correction names, by an id or a number (section 2.4). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date

from attrs import evolve

from billfold_bnerd.document_type import OWED
from billfold_bnerd.documents import Document
from billfold_bnerd.numbers_in_texts import Numbers, as_number, by_number
from billfold_bnerd.second_ids import by_own_ids

_Index = Mapping[str, Sequence[Document]]


def with_named(documents: Sequence[Document]) -> list[Document]:
    """Return the documents of a list, each with the id of the other one that it names.

    A number of a listed document stands for its id, and so does a second id. Of several that a
    correction names, the one under EasyBill's own key is the first. One that names none may be
    named by what it takes back. What asks for no money (an order, an offer) is none that a
    correction names.
    """
    documents = by_own_ids(documents)
    by_id = {one.own_id: one for one in documents}
    numbered = by_number(sorted(documents, key=lambda one: one.is_no_bill))
    no_bills = _no_bills(documents, numbered)
    bills = {own_id: one for own_id, one in by_id.items() if _is_bill(one)}
    places = {own_id: place for place, own_id in enumerate(bills)}
    numbers = Numbers(by_number(bills.values()))
    own_keys = _own_keys(bills.values(), {*by_id, *numbered})
    taken = _by_takers(one for one in documents if not one.is_no_bill)
    named = []
    for one in documents:
        one = evolve(one, cancel_id=_cancelling(one, by_id, numbered))
        ref_id = one.ref_id
        if ref_id is not None and ref_id not in by_id:
            called = numbered.get(as_number(ref_id))
            ref_id = called[0].own_id if called else ref_id
        if one.corrects:
            ref_id = None if ref_id in no_bills else ref_id
            others = _named_by(one, places, numbers) or _taken_by(one, taken)
            if others and ref_id not in others:
                ref_id = min(others, key=lambda own_id: _rank(one, by_id[own_id]))
            one = evolve(one, also_named=tuple(other for other in others if other != ref_id))
        named.append(evolve(one, ref_id=ref_id or _firm(one, no_bills, own_keys)))
    return named


def _cancelling(document: Document, by_id: Mapping[str, Document], numbered: _Index) -> str | None:
    """Return the id of what cancels a document, which may be named by its number."""
    named = document.cancel_id
    if named is None or named in by_id:
        return named
    called = numbered.get(as_number(named), ())
    return next((one.own_id for one in called if one.corrects != document.corrects), named)


def _rank(correction: Document, bill: Document) -> tuple[bool, date]:
    """Return what is less for the bill that a correction is more likely of.

    It may name what took that one's place, too, which is younger, and mostly of another amount.
    """
    return not correction.is_over_as_much(bill), bill.invoice.issued_on or date.max


def _no_bills(documents: Iterable[Document], numbered: _Index) -> frozenset[str | None]:
    """Return what names a document that asks for no money: its id, or its number."""
    numbers = (number for number, those in numbered.items() if those[0].is_no_bill)
    return frozenset([*(one.own_id for one in documents if one.is_no_bill), *numbers])


def _by_takers(documents: Iterable[Document]) -> dict[str, list[str]]:
    """Return the ids of documents by what each says that it was taken back by."""
    index: dict[str, list[str]] = {}
    for one in documents:
        for taker in {*one.takers, *map(as_number, one.takers)}:
            index.setdefault(taker, []).append(one.own_id)
    return index


def _taken_by(document: Document, taken: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the ids of the documents that say by an id or a number that this took them back."""
    own = (document.own_id, as_number(document.number or ""))
    return list(dict.fromkeys(own_id for name in own if name for own_id in taken.get(name, ())))


def _named_by(document: Document, places: Mapping[str, int], numbers: Numbers) -> list[str]:
    """Return the ids of the bills that a correction names, by ``places`` or in a sentence's order.

    What is nothing but digits may count anything, so it names under a key of documents alone. What
    a sentence names counts where nothing else names a bill.
    """
    said = document.mentions
    ids = {named for named in said.ids if named in places}
    texts = (said.ids - ids) | {text for text in said.texts if not text.isdigit()}
    called = [one.own_id for text in texts for one in numbers.called(text)]
    named = {*ids, *called} - {document.own_id}
    if not named:
        own = document.number or ""
        found = (one.own_id for text in sorted(said.texts) for one in numbers.inside(text, own))
        return [own_id for own_id in dict.fromkeys(found) if own_id != document.own_id]
    return sorted(named, key=places.__getitem__)


def _is_bill(document: Document) -> bool:
    """Return whether a document can be corrected; what takes another one back is not."""
    is_owed = document.kind in OWED and not document.is_no_bill
    return is_owed and not document.is_cancellation


def _own_keys(bills: Iterable[Document], listed: Set[str]) -> frozenset[str]:
    """Return the keys by which bills name what is not listed: themselves, by a second id."""
    return frozenset(
        key
        for one in bills
        if not one.corrects
        for key, said in one.mentions.firm
        if listed.isdisjoint({said, as_number(said)})
    )


def _firm(document: Document, no_bills: Set[str | None], own_keys: Set[str]) -> str | None:
    """Return what a correction names by its keys alone, whether it is listed or not."""
    if not document.corrects:
        return None
    others = {document.own_id, as_number(document.number or ""), *no_bills}
    named = (said for key, said in document.mentions.firm if key not in own_keys)
    return next((one for one in named if others.isdisjoint({one, as_number(one)})), None)
