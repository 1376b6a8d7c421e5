"""What the options say about money: in which currency, by which rates, allocated by which rules."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path

from attrs import frozen

from billfold.answer import Answer
from billfold.costs import (
    ConstantRates,
    EcbRates,
    Exchange,
    Line,
    Policy,
    Rules,
    TableRates,
    priced_lines,
)
from billfold.errors import ConfigError, CurrencyError
from billfold.http.transport import utc_now
from billfold.model import Usage
from billfold.money import exponent, plain


@frozen
class Pricing:
    """How charges become lines."""

    currency: str | None = None
    exchange: Exchange | None = None
    rules: Rules | None = None
    spreading: bool = False

    @classmethod
    def read(
        cls, currency: str | None, exchange: Exchange | None, rules: Path | None, spreading: bool
    ) -> Pricing:
        """Read the rules, and check the currency. Raises ConfigError."""
        if currency is not None:
            _currency("--in", currency)
        return cls(currency, exchange, None if rules is None else Rules.read(rules), spreading)

    def lines(self, answer: Answer[Usage]) -> tuple[Line, ...]:
        """Make an answer's lines. Raises RateError for a missing rate."""
        return priced_lines(
            answer,
            currency=self.currency,
            exchange=self.exchange,
            rules=self.rules,
            spread=self.spreading,
            now=utc_now(),
        )


def exchange(
    currency: str | None, rates: Path | None, policy: Policy | None, constants: tuple[str, ...]
) -> Exchange | None:
    """Read the options about rates; None without ``--in``. Raises ConfigError for those that contradict each other."""
    if currency is None:
        if rates is not None or policy is not None or constants:
            raise ConfigError(
                "rates convert to the currency of --in, which is missing; add --in EUR, for example"
            )
        return None
    if constants or policy is Policy.CONSTANT:
        if not constants or rates is not None or policy not in (None, Policy.CONSTANT):
            raise ConfigError(
                "constants are the only rates: --constant goes without --rates, and with no policy but constant"
            )
        return Exchange(ConstantRates(_constants(currency, constants)), Policy.CONSTANT)
    return Exchange(
        EcbRates() if rates is None else TableRates.read(rates), policy or Policy.CHARGE_DATE
    )


def _constants(currency: str, texts: tuple[str, ...]) -> dict[str, Decimal]:
    rates = {currency: Decimal(1)}
    for text in texts:
        code, rate = _constant(text)
        if code in rates:
            had = (
                "is the currency of --in, which is worth 1"
                if code == currency
                else f"has a rate already, {plain(rates[code])}"
            )
            raise ConfigError(f"--constant {text}: {code} {had}; give each other currency once")
        rates[code] = rate
    return rates


def _constant(text: str) -> tuple[str, Decimal]:
    code, _, rate = text.partition("=")
    try:
        number = Decimal(rate)
        plain(number)
    except (InvalidOperation, ValueError):
        number = Decimal(0)
    if number <= 0:
        raise ConfigError(f"--constant {text}: is written like USD=1.08, with a rate above zero")
    return _currency("--constant", code), number


def _currency(option: str, code: str) -> str:
    try:
        exponent(code)
    except CurrencyError as error:
        raise ConfigError(f"{option}: {error}; write it like EUR") from None
    return code
