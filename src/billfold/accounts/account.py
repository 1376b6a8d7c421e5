"""One configured account, and where its token comes from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeGuard

from attrs import field, frozen
from msgspec import Struct
from yarl import URL

from billfold.adapter.declaration import Adapter
from billfold.errors import ConfigError
from billfold.http.bounds import require_count, require_seconds
from billfold.http.proxies import require_proxy
from billfold.http.urls import parse_base_url
from billfold.secret import Secret

if TYPE_CHECKING:
    from billfold.http.login import TokenSource


class HeldToken(Struct, frozen=True):
    """A token that the caller already has."""

    secret: Secret

    async def read(self) -> Secret:
        """Return the token."""
        return self.secret


def _source(token: Secret | TokenSource) -> TokenSource:
    if isinstance(token, str):
        raise ConfigError("a token is given as a Secret, which no log shows: Secret(token)")
    return HeldToken(token) if isinstance(token, Secret) else token


# Nobody sends as many; a limiter cannot count much more.
_MOST_PER_MINUTE = 1_000_000_000

# Names are shown in terminals, offered by a shell's completion and written as cells of a sheet:
# nothing in them may mean anything there.
_NAME = re.compile(r"[\w.@ -]+")


def is_account_name(name: object) -> TypeGuard[str]:
    """Return whether an account may be called so: letters, digits, ``_ . @ -`` and spaces."""
    return isinstance(name, str) and _NAME.fullmatch(name) is not None


def _account_name(name: str) -> str:
    if not is_account_name(name):
        raise ConfigError(
            f"{name!r} is not a name for an account: write letters, digits, spaces, "
            "and the characters . _ @ -"
        )
    return name


@frozen
class Account:
    """A name of your choice, an adapter with its settings, and a token (or where to read it).

    ``base_url`` and ``requests_per_minute`` override what the adapter declares, ``proxy`` (a URL,
    or ``none``) and ``request_timeout`` (seconds) what :class:`.Billfold` was given. Raises
    ConfigError for a bad name, URL, proxy or limit, and for a missing setting that nobody can
    discover.
    """

    name: str = field(converter=_account_name)
    adapter: Adapter
    token: TokenSource = field(converter=_source)
    base_url: str | None = None
    requests_per_minute: int | None = None
    proxy: str | None = None
    request_timeout: float | None = None

    def __attrs_post_init__(self) -> None:
        try:
            self.url()
        except ConfigError as error:
            raise ConfigError(f"account {self.name!r}: base_url: {error}") from None
        if self.requests_per_minute is not None:
            what = f"account {self.name!r}: requests_per_minute"
            if require_count(self.requests_per_minute, what) > _MOST_PER_MINUTE:
                raise ConfigError(f"{what} is at most {_MOST_PER_MINUTE}")
        if self.proxy is not None:
            require_proxy(self.proxy, f"account {self.name!r}: proxy")
        if self.request_timeout is not None:
            require_seconds(self.request_timeout, f"account {self.name!r}: request_timeout")
        missing = [
            setting
            for setting in self.adapter.declares.required
            if getattr(self.adapter, setting, None) is None
        ]
        if missing:
            raise ConfigError(
                f"account {self.name!r}: {self.provider} needs {' and '.join(missing)}, "
                "which it cannot discover"
            )

    @property
    def provider(self) -> str:
        """The adapter's provider."""
        return self.adapter.provider

    def url(self) -> URL:
        """Return the base URL that requests are sent to."""
        return parse_base_url(self.base_url or self.adapter.declares.base_url)

    def rate_limit(self) -> int | None:
        """Return the requests allowed per minute, None for no known limit."""
        return self.requests_per_minute or self.adapter.declares.requests_per_minute
