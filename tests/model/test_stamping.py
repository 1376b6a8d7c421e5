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
    records = stamp((usage(), Credential("Ada")), provider="acme", account="ci")
    whose = [(record.provider, record.account) for record in (*records, *records[0].charges)]
    assert whose == [("acme", "ci")] * 3


def test_it_is_equal_to_one_made_with_them_and_as_frozen() -> None:
    record = Credential("Ada")
    assert stamp((record,), provider="acme", account="ci")[0] is record
    assert record == Credential("Ada", provider="acme", account="ci")
    assert hash(record) == hash(Credential("Ada", provider="acme", account="ci"))
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        record.account = "other"  # type: ignore[misc]


def test_a_record_that_is_somebodys_already_stays_theirs() -> None:
    shared = usage()
    (first,) = stamp((shared,), provider="acme", account="ci")
    (second,) = stamp((shared,), provider="acme", account="metal")
    assert (first.account, first.charges[0].account) == ("ci", "ci")
    assert (second.account, second.charges[0].account) == ("metal", "metal")
    assert stamp((first,), provider="acme", account="ci")[0] is first


def test_a_charge_that_is_shared_by_two_usages_is_each_ones_own() -> None:
    charge = usage().charges[0]
    first, second = Usage(None, OCTOBER, (charge,)), Usage(None, OCTOBER, (charge,))
    (first,) = stamp((first,), provider="acme", account="ci")
    (second,) = stamp((second,), provider="acme", account="metal")
    assert (first.charges[0].account, second.charges[0].account) == ("ci", "metal")
