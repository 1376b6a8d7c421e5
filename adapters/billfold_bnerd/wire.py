"""The shapes of b'nerd's replies (CONTRACT.md, section 2).

What is not documented stays raw; ``fields`` and ``values`` read it.
"""

from collections.abc import Mapping

from msgspec import Raw, Struct

_NULL = Raw(b"null")


class Subscription(Struct, frozen=True):
    """A product tied to a project, or to the organization; its dates are times or plain dates."""

    id: str
    organization_id: str
    product_id: str
    start_date: str
    project_id: str | None = None
    end_date: str | None = None


class MeteringInvoice(Struct, frozen=True):
    """A mirror of the metering; of period, total and items the inner shape is not documented."""

    period: Raw
    total: Raw
    items: tuple[Raw, ...] | None = None
    id: str | int | None = None
    organization_id: str | None = None


class LegalInvoice(Struct, frozen=True):
    """A binding document, as EasyBill's own API has it (CONTRACT.md, section 2.4).

    Amounts are whole cents, tax included in ``amount``. ``status`` belongs to no invoice.
    """

    id: str | int
    number: str | int | None = None
    type: str | None = None
    status: str | None = None
    document_date: str | None = None
    due_date: str | None = None
    paid_at: str | None = None
    amount: Raw = _NULL
    amount_net: Raw = _NULL
    currency: str | None = None
    organization_id: str | None = None
    service_date: Raw = _NULL
    is_draft: Raw = _NULL
    cancel_id: Raw = _NULL


class ServiceDate(Struct, frozen=True):
    """The time that a legal document bills: dates, the last one included."""

    date_from: str | None = None
    date_to: str | None = None


class PaymentMethod(Struct, frozen=True):
    """A stored way to pay, kept by the payment provider."""

    id: str
    payment_type: str
    default: bool
    brand: str | None = None
    last4: str | int | None = None
    exp_month: str | int | None = None
    exp_year: str | int | None = None
    iban: str | None = None

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

    validation_errors: Mapping[str, tuple[str, ...]] | None = None


class ErrorItem(Struct, frozen=True):
    """One error of the envelope; each field is read by itself."""

    code: Raw = _NULL
    message: Raw = _NULL
    field: Raw = _NULL
    meta: Raw = _NULL


class ErrorReply(Struct, frozen=True):
    """The envelope, or outside of it ``{"error": ...}``."""

    request_id: Raw = _NULL
    errors: tuple[ErrorItem, ...] = ()
    error: Raw = _NULL
