"""The least that the same work can cost: what each row's distance is measured from.

A typed decoding of exact numbers that would see a key that stands twice, and a plain record with
its amounts for each line; no ids, tags, sums, checks, coverage or places. Nobody would keep bills
by it, but nothing that keeps them can be cheaper in Python.
"""

from __future__ import annotations

import decimal
from datetime import datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any, TypeVar

import aiohttp
import msgspec
from attrs import define, make_class

from billfold.model import Charge
from billfold_aether import wire as aether
from billfold_harmont import wire as harmont
from billfold_latitude import wire as latitude

T = TypeVar("T")

_ANYTHING = msgspec.json.Decoder(float_hook=Decimal)
_ENCODER = msgspec.json.Encoder(decimal_format="number")
_EXACT = decimal.Context(prec=80, traps=[decimal.Inexact, decimal.InvalidOperation])
_CENT = Decimal("0.01")
_HEADERS = {"Authorization": "Bearer bench", "Accept": "application/json"}


def decoded(body: bytes, shape: type[T]) -> T:
    """Decode a body whose bytes, written again, prove that no key was lost."""
    everything = _ANYTHING.decode(body)
    again = _ENCODER.encode(everything)
    assert again == body or again.count(b":") == body.count(b":")
    return msgspec.convert(everything, shape)


@define(eq=False)
class Amount:
    """An amount and its currency."""

    amount: Decimal
    currency: str


@define(eq=False)
class Entry:
    """A ledger entry's fields."""

    id: str | None
    at: datetime
    amount: Amount
    kind: str | None
    description: str | None


# As many fields as a charge has, set one after another.
_FIELDS = len(Charge.__attrs_attrs__)
Line = make_class("Line", [f"field_{number}" for number in range(_FIELDS)], slots=True, eq=False)


def cents(count: Decimal | None, currency: str = "USD") -> Amount:
    """Scale cents exactly."""
    assert count is not None  # as every body that is served here states
    return Amount(_EXACT.multiply(count, _CENT), currency)


def line(*values: object) -> object:
    """Make a record of a charge's size."""
    return Line(*values, *(None,) * (_FIELDS - len(values)))


def ledger(body: bytes) -> list[Entry]:
    """Read a page of Harmont's ledger."""
    return [
        Entry(row.id, row.created_at, cents(row.amount_cents), row.source, row.description)
        for row in decoded(body, harmont.Transactions).data
    ]


def leases(body: bytes) -> list[object]:
    """Read a breakdown of Harmont's."""
    read = attrgetter("job_id", "job_name", "step_key", "vm_handle", "started_at", "finished_at")
    builds = decoded(body, harmont.Breakdown).data
    return [line(cents(job.amount_cents), *read(job)) for build in builds for job in build.jobs]


def days(body: bytes) -> list[object]:
    """Read a series of Harmont's."""
    return [
        Amount(cents(row.total_cents).amount, "USD") for row in decoded(body, harmont.Series).data
    ]


def cycle(body: bytes) -> list[object]:
    """Read a cycle of Latitude.sh's."""
    read = attrgetter("id", "resource", "name", "description", "start", "end", "quantity", "unit")
    return [
        line(
            cents(product.price),
            cents(product.unit_price),
            cents(product.amount_without_discount),
            *read(product),
        )
        for product in decoded(body, latitude.Usage).data.attributes.products or ()
    ]


def hours(body: bytes) -> list[object]:
    """Read a month of Aether's, whose records have no amounts."""
    read = attrgetter("id", "org_id", "recorded_at", "quantity", "unit", "resource_type")
    return [line(*read(item)) for item in decoded(body, aether.Usage).items or ()]


class _Amount(msgspec.Struct, gc=False):
    cents: Decimal
    currency_iso: str


class _Row(msgspec.Struct, gc=False, rename={"since": "from", "until": "to"}):
    product_id: str
    product_name: str
    project_id: str
    project_name: str
    quantity: Decimal
    unit: str
    unit_price: _Amount
    total: _Amount
    since: datetime
    until: datetime


def usage_rows(body: bytes) -> list[object]:
    """Read b'nerd's usage as if its shape were known."""
    read = attrgetter("product_id", "product_name", "project_id", "project_name", "quantity")
    return [
        line(
            cents(row.total.cents, row.total.currency_iso),
            cents(row.unit_price.cents, row.unit_price.currency_iso),
            *read(row),
        )
        for row in decoded(body, list[_Row])
    ]


async def body_of(session: aiohttp.ClientSession, url: str, query: Any = None) -> bytes:
    """Read the bytes of one reply."""
    async with session.get(url, params=query, headers=_HEADERS) as response:
        return await response.read()
