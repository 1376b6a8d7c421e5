"""From accounts to clients: tokens read, rate limits shared, places divided."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from yarl import URL

from billfold.accounts.account import Account
from billfold.errors import ConfigError
from billfold.http.client import Client
from billfold.http.transport import Transport, rate_limiter
from billfold.secret import Secret

if TYPE_CHECKING:
    from aiolimiter import AsyncLimiter

# A provider counts requests per credential.
Credential = tuple[URL, Secret]


async def read_tokens(accounts: Sequence[Account]) -> tuple[Secret, ...]:
    """Return every account's token.

    Raises ConfigError, which names all that cannot be read; anything else that was raised is a bug
    and goes on as it is.
    """
    results = await asyncio.gather(
        *(account.token.read() for account in accounts), return_exceptions=True
    )
    tokens, mistakes = [], []
    for account, result in zip(accounts, results, strict=True):
        if isinstance(result, ConfigError):
            mistakes.append(f"account {account.name!r}: {result}")
        elif isinstance(result, BaseException):
            raise result
        else:
            tokens.append(result)
    if mistakes:
        raise ConfigError("\n".join(mistakes))
    return tuple(tokens)


def connect(
    accounts: Sequence[Account], tokens: Sequence[Secret], transport: Transport, places: int
) -> dict[str, Client]:
    """Return each account's client by the account's name.

    ``places`` bounds the requests of one that are under way.
    """
    limiters = _limiters(accounts, tokens)
    return {
        account.name: Client(
            transport=transport,
            provider=account.provider,
            account=account.name,
            base_url=account.url(),
            token=account.adapter.declares.auth.guard(token),
            problem=account.adapter.declares.problem,
            headers=account.adapter.declares.headers,
            auth=account.adapter.declares.auth,
            limiter=limiters[_credential(account, token)],
            gate=asyncio.Semaphore(places),
        )
        for account, token in zip(accounts, tokens, strict=True)
    }


def _credential(account: Account, token: Secret) -> Credential:
    return account.url().origin(), token


def _limiters(
    accounts: Sequence[Account], tokens: Sequence[Secret]
) -> Mapping[Credential, AsyncLimiter | None]:
    """Return a limiter per credential; of accounts that share one, the lowest rate holds."""
    rates: dict[Credential, list[int]] = {}
    for account, token in zip(accounts, tokens, strict=True):
        shared = rates.setdefault(_credential(account, token), [])
        rate = account.rate_limit()
        if rate is not None:
            shared.append(rate)
    return {
        credential: rate_limiter(min(shared, default=None)) for credential, shared in rates.items()
    }
