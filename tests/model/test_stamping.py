"""Whose a record is, written by the core."""

from decimal import Decimal

import attrs
import pytest

from billfold import Category, Charge, Credential, Money, Period, Usage
from billfold.model import stamp

OCTOBER = Period.month(2026, 10)


def usage() -> Usage:
    charge = Charge("c1", Category.USAGE, OCTOBER, "Compute", Money(Decimal(1), "EUR"))
    return Usage(None, OCTOBER, (charge,))


def test_a_record_and_the_charges_of_a_usage_get_both_names() -> None:
    records = (usage(), Credential("Ada"))
    stamp(records, provider="acme", account="ci")
    whose = [(record.provider, record.account) for record in (*records, *records[0].charges)]
    assert whose == [("acme", "ci")] * 3


def test_it_is_equal_to_one_made_with_them_and_as_frozen() -> None:
    record = Credential("Ada")
    stamp((record,), provider="acme", account="ci")
    assert record == Credential("Ada", provider="acme", account="ci")
    assert hash(record) == hash(Credential("Ada", provider="acme", account="ci"))
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        record.account = "other"  # type: ignore[misc]
