"""Do the providers' own numbers agree: views of the same money compared, and the cause of each gap.

>>> from billfold import reconcile
>>> result = await reconcile.ask(fold, Period.month(2026, 10))
>>> [identity.name for identity in result.identities if not identity.holds]

Only :func:`ask` and :func:`ask_views` read anything, from the source they are given; the rest are
pure functions of answers. docs/costs.md lists the identities and the causes.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from billfold.reconcile._ask import ViewSource, ask, ask_views
    from billfold.reconcile.identity import Identity
    from billfold.reconcile.reconciliation import Reconciliation, compare
    from billfold.reconcile.views import AccountViews, Views

_HOME = {
    "AccountViews": "views",
    "Identity": "identity",
    "Reconciliation": "reconciliation",
    "ViewSource": "_ask",
    "Views": "views",
    "ask": "_ask",
    "ask_views": "_ask",
    "compare": "reconciliation",
}

__all__ = [
    "AccountViews",
    "Identity",
    "Reconciliation",
    "ViewSource",
    "Views",
    "ask",
    "ask_views",
    "compare",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name not in _HOME:
        raise AttributeError(f"module 'billfold.reconcile' has no attribute {name!r}")
    return getattr(import_module(f"billfold.reconcile.{_HOME[name]}"), name)
