"""More bugs to plant: in signs, and in moments that are written by another clock."""

from conformance.bugs import Bug

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
}
