"""A project's cycle as charges that add up to its stated price (CONTRACT.md, section 2.2). Pure."""

from functools import partial
from itertools import chain

from billfold.model import Usage, numbering, settling
from billfold.money import minor_units
from billfold.period import Period, utc_text
from billfold.wire import Steps, parsing_rows, stepwise
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
) -> Steps[tuple[Usage, str | None]]:
    """Return a project's cycle, which ``request`` was sent for (section 2.2), and a note.

    That says of how many lines a value was left out which no bill can have; None for none.
    """
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
    settled = yield from settling(
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
    odd = len(lines.left_out)
    return settled, f"{products.LEFT_OUT} (lines: {odd})" if odd else None


def _project_name(project: wire.Project, bill: wire.Billing) -> str | None:
    own = project.attributes or wire.ProjectAttributes()
    billed = bill.project or wire.BilledProject()
    return own.name or billed.name or own.slug or billed.slug
