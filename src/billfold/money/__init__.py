"""Exact money: a Decimal and an ISO 4217 code, and arithmetic that never rounds."""

from billfold.money.amount import Money, minor_units, sum_by_currency
from billfold.money.arithmetic import (
    exact,
    exact_or_unstated,
    exact_quotient,
    exact_sum,
    plain,
)
from billfold.money.currencies import currency_code, exponent
from billfold.money.numerals import parse_number, read_plain
from billfold.money.splitting import split, split_fairly, split_in_order

__all__ = [
    "Money",
    "currency_code",
    "exact",
    "exact_or_unstated",
    "exact_quotient",
    "exact_sum",
    "exponent",
    "minor_units",
    "parse_number",
    "plain",
    "read_plain",
    "split",
    "split_fairly",
    "split_in_order",
    "sum_by_currency",
]
