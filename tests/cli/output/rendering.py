"""Amounts, and renderables as plain text."""

import io
from decimal import Decimal
from typing import Any

from rich.console import Console

from billfold import Money
from billfold.cli.output.terminal import render


def eur(text: str) -> Money:
    return Money(Decimal(text), "EUR")


def plain(*parts: Any, width: int = 80) -> str:
    return render(Console(file=io.StringIO(), width=width, markup=False), *parts)
