"""Faults by name, for the command line: ``NAME[=VALUE][:/PATH][:TIMES]``."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from attrs import frozen

from billfold.errors import ConfigError
from billfold.simulators.faults import bodies, connections, pages, replies
from billfold.simulators.faults.fault import Effect, Fault

_FORM = re.compile(
    r"(?P<name>[a-z0-9-]+)(=(?P<value>[^:]*))?(:(?P<at>/[^:]*))?(:(?P<times>\d{1,9}))?"
)


@frozen
class NamedFault:
    """How a fault's effect is made from its value, which has to be given without a default."""

    make: Callable[[str], Effect]
    summary: str
    value: str | None = None
    default: str | None = ""


def _plain(effect: Effect, summary: str) -> NamedFault:
    return NamedFault(lambda _: effect, summary)


def _fresh(make: Callable[[], Effect], summary: str) -> NamedFault:
    return NamedFault(lambda _: make(), summary)


def _valued(
    make: Callable[[Any], Effect],
    parse: Callable[[str], Any],
    value: str,
    default: str | None,
    summary: str,
) -> NamedFault:
    return NamedFault(lambda text: make(parse(text)), summary, value, default)


def _code(text: str) -> int:
    code = int(text)
    if not 200 <= code <= 599:
        raise ValueError("a status is a number from 200 to 599")
    return code


_skewed = partial(replies.throttled_until, skew=3600)

FAULTS: dict[str, NamedFault] = {
    "status": _valued(
        replies.status, _code, "CODE", "500", "a status with the provider's own error body"
    ),
    "throttled": _valued(replies.throttled, int, "SECONDS", "1", "429, Retry-After in seconds"),
    "throttled-date": _valued(
        replies.throttled_until, int, "SECONDS", "1", "429, Retry-After as a date"
    ),
    "throttled-skewed": _valued(_skewed, int, "SECONDS", "1", "the same, by a clock an hour ahead"),
    "throttled-day": _plain(replies.throttled(86_400), "429, Retry-After of a day"),
    "throttled-silent": _plain(replies.status(429), "429 that does not say how long to wait"),
    "throttled-body": _valued(
        replies.throttled_in_body, int, "SECONDS", "1", "429, the wait only in the body"
    ),
    "refused": _plain(connections.refused, "the port closes: connections are refused from then on"),
    "reset": _plain(connections.reset, "the connection breaks before the headers"),
    "reset-midway": _plain(connections.reset_midway, "the connection breaks within the body"),
    "truncated": _plain(connections.truncated, "half of the body under the length of the whole"),
    "cut": _plain(connections.cut, "half of the body under its right length"),
    "overlong": _plain(connections.overlong, "the whole body under the length of its half"),
    "slow": _valued(connections.slow, float, "SECONDS", "10", "the right answer, late"),
    "drip": _valued(
        connections.drip, float, "SECONDS", "0.05", "the right answer, a byte at a time"
    ),
    "endless": _plain(connections.endless, "a body without end"),
    "html": _valued(replies.html, _code, "CODE", "502", "a proxy's HTML page"),
    "empty": _plain(replies.empty, "an empty body under 200"),
    "redirect": _plain(replies.redirect(), "a redirect to another origin"),
    "bomb": _plain(connections.bomb, "a megabyte of gzip that unpacks to a gigabyte"),
    "zipped": _plain(connections.zipped(), "the right answer, compressed unasked"),
    "echo": _valued(replies.echoed, _code, "CODE", "403", "an error that repeats the token"),
    "skewed": _valued(replies.skewed, int, "SECONDS", "3600", "the right answer, by another clock"),
    "not-utf8": _plain(bodies.not_utf8, "texts that are not UTF-8"),
    "duplicate-keys": _plain(bodies.duplicate_keys, "keys twice, with two values"),
    "nan": _plain(bodies.nan, "NaN for every number"),
    "infinite": _plain(bodies.infinite, "-Infinity for every number"),
    "huge": _plain(bodies.huge, "400 digits for every number"),
    "nested": _plain(bodies.nested, "a new field, a hundred thousand lists deep"),
    "new-fields": _plain(bodies.new_fields, "fields that nobody knows"),
    "new-values": _plain(bodies.new_values, "values of open sets that nobody knows"),
    "backwards": _plain(bodies.backwards, "lists in another order"),
    "null": _valued(
        bodies.null_at, str, "PLACE", None, "null in one place, like $.data[].id, or under a key"
    ),
    "wrong-type": _valued(
        bodies.wrong_type_at, str, "PLACE", None, "a value of another type in one place"
    ),
    "restated": _valued(bodies.scaled, Decimal, "FACTOR", "2", "every amount restated"),
    "tampered": _valued(
        bodies.tampered, str, "PLACE", None, "one amount greater by one, so that sums do not hold"
    ),
    "short-pages": _fresh(pages.short_pages, "pages of two rows"),
    "same-cursor": _fresh(pages.same_cursor, "the cursors A, A, ..."),
    "two-cursors": _fresh(pages.two_cursors, "the cursors A, B, A, ..."),
    "ignored-page": _fresh(pages.ignored_parameter, "the first page, whatever page is asked"),
    "repeated-rows": _fresh(pages.repeated_rows, "rows that come twice, over two pages"),
    "changed-rows": _fresh(pages.changed_rows, "rows that come twice, and changed in between"),
    "lost-page": _fresh(pages.lost_page, "a page whose rows are gone"),
}


def named(text: str) -> Fault:
    """Return the fault of a text ``NAME[=VALUE][:/PATH][:TIMES]``, like ``status=503:/balance:2``.

    Raises ConfigError that says what to write.
    """
    form = _FORM.fullmatch(text)
    if form is None:
        raise ConfigError(
            f"{text!r} is not a fault; "
            "write NAME[=VALUE][:/PATH][:TIMES], like status=503:/balance:2"
        )
    times = None if form["times"] is None else int(form["times"])
    return Fault(_effect(form["name"], form["value"]), form["at"] or "/", times=times)


def _effect(name: str, value: str | None) -> Effect:
    fault = FAULTS.get(name)
    if fault is None:
        near = difflib.get_close_matches(name, FAULTS, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are:\n{_listed()}"
        raise ConfigError(f"no fault is named {name!r}; {hint}")
    if value is not None and fault.value is None:
        raise ConfigError(f"the fault {name!r} takes no value")
    text = fault.default if value is None else value
    if text is None or (fault.value is not None and not text):
        raise ConfigError(f"the fault {name!r} needs a value: {name}={fault.value}")
    try:
        return fault.make(text)
    except (ValueError, ArithmeticError):
        raise ConfigError(f"the fault {name!r} takes {fault.value}, not {text!r}") from None


def _listed() -> str:
    lines = []
    for name, fault in FAULTS.items():
        form = name if fault.value is None else f"{name}={fault.value}"
        lines.append(f"  {form:<26}{fault.summary}")
    return "\n".join(lines)
