"""Which keys say money, and which values are amounts. Pure.

The one list of such words: readers look for money that was not read by it, and simulators change
money by it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from enum import IntEnum
from functools import lru_cache

# Keys are split at "_", "-", blanks and before a capital letter: `unitPrice` is `unit` and `price`.
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_COMMON = (
    *("EUR", "USD", "GBP", "CHF", "BRL", "JPY", "CAD", "AUD"),
    *("SEK", "NOK", "DKK", "PLN", "CZK", "INR"),
)
# What a sum of money is called in German, in which b'nerd's invoices are written.
GERMAN_SUMS = frozenset(
    {
        *("summe", "summen", "gesamt", "insgesamt", "gesamtsumme", "gesamtbetrag", "gesamtkosten"),
        *("gesamtpreis", "gesamtrechnung", "endsumme", "endbetrag", "rechnungsbetrag"),
        *("rechnungssumme", "zahlbetrag", "nettobetrag", "bruttobetrag", "nettosumme"),
        *("bruttosumme", "tagessumme", "monatssumme"),
    }
)
_MONEY = {
    *("amount", "amounts", "balance", "balances", "bill", "billed", "cents", "charge", "charged"),
    *("charges", "cost", "costs", "credit", "credits", "debit", "debits", "discount", "discounts"),
    *("due", "fee", "fees", "fine", "gross", "money", "net", "owed", "paid", "payable", "payment"),
    *("payments", "penalty", "price", "prices", "rebate", "rebates", "refund", "refunds", "spend"),
    *("spending", "spent", "subtotal", "subtotals", "surcharge", "surcharges", "tax", "taxes"),
    *("total", "totals", "vat", "adjustment", "adjustments", "invoiced", "outstanding"),
    *("overage", "overages", "sum", "sums", "expense", "expenses", "expenditure", "deposit"),
    *("deposits", "deduction", "deductions", "coupon", "coupons", "voucher", "vouchers", "saving"),
    *("savings", "installment", "installments", "instalment", "instalments", "interest", "premium"),
    *("premiums", "markup", "markups", "bonus", "bonuses", "compensation", "compensations"),
    *("reimbursement", "reimbursements", "prepayment", "prepayments", "arrears", "payout"),
    *("payouts", "chargeback", "chargebacks", "writeoff", "writeoffs", "unbilled", "accrued"),
    *("accrual", "accruals", "revenue", "revenues", "levy", "levies", "topup", "topups", "wallet"),
    *("refunded", "prepaid", "waived", "waiver", "waivers", "promo", "promos", "promotion"),
    *("promotions", "cashback", "cashbacks", "commission", "commissions", "rounding", "reversal"),
    *("reversals", "clawback", "clawbacks", "goodwill", "subsidy", "subsidies", "dues", "excise"),
    *("shortfall", "shortfalls", "microcents", "millicents"),
    *("withholding", "withholdings", "withheld", "duty", "duties", "cess", "royalty", "royalties"),
    # Taxes of countries where cloud providers bill.
    *("gst", "hst", "pst", "qst", "igst", "cgst", "sgst", "iva", "mwst", "tva", "btw", "moms"),
    *("icms", "iss", "pis", "cofins", "irrf", "csll", "jct"),
    # German.
    *(*GERMAN_SUMS, "betrag", "kosten", "preis", "preise", "netto", "brutto", "zwischensumme"),
    *("steuer", "steuern", "umsatzsteuer", "mehrwertsteuer", "gutschrift", "gutschriften"),
    *("guthaben", "erstattung", "erstattungen", "nachlass", "skonto", "aufschlag", "zuschlag"),
    *("rabatt", "rabatte"),
    *("euro", "euros", "dollar", "dollars", *map(str.lower, _COMMON)),
}
# Rows of a bill, by what they are called as a whole: a number in them is money, whatever its key.
_LINES = {"lineitem", "lineitems", "addon", "addons"}
# What stands beside a word of money where both are written as one: `unitprice`, `creditnote`.
_JOINED = {"base", "credit", "grand", "invoice", "item", "line", "list", "note", "notes", "unit"}
_ANY = _MONEY | _JOINED
_LENGTHS = range(min(map(len, _ANY)), max(map(len, _ANY)) + 1)
_LONGEST = 60  # letters of a word that is several, of which there is no longer one
# Under these a number counts as often as it is money: months of a commitment, and what they cost.
_EITHER = {
    *("commitment", "commitments", "committed", "pending", "budget", "budgets", "budgeted"),
    *("allowance", "allowances", "reservation", "reservations", "retainer", "retainers"),
}
_WITH_CENTS = re.compile(r"\s*-?\d+[.]\d\d\s*")
# A key that ends in one of these counts, names or times something, but `price_per_hour` does not.
_ENDS = {
    *("at", "date", "time", "seconds", "minutes", "hours", "days", "months", "years", "period"),
    *("id", "ids", "uuid", "code", "number", "type", "status", "name", "email", "version", "index"),
    *("count", "counts", "quantity", "size", "limit", "page", "pages", "rows", "items", "records"),
    *("results", "elements", "entries", "digits", "exponent", "divisor", "factor", "multiplier"),
    *("hits", "matches", "found", "center", "centers", "centre", "terms", "rating", "reference"),
    *("percent", "percentage", "rate", "ratio", "bytes", "kb", "mb", "gb", "tb"),
    *("cpu", "cpus", "vcpu", "vcpus", "attempt", "attempts"),
    *("satz", "prozent", "menge", "anzahl", "stunden", "tage", "monate", "jahre", "laufzeit"),
    *("datum", "nr", "nummer", "einheit", "stufe", "stelle", "konto", "liste", "positionen"),
}
# After a word of money these are what has a name or an id: `price_tier`, `credit_account`. A number
# under such a key is money where it is written so.
_THINGS = {
    *("unit", "units", "tier", "tiers", "list", "lists", "account", "accounts", "plan", "plans"),
    *("model", "models", "group", "groups", "class", "classes", "category", "categories", "book"),
    *("books", "method", "methods"),
}
# A number under nothing but these may be when: seconds since 1970, or thousandths of them.
_EVENTS = {"due", "payment", "next", "last"}
_SINCE, _UNTIL = 10**9, 4 * 10**9  # seconds: of the years 2001 to 2096
_BEGINNINGS = {"number", "num", "count", "percent", "percentage", "quantity", "has", "is"}
# Where a line stands among the others, while a `net_position` is money.
_PLACE = "position"
_BREAKDOWNS = {"breakdown", "by", "per"}
_CURRENCY = {"currency", "currency_iso", "currency_code", "currencyCode", "currencyIso"}
# Beside "currency" in a key that says what amounts are not in, or are converted to or from.
_OTHER_CURRENCY = {
    *("display", "displayed", "shown", "preferred", "presentment", "supported", "available"),
    *("target", "local", "converted", "conversion", "exchange", "rate", "original", "source"),
    *("secondary", "alternative", "to", "from"),
}
# What amounts are in may stand under these, too, where the value is a code: `"unit": "USD"`; and
# under what ends in "in", like `prices_in`.
_UNITS = {"unit", "units", "uom", "ccy", "cur", "iso", "denomination", "symbol"}
# One search for all of them: each alone goes through megabytes as slowly, from quote to quote.
_QUOTED = re.compile(rb'"[A-Z]{3}"')
# Kinds that values are compared with, made once: a union would be made anew for each value.
_OBJECTS = (dict, Mapping)  # of which the first is told at once
_NUMBERS = (int, Decimal, float)
_VALUES = {"cents", "amount", "value", "units", "fractional", "minor", "minor_units", "decimal"}
# "12.34", "-1,200.00 EUR", "$5", "(3.00)": no date, no id.
_NUMERAL = re.compile(
    r"\s*\(?([A-Z]{3}\s|[€$£¥])?\s*[-+]?\d[\d.,' ]*([eE][-+]?\d+)?\s*([A-Za-z]{3}|[€$£¥])?\)?\s*"
)
_NOT_ZERO = re.compile(r"[1-9]")
# An amount that names its currency; "SSD 500" and "10 GiB" are none.
_CODES = f"{'|'.join(_COMMON)}|(?:US|R|C|A)?[$]|[€£¥]"
_SIZE = r"[-+]?(?=[\d.,]*[1-9])\d[\d.,]*"  # other than zero
_PRICED = re.compile(rf"\s*(?:(?:{_CODES}) ?{_SIZE}|{_SIZE} ?(?:{_CODES}))\s*")


@lru_cache(maxsize=4096)
def is_money_key(key: str) -> bool:
    """Return whether a number under this key is money: one of its words says so, none denies it."""
    words = _words(key)
    says_so = any(map(_is_money_word, words)) and not denies_money(key) and not _names_thing(key)
    return says_so or "".join(words) in _LINES


@lru_cache(maxsize=4096)
def _names_thing(key: str) -> bool:
    """Return whether a key is of a thing that is called after money: `price_list`."""
    before, last = ["", *_words(key)][-2:]
    return last in _THINGS and _is_money_word(before)


def _is_money_word(word: str) -> bool:
    """Return whether a word is one of money, or several words of which one is: `unitprice`."""
    return word in _MONEY or (len(word) <= _LONGEST and _splits(word, is_money=False))


@lru_cache(maxsize=4096)
def _splits(word: str, *, is_money: bool) -> bool:
    """Return whether all of a word is known words; one of them is money, where none was before."""
    if not word:
        return is_money
    beginnings = (word[:length] for length in _LENGTHS if length <= len(word))
    return any(
        _splits(word[len(each) :], is_money=is_money or each in _MONEY)
        for each in beginnings
        if each in _ANY
    )


@lru_cache(maxsize=4096)
def is_currency_key(key: str) -> bool:
    """Return whether a code under this key says what amounts are in; `display_currency` does not.

    Nor do `available_currency`, which is one that could be had, and one of several, as in
    `currencies`. `available_credit_currency` is that of an amount.
    """
    words = _words(key)
    if "currency" not in words:
        return False
    others = _OTHER_CURRENCY.intersection(words)
    # One of an amount that is available is no currency that could be had.
    return not others or (others == {"available"} and any(map(_is_money_word, words)))


def states_currency(key: str, value: object) -> bool:
    """Return whether a text says what amounts are in: by its key, or as the code of a unit."""
    if not isinstance(value, str):
        return False
    return is_currency_key(key) or (value in _COMMON and may_name_currency(key))


@lru_cache(maxsize=4096)
def may_name_currency(key: str) -> bool:
    """Return whether a text under this key may say what amounts are in."""
    words = _words(key)
    is_unit = bool(words) and (words[-1] == "in" or _UNITS.issuperset(words))
    return is_unit or is_currency_key(key)


def may_state_currency(body: bytes) -> bool:
    """Return whether a body may say what amounts are in."""
    return body.find(b"urrency") >= 0 or _QUOTED.search(body) is not None


class Says(IntEnum):
    """What a key says of a number under it."""

    NOTHING = 0
    EITHER = 1  # it counts, or it is money
    MONEY = 2


@lru_cache(maxsize=4096)
def says(key: str, around: Says = Says.NOTHING) -> Says:
    """Return what a key says, beside what one around it does."""
    if is_money_key(key):
        return Says.MONEY
    if denies_money(key):
        return Says.NOTHING
    is_open = _names_thing(key) or not _EITHER.isdisjoint(_words(key))
    return max(around, Says.EITHER if is_open else Says.NOTHING)


def is_stated(key: str, said: Says, value: object, beside: Mapping[str, object]) -> bool:
    """Return whether a value is an amount, by what its key says or by its own text.

    Where the key leaves it open, that is what has two decimals, as money does, or counts something
    and stands beside a currency.
    """
    if counts_parts(value, beside) or is_time(key, value):
        return False
    if said is Says.MONEY:
        return is_amount(value)
    if is_priced(value):
        return not denies_money(key)
    if said is Says.NOTHING or not is_amount(value):
        return False
    counts = not _names_thing(key)
    return has_cents(value) or (
        counts and any(states_currency(name, one) for name, one in beside.items())
    )


def counts_parts(value: object, beside: Mapping[str, object]) -> bool:
    """Return whether a number is how many parts were asked: those that failed and all others."""
    if "failed" not in beside:
        return False
    good, failed = beside.get("successful", beside.get("succeeded")), beside["failed"]
    if not isinstance(good, int | Decimal) or not isinstance(failed, int | Decimal):
        return False
    return isinstance(value, int | Decimal) and value == good + failed


def is_time(key: str, value: object) -> bool:
    """Return whether a number under a key that may be of one is a time: `next_payment`, `due`."""
    if not isinstance(value, int | Decimal) or not _EVENTS.issuperset(_words(key)):
        return False
    return any(_SINCE * parts <= value < _UNTIL * parts for parts in (1, 1000))


def has_cents(value: object) -> bool:
    """Return whether a number is written with two decimals, as money is."""
    text = str(value) if isinstance(value, Decimal) else value
    return isinstance(text, str) and _WITH_CENTS.fullmatch(text) is not None


def names_breakdown(key: str) -> bool:
    """Return whether a key says that what stands under it is in parts: `by_cluster`."""
    return not _BREAKDOWNS.isdisjoint(_words(key))


def snake_case(key: str) -> str:
    """Return a key as its words are written in snake case."""
    return "_".join(_words(key))


def denies_money(key: str) -> bool:
    """Return whether a number under this key is a count, a share, a name, a place or a time."""
    *before, last = _words(key) or [""]
    if key == _PLACE:
        return True
    if last == "usage" and before:  # of what stands before it: `total_memory_mb_usage`
        *before, last = before
    return (last in _ENDS and before[-1:] != ["per"]) or (before or [last])[0] in _BEGINNINGS


def _words(key: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(key)]


def is_amount(value: object) -> bool:
    """Return whether this is a number other than zero, or text of one, with a currency or not."""
    if isinstance(value, str):
        return _NUMERAL.fullmatch(value) is not None and _NOT_ZERO.search(value) is not None
    return isinstance(value, _NUMBERS) and type(value) is not bool and value != 0


def is_priced(value: object) -> bool:
    """Return whether this is text of an amount other than zero that names its currency."""
    return isinstance(value, str) and _PRICED.fullmatch(value) is not None


def any_priced(texts: Iterable[str]) -> bool:
    """Return whether any of these is text of an amount other than zero that names its currency."""
    # Without a call of ours for each, as a column may have a hundred thousand.
    return any(map(_PRICED.fullmatch, texts))


def may_be_money(keys: Collection[str]) -> bool:
    """Return whether objects with these keys may be an amount and its currency."""
    return not (_CURRENCY.isdisjoint(keys) or _VALUES.isdisjoint(keys))


def is_money(value: object) -> bool:
    """Return whether this is an object of an amount other than zero and its currency."""
    return (
        isinstance(value, _OBJECTS)
        and not _VALUES.isdisjoint(value)  # as in nearly none of them
        and any(states_currency(key, member) for key, member in value.items())
        and any(is_amount(value.get(key)) for key in _VALUES)
    )
