"""Accounts from environment variables: one per provider whose token is set."""

from __future__ import annotations

import os
from functools import partial

from billfold.accounts._settings import build_adapter
from billfold.accounts.account import Account
from billfold.accounts.entry import Entry
from billfold.accounts.tokens import FromEnv
from billfold.adapter.declaration import Adapter
from billfold.adapter.registry import find, installed
from billfold.errors import ConfigError


def environment_entries() -> tuple[Entry, ...]:
    """Return an entry per provider whose token is set, named after the provider."""
    adapters = [find(provider) for provider in installed()]
    return tuple(
        Entry(adapter.provider, adapter.provider, partial(_account, adapter))
        for adapter in adapters
        if os.environ.get(adapter.declares.token_env)
    )


def environment_url(adapter: type[Adapter]) -> str | None:
    """Return the base URL that the environment sets for a provider, or None."""
    return os.environ.get(adapter.declares.url_env) or None


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
