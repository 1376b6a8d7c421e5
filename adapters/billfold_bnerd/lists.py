"""The rows of a list, each read by itself, and what else the list says. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

import msgspec
from attrs import evolve, frozen

from billfold.money import Money, sum_by_currency
from billfold.wire import DriftError, decode, parse_at, says_not_ready
from billfold_bnerd import values
from billfold_bnerd.fields import COSTS, Fields
from billfold_bnerd.pages import page_gaps
from billfold_bnerd.row_status import unfinished
from billfold_bnerd.stated_errors import (
    errors_below,
    in_its_words,
    stated_error,
    warnings_of,
    words_beside_nothing,
)
from billfold_bnerd.unread import described, not_read, unread
from billfold_bnerd.values import Node, ident, key_names, load_json, text, unfit, whole_cents

T = TypeVar("T")
S = TypeVar("S")

_SHOWN = 3
_JSON = (b"{", b"[", b'"')  # which other bodies are not, or say nothing


class _Object(msgspec.Struct, frozen=True):
    """An object, whatever it says."""


@frozen
class Listing(Generic[T]):
    """Rows at a path; ``gaps`` say why they may not be all, ``notes`` what else was odd."""

    rows: Sequence[T]
    gaps: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    path: str = "$"

    def noting(self, *notes: str) -> Listing[T]:
        """Return the same with further notes."""
        return evolve(self, notes=(*self.notes, *notes))

    def missing(self, *gaps: str) -> Listing[T]:
        """Return the same with further gaps."""
        return evolve(self, gaps=(*self.gaps, *gaps))


def decode_list(body: bytes, name: str) -> Listing[msgspec.Raw]:
    """Return a list's rows as they came, bare or in an object under ``items``, ``data``, ``name``.

    Where there is none of these, ``results`` and ``documents`` are one, too. What else the object
    holds is a gap where there is money in it.
    """
    reply = load_json(body) if body.lstrip()[:1] in _JSON else None
    refusal = stated_error(reply)
    if not isinstance(reply, dict):
        if refusal is not None:
            raise refusal
        return Listing(decode(body, tuple[msgspec.Raw, ...]), tuple(errors_below(reply, "$[")))
    found = {key for key, value in reply.items() if isinstance(value, list)}
    named = [key for key in ("items", "data", name) if key in found]
    lists = named or [key for key in ("results", "documents") if key in found]
    if not lists or (refusal and not any(reply[key] for key in lists)):
        problem = unfit(f"no list, only the keys {key_names(reply)}", "$")
        raise refusal or in_its_words(problem, reply)
    # An empty list would hide the rows of another.
    full = [key for key in lists if reply[key]]
    if len(full) > 1:
        raise unfit(f"{full[0]!r} beside {full[1]!r}, both full", "$")
    key = (full or lists)[0]
    rows = decode(body, dict[str, msgspec.Raw])[key]
    gaps = [*([] if refusal is None else [refusal.message]), *errors_below(reply, f"$.{key[:40]}[")]
    unsure = (f"$.{flag}" for flag in unfinished(reply))
    if flags := described(dict.fromkeys((*unsure, *says_not_ready(reply, (), "$")))):
        gaps.append(f"not final or not all - at {flags}")
    gaps += page_gaps(reply, "$", len(reply[key]), ("total",))
    records = [row for row in reply[key] if isinstance(row, dict)]
    nets = (whole_cents(row.get("amount_net"), row.get("currency")).money for row in records)
    counts = () if isinstance(reply.get("total"), dict) else ("total",)
    around = unread(Fields(reply), (*lists, *counts), [*_sums(map(_total, records)), *_sums(nets)])
    gaps += not_read([f"${path}" for path in around])
    notes = (*warnings_of(reply), *(() if reply[key] else words_beside_nothing(reply)))
    return Listing(decode(bytes(rows), tuple[msgspec.Raw, ...]), tuple(gaps), notes, f"$.{key}")


def _total(row: Node) -> Money | None:
    """Return the amount to pay that a row of either family states."""
    stated = Fields(row).amount(*COSTS).money
    return whole_cents(row.get("amount"), row.get("currency")).money if stated is None else stated


def _sums(costs: Iterable[Money | None]) -> list[Money]:
    return list(sum_by_currency(cost for cost in costs if cost is not None).values())


def parse_own(
    listing: Listing[msgspec.Raw], org: str, parse: Callable[[msgspec.Raw, str], S]
) -> Listing[S]:
    """Return an organization's rows, parsed by themselves and their path, and a note of others.

    One that is not understood takes no other with it: it is a gap, by its path. Raises its error
    where there is no other row.
    """
    parsed: list[S] = []
    problems: list[DriftError] = []
    foreign = 0
    for index, raw in enumerate(listing.rows):
        path = f"{listing.path}[{index}]"
        try:
            decode_row(raw, _Object, path)
            if is_foreign(values.organization(values.node_of(raw)), org, path):
                foreign += 1
                continue
            with parse_at(path):
                parsed.append(parse(raw, path))
        except DriftError as error:
            problems.append(error)
    if problems and not parsed and not foreign:
        raise problems[0]
    notes = (f"{foreign} of other organizations left out",) if foreign else ()
    gaps = (*listing.gaps, *not_understood(problems))
    return Listing(parsed, gaps, (*listing.notes, *notes), listing.path)


def not_understood(problems: Iterable[DriftError]) -> tuple[str, ...]:
    """Return a gap for rows that were not understood, which names the first of them."""
    messages = [error.message for error in problems]
    if not messages:
        return ()
    more = f" and {len(messages) - _SHOWN} more" if len(messages) > _SHOWN else ""
    return (f"{len(messages)} left out: {'; '.join(messages[:_SHOWN])}{more}",)


def decode_row(raw: msgspec.Raw, shape: type[T], path: str) -> T:
    """Return one row in its shape; the error for what does not fit names its place in the reply."""
    try:
        return decode(bytes(raw), shape)
    except DriftError as error:
        raise DriftError(error.message.replace("`$", f"`{path}")) from None


def is_foreign(owner: object, org: str, path: str = "$") -> bool:
    """Return whether ``owner`` names another organization; what names nothing names none.

    Raises DriftError for what is no id.
    """
    if owner in (None, ""):
        return False
    named = text(owner)
    if named is None:
        raise unfit("whose it is", f"{path}.organization_id")
    return ident(named) is not None and named.lower() != org.lower()
