"""Harmont for billfold: hosted CI with a prepaid US dollar ledger."""

from billfold_harmont.client import Harmont

__all__ = ["Harmont"]
