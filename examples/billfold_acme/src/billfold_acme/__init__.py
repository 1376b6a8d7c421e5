"""Acme for billfold: an example of an adapter from outside."""

from billfold_acme.client import Acme

__all__ = ["Acme"]
