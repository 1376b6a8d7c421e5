"""What laws require of answers, and what to do about an adapter that breaks one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from attrs import frozen

from billfold.answer import Answer
from billfold.model import Charge, Stream, total


@frozen
class Rule:
    """A condition of a law: the law's name, and what to do where it is broken."""

    law: str
    advice: str


class LawBroken(AssertionError):
    """An adapter breaks a law; the message names it, what was seen, and what to do."""

    def __init__(self, rule: Rule, seen: str) -> None:
        super().__init__(f"{rule.law}: {seen}; {rule.advice}")
        self.rule = rule


def require(condition: object, rule: Rule, seen: str) -> None:
    """Raise LawBroken unless the condition holds."""
    if not condition:
        raise LawBroken(rule, seen)


def require_total(rule: Rule, about: str, answer: Answer[Any], expected: Any) -> None:
    """Raise LawBroken unless the answer adds up to the expected totals."""
    stated = totals(answer)
    require(stated == expected, rule, f"{about}, and adds up to {stated}, not {expected}")


def require_same(rule: Rule, about: str, answer: Answer[Any], expected: Answer[Any]) -> None:
    """Raise LawBroken unless two answers have the same records and add up to the same."""
    differing = set(record_ids(answer)) ^ set(record_ids(expected))
    require(not differing, rule, f"{about}, with other records: {some(differing)}")
    require_total(rule, about, answer, totals(expected))


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
    """Return the charges of all usages; none for another stream."""
    return [charge for record in answer for charge in getattr(record, "charges", ())]


def of_account(records: Sequence[Any], account: str) -> list[Any]:
    """Return one account's records."""
    return [record for record in records if record.account == account]


def states(answer: Answer[Any]) -> str:
    """Return how an answer came out, for messages."""
    rows = [
        f"{row.account} {row.state}" + (f" ({row.detail})" if row.detail else "")
        for row in answer.coverage
    ]
    return ", ".join(rows)


def some(names: Iterable[object]) -> str:
    """Return a few ids or names, sorted, for messages."""
    texts = sorted(_text(name) for name in names)
    return ", ".join(texts[:4]) + (" ..." if len(texts) > 4 else "")


def _text(name: object) -> str:
    return " ".join(filter(None, name)) if isinstance(name, tuple) else str(name)
