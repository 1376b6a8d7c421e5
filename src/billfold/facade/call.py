"""One call of the facade: a stream asked of the chosen accounts, answered at once or in a flow."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import chain
from typing import Any

from attrs import evolve
from msgspec import Struct

from billfold.accounts.account import Account
from billfold.answer import Answer
from billfold.counted import counted
from billfold.errors import BillfoldError, ConfigError, IncompleteError
from billfold.facade.beginning import read_all
from billfold.facade.collecting import collect_items
from billfold.facade.connections import require_token
from billfold.facade.overlap import keep_own
from billfold.facade.source import Source, open_source
from billfold.facade.streaming import Flow
from billfold.http.client import Client
from billfold.http.deadline import Deadline
from billfold.model import InvoiceKind, Stream

_FLOWING = (Stream.USAGE, Stream.DAILY, Stream.LEDGER)


def require_flowing(stream: Stream | str) -> Stream:
    """Return the stream. Raises ConfigError for one that is not read item by item."""
    if stream not in _FLOWING:
        offered = f"{', '.join(_FLOWING[:-1])} or {_FLOWING[-1]}"
        raise ConfigError(f"a flow is of {offered}, not of {str(stream)!r}")
    return Stream(stream)


def require_kind(kind: InvoiceKind | str | None) -> InvoiceKind | None:
    """Return the kind of invoice, None for both. Raises ConfigError for any other."""
    try:
        return None if kind is None else InvoiceKind(kind)
    except ValueError:
        known = " or ".join(map(repr, map(str, InvoiceKind)))
        raise ConfigError(f"an invoice is of the kind {known}, not {kind!r}") from None


class Call(Struct, frozen=True):
    """One stream, asked of the chosen accounts within a deadline, all as of ``now``.

    ``arguments`` are those of the adapters' method, a period first where there is one. ``clients``
    are the accounts', by name, ``left_out`` the names of those that are not chosen.
    """

    stream: Stream
    arguments: tuple[Any, ...]
    accounts: tuple[Account, ...]
    left_out: tuple[str, ...]
    clients: Mapping[str, Client]
    deadline: Deadline
    now: datetime

    async def answer(self, *, strict: bool) -> Answer[Any]:
        """Return what all accounts answer; raise an ExceptionGroup over a hole if ``strict``."""
        sources = self._sources(lambda account: self.clients[account.name])
        items = await read_all(sources, self.clients, self._collect)
        await self._token_requirement(sources)()
        failures = tuple(error for source in sources for error in source.collector.failures)
        kept = keep_own(items)
        answer: Answer[Any] = Answer(
            self.stream,
            self.arguments[0] if self.arguments else None,
            tuple(chain.from_iterable(kept)),
            tuple(row for source in sources for row in source.coverage()),
            failures,
            tuple(account.name for account in self.accounts),
            self.left_out,
        )
        if strict:
            _require_whole(answer)
        return answer

    async def _collect(self, source: Source) -> list[Any]:
        assert source.readings is not None
        return await collect_items(source.collector, source.readings, self.deadline)

    def flow(self) -> Flow[Any]:
        """Return the stream's items as they arrive."""
        sources = self._sources(lambda account: self.clients[account.name].flowing())
        return Flow(sources, self.clients, self.deadline, self._token_requirement(sources))

    def _sources(self, client_of: Callable[[Account], Client]) -> list[Source]:
        """Return what reads and collects each account's stream."""
        return [
            open_source(account, number, self.stream, self.arguments, self.now, client_of)
            for number, account in enumerate(self.accounts)
        ]

    def _token_requirement(self, sources: Sequence[Source]) -> Callable[[], Awaitable[None]]:
        """Return what raises, after all was asked, where no account has a token."""
        return partial(require_token, [source.collector for source in sources], self.clients)


def _require_whole(answer: Answer[Any]) -> None:
    """Raise an ExceptionGroup unless an answer is whole.

    Its members are the failures, and one IncompleteError about the holes of accounts without one.
    """
    if answer.complete and not answer.failures:
        return
    errors: list[BillfoldError] = [*answer.failures]
    failed = {error.account for error in errors}
    rest = tuple(row for row in answer.holes if row.account not in failed)
    said = [counted(len(errors), "failure")] if errors else []
    if rest or not errors:
        said.append(counted(len(rest), "hole") if rest else "no answer")
        missing = evolve(answer, coverage=rest).missing()
        error = IncompleteError(f"{answer.stream} is not complete: {missing}", coverage=rest)
        errors.append(error)
    raise ExceptionGroup(f"{' and '.join(said)} while asking for {answer.stream}", errors)
