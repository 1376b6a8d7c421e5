"""Faults by name, for the command line: ``NAME[=VALUE][:/PATH][:TIMES]``."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from decimal import Decimal

from attrs import frozen

from billfold.errors import ConfigError
from billfold.simulators.faults import bodies, pages, replies
from billfold.simulators.faults.fault import Fault, Reply

_FORM = re.compile(
    r"(?P<name>[a-z0-9-]+)(=(?P<value>[^:]*))?(:(?P<at>/[^:]*))?(:(?P<times>\d{1,9}))?"
)
_DAY = 86_400


@frozen
class Named:
    """How a fault is made from its value; ``default`` None means that a value has to be given."""

    make: Callable[[str], Reply]
    summary: str
    value: str | None = None
    default: str | None = ""


def _plain(reply: Reply, summary: str) -> Named:
    return Named(lambda _: reply, summary)


def _code(text: str) -> int:
    code = int(text)
    if not 200 <= code <= 599:
        raise ValueError("a status is a number from 200 to 599")
    return code


FAULTS: dict[str, Named] = {
    "status": Named(
        lambda v: replies.status(_code(v)),
        "a status with the provider's own error body",
        "CODE",
        "500",
    ),
    "throttled": Named(
        lambda v: replies.throttled(int(v)), "429, Retry-After in seconds", "SECONDS", "1"
    ),
    "throttled-date": Named(
        lambda v: replies.throttled_until(int(v)), "429, Retry-After as a date", "SECONDS", "1"
    ),
    "throttled-skewed": Named(
        lambda v: replies.throttled_until(int(v), skew=3600),
        "the same, by a clock an hour ahead",
        "SECONDS",
        "1",
    ),
    "throttled-day": _plain(replies.throttled(_DAY), "429, Retry-After of a day"),
    "throttled-silent": _plain(replies.status(429), "429 without a word when to come back"),
    "throttled-body": Named(
        lambda v: replies.throttled_in_body(int(v)),
        "429, the wait only in the body",
        "SECONDS",
        "1",
    ),
    "refused": _plain(replies.refused, "the port closes: connections are refused from then on"),
    "reset": _plain(replies.reset, "the connection breaks before the headers"),
    "reset-midway": _plain(replies.reset_midway, "the connection breaks in mid-body"),
    "truncated": _plain(replies.truncated, "half of the body under the length of the whole"),
    "cut": _plain(replies.cut, "half of the body under its right length"),
    "overlong": _plain(replies.overlong, "the whole body under the length of its half"),
    "slow": Named(lambda v: replies.slow(float(v)), "the right answer, late", "SECONDS", "10"),
    "drip": Named(
        lambda v: replies.drip(float(v)), "the right answer, a byte at a time", "SECONDS", "0.05"
    ),
    "endless": _plain(replies.endless, "a body without end"),
    "html": Named(lambda v: replies.html(_code(v)), "a proxy's HTML page", "CODE", "502"),
    "empty": _plain(replies.empty, "an empty body under 200"),
    "redirect": _plain(replies.redirect(), "a redirect to another origin"),
    "bomb": _plain(replies.bomb, "a megabyte of gzip that unpacks to a gigabyte"),
    "zipped": _plain(replies.zipped(), "the right answer, compressed unasked"),
    "echo": Named(
        lambda v: replies.echoed(_code(v)), "an error that repeats the token", "CODE", "403"
    ),
    "skewed": Named(
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
    "null": Named(
        bodies.null_at, "null in one place, like $.data[].id, or under a key", "PLACE", None
    ),
    "wrong-type": Named(
        bodies.wrong_type_at, "a value of another type in one place", "PLACE", None
    ),
    "restated": Named(lambda v: bodies.scaled(Decimal(v)), "every amount restated", "FACTOR", "2"),
    "tampered": Named(
        bodies.tampered, "one amount greater by one, so that sums do not hold", "PLACE", None
    ),
    "short-pages": Named(lambda _: pages.short_pages(), "pages of two rows"),
    "same-cursor": Named(lambda _: pages.same_cursor(), "the cursors A, A, ..."),
    "two-cursors": Named(lambda _: pages.two_cursors(), "the cursors A, B, A, ..."),
    "ignored-page": Named(
        lambda _: pages.ignored_parameter(), "the first page, whatever page is asked"
    ),
    "repeated-rows": Named(lambda _: pages.repeated_rows(), "rows that come twice, over two pages"),
    "changed-rows": Named(
        lambda _: pages.changed_rows(), "rows that come twice, and changed in between"
    ),
    "lost-page": Named(lambda _: pages.lost_page(), "a page whose rows are gone"),
}


def named(text: str) -> Fault:
    """Make a fault from ``NAME[=VALUE][:/PATH][:TIMES]``, like ``status=503:/balance:2``.

    Raises ConfigError that says what to write.
    """
    form = _FORM.fullmatch(text)
    if form is None:
        raise ConfigError(
            f"{text!r} is not a fault; write NAME[=VALUE][:/PATH][:TIMES], like status=503:/balance:2"
        )
    fault = FAULTS.get(form["name"])
    if fault is None:
        near = difflib.get_close_matches(form["name"], FAULTS, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are:\n{_listed()}"
        raise ConfigError(f"no fault is named {form['name']!r}; {hint}")
    times = None if form["times"] is None else int(form["times"])
    return Fault(_made(form["name"], fault, form["value"]), form["at"] or "/", times=times)


def _made(name: str, fault: Named, value: str | None) -> Reply:
    if value is not None and fault.value is None:
        raise ConfigError(f"the fault {name!r} takes no value")
    given = fault.default if value is None else value
    if given is None or (fault.value is not None and not given):
        raise ConfigError(f"the fault {name!r} needs a value: {name}={fault.value}")
    try:
        return fault.make(given)
    except (ValueError, ArithmeticError):
        raise ConfigError(f"the fault {name!r} takes {fault.value}, not {given!r}") from None


def _listed() -> str:
    forms = [
        name if fault.value is None else f"{name}={fault.value}" for name, fault in FAULTS.items()
    ]
    return "\n".join(
        f"  {form:<26}{fault.summary}" for form, fault in zip(forms, FAULTS.values(), strict=True)
    )
