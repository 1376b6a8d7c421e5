"""What amounts beside one that was read are called: that again, or all that there is. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache

from billfold.money import Money
from billfold.wire import GERMAN_SUMS
from billfold_bnerd.amounts import Found, is_code
from billfold_bnerd.reductions import REDUCTIONS, reduces
from billfold_bnerd.values import Node, number, word_set, words

# With these it is called the total of some: `project_total`, `total_charges`.
_OF_SOME = word_set("project sub monthly charges items current billable")
# What is called so is all that something costs: it does not cost nothing and something. What there
# is to pay, or was paid, may be nothing of a cost that stands.
_COSTS = GERMAN_SUMS | word_set(
    "amount amounts billed charged cost costs final grand gross net overall rounded spend sum "
    "subtotal total totals betrag kosten netto brutto zwischensumme gerundet"
)
# An amount equal to what was read is the same money once more, where it is called nothing else.
SUMMARY_WORDS = _COSTS | word_set(
    "cents data due eur info meta metadata of organization over paid period price stats summary "
    "usage usd value"
)
_OF_COSTS = SUMMARY_WORDS - word_set("due over paid price usage")
TAXES = word_set("tax taxes vat vats mwst ust steuer steuern umsatzsteuer mehrwertsteuer")
_PERCENT = word_set("percent percentage pct")
_ALL = Decimal(100)


@lru_cache(maxsize=4096)  # of each key of each row
def called(path: str) -> tuple[str, ...]:
    """Return the words of a path, but for those that say what a total is of."""
    around, _, last = path.rpartition(".")
    spelled = words(last)
    left_out = _OF_SOME if "total" in spelled else ()
    return (*words(around), *(word for word in spelled if word not in left_out))


def denials(found: Sequence[Found], node: Node, known: Sequence[Money]) -> Iterator[str]:
    """Yield the paths by which an object says that nothing is charged of what was read.

    Those are a zero under a name of all that it costs, and a reduction by the whole of it.
    """
    for one in found:
        if one.is_zero and _names_costs(one.path):
            same = [money for money in known if _is_of(one, money)]
            if same and all(money.amount for money in same):
                yield one.path
    if any(map(reduces, node)) and any(money.amount for money in known):
        yield from (f".{key}" for key in node if reduces(key) and _is_whole(key, node[key]))


def _is_of(zero: Found, money: Money) -> bool:
    """Return whether a zero is in the currency of ``money``, as far as it says its own."""
    last = zero.path.rpartition(".")[2].upper()
    return bool(zero.readings(money)) and (not is_code(last) or last == money.currency)


@lru_cache(maxsize=4096)  # of each key of each row
def _names_costs(path: str) -> bool:
    spelled = called(path)
    if "after" in spelled:
        spelled = tuple(word for word in spelled if word not in REDUCTIONS and word != "after")
    return "[*]" not in path and not _COSTS.isdisjoint(spelled) and _OF_COSTS.issuperset(spelled)


def _is_whole(key: str, value: object) -> bool:
    """Return whether a reduction is by a hundred percent."""
    if isinstance(value, str) and value.rstrip().endswith("%"):
        return number(value.rstrip(" %")) == _ALL
    return not _PERCENT.isdisjoint(words(key)) and number(value) == _ALL
