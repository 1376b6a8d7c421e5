"""Decode ``/billing/usage``, whose body is documented nowhere (CONTRACT.md, section 3). Pure.

What is recognised is read exactly, what is not is kept as it came, amounts that nobody read are
named, and a reply without one recognised row is drift, never *no usage*.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Raw

from billfold.wire import DriftError, Steps, dropping, stepwise
from billfold_bnerd import values
from billfold_bnerd.containers import (
    containers,
    count_rows,
    is_reply,
    said_beside,
    wrappers,
)
from billfold_bnerd.fields import Fields
from billfold_bnerd.pages import page_gaps
from billfold_bnerd.reply_times import known_until, odd_times, stated_period
from billfold_bnerd.spacing import with_hours
from billfold_bnerd.stated_errors import (
    errors_below,
    in_its_words,
    stated_error,
    warnings_of,
    words_beside_nothing,
)
from billfold_bnerd.unread import not_read
from billfold_bnerd.unsettled import Settling
from billfold_bnerd.usage_rows import (
    Context,
    UsageReply,
    drift,
    owner,
)
from billfold_bnerd.usage_walk import Walk
from billfold_bnerd.values import Amount
from billfold_bnerd.wholes import wholes

Decoder = Callable[[bytes], UsageReply]
_ADVICE = (
    "; until a usage_decoder reads it, the metering invoices state the totals of closed months"
)


@stepwise
def decode_usage(body: bytes) -> Steps[UsageReply]:
    """Return a usage reply, bare, wrapped, nested by project and product, or mapped by ids."""
    try:
        top = yield from values.loading_json(body)
        reply = yield from _reply(top)
        yield from dropping(top, Raw)
        return reply
    except RecursionError:
        raise drift(f"nested too deep{_ADVICE}", ()) from None


def _reply(top: object) -> Steps[UsageReply]:
    node = top if isinstance(top, dict) else {}
    inside, refusal, walk = containers(node), stated_error(top), Walk()
    if refusal is not None and not any(node[key] for key in inside):
        raise refusal
    yield from walk.guarded(top, (), Context())
    if walk.problems and not walk.rows:
        raise in_its_words(DriftError(f"{walk.problems[0][1].message}{_ADVICE}"), node)
    if refusal is not None:
        walk.gaps.append(refusal.message)
    walk.gaps += yield from errors_below.steps(top)
    rows = [*(yield from with_hours(walk.rows))]
    doubted = yield from wholes(rows)
    places = {row.pointer: at for at, row in enumerate(rows if walk.unsettled else ())}
    doubted = {places[at]: one for at, one in walk.unsettled.items() if at in places} | doubted
    gaps, by_chance = yield from Settling(rows, walk.subtotals, doubted).settle()
    walk.gaps += gaps
    is_around = is_reply((), node, inside)
    said = said_beside(node, inside)
    around = list(wrappers(node)) if is_around else []
    odd = [odd for at, said, inside in around for odd in odd_times(said, inside, at)]
    stated = (stated_period(said, inside) for _, said, inside in around)
    known = (known_until(said) for _, said, _ in around)
    totals = [one.total for one in walk.subtotals if one.pointer == ""]
    # What a project says of its own list is found around it, too.
    pages = page_gaps(said, "$", count_rows(node), around=node) if is_around else ()
    return UsageReply(
        tuple(rows),
        Amount(totals[-1]) if totals else Amount(),
        organization_id=owner(Fields(said), ()) if is_around else None,
        subtotals=tuple(one for one in walk.subtotals if one.pointer != ""),
        period=next(filter(None, stated), None),
        odd_times=tuple(odd),
        known_until=min(filter(None, known), default=None),
        gaps=tuple(dict.fromkeys((*pages, *walk.all_gaps()))),
        notes=(
            *warnings_of(node),
            *not_read(walk.taxes),
            *by_chance,
            *(() if walk.rows else words_beside_nothing(node)),
        ),
    )
