"""No shape of any reply falls into msgspec's three traps: integers, naive times, closed sets."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from importlib import import_module
from types import ModuleType

import msgspec
import pytest
from msgspec import inspect

from billfold import DriftError
from billfold.wire import decode
from billfold_harmont import parse, wire

PROVIDERS = ("aether", "bnerd", "harmont", "latitude")
# Integers that nobody adds up: ids, digits of a card, dates of its expiry, a number of rows, the
# place of a page.
NUMBERS = {
    "id",
    "number",
    "last4",
    "exp_month",
    "exp_year",
    "card_exp_month",
    "card_exp_year",
    "count",
    "next_cursor",
}

Leaf = tuple[str, inspect.Type]


def leaves(module: ModuleType) -> Iterator[Leaf]:
    """List every field of every shape as (name, type), unions and lists opened."""

    def opened(name: str, kind: inspect.Type) -> Iterator[Leaf]:
        if isinstance(kind, inspect.UnionType):
            for one in kind.types:
                yield from opened(name, one)
        elif isinstance(kind, inspect.Metadata):
            yield from opened(name, kind.type)
        elif isinstance(kind, inspect.ListType | inspect.VarTupleType):
            yield from opened(name, kind.item_type)
        else:
            yield name, kind

    for shape in vars(module).values():
        if isinstance(shape, type) and issubclass(shape, msgspec.Struct):
            described = inspect.type_info(shape)
            assert isinstance(described, inspect.StructType)
            for field in described.fields:
                yield from opened(field.name, field.type)


@pytest.fixture(params=PROVIDERS)
def fields(request: pytest.FixtureRequest) -> list[Leaf]:
    found = list(leaves(import_module(f"billfold_{request.param}.wire")))
    assert found
    return found


def test_no_number_is_a_float(fields: list[Leaf]) -> None:
    assert not [name for name, kind in fields if isinstance(kind, inspect.FloatType)]


def test_an_integer_is_never_money_or_a_quantity(fields: list[Leaf]) -> None:
    assert {name for name, kind in fields if isinstance(kind, inspect.IntType)} <= NUMBERS


def test_every_time_has_a_zone(fields: list[Leaf]) -> None:
    assert not [
        name
        for name, kind in fields
        if isinstance(kind, inspect.DateTimeType) and kind.tz is not True
    ]


def test_every_set_of_words_is_open(fields: list[Leaf]) -> None:
    assert not [
        name for name, kind in fields if isinstance(kind, inspect.EnumType | inspect.LiteralType)
    ]


def test_a_whole_number_may_be_written_with_a_fraction() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b"12.0", type=int)
    assert decode(b'{"balance_cents": 12.0}', wire.Balance).balance_cents == Decimal("12.0")


def test_a_naive_time_is_drift() -> None:
    row = b'{"id": "1", "amount_cents": -5, "source": "refund", "created_at": "2026-10-01T00:00:00%s"}'
    assert msgspec.json.decode(b'"2026-10-01T00:00:00"', type=datetime).tzinfo is None
    with pytest.raises(DriftError, match=r"\$\.created_at"):
        decode(row % b"", wire.Transaction)
    assert decode(row % b"Z", wire.Transaction).created_at == datetime(2026, 10, 1, tzinfo=UTC)


def test_an_unknown_word_leaves_its_page_readable() -> None:
    row = b'{"id": "%d", "amount_cents": -5, "source": "%s", "created_at": "2026-10-01T00:00:00Z"}'
    page = b'{"data": [' + row % (1, b"vm_lease_debit") + b"," + row % (2, b"moon_tax") + b"]}"
    entries = parse.ledger_entries("acme", decode(page, wire.Transactions).data, None)
    assert [entry.kind for entry in entries] == ["vm_lease_debit", "moon_tax"]
