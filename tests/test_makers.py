"""Nothing tells a record that a maker made from one that its class made."""

import copy
import pickle
import sys
import weakref
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import attrs
import pytest
from attrs.exceptions import FrozenInstanceError

from billfold import Category, Charge, Check, LedgerEntry, Money, Period, PeriodError, State, Usage
from billfold.adapter import Reading
from billfold.makers import maker
from billfold.model import make_charge, make_entry
from billfold.period import between, utc

OCTOBER = Period.month(2026, 10)
TEN = Money(Decimal("10.50"), "USD")
NOW = datetime(2026, 10, 3, 12, tzinfo=UTC)
FULL = {
    "provider": "harmont",
    "account": "ci",
    "billing_account_id": "acme",
    "billing_account_name": "Acme",
    "sub_account_id": "p1",
    "sub_account_name": "web",
    "description": "a lease",
    "resource_id": "vm-1",
    "resource_name": "vm one",
    "resource_type": "vm",
    "quantity": Decimal("2.50"),
    "unit": "hour",
    "unit_price": TEN,
    "list_cost": TEN,
    "included_in": "other",
    "derived": True,
    "reason": "why",
    "tags": {"step": "test"},
    "invoice_id": "R-1",
    "day": date(2026, 10, 3),
    "source": "GET /x#/1",
}
MADE: list[tuple[Any, Any, tuple[Any, ...], dict[str, Any]]] = [
    (make_charge, Charge, ("one", Category.USAGE, OCTOBER, "machines", TEN), {}),
    (make_charge, Charge, ("one", Category.USAGE, OCTOBER, "machines", None), FULL),
    (make_entry, LedgerEntry, ("one", NOW, TEN, "debit"), {}),
    (make_entry, LedgerEntry, ("one", NOW, TEN, "debit", "text", "acme", True), {}),
    (maker(Money), Money, (Decimal("1.00"), "EUR"), {}),
    (maker(Reading), Reading, ((), OCTOBER), {}),
    (maker(Reading), Reading, (("one",), OCTOBER, State.PARTIAL, "text"), {"part": "web"}),
    (maker(Period), Period, (NOW, NOW + timedelta(hours=1)), {}),
    (maker(Usage), Usage, (None, OCTOBER, ()), {}),
]
KINDS = [f"{kind.__name__}-{len(named)}" for _, kind, _, named in MADE]


@pytest.mark.parametrize(("make", "kind", "given", "named"), MADE, ids=KINDS)
class TestMade:
    def test_it_equals_what_its_class_makes(
        self, make: Any, kind: Any, given: Any, named: Any
    ) -> None:
        made, real = make(*given, **named), kind(*given, **named)
        assert type(made) is kind
        assert made == real
        assert hash(made) == hash(real)
        assert repr(made) == repr(real)
        assert [getattr(made, each.name) for each in attrs.fields(kind)] == [
            getattr(real, each.name) for each in attrs.fields(kind)
        ]

    def test_it_is_frozen(self, make: Any, kind: Any, given: Any, named: Any) -> None:
        made = make(*given, **named)
        for each in attrs.fields(kind):
            with pytest.raises(FrozenInstanceError):
                setattr(made, each.name, None)
            with pytest.raises(FrozenInstanceError):
                delattr(made, each.name)
        with pytest.raises(FrozenInstanceError):
            made.anything = 1
        assert made == kind(*given, **named)

    def test_it_survives_pickle_copies_and_changes_of_a_field(
        self, make: Any, kind: Any, given: Any, named: Any
    ) -> None:
        made, real = make(*given, **named), kind(*given, **named)
        assert pickle.dumps(made) == pickle.dumps(real)
        for again in (pickle.loads(pickle.dumps(made)), copy.copy(made), copy.deepcopy(made)):
            assert again == real
            assert type(again) is kind
        assert attrs.evolve(made) == real

    def test_it_takes_the_same_room_and_a_weak_reference(
        self, make: Any, kind: Any, given: Any, named: Any
    ) -> None:
        made, real = make(*given, **named), kind(*given, **named)
        assert sys.getsizeof(made) == sys.getsizeof(real)
        assert not hasattr(made, "__dict__")
        assert weakref.ref(made)() is made


def test_a_usage_with_other_lines_is_the_same_in_all_else() -> None:
    check = Check("lines and total", TEN, TEN)
    charge = make_charge("one", Category.USAGE, OCTOBER, "machines", TEN)
    payer = {"billing_account_id": "acme", "billing_account_name": "Acme"}
    project = {"sub_account_id": "p1", "sub_account_name": "web"}
    known = {"stated_total": TEN, "unchecked": ("tax",), "known_until": NOW, "since": NOW}
    whose = {"provider": "harmont", "account": "ci"}
    usage = Usage(OCTOBER, OCTOBER, (), **payer, **project, **known, **whose)
    other = usage.with_lines((charge,), (check,))
    assert attrs.asdict(other, recurse=False) == {
        **attrs.asdict(usage, recurse=False),
        "charges": (charge,),
        "checks": (check,),
    }


def test_tags_that_are_left_out_are_each_charges_own() -> None:
    one, other = (make_charge("one", Category.USAGE, OCTOBER, "machines", TEN) for _ in "ab")
    assert one.tags == {}
    assert one.tags is not other.tags


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: make_charge("one", Category.USAGE, OCTOBER, "machines"),  # type: ignore[call-arg]
        lambda: make_charge("one", Category.USAGE, OCTOBER, "machines", TEN, colour="red"),  # type: ignore[call-arg]
    ],
)
def test_wrong_arguments_are_refused_as_the_class_refuses_them(wrong: Callable[[], Any]) -> None:
    with pytest.raises(TypeError):
        wrong()


def test_a_period_between_two_times_is_what_the_class_makes() -> None:
    end = NOW + timedelta(days=1)
    assert between(NOW, end) == Period(NOW, end)
    eastern = NOW.astimezone(datetime.fromisoformat("2026-10-03T00:00:00+05:00").tzinfo)
    assert between(eastern, end) == Period(NOW, end)
    assert between(eastern, end).start.tzinfo is utc(eastern).tzinfo
    with pytest.raises(PeriodError):
        between(end, NOW)
    with pytest.raises(PeriodError):
        between(NOW.replace(tzinfo=None), end)
