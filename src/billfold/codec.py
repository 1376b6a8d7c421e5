"""Records, errors and values as plain JSON values, and back, exactly (cattrs)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec
from cattrs import BaseValidationError, Converter, transform_error
from cattrs.v import format_exception

from billfold.errors import FIELDS, KINDS, BillfoldError, ConfigError, MoneyError
from billfold.money import Money, plain, read_plain
from billfold.period import utc_text


def _decimal(value: object, _: type) -> Decimal:
    if not isinstance(value, str):
        # A JSON number may have lost digits.
        raise MoneyError(f"{value!r} is no text; write a number as text, like '1234.56'")
    return read_plain(value)


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
# JSON lets DEL and the C1 controls stand as they are, and a terminal may obey them.
# Escaped they mean the same.
_DEL = "\x7f"
_CONTROLS = {code: f"\\u{code:04x}" for code in range(0x7F, 0xA0)}


def json_text(value: Any, indent: int | None = None) -> str:
    """Return plain JSON values as text, in which nothing is left that a terminal would obey."""
    text = _text(value, indent)
    if text.isascii() and _DEL not in text:
        return text  # as it is, for a copy of very much text is memory that has to be found
    return text.translate(_CONTROLS)


def _text(value: Any, indent: int | None) -> str:
    """Return what ``json.dumps`` does, as msgspec writes it in a tenth of the time and memory."""
    if indent is None or indent > 0:  # what msgspec cannot write, json does: lone surrogates
        with suppress(UnicodeEncodeError, OverflowError):
            return msgspec.json.format(msgspec.json.encode(value), indent=indent or 0).decode()
    return json.dumps(value, indent=indent, ensure_ascii=False)


def record(item: object) -> dict[str, Any]:
    """Return one record as plain JSON values, every field present."""
    written: dict[str, Any] = CONVERTER.unstructure(item)
    return written


@contextmanager
def read_at(path: str) -> Iterator[None]:
    """Raise ConfigError for values inside that cannot be read, with the path of each."""
    try:
        yield
    except (ValueError, TypeError, KeyError, ArithmeticError, BaseValidationError) as error:
        raise ConfigError("; ".join(transform_error(error, path, _reason))) from None


def _reason(error: BaseException, kind: type | None) -> str:
    """Return what is wrong with a value, in our words where we have some."""
    if isinstance(error, BillfoldError):
        return error.message
    return f"{error} is missing" if type(error) is KeyError else format_exception(error, kind)


def failure(error: BillfoldError) -> dict[str, Any]:
    """Return an error as plain JSON values."""
    return {
        "account": error.account,
        "provider": error.provider,
        "part": error.part,
        "error": type(error).__name__,
        "message": error.message,
        "status": error.status,
        "code": error.code,
        "request_id": error.request_id,
        "retry_at": None if error.retry_at is None else utc_text(error.retry_at),
    }


def failure_from(written: dict[str, Any]) -> BillfoldError:
    """Return the error that :func:`failure` wrote.

    A kind of another version becomes BillfoldError.
    """
    fields = {name: written[name] for name in FIELDS}
    if fields["retry_at"] is not None:
        fields["retry_at"] = datetime.fromisoformat(fields["retry_at"])
    return KINDS.get(written["error"], BillfoldError)(written["message"], **fields)


def totals_text(totals: dict[str, Money] | dict[str, dict[str, Money]]) -> dict[str, Any]:
    """Return totals with each Money as the text of its amount, in plain notation."""
    return {
        key: plain(value.amount) if isinstance(value, Money) else totals_text(value)
        for key, value in totals.items()
    }
