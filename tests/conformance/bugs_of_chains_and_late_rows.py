"""More bugs to plant: in documents that take each other back, and in rows that come late."""

from conformance.bugs import OTHERS_LEFT_OUT, OTHERS_TOLD, Bug

ROWS = "for invoice in parse.invoices(reply)"
# A fee of 1.19, what takes it back, and what takes that back: 1.19 are asked for.
CHAIN = """from attrs import evolve


def chained(invoices):
    fee, *others = invoices
    storno = evolve(fee, id="S-1", number="S-1", total=-fee.total, corrects={first!r})
    again = evolve(fee, id="S-2", number="S-2", corrects="S-1")
    return evolve(fee, cancelled_by={by!r}), storno, again, *others

"""
IN_THE_END = "return [at for at in times if at < end and at in window]"
TWO_DAYS_LATE = f"{IN_THE_END[:-1]} and at + 2 * _DAY <= self.now]"
DECLARED = """problem=parse.problem,
        late_data={Stream.USAGE: LateData(timedelta(hours=1), "lines come late")},"""
DECLARED_IN_TIME = DECLARED.replace("hours=1", "days=3")
LATE_DATA = "from datetime import timedelta\n\nfrom billfold.adapter import LateData"
WINDOW = '("from", utc_text(window.start)), ("to", utc_text(window.end))'
NOTHING_CAME = "law 4.*usage of 2026-10, as it is at 2026-11-01 01:00, .*: nothing came late"

CHAINS_AND_LATE_ROWS = {
    "what took an invoice back by its number": Bug(
        "parse",
        "number=row.number,",
        "number='R-' + row.id,\n        cancelled_by='R-inv-2026-09',",
        "invoice-chains",
        "law 4.*is cancelled by 'R-inv-2026-09', which is the number of another",
    ),
    "an invoice that took itself back": Bug(
        "parse",
        "number=row.number,",
        "number=row.number,\n        cancelled_by=row.id,",
        "invoice-chains",
        "law 4.*, which is itself",
    ),
    "an invoice that counts beside what took it back, which does not": Bug(
        "parse",
        "counts=row.status not in _NO_BILLS,",
        "counts=row.id != 'inv-fee',\n"
        "        cancelled_by=None if row.id == 'inv-fee' else 'inv-fee',",
        "invoice-chains",
        "law 4.*is cancelled by 'inv-fee', which does not count as it does",
    ),
    "an invoice called cancelled whose cancellation was": Bug(
        "client",
        ROWS,
        ROWS.replace("parse.invoices(reply)", "chained(parse.invoices(reply))"),
        "invoice-chains",
        "law 4.*invoice inv-fee is cancelled by 'S-1', which was taken back by 'S-2'",
        CHAIN.format(first="inv-fee", by="S-1"),
    ),
    "corrections of each other": Bug(
        "client",
        ROWS,
        ROWS.replace("parse.invoices(reply)", "chained(parse.invoices(reply))"),
        "invoice-chains",
        "law 4.*invoice S-1 corrects itself by way of S-2",
        CHAIN.format(first="S-2", by=None),
    ),
    "lines that come two days late, and are not said to": Bug(
        "simulator_data",
        IN_THE_END,
        TWO_DAYS_LATE,
        "late-rows",
        "law 4.*usage of 2026-10, as it is at 2026-11-01 01:00 and again later, with other records",
    ),
    "lines that come later than is said": Bug(
        "client",
        "problem=parse.problem,",
        DECLARED,
        "late-rows",
        "law 4.*usage of 2026-10, as it is at 2026-11-01 02:00 and again later, with other records",
        LATE_DATA,
        also=(("simulator_data", IN_THE_END, TWO_DAYS_LATE),),
    ),
    "lines that come late and are dropped": Bug(
        "client",
        WINDOW,
        WINDOW.replace("window.end", "window.end - timedelta(days=2)"),
        "late-rows",
        NOTHING_CAME,
        LATE_DATA,
        also=(
            ("client", "problem=parse.problem,", DECLARED_IN_TIME),
            ("simulator_data", IN_THE_END, TWO_DAYS_LATE),
        ),
    ),
    "lines that come late and are booked in the month in which they come": Bug(
        "client",
        WINDOW,
        WINDOW.replace("window.", "-timedelta(days=2) + window."),
        "late-rows",
        NOTHING_CAME,
        LATE_DATA,
        also=(
            OTHERS_LEFT_OUT,
            OTHERS_TOLD,
            ("client", "problem=parse.problem,", DECLARED_IN_TIME),
            ("simulator_data", IN_THE_END, TWO_DAYS_LATE),
        ),
    ),
}
