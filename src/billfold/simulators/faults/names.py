"""Faults by name, for the command line: ``NAME[=VALUE][:/PATH][:TIMES]``."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from attrs import frozen

from billfold.errors import ConfigError
from billfold.simulators.faults import additions, bodies, connections, pages, replies, windows
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


def _plain(effect: Effect, summary: str = "") -> NamedFault:
    return NamedFault(lambda _: effect, summary or _summary(effect))


def _fresh(make: Callable[[], Effect]) -> NamedFault:
    return NamedFault(lambda _: make(), _summary(make))


def _valued(
    make: Callable[[Any], Effect], parse: Callable[[str], Any], value: str, default: str | None
) -> NamedFault:
    return NamedFault(lambda text: make(parse(text)), _summary(make), value, default)


def _summary(documented: object) -> str:
    """Return the first line of the docstring of an effect, or of the function that makes it."""
    return (documented.__doc__ or "").partition("\n")[0].replace("``", "")


def _code(text: str) -> int:
    code = int(text)
    if not 200 <= code <= 599:
        raise ValueError("a status is a number from 200 to 599")
    return code


def _throttled_by_another_clock(seconds: int) -> Effect:
    """Answer 429 with a ``Retry-After`` as an HTTP date, by a clock an hour ahead."""
    return replies.throttled_until(seconds, skew=3600)


FAULTS: dict[str, NamedFault] = {
    "status": _valued(replies.status, _code, "CODE", "500"),
    "throttled": _valued(replies.throttled, int, "SECONDS", "1"),
    "throttled-date": _valued(replies.throttled_until, int, "SECONDS", "1"),
    "throttled-skewed": _valued(_throttled_by_another_clock, int, "SECONDS", "1"),
    "throttled-day": _plain(replies.throttled(86_400), "Answer 429 with a Retry-After of a day."),
    "throttled-silent": _plain(replies.status(429), "Answer 429, and do not say how long to wait."),
    "throttled-body": _valued(replies.throttled_in_body, int, "SECONDS", "1"),
    "refused": _plain(connections.refused),
    "reset": _plain(connections.reset),
    "reset-midway": _plain(connections.reset_midway),
    "truncated": _plain(connections.truncated),
    "cut": _plain(connections.cut),
    "overlong": _plain(connections.overlong),
    "slow": _valued(connections.slow, float, "SECONDS", "10"),
    "drip": _valued(connections.drip, float, "SECONDS", "0.05"),
    "endless": _plain(connections.endless),
    "html": _valued(replies.html, _code, "CODE", "502"),
    "error-200": _fresh(replies.error_in_200),
    "empty": _plain(replies.empty, "Answer 200 with an empty body."),
    "redirect": _fresh(replies.redirect),
    "bomb": _plain(connections.bomb),
    "many-values": _plain(connections.many_values),
    "zipped": _fresh(connections.zipped),
    "marked": _fresh(connections.marked),
    "mislabelled": _fresh(connections.mislabelled),
    "long-header": _fresh(connections.long_header),
    "echo": _valued(replies.echoed, _code, "CODE", "403"),
    "skewed": _valued(replies.skewed, int, "SECONDS", "3600"),
    "not-utf8": _plain(bodies.not_utf8, "Send texts that are not UTF-8."),
    "duplicate-keys": _plain(bodies.duplicate_keys, "Send keys twice, with two values."),
    "nan": _plain(bodies.nan, "Send NaN for every number."),
    "infinite": _plain(bodies.infinite, "Send -Infinity for every number."),
    "huge": _plain(bodies.huge, "Send 400 digits for every number."),
    "nested": _plain(bodies.nested, "Add a field, a hundred thousand lists deep."),
    "new-fields": _plain(bodies.new_fields, "Add fields that nobody knows."),
    "new-values": _plain(bodies.new_values, "Send values of open sets that nobody knows."),
    "extra-amount": _plain(additions.extra_amount(), _summary(additions.extra_amount)),
    "extra-rows": _plain(additions.extra_rows(), _summary(additions.extra_rows)),
    "other-currency": _plain(additions.other_currency(), _summary(additions.other_currency)),
    "voided": _plain(additions.voided(), _summary(additions.voided)),
    "total-row": _plain(additions.total_row(), _summary(additions.total_row)),
    "more-pages": _valued(additions.more_pages, str, "FORM", "link"),
    "backwards": _plain(bodies.backwards, "Send lists in another order."),
    "fewer-rows": _plain(bodies.fewer_rows, "Leave out the first row of each list."),
    "null": _valued(bodies.null_at, str, "PLACE", None),
    "wrong-type": _valued(bodies.wrong_type_at, str, "PLACE", None),
    "restated": _valued(bodies.scaled, Decimal, "FACTOR", "2"),
    "tampered": _valued(bodies.tampered, str, "PLACE", None),
    "short-pages": _fresh(pages.short_pages),
    "same-cursor": _fresh(pages.same_cursor),
    "two-cursors": _fresh(pages.two_cursors),
    "ignored-page": _fresh(pages.ignored_parameter),
    "repeated-rows": _fresh(pages.repeated_rows),
    "changed-rows": _fresh(pages.changed_rows),
    "lost-page": _fresh(pages.lost_page),
    "wider-window": _fresh(windows.wider_window),
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
        hint = f"did you mean {near[0]!r}?" if near else f"there are:\n{listed()}"
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


def listed() -> str:
    """Return every fault's name, its value and what it does, one a line."""
    lines = []
    for name, fault in FAULTS.items():
        form = name if fault.value is None else f"{name}={fault.value}"
        lines.append(f"  {form:<26}{fault.summary}")
    return "\n".join(lines)
