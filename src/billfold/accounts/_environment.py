"""Accounts from environment variables: one per provider whose token is set."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import NoReturn

from billfold.accounts._settings import build_adapter
from billfold.accounts.account import Account, is_account_name
from billfold.accounts.entry import Entry
from billfold.accounts.tokens import FromEnv
from billfold.adapter.declaration import Adapter
from billfold.adapter.registry import NotUsable, installed, look_up
from billfold.errors import ConfigError
from billfold.http.urls import parse_base_url


def environment_entries() -> tuple[Entry, ...]:
    """Return an entry per provider whose token is set, named after the provider.

    A package that cannot be used stands beside them, as what its variables are is not known; alone
    it is no account.
    """
    entries, unknown = [], []
    adapters: dict[str, type[Adapter]] = {}
    for provider in installed():
        try:
            found = look_up(provider)
        except ConfigError as error:
            entries.append(_entry(provider, error))
            continue
        if isinstance(found, NotUsable):
            from billfold.accounts._not_imported import account_of  # which seldom stands for one

            build = partial(account_of, provider, found)
            unknown.append(Entry(provider, provider, build))
        else:
            adapters[provider] = found
    entries += _of_tokens(adapters)
    together = entries + unknown if entries else []
    return tuple(sorted(together, key=lambda entry: entry.provider or ""))


def _entry(provider: str, made: type[Adapter] | ConfigError) -> Entry:
    name = provider if is_account_name(provider) else None
    if isinstance(made, ConfigError):
        return Entry(name, provider, partial(_fail, made))
    return Entry(name, provider, partial(_account, made))


def _fail(error: ConfigError) -> NoReturn:
    raise error


def _of_tokens(adapters: Mapping[str, type[Adapter]]) -> Iterator[Entry]:
    by_variable: dict[str, list[str]] = {}
    for provider, adapter in adapters.items():
        by_variable.setdefault(adapter.declares.token_env, []).append(provider)
    for variable, providers in by_variable.items():
        if not os.environ.get(variable):
            continue
        for provider in providers:
            shared = _shared(variable, providers) if len(providers) > 1 else None
            yield _entry(provider, shared or adapters[provider])


def _shared(variable: str, providers: Sequence[str]) -> ConfigError:
    return ConfigError(
        f"{variable} is set, and {' and '.join(map(repr, providers))} both take their token from "
        "it: write a billfold.toml that says whose it is"
    )


def environment_url(adapter: type[Adapter]) -> str | None:
    """Return the base URL that the environment sets for a provider, or None.

    Raises ConfigError, naming the variable, for one that cannot be used.
    """
    variable = adapter.declares.url_env
    text = os.environ.get(variable) or None
    if text is not None:
        try:
            parse_base_url(text)
        except ConfigError as error:
            raise ConfigError(f"{variable}: {error}") from None
    return text


def _account(adapter: type[Adapter]) -> Account:
    declares = adapter.declares
    settings = {
        key: os.environ[variable]
        for key, variable in declares.settings_env.items()
        if os.environ.get(variable)
    }
    missing = [
        declares.settings_env.get(key, key) for key in declares.required if key not in settings
    ]
    if missing:
        raise ConfigError(
            f"{declares.token_env} is set, but {' and '.join(missing)} is not; "
            f"{declares.title} needs it"
        )
    try:
        token = FromEnv(declares.token_env)
        return Account(
            adapter.provider, build_adapter(adapter, settings), token, environment_url(adapter)
        )
    except ConfigError as error:
        raise ConfigError(f"{declares.title}, from the environment: {error}") from None
