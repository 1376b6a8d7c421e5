"""billfold: what several clouds charge, in one exact view.

>>> from billfold import Billfold, Period

See :class:`Billfold` for asking, :class:`Answer` for what comes back, and ``billfold.errors`` for
what can go wrong.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from billfold.accounts.account import Account
    from billfold.answer import Answer
    from billfold.coverage import Coverage
    from billfold.errors import (
        BillfoldError,
        ConfigError,
        CredentialsError,
        CurrencyError,
        DeadlineError,
        DriftError,
        ForbiddenError,
        IncompleteError,
        MoneyError,
        NotFoundError,
        OutcomeUnknownError,
        PeriodError,
        ProviderError,
        RateError,
        RateLimitedError,
        RequestError,
        SessionError,
        StoreError,
        TokenError,
        TooLargeError,
        TransientError,
        UnreachableError,
        UnsupportedError,
    )
    from billfold.facade.billfold import Billfold
    from billfold.facade.history import History
    from billfold.facade.streaming import Charges
    from billfold.http.retry import RetryPolicy
    from billfold.model import (
        Balance,
        BalanceKind,
        Category,
        Cause,
        Charge,
        Check,
        Credential,
        DailyCost,
        DayPart,
        Invoice,
        InvoiceKind,
        InvoiceLine,
        LedgerEntry,
        PaymentMethod,
        State,
        Stream,
        Subscription,
        Usage,
    )
    from billfold.money import Money
    from billfold.period import Period
    from billfold.secret import Secret

_HOME = {
    "Account": "accounts.account",
    "Answer": "answer",
    "Balance": "model",
    "BalanceKind": "model",
    "Billfold": "facade.billfold",
    "BillfoldError": "errors",
    "Category": "model",
    "Cause": "model",
    "Charge": "model",
    "Charges": "facade.streaming",
    "Check": "model",
    "ConfigError": "errors",
    "Coverage": "coverage",
    "Credential": "model",
    "CredentialsError": "errors",
    "CurrencyError": "errors",
    "DailyCost": "model",
    "DayPart": "model",
    "DeadlineError": "errors",
    "DriftError": "errors",
    "ForbiddenError": "errors",
    "History": "facade.history",
    "IncompleteError": "errors",
    "Invoice": "model",
    "InvoiceKind": "model",
    "InvoiceLine": "model",
    "LedgerEntry": "model",
    "Money": "money",
    "MoneyError": "errors",
    "NotFoundError": "errors",
    "OutcomeUnknownError": "errors",
    "PaymentMethod": "model",
    "Period": "period",
    "PeriodError": "errors",
    "ProviderError": "errors",
    "RateError": "errors",
    "RateLimitedError": "errors",
    "RequestError": "errors",
    "RetryPolicy": "http.retry",
    "Secret": "secret",
    "SessionError": "errors",
    "State": "model",
    "StoreError": "errors",
    "Stream": "model",
    "Subscription": "model",
    "TokenError": "errors",
    "TooLargeError": "errors",
    "TransientError": "errors",
    "UnreachableError": "errors",
    "UnsupportedError": "errors",
    "Usage": "model",
}

# Written out, because type checkers read it; a test compares it with the names above.
__all__ = [
    "Account",
    "Answer",
    "Balance",
    "BalanceKind",
    "Billfold",
    "BillfoldError",
    "Category",
    "Cause",
    "Charge",
    "Charges",
    "Check",
    "ConfigError",
    "Coverage",
    "Credential",
    "CredentialsError",
    "CurrencyError",
    "DailyCost",
    "DayPart",
    "DeadlineError",
    "DriftError",
    "ForbiddenError",
    "History",
    "IncompleteError",
    "Invoice",
    "InvoiceKind",
    "InvoiceLine",
    "LedgerEntry",
    "Money",
    "MoneyError",
    "NotFoundError",
    "OutcomeUnknownError",
    "PaymentMethod",
    "Period",
    "PeriodError",
    "ProviderError",
    "RateError",
    "RateLimitedError",
    "RequestError",
    "RetryPolicy",
    "Secret",
    "SessionError",
    "State",
    "StoreError",
    "Stream",
    "Subscription",
    "TokenError",
    "TooLargeError",
    "TransientError",
    "UnreachableError",
    "UnsupportedError",
    "Usage",
]


def __getattr__(name: str) -> Any:
    """Import a public name's module when it is first used: ``import billfold`` stays cheap."""
    if name == "__version__":
        from importlib.metadata import version

        return version("billfold")
    try:
        home = _HOME[name]
    except KeyError:
        raise AttributeError(f"module 'billfold' has no attribute {name!r}") from None
    value = getattr(import_module(f"billfold.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
