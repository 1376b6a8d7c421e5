"""What rows of every dataset share: their values, and how texts, times and numbers are put into them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Context, Decimal

from billfold.adapter.catalogue import Catalogue
from billfold.errors import MoneyError
from billfold.money import Money, exact
from billfold.period import Period

Value = str | Decimal | datetime
Row = dict[str, Value | None]

# Arrow's decimal128 and DuckDB's DECIMAL have 38 digits; half of them after the point leaves room for any bill.
DIGITS, PLACES = 38, 18
ACCOUNT_LEVEL = "Account Level Charges"

_LIMIT = Decimal(10) ** (DIGITS - PLACES)
_LAST = Decimal(1).scaleb(-PLACES)
_WIDE = Context(prec=200)
# The Foundation's validator takes letters of ASCII alone; names keep theirs, but a sentence need not fail over a dash.
_SIGNS = str.maketrans(
    {
        "\u00d7": "x",
        "\u2013": "-",
        "\u2014": "-",
        "\u2018": "'",
        "\u2019": "'",
        "\u201c": '"',
        "\u201d": '"',
    }
)
_NUMERIC = re.compile(r"[+-]?[0-9][0-9.,eE+-]*")


def fits(number: Decimal) -> bool:
    """Tell whether a number can be written without rounding it."""
    return number.copy_abs() < _LIMIT and number == number.quantize(_LAST, context=_WIDE)


def writable(number: Decimal, what: str) -> Decimal:
    """Return the number; raises MoneyError for one that a file could only hold rounded."""
    if not fits(number):
        raise MoneyError(
            f"{what} has more than {PLACES} decimal places or {DIGITS - PLACES} digits before them"
        )
    return exact(number)


def ident(kind: str, value: str) -> str:
    """Prefix an id that reads like a number, which CSV readers would make one of."""
    return (
        f"{kind.lower().replace(' ', '-').replace('_', '-')}:{value}"
        if _NUMERIC.fullmatch(value)
        else value
    )


def words(text: str) -> str:
    """Write a provider's word for a kind of thing as FOCUS writes them: ``node_pool`` is Node Pool."""
    return " ".join(
        word if word[:1].isupper() else word.capitalize() for word in text.replace("_", " ").split()
    )


def sentence(text: str) -> str:
    """Write a description with the signs of a keyboard: a multiplication sign is an x."""
    return text.translate(_SIGNS)


def whole(moment: datetime) -> datetime:
    """Cut a time to whole seconds: FOCUS' format has no fraction."""
    return moment.replace(microsecond=0)


def json_text(values: Mapping[str, object]) -> str | None:
    """Write a JSON object in ASCII, the keys sorted; None for an empty one."""
    return (
        json.dumps(dict(sorted(values.items())), ensure_ascii=True, separators=(",", ":"))
        if values
        else None
    )


def sold_by(catalogue: Catalogue) -> Row:
    """Name who sells, hosts and bills; ``ProviderName`` and ``PublisherName`` are for readers of FOCUS 1.2 and 1.3."""
    return {
        "HostProviderName": catalogue.brand,
        "InvoiceIssuerName": catalogue.invoice_issuer or catalogue.brand,
        "ProviderName": catalogue.brand,
        "PublisherName": catalogue.brand,
        "ServiceProviderName": catalogue.brand,
    }


def billed_to(catalogue: Catalogue, account: str, ident_: str | None, name: str | None) -> Row:
    """Name who is billed; where the provider names nobody, the account as it is configured."""
    billed = ident_ or account
    return {
        "BillingAccountId": ident(catalogue.billing_account_type, billed),
        "BillingAccountName": name or billed,
        "BillingAccountType": catalogue.billing_account_type,
        "x_Account": account,
    }


def booked(month: Period, start: datetime, end: datetime) -> Row:
    """Say in which month a line is booked, and for which time; what is shorter than a second gets one."""
    first = whole(start)
    return {
        "BillingPeriodStart": month.start,
        "BillingPeriodEnd": month.end,
        "ChargePeriodStart": first,
        "ChargePeriodEnd": max(whole(end), first + timedelta(seconds=1)),
    }


def unpriced(cost: Money) -> Row:
    """Write a cost that no unit price stands behind: credits, taxes, adjustments."""
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


def account_level() -> Row:
    """Name the service of what belongs to no service; who hosts it cannot be said."""
    return {
        "HostProviderName": None,
        "ServiceCategory": "Other",
        "ServiceName": ACCOUNT_LEVEL,
        "ServiceSubcategory": "Other (Other)",
    }
