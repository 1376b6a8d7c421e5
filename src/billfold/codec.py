"""Answers to JSON and back, exactly (cattrs). The schema is ``billfold.answer/1``."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from cattrs import BaseValidationError, Converter, transform_error

from billfold.answer import Answer, Coverage, Stream, total
from billfold.errors import FIELDS, KINDS, BillfoldError, ConfigError
from billfold.model import (
    Balance,
    Credential,
    DailyCost,
    Invoice,
    LedgerEntry,
    PaymentMethod,
    Subscription,
    Usage,
)
from billfold.money import Money, exact, plain
from billfold.period import Period, utc_text

SCHEMA = "billfold.answer/1"

RECORDS: dict[Stream, type] = {
    Stream.BALANCES: Balance,
    Stream.USAGE: Usage,
    Stream.DAILY: DailyCost,
    Stream.LEDGER: LedgerEntry,
    Stream.INVOICES: Invoice,
    Stream.SUBSCRIPTIONS: Subscription,
    Stream.PAYMENT_METHODS: PaymentMethod,
    Stream.CHECK: Credential,
}


def _decimal(value: object, _: type) -> Decimal:
    if not isinstance(value, str):
        raise TypeError("a decimal is written as text: a JSON number may have lost digits")
    return exact(Decimal(value))


def _converter() -> Converter:
    converter = Converter()
    converter.register_unstructure_hook(Decimal, plain)
    converter.register_structure_hook(Decimal, _decimal)
    converter.register_unstructure_hook(datetime, utc_text)
    converter.register_structure_hook(datetime, lambda value, _: datetime.fromisoformat(value))
    converter.register_unstructure_hook(date, date.isoformat)
    converter.register_structure_hook(date, lambda value, _: date.fromisoformat(value))
    return converter


CONVERTER = _converter()


def record(item: object) -> dict[str, Any]:
    """Write one record as plain JSON values, every field present."""
    written: dict[str, Any] = CONVERTER.unstructure(item)
    return written


def failure(error: BillfoldError) -> dict[str, Any]:
    """Write an error as plain JSON values."""
    return {
        "account": error.account,
        "provider": error.provider,
        "error": type(error).__name__,
        "message": error.message,
        "status": error.status,
        "code": error.code,
        "request_id": error.request_id,
        "retry_at": None if error.retry_at is None else utc_text(error.retry_at),
    }


def _failure(written: dict[str, Any]) -> BillfoldError:
    known = {name: written[name] for name in FIELDS}
    if known["retry_at"] is not None:
        known["retry_at"] = datetime.fromisoformat(known["retry_at"])
    return KINDS.get(written["error"], BillfoldError)(written["message"], **known)


def _period(written: Any) -> Period | None:
    return None if written is None else CONVERTER.structure(written, Period)


def _plain_totals(totals: Any) -> Any:
    if isinstance(totals, Money):
        return plain(totals.amount)
    return {key: _plain_totals(value) for key, value in totals.items()}


def document(answer: Answer[Any]) -> dict[str, Any]:
    """Write an answer as plain JSON values; ``totals`` adds up whatever was answered, ``complete`` says whether that is all."""
    return {
        "schema": SCHEMA,
        "stream": answer.stream.value,
        "asked": {"period": CONVERTER.unstructure(answer.asked)},
        "complete": answer.complete,
        "totals": _plain_totals(total(answer.stream, answer.items)),
        "items": [record(item) for item in answer.items],
        "coverage": [record(row) for row in answer.coverage],
        "failures": [failure(error) for error in answer.failures],
    }


def dumps(answer: Answer[Any], indent: int | None = None) -> str:
    """Write an answer as JSON text."""
    return json.dumps(document(answer), indent=indent, ensure_ascii=False)


def loads(text: str | bytes) -> Answer[Any]:
    """Read an answer. Raises ConfigError for text that is not one."""
    try:
        written = json.loads(text)
        schema = written["schema"]
    except (ValueError, TypeError, KeyError) as error:
        raise ConfigError(f"this is not an answer of billfold: {error}") from None
    if schema != SCHEMA:
        raise ConfigError(f"this answer has schema {schema!r}; this version of billfold reads {SCHEMA!r}")
    try:
        return _answer(written)
    except (ValueError, TypeError, KeyError, ArithmeticError, BaseValidationError) as error:
        raise ConfigError(f"this is not an answer of billfold: {'; '.join(transform_error(error))}") from None


def _answer(written: dict[str, Any]) -> Answer[Any]:
    stream = Stream(written["stream"])
    return Answer(
        stream,
        _period(written["asked"]["period"]),
        tuple(CONVERTER.structure(item, RECORDS[stream]) for item in written["items"]),
        tuple(CONVERTER.structure(row, Coverage) for row in written["coverage"]),
        tuple(_failure(row) for row in written["failures"]),
    )
