"""Prove an adapter: a conformance suite over any adapter that has a simulator.

One line in a package's tests proves it::

    test_conformance = billfold.testing.conformance("acme")

Without pytest, :func:`billfold.testing.laws.prove` tries one law.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from billfold.testing.harness import Harness
    from billfold.testing.rules import LawBroken
    from billfold.testing.subject import Subject
    from billfold.testing.suite import conformance

__all__ = ["Harness", "LawBroken", "Subject", "conformance"]

_MODULES = {
    "Harness": "harness",
    "LawBroken": "rules",
    "Subject": "subject",
    "conformance": "suite",
}


def __getattr__(name: str) -> Any:
    """Import a name when it is first used: an entry point names this package, in every test run."""
    if name not in _MODULES:
        raise AttributeError(f"module 'billfold.testing' has no attribute {name!r}")
    return getattr(import_module(f"billfold.testing.{_MODULES[name]}"), name)
