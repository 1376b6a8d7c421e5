"""Aether for billfold: managed Kubernetes, billed after the fact in euros."""

from billfold_aether.client import Aether

__all__ = ["Aether"]
