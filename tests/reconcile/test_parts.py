"""Billing accounts are compared one by one: what fails or counts elsewhere is another's."""

from attrs import evolve

from billfold import Answer, Coverage, State, Stream
from billfold.reconcile import Reconciliation, Views, compare
from support.costs import OCTOBER
from support.reconciliation import NOON, STREAMS, coverage, debit, lease, used

USAGE = evolve(
    used(lease("7.00 USD", NOON)), billing_account_id="acme", billing_account_name="acme"
)
DEBIT = evolve(debit("-7.00 USD", NOON), billing_account_id="acme")
ROWS = coverage(State.COMPLETE, *STREAMS[:4])
DEBITS = "ledger debits vs. usage"


def reconciled(*rows: Coverage, usage: object = USAGE, entry: object = DEBIT) -> Reconciliation:
    items = {Stream.USAGE: (usage,), Stream.LEDGER: (entry,)}
    answers = (
        Answer(
            stream,
            OCTOBER,
            items.get(stream, ()),
            tuple(row for row in rows if row.stream is stream),
        )
        for stream in STREAMS
    )
    return compare(OCTOBER, Views(*answers))


def debits(result: Reconciliation) -> list[tuple[str, str, str, bool]]:
    return [
        (row.account, str(row.stated), str(row.computed), row.holds)
        for row in result.identities
        if row.name == DEBITS
    ]


def test_an_organization_that_failed_leaves_the_others_compared() -> None:
    holes = [evolve(row, state=State.PARTIAL, part="beta") for row in ROWS]
    result = reconciled(*holes)
    assert debits(result) == [("ci", "7.00 USD", "7.00 USD", True)]
    assert (result.not_compared, result.holds) == ((), False)


def test_a_part_that_may_be_the_organizations_own_is_not_compared_over() -> None:
    usage, *others = ROWS
    result = reconciled(evolve(usage, state=State.PARTIAL, part="web"), *others)
    assert debits(result) == []
    (named,) = [row for row in result.not_compared if row.name == DEBITS]
    assert (str(named.amount), named.reason) == ("7.00 USD", "usage partial")


def test_what_counts_in_another_account_is_no_gap_of_this_one() -> None:
    # two reaches acme, too: its usage counts in ci, whose token may not read the ledger
    first = [
        evolve(row, state=State.FAILED) if row.stream is Stream.LEDGER else row for row in ROWS
    ]
    second = [
        evolve(row, account="two", counted_in=() if row.stream is Stream.LEDGER else ("ci",))
        for row in ROWS
    ]
    result = reconciled(*first, *second, entry=evolve(DEBIT, account="two"))
    assert debits(result) == []
    assert [
        (row.account, str(row.amount), row.reason)
        for row in result.not_compared
        if row.name == DEBITS
    ] == [
        ("ci", "7.00 USD", "ledger failed"),
        ("two", "7.00 USD", "usage of acme counts in another account"),
    ]
