"""A project's cycle as charges that add up to its stated price (CONTRACT.md, section 2.2). Pure."""

from collections.abc import Iterable
from functools import partial
from itertools import chain

from billfold.model import Charge, Usage, numbering, settling
from billfold.money import minor_units
from billfold.period import Period, utc_text
from billfold.wire import LOOKED_AT, Steps, in_slices, parsing_rows, stepwise
from billfold_latitude import products, wire
from billfold_latitude.parse import Payer, created_at, cycle, stated_money

_TOTAL = "project total vs. its lines"


@stepwise
def usage(
    project: wire.Project,
    team: Payer,
    currency: str,
    requested: Period | None,
    bill: wire.Billing,
    request: str = "",
) -> Steps[Usage]:
    """Return a project's cycle, which ``request`` was sent for (section 2.2)."""
    price = stated_money("price", currency, bill.price)
    amount = stated_money("amount", currency, bill.amount)
    whose = team.id, team.name, project.id, _project_name(project, bill)
    covers = cycle(bill)
    # An item may keep its own start from cycle to cycle, so the cycle's is part of every id.
    since = utc_text(covers.start)
    ids = f"{project.id}/{since}"
    source = f"{request}#/data/attributes"
    scale = minor_units(currency)
    lines = products.Lines(covers, since, whose, ids, scale, source)
    rows, path = bill.products or (), "$.data.attributes.products"
    charges = yield from parsing_rows(path, enumerate(rows), lines.charge)
    failed = yield from parsing_rows(path, rows, partial(products.mismatches, scale))
    checks = (*products.mismatch("price vs. amount", price, amount), *chain.from_iterable(failed))
    total = amount if price is None else price
    numbered = yield from numbering(charges, products.order)
    return (
        yield from settling(
            Usage(
                requested,
                covers,
                numbered,
                *whose,
                stated_total=total,
                checks=checks,
                unchecked=() if total is not None else (_TOTAL,),
                since=created_at(project),
            ),
            check=_TOTAL,
            residual_id=f"{ids}/residual",
            service=products.SERVICE,
            source=f"{source}/{'amount' if bill.price is None else 'price'}",
        )
    )


@stepwise
def left_out(usage: Usage) -> Steps[str | None]:
    """Return in words that lines have values no bill can have, and how many; None for none."""
    odd = yield from in_slices(usage.charges, _odd, LOOKED_AT)
    return f"{products.LEFT_OUT} (lines: {len(odd)})" if odd else None


def _odd(lines: Iterable[Charge]) -> list[Charge]:
    return [line for line in lines if products.LEFT_OUT in (line.reason or "")]


def _project_name(project: wire.Project, bill: wire.Billing) -> str | None:
    own = project.attributes or wire.ProjectAttributes()
    billed = bill.project or wire.BilledProject()
    return own.name or billed.name or own.slug or billed.slug
