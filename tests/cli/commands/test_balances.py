"""``billfold balances``: a total that misses something is marked."""

import pytest


@pytest.mark.usefixtures("two_accounts")
def test_a_partial_table_marks_its_total_and_dims_the_hole(billfold) -> None:
    lines = billfold("balances").out.splitlines()
    assert lines[3].split() == ["good", "harmont", "acme", "prepaid", "12.34", "USD"]
    assert lines[4].split() == ["bad", "failed", "*"]
    assert lines[6].split() == ["Total", "prepaid", "12.34", "USD", "*"]
