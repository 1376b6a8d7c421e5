"""Which of several jobs asks for an account: the same one always, whoever else is configured."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from hashlib import blake2b

from attrs import frozen

from billfold.accounts.account import Account
from billfold.errors import ConfigError

# What Kubernetes tells each job of an Indexed Job.
VARIABLE = "JOB_COMPLETION_INDEX"


@frozen
class Shard:
    """One of ``count`` parts of the accounts, numbered from 0."""

    number: int = 0
    count: int = 1

    @classmethod
    def parse(cls, text: str) -> Shard:
        """Read ``2/10``, or ``10`` alone, where ``$JOB_COMPLETION_INDEX`` says which.

        Raises ConfigError.
        """
        number, slash, count = text.strip().rpartition("/")
        is_whole = re.fullmatch("[0-9]{1,6}", count) is not None
        if not slash:
            number = os.environ.get(VARIABLE, "")
            if is_whole and not number:
                raise ConfigError(f"--shard {count}: write I/{count}, or set ${VARIABLE}")
        if not is_whole or not re.fullmatch("[0-9]{1,6}", number):
            raise ConfigError(f"--shard: {text!r} is no part of a whole; write it like 0/4")
        if int(number) >= int(count):
            raise ConfigError(f"--shard: there is no part {number} of {count}: parts count from 0")
        return cls(int(number), int(count))

    def holds(self, name: str) -> bool:
        """Return whether an account is of this part.

        By rendezvous hashing: with one part more, only what the new one takes moves.
        """
        return max(range(self.count), key=lambda number: _weight(number, name)) == self.number

    def of(self, accounts: Iterable[Account]) -> tuple[Account, ...]:
        """Return the accounts of this part."""
        return tuple(account for account in accounts if self.holds(account.name))


def _weight(number: int, name: str) -> bytes:
    return blake2b(f"{number}/{name}".encode(), digest_size=8).digest()
