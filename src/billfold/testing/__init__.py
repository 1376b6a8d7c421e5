"""Prove an adapter: the conformance suite over any adapter with a simulator, and pytest fixtures that serve simulators.

One line in a package's tests proves it::

    test_conformance = billfold.testing.conformance("acme")

Without pytest, :func:`billfold.testing.laws.prove` runs one law.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from billfold.testing.harness import LawBroken, Subject
    from billfold.testing.suite import conformance

__all__ = ["LawBroken", "Subject", "conformance"]


def __getattr__(name: str) -> Any:
    """Import on first use: this package is named in an entry point, and must cost a stranger's test run nothing."""
    if name == "conformance":
        from billfold.testing.suite import conformance

        return conformance
    if name in __all__:
        from billfold.testing import harness

        return getattr(harness, name)
    raise AttributeError(f"module 'billfold.testing' has no attribute {name!r}")
