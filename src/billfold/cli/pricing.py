"""What the options about money mean: the currency, its exchange rates, allocation, spreading."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

from attrs import frozen

from billfold.accounts.defaults import ECB
from billfold.answer import Answer
from billfold.cli.global_options import GlobalOptions
from billfold.costs import (
    ConstantRates,
    EcbRates,
    Exchange,
    Line,
    Policy,
    RateSource,
    Rules,
    TableRates,
    as_spread,
    priced_lines,
    read_dimensions,
)
from billfold.errors import ConfigError, CurrencyError, MoneyError
from billfold.model import Usage
from billfold.money import currency_code, parse_number, plain

# What --in takes besides a currency, where the configuration names one.
NATIVE = "native"


@frozen
class Pricing:
    """How charges become cost lines: converted, spread and allocated."""

    currency: str | None = None
    exchange: Exchange | None = None
    rules: Rules | None = None
    spread: bool = False

    def priced(self, answer: Answer[Usage]) -> Answer[Usage]:
        """Return the answer as its lines are: spread, whole billing cycles may cover a period."""
        return as_spread(answer) if self.spread else answer

    def lines(self, answer: Answer[Usage]) -> tuple[Line, ...]:
        """Return an answer's cost lines. Raises RateError for a missing rate."""
        return priced_lines(
            answer,
            currency=self.currency,
            exchange=self.exchange,
            rules=self.rules,
            spread=self.spread,
        )


def read_by(texts: Sequence[str], *, has_rules: bool) -> tuple[str, ...]:
    """Return the dimensions that every ``--by`` names. Raises ConfigError for what is none."""
    try:
        names = read_dimensions(",".join(texts))
    except ConfigError as error:
        raise ConfigError(f"--by: {error}") from None
    if "cost_centre" in names and not has_rules:
        raise ConfigError("--by cost_centre needs the rules that allocate: add --rules FILE")
    return names


def rules_for(chosen: GlobalOptions, rules: Path | None, by: Sequence[str]) -> Path | None:
    """Return the rules' file: of ``--rules``, or the configuration's for who asks by cost centre.

    Who does not would see lines divided that need not be.
    """
    if rules is None and any("cost_centre" in names for names in by):
        return chosen.defaults.rules_file()
    return rules


def read_pricing(
    chosen: GlobalOptions,
    currency: str | None,
    rates: Path | None,
    policy: Policy | None,
    constants: Sequence[str] | None,
    stale_rates: int | None = None,
    rules: Path | None = None,
    *,
    spread: bool = False,
) -> Pricing:
    """Read the options, and the files that they name.

    The configuration's currency and rates are those of who gives none. Raises ConfigError for what
    cannot be read, and for options that contradict each other.
    """
    if currency is None:
        currency = chosen.defaults.currency
    elif currency.strip().lower() == NATIVE:
        currency = None
    else:
        currency = _read_currency("--in", currency)
    if currency is not None and rates is None and not constants:
        rates = chosen.defaults.rates_file()
    exchange = _read_exchange(currency, rates, policy, constants or (), stale_rates)
    return Pricing(currency, exchange, None if rules is None else Rules.read(rules), spread)


def _read_exchange(
    currency: str | None,
    rates: Path | None,
    policy: Policy | None,
    constants: Sequence[str],
    stale_rates: int | None,
) -> Exchange | None:
    if currency is None:
        if constants or any(given is not None for given in (rates, policy, stale_rates)):
            raise ConfigError(
                "--rates, --rate-policy, --constant and --stale-rates need a currency to convert "
                "to: add --in EUR, for example"
            )
        return None
    if constants:
        others = rates is not None or stale_rates is not None
        if others or policy not in (None, Policy.CONSTANT):
            raise ConfigError(
                "--constant cannot be combined with --rates, --rate-policy or --stale-rates"
            )
        return Exchange(ConstantRates(_read_constants(currency, constants)), Policy.CONSTANT)
    if policy is Policy.CONSTANT:
        raise ConfigError(
            "--rate-policy constant needs the rate: add one, like --constant USD=1.08"
        )
    return Exchange(_read_source(rates), policy or Policy.CHARGE_DATE, stale_rates or 0)


def _read_source(rates: Path | None) -> RateSource:
    if rates is None or str(rates).lower() == ECB:
        return EcbRates()
    return TableRates.read(rates)


def _read_constants(currency: str, texts: Iterable[str]) -> dict[str, Decimal]:
    rates = {currency: Decimal(1)}
    for text in texts:
        code, rate = _read_constant(text)
        if code == currency:
            raise ConfigError(
                f"--constant {text}: {code} is the currency of --in, which is worth 1; "
                "give the other currencies"
            )
        if code in rates:
            raise ConfigError(
                f"--constant {text}: {code} has a rate already, {plain(rates[code])}; "
                "give each currency once"
            )
        rates[code] = rate
    return rates


def _read_constant(text: str) -> tuple[str, Decimal]:
    """Return the currency and the rate of ``USD=1.08``."""
    option, (code, equals, number) = f"--constant {text}", text.partition("=")
    if not equals:
        raise ConfigError(f"{option}: write it like USD=1.08")
    try:
        rate = parse_number(number)
    except MoneyError as error:
        raise ConfigError(f"{option}: {error}") from None
    if rate <= 0:
        raise ConfigError(f"{option}: write it like USD=1.08, with a rate above zero")
    return _read_currency(option, code), rate


def _read_currency(option: str, text: str) -> str:
    try:
        return currency_code(text)
    except CurrencyError as error:
        raise ConfigError(f"{option}: {error}; write it like EUR") from None
