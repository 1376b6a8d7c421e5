"""Replies are data files: ``tests/adapters/<provider>/<name>.json``."""

from pathlib import Path

ADAPTERS = Path(__file__).parent.parent / "adapters"


def reply(provider: str, name: str) -> bytes:
    """Return the bytes of one recorded reply."""
    file = ADAPTERS / provider / name
    return (file if file.suffix else file.with_suffix(".json")).read_bytes()
