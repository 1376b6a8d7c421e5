"""The methods an adapter may have.

One table, which the facade asks by and the conformance kit compares with.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from billfold.adapter.declaration import Adapter
from billfold.errors import UnsupportedError
from billfold.model import Stream


class Method(Struct, frozen=True):
    """A method an adapter may have: its arguments after ``client``, its result, its purpose.

    ``feature`` is what a provider without it does not offer.
    """

    arguments: tuple[str, ...]
    gives: str
    purpose: str
    feature: str


METHODS: Mapping[str, Method] = {
    "balances": Method(
        (), "Readings[Balance]", "prepaid money and credit as it stands now", "balances"
    ),
    "usage": Method(("period",), "Readings[Usage]", "what was used and what it costs", "usage"),
    "daily": Method(("period",), "Readings[DailyCost]", "the cost of each UTC day", "daily costs"),
    "ledger": Method(
        ("period",),
        "Readings[LedgerEntry]",
        "movements on prepaid balances, newest first",
        "a ledger",
    ),
    "invoices": Method(
        ("period", "kind"), "Readings[Invoice]", "invoices of both kinds, or of one", "invoices"
    ),
    "subscriptions": Method(
        (), "Readings[Subscription]", "subscriptions and flat fees", "subscriptions"
    ),
    "payment_methods": Method(
        (), "Readings[PaymentMethod]", "stored ways to pay", "payment methods"
    ),
    "check": Method(
        (),
        "Readings[Credential]",
        "the cheapest call that needs the credential",
        "checking a credential",
    ),
    "invoice": Method(
        ("invoice_id",), "Reading[Invoice]", "one invoice with its lines", "invoices"
    ),
    "document": Method(
        ("invoice_id",), "AsyncGenerator[bytes]", "the bytes of an invoice's PDF", "documents"
    ),
    "attach_payment_method": Method(
        ("payment_method_id",),
        "PaymentMethod | None",
        "a write: attach a payment method",
        "changing payment methods",
    ),
    "set_default_payment_method": Method(
        ("payment_method_id",),
        "None",
        "a write: make a payment method the default",
        "changing payment methods",
    ),
    "remove_payment_method": Method(
        ("payment_method_id",),
        "None",
        "a write: remove a payment method",
        "changing payment methods",
    ),
    "setup_intent": Method(
        (),
        "Secret",
        "a write: a client secret for the browser's set-up form",
        "changing payment methods",
    ),
}


def has_stream(adapter: type[Adapter] | Adapter, stream: Stream) -> bool:
    """Return whether an adapter has a method for a stream."""
    return callable(getattr(adapter, stream.value, None))


def streams(adapter: type[Adapter] | Adapter) -> tuple[Stream, ...]:
    """Return the streams an adapter has a method for.

    Trying the credential is not counted as one.
    """
    return tuple(
        stream for stream in Stream if stream is not Stream.CHECK and has_stream(adapter, stream)
    )


def offers(adapter: type[Adapter] | Adapter) -> dict[Stream, str]:
    """Return what an adapter declares of each of its streams, in a few words, or none."""
    described = adapter.declares.offers
    return {stream: described.get(stream, "") for stream in streams(adapter)}


def find_method(adapter: Adapter, name: str) -> Callable[..., Any]:
    """Return an adapter's method. Raises UnsupportedError where it has none."""
    method: Callable[..., Any] | None = getattr(adapter, name, None)
    if not callable(method):
        raise UnsupportedError(f"{adapter.provider} does not offer {METHODS[name].feature}")
    return method


def wrong_signatures(adapter: type[Adapter]) -> Iterator[str]:
    """Yield a sentence for every method whose arguments are not those of the table."""
    for name, method in METHODS.items():
        written = getattr(adapter, name, None)
        if callable(written):
            arguments = tuple(inspect.signature(written).parameters)
            expected = ("self", "client", *method.arguments)
            if arguments != expected:
                yield (
                    f"{name} takes ({', '.join(arguments)}) and should take ({', '.join(expected)})"
                )
