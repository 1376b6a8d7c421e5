"""What a provider said of a credential, so that it need not say it to every request."""

from __future__ import annotations

from copy import copy
from datetime import datetime, timedelta

from msgspec import Struct

from billfold.errors import CredentialsError, ProviderError, RateLimitedError

# Seconds for which a refused token is not tried again: it may be accepted some day, or renewed.
_REFUSED_FOR = 30.0
# How many refusals in a row it takes, of a token that was accepted before: one may be of a path.
_IN_A_ROW = 3


class Standing(Struct, eq=False):
    """Whether a credential may ask: it was refused, or told to come back much later.

    A token that was never accepted is refused by its first 401, one that was by three in a row, for
    half a minute. A limit whose end is too far away to be waited for holds until then. A renewed
    token has a standing of its own.
    """

    refusal: ProviderError | None = None
    # Whether the last reply was a good one.
    good: bool = False
    _ends: datetime | None = None
    _refusals: int = _IN_A_ROW - 1

    def accept(self) -> None:
        """Take note of a good reply, to one that was asked before a refusal as well."""
        self.good, self._refusals = True, 0
        if isinstance(self.refusal, CredentialsError):
            self.refusal = None

    def learn(self, error: ProviderError, now: datetime, patience: float) -> None:
        """Take note of a failure, if it is about the credential as a whole.

        A wait is that beyond ``patience`` seconds, for which nobody waits.
        """
        if isinstance(error, CredentialsError):
            self.good = False
            self._refusals += 1
            if self._refusals >= _IN_A_ROW:
                self.refusal, self._ends = copy(error), now + timedelta(seconds=_REFUSED_FOR)
        elif (
            isinstance(error, RateLimitedError)
            and error.retry_at is not None
            and (error.retry_at - now).total_seconds() > patience
        ):
            self.refusal, self._ends = copy(error), error.retry_at

    def require(self, now: datetime, account: str) -> None:
        """Raise what was learnt, for another account, as long as it holds."""
        assert self._ends is not None
        if self.refusal is None or now >= self._ends:
            self.refusal = None
            return
        error = copy(self.refusal)
        error.account, error.__traceback__, error.__cause__ = account, None, None
        raise error
