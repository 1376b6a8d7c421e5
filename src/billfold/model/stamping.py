"""Provider and account of a record: the core sets them on what adapters return."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from itertools import repeat
from operator import attrgetter
from typing import Any, TypeVar

from attrs import evolve

from billfold.model.usage import Usage
from billfold.steps import LOOKED_AT, Steps, at_once, slices

R = TypeVar("R")
_SET = object.__setattr__
_OWNER = attrgetter("account")


def stamp(records: Iterable[R], *, provider: str, account: str) -> tuple[R, ...]:
    """Return the records, and the charges of usages, with provider and account set.

    They are set in place, which frozen records allow nowhere else: copies of a hundred thousand
    charges would cost as much as reading them. A record that already has an owner is somebody
    else's by now, so it is copied.
    """
    return at_once(stamping(records, provider=provider, account=account))


def stamping(records: Iterable[R], *, provider: str, account: str) -> Steps[tuple[R, ...]]:
    """Return what :func:`stamp` does; pauses where there are very many charges."""
    stamped: list[Any] = list(records)
    if Usage in set(map(type, stamped)):
        for at, record in enumerate(stamped):
            stamped[at] = yield from _with_charges_stamped(record, provider, account)
    if not _stamp_new(stamped, provider, account):
        stamped = [_stamp_one(record, provider, account) for record in stamped]
    return tuple(stamped)


def _with_charges_stamped(record: Any, provider: str, account: str) -> Steps[Any]:
    if type(record) is not Usage:
        return record
    for number, some in enumerate(slices(record.charges, LOOKED_AT)):
        if number:
            yield
        if not _stamp_new(some, provider, account):
            break
    else:
        return record
    charges = yield from stamping(record.charges, provider=provider, account=account)
    if all(new is old for new, old in zip(charges, record.charges, strict=True)):
        return record
    return evolve(record, charges=charges)


def _stamp_new(records: Sequence[Any], provider: str, account: str) -> bool:
    """Stamp records that are all nobody's yet; return whether they are."""
    # Without a step of ours for each, as there may be very many.
    if any(map(_OWNER, records)):
        return False
    for name, value in (("provider", provider), ("account", account)):
        deque(map(_SET, records, repeat(name), repeat(value)), maxlen=0)
    return True


def _stamp_one(record: Any, provider: str, account: str) -> Any:
    if not record.account:
        _stamp_new((record,), provider, account)
    elif (record.provider, record.account) != (provider, account):
        return evolve(record, provider=provider, account=account)
    return record
