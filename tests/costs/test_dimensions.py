"""What lines are grouped by."""

from datetime import date

import pytest

from billfold import Charge, ConfigError, Period
from billfold.costs.dimensions import dimension, group_lines
from billfold.costs.lines import charged_lines
from support.costs import answer, charge


def value(name: str, charge: Charge) -> str:
    (line,) = charged_lines(answer(charge))
    return dimension(name)(line)


def test_an_unknown_dimension_lists_the_known() -> None:
    known = "'flavour' is not a dimension; there are provider, account"
    for name in ("flavour", "tag:"):
        with pytest.raises(ConfigError, match="is not a dimension; there are provider, account"):
            dimension(name)
    with pytest.raises(ConfigError, match=known):
        group_lines((), ["provider", "flavour"])


def test_a_name_comes_before_an_id() -> None:
    for name in ("billing_account", "sub_account", "resource"):
        id_alone = charge("1 EUR", **{f"{name}_id": "id-1"})
        named = charge("1 EUR", **{f"{name}_id": "id-1", f"{name}_name": "web"})
        assert (value(name, id_alone), value(name, named)) == ("id-1", "web")


def test_a_charge_over_several_months_is_booked_where_it_begins() -> None:
    assert value("month", charge("1 EUR", day=date(2026, 10, 31))) == "2026-10"
    assert value("month", charge("1 EUR")) == "2026-10"
    quarter = charge("1 EUR", period=Period.parse("2026-10..2027-01"))
    assert value("month", quarter) == "2026-10"
