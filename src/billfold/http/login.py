"""How an account's requests carry its token, which is read when it is first needed."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct, field
from multidict import CIMultiDict
from yarl import URL

from billfold.errors import ConfigError, TokenError
from billfold.http.apart import Apart
from billfold.http.auth import Auth, Bearer
from billfold.http.decompress import CODINGS
from billfold.http.standing import Standing
from billfold.secret import Secret

if TYPE_CHECKING:
    from aiolimiter import AsyncLimiter

_COMMON = {"Accept": "application/json", "Accept-Encoding": CODINGS}


class TokenSource(Protocol):
    """Where a token is read from. Raises ConfigError that says what to do."""

    async def read(self) -> Secret:
        """Return the token."""
        ...


class SignedHeaders(Struct, frozen=True, eq=False):
    """A token, and what a request carries that is sent with it."""

    token: Secret
    headers: Mapping[str, str]
    standing: Standing


class Login(Struct, eq=False):
    """The token of one credential, for all accounts and requests that use it.

    ``signed`` is None until it was read. Whoever asks while it is being read waits for that reading
    and its outcome.
    """

    source: TokenSource
    origin: URL
    auth: Auth = field(default_factory=Bearer)
    headers: Mapping[str, str] = {}
    limiter: AsyncLimiter | None = None
    limits: SharedLimits = field(default_factory=lambda: SharedLimits())
    signed: SignedHeaders | None = None
    apart: Apart = field(default_factory=Apart)
    _readings: int = 0
    _failure: str | None = None
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def read(self) -> SignedHeaders:
        """Return the token, read if nobody has yet. Raises TokenError."""
        return self.signed or await self._read_unless(None)

    async def renew(self, refused: SignedHeaders) -> bool:
        """Return whether there is another token than the one refused. Raises TokenError."""
        return await self._read_unless(refused) is not refused

    async def _read_unless(self, current: SignedHeaders | None) -> SignedHeaders:
        """Read the token again, unless ``current`` was replaced meanwhile."""
        began_before = self._readings
        async with self._lock:
            if self.signed is current and self._readings == began_before:
                await self._read_now()
            if self._failure is not None:
                raise TokenError(self._failure)
            assert self.signed is not None
            return self.signed

    async def _read_now(self) -> None:
        try:
            token = self.auth.guard(await self.source.read())
        except ConfigError as error:
            self._failure = error.message
        else:
            self._failure = None
            if self.signed is None or self.signed.token != token:
                self.signed = self._sign(token)
                self.limits.join(self)
        self._readings += 1

    def _sign(self, token: Secret) -> SignedHeaders:
        if self.signed is not None:  # replies to what was sent before may still repeat it
            token = token.masking(self.signed.token.reveal())
        carried = {**_COMMON, **self.headers, **self.auth.headers(token)}
        standing = self.limits.standing(self.origin, token)
        return SignedHeaders(token, CIMultiDict(carried), standing)


class SharedLimits(Struct, eq=False):
    """The limits and standings of tokens, which providers count by, wherever each was read."""

    _logins: dict[tuple[URL, Secret], list[Login]] = {}
    _standings: dict[tuple[URL, Secret], Standing] = {}

    def standing(self, origin: URL, token: Secret) -> Standing:
        """Return what all logins with this token, at its origin, learn of it."""
        return self._standings.setdefault((origin, token), Standing())

    def join(self, login: Login) -> None:
        """Let all logins with this one's token, at its origin, share the slowest's limiter."""
        assert login.signed is not None
        sharing = self._logins.setdefault((login.origin, login.signed.token), [])
        sharing.append(login)
        slowest = min((each.limiter for each in sharing), key=_rate)
        for each in sharing:
            each.limiter = slowest


def _rate(limiter: AsyncLimiter | None) -> float:
    return math.inf if limiter is None else limiter.max_rate / limiter.time_period
