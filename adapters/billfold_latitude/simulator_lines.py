"""The lines of a simulated cycle, as a function of the date (CONTRACT.md, section 2.2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from attrs import frozen

from billfold.period import Period, midnight

Row = dict[str, Any]


@frozen
class Clock:
    """A project's cycle and how far it has come: up to the last midnight."""

    cycle: Period
    today: datetime

    @classmethod
    def around(cls, now: datetime, day: int, at: time) -> Clock:
        """Return the cycle that ``now`` lies in; it begins on ``day`` of each month, at ``at``."""
        today = midnight(now.date())
        month = Period.month_of(today)
        starts = (month.previous_month().start, month.start, month.end)
        before, this, after = (
            datetime.combine(start.replace(day=day), at, UTC) for start in starts
        )
        return cls(Period(this, after) if this <= now else Period(before, this), today)

    def minutes(self, since: datetime, until: datetime | None = None) -> int:
        """Return the whole minutes since a moment, up to the last midnight or an earlier end."""
        return max(0, (min(until or self.today, self.today) - since) // timedelta(minutes=1))

    def line(
        self,
        item: str,
        resource: str,
        name: str,
        text: str,
        unit_price: str,
        quantity: int | Decimal,
        unit: str = "quantity",
        **more: Any,
    ) -> Row:
        """Return a line of the newer shape; ``listed`` is its price before discounts."""
        listed = Decimal(unit_price) * quantity
        price, end = more.pop("price", listed), more.pop("end", self.cycle.end)
        return {
            "id": item,
            "resource": resource,
            "name": name,
            "description": text,
            "proration": False,
            "discounts": [],
            "discountable": False,
            "amount_without_discount": int(more.pop("listed", listed).to_integral_value()),
            "start": more.pop("start", self.cycle.start).isoformat(),
            "end": None if end is None else end.isoformat(),
            "unit": unit,
            "unit_amount": Decimal(unit_price),
            "unit_price": Decimal(unit_price),
            "usage_type": "licensed" if unit == "quantity" else "metered",
            "quantity": quantity,
            "amount": price,
            "price": price,
            "metadata": {},
            **more,
        }


Lines = Callable[[Clock], list[Row]]


def _server(server_id: str, hostname: str, plan: str | None = None, *tags: str) -> Row:
    return {"id": server_id, "hostname": hostname, "plan": plan, "tags": list(tags)}


def _on(*servers: Row) -> Row:
    return {"servers": list(servers)}


def idle(clock: Clock) -> list[Row]:
    """Return no lines."""
    return []


def busy(clock: Clock) -> list[Row]:
    """Return discounts, a machine by the hour, unused time, and storage by thousand GB-minutes."""
    changed = clock.cycle.start + timedelta(hours=5, minutes=27)
    hours = Decimal(clock.minutes(changed) // 30 * 5).scaleb(-1)  # by the half
    stored = 95 * clock.minutes(clock.cycle.start)
    storage = (Decimal("0.35") * stored).scaleb(-3)
    commitment = {"description": "Autumn commitment", "type": "percent", "value": Decimal("7.5")}
    goodwill = {"description": "Goodwill", "type": "amount", "value": 1250}
    first, plan = "api-01.brisk.example", "x9.metal.mid"
    return [
        clock.line(
            "si_Vn4sGd70yKx", "Metal", plan, "2 × x9.metal.mid (at $319.00 / month)",
            "31900", 2, price=Decimal(59015), discounts=[commitment], discountable=True,
            metadata=_on(
                _server("sv_Hq2mB8wYd", first, plan, "tag_blue7", "tag_core2"),
                _server("sv_Tz5kN1rPe", "api-02.brisk.example", plan),
            ),
        ),
        clock.line(
            "si_Lc6uWp39oFa", "Virtual Machine", "v2.micro",
            f"{hours} hour × v2.micro (at $0.119375 / hour)", "11.9375", hours,
            start=changed, end=None, unit="hour",
            metadata=_on(_server("vm_Jd7xQ0sLu", "worker.brisk.example")),
        ),
        clock.line(
            "si_Bg1eMz84tRh", "Metal", "x4.metal.small",
            f"Unused time on x4.metal.small after {changed:%d %b %Y}", "-8640", 1,
            start=changed, proration=True,
        ),
        clock.line(
            "si_Oy3vCk52xDs", "Object Storage", "high tier", "Stored volume, high tier",
            "0.35", stored, price=storage, listed=storage, unit="GB",
            metadata={
                "bucket": {"id": "bkt_Wm9fA6", "name": "brisk-archive", "location": None},
                "billing_unit_divisor": 1000,
            },
        ),
        clock.line(
            "si_Zi8aUn17eVb", "Bandwidth", "extra traffic", "Extra traffic package",
            "4900", 1, price=Decimal(3650), discounts=[goodwill], discountable=True,
        ),
    ]  # fmt: skip


def older_shape(clock: Clock) -> list[Row]:
    """Return lines of the older shape, with values outside the known sets."""
    minutes = clock.minutes(clock.cycle.start)
    server = _server("sv_Gk8yR3", "build-1.quartz.example", "x2.metal.tiny", "tag_lab1")
    lines = [
        clock.line(
            "si_Ef0tLq61zGw", "Metal", "x2.metal.tiny", "Metered server", "0.4903", minutes,
            end=None, unit="minute", metadata=server,
        ),
        clock.line(
            "si_Xs7hIj28bNc", "Inference", "token pack", "Requests", "0.0031", 7 * minutes,
            end=None, unit="request", usage_type="tiered",
            discounts=[{"description": "Launch", "type": "fixed", "value": 0}],
            metadata={"id": None, "hostname": None, "plan": None},
        ),
    ]  # fmt: skip
    newer = ("amount", "unit_amount")
    return [{key: value for key, value in line.items() if key not in newer} for line in lines]


def change_of_plan(clock: Clock) -> list[Row]:
    """Return unused and remaining time that share item and start, and a server deleted early."""
    changed = clock.cycle.start + timedelta(hours=3)
    gone = changed + timedelta(hours=3)
    mail = _server("sv_Ua3jB9", "mail.amber.example", "x2.metal.tiny")
    deleted = _server("vm_Cx1tF4gOh", "old.amber.example", "v2.small")
    return [
        clock.line(
            "si_Hd6pWe93kTu", "Metal", "x4.metal.small", "Unused time on x4.metal.small",
            "-41210", 1, start=changed, proration=True,
        ),
        clock.line(
            "si_Hd6pWe93kTu", "Metal", "x2.metal.tiny", "Remaining time on x2.metal.tiny",
            "12790.5", 1, start=changed, proration=True, metadata=_on(mail),
        ),
        clock.line(
            "si_Nk5vRs08qMd", "Virtual Machine", "v2.small", "Deleted virtual machine",
            "0.39791", clock.minutes(changed, gone), start=changed, end=gone, unit="minute",
            metadata=_on(deleted),
        ),
    ]  # fmt: skip


def reserved(clock: Clock) -> list[Row]:
    """Return a server paid upfront, and its extra address, of which only ``amount`` is stated."""
    address = clock.line("si_Kb7mYa25cXw", "IP address", "extra address", "Extra address", "300", 1)
    del address["price"]
    return [
        clock.line(
            "si_Pj4uLg71vZs", "Metal", "x9.metal.large",
            "x9.metal.large (at $587.00 / month)", "58700", 1,
            metadata=_on(_server("sv_Rf2nE6", "db.fennel.example", "x9.metal.large")),
        ),
        address,
    ]  # fmt: skip


def in_reais(clock: Clock) -> list[Row]:
    """Return a server in reais, and traffic that is still counted."""
    sent = clock.minutes(clock.cycle.start)
    server = _server("sv_Db8qI5", "caixa.teal.example", "x2.metal.tiny", "tag_loja")
    return [
        clock.line(
            "si_Wc3rOt46hNy", "Metal", "x2.metal.tiny", "x2.metal.tiny (R$ 1.149,90)",
            "114990", 1, metadata=_on(server),
        ),
        clock.line(
            "si_Gs9zJf62uBk", "Bandwidth", "traffic", "GB", "1.275", sent,
            end=None, unit="GB",
        ),
    ]  # fmt: skip
