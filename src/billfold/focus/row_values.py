"""What rows of several datasets share: groups of columns, and how values are written into them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Context, Decimal

from billfold.adapter import Declaration
from billfold.adapter.catalogue import Catalogue, undeclared_catalogue
from billfold.errors import MoneyError
from billfold.money import Money, exact
from billfold.period import Period

FocusValue = str | Decimal | datetime
FocusRow = dict[str, FocusValue | None]

# Arrow's decimal128 and DuckDB's DECIMAL have 38 digits. Half of them after the point leaves enough
# before it for any bill.
DIGITS, PLACES = 38, 18

_LIMIT = Decimal(10) ** (DIGITS - PLACES)
_LAST_PLACE = Decimal(1).scaleb(-PLACES)
_WIDE = Context(prec=200)
_NUMERIC = re.compile(r"[+-]?[0-9][0-9.,eE+-]*")
# The Foundation's validator accepts only ASCII. Letters stay as they are, but for typographic signs
# there are others on a keyboard.
_KEYBOARD_SIGNS = str.maketrans("\u00d7\u2013\u2014\u2018\u2019\u201c\u201d", "x--''\"\"")


def fits(number: Decimal) -> bool:
    """Return whether a file can hold the number without rounding it."""
    return number.copy_abs() < _LIMIT and number == number.quantize(_LAST_PLACE, context=_WIDE)


def writable(number: Decimal, label: str) -> Decimal:
    """Return the number; raise MoneyError, naming it by ``label``, where it does not fit a file."""
    if not fits(number):
        raise MoneyError(
            f"{label} has more than {PLACES} decimal places or {DIGITS - PLACES} digits before them"
        )
    return exact(number)


def text_id(kind: str, value: str) -> str:
    """Return an id, prefixed with its kind if CSV readers would take it for a number."""
    if not _NUMERIC.fullmatch(value):
        return value
    return f"{kind.lower().replace(' ', '-').replace('_', '-')}:{value}"


def title_words(text: str) -> str:
    """Return a provider's word with FOCUS' capitals: ``node_pool`` is Node Pool."""
    words = text.replace("_", " ").split()
    return " ".join(word if word[:1].isupper() else word.capitalize() for word in words)


def keyboard_signs(text: str) -> str:
    """Return a description with typographic signs replaced by those of a keyboard."""
    return text.translate(_KEYBOARD_SIGNS)


def whole_second(moment: datetime) -> datetime:
    """Return a time without its fraction of a second, which FOCUS' format does not have."""
    return moment.replace(microsecond=0)


def json_text(values: Mapping[str, object]) -> str | None:
    """Return a JSON object in ASCII with sorted keys, or None for an empty one."""
    if not values:
        return None
    return json.dumps(dict(sorted(values.items())), ensure_ascii=True, separators=(",", ":"))


def catalogue_of(declaration: Declaration) -> Catalogue:
    """Return the catalogue that an adapter declares, or the one for adapters without."""
    return declaration.catalogue or undeclared_catalogue(declaration.title)


def invoice_issuer(catalogue: Catalogue) -> str:
    """Return who sends the provider's invoices."""
    return catalogue.invoice_issuer or catalogue.brand


def provider_columns(catalogue: Catalogue) -> FocusRow:
    """Return the columns that name who sells, hosts and bills."""
    return {
        "HostProviderName": catalogue.brand,
        "InvoiceIssuerName": invoice_issuer(catalogue),
        # FOCUS 1.4 dropped these two; readers of 1.2 and 1.3 need them.
        "ProviderName": catalogue.brand,
        "PublisherName": catalogue.brand,
        "ServiceProviderName": catalogue.brand,
    }


def billing_account_columns(
    catalogue: Catalogue, account: str, billing_account_id: str | None, name: str | None = None
) -> FocusRow:
    """Return the columns that name who is billed: the account where the provider names nobody."""
    billed = billing_account_id or account
    return {
        "BillingAccountId": text_id(catalogue.billing_account_type, billed),
        "BillingAccountName": name or billed,
        "BillingAccountType": catalogue.billing_account_type,
        "x_Account": account,
    }


def period_columns(month: Period, start: datetime, end: datetime) -> FocusRow:
    """Return the columns of the month a row is booked in and of the time it is for.

    The times are in whole seconds; a shorter time is made one second long.
    """
    first = whole_second(start)
    return {
        "BillingPeriodStart": month.start,
        "BillingPeriodEnd": month.end,
        "ChargePeriodStart": first,
        "ChargePeriodEnd": max(whole_second(end), first + timedelta(seconds=1)),
    }


def cost_columns(cost: Money) -> FocusRow:
    """Return the cost columns of a row without a unit price, in which all four costs are equal."""
    amount = writable(cost.amount, "a cost")
    return {
        "BilledCost": amount,
        "BillingCurrency": cost.currency,
        "ContractedCost": amount,
        "EffectiveCost": amount,
        "ListCost": amount,
        "PricingCurrency": cost.currency,
        "PricingCurrencyEffectiveCost": amount,
    }
