"""What laws compare of answers: their totals, their records' ids, and how they came out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from billfold.answer import Answer, total
from billfold.model import Charge, Stream

_SHOWN = 4  # ids in a message


def totals(answer: Answer[Any]) -> Any:
    """Return an answer's totals, whatever its coverage, or how many records it has."""
    return total(answer.stream, answer.items) or len(answer.items)


def record_ids(answer: Answer[Any]) -> list[tuple[str, ...]]:
    """Return what identifies each record (for usage each charge) of an answer."""
    if answer.stream is Stream.USAGE:
        return [(charge.account, charge.id) for charge in charges(answer)]
    return [_record_id(answer.stream, record) for record in answer]


def _record_id(stream: Stream, record: Any) -> tuple[str, ...]:
    owner = record.account, record.billing_account_id or ""
    if stream is Stream.BALANCES:
        return *owner, record.scope, str(record.kind)
    if stream is Stream.DAILY:
        return *owner, str(record.date), str(record.part)
    return *owner, str(getattr(record, "kind", "")), record.id


def duplicates(ids: Sequence[Any]) -> list[Any]:
    """Return the ids that stand there more than once."""
    return [record_id for record_id, count in Counter(ids).items() if count > 1]


def charges(answer: Answer[Any]) -> list[Charge]:
    """Return the charges of all usages."""
    return [charge for usage in answer for charge in usage.charges]


def states(answer: Answer[Any]) -> str:
    """Return how an answer came out, for messages."""
    rows = [
        f"{row.account} {row.state}" + (f" ({row.detail})" if row.detail else "")
        for row in answer.coverage
    ]
    return ", ".join(rows)


def of_account(records: Sequence[Any], account: str) -> list[Any]:
    """Return one account's records."""
    return [record for record in records if record.account == account]


def some(names: Iterable[object]) -> str:
    """Return a few ids or names, sorted, for messages."""
    texts = sorted(_text(name) for name in names)
    return ", ".join(texts[:_SHOWN]) + (" ..." if len(texts) > _SHOWN else "")


def _text(name: object) -> str:
    return " ".join(filter(None, name)) if isinstance(name, tuple) else str(name)
