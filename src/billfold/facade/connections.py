"""From accounts to links: tokens read, limits shared, places divided."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from yarl import URL

from billfold.accounts.account import Account
from billfold.errors import ConfigError
from billfold.http.client import Link, Transport, gentle_limiter
from billfold.secret import Secret

if TYPE_CHECKING:
    from aiolimiter import AsyncLimiter

Credential = tuple[URL, Secret]


async def read_tokens(accounts: Sequence[Account]) -> tuple[Secret, ...]:
    """Read every account's token.

    Raises ConfigError, which names all that cannot be read; anything else that was raised is a bug and goes on as it is.
    """
    tokens = await asyncio.gather(
        *(account.token.read() for account in accounts), return_exceptions=True
    )
    for token in tokens:
        if isinstance(token, BaseException) and not isinstance(token, ConfigError):
            raise token
    bad = [
        f"account {a.name!r}: {token}"
        for a, token in zip(accounts, tokens, strict=True)
        if isinstance(token, ConfigError)
    ]
    if bad:
        raise ConfigError("\n".join(bad))
    return tuple(token for token in tokens if isinstance(token, Secret))


def linked(
    accounts: Sequence[Account], tokens: Sequence[Secret], transport: Transport, share: int
) -> dict[str, Link]:
    """Link each account, by name, to its provider; ``share`` is how many requests of one may be under way at once."""
    limiters = _limiters(accounts, tokens)
    return {
        account.name: Link(
            transport=transport,
            provider=account.provider,
            account=account.name,
            base_url=account.url(),
            token=token,
            problem=account.adapter.declares.problem,
            headers=account.adapter.declares.headers,
            limiter=limiters[_credential(account, token)],
            gate=asyncio.Semaphore(share),
        )
        for account, token in zip(accounts, tokens, strict=True)
    }


def _credential(account: Account, token: Secret) -> Credential:
    return account.url().origin(), token


def _limiters(
    accounts: Sequence[Account], tokens: Sequence[Secret]
) -> Mapping[Credential, AsyncLimiter | None]:
    """Make a limiter per credential, as the provider counts; of accounts that share one, the lowest rate holds."""
    rates: dict[Credential, list[int]] = {}
    for account, token in zip(accounts, tokens, strict=True):
        rate = account.rate()
        rates.setdefault(_credential(account, token), []).extend([] if rate is None else [rate])
    return {
        credential: gentle_limiter(min(asked, default=None)) for credential, asked in rates.items()
    }
