"""The door of the room: ask() over any source of views, and the public names."""

from collections.abc import Iterable
from typing import Any

import pytest
from attrs import define, field

from billfold import Answer, ConfigError, Coverage, Period, State, Stream, reconcile
from support.costs import OCTOBER


@define
class Source:
    """Answers every stream with nothing, and remembers its requests."""

    requests: list[tuple[Any, ...]] = field(factory=list)
    error: Exception | None = None

    def _answer(self, stream: Stream, *request: Any) -> Answer[Any]:
        self.requests.append((stream, *request))
        if self.error is not None:
            raise self.error
        return Answer(stream, OCTOBER, (), (Coverage("a", "toy", stream, State.COMPLETE),))

    async def usage(
        self, period: Period | None = None, *, accounts: Any = None, deadline: float | None = None
    ) -> Answer[Any]:
        return self._answer(Stream.USAGE, period, _listed(accounts), deadline)

    async def daily(
        self, period: Period | None = None, *, accounts: Any = None, deadline: float | None = None
    ) -> Answer[Any]:
        return self._answer(Stream.DAILY, period, _listed(accounts), deadline)

    async def ledger(
        self, period: Period | None = None, *, accounts: Any = None, deadline: float | None = None
    ) -> Answer[Any]:
        return self._answer(Stream.LEDGER, period, _listed(accounts), deadline)

    async def balances(self, *, accounts: Any = None, deadline: float | None = None) -> Answer[Any]:
        return self._answer(Stream.BALANCES, None, _listed(accounts), deadline)

    async def invoices(
        self, period: Period | None = None, *, accounts: Any = None, deadline: float | None = None
    ) -> Answer[Any]:
        return self._answer(Stream.INVOICES, period, _listed(accounts), deadline)


def _listed(accounts: Iterable[str] | None) -> Any:
    return accounts if accounts is None or isinstance(accounts, str) else list(accounts)


async def test_usage_and_days_are_of_the_period_and_the_others_of_all_time() -> None:
    source = Source()
    result = await reconcile.ask(source, OCTOBER, accounts="a", deadline=5)
    assert source.requests == [
        (Stream.USAGE, OCTOBER, "a", 5),
        (Stream.DAILY, OCTOBER, "a", 5),
        (Stream.LEDGER, None, "a", 5),
        (Stream.BALANCES, None, "a", 5),
        (Stream.INVOICES, None, "a", 5),
    ]
    assert (result.period, result.identities, result.holds) == (OCTOBER, (), False)


async def test_accounts_from_an_iterator_are_asked_for_every_view() -> None:
    source = Source()
    await reconcile.ask_views(source, accounts=iter(["a", "b"]))
    assert [accounts for _, _, accounts, _ in source.requests] == [["a", "b"]] * 5


async def test_an_error_of_the_call_itself_is_raised_as_it_is() -> None:
    with pytest.raises(ConfigError, match="no account is named 'x'"):
        await reconcile.ask(Source(error=ConfigError("no account is named 'x'")))


def test_the_public_names_are_there() -> None:
    assert [name for name in reconcile.__all__ if not hasattr(reconcile, name)] == []


def test_another_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'reconcile'"):
        reconcile.reconcile  # noqa: B018
