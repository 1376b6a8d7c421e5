"""Lists of an invoice's lines, taxes or payments that add up to what was read of it. Pure.

What does not add up is an amount that nobody read (law 11).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen

from billfold.money import Money
from billfold.wire import is_money_key
from billfold_bnerd.amount_names import TAXES
from billfold_bnerd.amounts import Found, amounts_under
from billfold_bnerd.fields import Fields
from billfold_bnerd.reductions import REDUCTIONS
from billfold_bnerd.unread import BREAKDOWNS, OTHER_MONEY
from billfold_bnerd.values import Node, whole_cents, word_set, words

# What one line alone may stand under.
_ROWS = BREAKDOWNS | word_set(
    "line positions rows article articles service services product products posten positionen "
    "artikel leistungen"
)
# What comes to the amount of a line, which has its tax and its discount in it.
_EXTRAS = OTHER_MONEY - TAXES - REDUCTIONS
# What a net amount is called at the top of an invoice.
_NETS = word_set("net netto subtotal")
_CALLED = _NETS | word_set("amount total sum price value cents sub")


@frozen
class Taxes:
    """The keys of what an invoice says again of its taxes, and the net that they leave of it."""

    keys: frozenset[str] = frozenset()
    net: Money | None = None


def taxes(node: Node, total: Money | None, net: Money | None = None) -> Taxes:
    """Return which tables of an invoice's taxes agree with its ``total`` and its net.

    Their columns add up to the tax, and what else they have to the net or the total. A net is
    ``net``, or stands under a key that is called so.
    """
    tables = [key for key in node if _is_table(key, node[key])] if total is not None else []
    if total is None or not tables:
        return Taxes()
    for one in [net] if net is not None else _nets(node, total):
        keys = [key for key in tables if _agrees(key, node, total, one)]
        if keys:
            return Taxes(frozenset(keys), one)
    return Taxes()


def _is_table(key: str, value: object) -> bool:
    return isinstance(value, list | Mapping) and not TAXES.isdisjoint(words(key))


def _nets(node: Node, total: Money) -> Iterator[Money]:
    for key in node:
        spelled = words(key)
        if not _NETS.isdisjoint(spelled) and _CALLED.issuperset(spelled):
            for one in amounts_under(key, node[key], node):
                yield from () if one.is_zero else one.readings(total)


def _agrees(key: str, node: Node, total: Money, net: Money) -> bool:
    columns = column_sums(key, node, total)
    tax = total - net
    known = {total, net, tax}
    is_taxed = any(tax in sums for sums in columns) or tax.amount == 0
    return bool(columns) and is_taxed and all(not known.isdisjoint(sums) for sums in columns)


def column_sums(key: str, node: Node, like: Money) -> list[list[Money]]:
    """Return what each column of a list or map adds up to, bare numbers by either scale.

    One with an amount in another currency than ``like`` adds up to nothing.
    """
    columns: dict[str, list[Found]] = {}
    for one in amounts_under(key, node[key], node):
        if not one.is_zero:
            columns.setdefault(one.path.rpartition(".")[2], []).append(one)
    return [_sums(column, like) for column in columns.values()]


def _sums(column: Sequence[Found], like: Money) -> list[Money]:
    zero, readings = Money.zero(like.currency), [one.readings(like) for one in column]
    if len({len(each) for each in readings}) != 1:
        return []
    return [sum(each, zero) for each in zip(*readings, strict=True)]


def lines(node: Node, total: Money | None, net: Money | None) -> frozenset[str]:
    """Return the keys of a legal document's own lines, which add up to its amount or its net.

    So does one column of theirs, in whole cents, as all of its amounts are, or in Money.
    """
    known = {money for money in (total, net) if money is not None and money.amount}
    if total is None or not known:
        return frozenset()
    return frozenset(key for key in node if _are_lines(key, node[key], total, known))


def _are_lines(key: str, rows: object, total: Money, known: set[Money]) -> bool:
    if not isinstance(rows, list) or not rows or not OTHER_MONEY.isdisjoint(words(key)):
        return False
    if not all(isinstance(row, Mapping) and not _is_in_another(row, total) for row in rows):
        return False
    columns = {column for row in rows for column in row if is_money_key(column) and row[column]}
    if not _EXTRAS.isdisjoint(word for column in columns for word in words(column)):
        return False
    is_whole = any(_column(rows, column, total.currency) in known for column in columns)
    return is_whole and (len(rows) > 1 or not _ROWS.isdisjoint(words(key)))


def _is_in_another(row: Node, total: Money) -> bool:
    return bool(Fields(row).other_currencies(total))


def _column(rows: Sequence[Node], column: str, currency: str) -> Money | None:
    """Return what one column of lines adds up to; a line of nothing but text has no amount."""
    stated = [row[column] for row in rows if row.get(column) is not None]
    amounts = [whole_cents(each, currency).money for each in stated]
    is_one = {None if each is None else each.currency for each in amounts} == {currency}
    read = [each for each in amounts if each is not None]
    return sum(read, Money.zero(currency)) if is_one else None
