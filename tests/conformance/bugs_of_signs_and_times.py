"""More bugs to plant: in signs, and in moments that are written by another clock."""

from conformance.bugs import LINES, Bug

SIGNS_AND_TIMES = {
    "a day's cost without its sign": Bug(
        "parse",
        "DailyCost(row.date, money(row.cost, currency))",
        "DailyCost(row.date, money(abs(row.cost), currency))",
        "signed",
        "law 1.*daily.* with every amount negated, is shop complete",
    ),
    "a balance without its sign": Bug(
        "parse",
        "money(reply.amount, reply.currency)",
        "money(abs(reply.amount), reply.currency)",
        "signed",
        "law 1.*balances, with every amount negated, is shop complete",
    ),
    "the offset of a time left out": Bug(
        "parse",
        "at=movement.at,",
        "at=movement.at.replace(tzinfo=UTC),",
        "times-respelled",
        "law 7.*ledger of 2026-10, with its times written in UTC",
        "from datetime import UTC",
    ),
    "lines that have not begun left out": Bug(
        "client",
        LINES,
        f"{LINES}\n        lines = [line for line in lines if line.started_at <= client.now()]",
        "ahead-of-time",
        "law 11.*usage, read by a clock that is 3 days, 5:00:00 behind.* with other records",
    ),
    "a time ahead taken for now": Bug(
        "client",
        LINES,
        f"{LINES}\n        now = client.now()\n"
        "        lines = [replace(each, started_at=min(each.started_at, now)) for each in lines]",
        "ahead-of-time",
        "law 11.*usage, read by a clock that is .* behind.* with other times",
        "from msgspec.structs import replace",
    ),
}
