"""Acme's adapter keeps every law of billfold."""

from billfold.testing import conformance

test_conformance = conformance("acme")
