"""More bugs to plant: in what a reading says, which only who keeps it notices."""

from conformance.bugs import LINES, OTHERS_LEFT_OUT, OTHERS_TOLD, Bug

HISTORY = {
    "a window that moves with the clock": Bug(
        "client",
        "window = period or Period.month_of(client.now())\n        query = _bounds(window)",
        "window = period or Period(client.now() - timedelta(days=9), client.now())\n"
        "        query = _bounds(window)",
        "history-replayed",
        "law 3.*usage, read back after three readings, and adds up to",
        "from datetime import timedelta",
    ),
    "an id for each reading": Bug(
        "parse",
        "id=movement.id,",
        "id=f'{movement.id}-{uuid4()}',",
        "history-replayed",
        "law 3.*ledger of shop for 2026-10, read once more, changes .*'new': ",
        "from uuid import uuid4",
    ),
    "a usage for each page": Bug(
        "client",
        "yield Reading((usage,), window, state, pages.note)",
        "first = evolve(usage, charges=usage.charges[:9], stated_total=None, checks=())\n"
        "        rest = evolve(usage, charges=usage.charges[9:], stated_total=None)\n"
        "        yield Reading((first, rest), window, state, pages.note)",
        "history-as-of",
        "law 4.*usage, as of a moment before it was read again: 2 records of shop are kept of 2",
        "from attrs import evolve",
    ),
    "what is not final yet not declared": Bug(
        "client",
        "yield Reading((usage,), window, state, pages.note)",
        "yield Reading((usage,), window, state, 'the last days are not final')",
        "history-not-final",
        "law 4.*usage of shop for 2026-10, an hour after .* and sync does not ask for it again",
    ),
    "what is not final declared and not said": Bug(
        "client",
        "problem=parse.problem,",
        "problem=parse.problem,\n"
        "        late_data={Stream.INVOICES: LateData(timedelta(days=60), 'bills follow')},",
        "history-not-final",
        "law 4.*invoices of shop for 2026-10, an hour after .* declared .*, and not said to be",
        "from datetime import timedelta\n\nfrom billfold.adapter import LateData",
    ),
    "the end of a window kept twice": Bug(
        "client",
        '("to", utc_text(window.end))',
        '("to", utc_text(window.end + timedelta(seconds=1)))',
        "history-split",
        "law 3.*usage of 2026-10, kept of its halves, and adds up to",
        "from datetime import timedelta",
        also=(OTHERS_LEFT_OUT, OTHERS_TOLD),
    ),
    "ids of what was charged and how much": Bug(
        "parse",
        "id=line.id",
        "id=f'{line.id}/{line.cost}'",
        "history-restated",
        "law 3.*usage of shop for 2026-11, with every amount twice as large, changes .*'new': ",
    ),
    "a failed page taken for the end": Bug(
        "client",
        LINES,
        "lines = []\n        try:\n            async for rows in pages:\n"
        "                lines += rows\n"
        "        except ProviderError:\n            pass",
        "history-withdrawn",
        "law 5.*usage of shop for 2026-11, read again while /v1/lines fails, changes ",
        "from billfold.errors import ProviderError",
    ),
}
