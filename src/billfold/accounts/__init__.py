"""Configured accounts, and where their tokens come from."""
