"""A reconciliation as JSON."""

import json

from billfold import Answer, Check, Coverage, State, Stream
from billfold.reconcile import Views, compare, documents
from support.costs import OCTOBER, charge, money
from support.reconciliation import used


def test_an_identity_has_its_gap_and_whether_it_holds() -> None:
    check = Check("total vs. lines", money("2.50 EUR"), money("1.00 EUR"))
    coverage = (Coverage("ci", "harmont", Stream.USAGE, State.COMPLETE, OCTOBER),)
    views = Views(
        Answer(Stream.USAGE, OCTOBER, (used(charge("1.00 EUR"), checks=(check,)),), coverage),
        Answer(Stream.DAILY, OCTOBER, (), ()),
        Answer(Stream.LEDGER, OCTOBER, (), ()),
        Answer(Stream.BALANCES, OCTOBER, (), ()),
        Answer(Stream.INVOICES, OCTOBER, (), ()),
    )
    document = documents.reconciliation(compare(OCTOBER, views))
    october = {"start": "2026-10-01T00:00:00Z", "end": "2026-11-01T00:00:00Z"}
    assert json.loads(json.dumps(document)) == {
        "schema": "billfold.reconciliation/1",
        "asked": {"period": october},
        "holds": False,
        "identities": [
            {
                "account": "ci",
                "provider": "harmont",
                "name": "total vs. lines",
                "period": october,
                "stated": {"amount": "2.50", "currency": "EUR"},
                "computed": {"amount": "1.00", "currency": "EUR"},
                "cause": "unknown",
                "evidence": [],
                "gap": {"amount": "1.50", "currency": "EUR"},
                "holds": False,
            }
        ],
        "coverage": [
            {
                "account": "ci",
                "provider": "harmont",
                "stream": "usage",
                "state": "complete",
                "covers": october,
                "detail": None,
                "part": None,
            }
        ],
        "failures": [],
    }
