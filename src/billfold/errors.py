"""Everything that can go wrong, sorted by what to do next.

::

    BillfoldError
    ├── ConfigError             fix the configuration: file, environment, base URL, account
    │   └── TokenError          ... where a token is kept: it cannot be read, and nothing was sent
    ├── PeriodError             fix the period: naive, empty, inverted or unreadable
    ├── MoneyError              fix the amount: not finite, out of bounds, not exact
    │   └── CurrencyError       never add two currencies; name a currency of ISO 4217
    ├── RateError               give the missing exchange rate
    ├── StoreError              look at the store: unreadable, full, newer, or not ours
    ├── IncompleteError         fill the hole, or accept it with ``partial=True``
    ├── UnsupportedError        ask another provider: this one has no such thing
    └── ProviderError           what a provider, or the way to it, answered
        ├── CredentialsError    fix the credential (401)
        ├── ForbiddenError      fix the permission (403)
        ├── RequestError        fix the request (other 4xx, redirects)
        │   ├── NotFoundError   ... it names something that is not there (404, 410)
        │   └── TooLargeError   ... it asks for more than is read at once: halve the period
        ├── RateLimitedError    wait until ``retry_at`` (429)
        ├── TransientError      try again (5xx, 408, 425, broken connections, time-outs)
        │   └── UnreachableError    ... the request was never sent
        ├── SessionError        fix the session that was given: closed, of another loop, or odd
        ├── OutcomeUnknownError look before you repeat: a write may have happened
        ├── DriftError          report it: the reply is not what the contract says
        └── DeadlineError       allow more time: the caller's deadline ended the work

Every error carries ``provider``, ``account``, ``part`` (the organization, project, team or invoice
it is about), ``status`` (HTTP), ``code`` and ``request_id`` (the provider's own) and ``retry_at``
(aware UTC), each ``None`` where it has no meaning. All of them pickle and compare by value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from copy import copy
from datetime import datetime
from typing import Any, Self

from billfold.printable import printable

# What makes most replies smaller that are too large.
SMALLER = "half the period has a smaller one"
# What every error carries beside its message.
FIELDS = ("provider", "account", "part", "status", "code", "request_id", "retry_at")


class BillfoldError(Exception):
    """The root of the tree.

    ``str(error)`` is a sentence for people that names the account and the part it is about;
    ``message`` is the sentence alone. Neither has characters that a terminal would obey, or that
    turn the direction of writing. ``what`` of its part it is about and how often and for how many
    seconds it was ``tried`` stand at the message's end, and ``reason`` is what is before them.
    """

    def __init__(
        self,
        message: str,
        *,
        provider: str | None = None,
        account: str | None = None,
        part: str | None = None,
        status: int | None = None,
        code: str | None = None,
        request_id: str | None = None,
        retry_at: datetime | None = None,
    ) -> None:
        message = _printable_lines(message)
        super().__init__(message)
        self.message = message
        self.provider = provider
        self.account = account
        self.part = part
        self.status = status
        self.code = code and printable(code)
        self.request_id = request_id and printable(request_id)
        self.retry_at = retry_at
        self.what: str | None = None
        self.tried: tuple[int, float] | None = None

    def __str__(self) -> str:
        account = None if self._says_account() else self.account
        names = printable(" ".join(filter(None, (account, self.part))))
        return f"{names}: {self.message}" if names else self.message

    def _says_account(self) -> bool:
        """Return whether the message names the account, whose name may be any word of it."""
        named = rf"(?<!\w)account ['\"]?{re.escape(self.account or '')}(?!\w)"
        return bool(self.account) and re.search(named, self.message) is not None

    def locate(self, *, provider: str, account: str, part: str | None = None) -> Self:
        """Return the error itself, with where it happened filled in where it was not known."""
        self.provider = self.provider or provider
        self.account = self.account or account
        self.part = self.part or part
        return self

    @property
    def reason(self) -> str:
        """The message without what it is about, and without how often and long it was tried."""
        ends = (self.tried and _tried_text(*self.tried), self.what)
        text = self.message
        for end in reversed(ends):
            text = text.removesuffix(f" ({end})")
        return text

    def give_up(self, times: int, seconds: float) -> None:
        """Add how often and for how long it was tried."""
        self.tried = times, seconds
        self.add(f" ({_tried_text(times, seconds)})")

    def add(self, text: str) -> None:
        """Add to the message what was learned since."""
        self.reword(self.message + text)

    def reword(self, message: str) -> None:
        """Say the same in other words."""
        self.message = _printable_lines(message)
        self.args = (self.message,)

    def of_part(self, part: str | None) -> Self:
        """Return the error itself where it names a part already, else a copy that names this one.

        A copy, because several parts may fail by one error.
        """
        if self.part is not None or part is None:
            return self
        error = copy(self)
        error.part = part
        error.__cause__, error.__traceback__ = self.__cause__, self.__traceback__
        return error

    def about(self, what: str) -> Self:
        """Return a copy whose message also says what of its part it is about, like a month."""
        error = self._saying(f"{self.message} ({what})")
        error.what = printable(what)
        return error

    def introduced(self, by: str) -> Self:
        """Return a copy whose message says first what came of it, and then why."""
        return self._saying(f"{by}: {self.message}")

    def _saying(self, message: str) -> Self:
        error = copy(self)
        error.reword(message)
        error.__cause__, error.__traceback__ = self.__cause__, self.__traceback__
        return error

    def _values(self) -> tuple[Any, ...]:
        return (self.message, *self._fields().values())

    def _fields(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in FIELDS}

    def __eq__(self, other: object) -> bool:
        return (
            type(self) is type(other)
            and isinstance(other, BillfoldError)
            and self._values() == other._values()
        )

    def __hash__(self) -> int:
        return hash((type(self), self.message))

    def __reduce__(self) -> tuple[Any, ...]:
        ends = {"what": self.what, "tried": self.tried}
        return _revive, (type(self), self.message, self._fields()), ends


def _printable_lines(text: str) -> str:
    return text if text.isprintable() else "\n".join(map(printable, text.split("\n")))


def _tried_text(times: int, seconds: float) -> str:
    return f"tried {times} times over {seconds:.1f} s"


def _revive(kind: type[BillfoldError], message: str, fields: dict[str, Any]) -> BillfoldError:
    return kind(message, **fields)


class ConfigError(BillfoldError):
    """The configuration, or a name given by the caller, cannot be used."""


class TokenError(ConfigError):
    """An account's token cannot be read; the message says what to do. Nothing was sent for it."""


class PeriodError(BillfoldError, ValueError):
    """A period is naive, empty, inverted or unreadable."""


class MoneyError(BillfoldError, ValueError):
    """An amount cannot be kept exactly."""


class CurrencyError(MoneyError):
    """Two currencies met, or one is not in ISO 4217."""


class RateError(BillfoldError):
    """An exchange rate is missing."""


class StoreError(BillfoldError):
    """The history cannot be read or written; nothing of it is lost."""


class IncompleteError(BillfoldError):
    """A total was asked over an answer with holes.

    ``coverage`` is the answer's: a row per account, stream and window; see ``Coverage.is_hole``.
    """

    def __init__(self, message: str, *, coverage: Iterable[Any] = (), **fields: Any) -> None:
        super().__init__(message, **fields)
        self.coverage = tuple(coverage)

    def _fields(self) -> dict[str, Any]:
        return {**super()._fields(), "coverage": self.coverage}


class UnsupportedError(BillfoldError):
    """The provider has no such thing."""


class ProviderError(BillfoldError):
    """A provider, or the way to it, refused or failed."""


class CredentialsError(ProviderError):
    """The token is missing, wrong or expired (401)."""


class ForbiddenError(ProviderError):
    """The token may not do this (403)."""


class RequestError(ProviderError):
    """The provider does not accept the request (4xx), or points elsewhere (3xx)."""


class NotFoundError(RequestError):
    """What the request names is not there, or not for this token (404, 410)."""


class TooLargeError(RequestError):
    """The reply is larger than what is read at once; half the period has a smaller one."""

    def of_any_period(self) -> Self:
        """Return a copy for a reply that is as large whatever the period, as a list's page is."""
        advice = "no period makes it smaller: give `Billfold` a larger `max_body`"
        return self._saying(self.message.replace(SMALLER, advice))


class RateLimitedError(ProviderError):
    """Too many requests; ``retry_at`` says when to come back, where the provider does (429)."""


class TransientError(ProviderError):
    """Weather: worth another try."""


class UnreachableError(TransientError):
    """No connection was made, so nothing was sent."""


class SessionError(ProviderError):
    """The borrowed session cannot send the request: it is closed, of another loop, or odd."""


class OutcomeUnknownError(ProviderError):
    """A write was sent and its fate is not known: read before repeating it."""


class DriftError(ProviderError):
    """A reply is not what the provider's contract says; never retried."""


class DeadlineError(ProviderError):
    """The caller's deadline ended the work."""


KINDS: dict[str, type[BillfoldError]] = {
    kind.__name__: kind
    for kind in list(globals().values())
    if isinstance(kind, type) and issubclass(kind, BillfoldError)
}
