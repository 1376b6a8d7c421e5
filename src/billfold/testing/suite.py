"""The conformance suite as a pytest test."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from billfold.testing.laws import LAWS, prove
from billfold.testing.subject import Subject


def conformance(*subjects: str | Subject) -> Callable[..., None]:
    """Return a test of every law for providers by name, or for subjects that are not installed."""
    proved = [
        Subject.installed(subject) if isinstance(subject, str) else subject for subject in subjects
    ]

    @pytest.mark.parametrize("law", LAWS)
    @pytest.mark.parametrize(
        "subject", proved, ids=[subject.adapter.provider for subject in proved]
    )
    def test(subject: Subject, law: str, record_property: Callable[[str, object], None]) -> None:
        injected = prove(subject, law)
        record_property("law", law)
        record_property("injected", injected)

    return test
