"""Faults by name, for the command line: ``NAME[=VALUE][:/PATH][:TIMES]``."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from decimal import Decimal

from attrs import frozen

from billfold.errors import ConfigError
from billfold.simulators.faults import bodies, connections, pages, replies
from billfold.simulators.faults.fault import Effect, Fault

_FORM = re.compile(
    r"(?P<name>[a-z0-9-]+)(=(?P<value>[^:]*))?(:(?P<at>/[^:]*))?(:(?P<times>\d{1,9}))?"
)
_DAY = 86_400


@frozen
class NamedFault:
    """How a fault's effect is made from its value.

    Where ``default`` is None, a value has to be given.
    """

    make: Callable[[str], Effect]
    summary: str
    value: str | None = None
    default: str | None = ""


def _plain(effect: Effect, summary: str) -> NamedFault:
    return NamedFault(lambda _: effect, summary)


def _code(text: str) -> int:
    code = int(text)
    if not 200 <= code <= 599:
        raise ValueError("a status is a number from 200 to 599")
    return code


FAULTS: dict[str, NamedFault] = {
    "status": NamedFault(
        lambda v: replies.status(_code(v)),
        "a status with the provider's own error body",
        "CODE",
        "500",
    ),
    "throttled": NamedFault(
        lambda v: replies.throttled(int(v)), "429, Retry-After in seconds", "SECONDS", "1"
    ),
    "throttled-date": NamedFault(
        lambda v: replies.throttled_until(int(v)), "429, Retry-After as a date", "SECONDS", "1"
    ),
    "throttled-skewed": NamedFault(
        lambda v: replies.throttled_until(int(v), skew=3600),
        "the same, by a clock an hour ahead",
        "SECONDS",
        "1",
    ),
    "throttled-day": _plain(replies.throttled(_DAY), "429, Retry-After of a day"),
    "throttled-silent": _plain(replies.status(429), "429 that does not say how long to wait"),
    "throttled-body": NamedFault(
        lambda v: replies.throttled_in_body(int(v)),
        "429, the wait only in the body",
        "SECONDS",
        "1",
    ),
    "refused": _plain(connections.refused, "the port closes: connections are refused from then on"),
    "reset": _plain(connections.reset, "the connection breaks before the headers"),
    "reset-midway": _plain(
        connections.reset_midway, "the connection breaks in the middle of the body"
    ),
    "truncated": _plain(connections.truncated, "half of the body under the length of the whole"),
    "cut": _plain(connections.cut, "half of the body under its right length"),
    "overlong": _plain(connections.overlong, "the whole body under the length of its half"),
    "slow": NamedFault(
        lambda v: connections.slow(float(v)), "the right answer, late", "SECONDS", "10"
    ),
    "drip": NamedFault(
        lambda v: connections.drip(float(v)),
        "the right answer, a byte at a time",
        "SECONDS",
        "0.05",
    ),
    "endless": _plain(connections.endless, "a body without end"),
    "html": NamedFault(lambda v: replies.html(_code(v)), "a proxy's HTML page", "CODE", "502"),
    "empty": _plain(replies.empty, "an empty body under 200"),
    "redirect": _plain(replies.redirect(), "a redirect to another origin"),
    "bomb": _plain(connections.bomb, "a megabyte of gzip that unpacks to a gigabyte"),
    "zipped": _plain(connections.zipped(), "the right answer, compressed unasked"),
    "echo": NamedFault(
        lambda v: replies.echoed(_code(v)), "an error that repeats the token", "CODE", "403"
    ),
    "skewed": NamedFault(
        lambda v: replies.skewed(int(v)), "the right answer, by another clock", "SECONDS", "3600"
    ),
    "not-utf8": _plain(bodies.not_utf8, "texts that are not UTF-8"),
    "duplicate-keys": _plain(bodies.duplicate_keys, "keys twice, with two values"),
    "nan": _plain(bodies.nan, "NaN for every number"),
    "infinite": _plain(bodies.infinite, "-Infinity for every number"),
    "huge": _plain(bodies.huge, "400 digits for every number"),
    "nested": _plain(bodies.nested, "a new field, a hundred thousand lists deep"),
    "new-fields": _plain(bodies.new_fields, "fields that nobody knows"),
    "new-values": _plain(bodies.new_values, "values of open sets that nobody knows"),
    "backwards": _plain(bodies.backwards, "lists in another order"),
    "null": NamedFault(
        bodies.null_at, "null in one place, like $.data[].id, or under a key", "PLACE", None
    ),
    "wrong-type": NamedFault(
        bodies.wrong_type_at, "a value of another type in one place", "PLACE", None
    ),
    "restated": NamedFault(
        lambda v: bodies.scaled(Decimal(v)), "every amount restated", "FACTOR", "2"
    ),
    "tampered": NamedFault(
        bodies.tampered, "one amount greater by one, so that sums do not hold", "PLACE", None
    ),
    "short-pages": NamedFault(lambda _: pages.short_pages(), "pages of two rows"),
    "same-cursor": NamedFault(lambda _: pages.same_cursor(), "the cursors A, A, ..."),
    "two-cursors": NamedFault(lambda _: pages.two_cursors(), "the cursors A, B, A, ..."),
    "ignored-page": NamedFault(
        lambda _: pages.ignored_parameter(), "the first page, whatever page is asked"
    ),
    "repeated-rows": NamedFault(
        lambda _: pages.repeated_rows(), "rows that come twice, over two pages"
    ),
    "changed-rows": NamedFault(
        lambda _: pages.changed_rows(), "rows that come twice, and changed in between"
    ),
    "lost-page": NamedFault(lambda _: pages.lost_page(), "a page whose rows are gone"),
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
    """Return every fault's form and summary, a line each."""
    lines = []
    for name, fault in FAULTS.items():
        form = name if fault.value is None else f"{name}={fault.value}"
        lines.append(f"  {form:<26}{fault.summary}")
    return "\n".join(lines)
