"""What the library is called with by mistake is refused by a sentence that says what to write."""

import re
from collections.abc import AsyncIterator
from datetime import date, datetime
from typing import Any

import pytest

from billfold import Billfold, ConfigError, PeriodError
from billfold.costs import EcbRates
from support.toys import OCTOBER, fold_of_toys, telling, usage


@pytest.fixture
async def fold() -> AsyncIterator[Billfold]:
    async with fold_of_toys(telling(usage("1.10"))) as opened:
        yield opened


PERIODS = [
    ("soon", "'soon' is not a period; write 2026-10"),
    (
        date(2026, 10, 3),
        "not date: write Period.day(datetime.date(2026, 10, 3)) or Period.month(2026, 10)",
    ),
    ((date(2026, 10, 1), date(2026, 11, 1)), 'not tuple: write "2026-10", Period.month('),
    (2026, 'not int: write "2026-10", Period.month('),
]


@pytest.mark.parametrize(("period", "said"), PERIODS)
@pytest.mark.parametrize("method", ["usage", "daily", "ledger", "invoices", "costs", "reconcile"])
async def test_what_is_no_period_is_refused(
    fold: Billfold, method: str, period: Any, said: str
) -> None:
    with pytest.raises(PeriodError, match=re.escape(said)):
        await getattr(fold, method)(period)


async def test_what_is_no_period_is_refused_before_anything_flows(fold: Billfold) -> None:
    with pytest.raises(PeriodError, match="not datetime: write Period"):
        fold.charges(datetime(2026, 10, 1))  # type: ignore[arg-type]


@pytest.mark.parametrize("accounts", [5, [5], b"a1", {"a1": 1}.values(), object()])
async def test_what_names_no_accounts_is_refused(fold: Billfold, accounts: Any) -> None:
    with pytest.raises(ConfigError, match="accounts are names or providers, like"):
        await fold.usage(OCTOBER, accounts=accounts)


@pytest.mark.parametrize("accounts", [[], (), {}, iter(())])
@pytest.mark.parametrize("method", ["usage", "costs", "reconcile"])
async def test_no_account_at_all_is_refused(fold: Billfold, method: str, accounts: Any) -> None:
    with pytest.raises(ConfigError, match="no accounts are named: name some, like"):
        await getattr(fold, method)(accounts=accounts)


async def test_an_account_itself_is_no_name_and_its_settings_are_not_shown(fold: Billfold) -> None:
    for method in (fold.usage, fold.reconcile):
        with pytest.raises(ConfigError) as caught:
            await method(accounts=fold.accounts[0])  # type: ignore[arg-type]
        said = "accounts are names or providers, like ['ci', 'latitude'], not Account"
        assert caught.value.message == said


async def test_accounts_that_can_be_read_once_only_are_not_left_out(fold: Billfold) -> None:
    answer = await fold.usage(OCTOBER, accounts=iter(["a1"]))
    assert (answer.accounts, answer.left_out) == (("a1",), ())
    assert (await fold.reconcile(OCTOBER, accounts=iter(["a1"]))).accounts == ("a1",)


@pytest.mark.parametrize("accounts", ["billfold.toml", [5]])
def test_what_is_no_account_makes_no_billfold(accounts: Any) -> None:
    with pytest.raises(ConfigError, match=r"takes accounts, not (str|int); Billfold.open\("):
        Billfold(accounts)


async def test_rules_and_rates_that_are_none_are_told_what_to_write(fold: Billfold) -> None:
    with pytest.raises(ConfigError, match=re.escape("not str: write Rules.read('rules.toml')")):
        await fold.costs(OCTOBER, rules="rules.toml")  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match=re.escape("not EcbRates: write Exchange(EcbRates())")):
        await fold.costs(OCTOBER, currency="USD", exchange=EcbRates())  # type: ignore[arg-type]


async def test_an_unknown_kind_of_invoice_is_told_the_two(fold: Billfold) -> None:
    said = "an invoice is of the kind 'metering' or 'legal', not 'tax'"
    with pytest.raises(ConfigError, match=said):
        await fold.invoices(kind="tax")


@pytest.mark.parametrize("deadline", ["30", True, float("nan"), 0, -1])
async def test_a_deadline_that_is_no_time_is_refused(fold: Billfold, deadline: Any) -> None:
    with pytest.raises(ConfigError, match=r"a deadline is a (finite )?number of seconds"):
        await fold.usage(OCTOBER, deadline=deadline)


async def test_one_dimension_may_be_a_text_and_a_currency_in_small_letters(
    fold: Billfold,
) -> None:
    view = await fold.costs(OCTOBER, by="provider", currency="eur")
    assert str(view.converted) == "1.10 EUR"
    assert [row.keys for row in view.rows] == [("toy",)]
