"""More bugs to plant: in windows, invoices, single records, and in what is declared."""

from conformance.bugs import LINES, OTHERS_LEFT_OUT, OTHERS_TOLD, Bug

INVOICES = "if kind in (None, invoice.kind) and bills_in(invoice, period)"
ONE_INVOICE = "return Reading((parse.invoice(await client.get(path, wire.WireInvoice)),))"
BILLED_BY_DATE = """if kind in (None, invoice.kind)
            and (period is None or (invoice.issued_on and midnight(invoice.issued_on) in period))"""
HABITS = 'enums=frozenset({"product", "status"}),'

OTHER_DAYS_LEFT_OUT = (
    "client",
    "parse.within(window, parse.daily(reply))",
    "parse.daily(reply)",
)
NONE_MISSED = (
    "client",
    "if missing := parse.missing(days, window, client.now())",
    "if missing := ()",
)

NO_ID_NEEDED = (
    ("wire", "    id: str\n    started_at", "    started_at"),
    (
        "wire",
        "    cost: Decimal\n    hours: Cosmetic[Decimal] = None",
        "    cost: Decimal\n    id: str = ''\n    hours: Cosmetic[Decimal] = None",
    ),
)
NAMELESS = {
    "rows without an id under one": Bug(
        "client",
        "row_id=lambda line: line.id",
        "row_id=lambda line, n=iter(range(10**6)): line.id or f'line {next(n)}'",
        "rows-without-id",
        r"law 3.*usage, whose rows in \$.items of /v1/lines have no id.* share the id",
        also=NO_ID_NEEDED,
    ),
    "rows without an id that are alike taken for one": Bug(
        "client",
        "row_id=lambda line: line.id",
        "row_id=lambda line: line.id or repr(line)",
        "rows-without-id",
        "law 3.*usage, whose rows .* and two rows that are alike are one",
        also=(*NO_ID_NEEDED, ("parse", "id=line.id", "id=line.id or repr(line)")),
    ),
    "rows without an id left out in silence": Bug(
        "client",
        LINES,
        LINES.replace("in rows]", "in rows if line.id]"),
        "rows-without-id",
        "law 3.*usage, whose rows .* with fewer records",
        also=(*NO_ID_NEEDED, ("client", "lambda line: line.id", "lambda line: repr(line)")),
    ),
}

WINDOWS = {
    "lines of another window counted": Bug(
        *OTHERS_LEFT_OUT,
        "window-kept",
        "law 7.*with a charge of",
        also=(OTHERS_TOLD,),
    ),
    "days of another window counted": Bug(
        *OTHER_DAYS_LEFT_OUT, "window-kept", "law 7.*with the day 2026"
    ),
    "a bill of another window taken for this one's": Bug(
        "client",
        "Reading((), window, State.PARTIAL, outside)",
        "Reading((), window, detail=outside)",
        "window-kept",
        "law 11.*usage of 2026-10, answered for more time",
    ),
    "a bill of another month taken for this one's": Bug(
        *OTHERS_TOLD,
        "window-of-another",
        "law 11.*usage of 2026-09, answered for 2026-10, is .*",
    ),
    "the period of usage ignored": Bug(
        "client",
        "query = _bounds(window)",
        "query = _bounds(Period.month_of(client.now()))",
        "covered",
        "law 7.*with a charge of",
        also=(OTHERS_LEFT_OUT, OTHERS_TOLD),
    ),
    "the period of usage ignored, and no window named": Bug(
        "client",
        "query = _bounds(window)",
        "window = Period.month_of(client.now())\n        query = _bounds(window)",
        "covered",
        "law 7.*with usage of 2026-11",
        also=(("client", "(usage,), window, state", "(usage,), None, state"),),
    ),
    "the period of days ignored": Bug(
        "client",
        "wire.WireDays, _bounds(window)",
        "wire.WireDays, _bounds(Period.month_of(client.now()))",
        "covered",
        "law 7.*with the day 2026-11",
        also=(OTHER_DAYS_LEFT_OUT, NONE_MISSED),
    ),
    "the period of days ignored, and no window named": Bug(
        "client",
        "wire.WireDays, _bounds(window)",
        "wire.WireDays, _bounds(Period.month_of(client.now()))",
        "covered",
        "law 7.*with the day 2026-11",
        also=(
            OTHER_DAYS_LEFT_OUT,
            NONE_MISSED,
            ("client", "Reading(days, window)", "Reading(days)"),
        ),
    ),
    "a balance that depends on the account's name": Bug(
        "client",
        "parse.balance(reply, client.now())",
        "evolve(parse.balance(reply, client.now()), scope=client.account)",
        "overlapping",
        "law 3, each cent once: balances of one account that is configured twice",
        imports="from attrs import evolve",
    ),
    "days whose bill payer depends on the account's name": Bug(
        "client",
        "parse.daily(reply)",
        "tuple(evolve(day, billing_account_id=client.account) for day in parse.daily(reply))",
        "overlapping",
        "law 3, each cent once: daily of one account that is configured twice",
        imports="from attrs import evolve",
    ),
    "the period of the ledger ignored": Bug(
        "parse",
        "if period is None or each.at in period",
        "if each",
        "covered",
        "law 7.*with an entry of",
    ),
    "a ledger whose windows share a moment": Bug(
        "parse",
        "each.at in period",
        "period.start <= each.at <= period.end",
        "split",
        "law 7.*with an entry of",
    ),
    "a ledger whose windows leave out a moment": Bug(
        "parse",
        "each.at in period",
        "period.start < each.at < period.end",
        "split",
        "law 7, windows add up",
    ),
    "a window answered with another's records": Bug(
        "client",
        "wire.WireDays, _bounds(window)",
        "wire.WireDays, _bounds(Period.day(window.start.date()))",
        "split",
        "law 7.*cut at",
        also=(NONE_MISSED,),
    ),
}

INVOICE_BUGS = {
    "the kind of invoices ignored": Bug(
        "client",
        INVOICES,
        "if bills_in(invoice, period)",
        "invoice-kinds",
        "law 3.*metering invoices: inv-.* are of another kind",
    ),
    "a kind of invoices left out": Bug(
        "client",
        INVOICES,
        "if kind is not InvoiceKind.LEGAL and bills_in(invoice, period)",
        "invoice-kinds",
        "law 3.*of another kind",
    ),
    "invoices left out where a kind is asked": Bug(
        "client",
        INVOICES,
        "if kind is None and bills_in(invoice, period)",
        "invoice-kinds",
        "law 3.*metering invoices: .* are missing",
    ),
    "the period of invoices ignored": Bug(
        "client",
        INVOICES,
        "if kind in (None, invoice.kind)",
        "invoice-periods",
        "law 7.*do not belong there",
    ),
    "invoices by the date they were issued": Bug(
        "client",
        INVOICES,
        BILLED_BY_DATE,
        "invoice-periods",
        "law 7.*invoices of 2026-10: .* are missing",
        "from billfold.period import midnight",
    ),
    "an invoice without a date left out": Bug(
        "client",
        INVOICES,
        f"{INVOICES} and (period is None or invoice.issued_on)",
        "invoice-periods",
        "law 7.*inv-fee are missing",
    ),
    "another invoice": Bug(
        "client",
        "segment(invoice_id)",
        "segment('F-1')",
        "single-invoices",
        "is read as legal inv-fee",
    ),
    "an invoice with another total": Bug(
        "client",
        ONE_INVOICE,
        "invoice = parse.invoice(await client.get(path, wire.WireInvoice))\n"
        "        return Reading((evolve(invoice, total=invoice.total + invoice.total),))",
        "single-invoices",
        "in the list, and .* alone",
        "from attrs import evolve",
    ),
    "an invoice that counts alone and not in the list": Bug(
        "client",
        ONE_INVOICE,
        "invoice = parse.invoice(await client.get(path, wire.WireInvoice))\n"
        "        return Reading((evolve(invoice, counts=not invoice.counts),))",
        "single-invoices",
        "law 4.*counts in the list, and not alone",
        "from attrs import evolve",
    ),
    "an invoice that only the list knows to be cancelled": Bug(
        "client",
        "for invoice in parse.invoices(reply)",
        "for invoice in (evolve(one, cancelled_by='S-1') for one in parse.invoices(reply))",
        "single-invoices",
        "law 4.*is cancelled by 'S-1' in the list, and by None alone",
        "from attrs import evolve",
    ),
    "a correction that only the list knows to be one": Bug(
        "client",
        "for invoice in parse.invoices(reply)",
        "for invoice in (evolve(one, corrects='I-1') for one in parse.invoices(reply))",
        "single-invoices",
        "law 4.*corrects 'I-1' in the list, and None alone",
        "from attrs import evolve",
    ),
    "a correction that names what it corrects by its number": Bug(
        "parse",
        "number=row.number,",
        "number='R-' + row.id,\n        corrects='R-' + row.id,",
        "single-invoices",
        "law 4.*corrects 'R-.*', which is the number of another",
    ),
    "a correction of itself": Bug(
        "parse",
        "number=row.number,",
        "number=row.number,\n        corrects=row.id,",
        "single-invoices",
        "law 4.*, which is itself",
    ),
    "an invoice that cannot be read alone": Bug(
        "client",
        ONE_INVOICE,
        "return {}[invoice_id]",
        "single-invoices",
        "is listed, and cannot be read: KeyError",
    ),
    "an invoice that is made up": Bug(
        "client",
        ONE_INVOICE,
        f"try:\n            {ONE_INVOICE}\n"
        "        except NotFoundError:\n"
        "            return Reading((Invoice(invoice_id, InvoiceKind.LEGAL, None),))",
        "single-invoices",
        "that is not there is answered with",
        "from billfold.adapter import NotFoundError",
    ),
    "an invoice that is not there ends in a traceback": Bug(
        "client",
        ONE_INVOICE,
        f"try:\n            {ONE_INVOICE}\n"
        "        except NotFoundError:\n            raise KeyError(invoice_id) from None",
        "single-invoices",
        "that is not there ends in KeyError",
        "from billfold.adapter import NotFoundError",
    ),
    "an invoice that is not there is drift": Bug(
        "client",
        ONE_INVOICE,
        f"try:\n            {ONE_INVOICE}\n"
        "        except NotFoundError:\n            raise DriftError(invoice_id) from None",
        "single-invoices",
        "that is not there fails by DriftError",
        "from billfold.adapter import DriftError, NotFoundError",
    ),
}

DECLARED = {
    "a period by another name": Bug(
        "client",
        "async def ledger(self, client: Client, period: Period | None)",
        "async def ledger(self, client: Client, window: Period | None, period: None = None)",
        "methods",
        "ledger takes .self, client, window, period. and should take .self, client, period.",
    ),
    "readings returned and not yielded": Bug(
        "client",
        "yield Reading((parse.balance(reply, client.now()),))",
        "return Reading((parse.balance(reply, client.now()),))",
        "methods",
        "balances returns its readings",
    ),
    "a simulator that reads another authentication": Bug(
        "client",
        "problem=parse.problem,",
        "problem=parse.problem, auth=ApiKey('X-Key'),",
        "methods",
        "the simulator reads Bearer.*the adapter sends ApiKey",
        "from billfold.adapter import ApiKey",
    ),
    "a simulator of another provider": Bug(
        "simulator",
        '"acme",\n        SAMPLES',
        '"acne",\n        SAMPLES',
        "methods",
        "is of 'acne'",
    ),
    "an error body that is not read": Bug(
        "parse",
        "except DriftError:\n        return Problem()",
        "except ZeroDivisionError:\n        return Problem()",
        "methods",
        "Declaration.problem, given b'', raises DriftError",
    ),
    "an error body that gives nothing": Bug(
        "parse",
        "except DriftError:\n        return Problem()",
        "except DriftError:\n        return None",
        "methods",
        "Declaration.problem, given b'', returns None",
    ),
    "an adapter that offers nothing": Bug(
        "client",
        "async def balances(",
        "async def balance(",
        "methods",
        "Acme has no method for any stream",
        also=(
            ("client", "async def usage(", "async def use("),
            ("client", "async def daily(", "async def day("),
            ("client", "async def ledger(", "async def entries("),
            ("client", "async def invoices(", "async def bills("),
        ),
    ),
    "a record that accounts share": Bug(
        "client",
        "yield Reading((parse.balance(reply, client.now()),))",
        "_KEPT.append(parse.balance(reply, client.now()))\n        yield Reading((_KEPT[0],))",
        "exact",
        "law 1",
        "_KEPT = []",
    ),
    "a charge of another project": Bug(
        "parse",
        "description=line.note,",
        "description=line.note, sub_account_id=line.product,",
        "owned",
        "law 5.*has the sub_account_id 'Anvil M' in a usage of 'p1'",
        also=(
            (
                "parse",
                "charges, stated_total=stated)",
                "charges, stated_total=stated, sub_account_id='p1')",
            ),
        ),
    ),
    "amounts by names that are not declared": Bug(
        "simulator",
        HABITS,
        f"{HABITS} amounts=re.compile('betrag'),",
        "habits",
        "balances has money, and Habits.amounts matches none of the keys amount",
        "import re",
    ),
    "open sets by names that are not declared": Bug(
        "simulator",
        HABITS,
        'enums=frozenset({"colour"}),',
        "habits",
        "no reply has a text under any of the keys of Habits.enums .colour.",
    ),
    "pages of a route that is not served": Bug(
        "simulator",
        'PagedRoute("/v1/lines", ',
        'PagedRoute("/v1/line", ',
        "habits",
        "the simulation has no route /v1/line",
    ),
    "pages whose rows have another key": Bug(
        "simulator",
        'PagedRoute("/v1/lines", "items"',
        'PagedRoute("/v1/lines", "rows"',
        "habits",
        "the replies of /v1/lines have no list under 'rows'",
    ),
    "a query of a route that is not served": Bug(
        "simulator",
        HABITS,
        f'{HABITS} queries=frozenset({{"/v1/query"}}),',
        "habits",
        "the simulation has no route /v1/query",
    ),
}
