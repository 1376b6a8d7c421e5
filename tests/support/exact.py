"""Look for floats."""

from typing import Any

from billfold.testing.laws.numbers import leaves


def floats(value: Any) -> list[str]:
    """List the places of a record in which a float stands."""
    return [
        path
        for path, inner in leaves(value, type(value).__name__)
        if isinstance(inner, float | complex)
    ]
