"""Lists of an invoice's taxes or payments that add up to what was read of it (law 11). Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen

from billfold.money import Money
from billfold_bnerd.amounts import Found, amounts_under
from billfold_bnerd.values import Node, word_set, words

_TAXES = word_set("tax taxes vat mwst ust")
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
    return isinstance(value, list | Mapping) and not _TAXES.isdisjoint(words(key))


def _nets(node: Node, total: Money) -> Iterator[Money]:
    for key in node:
        spelled = words(key)
        if not _NETS.isdisjoint(spelled) and _CALLED.issuperset(spelled):
            for one in amounts_under(key, node[key], node):
                yield from one.readings(total)


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
        columns.setdefault(one.path.rpartition(".")[2], []).append(one)
    return [_sums(column, like) for column in columns.values()]


def _sums(column: Sequence[Found], like: Money) -> list[Money]:
    zero, readings = Money.zero(like.currency), [one.readings(like) for one in column]
    if len({len(each) for each in readings}) != 1:
        return []
    return [sum(each, zero) for each in zip(*readings, strict=True)]
