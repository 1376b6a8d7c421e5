"""Which rows are called a total, and which words such a name is made of. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from billfold.wire import GERMAN_SUMS
from billfold_bnerd.amounts import is_code
from billfold_bnerd.containers import containers
from billfold_bnerd.fields import ref_of
from billfold_bnerd.naming_keys import names_what_is_charged, own_name, tells_rows_apart
from billfold_bnerd.values import Node, ident, text, word_set, words, yes_or_no

_NAMES = ("name", "product_name", "product")
_LABELS = (*_NAMES, "label", "title", "type", "kind", "description")
_WORDS = GERMAN_SUMS | word_set(
    "summary total totals subtotal subtotals sum overall zusammen altogether σ"
)
# What a row is marked as, by a yes, that adds up others.
_MARKS = word_set(
    "summary subtotal total rollup rolledup grandtotal sum aggregate aggregated totalrow sumrow"
)
# What the name of all things of a kind begins with.
_EVERY = word_set(
    "all alle aller allen alles sämtliche sämtlicher sämtlichen sämtliches everything"
)
# A label of these words alone is of what there is to pay, or of all without or with its tax.
_TO_PAY = word_set("due payable pay zahlen fällig")
_NETS = word_set("net netto gross brutto")
_OF_THOSE = (
    _TO_PAY | _NETS | word_set("amount amounts balance betrag to zu be invoice bill eur usd")
)
_PLAIN = word_set("total totals sum subtotal summe gesamt gesamtsumme zwischensumme")
# What a sum of money is called, and nothing else is.
_SUMS = GERMAN_SUMS | word_set("total totals sum overall gesamtverbrauch gesamtnutzung gesamttotal")

_AMOUNTS, _SUBS = word_set("amount amounts betrag balance zahlen"), word_set("sub")
# What may stand beside such a word and names nothing that costs something.
_ABOUT = word_set(
    "net netto brutto gross amount amounts betrag cost costs kosten price spend usage nutzung due "
    "project projekt month monat monthly period invoice rechnung bill billing charge charges fees "
    "item items line lines of for the all incl excl inkl exkl zzgl vat tax taxes mwst ust grand "
    "projekt projekte projekten produkt produkte produkten und and über der die das "
    "products projects subscriptions hours stunden hourly day tag daily week weekly monthly "
    "yearly this current "
    "sub to date before after running payable consumption verbrauch account organization customer"
)
_MONTH = re.compile(
    "jan(uary?)?|feb(ruary?)?|mar(ch)?|märz|apr(il)?|ma[iy]|jun[ei]?|jul[iy]?|aug(ust)?|"
    "sept?(ember)?|o[ck]t(ober)?|nov(ember)?|de[cz](ember)?"
)
# What a row is named that is of all things, or of many, and of which.
_ALL = _EVERY | word_set(
    "any every each various multiple mixed aggregate aggregated rollup overview organization "
    "organisation combined consolidated together jede jeder jedes verschiedene mehrere diverse "
    "gemischt übersicht"
)
_SCOPES = word_set(
    "region regions zones sites services resources servers server plans skus categories things "
    "accounts customers organizations locations regionen zonen standorte standorten dienste "
    "diensten leistungen ressourcen tarife kategorien konten kunden posten positionen"
)
# With these, too, a name is that of a bill, of a sum of money or of a time, and of no product.
_OF_BILLS = (
    _ABOUT
    | _EVERY
    | _OF_THOSE
    | _SUMS
    | word_set(
        "accumulated mtd new open outstanding owed remaining spending statement ytd abrechnung "
        "aktuelle aktueller forderung kumuliert laufende laufender neue neuer offen offene offener "
        "rest saldo zahlung zeitraum"
    )
)
# What a German word of such ends with: "Monatskosten", "Zahlungsbetrag".
_COMPOUND = re.compile(
    r"(?<=\w\w\w)s?(kosten|betrag|summe|saldo|abrechnung|rechnung|verbrauch|nutzung|forderung)\b"
)
_NO_PRODUCTS = _ABOUT | _SCOPES | _EVERY | _OF_THOSE
_SUMS_OR_ABOUT = _SUMS | _ABOUT | _OF_THOSE
_OF_ALL = _NO_PRODUCTS | _ALL | _WORDS | _SUMS | _PLAIN
_LETTERS = re.compile(r"[^\W\d_]+")


def is_called_total(item: object) -> bool:
    """Return whether a row is called a total, and no product that has such a word in its name.

    A product's id, or another name beside a description, says that it is one. A mark that says yes
    calls any row so.
    """
    if not isinstance(item, dict):
        return False
    if not is_marked(item) and ref_of(item, "product").id is not None:
        return False  # nearly always
    if any(item[key] for key in containers(item)):
        return False
    if is_marked(item) or is_plain(item):
        return True
    return any(has_word(label) or _is_net(label) for label in _called(item))


def is_marked(node: Node) -> bool:
    """Return whether a row says by a mark that it adds up others."""
    return any(yes_or_no(node[key]) is True for key in _marks_among(tuple(node)))


@lru_cache(maxsize=1024)  # most rows of a reply have the same keys
def _marks_among(keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(key for key in keys if "".join(words(key)).removeprefix("is") in _MARKS)


def is_plain(item: object) -> bool:
    """Return whether a row is called a total and nothing else."""
    node = item if isinstance(item, dict) else {}
    labels = (label.strip().casefold() for label in _texts(node, _LABELS))
    return any(label in _PLAIN or label == "grand total" for label in labels)


def names_more(item: object) -> bool:
    """Return whether a row called a total has a word in its name that may be a product's."""
    node = item if isinstance(item, dict) else {}
    if is_marked(node):
        return False
    labels = _called(node)
    spelled = (word for label in labels for word in _LETTERS.findall(label))
    others = (word for word in spelled if not is_code(word) and not has_word(word))
    return not is_plain(item) and any(
        word.casefold() not in _NO_PRODUCTS and not _MONTH.fullmatch(word.casefold())
        for word in others
    )


def names_sum(item: object) -> bool:
    """Return whether a row is called a sum of money, and by no word that may be a product's.

    "Total cost" is one, and so is "Amount due"; "Subtotal", "All regions" and "Net" need not be.
    """
    node = item if isinstance(item, dict) else {}
    return is_marked(node) or any(map(_names_sum, _called(node)))


def _names_sum(label: str) -> bool:
    spelled = _LETTERS.findall(label.casefold())
    if not _are_all(spelled, _SUMS_OR_ABOUT):
        return False
    is_sum = not _SUMS.isdisjoint(spelled) and _SUBS.isdisjoint(spelled)
    return is_sum or (not _AMOUNTS.isdisjoint(spelled) and _is_of(label, _TO_PAY | _NETS))


@lru_cache(maxsize=4096)  # of each product of each row
def is_of_a_bill(label: str) -> bool:
    """Return whether a label of no total has only words of bills, sums of money and times."""
    spelled = _LETTERS.findall(_COMPOUND.sub(r" \1", label.casefold()))
    is_of_one = bool(spelled) and _are_all(spelled, _OF_BILLS)
    return is_of_one and not (has_word(label) or _is_net(label))


def _are_all(spelled: Sequence[str], known: frozenset[str]) -> bool:
    """Return whether all words are known, or the name of a month or a currency."""
    return known.issuperset(
        word for word in spelled if not (_MONTH.fullmatch(word) or is_code(word.upper()))
    )


def is_labelled(item: object) -> bool:
    """Return whether a row says what it is, in a word or by a name."""
    return isinstance(item, dict) and any(_texts(item, _LABELS))


def names_something(node: Node) -> bool:
    """Return whether a row names a product, a project, a subscription or itself."""
    return any(names_what_is_charged(key) and names_one(key, node) for key in node)


def names_what_others_do(node: object, other: object) -> bool:
    """Return whether another row is of all things that a row names, as the parts of a sum are."""
    if not isinstance(node, dict) or not isinstance(other, dict):
        return False
    names = (key for key in node if tells_rows_apart(key) and names_one(key, node))
    return all(other.get(key) == node[key] for key in names)


def names_all(key: str, node: Node) -> bool:
    """Return whether under a key where others name a thing each stands none, or all of them."""
    return node.get(key) in (None, "") or (tells_rows_apart(key) and not names_one(key, node))


def names_one(key: str, node: Node) -> bool:
    """Return whether a key names one thing, and not all of a list's, as "Total" and "*" do."""
    named = own_name(key, node[key])
    return named is not None and not stands_for_all(named)


@lru_cache(maxsize=4096)  # of each name of each row
def stands_for_all(name: str) -> bool:
    """Return whether a name is that of all things, names nothing, or is but a sign, as "*"."""
    return is_of_all(name) or ident(name) is None or not any(map(str.isalnum, name))


def is_of_all(name: str) -> bool:
    """Return whether a name is that of all things, and of nothing in particular."""
    spelled = _LETTERS.findall(name.casefold())
    is_sum = any(word in _ALL for word in spelled) or has_word(name)
    return is_sum and _OF_ALL.issuperset(spelled)


@lru_cache(maxsize=4096)  # of each name of each row that is one of all
def is_sum_of_all(name: str) -> bool:
    """Return whether a name says that all things are meant, and not several or none."""
    is_sum = _has_sum(name) or not _MARKS.isdisjoint(_LETTERS.findall(name.casefold()))
    return stands_for_all(name) and ("*" in name or is_sum)


def _texts(node: Node, keys: Sequence[str]) -> Iterator[str]:
    for key in keys:
        value = node.get(key)
        label = text(value.get("name") if isinstance(value, dict) else value)
        if label is not None:
            yield label


def has_word(label: str) -> bool:
    """Return whether a label has a word of totals, begins with "all" or is of what is to pay."""
    return _has_sum(label) or _is_of(label, _TO_PAY)


def _has_sum(label: str) -> bool:
    spelled = _LETTERS.findall(label.casefold())
    return not _EVERY.isdisjoint(spelled[:1]) or any(
        word in _WORDS or word.startswith("gesamt") or word.endswith(("summe", "gesamt"))
        for word in spelled
    )


def is_net(item: object) -> bool:
    """Return whether a row is called a net or gross amount, as a network's product may be, too."""
    return isinstance(item, dict) and any(map(_is_net, _called(item)))


def _is_net(label: str) -> bool:
    return _is_of(label, _NETS)


def _is_of(label: str, names: frozenset[str]) -> bool:
    spelled = _LETTERS.findall(label.casefold())
    return not names.isdisjoint(spelled) and _OF_THOSE.issuperset(spelled)


def _called(node: Node) -> list[str]:
    """Return what a row is called: by a name, or else by another label."""
    return [*_texts(node, _NAMES)] or [*_texts(node, _LABELS)]
