"""The replies that the server gives.

Built once, in the documented shapes, the same for every side.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID, uuid5

import msgspec

_SPACE = UUID("6d6a1f0e-5d2c-4d3f-9a55-0c1f2b3a4d5e")
_JSON = msgspec.json.Encoder(decimal_format="number")
# The running one: of another, nothing is complete.
_TODAY = datetime.combine(datetime.now(UTC).date(), time(), UTC)
_CYCLE = {
    "start": (_TODAY - timedelta(days=15)).isoformat(),
    "end": (_TODAY + timedelta(days=15)).isoformat(),
}


def written(value: object) -> bytes:
    """Write JSON as servers do, without spaces; decimals as numbers."""
    return _JSON.encode(value)


def _entry(number: int) -> dict[str, object]:
    topup = number % 20 == 19
    return {
        "id": str(uuid5(_SPACE, str(number))),
        "amount_cents": 5_000 + number % 7 if topup else -(number * 37 % 900),
        "source": "stripe_topup" if topup else "vm_lease_debit",
        "description": "Stripe top-up" if topup else "VM lease debit",
        "created_at": f"2026-10-{1 + number % 28:02}T{number % 24:02}:{number % 60:02}"
        f":07.{number % 1_000_000:06}Z",
    }


@cache
def ledger_page(page: int, pages: int, entries: int) -> bytes:
    """Build one page of Harmont's ledger; every page has entries of its own."""
    rows = [_entry(page * entries + index) for index in range(entries)]
    return written({"data": rows, "next_cursor": str(page + 1) if page + 1 < pages else None})


@cache
def stripe_page(page: int, pages: int, entries: int) -> bytes:
    """Build one page of Stripe's balance transactions.

    Its cursor is the last id, which here begins with the page.
    """
    rows = [
        {
            "id": f"txn_{page}_{index}",
            "object": "balance_transaction",
            "amount": -(index * 37 % 900),
            "currency": "usd",
            "created": 1_790_000_000 + index,
            "type": "charge",
            "description": "VM lease debit",
        }
        for index in range(entries)
    ]
    return written(
        {
            "object": "list",
            "url": "/v1/balance_transactions",
            "has_more": page + 1 < pages,
            "data": rows,
        }
    )


def _metal(number: int) -> dict[str, Any]:
    servers = [
        {
            "id": f"sv_{number:06x}Aa",
            "hostname": f"api-{number}.example",
            "plan": "x9.metal.mid",
            "tags": ["tag_core2"],
        }
    ]
    line = {
        "unit": "quantity",
        "unit_amount": 31_900,
        "unit_price": 31_900,
        "usage_type": "licensed",
        "quantity": 1,
    }
    money = {
        "amount_without_discount": 31_900,
        "amount": Decimal("29507.5"),
        "price": Decimal("29507.5"),
    }
    discounts = [{"description": "Autumn commitment", "type": "percent", "value": Decimal("7.5")}]
    text = "1 × x9.metal.mid (at $319.00 / month)"
    return {
        **_line(number, "Metal", "x9.metal.mid", text),
        **line,
        **money,
        "discounts": discounts,
        "metadata": {"servers": servers},
    }


def _virtual(number: int) -> dict[str, Any]:
    servers = [
        {
            "id": f"vm_{number:06x}Bb",
            "hostname": f"job-{number}.example",
            "plan": "v2.micro",
            "tags": [],
        }
    ]
    line = {
        "unit": "hour",
        "unit_amount": Decimal("11.9375"),
        "unit_price": Decimal("11.9375"),
        "usage_type": "metered",
        "quantity": Decimal("213.5"),
        "end": None,
    }
    money = {
        "amount_without_discount": 2_549,
        "amount": Decimal("2548.65625"),
        "price": Decimal("2548.65625"),
    }
    text = "213.5 hour × v2.micro (at $0.119375 / hour)"
    return {
        **_line(number, "Virtual Machine", "v2.micro", text),
        **line,
        **money,
        "metadata": {"servers": servers},
    }


def _stored(number: int) -> dict[str, Any]:
    bucket = {"id": f"bkt_{number:06x}", "name": f"archive-{number}", "location": "SAO2"}
    line = {
        "unit": "GB",
        "unit_amount": Decimal("0.5"),
        "unit_price": Decimal("0.5"),
        "usage_type": "metered",
        "quantity": 1_250,
        "end": None,
    }
    money = {"amount_without_discount": 625, "amount": 625, "price": 625}
    metadata = {"bucket": bucket, "billing_unit_divisor": 1}
    return {
        **_line(number, "Storage", "object.std", "1250 GB (at $0.005 / GB)"),
        **line,
        **money,
        "metadata": metadata,
    }


def _line(number: int, resource: str, name: str, description: str) -> dict[str, Any]:
    return {
        "id": f"si_{number:08x}Xy",
        "resource": resource,
        "name": name,
        "description": description,
        "proration": False,
        "discounts": [],
        "discountable": resource == "Metal",
        **_CYCLE,
    }


@cache
def latitude_usage(project: str, products: int) -> bytes:
    """Build a project's current cycle.

    A third each of licensed metal, metered machines and storage. ``proj_2_500`` is the third
    project of 500 lines: no two share an item.
    """
    first = int(project.split("_")[1]) * products
    numbers = range(first, first + products)
    lines = [(_metal, _virtual, _stored)[number % 3](number) for number in numbers]
    total = sum(line["price"] for line in lines)
    attributes = {
        "project": {"id": project, "slug": project.replace("_", "-"), "name": project},
        "period": _CYCLE,
        "available_credit_balance": -41_875,
        "amount": total,
        "price": total,
        "threshold": 25_000,
        "products": lines,
    }
    return written(
        {"data": {"id": "sub_bench", "type": "billing_usage", "attributes": attributes}, "meta": {}}
    )


def _project(ident: str) -> dict[str, object]:
    currency = {"id": "cur_Nf5wT", "code": "USD", "name": "United States Dollar"}
    team = {
        "id": "team_bench",
        "name": "Bench",
        "slug": "bench",
        "currency": currency,
        "status": "verified",
    }
    attributes: dict[str, object] = {
        "name": ident,
        "slug": ident.replace("_", "-"),
        "description": None,
        "tags": [],
        "billing_type": "Monthly",
        "billing_method": "Normal",
        "environment": "Production",
        "billing": {"subscription_id": "sub_bench", "type": "Monthly", "method": "Normal"},
        "team": team,
        "created_at": "2026-03-05T16:03:20+00:00",
        "updated_at": "2026-11-11T02:31:55+00:00",
    }
    return {"id": ident, "type": "projects", "attributes": attributes}


@cache
def latitude_project(ident: str) -> bytes:
    """Build one project by its id."""
    return written({"data": _project(ident), "meta": {}})


@cache
def latitude_projects(page: int, size: int, projects: int, products: int) -> bytes:
    """Build a page of projects; the id says how many products each has."""
    numbers = range((page - 1) * size, min(page * size, projects))
    rows = [_project(f"proj_{number}_{products}") for number in numbers]
    return written({"data": rows, "meta": {"stats": {"total": {"count": projects}}}})
