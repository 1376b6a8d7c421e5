"""Whose a record is: the core writes that on what adapters return."""

from __future__ import annotations

from collections.abc import Iterable

from billfold.model.usage import Usage

_SET = object.__setattr__


def stamp(records: Iterable[object], *, provider: str, account: str) -> None:
    """Write the provider's and the account's name on records and charges, in place.

    Frozen records are written to here and nowhere else, before anybody else has seen them: a copy
    of each of a hundred thousand charges would cost as much as reading them.
    """
    for record in records:
        _SET(record, "provider", provider)
        _SET(record, "account", account)
        if isinstance(record, Usage):
            for charge in record.charges:
                _SET(charge, "provider", provider)
                _SET(charge, "account", account)
