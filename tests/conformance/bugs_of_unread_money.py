"""More bugs to plant: in what a reply has beyond what is read of it."""

from conformance.bugs import BALANCE, Bug

BY_ITSELF = (
    'reply = decode(bytes(await client.get("/v1/balance", Raw)), wire.WireBalance)',
    "from msgspec import Raw\nfrom billfold.wire import decode",
)
YIELD_BALANCE = "yield Reading((parse.balance(reply, client.now()),))"
# An invoice without an id is one all the same.
REQUIRED = (
    "    id: str\n    number: str\n    binding: bool\n    status: str\n    total: Decimal\n"
    "    currency: str\n"
)
NOTHING_REQUIRED = (
    "    total: Decimal\n    id: str = '-'\n    number: str = '-'\n    binding: bool = False\n"
    "    status: str = ''\n    currency: str = 'EUR'\n"
)

UNREAD = {
    "an amount dropped by an own decoding": Bug(
        "client",
        BALANCE,
        BY_ITSELF[0],
        "unread-amounts",
        r"law 11.*balances with new money in \$ of /v1/balance is shop complete",
        BY_ITSELF[1],
    ),
    "rows dropped by an own decoding": Bug(
        "client", BALANCE, BY_ITSELF[0], "unread-rows", "law 11", BY_ITSELF[1]
    ),
    "rows called known": Bug(
        "wire",
        '"""``GET /v1/balance``: whole units of a currency, prepaid."""\n',
        '"""A balance."""\n\n    not_read = frozenset({"billfold_new_credits"})\n',
        "unread-rows",
        "law 11",
    ),
    "a field as it comes, and nothing said of it": Bug(
        "wire",
        "    amount: Decimal\n    currency: str\n\n\nclass WireLine(",
        "    amount: Decimal\n    currency: str\n    billfold_new_credits: Raw = Raw()\n\n\n"
        "class WireLine(",
        "unread-rows",
        "law 11",
        "from msgspec import Raw",
    ),
    "a hole made of a single amount": Bug(
        "client",
        YIELD_BALANCE,
        "state = State.PARTIAL if list(client.remarks) else State.COMPLETE\n"
        "        yield Reading((parse.balance(reply, client.now()),), state=state)",
        "unread-amounts",
        "law 11.*is shop partial",
    ),
    "further pages not seen by an own decoding": Bug(
        "client",
        BALANCE,
        BY_ITSELF[0],
        "announced-pages",
        "law 11.*/v1/balance announces more pages by 'token'",
        BY_ITSELF[1],
    ),
    "what a reply does not know not seen by an own decoding": Bug(
        "client",
        BALANCE,
        BY_ITSELF[0],
        "known-until",
        "law 11.*balances, where /v1/balance is known until 2026-10-11T00:00:00Z",
        BY_ITSELF[1],
    ),
    "that a reply is not ready taken into a shape, and not read": Bug(
        "wire",
        "    days: tuple[WireDay, ...]\n    currency: str\n",
        "    days: tuple[WireDay, ...]\n    currency: str\n    status: str = ''\n",
        "not-ready",
        "law 11.*daily, where /v1/days says {'status': 'processing'}, is shop complete",
    ),
    "that a reply failed taken into a shape, and not read": Bug(
        "wire",
        "    days: tuple[WireDay, ...]\n    currency: str\n",
        '    days: tuple[WireDay, ...]\n    currency: str\n    status: Literal["", "error"] = ""\n',
        "not-ready",
        "law 11.*daily, where /v1/days says {'status': 'error', .*}, is shop complete",
        "from typing import Literal",
    ),
    "what went wrong taken into a shape, and not read": Bug(
        "wire",
        "    days: tuple[WireDay, ...]\n    currency: str\n",
        '    days: tuple[WireDay, ...]\n    currency: str\n    error_message: str = ""\n',
        "not-ready",
        "law 11.*daily, where /v1/days says {'error_message': .*}, is shop complete",
    ),
    "what is about the reply taken into a shape, and not read": Bug(
        "wire",
        "    days: tuple[WireDay, ...]\n    currency: str\n",
        "    days: tuple[WireDay, ...]\n    currency: str\n    meta: dict[str, object] | None = None\n",
        "not-ready",
        "law 11.*daily, where /v1/days says {'meta': {'state': .*}}, is shop complete",
    ),
    "what pages say is not passed on": Bug(
        "client",
        "yield Reading((usage,), window, state, pages.note)",
        "yield Reading((usage,), window)",
        "announced-pages",
        "law 11.*/v1/lines announces more pages by 'link'",
    ),
    "the currency of another key taken into a shape, and not read": Bug(
        "wire",
        "    date: date\n    cost: Decimal\n",
        "    date: date\n    cost: Decimal\n    invoice_currency: str = ''\n",
        "other-currencies",
        r"law 11.*daily with new money in \$.days\[\] of /v1/days is shop complete",
    ),
    "that a row is void taken into a shape, and not read": Bug(
        "wire",
        "    date: date\n    cost: Decimal\n",
        "    date: date\n    cost: Decimal\n    voided: bool = False\n",
        "void-rows",
        r"law 11.*daily with new money in \$.days\[\] of /v1/days is shop complete",
    ),
    "that a row was refunded taken into a shape, and not read": Bug(
        "wire",
        "    date: date\n    cost: Decimal\n",
        "    date: date\n    cost: Decimal\n    refund_id: str = ''\n",
        "void-rows",
        r"law 11.*daily with new money in \$.days\[\] of /v1/days is shop complete",
    ),
    "when a row was voided taken into a shape, and not read": Bug(
        "wire",
        "    date: date\n    cost: Decimal\n",
        "    date: date\n    cost: Decimal\n    status_transitions: dict[str, str] = {}\n",
        "void-rows",
        r"law 11.*daily with new money in \$.days\[\] of /v1/days is shop complete",
    ),
    "how much of a row was refunded taken into a shape, and not read": Bug(
        "wire",
        "    date: date\n    cost: Decimal\n",
        "    date: date\n    cost: Decimal\n    amount_refunded: Decimal = Decimal(0)\n",
        "void-rows",
        r"law 11.*daily with new money in \$.days\[\] of /v1/days is shop complete",
    ),
    "a row that adds up the others taken for one of them": Bug(
        "wire",
        REQUIRED,
        NOTHING_REQUIRED,
        "total-rows",
        r"law 11.*invoices of 2026-10 with new money in \$.invoices of .* complete, and adds up",
    ),
    "a row that adds up the others left out at their end alone": Bug(
        "parse",
        'parse_rows("$.invoices", reply.invoices, invoice)',
        'parse_rows("$.invoices", reply.invoices[: -1 if reply.invoices[-1].id == "-" else None], '
        "invoice)",
        "total-rows",
        r"law 11.*invoices of 2026-10 with new money in \$.invoices of .* complete, and adds up",
        also=(("wire", REQUIRED, NOTHING_REQUIRED),),
    ),
    "an error under 200 taken for nothing": Bug(
        "wire",
        "    amount: Decimal\n    currency: str\n\n\nclass WireLine(",
        "    amount: Decimal = Decimal(0)\n    currency: str = 'EUR'\n\n\nclass WireLine(",
        "fault error-200",
        "law 4",
    ),
}
