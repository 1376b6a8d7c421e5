"""Aether: managed Kubernetes, billed after the fact in euros."""
