"""What each fault, by its name, may and may not do to an answer."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from billfold.errors import (
    CredentialsError,
    DeadlineError,
    DriftError,
    ForbiddenError,
    NotFoundError,
    ProviderError,
    RateLimitedError,
    RequestError,
    TransientError,
)

# Seconds that every answer has, unless the fault is that it comes late.
_PATIENT = 5.0


@frozen
class Expectation:
    """What a fault is expected to do.

    ``errors`` are those it may cause; without any the answer is the same as ever. ``retried`` is
    whether another try is worth it. ``says_when`` is whether a RateLimitedError says when to come
    back, ``in_body`` whether only the provider's own body tells. ``late`` is whether the right
    answer comes too late for the ``deadline`` (seconds).

    ``pages`` faults hit lists with pages only. From ``incomplete_from`` pages on such a list may
    not be called complete. ``heavy`` faults move so much that one endpoint has to stand for all.
    """

    errors: tuple[type[ProviderError], ...] = ()
    retried: bool = True
    says_when: bool = False
    in_body: bool = False
    late: bool = False
    pages: bool = False
    incomplete_from: int | None = None
    heavy: bool = False
    deadline: float = _PATIENT


_WEATHER = Expectation((TransientError,))
_DRIFT = Expectation((DriftError,), retried=False)
_HEAVY = Expectation((DriftError,), retried=False, heavy=True)
_LIMIT = Expectation((RateLimitedError,), says_when=True)
_LATE = Expectation((DeadlineError,), late=True, deadline=0.1)
_SAME = Expectation()
_SAME_LIST = Expectation(pages=True)
_BROKEN_LIST = Expectation((DriftError,), pages=True, incomplete_from=2)

EXPECTATIONS: Mapping[str, Expectation] = {
    "status=500": _WEATHER,
    "status=503": _WEATHER,
    "status=408": _WEATHER,
    "status=401": Expectation((CredentialsError,), retried=False),
    "status=403": Expectation((ForbiddenError,), retried=False),
    "status=404": Expectation((NotFoundError,), retried=False),
    "status=418": Expectation((RequestError,), retried=False),
    "throttled=10": _LIMIT,
    "throttled-date=10": _LIMIT,
    "throttled-skewed=10": _LIMIT,
    "throttled-day": _LIMIT,
    "throttled-silent": Expectation((RateLimitedError,)),
    "throttled-body=10": Expectation((RateLimitedError,), says_when=True, in_body=True),
    "refused": _WEATHER,
    "reset": _WEATHER,
    "reset-midway": _WEATHER,
    "truncated": _WEATHER,
    "overlong": Expectation((TransientError, DriftError)),
    "cut": _DRIFT,
    "slow": _LATE,
    "drip=0.05": _LATE,
    "endless": _HEAVY,
    "bomb": _HEAVY,
    "html=502": _WEATHER,
    "html=200": _DRIFT,
    "empty": _DRIFT,
    "redirect": Expectation((RequestError,), retried=False),
    "echo=403": Expectation((ForbiddenError,), retried=False),
    "not-utf8": _DRIFT,
    "duplicate-keys": _DRIFT,
    "nan": _DRIFT,
    "infinite": _DRIFT,
    "huge": _DRIFT,
    "nested": _DRIFT,
    "zipped": _SAME,
    "skewed": _SAME,
    "skewed=-3600": _SAME,
    "new-fields": _SAME,
    "short-pages": _SAME_LIST,
    "repeated-rows": _SAME_LIST,
    "same-cursor": _BROKEN_LIST,
    "two-cursors": _BROKEN_LIST,
    "ignored-page": _BROKEN_LIST,
    "changed-rows": _BROKEN_LIST,
    "lost-page": Expectation((DriftError,), pages=True, incomplete_from=3),
}
