"""The shapes of b'nerd's replies (CONTRACT.md, section 2).

What is not documented stays raw; ``fields`` and ``values`` read it.
"""

from collections.abc import Mapping

from msgspec import Raw, Struct

_NULL = Raw(b"null")


class Subscription(Struct, frozen=True):
    """A product tied to a project, or to the organization; its dates are times or plain dates."""

    id: str
    organization_id: Raw = _NULL
    product_id: Raw = _NULL
    start_date: Raw = _NULL
    project_id: Raw = _NULL
    end_date: Raw = _NULL


class MeteringInvoice(Struct, frozen=True):
    """A mirror of the metering; of period, total and items the inner shape is not documented."""

    period: Raw = _NULL
    total: Raw = _NULL
    items: Raw = _NULL
    id: Raw = _NULL
    organization_id: Raw = _NULL
    status: Raw = _NULL


class LegalInvoice(Struct, frozen=True):
    """A binding document, as EasyBill's own API has it (CONTRACT.md, section 2.4).

    Amounts are whole cents, tax included in ``amount``. ``status`` belongs to no invoice.
    """

    id: str | int
    number: Raw = _NULL
    type: Raw = _NULL
    status: Raw = _NULL
    document_date: Raw = _NULL
    due_date: Raw = _NULL
    paid_at: Raw = _NULL
    amount: Raw = _NULL
    amount_net: Raw = _NULL
    currency: Raw = _NULL
    organization_id: Raw = _NULL
    service_date: Raw = _NULL
    is_draft: Raw = _NULL
    cancel_id: Raw = _NULL
    ref_id: Raw = _NULL


class PaymentMethod(Struct, frozen=True):
    """A stored way to pay, kept by the payment provider."""

    id: str
    payment_type: str
    default: Raw = _NULL
    brand: Raw = _NULL
    last4: Raw = _NULL
    exp_month: Raw = _NULL
    exp_year: Raw = _NULL
    iban: Raw = _NULL
    organization_id: Raw = _NULL

    def __repr__(self) -> str:
        # The IBAN may be a full one, and a repr ends up in tracebacks.
        return f"PaymentMethod({self.id!r})"


class SetupIntent(Struct, frozen=True):
    """The answer of ``payment_intent``: a secret."""

    client_secret: str

    def __repr__(self) -> str:
        return "SetupIntent(***)"


class ErrorMeta(Struct, frozen=True):
    """What a 422 adds."""

    validation_errors: Mapping[str, tuple[str, ...] | str] | None = None


class ErrorItem(Struct, frozen=True):
    """One error of the envelope; each field is read by itself."""

    code: Raw = _NULL
    message: Raw = _NULL
    field: Raw = _NULL
    meta: Raw = _NULL


class ErrorReply(Struct, frozen=True):
    """The envelope, or outside of it ``{"error": ...}``."""

    request_id: Raw = _NULL
    errors: Raw = _NULL
    error: Raw = _NULL
    message: Raw = _NULL
