"""Provider and account of a record: the core sets them on what adapters return."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from attrs import evolve

from billfold.model.usage import Charge, Usage
from billfold.steps import LOOKED_AT, Steps, at_once, slices

R = TypeVar("R")
_SET = object.__setattr__


def stamp(records: Iterable[R], *, provider: str, account: str) -> tuple[R, ...]:
    """Return the records, and the charges of usages, with provider and account set.

    They are set in place, which frozen records allow nowhere else: copies of a hundred thousand
    charges would cost as much as reading them. A record that already has an owner is somebody
    else's by now, so it is copied.
    """
    return at_once(stamping(records, provider=provider, account=account))


def stamping(records: Iterable[R], *, provider: str, account: str) -> Steps[tuple[R, ...]]:
    """Return what :func:`stamp` does; pauses where there are very many charges."""
    # Without a call for each, as there may be very many.
    stamped: list[Any] = list(records)
    for at, record in enumerate(stamped):
        if isinstance(record, Usage):
            record = yield from _with_charges_stamped(record, provider, account)
            stamped[at] = record
        if not record.account:
            _SET(record, "provider", provider)
            _SET(record, "account", account)
        elif (record.provider, record.account) != (provider, account):
            stamped[at] = evolve(record, provider=provider, account=account)
    return tuple(stamped)


def _with_charges_stamped(usage: Usage, provider: str, account: str) -> Steps[Usage]:
    for number, some in enumerate(slices(usage.charges, LOOKED_AT)):
        if number:
            yield
        if not _are_stamped(some, provider, account):
            break
    else:
        return usage
    charges = yield from stamping(usage.charges, provider=provider, account=account)
    if all(new is old for new, old in zip(charges, usage.charges, strict=True)):
        return usage
    return evolve(usage, charges=charges)


def _are_stamped(charges: Iterable[Charge], provider: str, account: str) -> bool:
    """Stamp charges that are nobody's yet, up to the first that is; return whether none is."""
    for charge in charges:
        if charge.account:
            return False
        _SET(charge, "provider", provider)
        _SET(charge, "account", account)
    return True
