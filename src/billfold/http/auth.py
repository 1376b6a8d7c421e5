"""How an adapter's requests carry the token.

As a bearer, as an API key in a header of its own, as basic credentials, or not at all.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping

from msgspec import Struct

from billfold.errors import ConfigError
from billfold.secret import Secret

_AUTHORIZATION = "Authorization"
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
# Headers that requests have anyway, and that would be overwritten.
_TAKEN = frozenset({"accept", "accept-encoding", "content-type", "host", "user-agent"})


class Bearer(Struct, frozen=True):
    """``Authorization: Bearer TOKEN``."""

    def headers(self, token: Secret) -> dict[str, str]:
        """Return the headers that carry the token; their values do not show in a repr."""
        return {_AUTHORIZATION: token.in_header(f"Bearer {token.reveal()}")}

    def guard(self, token: Secret) -> Secret:
        """Return the token: headers carry it as it is."""
        return token

    def token_of(self, headers: Mapping[str, str]) -> str:
        """Return the token that a request's headers carry, or empty text; what a simulator asks."""
        scheme, _, token = headers.get(_AUTHORIZATION, "").partition(" ")
        return token if scheme == "Bearer" else ""


class ApiKey(Struct, frozen=True):
    """The token alone, in the header ``name``. Raises ConfigError for what names no header."""

    name: str

    def __post_init__(self) -> None:
        if not _HEADER.fullmatch(self.name) or self.name.lower() in _TAKEN:
            raise ConfigError(f"{self.name!r} is no header that an API key can be sent in")

    def headers(self, token: Secret) -> dict[str, str]:
        """Return the headers that carry the token; their values do not show in a repr."""
        return {self.name: token.in_header(token.reveal())}

    def guard(self, token: Secret) -> Secret:
        """Return the token: headers carry it as it is."""
        return token

    def token_of(self, headers: Mapping[str, str]) -> str:
        """Return the token that a request's headers carry, or empty text; what a simulator asks."""
        return headers.get(self.name, "")


class Basic(Struct, frozen=True):
    """``Authorization: Basic``.

    The token is the password of ``username``, or without one ``username:password``.
    """

    username: str | None = None

    def headers(self, token: Secret) -> dict[str, str]:
        """Return the headers that carry the token; their values do not show in a repr."""
        return {_AUTHORIZATION: token.in_header(f"Basic {self._credentials(token)}")}

    def guard(self, token: Secret) -> Secret:
        """Return the token, masked in its Base64 form, too."""
        return token.masking(self._credentials(token))

    def _credentials(self, token: Secret) -> str:
        prefix = "" if self.username is None else f"{self.username}:"
        return base64.b64encode(f"{prefix}{token.reveal()}".encode()).decode()

    def token_of(self, headers: Mapping[str, str]) -> str:
        """Return the token that a request's headers carry, or empty text; what a simulator asks."""
        scheme, _, credentials = headers.get(_AUTHORIZATION, "").partition(" ")
        try:
            text = (
                base64.b64decode(credentials, validate=True).decode() if scheme == "Basic" else ""
            )
        except (binascii.Error, UnicodeDecodeError):
            return ""
        if self.username is None:
            return text
        username, _, password = text.partition(":")
        return password if username == self.username else ""


class Unsigned(Struct, frozen=True):
    """No token is sent: for what anybody may read."""

    def headers(self, token: Secret) -> dict[str, str]:
        """Return no header."""
        return {}

    def guard(self, token: Secret) -> Secret:
        """Return the token, which goes nowhere."""
        return token

    def token_of(self, headers: Mapping[str, str]) -> str:
        """Return empty text, which is what a simulator of such a server accepts."""
        return ""


Auth = Bearer | ApiKey | Basic | Unsigned
