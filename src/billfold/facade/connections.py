"""From accounts to clients: tokens read once for all who use them, places divided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from billfold.accounts.account import Account
from billfold.errors import ConfigError, TokenError
from billfold.facade.collecting import Collector
from billfold.http.client import Client
from billfold.http.exchange import Exchange
from billfold.http.limiter import rate_limiter
from billfold.http.login import Login, SharedLimits
from billfold.http.proxies import chosen_proxy
from billfold.http.transport import Transport


def connect(
    accounts: Sequence[Account], transport: Transport, per_account: int, proxy: str | None = None
) -> dict[str, Client]:
    """Return each account's client by the account's name; tokens are read when first needed.

    The requests of one that are under way are bounded by its share of its origin's places, and by
    ``per_account``. The proxy is the account's, or the one given, or the environment's; a borrowed
    session has its own instead of that. Raises ConfigError for one that cannot be used.
    """
    logins = _logins(accounts)
    urls = [account.url() for account in accounts]
    origins = Counter(url.origin() for url in urls)
    for origin in origins:
        transport.places.at(origin)
    most = transport.places.most()
    return {
        account.name: Client(
            Exchange(
                transport=transport,
                provider=account.provider,
                account=account.name,
                base_url=url,
                login=logins[credential(account)],
                problem=account.adapter.declares.problem,
                proxy=chosen_proxy(account.proxy or proxy, url, owned=transport.owned),
                request_timeout=account.request_timeout,
                at_once=max(1, min(per_account, most // origins[url.origin()])),
            )
        )
        for account, url in zip(accounts, urls, strict=True)
    }


def credential(account: Account) -> Hashable:
    """Return what accounts have in common that send the same token to the same place."""
    key = account.url().origin(), account.provider, account.token
    try:
        hash(key)
    except TypeError:
        return key[:2], id(account.token)
    return key


def _logins(accounts: Sequence[Account]) -> Mapping[Hashable, Login]:
    """Return a login per credential; of accounts that share one, the lowest rate holds."""
    sharing: dict[Hashable, list[Account]] = {}
    for account in accounts:
        sharing.setdefault(credential(account), []).append(account)
    limits = SharedLimits()
    logins = {}
    for shared, (account, *others) in sharing.items():
        rates = [each.rate_limit() for each in (account, *others)]
        declares = account.adapter.declares
        logins[shared] = Login(
            source=account.token,
            origin=account.url().origin(),
            auth=declares.auth,
            headers=declares.headers,
            limiter=rate_limiter(min((rate for rate in rates if rate), default=None)),
            limits=limits,
        )
    return logins


async def require_token(
    collectors: Sequence[Collector[Any]], clients: Mapping[str, Client]
) -> None:
    """Raise ConfigError, naming every account, where none of those asked has a token.

    Nothing was sent then. The tokens of accounts without the stream are read for this alone.
    """
    mistakes: dict[str, TokenError] = {}
    for collector in collectors:
        if isinstance(collector.failure, TokenError):
            mistakes[collector.account] = collector.failure
        elif collector.ended:
            return
    if not mistakes:
        return
    for collector in collectors:
        if not collector.ended:
            try:
                await clients[collector.account].sign_in()
                return
            except TokenError as error:
                mistakes[collector.account] = error
    raise ConfigError(
        "\n".join(no_token(each.account, mistakes[each.account]).message for each in collectors)
    )


def no_token(account: str, error: TokenError) -> ConfigError:
    """Return the wrong use that asking an account without a token is."""
    return ConfigError(f"account {account!r}: {error.message}")
