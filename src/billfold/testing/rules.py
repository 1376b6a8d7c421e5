"""What a law requires, and what to do about an adapter that does not keep it."""

from __future__ import annotations

from typing import NoReturn

from attrs import frozen


@frozen
class Rule:
    """One condition of a law: the law's name, and what to do about an adapter that breaks it."""

    law: str
    advice: str


class LawBroken(AssertionError):
    """An adapter breaks a law; the message names the law, what was seen, and what to do."""

    def __init__(self, rule: Rule, seen: str) -> None:
        super().__init__(f"{rule.law}: {seen}; {rule.advice}")
        self.rule = rule
        self.seen = seen


def require(condition: object, rule: Rule, seen: str) -> None:
    """Raise LawBroken unless the condition holds."""
    if not condition:
        fail(rule, seen)


def fail(rule: Rule, seen: str) -> NoReturn:
    """Raise LawBroken."""
    raise LawBroken(rule, seen)
