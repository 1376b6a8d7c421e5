"""Provider and account of a record: the core sets them on what adapters return."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from attrs import evolve

from billfold.model.usage import Charge, Usage

R = TypeVar("R")
_SET = object.__setattr__


def stamp(records: Iterable[R], *, provider: str, account: str) -> tuple[R, ...]:
    """Return the records, and the charges of usages, with provider and account set.

    They are set in place, which frozen records allow nowhere else: copies of a hundred thousand
    charges would cost as much as reading them. A record that already has an owner is somebody
    else's by now, so it is copied.
    """
    return tuple([_stamp(record, provider, account) for record in records])


def _are_stamped(charges: Iterable[Charge], provider: str, account: str) -> bool:
    """Stamp charges that are nobody's yet, up to the first that is; return whether none is."""
    for charge in charges:
        if charge.account:
            return False
        _SET(charge, "provider", provider)
        _SET(charge, "account", account)
    return True


def _stamp(record: Any, provider: str, account: str) -> Any:
    if isinstance(record, Usage) and not _are_stamped(record.charges, provider, account):
        charges = tuple([_stamp(charge, provider, account) for charge in record.charges])
        if any(new is not old for new, old in zip(charges, record.charges, strict=True)):
            record = evolve(record, charges=charges)
    if not record.account:
        _SET(record, "provider", provider)
        _SET(record, "account", account)
        return record
    if (record.provider, record.account) == (provider, account):
        return record
    return evolve(record, provider=provider, account=account)
