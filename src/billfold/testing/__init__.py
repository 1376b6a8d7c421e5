"""Prove an adapter: a conformance suite over any adapter that has a simulator.

One line in a package's tests proves it::

    test_conformance = billfold.testing.conformance("acme")

Without pytest, :func:`billfold.testing.laws.prove` tries one law.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from billfold.testing.harness import Harness, Subject
    from billfold.testing.rules import LawBroken

__all__ = ["Harness", "LawBroken", "Subject", "conformance"]


def conformance(*subjects: str | Subject) -> Callable[..., None]:
    """Return a test of every law for providers by name, or for subjects that are not installed."""
    import pytest

    from billfold.testing.harness import Subject
    from billfold.testing.laws import LAWS, prove, what_to_install

    proved = [
        Subject.installed(subject) if isinstance(subject, str) else subject for subject in subjects
    ]

    @pytest.mark.parametrize("law", LAWS)
    @pytest.mark.parametrize("subject", proved, ids=lambda subject: subject.adapter.provider)
    def test(subject: Subject, law: str, record_property: Callable[[str, object], None]) -> None:
        if missing := what_to_install(law):
            pytest.skip(f"the law {law!r} needs packages: run {missing}")
        injected = prove(subject, law)
        record_property("law", law)
        record_property("injected", injected)

    return test


def __getattr__(name: str) -> Any:
    """Import a name when it is first used: an entry point names this package, in every test run."""
    if name not in __all__:
        raise AttributeError(f"module 'billfold.testing' has no attribute {name!r}")
    from billfold.testing import harness, rules

    return getattr(rules if name == "LawBroken" else harness, name)
