"""Lines that may count twice, in a bill that states no total to tell it by. Pure."""

import re
from collections.abc import Iterator
from decimal import Decimal, localcontext

from billfold.wire import counted
from billfold_latitude import wire

# A line that is called nothing else; "Total Control licence" is a product.
_TOTAL = re.compile(r"\s*(sub|grand)?[ -]?(totals?|sum)\s*:?\s*", re.IGNORECASE)


def uncertain(bill: wire.Billing) -> Iterator[str]:
    """Yield in words which lines may repeat what others are: all count, as nobody can tell."""
    if bill.price is not None or bill.amount is not None:
        return
    lines = [(at, line) for at, line in enumerate(bill.products or ()) if _price(line)]
    again = len(lines) - len({line for _, line in lines})
    if again:
        words = counted(again, "line")
        yield f"{words} equal to another, and no total says whether both count; they do here"
    totals = [f"`$.data.attributes.products[{at}]`" for at, line in _possible_totals(lines)]
    if totals:
        words = "may be the total of others, and no total is stated to tell; counted here"
        yield f"{', '.join(totals)} {words}"


def _possible_totals(
    lines: list[tuple[int, wire.Product]],
) -> Iterator[tuple[int, wire.Product]]:
    """Yield the lines called a total, and the first or last of no item that is all others' sum."""
    if len(lines) < 2:
        return
    with localcontext(prec=1000):
        whole = sum((_price(line) for _, line in lines), Decimal(0))
        for number, (at, line) in enumerate(lines):
            outer = number in (0, len(lines) - 1)
            is_sum = outer and not line.id and _price(line) * 2 == whole
            if is_sum or any(map(_is_called_total, (line.name, line.description))):
                yield at, line


def _is_called_total(text: str | None) -> bool:
    return text is not None and _TOTAL.fullmatch(text) is not None


def _price(line: wire.Product) -> Decimal:
    price = line.amount if line.price is None else line.price
    return price or Decimal(0)
